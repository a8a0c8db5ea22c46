"""What psychology sees of the words of messages: all templates in a list, and one with its draft and its faults."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel

from services.notifications.agendas import wording_id
from services.notifications.domain.kinds import ABOUT, about
from services.notifications.domain.segments import segments
from services.notifications.domain.wording import WordingState, text_of
from services.notifications.domain.wording_checks import PARTS
from services.notifications.drafts import Drafts
from services.notifications.texts import LANGUAGES, Texts, parts_of
from shared.contracts.preferences import Category
from shared.contracts.referrals import Language
from shared.runtime.core import Found


class WordingRow(BaseModel):
    """One template in one language. `name` and `because` are how its shipped words call it; `wording` is the version
    that holds, 0 the shipped words. `for_staff` says that only the clinic's people get it.
    """

    template: str
    language: Language
    name: str
    because: str
    category: Category | None
    for_staff: bool
    wording: int
    changed_by: str | None
    changed_at: datetime | None
    has_draft: bool


class Fault(BaseModel):
    """Why a draft cannot be published, in which part; `detail` is what the sentence for `code` names."""

    code: str
    part: str
    detail: dict[str, str]


class Preview(BaseModel):
    """What a person would get, with everyday data."""

    subject: str
    email: str
    heading: str
    inbox: str
    because: str
    short: str
    segments: int


class WordingPage(WordingRow):
    """`version` is that of the record, for changes; 0 while nobody wrote anything. `parts` are the draft's, or else
    those that hold; `values` the names that may stand in braces. `waiting` counts the e-mails that would go out
    unchanged.
    """

    version: int
    parts: dict[str, str]
    shipped: dict[str, str]
    values: list[str]
    drafted_by: str | None
    drafted_at: datetime | None
    faults: list[Fault]
    preview: Preview | None
    waiting: int


def rows(drafts: Drafts, texts: Texts, found: Mapping[str, WordingState]) -> list[WordingRow]:
    """All templates in all languages, those of one category together, then by name."""
    every = [
        _row(drafts, template, language, found.get(wording_id(template, language), WordingState()))
        for template in texts.names
        for language in LANGUAGES
    ]
    return sorted(every, key=lambda row: (row.for_staff, row.category or "", row.template, row.language))


def page(
    drafts: Drafts, texts: Texts, template: str, language: Language, found: Found | None, waiting: int
) -> WordingPage:
    """One of them. Raises `KeyError` where there is no such template."""
    state: WordingState = found.state if found else WordingState()
    shipped = texts.shipped[template, language]
    text = state.draft.text if state.draft else text_of(state, state.current) or shipped
    faults = drafts.findings(template, language, text) if state.draft else []
    return WordingPage(
        **dict(_row(drafts, template, language, state)),
        version=found.version if found else 0,
        parts=_parts(text),
        shipped=_parts(shipped),
        values=drafts.values(template, language),
        drafted_by=state.draft.by if state.draft else None,
        drafted_at=state.draft.at if state.draft else None,
        faults=[Fault(code=one.code, part=one.part, detail=dict(one.detail)) for one in faults],
        preview=_preview(drafts, template, language, text),
        waiting=waiting,
    )


def _row(drafts: Drafts, template: str, language: Language, state: WordingState) -> WordingRow:
    named = drafts.shipped(template, language)
    return WordingRow(
        template=template,
        language=language,
        name=named.heading,
        because=named.because,
        category=about(template).category,
        for_staff=template not in ABOUT,
        wording=state.current,
        changed_by=state.changed_by,
        changed_at=state.changed_at,
        has_draft=state.draft is not None,
    )


def _preview(drafts: Drafts, template: str, language: Language, text: str) -> Preview | None:
    made = drafts.preview(template, language, text)
    if made is None:
        return None
    email, inbox, short = made
    return Preview(
        subject=email.subject,
        email=email.body,
        heading=inbox.heading,
        inbox=inbox.body,
        because=inbox.because,
        short=short,
        segments=segments(short),
    )


def _parts(text: str) -> dict[str, str]:
    return dict.fromkeys(PARTS, "") | dict(parts_of(text))

"""What a caregiver said, asked for and told, for themselves; and the worklists of those who answer them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import BaseModel

from services.interventions.domain.caregiver_check.commands import CHECK_QUESTIONS
from services.interventions.domain.caregiver_check.state import CaregiverCheckState
from services.interventions.domain.caregiver_support.state import CarerSupportState, SupportStatus
from services.interventions.domain.caregiver_word.state import CaregiverWordState, WordStatus
from shared.contracts.interventions.caregiver import CheckAnswer, SafeAnswer, SupportFrom, SupportKind
from shared.runtime.core import Found


class GivenView(BaseModel):
    """One time that they answered; `answers` and `safe` are empty once their key is gone."""

    at: datetime
    answers: dict[str, CheckAnswer]
    safe: SafeAnswer | None
    offered: bool
    phone: str | None


class CheckView(BaseModel):
    """The questions in order, and what they said before, the newest first. `show_help`: the newest was not safe."""

    version: int
    questions: tuple[str, ...]
    given: tuple[GivenView, ...]
    offered: bool
    show_help: bool


class SupportRow(BaseModel):
    """One request. `level`: of an urgent one, how many were called before. In psychology's lists `check` is how the
    caregiver last said they are.
    """

    id: str
    version: int
    caregiver_id: str
    kind: SupportKind
    words: str | None
    phone: str | None
    source: SupportFrom
    urgent: bool
    young: bool
    asked_at: datetime | None
    answer_by: datetime | None
    overdue: bool
    level: int
    taken_by: str | None
    taken_at: datetime | None
    status: SupportStatus
    answer_kind: SupportKind | None
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None
    closed_by: str | None
    closed_at: datetime | None
    check: GivenView | None = None


class WordRow(BaseModel):
    """One word to the team. Of one that worries, `read_due` is by when the person whose turn it is should have read it,
    and `level` how many were called before.
    """

    id: str
    version: int
    caregiver_id: str
    about_id: str
    text: str | None
    phone: str | None
    may_tell: bool
    worrying: bool
    sent_at: datetime | None
    status: WordStatus
    read_due: datetime | None
    level: int
    reader_id: str | None
    read_at: datetime | None
    reply: str | None
    replied_by: str | None
    replied_at: datetime | None


class SupportPage(BaseModel):
    """Some of the requests that are closed, the newest first. `next` asks for those after them."""

    rows: list[SupportRow]
    next: str | None


class WordPage(BaseModel):
    """Some of the words that were read, the newest first. `next` asks for those after them."""

    rows: list[WordRow]
    next: str | None


class AboutView(BaseModel):
    """What forms need of whoever fills them in: where they said last that they may be called, and whether they are a
    child or a young person.
    """

    phone: str | None
    young: bool


class CarerPerson(BaseModel):
    """All that psychology has of one caregiver. How they are is there only where they have asked for support, or said
    that they are not safe: so they were promised.
    """

    caregiver_id: str
    phone: str | None
    checks: tuple[GivenView, ...]
    requests: list[SupportRow]
    words: list[WordRow]


def check(found: Found) -> CheckView:
    """How they were, for themselves."""
    state: CaregiverCheckState = found.state
    newest = state.given[-1] if state.given else None
    return CheckView(
        version=found.version,
        questions=CHECK_QUESTIONS,
        given=given(state),
        offered=newest is not None and newest.offered,
        show_help=newest is not None and newest.safe == "no",
    )


def given(state: CaregiverCheckState) -> tuple[GivenView, ...]:
    """What they said, the newest first."""
    said = reversed(state.given)
    return tuple(
        GivenView(at=one.at, answers=one.answers or {}, safe=one.safe, offered=one.offered, phone=one.phone)
        for one in said
    )


def support(found: Found, now: datetime, checked: CaregiverCheckState | None = None) -> SupportRow:
    """One request for support."""
    state: CarerSupportState = found.state
    late = state.status in ("open", "taken") and state.answer_by is not None and state.answer_by <= now
    late = late and not (state.urgent and state.status == "taken")
    said = state.model_dump(include=set(SupportRow.model_fields))
    newest = next(iter(given(checked)), None) if checked else None
    shown = {**said, "id": found.id, "version": found.version, "overdue": late, "check": newest}
    return SupportRow.model_validate(shown)


def in_order(rows: Iterable[SupportRow]) -> list[SupportRow]:
    """Urgent ones that nobody has taken first, then other urgent ones, then the one that must be answered first."""
    return sorted(
        rows,
        key=lambda row: (
            not (row.urgent and row.status == "open"),
            not row.urgent,
            not row.young,
            str(row.answer_by),
            row.id,
        ),
    )


def word(found: Found) -> WordRow:
    """One word to the team."""
    state: CaregiverWordState = found.state
    said = state.model_dump(include=set(WordRow.model_fields))
    due = state.read_by_then if state.status == "sent" else None
    return WordRow.model_validate({**said, "id": found.id, "version": found.version, "read_due": due})


def words(found: Sequence[Found]) -> list[WordRow]:
    """What worries first, then the oldest."""
    return sorted((word(one) for one in found), key=lambda row: (not row.worrying, str(row.sent_at), row.id))


def reached_at(checked: CaregiverCheckState | None, asked: Sequence[Found], told: Sequence[Found]) -> str | None:
    """Where they said last that they may be called, whichever way they said it."""
    said = [(one.at, one.phone) for one in (checked.given if checked else ())]
    said += [(one.state.asked_at, one.state.phone) for one in asked]
    said += [(one.state.sent_at, one.state.phone) for one in told]
    return max(((at, phone) for at, phone in said if phone), key=lambda one: one[0], default=(None, None))[1]

"""What the clinic's own words must be before anybody reads them. Each fault is a code with a sentence (`codes.py`).

The engine that fills texts in has read them already (`drafts.py`); here is decided what that means.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from services.notifications.domain.segments import segments
from shared.contracts.reading_level import is_too_hard
from shared.contracts.referrals import Language
from shared.contracts.unwanted import hits

EMAIL, SHORT, INBOX, BECAUSE = "email", "short", "inbox", "because"
PARTS = (EMAIL, SHORT, INBOX, BECAUSE)
SEEN = (EMAIL, SHORT)
"""What others may see, on a screen or in a mailbox."""
MOST_SEGMENTS = 3
"""Of a text message with everyday data: each is paid for, and telephones show the beginning."""
COMMON = frozenset({"name", "clinic", "phone", "portal_url", "crisis"})
"""Values that every text is given."""
LONGEST_LINE = 70
"""Letters of a subject or a heading. Mail programs on a telephone show fewer than this."""
REVEALING = (
    *("mental", "psycholog", "psicol", "psiqu", "therap", "terapia", "depress", "depres", "anxi", "ansied"),
    *("suicid", "risk", "riesgo", "pain", "dolor", "session", "sesión", "hurt yourself", "hacerse daño"),
)
"""What no e-mail says, since others may see it: beginnings of words in both languages."""

_UNSEEN = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


@dataclass(frozen=True)
class Part:
    """One part as the engine read it. `values` are the names in braces; `plain` whether nothing but values, dates and
    simple conditions stands in braces; `filled` the text with all sorts of data, `None` where it cannot be filled in;
    `example` with everyday data.
    """

    text: str
    values: frozenset[str] = frozenset()
    plain: bool = True
    filled: tuple[str, ...] | None = None
    example: str = ""

    @property
    def said(self) -> str:
        """Every word that may be read, without what stands in braces."""
        return _UNSEEN.sub(" ", self.text)


@dataclass(frozen=True)
class Text:
    """A whole text: its parts by name, `unreadable` those of which the braces cannot be understood, and `unknown` what
    stands in no part, or in one twice.
    """

    parts: Mapping[str, Part]
    unreadable: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One fault: its code, the part that it is in, and what its sentence names."""

    code: str
    part: str
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """What a text is held against: the `shipped` one, what an e-mail says that has no words of its own, how hard it may
    be to read, and the words that the clinic does not want.
    """

    shipped: Text
    plain_email: Part
    language: Language
    limits: tuple[float, float]
    unwanted: tuple[str, ...]


def findings(draft: Text, measure: Measure) -> list[Finding]:
    """Every fault, by part. A text without any may be published."""
    shipped = measure.shipped.parts
    needed = [name for name in PARTS if name in shipped or name not in SEEN]
    found = [Finding("wording-part-missing", name) for name in needed if not _is_there(draft, name)]
    found += [Finding("wording-part-unknown", name) for name in draft.unknown]
    found += [Finding("wording-braces-invalid", name) for name in draft.unreadable]
    for name, part in draft.parts.items():
        if part.text:
            found += [*_values(name, part, measure), *_words(name, part, measure)]
            found += _shape(name, part)
    return sorted(found, key=lambda one: PARTS.index(one.part) if one.part in PARTS else len(PARTS))


def _is_there(draft: Text, name: str) -> bool:
    return name in draft.unreadable or (name in draft.parts and bool(draft.parts[name].text))


def _values(name: str, part: Part, measure: Measure) -> Iterator[Finding]:
    if not part.plain:
        yield Finding("wording-braces-invalid", name)
        return
    given = COMMON.union(*(one.values for one in measure.shipped.parts.values()))
    for value in sorted(part.values - given):
        yield Finding("wording-value-unknown", name, {"value": value})
    if name in SEEN:
        for value in sorted((part.values & given) - _may_be_seen(name, measure)):
            yield Finding("wording-email-value-refused", name, {"value": value})
    if part.filled is None and part.values <= given:
        yield Finding("wording-filling-invalid", name)


def _may_be_seen(name: str, measure: Measure) -> frozenset[str]:
    own = measure.shipped.parts.get(name)
    return measure.plain_email.values | (own.values if own else frozenset())


def _words(name: str, part: Part, measure: Measure) -> Iterator[Finding]:
    for word in dict.fromkeys(hit.word for hit in hits(part.said, measure.unwanted)):
        yield Finding("wording-word-refused", name, {"word": word})
    if name in SEEN:
        said = part.said.lower()
        for word in (one for one in REVEALING if one in said):
            yield Finding("wording-email-word-refused", name, {"word": word})
    read = part.example if name == SHORT else _rest(part.example)
    if is_too_hard(read, measure.language, measure.limits):
        yield Finding("wording-too-hard", name)


def _shape(name: str, part: Part) -> Iterator[Finding]:
    filled = part.filled or ()
    if name == BECAUSE:
        if any("\n" in one or one.endswith(".") or not one for one in filled):
            yield Finding("wording-because-invalid", name)
        return
    if name == SHORT:
        if segments(" ".join(part.example.split())) > MOST_SEGMENTS:
            yield Finding("wording-short-invalid", name, {"most": str(MOST_SEGMENTS)})
        return
    if any(not _first(one) or not _rest(one) for one in filled):
        yield Finding("wording-text-missing", name)
    if any(len(_first(one)) > LONGEST_LINE for one in filled):
        yield Finding("wording-line-invalid", name, {"most": str(LONGEST_LINE)})


def _first(text: str) -> str:
    return text.partition("\n")[0].strip()


def _rest(text: str) -> str:
    return text.partition("\n")[2].strip()

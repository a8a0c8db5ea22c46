"""Words for people, from `templates/<template>/<language>.txt`. All are read and compiled at start; a fault stops it.
These are the shipped words. What the clinic's people wrote in their place is learned from the store (`published.py`).

A file has the parts `[email]` and `[inbox]`, each a first line, an empty one and the text, and `[because]`, which ends
the sentence "You got this because". An e-mail may be seen by others, so it says only that something is there, and when;
without a part of its own a template uses that of `_plain`. `_frame` stands around every e-mail's text. A part `[short]`
is what a text message or notification says; without it `_short` is.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, get_args
from zoneinfo import ZoneInfo

import structlog
from jinja2 import StrictUndefined, Template, TemplateError, TemplateRuntimeError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import pass_context

from shared.contracts.clinic import Clinic
from shared.contracts.referrals import Language
from shared.contracts.wordings import SHIPPED
from shared.runtime.days import weekday_in_words

log = structlog.get_logger()

LANGUAGES: tuple[Language, ...] = get_args(Language)
FOLDER = Path(__file__).parent / "templates"

_PART = re.compile(r"^\[(email|inbox|because|short)\]$", re.MULTILINE)


Told = tuple[str, Mapping[str, str | int], int]
"""A template, what is filled in, and the version of its words."""
Words = Mapping[str, Template]
"""The parts of a text, by name."""
_T = TypeVar("_T")


class TextsFault(Exception):
    """The templates cannot be used. The message names file and remedy."""


@dataclass(frozen=True)
class Reader:
    """For whom a text is written. `name` is how they are greeted; `None` once they are erased. It comes from `sender`,
    where they chose one. Whoever wants `says_more` may be told what it is about where others can see it.
    """

    name: str | None
    language: Language
    zone: ZoneInfo
    sender: str | None = None
    says_more: bool = False


@dataclass(frozen=True)
class EmailText:
    """Subject and whole text of an e-mail."""

    subject: str
    body: str


@dataclass(frozen=True)
class InboxText:
    """What stands in the inbox. `because` ends the sentence "You got this because"."""

    heading: str
    body: str
    because: str


class Texts:
    """All texts of this clinic, for the templates of `folder`."""

    def __init__(self, clinic: Clinic, folder: Path = FOLDER) -> None:
        self._clinic = clinic
        self.engine = SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True)
        names = {member.id: member.name for member in clinic.staff}
        self.engine.filters |= {"day": _day, "moment": _moment, "staff": lambda id: names.get(id, id)}
        self._files: dict[tuple[str, Language], Words] = {}
        self._published: dict[tuple[str, Language, int], Words] = {}
        self.shipped: dict[tuple[str, Language], str] = {}
        for template in sorted(path for path in folder.iterdir() if path.is_dir()):
            for language in LANGUAGES:
                self._files[template.name, language] = self._read(template, language)

    @property
    def names(self) -> frozenset[str]:
        """Templates that a message may have."""
        return frozenset(name for name, _ in self._files if not name.startswith("_"))

    def knows(self, template: str, language: Language, version: int) -> bool:
        """Whether this version can be shown as it is."""
        return version == SHIPPED or (template, language, version) in self._published

    def learn(self, template: str, language: Language, version: int, text: str) -> None:
        """A version that was published. It never changes, so it is known for good."""
        try:
            self._published[template, language, version] = self.compiled(text)
        except TemplateError as fault:
            log.error("notifications.wording_faulty", template=template, version=version, fault=type(fault).__name__)

    def email(
        self, template: str, parameters: Mapping[str, str | int], reader: Reader, version: int = SHIPPED
    ) -> EmailText:
        """The e-mail of one message. Raises as `together` does."""
        return self.together([(template, parameters, version)], reader)

    def together(self, told: Sequence[Told], reader: Reader, unsubscribe: str | None = None) -> EmailText:
        """One e-mail for all that is told; what two of them say in the same words stands there once. Its end says by
        which link there are no more such e-mails, where there is one; and where to sign in, by a link that they asked
        for if that is told.

        Raises `jinja2.TemplateError` when a parameter is missing, `KeyError` when there is no such template.
        """
        said = [self._said(*one, reader) for one in told]
        if reader.says_more and len(told) == 1:
            said = [(self._heading(told[0], reader), said[0][1])]
        signs_in = next((values["sign_in"] for _, values, _ in told if "sign_in" in values), None)
        return self._framed(said, reader, {"unsubscribe": unsubscribe, "sign_in": signs_in})

    def preview(
        self, words: Words, parameters: Mapping[str, str | int], reader: Reader
    ) -> tuple[EmailText, InboxText, str]:
        """How words that nobody reads yet would look. Raises `jinja2.TemplateError`, `KeyError` as `together` does."""
        email = self._framed([self._said_in(words, parameters, reader)], reader)
        short = self._short_in(words, self._discreet(parameters, reader) | {"count": 1}, reader)
        return email, _inbox(words, self._values(parameters, reader)), short

    def _framed(
        self, told: Sequence[tuple[str, str]], reader: Reader, links: Mapping[str, Any] = MappingProxyType({})
    ) -> EmailText:
        values = self._discreet({}, reader) | {"count": len(told), "unsubscribe": None, "sign_in": None, **links}

        def part(name: str) -> tuple[str, str]:
            return _split(self._files[name, reader.language]["email"].render(values))

        subject, bodies = told[0][0], list(dict.fromkeys(body for _, body in told))
        if len(told) > 1:
            subject, together = part("_together")
            # What has no words of its own is told in as many as there are things.
            bodies = [together if body == part("_plain")[1] and len(bodies) == 1 else body for body in bodies]
        framed = self._files["_frame", reader.language]["text"].render(values | {"body": "\n\n".join(bodies)})
        return EmailText(subject, framed.strip() + "\n")

    def short(self, told: Sequence[Told], reader: Reader) -> str:
        """A text message or notification for all that is told: it says only that something is there, unless the person
        wants to read more on their screen. Raises as `together` does.
        """
        values = self._discreet({}, reader) | {"count": len(told)}
        if len(told) > 1:
            return self._short_in({}, values, reader)
        [(template, parameters, version)] = told
        if reader.says_more:
            values["says"] = self._heading(told[0], reader)
        values |= parameters
        return self._filled(template, reader.language, version, lambda words: self._short_in(words, values, reader))

    def _short_in(self, words: Words, values: Mapping[str, Any], reader: Reader) -> str:
        text = words.get("short") or self._files["_short", reader.language]["text"]
        return " ".join(text.render(values).split())

    def _heading(self, told: Told, reader: Reader) -> str:
        template, parameters, version = told
        return self.inbox(template, parameters, reader, version).heading

    def _said(
        self, template: str, parameters: Mapping[str, str | int], version: int, reader: Reader
    ) -> tuple[str, str]:
        return self._filled(template, reader.language, version, lambda words: self._said_in(words, parameters, reader))

    def _said_in(self, words: Words, parameters: Mapping[str, str | int], reader: Reader) -> tuple[str, str]:
        part = words if "email" in words else self._files["_plain", reader.language]
        return _split(part["email"].render(self._discreet(parameters, reader)))

    def _filled(self, template: str, language: Language, version: int, fill: Callable[[Words], _T]) -> _T:
        """What `fill` makes of this version; of the shipped words where it is lost, or fits this build no more: a call
        for help must not fail by words that somebody wrote for an earlier one.
        """
        if version != SHIPPED:
            try:
                return fill(self._published[template, language, version])
            except (KeyError, TemplateError) as fault:
                said = {"template": template, "version": version, "fault": type(fault).__name__}
                log.error("notifications.wording_lost", **said)
        return fill(self._files[template, language])

    def values(self, parameters: Mapping[str, str | int], reader: Reader, discreet: bool) -> dict[str, Any]:
        """All that a text may use. In an e-mail the name of the clinic is `discreet`."""
        return self._discreet(parameters, reader) if discreet else self._values(parameters, reader)

    def _discreet(self, parameters: Mapping[str, str | int], reader: Reader) -> dict[str, Any]:
        """The discreet name: whoever sees the mailbox need not learn what kind of clinic it is."""
        return self._values(parameters, reader) | {"clinic": reader.sender or self._clinic.sender_name}

    def inbox(
        self, template: str, parameters: Mapping[str, str | int], reader: Reader, version: int = SHIPPED
    ) -> InboxText:
        """A message that today's templates cannot show any more does not hide the others: it says so."""
        values = self._values(parameters, reader)
        try:
            return self._filled(template, reader.language, version, lambda words: _inbox(words, values))
        except (KeyError, TemplateError) as fault:
            log.error("notifications.text_lost", template=template, fault=type(fault).__name__)
            return _inbox(self._files["_lost", reader.language], values)

    def _values(self, parameters: Mapping[str, str | int], reader: Reader) -> dict[str, Any]:
        return {
            **parameters,
            "clinic": self._clinic.name,
            "phone": self._clinic.phone,
            "portal_url": self._clinic.portal_url,
            "crisis": self._clinic.help_in(reader.language).plain,
            "name": reader.name,
            "reader": reader,
        }

    def compiled(self, text: str) -> Words:
        """The parts of a text, ready to be filled in. Raises `jinja2.TemplateError`."""
        named = dict(parts_of(text)) or {"text": text.strip()}
        return {part: self.engine.from_string(content) for part, content in named.items()}

    def _read(self, folder: Path, language: Language) -> Words:
        file = folder / f"{language}.txt"
        try:
            self.shipped[folder.name, language] = text = file.read_text(encoding="utf-8")
            return self.compiled(text)
        except OSError as fault:
            raise TextsFault(f"{file} cannot be read; every template needs {', '.join(LANGUAGES)}") from fault
        except TemplateError as fault:
            raise TextsFault(f"{file}: {fault.message}; mend the braces there") from fault


def parts_of(text: str) -> list[tuple[str, str]]:
    """Name and content of each part, as they stand one after another."""
    pieces = _PART.split(text)
    return [(name, content.strip()) for name, content in zip(pieces[1::2], pieces[2::2], strict=True)]


def greeting_name(full_name: str | None) -> str | None:
    """The first name."""
    return full_name.split()[0] if full_name and full_name.strip() else None


def _inbox(part: Mapping[str, Template], values: dict[str, Any]) -> InboxText:
    heading, body = _split(part["inbox"].render(values))
    return InboxText(heading, body, part["because"].render(values))


def _split(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    return first.strip(), rest.strip()


@pass_context
def _day(context: Context, value: str) -> str:
    """`Tuesday 3 March 2026`, in the reader's language and zone."""
    reader: Reader = context["reader"]
    return weekday_in_words(_local(value, reader), reader.language)


@pass_context
def _moment(context: Context, value: str) -> str:
    """Day and time of day, in the reader's language and zone."""
    reader: Reader = context["reader"]
    clock = _local(value, reader).strftime("%H:%M")
    joined = " a las " if reader.language == "es" else " at "
    return f"{_day(context, value)}{joined}{clock}"


def _local(value: str, reader: Reader) -> datetime:
    try:
        # A missing value says so when it is turned into a string.
        moment = datetime.fromisoformat(str(value))
        # A day without an hour is the same day in every zone.
        return moment.astimezone(reader.zone) if moment.tzinfo else moment.replace(tzinfo=reader.zone)
    except ValueError as fault:
        raise TemplateRuntimeError(f"{value!r} is no moment") from fault

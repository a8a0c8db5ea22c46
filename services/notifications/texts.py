"""Words for people, from `templates/<template>/<language>.txt`. All are read and compiled at start; a fault stops it.

A file has the parts `[email]` and `[inbox]`, each a first line, an empty one and the text, and `[because]`, which ends
the sentence "You got this because". An e-mail may be seen by others, so it says only that something is there, and when;
without a part of its own a template uses that of `_plain`. `_frame` stands around every e-mail's text. A part `[short]`
is what a text message or notification says; without it `_short` is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import structlog
from jinja2 import StrictUndefined, Template, TemplateError, TemplateRuntimeError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import pass_context

from shared.contracts.clinic import Clinic
from shared.contracts.referrals import Language
from shared.runtime.days import weekday_in_words

log = structlog.get_logger()

LANGUAGES: tuple[Language, ...] = get_args(Language)
FOLDER = Path(__file__).parent / "templates"

_PART = re.compile(r"^\[(email|inbox|because|short)\]$", re.MULTILINE)


Told = tuple[str, Mapping[str, str | int]]
"""A template and what is filled in."""


class TextsFault(Exception):
    """The templates cannot be used. The message names file and remedy."""


@dataclass(frozen=True)
class Reader:
    """For whom a text is written. `name` is how they are greeted; `None` once they are erased."""

    name: str | None
    language: Language
    zone: ZoneInfo


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
        self._jinja = SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True)
        names = {member.id: member.name for member in clinic.staff}
        self._jinja.filters |= {"day": _day, "moment": _moment, "staff": lambda id: names.get(id, id)}
        self._files: dict[tuple[str, Language], dict[str, Template]] = {}
        for template in sorted(path for path in folder.iterdir() if path.is_dir()):
            for language in LANGUAGES:
                self._files[template.name, language] = self._read(template / f"{language}.txt")

    @property
    def names(self) -> frozenset[str]:
        """Templates that a message may have."""
        return frozenset(name for name, _ in self._files if not name.startswith("_"))

    def email(self, template: str, parameters: Mapping[str, str | int], reader: Reader) -> EmailText:
        """The e-mail of one message. Raises as `together` does."""
        return self.together([(template, parameters)], reader)

    def together(self, told: Sequence[Told], reader: Reader, unsubscribe: str | None = None) -> EmailText:
        """One e-mail for all that is told; what two of them say in the same words stands there once. Its end says by
        which link there are no more such e-mails, where there is one.

        Raises `jinja2.TemplateError` when a parameter is missing, `KeyError` when there is no such template.
        """
        said = dict.fromkeys(self._said(template, parameters, reader) for template, parameters in told)
        values = self._discreet({}, reader)
        subject = next(iter(said))[0]
        if len(told) > 1:
            together = self._files["_together", reader.language]["email"].render(values | {"count": len(told)})
            subject = _split(together)[0]
        body = "\n\n".join(dict.fromkeys(body for _, body in said))
        framed = self._files["_frame", reader.language]["text"].render(
            values | {"body": body, "unsubscribe": unsubscribe}
        )
        return EmailText(subject, framed.strip() + "\n")

    def short(self, told: Sequence[Told], reader: Reader, sender: str, *, says_more: bool = False) -> str:
        """A text message or notification for all that is told: it says only that something is there, unless the person
        wants to read more on their screen. Raises as `together` does.
        """
        values = self._values({}, reader) | {"sender": sender, "count": len(told)}
        if len(told) == 1:
            [(template, parameters)] = told
            own = self._files[template, reader.language]
            if says_more:
                values["says"] = self.inbox(template, parameters, reader).heading
            if "short" in own:
                return " ".join(own["short"].render(values | dict(parameters)).split())
        return " ".join(self._files["_short", reader.language]["text"].render(values).split())

    def _said(self, template: str, parameters: Mapping[str, str | int], reader: Reader) -> tuple[str, str]:
        own = self._files[template, reader.language]
        part = own if "email" in own else self._files["_plain", reader.language]
        return _split(part["email"].render(self._discreet(parameters, reader)))

    def _discreet(self, parameters: Mapping[str, str | int], reader: Reader) -> dict[str, Any]:
        """The discreet name: whoever sees the mailbox need not learn what kind of clinic it is."""
        return self._values(parameters, reader) | {"clinic": self._clinic.sender_name}

    def inbox(self, template: str, parameters: Mapping[str, str | int], reader: Reader) -> InboxText:
        """A message that today's templates cannot show any more does not hide the others: it says so."""
        values = self._values(parameters, reader)
        try:
            return _inbox(self._files[template, reader.language], values)
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

    def _read(self, file: Path) -> dict[str, Template]:
        try:
            text = file.read_text(encoding="utf-8")
            pieces = _PART.split(text)
            named = dict(zip(pieces[1::2], pieces[2::2], strict=True)) or {"text": text}
            return {part: self._jinja.from_string(content.strip()) for part, content in named.items()}
        except OSError as fault:
            raise TextsFault(f"{file} cannot be read; every template needs {', '.join(LANGUAGES)}") from fault
        except TemplateError as fault:
            raise TextsFault(f"{file}: {fault.message}; mend the braces there") from fault


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

"""Reads words that somebody is writing, as the engine will that fills them in, and holds them against the checks."""

from collections import Counter
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from jinja2 import Template, TemplateError, meta, nodes

from services.notifications import examples
from services.notifications.domain import wording_checks
from services.notifications.domain.kinds import ABOUT
from services.notifications.domain.wording_checks import EMAIL, SEEN, Finding, Measure, Part, Text
from services.notifications.texts import EmailText, InboxText, Reader, Texts, parts_of
from shared.contracts.clinic import Clinic
from shared.contracts.reading_level import PATIENTS, STAFF
from shared.contracts.referrals import Language

_PLAIN = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
)
"""What may stand in braces beside dates: no loop, no call and no sum, which could keep a sender busy for hours."""
_FILTERS = ("day", "moment", "staff")


class Drafts:
    """The clinic's words, before anybody reads them."""

    def __init__(self, clinic: Clinic, texts: Texts) -> None:
        self._clinic = clinic
        self._texts = texts
        self._zone = ZoneInfo(clinic.time_zone)

    def findings(self, template: str, language: Language, text: str) -> list[Finding]:
        """Every fault of a text. Raises `KeyError` where there is no such template."""
        plain = self._texts.shipped["_plain", language]
        measure = Measure(
            shipped=self._read(template, language, self._texts.shipped[template, language]),
            plain_email=self._read("_plain", language, plain).parts[EMAIL],
            language=language,
            limits=PATIENTS if template in ABOUT else STAFF,
            unwanted=self._clinic.unwanted_words.in_(language),
        )
        return wording_checks.findings(self._read(template, language, text), measure)

    def preview(self, template: str, language: Language, text: str) -> tuple[EmailText, InboxText, str] | None:
        """E-mail, inbox and text message with everyday data, as they would look; `None` where that fails."""
        try:
            # Only what is sure to end is ever filled in.
            if not all(_all_plain(self._texts.engine.parse(content)) for _, content in parts_of(text)):
                return None
            words = self._texts.compiled(text)
            return self._texts.preview(words, examples.everyday(template), self._reader(language, "Rosa"))
        except (TemplateError, KeyError):
            return None

    def shipped(self, template: str, language: Language) -> InboxText:
        """How the message looks that the program comes with, which is also what it is called by."""
        return self._texts.inbox(template, examples.everyday(template), self._reader(language, "Rosa"))

    def values(self, template: str, language: Language) -> list[str]:
        """The names that may stand in braces: those of the shipped text, and what every text is given."""
        own = self._read(template, language, self._texts.shipped[template, language]).parts.values()
        return sorted(wording_checks.COMMON.union(*(part.values for part in own)))

    def _read(self, template: str, language: Language, text: str) -> Text:
        found = parts_of(text)
        times = Counter(name for name, _ in found)
        unknown = [name for name, count in times.items() if count > 1]
        if text.strip() and not text.lstrip().startswith(tuple(f"[{name}]" for name in wording_checks.PARTS)):
            unknown.append("")
        parts: dict[str, Part] = {}
        unreadable: list[str] = []
        for name, content in found:
            try:
                parts[name] = self._part(template, language, name, content)
            except TemplateError:
                unreadable.append(name)
        return Text(parts, tuple(unreadable), tuple(unknown))

    def _part(self, template: str, language: Language, name: str, content: str) -> Part:
        tree = self._texts.engine.parse(content)
        values = frozenset(meta.find_undeclared_variables(tree))
        if not _all_plain(tree):
            return Part(content, values, plain=False)
        compiled = self._texts.engine.from_string(content)
        try:
            filled = tuple(self._filled(compiled, name in SEEN, template, language))
        except (TemplateError, TypeError):
            return Part(content, values)
        return Part(content, values, filled=filled[1:], example=filled[0])

    def _filled(self, compiled: Template, is_seen: bool, template: str, language: Language) -> Iterator[str]:
        """With everyday data, and then with all that is extreme."""
        rosa = self._reader(language, "Rosa")
        yield compiled.render(self._texts.values(examples.everyday(template), rosa, is_seen))
        for name in examples.NAMES:
            for data in examples.extremes(template):
                yield compiled.render(self._texts.values(data, self._reader(language, name), is_seen))

    def _reader(self, language: Language, name: str | None) -> Reader:
        return Reader(name, language, self._zone)


def _all_plain(tree: nodes.Template) -> bool:
    return all(map(_is_plain, tree.find_all(nodes.Node)))


def _is_plain(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Filter):
        return node.name in _FILTERS and not (node.args or node.kwargs)
    if isinstance(node, nodes.Test):
        return node.name == "defined"
    return isinstance(node, _PLAIN)

"""The aid for the talk in which somebody is offered psychological support: content, one file for each language.

Every file is checked at start, and both must have the same parts. `avoid` and `heard` quote what must not be said and
what people say; the clinic's unwanted words may stand there and nowhere else.
"""

from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StringConstraints, ValidationError, model_validator

from services.portal.words import LANGUAGES, Language

FOLDER = Path(__file__).parent / "content" / "conversation_aid"
SECTIONS = ("opening", "explaining", "worries", "earlier-care", "added-care", "next-step", "not-now")

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Sentences = Annotated[tuple[Sentence, ...], Field(min_length=1)]


class Part(BaseModel):
    """A part of the aid: a key that is not known is a fault, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Exchange(Part):
    """What somebody may say, and an answer to make one's own."""

    heard: Sentence
    say: Sentence


class Section(Part):
    """One step of the talk: what matters, what one could say, and what does harm."""

    id: str
    heading: Sentence
    text: Sentences
    say: tuple[Sentence, ...] = ()
    avoid: tuple[Sentence, ...] = ()
    exchanges: tuple[Exchange, ...] = ()

    @model_validator(mode="after")
    def _offers_words(self) -> "Section":
        if not self.say and not self.exchanges:
            raise ValueError("offers no words to say; add some under say or exchanges")
        return self


class Story(Part):
    """A person's way, invented; `note` says so to the reader."""

    title: Sentence
    note: Sentence
    text: Sentences


class Source(Part):
    """Where a statement comes from, or what a choice was guided by."""

    used_for: Sentence
    citation: Sentence


class ConversationAid(Part):
    """The whole aid in one language. `version` rises whenever what is advised changes, in both files."""

    version: StrictInt = Field(ge=1)
    language: Language
    title: Sentence
    lead: Sentence
    safety: Sentence
    sections: tuple[Section, ...]
    story: Story
    sources: tuple[Source, ...] = Field(min_length=1)
    clinical_review: Sentence

    @model_validator(mode="after")
    def _all_sections(self) -> "ConversationAid":
        found = tuple(section.id for section in self.sections)
        if found != SECTIONS:
            raise ValueError(f"the sections are {', '.join(found)}; they must be {', '.join(SECTIONS)}, in this order")
        return self


@cache
def conversation_aid(language: Language) -> ConversationAid:
    """The aid in a language."""
    return read(FOLDER / f"{language}.yaml")


def check(folder: Path = FOLDER) -> None:
    """Raise `ValueError`, naming file and remedy, where a file is unsound or the languages differ in their parts."""
    first, *others = (read(folder / f"{language}.yaml") for language in LANGUAGES)
    for other in others:
        there = _shape(other)
        for name, count in _shape(first).items():
            if there[name] != count:
                raise ValueError(
                    f"{folder / other.language}.yaml: {name} is {there[name]}, in {first.language}.yaml {count}; "
                    "make the two files alike"
                )


def read(path: Path) -> ConversationAid:
    """One file. Raises `ValueError` with the file and every key that is at fault."""
    try:
        aid = ConversationAid.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as fault:
        raise ValueError(f"{path} cannot be read; there must be a file for each of {', '.join(LANGUAGES)}") from fault
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise ValueError(f"{path}{line} is not valid YAML; check colons, quotes and indentation there") from fault
    except ValidationError as fault:
        faults = [f"{'.'.join(map(str, one['loc'])) or 'whole file'}: {one['msg']}" for one in fault.errors()]
        raise ValueError(f"{path}: {'; '.join(faults)}") from fault
    if aid.language != path.stem:
        raise ValueError(f"{path}: language is {aid.language}; write {path.stem}, or rename the file")
    return aid


def _shape(aid: ConversationAid) -> dict[str, int]:
    """How much there is of each part, by its name."""
    counts = {"version": aid.version, "number of sources": len(aid.sources), "paragraphs of story": len(aid.story.text)}
    for section in aid.sections:
        for part in ("text", "say", "avoid", "exchanges"):
            counts[f"number of {part} in {section.id}"] = len(getattr(section, part))
    return counts

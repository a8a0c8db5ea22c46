"""Words for people. Every text stands in all languages side by side, so that none can be forgotten."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.referrals import Language


def _unwrap(text: str) -> str:
    """One line per paragraph and per list item, a blank line between blocks.

    Files are wrapped for people who edit them; pages must not show where an editor broke a line.
    """
    blocks: list[str] = []
    for raw in text.split("\n\n"):
        lines: list[str] = []
        for line in (part.strip() for part in raw.splitlines()):
            if lines and not line.startswith("- "):
                lines[-1] = f"{lines[-1]} {line}".strip()
            elif line:
                lines.append(line)
        # A paragraph directly above a list is a block of its own.
        if len(lines) > 1 and not lines[0].startswith("- "):
            blocks.append(lines.pop(0))
        if lines:
            blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_unwrap)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]


def served_language(language: str) -> Language:
    """The language that a reader of `language` gets. Pages need it for their `lang` attribute."""
    return "es" if language == "es" else "en"


class Part(BaseModel):
    """A part of the catalogue: a key that is not known is a fault, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Part):
    """The same words in every language. Blocks are separated by a blank line; lines of a list begin with "- "."""

    en: Prose
    es: Prose

    def in_(self, language: str) -> str:
        """The whole text in one language, English when there is none in `language`: never half and half."""
        return self.es if served_language(language) == "es" else self.en

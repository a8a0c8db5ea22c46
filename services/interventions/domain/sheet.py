"""The part of a worksheet that rules need: its fields and what may stand in each. Texts stay in the catalogue."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.contracts.commands import Rejected
from shared.contracts.interventions import Written

FieldKind = Literal["line", "text", "list", "rating", "choice", "minutes", "days"]
"""`line` a few words; `text` as much as one likes; `list` up to `most` lines; `rating` 0 to 10; `minutes` 1 to 240;
`choice` one of `options`; `days` days of the week.
"""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_LINE, LONGEST_TEXT = 300, 5000
"""In characters. Technical limits: a form that takes more would fail somewhere else, and lose what was written."""

_NUMBERS = {"rating": (0, 10), "minutes": (1, 240)}


class SheetField(BaseModel):
    """One field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: FieldKind
    options: tuple[str, ...] = ()
    most: int = 10


class Sheet(BaseModel):
    """One version of a worksheet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    version: int
    fields: tuple[SheetField, ...]

    def checked(self, written: Written) -> Written:
        """`written`, trimmed. Raises `Rejected` "field-unknown" or "field-refused" for what cannot stand there."""
        field = next((one for one in self.fields if one.id == written.field), None)
        if field is None:
            raise Rejected("field-unknown", field=written.field)
        tidy = _tidy(written)
        if not _fits(field, tidy):
            raise Rejected("field-refused", field=field.id, kind=field.kind)
        return tidy


def _tidy(written: Written) -> Written:
    lines = tuple(line.strip() for line in written.lines or () if line.strip())
    text = (written.text or "").strip()
    return written.model_copy(update={"text": text or None, "lines": lines or None})


def _fits(field: SheetField, written: Written) -> bool:
    """Nothing at all fits everywhere: whoever clears a field leaves it empty."""
    given = {name for name in ("text", "lines", "number", "chosen") if getattr(written, name) not in (None, ())}
    if not given:
        return True
    match field.kind:
        case "line" | "text":
            longest = LONGEST_LINE if field.kind == "line" else LONGEST_TEXT
            return given == {"text"} and len(written.text or "") <= longest
        case "list":
            lines = written.lines or ()
            return given == {"lines"} and len(lines) <= field.most and max(map(len, lines)) <= LONGEST_LINE
        case "rating" | "minutes":
            lowest, highest = _NUMBERS[field.kind]
            return given == {"number"} and written.number is not None and lowest <= written.number <= highest
        case "choice":
            return given == {"chosen"} and len(written.chosen) == 1 and written.chosen[0] in field.options
        case "days":
            chosen = set(written.chosen)
            return given == {"chosen"} and chosen <= set(DAYS) and len(chosen) == len(written.chosen)


class Sheets(BaseModel):
    """Every version of every worksheet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sheets: tuple[Sheet, ...]

    def pinned(self, id: str, version: int) -> Sheet:
        """The version that an activity was begun with."""
        for sheet in self.sheets:
            if (sheet.id, sheet.version) == (id, version):
                return sheet
        raise LookupError(f"the catalogue has no worksheet {id}, version {version}; put its file back")

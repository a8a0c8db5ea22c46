"""A worksheet between a page's form and the service: what stands in each field, and what was typed."""

from typing import Any

from services.portal.calls import Json
from services.portal.forms import Form


def name_of(field: Json) -> str:
    """The name of a worksheet's field in a form: its own, so that it meets no field of the form itself."""
    return f"field-{field['id']}"


def standing(worksheet: Json | None, written: list[Json]) -> dict[str, Any]:
    """What a page shows in each field: text, or a list of what is ticked."""
    by_id = {one["field"]: one for one in written}
    return {
        field["id"]: _shown(field["kind"], by_id[field["id"]])
        for field in (worksheet or {"fields": []})["fields"]
        if field["id"] in by_id
    }


def typed(worksheet: Json | None, form: Form) -> list[Json]:
    """What stands in the form now, an empty field included: it was cleared."""
    return [
        {"field": field["id"], **_given(field["kind"], name_of(field), form)}
        for field in (worksheet or {"fields": []})["fields"]
    ]


def texts(written: list[Json]) -> list[str]:
    """All that stands there in words."""
    return [text for one in written for text in (one.get("text"), *(one.get("lines") or ())) if text]


def changed(given: list[Json], written: list[Json]) -> list[Json]:
    """Of what was typed, the fields whose words are not those that stand there already."""
    before = {one["field"]: texts([one]) for one in written}
    return [one for one in given if texts([one]) != before.get(one["field"], [])]


def _shown(kind: str, one: Json) -> Any:
    match kind:
        case "line" | "text":
            return one["text"] or ""
        case "list":
            return "\n".join(one["lines"] or ())
        case "rating" | "minutes":
            return "" if one["number"] is None else str(one["number"])
        case "choice":
            return next(iter(one["chosen"]), "")
        case _:
            return list(one["chosen"])


def _given(kind: str, name: str, form: Form) -> Json:
    match kind:
        case "line" | "text":
            return {"text": form.optional(name)}
        case "list":
            return {"lines": [line for line in form.text(name).splitlines() if line.strip()]}
        case "rating" | "minutes":
            return {"number": form.number(name)}
        case "choice":
            return {"chosen": [form.text(name)] if form.text(name) else []}
        case _:
            return {"chosen": form.all(name)}

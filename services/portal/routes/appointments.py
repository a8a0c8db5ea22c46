"""From yes to the first meeting and on the way: introduction, waiting clock, meetings, notes, what was found."""

from fastapi import APIRouter

from services.portal.calls import Json
from services.portal.routes.steps import Body, nothing, reason, serve, texts
from services.portal.visit import Visit

router = APIRouter()


def _note(visit: Visit) -> Json:
    return {"note": visit.form.optional("note")}


def _schedule(visit: Visit) -> Json:
    form = visit.form
    return {
        "at": visit.dates.at(form.text("at")),
        "minutes": form.number("minutes") or 0,
        **texts("mode", "clinician_id")(visit),
    }


BODIES: dict[str, Body] = {
    "warm-handoff": _note,
    "pause": reason,
    "resume": nothing,
    "schedule": _schedule,
    "attended": nothing,
    "missed": reason,
    "cancel-appointment": reason,
    "note-progress": lambda visit: {**texts("occasion")(visit), **_note(visit)},
    "send-findings": lambda visit: {
        **texts("findings")(visit),
        "recommendation": visit.form.optional("recommendation"),
    },
}

serve(router, BODIES)

"""What psychology decides of a referral: yes, a question, back with advice, no, on to another service, open again."""

from fastapi import APIRouter

from services.portal.calls import Json
from services.portal.routes.steps import Body, nothing, reason, serve, texts
from services.portal.visit import Visit

router = APIRouter()


def _accept(visit: Visit) -> Json:
    form = visit.form
    return {
        "rationale": form.text("rationale"),
        "programme_id": form.optional("programme_id"),
        "step": form.number("step") or 1,
        "priority": form.optional("priority"),
        "departure": form.optional("departure"),
    }


BODIES: dict[str, Body] = {
    "take-on": nothing,
    "ask": texts("question"),
    "prioritise": texts("priority", "rationale"),
    "accept": _accept,
    "return": texts("rationale"),
    "decline": lambda visit: {**reason(visit), **texts("rationale")(visit)},
    "redirect": texts("to", "rationale"),
    "reopen": texts("rationale"),
    "confirm-cancellation": nothing,
    "turn-down-cancellation": texts("rationale"),
    "enter-in-error": texts("note"),
}

serve(router, BODIES)

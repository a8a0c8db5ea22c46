"""What the form of each step of a referral carries to the service, by the step's address."""

from collections.abc import Callable

from services.portal.calls import Json
from services.portal.forms import Form
from services.portal.visit import Visit

_TIMES, _ONE = "times", ("format", "mode", "language")


def preferences(form: Form) -> Json:
    """How somebody would like to be helped. What was left open is not said."""
    return {**{name: form.optional(name) for name in _ONE}, _TIMES: form.all(_TIMES)}


def _nothing(visit: Visit) -> Json:
    return {}


def _texts(*names: str) -> Callable[[Visit], Json]:
    return lambda visit: {name: visit.form.text(name) for name in names}


def _reason(visit: Visit) -> Json:
    return {"reason_code": visit.form.optional("reason_code")}


def _reason_and_note(visit: Visit) -> Json:
    return {**_reason(visit), "note": visit.form.optional("note")}


def _accept(visit: Visit) -> Json:
    form = visit.form
    more = {name: form.optional(name) for name in ("programme_id", "departure")}
    return {"rationale": form.text("rationale"), "step": form.number("step") or 1, **more}


def _agree(visit: Visit) -> Json:
    """Wishes go along only from a form that asked for them: those that are known are not wiped out by a bare yes."""
    return {"preferences": preferences(visit.form)} if "format" in visit.form.fields else {}


def _undecided(visit: Visit) -> Json:
    day = visit.form.optional("ask_again_at")
    return {
        **_reason_and_note(visit),
        "ask_again_at": visit.dates.begin(day) if day else None,
        "contact": visit.form.text("contact") or "message",
    }


def _not_now(visit: Visit) -> Json:
    return {**_reason_and_note(visit), "reoffer_at": visit.dates.begin(visit.form.text("reoffer_at"))}


BODIES: dict[str, Callable[[Visit], Json]] = {
    "ask": _texts("question"),
    "answer": _texts("answer"),
    "accept": _accept,
    "return": _texts("rationale"),
    "decline": lambda visit: {**_reason(visit), **_texts("rationale")(visit)},
    "agree": _agree,
    "undecided": _undecided,
    "not-now": _not_now,
    "withdraw": _reason,
    "take-offer": _nothing,
    "decline-offer": _reason,
    "cancel-appointment": _reason,
    "discard": _nothing,
    "attach": _texts("kind", "text"),
    "link": _nothing,
    "request-cancellation": _reason_and_note,
    "enter-in-error": _texts("note"),
    "acknowledge": _nothing,
}
"""Steps that one form asks for. Submitting and questionnaires have pages of their own."""

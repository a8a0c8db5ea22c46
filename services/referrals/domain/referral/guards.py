"""What may stand against an action beside its status: one small function for each guard that the table names.

Each answers the code of a refusal, or `None`.
"""

from collections.abc import Callable

from services.referrals.domain.referral import clock
from services.referrals.domain.referral.facts import Facts
from services.referrals.domain.referral.state import ReferralState
from shared.contracts.clinic import Pathway
from shared.contracts.referrals import AttachmentKind

MOST_ATTACHMENTS = 20

Guard = Callable[[ReferralState, Facts, str], str | None]


def missing_attachments(state: ReferralState, template: Pathway | None) -> tuple[AttachmentKind, ...]:
    """The kinds that the pathway asks for before triage can accept, and that are not there."""
    wanted = template.attachments if template else ()
    return tuple(kind for kind in wanted if all(one.kind != kind for one in state.attachments))


def _submit(state: ReferralState, given: Facts, role: str) -> str | None:
    if role == "patient" and state.requester == "referrer":
        return "not-yours"
    return None if given.refer_consented else "consent-missing"


def _discard(state: ReferralState, given: Facts, role: str) -> str | None:
    """A clinician discards what a clinician began, the patient what they or somebody close began."""
    return None if (state.requester == "referrer") == (role == "referrer") else "not-yours"


def _attach(state: ReferralState, given: Facts, role: str) -> str | None:
    return "attachments-full" if len(state.attachments) >= MOST_ATTACHMENTS else None


def _link(state: ReferralState, given: Facts, role: str) -> str | None:
    return "clinician-linked" if state.requester == "referrer" or state.clinician_linked else None


def _accept(state: ReferralState, given: Facts, role: str) -> str | None:
    return "attachment-missing" if missing_attachments(state, given.template) else None


def _warm_handoff(state: ReferralState, given: Facts, role: str) -> str | None:
    return None if state.warm_handoff and state.warm_handoff_at is None else "warm-handoff-not-due"


def _offer(state: ReferralState, given: Facts, role: str) -> str | None:
    return "offer-lapsed" if state.offer_until is None or state.offer_until <= given.now else None


def _pause(state: ReferralState, given: Facts, role: str) -> str | None:
    return "clock-paused" if clock.is_paused(state) else None


def _resume(state: ReferralState, given: Facts, role: str) -> str | None:
    return None if clock.is_paused(state) else "clock-runs"


def _rescreen(state: ReferralState, given: Facts, role: str) -> str | None:
    return None if state.rescreen_open else "rescreen-not-due"


def _after_appointment(state: ReferralState, given: Facts, role: str) -> str | None:
    due = state.appointment.at if state.appointment else None
    return "appointment-not-due" if due is None or due > given.now else None


def _findings(state: ReferralState, given: Facts, role: str) -> str | None:
    return None if state.kind == "assessment" else "not-an-assessment"


def _reopen(state: ReferralState, given: Facts, role: str) -> str | None:
    return "treatment-begun" if state.treatment_started_at else None


GUARDS: dict[str, Guard] = {
    "submit": _submit,
    "discard": _discard,
    "attach": _attach,
    "link": _link,
    "accept": _accept,
    "warm_handoff": _warm_handoff,
    "offer": _offer,
    "pause": _pause,
    "resume": _resume,
    "rescreen": _rescreen,
    "after_appointment": _after_appointment,
    "findings": _findings,
    "reopen": _reopen,
}
GUARD_CODES = (
    "not-yours",
    "consent-missing",
    "attachments-full",
    "clinician-linked",
    "attachment-missing",
    "warm-handoff-not-due",
    "clock-paused",
    "offer-lapsed",
    "clock-runs",
    "rescreen-not-due",
    "appointment-not-due",
    "not-an-assessment",
    "treatment-begun",
)
"""All that they may answer, for those who have a sentence for each."""

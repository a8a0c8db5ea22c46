"""What is said while somebody waits: offers, pauses of the clock, and how the person is meanwhile."""

from datetime import timedelta

from services.referrals.domain.referral import clock
from services.referrals.domain.referral import later as n
from services.referrals.domain.referral.decision import recommendation
from services.referrals.domain.referral.facts import Facts
from services.referrals.domain.referral.saying import ids, triage_due
from services.referrals.domain.referral.screening import readings, risks
from services.referrals.domain.referral.state import ReferralState
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event

_SAID_YES_LATELY = timedelta(days=1)
"""Whoever agreed this lately is not asked again whether to take a seat that needs no appointment."""
_SOONEST = (e.Priority.ROUTINE, e.Priority.URGENT, e.Priority.VERY_URGENT)


def decide(clinic: Clinic, state: ReferralState, command: Command, given: Facts) -> list[Event] | None:
    """The events of a command of this part; `None` for any other command."""
    match command:
        case n.ReceiveOffer():
            return _offered(clinic, state, command)
        case n.TakeOffer():
            return _taken(clinic, state, command)
        case n.DeclineOffer():
            return [e.OfferDeclined(**ids(state, command), reason_code=command.reason_code)]
        case n.PauseClock():
            return [e.ClockPaused(**ids(state, command), reason_code=command.reason_code)]
        case n.ResumeClock():
            since = clock.waiting_since(state, command.now)
            return [e.ClockResumed(**ids(state, command), waiting_since=since)]
        case n.Rescreen():
            return _rescreened(clinic, state, command, given)
        case _:
            return None


def _offered(clinic: Clinic, state: ReferralState, command: n.ReceiveOffer) -> list[Event]:
    if (command.place_id, command.wait) != (state.place_id, state.wait):
        # The seat was held before the patient left the list. Since they came back, they wait for another one.
        return []
    lately = state.agreed_at is not None and command.now - state.agreed_at <= _SAID_YES_LATELY
    if lately and not state.lapsed_offers and _starts_at_once(clinic, state):
        # Nobody is asked, so nothing is said of an offer: to read of one that is taken already only confuses.
        return _taken(clinic, state, command)
    return [e.SeatOffered(**ids(state, command), offer_until=command.offer_until)]


def _taken(clinic: Clinic, state: ReferralState, command: Command) -> list[Event]:
    said = ids(state, command)
    taken = e.OfferTaken(**said)
    if _starts_at_once(clinic, state):
        return [taken, e.TreatmentStarted(**said, kind=state.kind)]
    return [taken, e.BookingRequested(**said)]


def _starts_at_once(clinic: Clinic, state: ReferralState) -> bool:
    """Whether nobody has to meet first. A place that is no longer configured is met, to be safe."""
    return any(place.id == state.place_id and place.starts == "at_once" for place in clinic.places)


def _rescreened(clinic: Clinic, state: ReferralState, command: n.Rescreen, given: Facts) -> list[Event]:
    if given.template is None:
        raise Rejected("pathway-unknown", pathway=state.pathway)
    taken = readings(command.answers, command.now, given.template)
    recorded: list[Event] = [
        e.RescreenRecorded(**ids(state, command), readings=taken),
        *risks(state, command, command.answers),
    ]
    before = recommendation(clinic, state)
    after = recommendation(clinic, state.model_copy(update={"readings": (*state.readings, *taken)}))
    if before is None or after is None or not _is_worse(state, before, after):
        return recorded
    urgency = max(after.urgency or state.priority or e.Priority.ROUTINE, e.Priority.URGENT, key=_SOONEST.index)
    return [
        *recorded,
        e.WorseWhileWaiting(
            **ids(state, command),
            reasons=after.reasons,
            triage_due=triage_due(clinic, urgency, command.now),
        ),
    ]


def _is_worse(state: ReferralState, before: e.Recommendation, after: e.Recommendation) -> bool:
    """The rules now say more, or sooner, or that a human must look. Where they had left it to a human, what that one
    decided is compared with: somebody who needs no human look any more is not worse for it.
    """
    if after.consult and not before.consult:
        return True
    more = (after.step or 0) > (before.step or state.step or 0)
    priority = before.urgency or state.priority or e.Priority.ROUTINE
    return more or _SOONEST.index(after.urgency or e.Priority.ROUTINE) > _SOONEST.index(priority)

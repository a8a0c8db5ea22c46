"""What is said when psychology decides: yes, back with advice, no, or on to another service; and how urgent it is.

The rules recommend, a person decides. What was recommended, by which version of the rules, goes on record with every
decision; to decide otherwise takes a reason of its own.
"""

from typing import Any

from services.referrals.domain.referral import clock
from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral.choice import after_agreement
from services.referrals.domain.referral.facts import Facts
from services.referrals.domain.referral.saying import ids, triage_due, user_id
from services.referrals.domain.referral.screening import all_flags, all_readings
from services.referrals.domain.referral.standings import AWAITING_TRIAGE
from services.referrals.domain.referral.state import ReferralState
from services.referrals.domain.triage.recommend import departs, recommend
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event

CLINICIAN_FROM_STEP = 3
"""From this step on a referral that nobody in pain care made needs a pain clinician who stands by it."""


def decide(clinic: Clinic, state: ReferralState, command: Command, given: Facts) -> list[Event] | None:
    """The events of a command of this part; `None` for any other command."""
    match command:
        case c.TakeOnTriage():
            return [e.TriageTaken(**ids(state, command), taken_by=user_id(command))]
        case c.ChangePriority():
            return _prioritised(clinic, state, command)
        case c.AcceptReferral():
            return _accepted(clinic, state, command)
        case c.ReturnReferral():
            return [e.ReferralReturned(**_decision(clinic, state, command), rationale=command.rationale)]
        case c.DeclineReferral():
            said = _decision(clinic, state, command)
            return [e.ReferralDeclined(**said, reason_code=command.reason_code, rationale=command.rationale)]
        case c.RedirectReferral():
            return _redirected(clinic, state, command)
        case _:
            return None


def recommendation(clinic: Clinic, state: ReferralState) -> e.Recommendation | None:
    """What the clinic's rules say of a referral as it stands; `None` before it was sent."""
    if state.priority is None:
        return None
    return recommend(clinic.triage_rules, all_readings(state), state.priority, all_flags(state))


def continuation(state: ReferralState, command: Command, pathway: str) -> e.Continuation:
    """What goes along to another pathway: the request, and the waiting clock as it stands."""
    return e.Continuation(
        pathway=pathway,
        kind=state.kind,
        requester=state.requester,
        reason=state.reason,
        goal=state.goal,
        priority=state.priority or e.Priority.ROUTINE,
        readings=state.readings,
        flags=state.flags,
        preferences=state.preferences,
        attachments=state.attachments,
        clock_started_at=state.clock_started_at or command.now,
        # Wherever it goes on, it waits for somebody there: a pause of the patient's is over.
        pauses=clock.resumed(state, command.now),
        breached_weeks=state.breached_weeks,
        requester_id=state.requester_id,
        author_id=state.author_id,
        placer=state.placer,
        clinician_linked=state.clinician_linked,
    )


def _decision(clinic: Clinic, state: ReferralState, command: Command) -> dict[str, Any]:
    """What goes with every decision: who took it, and what the rules had said."""
    return {
        **ids(state, command),
        "recommendation": recommendation(clinic, state),
        "decided_by": user_id(command),
    }


def _prioritised(clinic: Clinic, state: ReferralState, command: c.ChangePriority) -> list[Event]:
    if command.priority == state.priority:
        return []
    # The clock began when it was sent: a higher priority shortens the wait from there, not from now.
    since = state.submitted_at or command.now
    due = triage_due(clinic, command.priority, since) if state.status in AWAITING_TRIAGE else None
    return [
        e.PriorityChanged(**ids(state, command), priority=command.priority, rationale=command.rationale, triage_due=due)
    ]


def _accepted(clinic: Clinic, state: ReferralState, command: c.AcceptReferral) -> list[Event]:
    programme = command.programme_id or clinic.programmes[0]
    if programme not in clinic.programmes:
        raise Rejected("programme-unknown", programme=programme)
    if command.step >= CLINICIAN_FROM_STEP and state.requester != "referrer" and not state.clinician_linked:
        raise Rejected("clinician-missing", step=command.step)
    decision = _decision(clinic, state, command)
    priority = command.priority or state.priority or e.Priority.ROUTINE
    said: e.Recommendation | None = decision["recommendation"]
    if said is not None and departs(said, command.step, priority) and not command.departure:
        raise Rejected("departure-missing", recommended=said.step or 0, step=command.step)
    accepted = e.ReferralAccepted(
        **decision,
        rationale=command.rationale,
        programme_id=programme,
        step=command.step,
        kind=state.kind,
        priority=priority,
        departure=command.departure or None,
        asks_patient=state.agreed_at is None,
        warm_handoff=command.new_to_mental_health and state.warm_handoff_at is None,
    )
    if state.agreed_at is None:
        return [accepted]
    # Whoever has agreed, and was looked at again since, is not asked a second time.
    known = state.model_copy(update={"programme_id": programme, "priority": priority})
    return [accepted, *after_agreement(clinic, known, command, state.preferences, None)]


def _redirected(clinic: Clinic, state: ReferralState, command: c.RedirectReferral) -> list[Event]:
    here = clinic.pathway(command.to) is not None and command.to != state.pathway
    if not here and command.to not in clinic.redirects:
        raise Rejected("redirect-unknown", to=command.to)
    if here and command.to in command.taken:
        raise Rejected("already-open", to=command.to)
    return [
        e.ReferralRedirected(
            **_decision(clinic, state, command),
            to=command.to,
            rationale=command.rationale,
            continued_as=command.continued_as if here else None,
            request=continuation(state, command, command.to) if here else None,
        )
    ]

"""What is said on the way to the end: notes to the referrer, cancelling, the outcome, and what is looked at again."""

from datetime import timedelta

from services.referrals.domain.referral import later as n
from services.referrals.domain.referral.choice import after_agreement
from services.referrals.domain.referral.facts import Facts
from services.referrals.domain.referral.saying import ids, triage_due
from services.referrals.domain.referral.state import ReferralState, Status
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command
from shared.contracts.envelope import Event


def decide(clinic: Clinic, state: ReferralState, command: Command, given: Facts) -> list[Event] | None:
    """The events of a command of this part; `None` for any other command."""
    said = ids(state, command)
    acknowledge_by = command.now + timedelta(hours=clinic.clocks.outcome_chase_hours)
    match command:
        case n.NoteProgress():
            noted = command.model_dump(include={"occasion", "quiet_days"})
            return [e.ProgressNoted(**said, **noted, note=command.note or None)]
        case n.RequestCancellation():
            asked = {"reason_code": command.reason_code, "note": command.note or None}
            return [e.CancellationRequested(**said, **asked)]
        case n.TurnDownCancellation():
            return _turned_down(clinic, state, command)
        case n.ConfirmCancellation():
            return [e.ReferralCancelled(**said, reason_code=state.cancel_reason or "other")]
        case n.ReceiveOutcome():
            return [e.OutcomeReceived(**said, summary=command.summary, acknowledge_by=acknowledge_by)]
        case n.SendFindings():
            found = {"findings": command.findings, "recommendation": command.recommendation or None}
            return [e.FindingsSent(**said, **found, acknowledge_by=acknowledge_by)]
        case n.AcknowledgeOutcome():
            return [e.OutcomeAcknowledged(**said)]
        case n.ReopenReferral():
            due = triage_due(clinic, state.priority or e.Priority.ROUTINE, command.now)
            return [e.ReferralReopened(**said, rationale=command.rationale, triage_due=due)]
        case n.EnterInError():
            return [e.EnteredInError(**said, note=command.note)]
        case _:
            return None


def _turned_down(clinic: Clinic, state: ReferralState, command: n.TurnDownCancellation) -> list[Event]:
    """Whoever waited left the line when it was asked to cancel, and joins it again with the same wait."""
    # What was asked before this was kept: it is looked at again, unless treatment has begun.
    looked_at = Status.IN_TREATMENT if state.treatment_started_at else Status.IN_TRIAGE
    before = state.cancel_from or looked_at
    if before not in (Status.WAITLISTED, Status.OFFERED):
        return [e.CancellationTurnedDown(**ids(state, command), back_to=before, rationale=command.rationale)]
    kept = e.CancellationTurnedDown(**ids(state, command), back_to=Status.WAITLISTED, rationale=command.rationale)
    place = clinic.place(state.cancel_place_id) if state.cancel_place_id else None
    return [kept, *after_agreement(clinic, state, command, state.preferences, place.id if place else None)]

"""What a command makes happen to a referral. Who may do what, and when, is in `machine.py`; here is what it says."""

from datetime import timedelta
from typing import Any

from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import machine
from services.referrals.domain.referral.evolve import timers
from services.referrals.domain.referral.screening import readings
from services.referrals.domain.referral.state import ReferralState
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event

ANSWER_GRACE = timedelta(days=1)
"""What triage has after a late answer. An answer in time leaves the due date alone: the patient waited all along."""


def decide(clinic: Clinic, state: ReferralState, command: Command) -> list[Event]:
    """The events of `command`, or `Rejected`."""
    if isinstance(command, TimerDue):
        return _timer_due(clinic, state, command)
    if isinstance(command, c.ReceiveOutcome) and state.outcome_at is not None:
        return []
    machine.check(state, command)
    ids = _ids(state, command)
    match command:
        case c.DraftReferral():
            return [e.ReferralDrafted(**ids, pathway=command.pathway)]
        case c.SubmitReferral():
            return [_submitted(clinic, state, command)]
        case c.AskForInformation():
            return [e.InformationRequested(**ids, question=command.question)]
        case c.ProvideInformation():
            return [_answered(state, command)]
        case c.AcceptReferral():
            programme = command.programme_id or clinic.programmes[0]
            if programme not in clinic.programmes:
                raise Rejected("programme-unknown", programme=programme)
            return [e.ReferralAccepted(**ids, rationale=command.rationale, programme_id=programme, step=command.step)]
        case c.ReturnReferral():
            return [e.ReferralReturned(**ids, rationale=command.rationale)]
        case c.DeclineReferral():
            return [e.ReferralDeclined(**ids, reason_code=command.reason_code, rationale=command.rationale)]
        case c.AgreeReferral():
            return [e.ReferralAgreed(**ids)]
        case c.RecordUndecided():
            return [_undecided(clinic, state, command)]
        case c.WithdrawReferral():
            return [e.ReferralWithdrawn(**ids)]
        case c.ReceiveOutcome():
            chase_after = timedelta(hours=clinic.clocks.outcome_chase_hours)
            return [e.OutcomeReceived(**ids, summary=command.summary, acknowledge_by=command.now + chase_after)]
        case c.AcknowledgeOutcome():
            return [e.OutcomeAcknowledged(**ids)]
        case _:
            raise TypeError(f"a referral does not know {type(command).__name__}")


def _submitted(clinic: Clinic, state: ReferralState, command: c.SubmitReferral) -> Event:
    wait = timedelta(days=clinic.clocks.triage_days[command.priority])
    return e.ReferralSubmitted(
        **_ids(state, command),
        pathway=state.pathway,
        reason=command.reason,
        goal=command.goal,
        priority=command.priority,
        readings=readings(command.answers, command.now),
        triage_due=command.now + wait,
    )


def _answered(state: ReferralState, command: c.ProvideInformation) -> Event:
    due = state.triage_due
    if due is None or due <= command.now:
        due = command.now + ANSWER_GRACE
    return e.InformationProvided(**_ids(state, command), answer=command.answer, triage_due=due)


def _undecided(clinic: Clinic, state: ReferralState, command: c.RecordUndecided) -> Event:
    ask_again_at = command.ask_again_at or command.now + timedelta(days=clinic.clocks.ask_again_days)
    if ask_again_at <= command.now:
        raise Rejected("ask-again-invalid")
    return e.PatientUndecided(
        **_ids(state, command), reason_code=command.reason_code, note=command.note or None, ask_again_at=ask_again_at
    )


def _timer_due(clinic: Clinic, state: ReferralState, command: TimerDue) -> list[Event]:
    due = timers(clinic, state).get(command.name)
    if due is None or due > command.now:
        return []
    ids = _ids(state, command)
    match command.name:
        case "triage":
            return [e.TriageOverdue(**ids, reminder=state.triage_reminders + 1)]
        case "ask-again":
            return [e.PatientAskedAgain(**ids, times=state.asked_again + 1)]
        case _:
            return [e.OutcomeChased(**ids, times=state.chases + 1)]


def _ids(state: ReferralState, command: Command) -> dict[str, Any]:
    of = command if isinstance(command, c.DraftReferral) else state
    return {
        "at": command.now,
        "referral_id": of.referral_id,
        "patient_id": of.patient_id,
        "referrer_id": of.referrer_id,
    }

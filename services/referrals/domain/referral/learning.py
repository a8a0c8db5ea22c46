"""What each event says of a referral, beside its status and its waiting clock."""

from typing import Any

from services.referrals.domain.referral.screening import all_flags, all_readings
from services.referrals.domain.referral.state import Decision, ProgressNote, ReferralState
from shared.contracts import referrals as e
from shared.contracts.envelope import Event

MOST_NOTES = 20
"""A referral is saved whole at every change, so it carries the last few notes; the ledger has them all."""
_TAKEN_ALONG = (
    *("pathway", "kind", "requester", "requester_id", "author_id", "placer"),
    *("attachments", "breached_weeks", "clinician_linked"),
)
_REQUEST = ("reason", "goal", "priority", "readings", "flags", "preferences")


def learned(state: ReferralState, event: e.ReferralEvent) -> dict[str, Any]:
    """The fields that are new."""
    for part in (_request, _triage, _choice, _waiting, _closing):
        found = part(state, event)
        if found is not None:
            return found
    return {}


def _request(state: ReferralState, event: e.ReferralEvent) -> dict[str, Any] | None:
    match event:
        case e.ReferralDrafted():
            return {
                name: getattr(event, name) for name in e.ReferralDrafted.model_fields if name not in ("at", "place_id")
            }
        case e.ReferralSubmitted():
            told = _fields(event, *_REQUEST, "triage_due")
            return {**told, "submitted_at": event.at, "screened_at": event.at, "pathway": event.pathway}
        case e.ReferralContinued():
            told = _fields(event.request, *_REQUEST, *_TAKEN_ALONG)
            told |= _fields(event, "referral_id", "patient_id", "referrer_id", "based_on", "rationale", "triage_due")
            told |= _fields(event, "number", "template_version")
            return {**told, "submitted_at": event.at, "screened_at": event.at}
        case e.AttachmentAdded():
            return {"attachments": (*state.attachments, event.attachment)}
        case e.ClinicianLinked():
            return {"clinician_linked": True}
        case e.InformationRequested():
            asked = {"question": event.question, "answer": None, "answer_due": event.answer_due}
            return {**asked, "answer_reminders": 0, "answer_reminded_at": None}
        case e.InformationOverdue():
            return {"answer_reminders": event.reminder, "answer_reminded_at": event.at}
        case e.InformationProvided():
            return {"answer": event.answer, "triage_due": event.triage_due, "triage_reminded_at": None}
        case _:
            return None


def _triage(state: ReferralState, event: e.ReferralEvent) -> dict[str, Any] | None:
    match event:
        case e.TriageOverdue():
            return {"triage_reminders": event.reminder, "triage_reminded_at": event.at}
        case e.TriageTaken():
            return {"triage_by": event.taken_by}
        case e.PriorityChanged():
            due = {"triage_due": event.triage_due, "triage_reminded_at": None} if event.triage_due else {}
            return {"priority": event.priority, **due}
        case e.ReferralAccepted():
            told = _fields(event, "programme_id", "step", "departure", "warm_handoff")
            decided = _decided(state, event, "accepted", event.step)
            return {**told, **decided, "priority": event.priority or state.priority}
        case e.ReferralReturned():
            return _decided(state, event, "returned")
        case e.ReferralDeclined():
            return {**_decided(state, event, "declined"), "decline_reason": event.reason_code}
        case e.ReferralLapsed():
            return {"decline_reason": "no_answer", "rationale": None, "decided_at": event.at}
        case e.ReferralRedirected():
            told = _decided(state, event, "redirected")
            return {**told, "redirected_to": event.to, "continued_as": event.continued_as}
        case e.ReferralReopened():
            cleared = {"agreed_at": None, "decline_reason": None, "withdrawn_reason": None, "cancel_reason": None}
            return {**cleared, "rationale": event.rationale, **_looked_at_again(event.triage_due)}
        case e.WorseWhileWaiting():
            return {"worse_reasons": event.reasons, **_looked_at_again(event.triage_due)}
        case _:
            return None


def _choice(state: ReferralState, event: e.ReferralEvent) -> dict[str, Any] | None:
    match event:
        case e.WarmHandoffHeld():
            return {"warm_handoff_at": event.at}
        case e.ReferralAgreed():
            begun = {"treatment_started_at": event.at} if event.starts_now else {}
            return {"agreed_at": event.at, "preferences": event.preferences, "asked_again_at": None, **begun}
        case e.PatientUndecided():
            told = {
                "undecided_reason": event.concern or event.reason_code,
                "undecided_note": event.note,
                "contact": event.contact,
            }
            return {**told, "ask_again_at": event.ask_again_at, "asked_again_at": None, "agreed_at": None}
        case e.PatientNotNow():
            told = {"not_now_reason": event.reason_code, "undecided_note": event.note, "agreed_at": None}
            return {**told, "ask_again_at": event.reoffer_at, "asked_again_at": None}
        case e.ReferralReoffered():
            return {"ask_again_at": None, "asked_again_at": None}
        case e.PatientAskedAgain():
            return {"asked_again": event.times, "asked_again_at": event.at}
        case e.ReferralWithdrawn():
            return {"withdrawn_reason": event.reason_code}
        case _:
            return None


def _waiting(state: ReferralState, event: e.ReferralEvent) -> dict[str, Any] | None:
    match event:
        case e.ReferralWaitlisted():
            return {"place_id": event.place_id, "wait": event.wait}
        case e.SeatOffered():
            return {"offer_until": event.offer_until}
        case e.OfferTaken() | e.OfferDeclined():
            return {"offer_until": None}
        case e.OfferLapsed():
            return {"offer_until": None, "lapsed_offers": event.times}
        case e.WaitingBreached():
            return {"breached_weeks": event.weeks}
        case e.RescreenDue():
            return {"rescreens": event.times, "screened_at": event.at, "rescreen_open": True}
        case e.RescreenRecorded():
            later = {"screened_at": event.at, "rescreen_open": False}
            return {**later, "readings": (*state.readings, *event.readings)}
        case e.StepOverdue() if event.step == "warm_handoff":
            return {"warm_handoff_reminders": event.reminder, "warm_handoff_reminded_at": event.at}
        case e.StepOverdue() if event.step == "patient_answer":
            return {"asked_again": event.reminder, "asked_again_at": event.at}
        case e.StepOverdue():
            return {"reminders": event.reminder, "reminded_at": event.at}
        case _:
            return None


def _closing(state: ReferralState, event: e.ReferralEvent) -> dict[str, Any] | None:
    match event:
        case e.AppointmentScheduled():
            return {"appointment": event.appointment, "appointment_reason": None}
        case e.AppointmentMissed():
            return {"missed": state.missed + 1, "appointment_reason": event.reason_code}
        case e.AppointmentCancelled():
            return {"appointment_reason": event.reason_code}
        case e.TreatmentStarted():
            return {"treatment_started_at": event.at, "rescreen_open": False}
        case e.ProgressNoted():
            names = ProgressNote.model_fields.keys() & e.ProgressNoted.model_fields.keys()
            note = ProgressNote(**_fields(event, *names))
            return {"progress": (*state.progress, note)[-MOST_NOTES:]}
        case e.CancellationRequested():
            before = {"cancel_from": state.status, "cancel_place_id": state.place_id}
            return {"cancel_reason": event.reason_code, "cancel_note": event.note, **before}
        case e.CancellationTurnedDown():
            cleared = {"cancel_reason": None, "cancel_note": None, "cancel_from": None, "cancel_place_id": None}
            return {**cleared, "rationale": event.rationale}
        case e.OutcomeReceived():
            return {**_fields(event, "summary", "acknowledge_by"), "outcome_at": event.at}
        case e.FindingsSent():
            told = {"findings": event.findings, "findings_recommendation": event.recommendation}
            return {**told, "acknowledge_by": event.acknowledge_by, "outcome_at": event.at}
        case e.OutcomeChased():
            return {"chases": event.times, "chased_at": event.at}
        case _:
            return None


def _decided(
    state: ReferralState,
    event: e.ReferralAccepted | e.ReferralReturned | e.ReferralDeclined | e.ReferralRedirected,
    outcome: e.TriageOutcome,
    step: int | None = None,
) -> dict[str, Any]:
    decision = Decision(
        outcome=outcome,
        at=event.at,
        step=step,
        readings=all_readings(state),
        priority=state.priority or e.Priority.ROUTINE,
        flags=all_flags(state),
        recommendation=event.recommendation,
    )
    told = _fields(event, "rationale", "recommendation", "decided_by")
    return {**told, "decided_at": event.at, "decision": decision}


def _looked_at_again(triage_due: Any) -> dict[str, Any]:
    return {"triage_due": triage_due, "triage_reminded_at": None, "triage_by": None, "asked_again_at": None}


def _fields(told: Event | e.Continuation, *names: str) -> dict[str, Any]:
    return {name: getattr(told, name) for name in names}

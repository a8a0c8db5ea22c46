"""All that this service listens to, its own aggregates among it: one row for each event, and what follows from it."""

from collections.abc import Sequence

from services.referrals.domain.care_plan.commands import CloseForReferral
from services.referrals.domain.place.commands import (
    ConfirmSeat,
    EntryCommand,
    JoinList,
    Leave,
    LeaveList,
    PauseEntry,
    ReorderEntry,
    ResumeEntry,
    ReturnSeat,
)
from services.referrals.domain.referral.commands import ContinueReferral, DraftReferral
from services.referrals.domain.referral.later import (
    BeginInGroup,
    NoteMissedGroup,
    NoteProgress,
    ReceiveOffer,
    ReceiveOutcome,
)
from shared.contracts import referrals as e
from shared.contracts.envelope import Event
from shared.contracts.interventions import (
    EpisodeFinished,
    EpisodeStepped,
    GroupAbsenceCorrected,
    GroupSessionAttended,
    GroupSessionMissed,
    MeasuresRequested,
    PatientQuiet,
)
from shared.runtime.aggregate import Cause, Reaction, Target, derived_id


def care_plan_of(patient_id: str) -> str:
    """The id of the one care plan of a person."""
    return derived_id("care-plan", patient_id)


# --- what interventions says ---------------------------------------------------------------------------------------


def _receive_outcome(event: EpisodeFinished, cause: Cause) -> Sequence[Target]:
    command = ReceiveOutcome(now=cause.now, actor=cause.actor, summary=event.summary)
    return [Target("referral", event.referral_id, command)]


def _note_middle(event: MeasuresRequested, cause: Cause) -> Sequence[Target]:
    if event.occasion != "middle" or event.referral_id is None:
        return []
    return [Target("referral", event.referral_id, NoteProgress(now=cause.now, actor=cause.actor, occasion="middle"))]


def _note_step(event: EpisodeStepped, cause: Cause) -> Sequence[Target]:
    command = NoteProgress(now=cause.now, actor=cause.actor, occasion="step_change")
    return [Target("referral", event.referral_id, command)]


def _note_quiet(event: PatientQuiet, cause: Cause) -> Sequence[Target]:
    if event.step != "referrer_note" or event.referral_id is None:
        return []
    return [
        Target("referral", event.referral_id, NoteProgress(now=cause.now, actor=cause.actor, quiet_days=event.days))
    ]


def _begin_in_group(event: GroupSessionAttended, cause: Cause) -> Sequence[Target]:
    command = BeginInGroup(now=cause.now, actor=cause.actor, group_id=event.group_id)
    return [Target("referral", event.referral_id, command)]


def _note_missed(event: GroupSessionMissed | GroupAbsenceCorrected, cause: Cause) -> Sequence[Target]:
    """Of those who have not begun: the referrer hears of the first meeting that was missed without a word."""
    if event.told or not event.before_first:
        return []
    told = event.model_dump(include={"group_id", "reason_code"})
    command = NoteMissedGroup(now=cause.now, actor=cause.actor, **told)
    return [Target("referral", event.referral_id, command)]


# --- from a referral to the place where it waits -------------------------------------------------------------------


def _join(event: e.ReferralWaitlisted, cause: Cause) -> Sequence[Target]:
    if event.place_id is None:
        return []
    command = JoinList(
        now=cause.now,
        actor=cause.actor,
        place_id=event.place_id,
        referral_id=event.referral_id,
        patient_id=event.patient_id,
        referrer_id=event.referrer_id,
        priority=event.priority,
        waiting_since=event.waiting_since,
        wait=event.wait,
    )
    return [Target("place", event.place_id, command)]


def _at_place(event: e.ReferralEvent, command: EntryCommand) -> Sequence[Target]:
    return [Target("place", event.place_id, command)] if event.place_id else []


def _pause(event: e.ClockPaused, cause: Cause) -> Sequence[Target]:
    said = {"now": cause.now, "actor": cause.actor, "referral_id": event.referral_id}
    return _at_place(event, PauseEntry(**said, reason_code=event.reason_code))


def _resume(event: e.ClockResumed, cause: Cause) -> Sequence[Target]:
    said = {"now": cause.now, "actor": cause.actor, "referral_id": event.referral_id}
    return _at_place(event, ResumeEntry(**said, waiting_since=event.waiting_since))


def _reorder(event: e.PriorityChanged, cause: Cause) -> Sequence[Target]:
    said = {"now": cause.now, "actor": cause.actor, "referral_id": event.referral_id}
    return _at_place(event, ReorderEntry(**said, priority=event.priority))


def _confirm(event: e.OfferTaken, cause: Cause) -> Sequence[Target]:
    return _at_place(event, ConfirmSeat(now=cause.now, actor=cause.actor, referral_id=event.referral_id))


def _return(event: e.OfferDeclined | e.OfferLapsed, cause: Cause) -> Sequence[Target]:
    reason: e.ReturnReason = "declined" if isinstance(event, e.OfferDeclined) else "lapsed"
    said = {"now": cause.now, "actor": cause.actor, "referral_id": event.referral_id}
    return _at_place(event, ReturnSeat(**said, reason=reason))


def _leave(event: e.ReferralEvent, cause: Cause) -> Sequence[Target]:
    return _at_place(event, Leave(now=cause.now, actor=cause.actor, referral_id=event.referral_id))


def _begun(event: e.TreatmentStarted, cause: Cause) -> Sequence[Target]:
    """Who begins in a group waits no more, and needs no seat of a place. Who begins in one keeps it."""
    return [] if event.group_id is None else _leave(event, cause)


def _leave_list(event: e.CancellationRequested, cause: Cause) -> Sequence[Target]:
    return _at_place(event, LeaveList(now=cause.now, actor=cause.actor, referral_id=event.referral_id))


def _offer(event: e.SeatHeld, cause: Cause) -> Sequence[Target]:
    held = {"place_id": event.place_id, "offer_until": event.hold_until, "wait": event.wait}
    command = ReceiveOffer(now=cause.now, actor=cause.actor, **held)
    return [Target("referral", event.referral_id, command)]


# --- what ends a referral, or begins another -----------------------------------------------------------------------


def _close(event: e.ReferralEvent, cause: Cause) -> Sequence[Target]:
    """What is still open about a referral that has ended is closed with it."""
    command = CloseForReferral(now=cause.now, actor=cause.actor, referral_id=event.referral_id)
    return [Target("care_plan", care_plan_of(event.patient_id), command), *_leave(event, cause)]


def _redirect(event: e.ReferralRedirected, cause: Cause) -> Sequence[Target]:
    if event.continued_as is None or event.request is None:
        return _close(event, cause)
    command = ContinueReferral(
        now=cause.now,
        actor=cause.actor,
        referral_id=event.continued_as,
        patient_id=event.patient_id,
        referrer_id=event.referrer_id,
        based_on=event.referral_id,
        request=event.request,
        rationale=event.rationale or "",
    )
    return [Target("referral", event.continued_as, command), *_close(event, cause)]


def _draft_of_advice(event: e.AdviceConverted, cause: Cause) -> Sequence[Target]:
    command = DraftReferral(
        now=cause.now,
        actor=cause.actor,
        referral_id=event.referral_id,
        patient_id=event.patient_id,
        referrer_id=event.referrer_id,
        advice_id=event.advice_id,
    )
    return [Target("referral", event.referral_id, command)]


REACTIONS: dict[type[Event], Reaction] = {
    EpisodeFinished: _receive_outcome,
    MeasuresRequested: _note_middle,
    EpisodeStepped: _note_step,
    PatientQuiet: _note_quiet,
    GroupSessionAttended: _begin_in_group,
    GroupSessionMissed: _note_missed,
    GroupAbsenceCorrected: _note_missed,
    e.TreatmentStarted: _begun,
    e.ReferralWaitlisted: _join,
    e.ClockPaused: _pause,
    e.ClockResumed: _resume,
    e.PriorityChanged: _reorder,
    e.OfferTaken: _confirm,
    e.OfferDeclined: _return,
    e.OfferLapsed: _return,
    e.SeatHeld: _offer,
    e.PatientUndecided: _leave,
    e.PatientNotNow: _leave,
    e.WorseWhileWaiting: _leave,
    e.CancellationRequested: _leave_list,
    e.OutcomeReceived: _leave,
    e.FindingsSent: _leave,
    e.OutcomeAcknowledged: _close,
    e.ReferralReturned: _close,
    e.ReferralDeclined: _close,
    e.ReferralLapsed: _close,
    e.ReferralWithdrawn: _close,
    e.ReferralCancelled: _close,
    e.EnteredInError: _close,
    e.DraftDiscarded: _close,
    e.ReferralRedirected: _redirect,
    e.AdviceConverted: _draft_of_advice,
}

"""The second half of the referral's state machine: waiting, appointments, notes on the way, cancelling, the end."""

from services.referrals.domain.referral import later as n
from services.referrals.domain.referral import standings as s
from services.referrals.domain.referral.action import Action, Told
from services.referrals.domain.referral.state import Status
from services.referrals.domain.referral.table import AFTER_AGREEMENT, ANYONE, CHOICE, OF_PATIENT, REQUEST, TRIAGE
from shared.contracts import referrals as e
from shared.contracts.commands import Command

_TAKEN = ((e.OfferTaken, e.BookingRequested), (e.OfferTaken, e.TreatmentStarted))

ACCESS: tuple[Action, ...] = (
    Action(
        "receive_offer",
        n.ReceiveOffer,
        (Status.WAITLISTED,),
        ("system",),
        ((e.SeatOffered,), (e.OfferTaken, e.TreatmentStarted)),
        tells=("patient",),
    ),
    Action(
        "take_offer",
        n.TakeOffer,
        (Status.OFFERED,),
        ANYONE,
        _TAKEN,
        guard="offer",
    ),
    Action(
        "decline_offer",
        n.DeclineOffer,
        (Status.OFFERED,),
        ANYONE,
        ((e.OfferDeclined,),),
        tells=("patient",),
        reasons=e.OfferReason,
    ),
    Action(
        "pause",
        n.PauseClock,
        s.AT_A_PLACE,
        ("psychology",),
        ((e.ClockPaused,),),
        reasons=e.PauseReason,
        guard="pause",
    ),
    # What was paused before a meeting was planned can go on after it, too.
    Action(
        "resume",
        n.ResumeClock,
        tuple(dict.fromkeys((*s.AT_A_PLACE, *s.BOOKING))),
        ("psychology",),
        ((e.ClockResumed,),),
        guard="resume",
    ),
    Action(
        "rescreen",
        n.Rescreen,
        (Status.WAITLISTED, Status.OFFERED),
        OF_PATIENT,
        (
            (e.RescreenRecorded,),
            (e.RescreenRecorded, e.RiskAnswerReported),
            (e.RescreenRecorded, e.WorseWhileWaiting),
            (e.RescreenRecorded, e.RiskAnswerReported, e.WorseWhileWaiting),
        ),
        guard="rescreen",
    ),
    Action(
        "schedule",
        n.ScheduleAppointment,
        s.BOOKING,
        ("psychology",),
        ((e.AppointmentScheduled,),),
        tells=("patient", "referrer"),
    ),
    Action(
        "cancel_appointment",
        n.CancelAppointment,
        (Status.SCHEDULED,),
        OF_PATIENT,
        ((e.AppointmentCancelled,),),
        tells=("patient", "referrer", "triage_team"),
        reasons=e.AppointmentEnd,
    ),
    Action(
        "missed",
        n.RecordMissed,
        (Status.SCHEDULED,),
        ("psychology",),
        ((e.AppointmentMissed,),),
        tells=("patient", "referrer"),
        reasons=e.MissedReason,
        guard="after_appointment",
    ),
    Action(
        "attended",
        n.RecordAttended,
        (Status.SCHEDULED, Status.DID_NOT_ATTEND),
        ("psychology",),
        ((e.TreatmentStarted,),),
        tells=("patient", "referrer"),
        guard="after_appointment",
    ),
)

_NOT_BEGUN = tuple(dict.fromkeys((*s.AT_A_PLACE, *s.BOOKING)))

IN_A_GROUP: tuple[Action, ...] = (
    Action(
        "begin_in_group",
        n.BeginInGroup,
        _NOT_BEGUN,
        ("system",),
        ((e.TreatmentStarted,),),
        tells=("patient", "referrer"),
    ),
    Action(
        "note_missed_group",
        n.NoteMissedGroup,
        _NOT_BEGUN,
        ("system",),
        ((e.ProgressNoted,),),
        tells=("referrer",),
    ),
)

CLOSING: tuple[Action, ...] = (
    Action(
        "note_progress",
        n.NoteProgress,
        (Status.IN_TREATMENT,),
        ("psychology", "system"),
        ((e.ProgressNoted,),),
        tells=("referrer",),
    ),
    Action(
        "request_cancellation",
        n.RequestCancellation,
        s.UNDER_WAY,
        ("referrer",),
        ((e.CancellationRequested,),),
        tells=("triage_team",),
        reasons=e.CancelReason,
    ),
    Action(
        "confirm_cancellation",
        n.ConfirmCancellation,
        (Status.CANCELLATION_REQUESTED,),
        ("psychology",),
        ((e.ReferralCancelled,),),
        tells=("referrer", "patient"),
    ),
    Action(
        "turn_down_cancellation",
        n.TurnDownCancellation,
        (Status.CANCELLATION_REQUESTED,),
        ("psychology",),
        ((e.CancellationTurnedDown,), *((e.CancellationTurnedDown, after) for after in AFTER_AGREEMENT)),
        tells=("referrer",),
        demands={"rationale": "rationale-missing"},
        # Who had an offer waits again: their seat went to the next in line.
        back=tuple(status for status in s.UNDER_WAY if status is not Status.OFFERED),
    ),
    # What was finished before psychology confirmed the cancellation is still reported.
    Action(
        "receive_outcome",
        n.ReceiveOutcome,
        (Status.IN_TREATMENT, Status.CANCELLATION_REQUESTED),
        ("system",),
        ((e.OutcomeReceived,),),
        tells=("referrer",),
    ),
    Action(
        "send_findings",
        n.SendFindings,
        (Status.IN_TREATMENT, Status.CANCELLATION_REQUESTED),
        ("psychology",),
        ((e.FindingsSent,),),
        tells=("referrer", "patient"),
        demands={"findings": "findings-missing"},
        guard="findings",
    ),
    Action(
        "acknowledge",
        n.AcknowledgeOutcome,
        (Status.OUTCOME_SENT,),
        ("referrer",),
        ((e.OutcomeAcknowledged,),),
    ),
    Action(
        "reopen",
        n.ReopenReferral,
        s.ENDED_UNTREATED,
        ("psychology",),
        ((e.ReferralReopened,),),
        tells=("referrer", "patient"),
        demands={"rationale": "rationale-missing"},
        guard="reopen",
    ),
    Action(
        "enter_in_error",
        n.EnterInError,
        (*s.UNDER_WAY, Status.CANCELLATION_REQUESTED, *s.ENDED_UNTREATED),
        ("referrer", "psychology"),
        ((e.EnteredInError,),),
        tells=("referrer",),
        demands={"note": "note-missing"},
    ),
)

ACTIONS: tuple[Action, ...] = (*REQUEST, *TRIAGE, *CHOICE, *ACCESS, *IN_A_GROUP, *CLOSING)
ACTION_OF: dict[type[Command], Action] = {action.command: action for action in ACTIONS}

TELLS: dict[type[e.ReferralEvent], tuple[Told, ...]] = {
    # What follows from an action.
    e.RiskAnswerReported: (),
    e.ReferralWaitlisted: ("patient",),
    e.BookingRequested: ("patient", "triage_team"),
    e.TreatmentStarted: ("patient", "referrer"),
    e.WorseWhileWaiting: ("triage_team",),
    # What is said when a wait has ended.
    e.TriageOverdue: ("triage_team",),
    e.InformationOverdue: ("referrer", "triage_team"),
    e.PatientAskedAgain: ("patient",),
    e.ReferralReoffered: ("patient",),
    e.ReferralLapsed: ("referrer", "patient"),
    e.OfferLapsed: ("patient",),
    e.RescreenDue: ("patient",),
    e.WaitingBreached: ("triage_team",),
    e.StepOverdue: ("referrer", "triage_team"),
    e.OutcomeChased: ("referrer",),
}
"""Who gets a message of an event that no action begins with. Some are told of one kind of it only: of an overdue step,
whoever owes it.
"""

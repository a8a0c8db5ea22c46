"""The referral's one state machine, as data: its first half, up to the patient's answer; `table_later.py` has the rest.

Decisions, "what may I do now", the README's diagram and the tests read these tables.
"""

from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import standings as s
from services.referrals.domain.referral.action import Action, Role
from services.referrals.domain.referral.state import Status
from shared.contracts import referrals as e

MOVES: dict[type[e.ReferralEvent], Status] = {
    e.ReferralDrafted: Status.DRAFT,
    e.DraftDiscarded: Status.ENTERED_IN_ERROR,
    e.ReferralSubmitted: Status.SUBMITTED,
    e.ReferralContinued: Status.SUBMITTED,
    e.TriageTaken: Status.IN_TRIAGE,
    e.InformationRequested: Status.INFORMATION_REQUESTED,
    e.InformationProvided: Status.SUBMITTED,
    e.ReferralAccepted: Status.ACCEPTED,
    e.ReferralReturned: Status.RETURNED,
    e.ReferralDeclined: Status.DECLINED,
    e.ReferralLapsed: Status.DECLINED,
    e.ReferralRedirected: Status.REDIRECTED,
    e.PatientUndecided: Status.UNDECIDED,
    e.PatientNotNow: Status.NOT_NOW,
    e.ReferralReoffered: Status.ACCEPTED,
    e.ReferralWaitlisted: Status.WAITLISTED,
    e.SeatOffered: Status.OFFERED,
    e.BookingRequested: Status.AWAITING_BOOKING,
    e.OfferDeclined: Status.WAITLISTED,
    e.OfferLapsed: Status.WAITLISTED,
    e.WorseWhileWaiting: Status.SUBMITTED,
    e.AppointmentScheduled: Status.SCHEDULED,
    e.AppointmentMissed: Status.DID_NOT_ATTEND,
    e.AppointmentCancelled: Status.APPOINTMENT_CANCELLED,
    e.TreatmentStarted: Status.IN_TREATMENT,
    e.ReferralWithdrawn: Status.WITHDRAWN,
    e.CancellationRequested: Status.CANCELLATION_REQUESTED,
    e.ReferralCancelled: Status.CANCELLED,
    e.OutcomeReceived: Status.OUTCOME_SENT,
    e.FindingsSent: Status.OUTCOME_SENT,
    e.OutcomeAcknowledged: Status.LOOP_CLOSED,
    e.ReferralReopened: Status.IN_TRIAGE,
    e.EnteredInError: Status.ENTERED_IN_ERROR,
}
"""Where a referral stands after an event. Events that are not here leave it where it is."""

AFTER_AGREEMENT: tuple[type[e.ReferralEvent], ...] = (e.ReferralWaitlisted, e.BookingRequested, e.TreatmentStarted)
"""Of these, one: it waits for a seat, a meeting is owed, or what needs neither begins."""

_RATIONALE = {"rationale": "rationale-missing"}
ANYONE: tuple[Role, ...] = ("patient", "psychology", "referrer")
OF_PATIENT: tuple[Role, ...] = ("patient", "psychology")
_WITH_A_CHOICE = tuple(dict.fromkeys((*s.AWAITING_PATIENT, *s.AT_A_PLACE, *s.BOOKING)))

REQUEST: tuple[Action, ...] = (
    Action("draft", c.DraftReferral, (None,), ("referrer", "patient", "caregiver", "system"), ((e.ReferralDrafted,),)),
    Action(
        "submit",
        c.SubmitReferral,
        (Status.DRAFT,),
        ("referrer", "patient"),
        ((e.ReferralSubmitted,), (e.ReferralSubmitted, e.RiskAnswerReported)),
        tells=("triage_team", "patient"),
        demands={
            "reason": "reason-missing",
            "goal": "goal-missing",
            "refer_consented": "consent-missing",
            "answers": "measure-missing",
        },
        guard="submit",
    ),
    Action(
        "discard", c.DiscardDraft, (Status.DRAFT,), ("referrer", "patient"), ((e.DraftDiscarded,),), guard="discard"
    ),
    Action("continue", c.ContinueReferral, (None,), ("system",), ((e.ReferralContinued,),), tells=("triage_team",)),
    Action(
        "attach",
        c.AttachToReferral,
        (Status.DRAFT, *s.UNDER_WAY),
        ("referrer", "psychology"),
        ((e.AttachmentAdded,), (e.AttachmentAdded, e.RiskAnswerReported)),
        guard="attach",
    ),
    Action("link", c.LinkClinician, s.UNDER_WAY, ("referrer",), ((e.ClinicianLinked,),), guard="link"),
)

TRIAGE: tuple[Action, ...] = (
    Action("take_on", c.TakeOnTriage, (Status.SUBMITTED,), ("psychology",), ((e.TriageTaken,),)),
    Action(
        "ask",
        c.AskForInformation,
        (Status.SUBMITTED, Status.IN_TRIAGE),
        ("psychology",),
        ((e.InformationRequested,),),
        tells=("referrer",),
        demands={"question": "question-missing"},
    ),
    Action(
        "answer",
        c.ProvideInformation,
        (Status.INFORMATION_REQUESTED,),
        ("referrer",),
        ((e.InformationProvided,),),
        tells=("triage_team",),
        demands={"answer": "answer-missing"},
    ),
    Action(
        "prioritise",
        c.ChangePriority,
        s.BEFORE_TREATMENT,
        ("psychology",),
        ((e.PriorityChanged,),),
        tells=("referrer",),
        demands=_RATIONALE,
    ),
    # Triage may decide without the answer: a question that nobody answers must not hold a patient for ever.
    Action(
        "accept",
        c.AcceptReferral,
        s.AWAITING_TRIAGE,
        ("psychology",),
        ((e.ReferralAccepted,), *((e.ReferralAccepted, after) for after in AFTER_AGREEMENT)),
        tells=("patient", "referrer", "triage_team"),
        demands=_RATIONALE,
        guard="accept",
    ),
    Action(
        "return",
        c.ReturnReferral,
        s.AWAITING_TRIAGE,
        ("psychology",),
        ((e.ReferralReturned,),),
        tells=("referrer", "patient"),
        demands=_RATIONALE,
    ),
    Action(
        "decline",
        c.DeclineReferral,
        s.BEFORE_TREATMENT,
        ("psychology",),
        ((e.ReferralDeclined,),),
        tells=("referrer", "patient"),
        demands=_RATIONALE,
        reasons=e.DeclineReason,
    ),
    Action(
        "redirect",
        c.RedirectReferral,
        s.BEFORE_TREATMENT,
        ("psychology",),
        ((e.ReferralRedirected,),),
        tells=("referrer", "patient"),
        demands=_RATIONALE,
    ),
)

CHOICE: tuple[Action, ...] = (
    Action(
        "agree",
        c.AgreeReferral,
        s.AWAITING_PATIENT,
        ANYONE,
        tuple((e.ReferralAgreed, after) for after in AFTER_AGREEMENT),
        tells=("referrer",),
    ),
    Action(
        "undecided",
        c.RecordUndecided,
        _WITH_A_CHOICE,
        ANYONE,
        ((e.PatientUndecided,),),
        tells=("patient",),
        reasons=e.Hesitation,
    ),
    Action(
        "not_now",
        c.RecordNotNow,
        _WITH_A_CHOICE,
        ANYONE,
        ((e.PatientNotNow,),),
        tells=("patient", "referrer"),
        reasons=e.NotNowReason,
    ),
    Action(
        "warm_handoff",
        c.HoldWarmHandoff,
        s.BEFORE_TREATMENT,
        ("psychology",),
        ((e.WarmHandoffHeld,),),
        guard="warm_handoff",
    ),
    Action(
        "withdraw",
        c.WithdrawReferral,
        (*s.UNDER_WAY, Status.CANCELLATION_REQUESTED),
        OF_PATIENT,
        ((e.ReferralWithdrawn,),),
        tells=("referrer", "patient", "triage_team"),
        reasons=e.NoReason,
    ),
)

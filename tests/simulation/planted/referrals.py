"""The referral: who may do what and when, reminders, consents."""

from tests.simulation.planted.fault import Planted

_MACHINE = "services.referrals.domain.referral.machine"
_TIMERS = "services.referrals.domain.referral.timers"

FAULTS = (
    Planted(
        "everything-offered",
        "",
        _MACHINE,
        "why_not = _why_not(action, state, role, own)\n",
        "why_not = None\n",
        "buttons are shown that do not work",
    ),
    Planted(
        "nothing-barred",
        "",
        _MACHINE,
        'return None if state.status in action.sources else "wrong-status"',
        "return None",
        "a referral is accepted, declined and agreed in any order",
    ),
    Planted(
        "referred-without-consent",
        "",
        "services.referrals.domain.referral.table",
        # The demand bars the step, the guard its button: with one alone, nobody is referred who does not agree.
        '            "refer_consented": "consent-missing",\n            "answers": "measure-missing",\n        },\n'
        '        guard="submit",\n',
        '            "answers": "measure-missing",\n        },\n',
        "a person is referred who does not agree to it",
    ),
    Planted(
        "clock-stops-at-a-question",
        "",
        _TIMERS,
        "if state.status not in s.AWAITING_TRIAGE:",
        "if state.status is not Status.SUBMITTED:",
        "a question that nobody answers holds a patient for ever",
    ),
    Planted(
        "never-asked-again",
        "",
        _TIMERS,
        "    if state.status is Status.UNDECIDED:\n        first",
        "    if False:\n        first",
        "whoever needed time is forgotten",
    ),
    Planted(
        "outcome-never-chased",
        "",
        _TIMERS,
        "if state.status is not Status.OUTCOME_SENT:",
        "if True:",
        "an outcome that nobody reads is forgotten",
    ),
    Planted(
        "reminded-once",
        "",
        _TIMERS,
        "return due if due is None or said_at is None else said_at + every",
        "return due if said_at is None else None",
        "after one reminder nobody is reminded again",
    ),
    Planted(
        "undecided-is-withdrawn",
        "",
        "services.referrals.domain.referral.standings",
        "AWAITING_PATIENT = (Status.ACCEPTED, Status.UNDECIDED, Status.NOT_NOW)",
        "AWAITING_PATIENT = (Status.ACCEPTED, Status.NOT_NOW)",
        "whoever hesitated cannot agree any more",
    ),
    Planted(
        "outcome-not-received",
        "",
        "services.referrals.reactions",
        "    EpisodeFinished: _receive_outcome,\n",
        "",
        "the referrer never hears how it ended",
    ),
    Planted(
        "outcome-of-a-withdrawn-referral",
        "",
        "services.referrals.domain.referral.table_later",
        "        n.ReceiveOutcome,\n        (Status.IN_TREATMENT, Status.CANCELLATION_REQUESTED),",
        "        n.ReceiveOutcome,\n        tuple(Status),",
        "a withdrawn referral comes back to life",
    ),
    Planted(
        "triage-due-never-moves",
        "",
        "services.referrals.domain.referral.learning",
        '{"answer": event.answer, "triage_due": event.triage_due, "triage_reminded_at": None}',
        '{"answer": event.answer, "triage_reminded_at": None}',
        "after an answer the old date counts",
    ),
    Planted(
        "consent-withdrawn-in-words-only",
        "",
        "services.referrals.domain.patient.record",
        "return state.model_copy(update=left)",
        "return state",
        "a consent that was taken back still counts",
    ),
    Planted(
        "caregivers-not-told-of-the-end",
        "",
        "services.referrals.domain.patient.record",
        "return caregiver_ids(state) if scope is ConsentScope.CAREGIVER else ()",
        "return ()",
        "a caregiver's agenda never hears that the consent has ended",
    ),
)

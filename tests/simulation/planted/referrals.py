"""The referral: who may do what and when, reminders, consents."""

from tests.simulation.planted.fault import Planted

_MACHINE = "services.referrals.domain.referral.machine"
_EVOLVE = "services.referrals.domain.referral.evolve"
_DECIDE = "services.referrals.domain.referral.decide"

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
        _MACHINE,
        '            "refer_consented": "consent-missing",\n',
        "",
        "a person is referred who does not agree to it",
    ),
    Planted(
        "clock-stops-at-a-question",
        "",
        _EVOLVE,
        "if state.status in machine.AWAITING_TRIAGE:",
        "if state.status is Status.SUBMITTED:",
        "a question that nobody answers holds a patient for ever",
    ),
    Planted(
        "never-asked-again",
        "",
        _EVOLVE,
        "if state.status is Status.UNDECIDED:",
        "if False:",
        "whoever needed time is forgotten",
    ),
    Planted(
        "outcome-never-chased",
        "",
        _EVOLVE,
        "if state.status is Status.OUTCOME_SENT:",
        "if False:",
        "an outcome that nobody reads is forgotten",
    ),
    Planted(
        "reminded-once",
        "",
        _EVOLVE,
        "return {name: due if said_at is None else said_at + every}",
        "return {name: due} if said_at is None else {}",
        "after one reminder nobody is reminded again",
    ),
    Planted(
        "undecided-is-withdrawn",
        "",
        _MACHINE,
        "AWAITING_PATIENT = (Status.ACCEPTED, Status.UNDECIDED)",
        "AWAITING_PATIENT = (Status.ACCEPTED,)",
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
        _MACHINE,
        "        (Status.IN_TREATMENT,),\n        Status.OUTCOME_SENT,",
        "        tuple(Status),\n        Status.OUTCOME_SENT,",
        "a withdrawn referral comes back to life",
    ),
    Planted(
        "triage-due-never-moves",
        "",
        _EVOLVE,
        '"triage_due": event.triage_due, "triage_reminded_at": None}',
        '"triage_reminded_at": None}',
        "after an answer the old date counts",
    ),
    Planted(
        "consent-withdrawn-in-words-only",
        "",
        "services.referrals.domain.patient.record",
        'return state.model_copy(update={"consents": _without(state, event.scope)})',
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

"""Who may see and change what."""

from tests.simulation.planted.fault import Planted

_HTTP = "shared.runtime.http"
_REFERRALS = "services.referrals.access"
_INTERVENTIONS = "services.interventions.access"
_NOTIFICATIONS = "services.notifications.access"

FAULTS = (
    Planted(
        "every-door-open-to-readers",
        "",
        _HTTP,
        "if not may(standing(found.state), found.state):",
        "if False:",
        "whoever knows an id may read",
    ),
    Planted(
        "every-door-open-to-writers",
        "",
        _HTTP,
        "lambda state: may(user, state)",
        "lambda state: True",
        "whoever knows an id may change",
    ),
    Planted(
        "if-match-ignored",
        "",
        "shared.runtime.core",
        "if origin.expected is not None and document.version != origin.expected:",
        "if False:",
        "a change is made by somebody who has not seen the one before it",
    ),
    Planted(
        "ledger-open-to-patients",
        "",
        "shared.runtime.routes",
        'subject: str, above: int = 0, limit: int = Query(200, ge=1, le=500), caller: Caller = allow("service")',
        "subject: str, above: int = 0, limit: int = Query(200, ge=1, le=500),"
        ' caller: Caller = allow("service", "patient", "caregiver", "referrer")',
        "anybody reads the whole history of anybody",
        unseen="There are two doors, the role and the table of rights, and the other one is still closed.",
    ),
    Planted(
        "every-patient-shown",
        "",
        _REFERRALS,
        "return _READ.lets(to_patient(user, patient))",
        "return True",
        "records of other people's patients are shown",
    ),
    Planted(
        "same-role-is-enough",
        "",
        _REFERRALS,
        'if user.role == "referrer" and user.id and user.id == patient.registered_by:',
        'if user.role == "referrer":',
        "any referrer is taken for the right one",
    ),
    Planted(
        "every-referral-shown",
        "",
        _REFERRALS,
        "return _REFERRAL.lets(to_referral(user, referral))",
        "return True",
        "other people's referrals are shown",
    ),
    Planted(
        "outcome-shown-without-consent",
        "",
        _REFERRALS,
        'return _OUTCOME.lets({*stands, "not-shared-back"} if hidden else stands)',
        "return _OUTCOME.lets(stands)",
        "the referrer reads what the patient does not share",
    ),
    Planted(
        "caregiver-shown-without-consent",
        "",
        "services.referrals.domain.patient.caregivers",
        'known.status == "accepted" and e.ConsentScope.CAREGIVER in state.consents',
        'known.status == "accepted"',
        "a caregiver sees somebody who does not agree to it",
    ),
    Planted(
        "every-treatment-shown",
        "",
        "shared.policy.who",
        'if user.role == "patient" and patient_id and user.id == patient_id:',
        'if user.role == "patient":',
        "a patient reads another's treatment",
    ),
    Planted(
        "every-course-shown-to-patients",
        "",
        _INTERVENTIONS,
        "return _TIMELINE.lets(of_patient(caller.user, patient_id))",
        "return True",
        "a patient reads what happened in another's treatment",
    ),
    Planted(
        "every-inbox-open",
        "",
        _NOTIFICATIONS,
        "return _LIST.lets(of_owner(user, recipient_id))",
        "return True",
        "anybody reads anybody's messages",
    ),
    Planted(
        "every-plan-of-messages-open",
        "",
        _NOTIFICATIONS,
        "return _TIMELINE.lets(of_patient(caller.user, patient_id))",
        "return True",
        "a patient reads what another was told",
    ),
    Planted(
        "alerts-open-to-everybody",
        "",
        "services.interventions.api.alerts",
        'alert_id: str, body: TakingOn | None = None, caller: Caller = allow("psychology")',
        'alert_id: str, body: TakingOn | None = None, caller: Caller = allow("psychology", "patient", "referrer")',
        "an alert is taken on by somebody who is not of the team",
        unseen="There are two doors, the role and `access.py`, and the other one is still closed.",
    ),
    Planted(
        "referral-list-unfiltered",
        "",
        "services.referrals.api.patients",
        'where = {"registered_by": caller.user.id} if caller.user.role == "referrer" else {}',
        "where: dict[str, str] = {}",
        "a referrer's list is made from everybody's patients",
        unseen="There are two filters, the query and `access.py`, and the other one still works.",
    ),
)

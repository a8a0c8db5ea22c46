"""What must be true of messages: who was to be told was told once, and everything that was planned came to an end."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from services.notifications import policy
from services.notifications.domain.state import CONFIRM, SIGN_IN
from shared.contracts import interventions as i
from shared.contracts import notifications as n
from shared.contracts import referrals as r
from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.envelope import Event
from shared.contracts.interventions import circle as c
from shared.contracts.on_call import duties
from shared.contracts.reach import MessageLeftUnread, ReachChosen
from shared.runtime.store.port import Json
from tests.simulation.clinic import Clinic
from tests.simulation.fates import check_agenda
from tests.simulation.record import said
from tests.simulation.words import check_wordings

_MUST_HEAR: dict[type[Event], str] = {
    r.ReferralSubmitted: "triage_team",
    r.TriageOverdue: "triage_team",
    r.InformationRequested: "referrer",
    r.ReferralAccepted: "referrer",
    r.ReferralReturned: "referrer",
    r.ReferralDeclined: "referrer",
    r.ReferralWithdrawn: "referrer",
    r.OutcomeReceived: "referrer",
    i.RiskAlertRaised: "risk_ladder",
    i.RiskAlertEscalated: "risk_ladder",
    MessageLeftUnread: "triage_team",
}
"""Said again, beside the policy, which may lose a row: who hears of what. What is about danger waits for no morning."""

_REMINDERS: dict[type[Event], str] = {
    r.AppointmentScheduled: "meeting_reminder",
    i.GroupSeatGiven: "group_reminder",
    i.GroupMeetsSoon: "group_reminder",
    i.GroupSessionMoved: "group_reminder",
    c.CircleMeetingPlanned: "circle_reminder",
    c.CircleMeetingJoined: "circle_reminder",
    c.CircleMeetingMoved: "circle_reminder",
}
"""Said again as well. There is none where what tells the date is its own reminder."""
_NEAR = timedelta(hours=24 + 12 + 24)
"""What is told earlier than this is no reminder, by the clinic's file and what quiet hours and wrong clocks may add."""

Plan = tuple[str, str, str]
"""Recipient, cause and template."""
Permission = tuple[str, str, str]
"""Recipient, patient and scope."""


def _codes(clinic: Clinic) -> Counter[Plan]:
    """Each number or name that is new gets a code, because the person chose it."""
    chosen = clinic.record.of_type(ReachChosen)
    return Counter((event.recipient_id, entry["actor"], CONFIRM) for entry, event in chosen for _ in event.unconfirmed)


def check_messages(clinic: Clinic) -> None:
    """Blame whatever was planned too little, too much, or has no end."""
    record = clinic.record
    planned: Counter[Plan] = Counter()
    for _, event in record.of_type(n.MessagePlanned):
        # A link to sign in follows from no event: whoever knows an address may ask for one.
        planned[event.recipient_id, event.cause, event.template] += event.template != SIGN_IN
    expected = _expected(clinic) + _codes(clinic)
    for plan in expected - planned:
        if plan[2] not in _REMINDERS.values():
            record.blame(f"{plan[0]} was not told: {plan[2]}")
    for plan in planned - expected:
        record.blame(f"{plan[0]} was told what they need not hear: {plan[2]}")
    _check_hearing(clinic)
    _check_reminders(clinic, planned)
    check_wordings(record)
    allowed = _allowed(clinic)
    for history in record.events.values():
        if history[0]["subject"].startswith("agenda-"):
            check_agenda(clinic, history)
            _check_permissions(clinic, history, allowed)
            _check_caregivers(clinic, history)


def _check_hearing(clinic: Clinic) -> None:
    told = {(event.recipient_id, event.cause): event for _, event in clinic.record.of_type(n.MessagePlanned)}
    for kind, audience in _MUST_HEAR.items():
        for entry, event in clinic.record.of_type(kind):
            for person in _people(clinic, audience, event):
                message = told.get((person, entry["id"]))
                if message is None:
                    clinic.record.blame(f"{person} must hear of {kind.TYPE}, and did not")
                elif audience == "risk_ladder" and not message.critical:
                    clinic.record.blame(f"{message.template} to {person} would wait for the morning")


def _check_reminders(clinic: Clinic, planned: Counter[Plan]) -> None:
    """Each of a meeting is reminded of it, unless it is near: then they were told the date shortly before."""
    told: dict[tuple[str, str], datetime] = {}
    for _, event in clinic.record.of_type(n.MessagePlanned):
        if event.template not in _REMINDERS.values():
            for value in event.parameters.values():
                told[event.recipient_id, str(value)] = event.send_at
    for kind, template in _REMINDERS.items():
        for entry, event in clinic.record.of_type(kind):
            begins = _begins(event)
            if begins is None or begins - event.at < timedelta(hours=24):
                continue
            for person in _people(clinic, "members" if hasattr(event, "patient_ids") else "patient", event):
                last = told.get((person, begins.isoformat()))
                is_told = last is not None and last > begins - _NEAR
                if not planned[person, entry["id"], template] and not is_told:
                    clinic.record.blame(f"{person} is not reminded by {kind.TYPE} of a meeting on {begins}")


def _begins(event: Any) -> datetime | None:
    """When the meeting begins of which this event reminds."""
    match event:
        case r.AppointmentScheduled():
            return event.appointment.at
        case i.GroupSeatGiven():
            return event.next_session_at if event.near else None
        case i.GroupSessionMoved():
            return event.moved_to if event.near else None
        case i.GroupMeetsSoon():
            return event.session_at
    moment: datetime = event.meet_at
    return moment


def _allowed(clinic: Clinic) -> set[Permission]:
    """What patients agree to now, for themselves and for those whom they name."""
    found: set[Permission] = set()
    for history in clinic.record.events.values():
        patient = history[0]["subject"]
        if patient.startswith("patient-"):
            consents, caregivers, shared = set[str](), set[str](), set[tuple[str, str]]()
            for event in map(said, history):
                match event:
                    case r.ConsentGiven() | r.ConsentWithdrawn():
                        (consents.add if isinstance(event, r.ConsentGiven) else consents.discard)(event.scope.value)
                    case r.CaregiverLinked() | r.CaregiverUnlinked():
                        change = caregivers.add if isinstance(event, r.CaregiverLinked) else caregivers.discard
                        change(event.caregiver_id)
                    case r.CaregiverEvent():
                        _share(shared, event)
            found |= {(caregiver, patient, scope) for caregiver, scope in shared}
            found |= {(patient, patient, scope) for scope in consents}
            if "caregiver" in consents:
                found |= {(caregiver, patient, "caregiver") for caregiver in caregivers}
    return found


def _share(shared: set[tuple[str, str]], event: r.CaregiverEvent) -> None:
    """What is open to caregivers, and whether they wish for e-mail."""
    match event:
        case r.ScopeOpened():
            shared.add((event.caregiver_id, f"caregiver:{event.scope}"))
        case r.ScopeClosed():
            shared.discard((event.caregiver_id, f"caregiver:{event.scope}"))
        case r.CaregiverAccepted() | r.CaregiverPreferencesChanged() | r.CaregiverLeft():
            wished = getattr(event, "email", False)
            (shared.add if wished else shared.discard)((event.caregiver_id, "caregiver-email"))


def _check_permissions(clinic: Clinic, history: list[Json], allowed: set[Permission]) -> None:
    """An agenda goes by the consents that stand. What concerns somebody erased reaches nobody any more."""
    known: dict[Permission, bool] = {}
    for event in map(said, history):
        if isinstance(event, n.PermissionChanged):
            known[event.recipient_id, event.about, event.scope] = event.granted
    for permission, granted in known.items():
        if granted != (permission in allowed) and permission[1] not in clinic.record.erasing:
            clinic.record.blame(f"{permission[0]} goes by {permission[2]} of {permission[1]}: {granted}, which is past")


def _check_caregivers(clinic: Clinic, history: list[Json]) -> None:
    """The patient's agenda passes on only what the patient lets it, to those whom the patient names."""
    consented, named = False, set[str]()
    for event in map(said, history):
        match event:
            case n.PermissionChanged() if (event.about, event.scope) == (event.recipient_id, "caregiver"):
                consented = event.granted
            case n.CaregiverKnown():
                (named.add if event.linked else named.discard)(event.caregiver_id)
            case n.CaregiverMessageDue() if not consented or event.caregiver_id not in named:
                clinic.record.blame(
                    f"{event.template} to {event.caregiver_id}, which {event.recipient_id} does not allow"
                )


def _expected(clinic: Clinic) -> Counter[Plan]:
    """By the policy, from everything that happened. Caregivers are told by the patient's agenda."""
    found: Counter[Plan] = Counter()
    told: set[tuple[str, str]] = set()
    for history in clinic.record.events.values():
        for entry in history:
            kind = EVENT_TYPES[entry["type"]]
            if kind is n.CaregiverMessageDue:
                due: Any = said(entry)
                found[due.caregiver_id, due.cause, due.template] += 1
            if kind is n.CallFailed:
                found += _called_instead(clinic, said(entry), entry["id"], told)
            elif kind in policy.RULES:
                event = said(entry)
                for rule in policy.rules_for(event):
                    for person in _people(clinic, rule.to, event):
                        found[person, entry["id"], rule.template] += 1
    return found


def _called_instead(clinic: Clinic, event: n.CallFailed, id: str, told: set[tuple[str, str]]) -> Counter[Plan]:
    """The next on duty; and operators, once for what it is about and whom it did not reach."""
    ours = clinic.settings.clinic
    plans: Counter[Plan] = Counter()
    if (event.topic, event.recipient_id) not in told:
        told.add((event.topic, event.recipient_id))
        plans.update((person, id, "call_failed") for person in _people(clinic, "operators", event))
    ladder = duties(ours, event.fact_at)
    above = ladder[ladder.index(event.recipient_id) + 1 :] if event.recipient_id in ladder else ladder
    plans.update((person, id, event.template) for person in above[:1])
    return plans


def _people(clinic: Clinic, audience: str, event: Any) -> tuple[str, ...]:
    ours = clinic.settings.clinic
    match audience:
        case "patient":
            return (event.patient_id,)
        case "referrer":
            return (event.referrer_id,)
        case "triage_team":
            return ours.triage_team
        case "asked":
            return (event.referrer_id,) if event.asked_of == "pain" else ours.triage_team
        case "asker":
            return (event.asked_by,)
        case "patient_performer":
            return (event.patient_id,) if event.performer == "patient" else ()
        case "operators":
            return tuple(member.id for member in ours.staff if member.role == "operator")
        case "risk_ladder":
            if named := getattr(event, "called", None):
                return (named,)
            ladder = duties(ours, event.at)
            return (ladder[min(getattr(event, "level", 0), len(ladder) - 1)],)
        case "caregiver":
            return (event.caregiver_id,)
        case "members":
            waiting = getattr(event, "reserve_ids", ())
            return tuple(one for one in dict.fromkeys(event.patient_ids) if one not in waiting)
        case "reserves":
            return tuple(getattr(event, "reserve_ids", ()))
        case "coordinators":
            return ours.coordinators
        case "supervisor":
            coordinates = getattr(event, "circles", None) and event.supervisor_id in ours.coordinators
            return () if coordinates else (event.supervisor_id,)
        case "facilitators":
            leading = event.facilitators if hasattr(event, "facilitators") else (event.comes, event.leaves)
            return tuple(one for one in leading if one != getattr(event, "decided_by", None))
        case "organisers":
            return tuple(dict.fromkeys((*ours.coordinators, *event.facilitators)))
        case "told":
            return tuple(event.tell if hasattr(event, "tell") else event.told)
        case "clinician_performer":
            is_clinician = event.performer in ("pain", "psychology") and event.performer_id is not None
            own = event.performer_id == getattr(event, "planned_by", None)
            return (event.performer_id,) if is_clinician and not own else ()
        case "caregivers":
            # They are told by the patient's agenda, each by an event of their own.
            return ()
        case _:
            raise ValueError(f"nobody here knows who {audience} are")

"""What must be true of messages: who was to be told was told once, and everything that was planned came to an end."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from services.notifications import policy
from services.notifications.domain.sending import ATTEMPTS
from services.notifications.domain.state import covers
from shared.contracts import interventions as i
from shared.contracts import notifications as n
from shared.contracts import referrals as r
from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.envelope import Event
from shared.runtime.store.port import Json
from tests.simulation.clinic import Clinic
from tests.simulation.loop import START
from tests.simulation.record import said

_PROMPTLY = 60.0
_SETTLED_WITHIN = 60.0
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
}
"""Said again, beside the policy, which may lose a row: who hears of what. What is about danger waits for no morning."""

Plan = tuple[str, str, str]
"""Recipient, cause and template."""
Permission = tuple[str, str, str]
"""Recipient, patient and scope."""


def check_messages(clinic: Clinic) -> None:
    """Blame whatever was planned too little, too much, or has no end."""
    record = clinic.record
    planned: Counter[Plan] = Counter()
    for _, event in record.of_type(n.MessagePlanned):
        planned[event.recipient_id, event.cause, event.template] += 1
    expected = _expected(clinic)
    for plan in expected - planned:
        record.blame(f"{plan[0]} was not told: {plan[2]}")
    for plan in planned - expected:
        record.blame(f"{plan[0]} was told what they need not hear: {plan[2]}")
    _check_hearing(clinic)
    allowed = _allowed(clinic)
    for history in record.events.values():
        if history[0]["subject"].startswith("agenda-"):
            _check_agenda(clinic, history)
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
    for history in clinic.record.events.values():
        for entry in history:
            kind = EVENT_TYPES[entry["type"]]
            if kind is n.CaregiverMessageDue:
                due: Any = said(entry)
                found[due.caregiver_id, due.cause, due.template] += 1
            if kind in policy.RULES:
                event = said(entry)
                for rule in policy.rules_for(event):
                    for person in _people(clinic, rule.to, event):
                        found[person, entry["id"], rule.template] += 1
    return found


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
        case "risk_ladder":
            level = getattr(event, "level", 0)
            return (ours.risk_ladder[min(level, len(ours.risk_ladder) - 1)],)
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


class _Fate:
    """What became of one message so far."""

    def __init__(self, planned: n.MessagePlanned) -> None:
        self.planned = planned
        self.status = "queued"
        self.due = planned.send_at
        self.settle_by: datetime | None = None
        self.possibly_sent = False
        self.attempt = 0
        self.known_at = 0.0


def _check_agenda(clinic: Clinic, history: list[Json]) -> None:
    fates: dict[str, _Fate] = {}
    settled: list[tuple[str, datetime]] = []
    for entry in history:
        event = said(entry)
        if isinstance(event, n.TopicSettled):
            settled.append((event.topic, event.fact_at or event.at))
        if isinstance(event, n.MessagePlanned):
            if event.message_id in fates:
                clinic.record.blame(f"{event.template} to {event.recipient_id} was planned twice")
            fates[event.message_id] = _Fate(event)
            fates[event.message_id].known_at = clinic.record.stored_at[entry["id"]]
        elif (id := getattr(event, "message_id", None)) is not None:
            _follow(clinic, fates[id], event, settled)
            _check_haste(clinic, fates[id], event, clinic.record.stored_at[entry["id"]])
    now = START + timedelta(seconds=clinic.loop.time())
    for id, fate in fates.items():
        _check_end(clinic, id, fate, now)


def _follow(clinic: Clinic, fate: _Fate, event: Event, settled: list[tuple[str, datetime]]) -> None:
    name = f"{fate.planned.template} to {fate.planned.recipient_id}"
    since = fate.planned.fact_at or fate.planned.at
    is_settled = any(covers(topic, fate.planned.topic) and since <= up_to for topic, up_to in settled)
    match event:
        case n.MessageClaimed():
            if event.at < fate.due and fate.status == "queued":
                clinic.record.blame(f"{name} was sent before its time")
            if is_settled:
                clinic.record.blame(f"{name} was sent after its matter was settled")
            fate.possibly_sent = fate.possibly_sent or fate.status == "sending"
            fate.status, fate.settle_by, fate.attempt = "sending", event.settle_by, event.attempt
        case n.MessagePostponed():
            fate.due = event.send_at
        case n.MessageDropped():
            fate.status = "dropped"
        case n.MessageSent():
            fate.status, fate.possibly_sent = "sent", False
        case n.MessageFailed() if event.retry_at is not None:
            fate.status, fate.due = "queued", event.retry_at
        case n.MessageFailed():
            # To staff, whose consent is not needed, an alarm that still matters is sent until it is known to be sent.
            matters = fate.planned.critical and fate.planned.needs is None and not is_settled
            may_end = event.failure == "permanent" or (event.possibly_sent and not matters)
            if not may_end and fate.attempt < ATTEMPTS:
                clinic.record.blame(f"{name} was given up after attempt {fate.attempt}")
            fate.status, fate.possibly_sent = "failed", event.possibly_sent or fate.possibly_sent


def _check_haste(clinic: Clinic, fate: _Fate, event: Event, at: float) -> None:
    """A message about danger is on its way within a minute, unless something is amiss."""
    late = at - fate.known_at > _PROMPTLY and clinic.troubles.calm(fate.known_at, at)
    if isinstance(event, n.MessageClaimed) and event.attempt == 1 and fate.planned.critical and late:
        clinic.record.blame(f"{fate.planned.template} waited {at - fate.known_at:.0f} s on a calm day")


def _was_calm(clinic: Clinic, id: str) -> bool:
    """Whether nothing was amiss around the moments at which the message was taken."""
    taken = clinic.mail.taken_at[id]
    return clinic.troubles.calm(taken[0], taken[-1] + _SETTLED_WITHIN)


def _check_end(clinic: Clinic, id: str, fate: _Fate, now: datetime) -> None:
    name = f"{fate.planned.template} to {fate.planned.recipient_id}"
    late = timedelta(minutes=12)
    if fate.status == "queued" and fate.due + late < now:
        clinic.record.blame(f"{name} was due at {fate.due}, and waits still")
    if fate.status == "sending" and (fate.settle_by is None or fate.settle_by + late < now):
        clinic.record.blame(f"{name} is being sent for ever")
    times = len(clinic.mail.taken_at.get(id, ()))
    if fate.status == "sent" and not times:
        clinic.record.blame(f"{name} counts as sent, but never went out")
    if times and fate.status == "failed" and _was_calm(clinic, id):
        clinic.record.blame(f"{name} went out on a calm day, and does not count as sent")
    if times and fate.status != "sending" and fate.status != "sent" and not fate.possibly_sent:
        clinic.record.blame(f"{name} went out, but counts as {fate.status}")

"""Those whom a patient trusts: invited, then accepted or not; and what the patient opens to each of them, until when.

Nothing is open by default. Whatever is asked is asked of this record alone, so that taking it back acts at once.
"""

from datetime import datetime, time, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

from services.referrals.domain.patient import commands as c
from services.referrals.domain.patient.evolve_caregivers import link
from services.referrals.domain.patient.state import Caregiver, PatientState
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic
from shared.contracts.clinic_together import Caregivers
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event

MOST_CAREGIVERS = 3
INVITATION, SCOPE = "invitation:", "scope:"
_LINKED = ("caregiver_id", "name", "email", "relationship", "language", "time_zone")


def decide(clinic: Clinic, state: PatientState, command: Command) -> list[Event] | None:
    """The events of a command of this part; `None` for any other command. Raises `Rejected`."""
    settings = clinic.together.caregivers
    match command:
        case c.LinkCaregiver():
            return _link(settings, state, command)
        case c.UnlinkCaregiver():
            known = find(state, command.caregiver_id)
            if known is None:
                return []
            gone = e.CaregiverUnlinked(at=command.now, patient_id=state.patient_id, caregiver_id=command.caregiver_id)
            return [*closed(state, known, command, "unlinked"), gone]
        case c.AnswerCaregiver():
            return _answer(state, command)
        case c.ChangeCaregiverPreferences():
            return _preferences(state, command)
        case c.LeaveAsCaregiver():
            known = _accepted(state, command.caregiver_id)
            return [*closed(state, known, command, "left"), e.CaregiverLeft(**_of(state, known, command))]
        case c.NoteYoungCarer():
            known = _named(state, command.caregiver_id)
            return _note_young(settings, state, known, command)
        case c.OpenScope():
            return _open(clinic, state, command)
        case c.CloseScope():
            known = _named(state, command.caregiver_id)
            return [one for one in closed(state, known, command, "closed") if one.scope == command.scope]
        case TimerDue():
            return _timer_due(state, command)
        case _:
            return None


def timers(state: PatientState) -> dict[str, datetime]:
    """Invitations lapse, and what was opened ends, by themselves."""
    found: dict[str, datetime] = {}
    for known in state.caregivers:
        if known.status == "invited" and known.answer_by is not None:
            found[f"{INVITATION}{known.caregiver_id}"] = known.answer_by
        found |= {f"{SCOPE}{known.caregiver_id}:{one.scope}": one.until for one in known.scopes}
    return found


def open_scopes(state: PatientState, caregiver_id: str, now: datetime) -> frozenset[e.CaregiverScope]:
    """What is open to them at this moment: they take part, the patient agrees, and its time is not over."""
    known = find(state, caregiver_id)
    if known is None or not takes_part(state, caregiver_id):
        return frozenset()
    return frozenset(one.scope for one in known.scopes if one.until > now)


def takes_part(state: PatientState, caregiver_id: str) -> bool:
    """Whether they said yes, and the patient agrees that they are told anything at all."""
    known = find(state, caregiver_id)
    return known is not None and known.status == "accepted" and e.ConsentScope.CAREGIVER in state.consents


def find(state: PatientState, caregiver_id: str) -> Caregiver | None:
    """The caregiver of that id, if the patient names them."""
    return next((known for known in state.caregivers if known.caregiver_id == caregiver_id), None)


def closed(state: PatientState, known: Caregiver, command: Command, reason: e.ScopeEnd) -> list[e.ScopeClosed]:
    """Everything that was open to them is not any more."""
    said = _of(state, known, command)
    return [e.ScopeClosed(**said, scope=one.scope, reason=reason) for one in known.scopes]


def _link(settings: Caregivers, state: PatientState, command: c.LinkCaregiver) -> list[Event]:
    fields = command.model_dump(include=set(_LINKED))
    known = find(state, command.caregiver_id)
    if state.email is not None and command.email.lower() == state.email.lower():
        raise Rejected("caregiver-invalid")
    if known is None and len(state.caregivers) >= MOST_CAREGIVERS:
        raise Rejected("caregivers-full", most=MOST_CAREGIVERS)
    same = known is not None and all(getattr(known, name) == fields[name] for name in _LINKED)
    consented = e.ConsentScope.CAREGIVER in state.consents
    linked = e.CaregiverLinked(at=command.now, patient_id=state.patient_id, consented=consented, **fields)
    events: list[Event] = [] if same else [linked]
    now = known or link(state, linked).caregivers[-1]
    if consented and (known is None or known.status not in ("invited", "accepted")):
        says = _says(command) if command.young and not now.young else now.young_said_by
        events.append(_invited(settings, state, command, now, now.young or command.young, says))
    elif command.young and not now.young:
        events += _note_young(settings, state, now, command)
    return events


def invitations(clinic: Clinic, state: PatientState, command: Command) -> list[Event]:
    """The patient agrees that those whom they trust are told things: they can be asked now. Also whoever was asked
    before the patient took it back: what waited for them was not sent.
    """
    named = [known for known in state.caregivers if known.status in ("named", "invited")]
    settings = clinic.together.caregivers
    return [_invited(settings, state, command, known, known.young, known.young_said_by) for known in named]


def _invited(
    settings: Caregivers,
    state: PatientState,
    command: Command,
    known: Caregiver,
    young: bool,
    said_by: e.YoungSaidBy | None,
) -> e.CaregiverInvited:
    answer_by = command.now + timedelta(days=settings.invitation_days)
    return e.CaregiverInvited(**_of(state, known, command), answer_by=answer_by, young=young, young_said_by=said_by)


def _answer(state: PatientState, command: c.AnswerCaregiver) -> list[Event]:
    known = _named(state, command.caregiver_id)
    lapsed = known.answer_by is not None and known.answer_by <= command.now
    if known.status != "invited" or lapsed:
        raise Rejected("caregiver-answer-closed")
    said = _of(state, known, command)
    if command.accept and e.ConsentScope.CAREGIVER not in state.consents:
        raise Rejected("caregiver-answer-closed")
    if not command.accept:
        return [*closed(state, known, command, "left"), e.CaregiverDeclined(**said)]
    language = command.language or known.language
    return [e.CaregiverAccepted(**said, language=language, email=command.email, young=known.young)]


def _note_young(
    settings: Caregivers, state: PatientState, known: Caregiver, command: c.NoteYoungCarer | c.LinkCaregiver
) -> list[Event]:
    """What may not be open to a child or a young person is closed at once.

    Only whoever said it, or psychology, takes it back; once psychology has said it, only they do.
    """
    says = _says(command)
    if not command.young and known.young and says not in ("psychology", known.young_said_by):
        raise Rejected("young-not-yours")
    confirmed = command.young and says == "psychology" != known.young_said_by
    if known.young == command.young and not confirmed:
        return []
    noted = e.YoungCarerNoted(**_of(state, known, command), young=command.young, said_by=says)
    shut = command.young and not settings.young_see_scores
    return [*(one for one in closed(state, known, command, "closed") if shut and one.scope == "scores"), noted]


def _says(command: Command) -> e.YoungSaidBy | None:
    """The role of whoever it is that says something of a caregiver."""
    role = command.actor.partition(":")[0]
    return next((known for known in get_args(e.YoungSaidBy) if known == role), None)


def _preferences(state: PatientState, command: c.ChangeCaregiverPreferences) -> list[Event]:
    known = _accepted(state, command.caregiver_id)
    if (known.language, known.by_email) == (command.language, command.email):
        return []
    wished = {"language": command.language, "email": command.email}
    return [e.CaregiverPreferencesChanged.model_validate({**_of(state, known, command), **wished})]


def _open(clinic: Clinic, state: PatientState, command: c.OpenScope) -> list[Event]:
    settings, zone = clinic.together.caregivers, ZoneInfo(clinic.time_zone)
    known = _named(state, command.caregiver_id)
    if known.status in ("declined", "left", "lapsed"):
        raise Rejected("caregiver-not-accepted")
    if e.ConsentScope.CAREGIVER not in state.consents:
        raise Rejected("caregiver-consent-missing")
    if known.young and command.scope == "scores" and not settings.young_see_scores:
        raise Rejected("scope-not-for-young")
    today = command.now.astimezone(zone).date()
    last = today + timedelta(days=settings.share_days)
    day = command.until or last
    if not today <= day <= last:
        raise Rejected("share-until-invalid", days=settings.share_days)
    until = datetime.combine(day + timedelta(days=1), time(), zone)
    if any((one.scope, one.until) == (command.scope, until) for one in known.scopes):
        return []
    return [e.ScopeOpened(**_of(state, known, command), scope=command.scope, until=until)]


def _timer_due(state: PatientState, command: TimerDue) -> list[Event]:
    due = timers(state).get(command.name)
    if due is None or due > command.now:
        return []
    kind, _, rest = command.name.partition(":")
    caregiver_id, _, scope = rest.partition(":")
    known = _named(state, caregiver_id)
    if f"{kind}:" == INVITATION:
        return [*closed(state, known, command, "ended"), e.CaregiverInvitationLapsed(**_of(state, known, command))]
    return [one for one in closed(state, known, command, "ended") if one.scope == scope]


def _named(state: PatientState, caregiver_id: str) -> Caregiver:
    known = find(state, caregiver_id)
    if known is None:
        raise Rejected("caregiver-unknown")
    return known


def _accepted(state: PatientState, caregiver_id: str) -> Caregiver:
    known = _named(state, caregiver_id)
    if known.status != "accepted":
        raise Rejected("caregiver-not-accepted")
    return known


def _of(state: PatientState, known: Caregiver, command: Command) -> dict[str, Any]:
    return {"at": command.now, "patient_id": state.patient_id, "caregiver_id": known.caregiver_id}

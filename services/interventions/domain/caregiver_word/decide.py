"""A caregiver tells the team something: it opens no record, and what worries is read at once."""

from datetime import datetime, timedelta

from services.interventions.domain.actor import staff_id
from services.interventions.domain.caregiver_word import commands as c
from services.interventions.domain.caregiver_word.state import CaregiverWordState
from services.interventions.domain.over import OVER, newest_first
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.interventions import caregiver as e

READ_TIMER = "read"


def decide(clinic: Clinic, state: CaregiverWordState, command: Command) -> list[Event]:
    """What follows from `command`."""
    match command:
        case c.SendCaregiverWord():
            return _send(clinic, state, command)
        case c.ReadCaregiverWord():
            if state.status is None:
                raise Rejected("word-unknown")
            if state.status != "sent":
                return []
            return [e.CaregiverWordRead.model_validate({**_said(state, command), "reader_id": _me(command)})]
        case c.ReplyToCaregiverWord():
            return _reply(state, command)
        case TimerDue():
            return _unread(clinic, state, command)
        case _:
            raise TypeError(f"a word to the team has no branch for {type(command).__name__}")


def timers(state: CaregiverWordState) -> dict[str, datetime]:
    """By when one that worries is read. The next of the ladder is called until somebody has."""
    waits = state.worrying and state.status == "sent" and state.read_by_then is not None
    return {READ_TIMER: state.read_by_then} if waits and state.read_by_then else {}


def keys(state: CaregiverWordState) -> dict[str, str | None]:
    """By what words are looked up."""
    return {
        "caregiver_id": state.caregiver_id or None,
        "about_id": state.about_id or None,
        "unread": "yes" if state.status == "sent" else None,
        OVER: newest_first(state.read_at) if state.read_at else None,
    }


def person(state: CaregiverWordState) -> str | None:
    """Whose words they are."""
    return state.caregiver_id or None


def _send(clinic: Clinic, state: CaregiverWordState, command: c.SendCaregiverWord) -> list[Event]:
    if state.status is not None:
        return []
    if not command.trusted:
        raise Rejected("person-unknown")
    if not command.text:
        raise Rejected("words-missing")
    ids = {"at": command.now, "word_id": command.word_id, "caregiver_id": command.caregiver_id}
    worrying = bool(clinic.risk_words.found_in([command.text]))
    said = {"about_id": command.about_id, "text": command.text, "may_tell": command.may_tell, "worrying": worrying}
    sent = e.CaregiverWordSent.model_validate({**ids, **said, "phone": command.phone or None})
    if not worrying:
        return [sent]
    by = command.now + timedelta(minutes=clinic.clocks.risk_acknowledge_minutes)
    return [sent, e.CaregiverWordWorries.model_validate({**ids, "level": 0, "read_by": by})]


def _reply(state: CaregiverWordState, command: c.ReplyToCaregiverWord) -> list[Event]:
    if state.status is None:
        raise Rejected("word-unknown")
    if state.status == "replied":
        raise Rejected("word-replied")
    if not command.text:
        raise Rejected("words-missing")
    said, events = _said(state, command), list[Event]()
    if state.status == "sent":
        events.append(e.CaregiverWordRead.model_validate({**said, "reader_id": _me(command)}))
    replied = e.CaregiverWordReplied.model_validate({**said, "text": command.text, "replied_by": _me(command)})
    return [*events, replied]


def _unread(clinic: Clinic, state: CaregiverWordState, command: TimerDue) -> list[Event]:
    due = timers(state).get(command.name)
    if due is None or due > command.now:
        return []
    by = command.now + timedelta(minutes=clinic.clocks.risk_escalate_minutes)
    climbed = {"level": state.level + 1, "read_by": by}
    return [e.CaregiverWordWorries.model_validate({**_said(state, command), **climbed})]


def _me(command: Command) -> str:
    return staff_id(command.actor)


def _said(state: CaregiverWordState, command: Command) -> dict[str, object]:
    return {"at": command.now, "word_id": state.word_id, "caregiver_id": state.caregiver_id}

"""A check-in is opened once, answered in part or whole, and lapses: a question from weeks ago says nothing of today."""

from datetime import datetime

from services.interventions.domain.answering import changes, reading
from services.interventions.domain.check_in.commands import AnswerCheckIn, OpenCheckIn
from services.interventions.domain.check_in.state import CheckInState
from services.interventions.domain.escalating import long_forms
from shared.contracts import interventions as e
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event

CLOSE_TIMER = "close"


def decide(phq_2_positive_from: int, state: CheckInState, command: Command) -> list[Event]:
    """What follows from `command`. `phq_2_positive_from` is the clinic's."""
    match command:
        case OpenCheckIn():
            return _open(state, command)
        case AnswerCheckIn():
            return _answer(phq_2_positive_from, state, command)
        case TimerDue():
            return _close(state, command)
        case _:
            raise TypeError(f"a check-in has no branch for {type(command).__name__}")


def timers(state: CheckInState) -> dict[str, datetime]:
    """It lapses by itself."""
    if state.closes_at is None or state.lapsed or state.complete:
        return {}
    return {CLOSE_TIMER: state.closes_at}


def keys(state: CheckInState) -> dict[str, str | None]:
    """By what check-ins are looked up."""
    return {"patient_id": state.patient_id or None, "episode_id": state.episode_id or None}


def person(state: CheckInState) -> str | None:
    """Whose answers they are."""
    return state.patient_id or None


def _open(state: CheckInState, command: OpenCheckIn) -> list[Event]:
    if state.opened_at is not None:
        return []
    said = command.model_dump(include={"check_in_id", "episode_id", "patient_id", "moment", "measures", "closes_at"})
    return [e.CheckInOpened(at=command.now, **said)]


def _answer(phq_2_positive_from: int, state: CheckInState, command: AnswerCheckIn) -> list[Event]:
    form = state.form(command.measure)
    if form is None:
        raise Rejected("measure-not-open", measure=command.measure)
    if form.reading is not None:
        raise Rejected("measure-complete", measure=command.measure)
    if state.lapsed or (state.closes_at is not None and state.closes_at <= command.now):
        raise Rejected("check-in-lapsed")
    of = {
        "at": command.now,
        "check_in_id": state.check_in_id,
        "episode_id": state.episode_id,
        "patient_id": state.patient_id,
        "moment": state.moment,
    }
    events: list[Event] = []
    for item, value, worrying in changes(command.measure, form.answers, command.answers):
        said = {**of, "measure": command.measure, "item": item, "value": value}
        events.append(e.CheckInAnswered.model_validate(said))
        if worrying:
            events.append(e.CheckInRiskAnswered.model_validate(said))
    taken = reading(command.measure, {**form.answers, **command.answers}, command.now)
    if taken is None:
        return events
    asked = [one.measure for one in state.forms]
    opened = [
        e.CheckInLongFormOpened.model_validate({**of, "short": command.measure, "measure": long, "carried": carried})
        for long, carried in long_forms(taken, asked, phq_2_positive_from)
    ]
    return [*events, e.CheckInCompleted.model_validate({**of, "reading": taken}), *opened]


def _close(state: CheckInState, command: TimerDue) -> list[Event]:
    due = timers(state).get(command.name)
    if due is None or due > command.now:
        return []
    return [
        e.CheckInLapsed(
            at=command.now,
            check_in_id=state.check_in_id,
            episode_id=state.episode_id,
            patient_id=state.patient_id,
            moment=state.moment,
        )
    ]

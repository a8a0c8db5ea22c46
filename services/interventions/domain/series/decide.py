"""The questionnaires of one episode. A worrying answer is told at the moment it is given, form finished or not."""

from services.interventions.domain.answering import changes, reading
from services.interventions.domain.escalating import long_forms
from services.interventions.domain.series.commands import OpenMeasures, RecordAnswers
from services.interventions.domain.series.state import SeriesState
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event
from shared.contracts.interventions import (
    AnswerRecorded,
    LongFormOpened,
    MeasureCompleted,
    MeasuresOpened,
    RiskAnswerGiven,
)


def decide(phq_2_positive_from: int, state: SeriesState, command: Command) -> list[Event]:
    """What follows from `command`. `phq_2_positive_from` is the clinic's."""
    match command:
        case OpenMeasures():
            return _open(state, command)
        case RecordAnswers():
            return _record(phq_2_positive_from, state, command)
        case _:
            raise TypeError(f"a measure series has no branch for {type(command).__name__}")


def _open(state: SeriesState, command: OpenMeasures) -> list[Event]:
    fresh = tuple(name for name in command.measures if state.form(command.occasion, name) is None)
    if not fresh:
        return []
    return [
        MeasuresOpened(
            at=command.now,
            series_id=command.series_id,
            episode_id=command.episode_id,
            patient_id=command.patient_id,
            occasion=command.occasion,
            measures=fresh,
            programme_id=command.programme_id,
        )
    ]


def _record(phq_2_positive_from: int, state: SeriesState, command: RecordAnswers) -> list[Event]:
    form = state.form(command.occasion, command.measure)
    if form is None:
        raise Rejected("measure-not-open", occasion=command.occasion, measure=command.measure)
    if form.reading is not None:
        raise Rejected("measure-complete", occasion=command.occasion, measure=command.measure)
    of = {
        "at": command.now,
        "series_id": state.series_id,
        "episode_id": state.episode_id,
        "patient_id": state.patient_id,
        "occasion": command.occasion,
    }
    events: list[Event] = []
    for item, value, worrying in changes(command.measure, form.answers, command.answers):
        said = {**of, "measure": command.measure, "item": item, "value": value}
        events.append(AnswerRecorded.model_validate(said))
        if worrying:
            events.append(RiskAnswerGiven.model_validate(said))
    taken = reading(command.measure, {**form.answers, **command.answers}, command.now)
    if taken is None:
        return events
    completed = {**of, "reading": taken, "programme_id": state.programme_id}
    asked = [one.measure for one in state.forms if one.occasion == command.occasion]
    opened = [
        LongFormOpened.model_validate({**of, "short": command.measure, "measure": long, "carried": carried})
        for long, carried in long_forms(taken, asked, phq_2_positive_from)
    ]
    return [*events, MeasureCompleted.model_validate(completed), *opened]

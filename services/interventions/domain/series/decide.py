"""The questionnaires of one episode. A worrying answer is told at the moment it is given, form finished or not."""

from services.interventions.domain.risk import is_risk
from services.interventions.domain.series.commands import OpenMeasures, RecordAnswers
from services.interventions.domain.series.state import Form, SeriesState
from shared.clinical import AnswerRefused, Score, score
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event
from shared.contracts.interventions import AnswerRecorded, MeasureCompleted, MeasuresOpened, RiskAnswerGiven
from shared.contracts.referrals import Reading


def decide(state: SeriesState, command: Command) -> list[Event]:
    """What follows from `command`."""
    match command:
        case OpenMeasures():
            return _open(state, command)
        case RecordAnswers():
            return _record(state, command)
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
        )
    ]


def _record(state: SeriesState, command: RecordAnswers) -> list[Event]:
    form = state.form(command.occasion, command.measure)
    if form is None:
        raise Rejected("measure-not-open", occasion=command.occasion, measure=command.measure)
    if form.reading is not None:
        raise Rejected("measure-complete", occasion=command.occasion, measure=command.measure)
    answers = {**form.answers, **command.answers}
    result = _scored(command.measure, answers)
    events: list[Event] = []
    for item, value in sorted(command.answers.items()):
        events += _answer(state, form, command, item, value)
    if result.value is not None and result.total is not None:
        reading = Reading(
            measure=command.measure,
            answers=tuple(answers[item] for item in sorted(answers)),
            total=result.total,
            value=result.value,
            band=result.band,
            taken_at=command.now,
        )
        events.append(
            MeasureCompleted(
                at=command.now,
                series_id=state.series_id,
                episode_id=state.episode_id,
                patient_id=state.patient_id,
                occasion=command.occasion,
                reading=reading,
            )
        )
    return events


def _answer(state: SeriesState, form: Form, command: RecordAnswers, item: int, value: int) -> list[Event]:
    """A repeated answer says nothing. A warning that was told and has only become weaker is not told again."""
    before = form.answers.get(item)
    if value == before:
        return []
    fields = {
        "at": command.now,
        "series_id": state.series_id,
        "episode_id": state.episode_id,
        "patient_id": state.patient_id,
        "occasion": command.occasion,
        "measure": command.measure,
        "item": item,
        "value": value,
    }
    events: list[Event] = [AnswerRecorded.model_validate(fields)]
    if is_risk(command.measure, item, value) and (before is None or value > before):
        events.append(RiskAnswerGiven.model_validate(fields))
    return events


def _scored(measure: str, answers: dict[int, int]) -> Score:
    try:
        return score(measure, answers)
    except AnswerRefused as refusal:
        raise Rejected("answer-refused", measure=measure, item=refusal.item or "", kind=refusal.code) from refusal

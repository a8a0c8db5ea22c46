"""How the events of a series change its state. Total: an event that is not known changes nothing."""

from services.interventions.domain.series.state import Form, SeriesState
from shared.contracts.envelope import Event
from shared.contracts.interventions import AnswerRecorded, LongFormOpened, MeasureCompleted, MeasuresOpened


def evolve(state: SeriesState, event: Event) -> SeriesState:
    """The state after `event`."""
    match event:
        case MeasuresOpened():
            opened = tuple(
                Form(occasion=event.occasion, measure=measure, asked_at=event.at) for measure in event.measures
            )
            return SeriesState(
                series_id=event.series_id,
                episode_id=event.episode_id,
                patient_id=event.patient_id,
                programme_id=event.programme_id,
                forms=(*state.forms, *opened),
            )
        case AnswerRecorded():
            return _answered(state, event)
        case MeasureCompleted():
            return _changed(state, event.occasion, event.reading.measure, reading=event.reading)
        case LongFormOpened():
            answers = {one.item: one.value for one in event.carried}
            form = Form(
                occasion=event.occasion, measure=event.measure, asked_at=event.at, answers=answers, carried=len(answers)
            )
            return state.model_copy(update={"forms": (*state.forms, form)})
        case _:
            return state


def _answered(state: SeriesState, event: AnswerRecorded) -> SeriesState:
    form = state.form(event.occasion, event.measure)
    if form is None:
        return state
    return _changed(state, event.occasion, event.measure, answers={**form.answers, event.item: event.value})


def _changed(state: SeriesState, occasion: str, measure: str, **change: object) -> SeriesState:
    forms = tuple(
        form.model_copy(update=change) if (form.occasion, form.measure) == (occasion, measure) else form
        for form in state.forms
    )
    return state.model_copy(update={"forms": forms})

"""How the events of a check-in change its state. Total: an event that is not known changes nothing."""

from services.interventions.domain.check_in.state import CheckInForm, CheckInState
from shared.contracts import interventions as e
from shared.contracts.envelope import Event


def evolve(state: CheckInState, event: Event) -> CheckInState:
    """The state after `event`."""
    match event:
        case e.CheckInOpened():
            return CheckInState(
                check_in_id=event.check_in_id,
                episode_id=event.episode_id,
                patient_id=event.patient_id,
                moment=event.moment,
                forms=tuple(CheckInForm(measure=measure) for measure in event.measures),
                opened_at=event.at,
                closes_at=event.closes_at,
            )
        case e.CheckInAnswered():
            before = state.form(event.measure)
            answers = {**(before.answers if before else {}), event.item: event.value}
            return _changed(state, event.measure, answers=answers)
        case e.CheckInCompleted():
            return _changed(state, event.reading.measure, reading=event.reading)
        case e.CheckInLongFormOpened():
            answers = {one.item: one.value for one in event.carried}
            form = CheckInForm(measure=event.measure, answers=answers, carried=len(answers))
            return state.model_copy(update={"forms": (*state.forms, form)})
        case e.CheckInLapsed():
            return state.model_copy(update={"lapsed": True})
        case _:
            return state


def _changed(state: CheckInState, measure: str, **change: object) -> CheckInState:
    forms = tuple(form.model_copy(update=change) if form.measure == measure else form for form in state.forms)
    return state.model_copy(update={"forms": forms})

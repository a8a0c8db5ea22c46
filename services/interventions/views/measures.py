"""Questionnaires as pages need them. An answer that warns of danger shows at once, and for good, where help is."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from services.interventions.catalogue import served_language
from services.interventions.domain.check_in.state import CheckInForm, CheckInState
from services.interventions.domain.risk import risk_items
from services.interventions.domain.schedule import TaskState
from services.interventions.domain.series.state import Form, SeriesState
from shared.clinical import Wording
from shared.clinical import measure as definition
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Rejected
from shared.contracts.interventions import Occasion
from shared.runtime.core import Found


class FormProgress(BaseModel):
    """How far one questionnaire is. `value` is its score as published, once it is complete; never before."""

    occasion: str
    measure: str
    title: str
    answered: int
    total: int
    complete: bool
    value: float | None


class SeriesProgress(BaseModel):
    """All questionnaires that were opened, in order."""

    id: str
    version: int
    episode_id: str
    patient_id: str
    forms: tuple[FormProgress, ...]


class CheckInRow(BaseModel):
    """One check-in. `moment` is the module it came after, or `follow-up-3` for the months since the end."""

    id: str
    version: int
    moment: str
    state: TaskState
    closes_at: datetime | None
    forms: tuple[FormProgress, ...]


class FormPage(BaseModel):
    """One questionnaire to answer, of the series or the check-in `id`. `lowest` and `highest` bound every answer.

    `crisis_text` is there when `show_crisis_help` is true: show it before anything else.
    """

    id: str
    version: int
    occasion: str
    measure: str
    complete: bool
    questions: Wording
    lowest: int
    highest: int
    answers: dict[int, int]
    show_crisis_help: bool
    crisis_text: str | None


def progress(clinic: Clinic, found: Found, language: str) -> SeriesProgress:
    """How far the person is."""
    state: SeriesState = found.state
    return SeriesProgress(
        id=found.id,
        version=found.version,
        episode_id=state.episode_id,
        patient_id=state.patient_id,
        forms=tuple(_form_progress(clinic, form.occasion, form, language) for form in state.forms),
    )


def form_page(clinic: Clinic, found: Found, occasion: Occasion, measure: str, language: str) -> FormPage:
    """One questionnaire. Raises `Rejected` when it was not opened."""
    state: SeriesState = found.state
    form = state.form(occasion, measure)
    if form is None:
        raise Rejected("measure-not-open", occasion=occasion, measure=measure)
    return _page(clinic, found, occasion, form, language)


def check_in_page(clinic: Clinic, found: Found, measure: str, language: str) -> FormPage:
    """One questionnaire of a check-in. Raises `Rejected` when it is not asked there."""
    state: CheckInState = found.state
    form = state.form(measure)
    if form is None:
        raise Rejected("measure-not-open", measure=measure)
    return _page(clinic, found, state.moment, form, language)


def check_ins(clinic: Clinic, found: Sequence[Found], now: datetime, language: str) -> list[CheckInRow]:
    """Every check-in of a treatment, the oldest first."""
    return [
        CheckInRow(
            id=one.id,
            version=one.version,
            moment=one.state.moment,
            state=_standing(one.state, now),
            closes_at=one.state.closes_at,
            forms=tuple(_form_progress(clinic, one.state.moment, form, language) for form in one.state.forms),
        )
        for one in sorted(found, key=lambda one: (one.state.opened_at, one.id))
    ]


def _standing(state: CheckInState, now: datetime) -> TaskState:
    if state.complete:
        return "done"
    if state.lapsed or (state.closes_at is not None and state.closes_at <= now):
        return "expired"
    return "in_progress" if any(form.answers for form in state.forms) else "due"


def _page(clinic: Clinic, found: Found, occasion: str, form: Form | CheckInForm, language: str) -> FormPage:
    measure = form.measure
    in_danger = bool(risk_items(measure, form.answers))
    crisis = clinic.help_in(served_language(language)).plain
    return FormPage(
        id=found.id,
        version=found.version,
        occasion=occasion,
        measure=measure,
        complete=form.reading is not None,
        questions=_questions(clinic, measure, language),
        lowest=definition(measure).lowest,
        highest=definition(measure).highest,
        answers=dict(form.answers),
        show_crisis_help=in_danger,
        crisis_text=crisis if in_danger else None,
    )


def _questions(clinic: Clinic, measure: str, language: str) -> Wording:
    """Without PHQ-9's closing question on daily life: no event can carry its answer, and nobody is asked in vain."""
    return clinic.measures.wording(measure, served_language(language)).model_copy(update={"function_question": None})


def _form_progress(clinic: Clinic, occasion: str, form: Form | CheckInForm, language: str) -> FormProgress:
    return FormProgress(
        occasion=occasion,
        measure=form.measure,
        title=clinic.measures.wording(form.measure, served_language(language)).title,
        answered=len(form.answers),
        total=definition(form.measure).item_count,
        complete=form.reading is not None,
        value=form.reading.value if form.reading else None,
    )

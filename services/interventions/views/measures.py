"""Questionnaires as pages need them. An answer that warns of danger shows at once, and for good, where help is."""

from pydantic import BaseModel

from services.interventions.catalogue import served_language
from services.interventions.domain.risk import risk_items
from services.interventions.domain.series.state import Form, SeriesState
from shared.clinical import Wording
from shared.clinical import measure as definition
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Rejected
from shared.contracts.interventions import Occasion
from shared.runtime.core import Found


class FormProgress(BaseModel):
    """How far one questionnaire is. `value` is its score as published, once it is complete; never before."""

    occasion: Occasion
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


class FormPage(BaseModel):
    """One questionnaire to answer. ``lowest` and `highest` bound every answer.

    `crisis_text` is there when `show_crisis_help` is true: show it before anything else.
    """

    series_id: str
    version: int
    occasion: Occasion
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
        forms=tuple(_form_progress(clinic, form, language) for form in state.forms),
    )


def form_page(clinic: Clinic, found: Found, occasion: Occasion, measure: str, language: str) -> FormPage:
    """One questionnaire. Raises `Rejected` when it was not opened."""
    state: SeriesState = found.state
    form = state.form(occasion, measure)
    if form is None:
        raise Rejected("measure-not-open", occasion=occasion, measure=measure)
    in_danger = bool(risk_items(measure, form.answers))
    crisis = clinic.crisis.es if served_language(language) == "es" else clinic.crisis.en
    return FormPage(
        series_id=found.id,
        version=found.version,
        occasion=occasion,
        measure=measure,
        complete=form.reading is not None,
        questions=_questions(clinic, measure, language),
        lowest=definition(measure).lowest,
        highest=definition(measure).highest,
        answers=form.answers,
        show_crisis_help=in_danger,
        crisis_text=crisis if in_danger else None,
    )


def _questions(clinic: Clinic, measure: str, language: str) -> Wording:
    """Without PHQ-9's closing question on daily life: no event can carry its answer, and nobody is asked in vain."""
    return clinic.measures.wording(measure, served_language(language)).model_copy(update={"function_question": None})


def _form_progress(clinic: Clinic, form: Form, language: str) -> FormProgress:
    return FormProgress(
        occasion=form.occasion,
        measure=form.measure,
        title=clinic.measures.wording(form.measure, served_language(language)).title,
        answered=len(form.answers),
        total=definition(form.measure).item_count,
        complete=form.reading is not None,
        value=form.reading.value if form.reading else None,
    )

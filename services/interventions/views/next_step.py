"""The one thing that a person can do next. One, so that nobody has to choose; always one, so that nobody is left."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from services.interventions import words
from services.interventions.catalogue import Programme, Text, served_language
from services.interventions.content import Content
from services.interventions.domain.episode.clock import openings
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.series.state import Form, SeriesState
from shared.contracts.clinic import Clinic
from shared.contracts.interventions import Occasion
from shared.contracts.referrals import Language

StepKind = Literal["questionnaire", "module", "wait", "finished", "waiting_to_start", "await_clinician"]


class NextStep(BaseModel):
    """`heading` and `explanation` are for the person to read, in `language`; `title` names what the step leads to.

    The ids say where that is. `welcome` greets whoever comes back after a while, `break_until` is the
    last day of the break that they take.
    """

    kind: StepKind
    language: Language
    title: str
    heading: str
    explanation: str
    episode_id: str
    modules_done: int
    modules_total: int
    series_id: str | None = None
    occasion: Occasion | None = None
    measure: str | None = None
    module_id: str | None = None
    opens_at: datetime | None = None
    welcome: str | None = None
    break_until: date | None = None


def next_step(content: Content, episode: EpisodeState, series: SeriesState | None, language: str) -> NextStep:
    """Questions come before modules: they belong to the moment at which they are asked.

    The series, not the episode, says what is answered: the episode hears of it a moment later.
    """
    programme = content.programme(episode)
    if episode.status == "planned":
        return _plain(programme, episode, language, "waiting_to_start")
    if episode.status != "active":
        text = "cancelled" if episode.status == "cancelled" else "finished"
        return _plain(programme, episode, language, "finished", text)
    if series and (form := next((form for form in series.forms if form.reading is None), None)):
        step = _step(programme, episode, language, "questionnaire", *words.QUESTIONS[form.occasion])
        return step.model_copy(update=_questions(content.clinic, series, form, language))
    if module_id := next((name for name in episode.unlocked if name not in episode.ended), None):
        return _module(programme, episode, module_id, language)
    if following := next(iter(openings(content.plans, episode)), None):
        step = _plain(programme, episode, language, "wait")
        return step.model_copy(update={"module_id": following.module_id, "opens_at": following.opens_at})
    if episode.paced_by is not None and len(episode.ended) < len(programme.order):
        return _plain(programme, episode, language, "wait", "wait_for_group")
    if episode.ready or (series and _has_all_last_answers(programme, series)):
        return _plain(programme, episode, language, "await_clinician")
    return _plain(programme, episode, language, "wait", "getting_ready")


def _questions(clinic: Clinic, series: SeriesState, form: Form, language: str) -> dict[str, str]:
    title = clinic.measures.wording(form.measure, served_language(language)).title
    return {"title": title, "series_id": series.series_id, "occasion": form.occasion, "measure": form.measure}


def _module(programme: Programme, episode: EpisodeState, module_id: str, language: str) -> NextStep:
    module = programme.module(module_id)
    step = _step(programme, episode, language, "module", module.title, module.aim)
    place = words.MODULE.in_(language).format(
        number=programme.position(module_id), total=len(programme.order), minutes=module.minutes
    )
    return step.model_copy(update={"module_id": module_id, "explanation": f"{place} {step.explanation}"})


def _has_all_last_answers(programme: Programme, series: SeriesState) -> bool:
    return all((form := series.form("end", measure)) and form.reading for measure in programme.measures.end)


def _plain(
    programme: Programme, episode: EpisodeState, language: str, kind: StepKind, text: str | None = None
) -> NextStep:
    return _step(programme, episode, language, kind, *words.STEPS[text or kind])


def _step(
    programme: Programme, episode: EpisodeState, language: str, kind: StepKind, heading: Text, explanation: Text
) -> NextStep:
    return NextStep(
        kind=kind,
        language=served_language(language),
        title=heading.in_(language),
        heading=heading.in_(language),
        explanation=explanation.in_(language),
        episode_id=episode.episode_id,
        modules_done=len(episode.done),
        modules_total=len(programme.order),
    )

"""What people do in treatment, as chance has it: a table of moves. A new aggregate or command is one more row.

A move looks at the person as they stand and answers with a command and where it goes, or with nothing where it cannot
be made. Most are made as the pages offer them; a few as a page that is out of date would.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from services.interventions.content import Content
from services.interventions.domain.activity.commands import SaveActivity
from services.interventions.domain.activity.state import ActivityState
from services.interventions.domain.alert.commands import AcknowledgeRiskAlert, AssessRiskAlert, CloseRiskAlert
from services.interventions.domain.alert.state import AlertState
from services.interventions.domain.check_in.commands import AnswerCheckIn
from services.interventions.domain.check_in.state import CheckInState
from services.interventions.domain.engagement.commands import LogContact
from services.interventions.domain.episode import commands as c
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.feedback.commands import GiveFeedback
from services.interventions.domain.practice.commands import LogPractice
from services.interventions.domain.series.commands import RecordAnswers
from services.interventions.domain.series.state import SeriesState
from services.interventions.engagement_reactions import engagement_of
from services.interventions.reactions import check_in_of, feedback_of, series_of
from services.interventions.views.activities import record_id
from shared.clinical import measure
from shared.contracts.interventions import ASSESSMENT_QUESTIONS, RiskAssessment, Written
from shared.runtime.aggregate import Target, derived_id
from tests.referrals.loop import Loop

Role = Literal["patient", "psychology"]
ASIDE = ("not_for_me", "too_hard_now", "known_already", "other")
EARLY_ENDS = ("stopped_by_patient", "stepped_up", "referred_on", "not_suitable")
PSYCHOLOGISTS = ("psychology:ana", "psychology:ben")
DECISIONS = ("step_up", "stay", "step_down", "discharge", "consult")
ASSESSMENT = RiskAssessment(**dict.fromkeys(ASSESSMENT_QUESTIONS, "no"), concern="low")
WRITES_A_WORRYING_ANSWER = 0.02


@dataclass
class Standing:
    """One person's treatment at a moment."""

    loop: Loop
    content: Content
    rng: Random
    id: str
    patient: str

    @property
    def now(self) -> datetime:
        return self.loop.now

    @property
    def episode(self) -> EpisodeState:
        found: EpisodeState = self.loop.state("episode", self.id)
        return found

    @property
    def series_id(self) -> str:
        return series_of(self.id, self.episode.later_programme)

    @property
    def series(self) -> SeriesState:
        found: SeriesState = self.loop.state("measure_series", self.series_id)
        return found

    @property
    def check_ins(self) -> list[CheckInState]:
        return [self.loop.state("check_in", check_in_of(self.id, moment)) for moment in self.episode.check_ins]

    @property
    def open_modules(self) -> list[str]:
        """Those that the person may go through now."""
        return [one for one in self.episode.unlocked if one not in self.episode.ended]

    def said(self, role: Role) -> dict[str, object]:
        actor = f"patient:{self.patient}" if role == "patient" else self.rng.choice(PSYCHOLOGISTS)
        return {"now": self.now, "actor": actor}

    def answers(self, name: str, already: dict[int, int]) -> dict[int, int]:
        """The next few answers. Whoever is worried says so seldom; the rest is as chance has it."""
        form = measure(name)
        left = [item for item in range(1, form.item_count + 1) if item not in already]
        some = left if self.rng.random() < 0.7 else left[: max(1, len(left) // 2)]
        found = {}
        for item in some:
            calm = item == form.risk_item and self.rng.random() >= WRITES_A_WORRYING_ANSWER
            found[item] = form.lowest if calm else self.rng.randint(form.lowest, form.highest)
        return found


Make = Callable[[Standing], Target | None]


@dataclass(frozen=True)
class Move:
    """`weight` is how often it is made, next to the others of the same role that can be made."""

    role: Role
    weight: float
    make: Make


def _episode(one: Standing, command: type, role: Role, **fields: object) -> Target:
    return Target("episode", one.id, command(**one.said(role), **fields))


def complete_module(one: Standing) -> Target | None:
    if not one.open_modules:
        return None
    return _episode(one, c.CompleteModule, "patient", module_id=one.rng.choice(one.open_modules))


def complete_one_set_aside(one: Standing) -> Target | None:
    aside = [module.module_id for module in one.episode.set_aside]
    return _episode(one, c.CompleteModule, "patient", module_id=one.rng.choice(aside)) if aside else None


def press_on_an_old_page(one: Standing) -> Target | None:
    """A module that may not be open, or done long since."""
    if one.episode.status not in ("planned", "active"):
        return None
    plan = one.content.programme(one.episode)
    return _episode(one, c.CompleteModule, "patient", module_id=one.rng.choice(plan.order).id)


def set_module_aside(one: Standing) -> Target | None:
    if one.episode.status != "active" or not one.open_modules:
        return None
    chosen = {"module_id": one.rng.choice(one.open_modules), "reason_code": one.rng.choice(ASIDE)}
    return _episode(one, c.SetModuleAside, "patient", **chosen)


def go_on_in_newer_version(one: Standing) -> Target | None:
    if one.episode.status not in ("planned", "active"):
        return None
    newer = one.content.plans.later(one.episode.programme_id, one.episode.programme_version)
    return _episode(one, c.MigrateEpisode, "patient", version=newer.version) if newer else None


def answer_questionnaire(one: Standing) -> Target | None:
    forms = [form for form in one.series.forms if form.reading is None]
    if one.episode.status != "active" or not forms:
        return None
    form = one.rng.choice(forms)
    answers = one.answers(form.measure, dict(form.answers))
    said = {"occasion": form.occasion, "measure": form.measure, "answers": answers}
    return Target("measure_series", one.series_id, RecordAnswers(**one.said("patient"), **said))


def answer_check_in(one: Standing) -> Target | None:
    waiting = [
        (state, form) for state in one.check_ins if not state.lapsed for form in state.forms if form.reading is None
    ]
    if not waiting:
        return None
    state, form = one.rng.choice(waiting)
    answers = one.answers(form.measure, dict(form.answers))
    command = AnswerCheckIn(**one.said("patient"), measure=form.measure, answers=answers)
    return Target("check_in", state.check_in_id, command)


def save_activity(one: Standing) -> Target | None:
    """Written in part, in whole, or only looked at and finished."""
    if not one.episode.unlocked:
        return None
    module = one.content.programme(one.episode).module(one.rng.choice(one.episode.unlocked))
    activity = one.rng.choice(module.activities)
    id = record_id(one.id, activity.id, 1)
    before: ActivityState = one.loop.state("activity", id)
    sheet = activity.worksheet
    written = ()
    if sheet:
        fields = one.content.catalogue.worksheet(sheet.id, sheet.version).fields
        written = tuple(
            Written(field=field.id, text="As it came.") for field in fields if field.kind in ("line", "text")
        )
    command = SaveActivity(
        **one.said("patient"),
        record_id=id,
        episode_id=one.id,
        patient_id=one.patient,
        module_id=module.id,
        activity_id=activity.id,
        worksheet_id=sheet.id if sheet else None,
        worksheet_version=sheet.version if sheet else None,
        written=written[: one.rng.randint(0, len(written))],
        rating_before=one.rng.randint(0, 10) if activity.rating else None,
        finish=before.begun_at is not None and one.rng.random() < 0.5,
    )
    return Target("activity", id, command)


def log_practice(one: Standing) -> Target | None:
    if one.episode.status != "active" or not one.episode.unlocked:
        return None
    module = one.content.programme(one.episode).module(one.rng.choice(one.episode.unlocked))
    id = derived_id("practice", one.id)
    command = LogPractice(
        **one.said("patient"),
        log_id=id,
        episode_id=one.id,
        patient_id=one.patient,
        practice_id=one.rng.choice(module.practices).id,
        day=(one.now - timedelta(days=one.rng.choice([0, 0, 0, 1, 2, 30]))).date(),
        times=one.rng.randint(0, 5),
    )
    return Target("practice_log", id, command)


def unlock_early(one: Standing) -> Target | None:
    if one.episode.status != "active":
        return None
    closed = [place.id for place in one.content.programme(one.episode).order if place.id not in one.episode.unlocked]
    if not closed:
        return None
    return _episode(one, c.UnlockModule, "psychology", module_id=one.rng.choice(closed), reason="It fits today.")


def finish_completed(one: Standing) -> Target | None:
    if one.episode.status != "active" or not one.episode.ready:
        return None
    said = {"end_reason": "completed", "recommendation": "Keep the plan; look again in three months."}
    return _episode(one, c.FinishEpisode, "psychology", **said)


def finish_early(one: Standing) -> Target | None:
    if one.episode.status != "active":
        return None
    return _episode(one, c.FinishEpisode, "psychology", end_reason=one.rng.choice(EARLY_ENDS))


def look_after_alert(one: Standing) -> Target | None:
    """The next step of an alert of this person: taken on, then closed by whoever may."""
    alerts = [state for state in one.loop.of("risk_alert").values() if state.episode_id == one.id]
    for alert in alerts:
        if (target := _next_of_alert(one, alert)) is not None:
            return target
    return None


def _next_of_alert(one: Standing, alert: AlertState) -> Target | None:
    if alert.status == "open":
        return Target("risk_alert", alert.alert_id, AcknowledgeRiskAlert(**one.said("psychology")))
    said = {"now": one.now, "actor": f"psychology:{alert.acknowledged_by}"}
    if alert.status == "acknowledged":
        return Target("risk_alert", alert.alert_id, AssessRiskAlert(**said, assessment=ASSESSMENT))
    if alert.status == "assessed":
        return Target("risk_alert", alert.alert_id, CloseRiskAlert(**said, plan="We speak again tomorrow."))
    return None


def decide_step(one: Standing) -> Target | None:
    """Where the step of care waits to be looked at; now and then into another programme."""
    episode = one.episode
    if episode.review is None:
        return None
    had = {episode.programme_id, *(earlier.programme_id for earlier in episode.earlier)}
    onward = [plan for plan in one.content.plans.plans if plan.programme_id not in had and plan.step != episode.step]
    decided: dict[str, object] = {"decision": one.rng.choice(DECISIONS), "departure_reason": "So agreed."}
    if onward and one.rng.random() < 0.3:
        plan = one.rng.choice(onward)
        decision = "step_up" if plan.step > episode.step else "step_down"
        decided |= {"decision": decision, "programme_id": plan.programme_id}
    return _episode(one, c.DecideStep, "psychology", moment=episode.review.moment, **decided)


def call(one: Standing) -> Target | None:
    """Psychology calls whom it was asked to call."""
    id = engagement_of(one.id)
    if one.episode.status != "active" or one.loop.state("engagement", id).call_since is None:
        return None
    said = {"kind": "phone", "reached": one.rng.random() < 0.6, "minutes": one.rng.randint(0, 30)}
    return Target("engagement", id, LogContact(**one.said("psychology"), **said))


def say_how_it_was(one: Standing) -> Target | None:
    """Asked some days after the end, and said in part or in whole."""
    id = feedback_of(one.id)
    state = one.loop.state("feedback", id)
    if state.asked_at is None or state.given_at is not None or state.lapsed:
        return None
    return Target("feedback", id, GiveFeedback(**one.said("patient"), helpful=one.rng.choice(("yes", "partly"))))


MOVES: tuple[Move, ...] = (
    Move("patient", 10, complete_module),
    Move("patient", 0.5, complete_one_set_aside),
    Move("patient", 0.3, press_on_an_old_page),
    Move("patient", 0.6, set_module_aside),
    Move("patient", 0.3, go_on_in_newer_version),
    Move("patient", 8, answer_questionnaire),
    Move("patient", 5, answer_check_in),
    Move("patient", 5, save_activity),
    Move("patient", 5, log_practice),
    Move("patient", 5, say_how_it_was),
    Move("psychology", 1000, look_after_alert),
    Move("psychology", 60, decide_step),
    Move("psychology", 60, call),
    Move("psychology", 20, finish_completed),
    Move("psychology", 0.5, unlock_early),
    Move("psychology", 0.05, finish_early),
)

"""A small programme, a clinic and one person's treatment: the facts that the stories in these tests are told from."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar, get_args

from services.interventions.aggregates import aggregates
from services.interventions.domain.plan import Plan, Plans, Step
from services.interventions.domain.sheet import Sheet, SheetField, Sheets
from shared.contracts import interventions as said
from shared.contracts.clinic import Clinic, Clocks, Hours, Pathway, Waits, Words
from shared.contracts.clinic_crisis import Crisis, CrisisHelp
from shared.contracts.clinic_staff import StaffMember
from shared.contracts.commands import Command
from shared.contracts.referrals import OverdueStep, Priority, Reading
from shared.contracts.risk_words import RiskWords
from shared.contracts.triage import RuleSet
from shared.runtime.aggregate import Aggregate

C = TypeVar("C", bound=Command)
OfEpisode = TypeVar("OfEpisode", bound=said.EpisodeEvent)
OfSeries = TypeVar("OfSeries", bound=said.SeriesEvent)
OfAlert = TypeVar("OfAlert", bound=said.RiskEvent)

T0 = datetime(2030, 3, 4, 9, 0, tzinfo=UTC)
PATIENT = "patient:p1"
ANA = "psychology:ana"
BEN = "psychology:ben"
SYSTEM = "system:interventions"

CLINIC = Clinic(
    name="Test Clinic",
    time_zone="Europe/London",
    phone="1",
    portal_url="http://portal",
    sender_name="Test",
    sender_email="test@clinic.example",
    clocks=Clocks(
        triage_days={Priority.ROUTINE: 40, Priority.URGENT: 5, Priority.VERY_URGENT: 2},
        triage_reminder_hours=24,
        ask_again_days=14,
        outcome_chase_hours=48,
        offer_hold_days=7,
        offer_rest_days=7,
        risk_acknowledge_minutes=15,
        risk_escalate_minutes=20,
    ),
    waits=Waits(breach_weeks=(6, 18), rescreen_days=28, step_days=dict.fromkeys(get_args(OverdueStep), 5)),
    pathways=(
        Pathway(
            id="pain-psychology",
            version=1,
            name=Words(en="Pain psychology", es="Psicología del dolor"),
            measures=("PEG", "PHQ-4"),
            information_days=14,
            unanswered="escalate",
        ),
    ),
    hours=Hours(quiet_from=time(20), quiet_to=time(8)),
    crisis={"GB": Crisis(en=CrisisHelp(text="Please call 999 now."), es=CrisisHelp(text="Llame ahora al 999."))},
    staff=tuple(
        StaffMember(id=id, name=id.title(), email=f"{id}@clinic.example", role="psychology")
        for id in ("ana", "ben", "cleo")
    ),
    triage_team=("ana",),
    risk_ladder=("ana",),
    programmes=("cbt-pain",),
    risk_words=RiskWords(en=("want to die", "no reason to live"), es=("quiero morir",)),
    triage_rules=RuleSet.model_validate(
        {
            "version": 1,
            "baseline": {"step": 1, "urgency": "routine"},
            "rules": [
                {
                    "id": "pain",
                    "when": [{"measure": "PEG", "at_least": 4}],
                    "then": {"step": 2},
                    "why": {"en": "Pain.", "es": "Dolor."},
                }
            ],
        }
    ),
)

SHORT = Plan(
    programme_id="short",
    version=2,
    step=2,
    steps=(
        Step(module_id="one", gap_days=0),
        Step(module_id="two", gap_days=5),
        Step(module_id="three", gap_days=7),
    ),
    measures={"start": ("PEG", "PHQ-9"), "middle": ("PEG",), "end": ("PEG", "PHQ-9")},
    middle_after="two",
)
OLD = SHORT.model_copy(update={"version": 1})
SHEETS = Sheets(
    sheets=(
        Sheet(
            id="plan",
            version=1,
            fields=(
                SheetField(id="what", kind="text"),
                SheetField(id="when", kind="days"),
                SheetField(id="ideas", kind="list", most=3),
                SheetField(id="how-sure", kind="rating"),
                SheetField(id="minutes", kind="minutes"),
                SheetField(id="who", kind="choice", options=("alone", "together")),
                SheetField(id="name", kind="line"),
            ),
        ),
    )
)


def aggregates_of(*plans: Plan, zone: str = CLINIC.time_zone) -> tuple[Aggregate, ...]:
    """All aggregates, with these programmes and a clinic in that zone."""
    return aggregates(CLINIC, Plans(plans=plans, time_zone=zone), SHEETS)


PLANS = Plans(plans=(OLD, SHORT), time_zone=CLINIC.time_zone)
_ALL = aggregates_of(OLD, SHORT)
EPISODE, SERIES, ALERT, ACTIVITY, PRACTICE, CHECK_IN, ENGAGEMENT, FEEDBACK, GROUP, MEMBERSHIP, *_ = _ALL
RESOURCE = next(one for one in _ALL if one.name == "resource")


def after(**since_start: int) -> datetime:
    """A time after the start of the story: `after(days=5)`."""
    return T0 + timedelta(**since_start)


def command(kind: type[C], actor: str = SYSTEM, now: datetime = T0, **fields: Any) -> C:
    """A command by somebody at some time."""
    return kind(now=now, actor=actor, **fields)


def reading(measure: str = "PEG", value: float = 7.0, taken_at: datetime = T0) -> Reading:
    """A complete reading; only measure, value and time matter to an episode."""
    return Reading(measure=measure, answers=(7, 7, 7), total=21, value=value, taken_at=taken_at)


def of_episode(kind: type[OfEpisode], at: datetime = T0, **fields: Any) -> OfEpisode:
    """An event of the one episode."""
    return kind(at=at, episode_id="e1", patient_id="p1", **fields)


def of_series(kind: type[OfSeries], at: datetime = T0, **fields: Any) -> OfSeries:
    """An event of the one series."""
    return kind(at=at, series_id="s1", episode_id="e1", patient_id="p1", **fields)


def of_alert(kind: type[OfAlert], at: datetime = T0, **fields: Any) -> OfAlert:
    """An event of the one alert."""
    return kind(at=at, alert_id="a1", episode_id="e1", patient_id="p1", **fields)


OPENED = of_episode(said.EpisodeOpened, referral_id="r1", programme_id="short", programme_version=2, step=2)
STARTED = (
    OPENED,
    of_episode(said.EpisodeActivated),
    of_episode(said.ModuleUnlocked, module_id="one"),
    of_episode(said.MeasuresRequested, referral_id="r1", occasion="start", measures=("PEG", "PHQ-9")),
)
CANCELLED = of_episode(said.EpisodeCancelled)


def completed(module_id: str, done: int, at: datetime, opens: tuple[str, datetime] | None) -> said.ModuleCompleted:
    """The patient finished a module, with the one that opens by itself next."""
    next_id, next_at = opens or (None, None)
    return of_episode(
        said.ModuleCompleted,
        at=at,
        module_id=module_id,
        done=done,
        total=3,
        next_module_id=next_id,
        next_module_at=next_at,
    )


def review_due(
    moment: said.ReviewMoment, at: datetime, advice: said.StepAdvice = "consult", *reasons: said.StepReason
) -> said.ReviewDue:
    """A clinician looks at the step now."""
    return of_episode(said.ReviewDue, at=at, moment=moment, rules_version=1, advice=advice, reasons=reasons)


NO_FIRST = tuple(said.StepReason(code="no_first_reading", measure=name) for name in ("PEG", "PHQ-9"))
"""In these stories nobody answers the first questionnaires."""


ONE_DONE = (*STARTED, completed("one", 1, T0, ("two", after(days=5))))
TWO_DONE = (
    *ONE_DONE,
    of_episode(said.ModuleUnlocked, at=after(days=5), module_id="two"),
    completed("two", 2, after(days=6), ("three", after(days=13))),
    of_episode(said.MeasuresRequested, at=after(days=6), referral_id="r1", occasion="middle", measures=("PEG",)),
)
ALL_DONE = (
    *TWO_DONE,
    of_episode(said.ModuleUnlocked, at=after(days=13), module_id="three"),
    review_due("middle", after(days=13), "consult", NO_FIRST[0]),
    completed("three", 3, after(days=14), None),
    of_episode(said.MeasuresRequested, at=after(days=14), referral_id="r1", occasion="end", measures=("PEG", "PHQ-9")),
)


def recorded(occasion: said.Occasion, measure: str, value: float, at: datetime) -> said.MeasureRecorded:
    """The episode took note of a reading."""
    return of_episode(said.MeasureRecorded, at=at, occasion=occasion, reading=reading(measure, value, at))


READY = (
    *ALL_DONE,
    recorded("end", "PEG", 4.0, after(days=14)),
    recorded("end", "PHQ-9", 6.0, after(days=14)),
    review_due("end", after(days=14), "consult", *NO_FIRST),
    of_episode(said.EpisodeReadyToFinish, at=after(days=14)),
)

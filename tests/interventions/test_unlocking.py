"""Each rule that opens a module, at its boundary: what comes first, the gap, the earliest day, summer time, zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.interventions.domain.episode.commands import ActivateEpisode, CompleteModule, OpenEpisode
from services.interventions.domain.local import days_after
from services.interventions.domain.plan import Plan, Step
from shared.contracts.commands import Rejected, TimerDue
from shared.contracts.interventions import ModuleUnlocked
from tests.given import Given, given
from tests.interventions import example as ex

ZONES = ["Europe/Madrid", "America/New_York", "Australia/Lord_Howe"]
BREAK = timedelta(microseconds=1)


def plan(*steps: Step) -> Plan:
    return ex.SHORT.model_copy(update={"steps": steps, "version": 1, "middle_after": None, "measures": {}})


def begun(plan: Plan, at: datetime, zone: str = "UTC") -> Given:
    episode = ex.aggregates_of(plan, zone=zone)[0]
    opening = ex.command(
        OpenEpisode, now=at, episode_id="e1", patient_id="p1", referral_id="r1", programme_id="short", step=2
    )
    return given(episode).when(opening).happened().when(ex.command(ActivateEpisode, now=at)).happened()


def done(story: Given, module_id: str, at: datetime) -> Given:
    return story.when(ex.command(CompleteModule, ex.PATIENT, at, module_id=module_id)).happened()


def rings(story: Given, at: datetime) -> list[str]:
    """What opens when the timer rings at that time."""
    events = story.when(ex.command(TimerDue, "system:timer", at, name="module")).events()
    return [event.module_id for event in events if isinstance(event, ModuleUnlocked)]


def opens_exactly(story: Given, module_id: str, at: datetime) -> None:
    """At `at` and not a moment sooner, by the timer and by hand."""
    assert story.aggregate.timers(story.state) == {"module": at}
    assert rings(story, at - BREAK) == []
    assert rings(story, at) == [module_id]
    with pytest.raises(Rejected) as refusal:
        story.when(ex.command(CompleteModule, ex.PATIENT, at - BREAK, module_id=module_id)).events()
    assert refusal.value.detail["opens_at"] == at.isoformat()


ONE, TWO, THREE = (Step(module_id=one, gap_days=0) for one in ("one", "two", "three"))


def test_the_gap_counts_from_the_end_of_the_module_before() -> None:
    story = begun(plan(ONE, TWO.model_copy(update={"gap_days": 5})), ex.T0)
    opens_exactly(done(story, "one", ex.after(days=2)), "two", ex.after(days=7))


def test_an_earliest_day_counts_from_the_beginning_of_treatment_and_the_later_of_both_counts() -> None:
    late = plan(ONE, TWO.model_copy(update={"gap_days": 1, "not_before_days": 10}))
    opens_exactly(done(begun(late, ex.T0), "one", ex.after(days=2)), "two", ex.after(days=10))
    opens_exactly(done(begun(late, ex.T0), "one", ex.after(days=12)), "two", ex.after(days=13))


def test_a_first_module_may_have_an_earliest_day_of_its_own() -> None:
    story = begun(plan(ONE, TWO.model_copy(update={"after": (), "not_before_days": 3})), ex.T0)
    opens_exactly(story, "two", ex.after(days=3))


def test_what_is_named_must_come_first_and_nothing_else() -> None:
    forked = plan(
        ONE,
        TWO.model_copy(update={"after": ("one",), "gap_days": 4}),
        THREE.model_copy(update={"after": ("one",), "gap_days": 2}),
    )
    story = done(begun(forked, ex.T0), "one", ex.T0)
    opens_exactly(story, "three", ex.after(days=2))
    assert rings(story, ex.after(days=4)) == ["three", "two"]


def test_a_gap_after_several_counts_from_the_last_of_them() -> None:
    joined = plan(
        ONE,
        TWO.model_copy(update={"after": ()}),
        THREE.model_copy(update={"after": ("one", "two"), "gap_days": 5}),
    )
    story = done(done(begun(joined, ex.T0), "two", ex.after(days=1)), "one", ex.after(days=6))
    opens_exactly(story, "three", ex.after(days=11))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("month", range(1, 13))
def test_five_days_later_is_the_same_time_of_day_in_every_month(zone: str, month: int) -> None:
    finished = datetime(2030, month, 27, 21, 15, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    story = done(begun(plan(ONE, TWO.model_copy(update={"gap_days": 5})), finished, zone), "one", finished)
    [opens_at] = story.aggregate.timers(story.state).values()
    there = opens_at.astimezone(ZoneInfo(zone))
    before = finished.astimezone(ZoneInfo(zone))
    assert (there.hour, there.minute) == (21, 15)
    assert (there.date() - before.date()).days == 5
    opens_exactly(story, "two", opens_at)


# When summer time begins and ends: the hours between that day and the same time of day a day before.
CHANGES = [
    ("Europe/Madrid", datetime(2030, 3, 30, 12, tzinfo=ZoneInfo("Europe/Madrid")), 23.0),
    ("Europe/Madrid", datetime(2030, 10, 26, 12, tzinfo=ZoneInfo("Europe/Madrid")), 25.0),
    ("America/New_York", datetime(2030, 3, 9, 12, tzinfo=ZoneInfo("America/New_York")), 23.0),
    ("America/New_York", datetime(2030, 11, 2, 12, tzinfo=ZoneInfo("America/New_York")), 25.0),
    ("Australia/Lord_Howe", datetime(2030, 10, 5, 12, tzinfo=ZoneInfo("Australia/Lord_Howe")), 23.5),
    ("Australia/Lord_Howe", datetime(2030, 4, 6, 12, tzinfo=ZoneInfo("Australia/Lord_Howe")), 24.5),
]


@pytest.mark.parametrize(("zone", "noon", "hours"), CHANGES)
def test_a_day_is_a_day_also_when_the_clock_is_changed(zone: str, noon: datetime, hours: float) -> None:
    finished = noon.astimezone(UTC)
    story = done(begun(plan(ONE, TWO.model_copy(update={"gap_days": 1})), finished, zone), "one", finished)
    opens_exactly(story, "two", finished + timedelta(hours=hours))


def test_a_time_that_is_left_out_or_comes_twice_is_defined() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    # 02:30 does not exist on 31 March 2030, and comes twice on 27 October 2030.
    left_out = days_after(datetime(2030, 3, 30, 2, 30, tzinfo=madrid), 1, madrid)
    assert left_out.astimezone(madrid).time().isoformat() == "03:30:00"
    twice = days_after(datetime(2030, 10, 26, 2, 30, tzinfo=madrid), 1, madrid)
    assert twice == datetime(2030, 10, 27, 0, 30, tzinfo=UTC)

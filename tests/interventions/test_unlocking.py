"""Each rule that opens a module, at its boundary: what comes first, the gap, the earliest day, summer time, zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.interventions.domain.episode.commands import (
    ActivateEpisode,
    CompleteModule,
    FinishEpisode,
    OfferWhileWaiting,
    OpenEpisode,
    SetModuleAside,
    UnlockModule,
)
from services.interventions.domain.local import days_after
from services.interventions.domain.plan import Plan, Step
from shared.contracts.commands import Rejected, TimerDue
from shared.contracts.interventions import CheckInAsked, ModuleUnlocked
from tests.given import Given, given
from tests.interventions import example as ex

ZONES = ["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
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


@pytest.mark.parametrize(("zone", "noon", "hours"), CHANGES)
def test_an_earliest_day_is_counted_over_the_change_too(zone: str, noon: datetime, hours: float) -> None:
    began = noon.astimezone(UTC)
    late = plan(ONE, TWO.model_copy(update={"not_before_days": 1}))
    story = done(begun(late, began, zone), "one", began + timedelta(hours=2))
    opens_exactly(story, "two", began + timedelta(hours=hours))


@pytest.mark.parametrize(("zone", "noon", "hours"), CHANGES)
def test_a_gap_after_several_and_after_one_set_aside_is_counted_over_the_change_too(
    zone: str, noon: datetime, hours: float
) -> None:
    began, last = noon.astimezone(UTC) - timedelta(hours=5), noon.astimezone(UTC)
    joined = plan(
        ONE,
        TWO.model_copy(update={"after": ()}),
        THREE.model_copy(update={"after": ("one", "two"), "gap_days": 1}),
    )
    story = done(begun(joined, began, zone), "two", began)
    aside = ex.command(SetModuleAside, ex.PATIENT, last, module_id="one", reason_code="known_already")
    opens_exactly(story.when(aside).happened(), "three", last + timedelta(hours=hours))


@pytest.mark.parametrize(("zone", "noon", "hours"), CHANGES)
def test_a_month_after_the_end_is_the_same_time_of_day(zone: str, noon: datetime, hours: float) -> None:
    asking = plan(ONE).model_copy(update={"follow_up": ("PEG",), "follow_up_months": (1,)})
    end = noon.astimezone(UTC)
    story = done(begun(asking, end, zone), "one", end)
    said = {"end_reason": "completed", "recommendation": "Keep going."}
    story = story.when(ex.command(FinishEpisode, ex.ANA, end, **said)).happened()
    [due] = story.aggregate.timers(story.state).values()
    days = (due.astimezone(ZoneInfo(zone)).date() - noon.date()).days
    assert due - end == timedelta(days=days - 1, hours=hours)
    for at, asked in ((due - BREAK, 0), (due, 1)):
        events = story.when(ex.command(TimerDue, "system:timer", at, name="follow-up")).events()
        assert sum(isinstance(event, CheckInAsked) for event in events) == asked


@pytest.mark.parametrize(("zone", "noon", "hours"), CHANGES)
def test_questions_in_between_close_at_the_same_time_of_day(zone: str, noon: datetime, hours: float) -> None:
    asking = plan(ONE, TWO).model_copy(update={"each_module": ("PEG",)})
    end = noon.astimezone(UTC)
    completes = ex.command(CompleteModule, ex.PATIENT, end, module_id="one")
    [asked] = [one for one in begun(asking, end, zone).when(completes).events() if isinstance(one, CheckInAsked)]
    assert asked.closes_at - end == timedelta(days=9, hours=hours)


@pytest.mark.parametrize("zone", ZONES)
def test_what_is_done_while_waiting_counts_its_gap_and_opens_only_once_treatment_begins(zone: str) -> None:
    noon = datetime(2030, 3, 30, 12, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    gap = plan(ONE, TWO.model_copy(update={"gap_days": 1}))
    opening = ex.command(
        OpenEpisode, now=noon, episode_id="e1", patient_id="p1", referral_id="r1", programme_id="short", step=2
    )
    waits = given(ex.aggregates_of(gap, zone=zone)[0]).when(opening).happened()
    waits = done(waits.when(ex.command(OfferWhileWaiting, now=noon)).happened(), "one", noon)
    assert waits.aggregate.timers(waits.state) == {}
    opens_at = days_after(noon, 1, ZoneInfo(zone))
    sooner = waits.when(ex.command(ActivateEpisode, now=opens_at - BREAK)).happened()
    opens_exactly(sooner, "two", opens_at)
    at_once = waits.when(ex.command(ActivateEpisode, now=opens_at)).events()
    assert [one.module_id for one in at_once if isinstance(one, ModuleUnlocked)] == ["two"]


def test_a_clinician_opens_a_moment_before_the_timer_and_the_timer_is_gone() -> None:
    story = done(begun(plan(ONE, TWO.model_copy(update={"gap_days": 5})), ex.T0), "one", ex.T0)
    early = ex.command(UnlockModule, ex.ANA, ex.after(days=5) - BREAK, module_id="two", reason="It fits today.")
    opened = story.when(early).happened()
    assert opened.aggregate.timers(opened.state) == {}
    assert rings(opened, ex.after(days=5)) == []


def test_a_time_that_is_left_out_or_comes_twice_is_defined() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    # 02:30 does not exist on 31 March 2030, and comes twice on 27 October 2030.
    left_out = days_after(datetime(2030, 3, 30, 2, 30, tzinfo=madrid), 1, madrid)
    assert left_out.astimezone(madrid).time().isoformat() == "03:30:00"
    twice = days_after(datetime(2030, 10, 26, 2, 30, tzinfo=madrid), 1, madrid)
    assert twice == datetime(2030, 10, 27, 0, 30, tzinfo=UTC)

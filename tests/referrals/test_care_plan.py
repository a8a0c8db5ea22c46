"""The shared plan: goals, activities and discussions, who may do what with them, and how much there may be."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.referrals.domain.care_plan import commands as c
from services.referrals.domain.care_plan import rules
from services.referrals.domain.patient.state import PatientState
from services.referrals.domain.referral.state import ReferralState
from services.referrals.reactions import REACTIONS, care_plan_of
from shared.contracts import referrals as e
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.runtime.aggregate import Cause, Target
from tests.given import Given, given
from tests.referrals.people import (
    ACTIVITY,
    ANSWERED,
    CLINIC,
    DISCUSSED,
    DISCUSSION,
    GOAL,
    HISTORIES,
    LATER,
    LINDQVIST,
    NOW,
    OKAFOR,
    PATIENT,
    PLAN,
    PLAN_IDS,
    REACTION,
    REFERRAL,
    REGISTERED,
    ROSA,
    STRANGER,
    SUBMITTED,
    TANAKA,
    TIMER,
    WITHDRAWN,
)
from tests.referrals.test_reactions import ENVELOPE

LONDON = ZoneInfo("Europe/London")
CAREGIVER, OPERATOR = "caregiver:caregiver-luis", "operator:op-byrne"
PATIENTS_GOAL = GOAL
CLINICIANS_GOAL = GOAL.model_copy(update={"goal_id": "goal-2", "expressed_by": "clinician", "set_by": "psy-tanaka"})
PAINS_ACTIVITY = ACTIVITY.model_copy(update={"activity_id": "activity-2", "performer": "pain", "due": None})
ENDED = e.ActivityEnded(
    at=NOW,
    **PLAN_IDS,
    activity_id="activity-1",
    performer="patient",
    status="completed",
    note="It got easier.",
    ended_by="patient-rosa",
)
CLOSED = e.DiscussionClosed(at=NOW, **DISCUSSION, reason_code="answered")


def set_goal(actor: str = ROSA, **changes: Any) -> c.SetGoal:
    fields = {**PLAN_IDS, "goal_id": "goal-1", "text": GOAL.text, "expressed_by": "patient"}
    return c.SetGoal(now=NOW, actor=actor, **{**fields, **changes})


def change_goal(actor: str = TANAKA, **changes: Any) -> c.ChangeGoal:
    return c.ChangeGoal(now=NOW, actor=actor, **{"goal_id": "goal-1", "status": "achieved", **changes})


def plan_activity(actor: str = TANAKA, **changes: Any) -> c.PlanActivity:
    fields = ACTIVITY.model_dump(include={"care_plan_id", "patient_id", "activity_id", "text", "performer", "due"})
    return c.PlanActivity(now=NOW, actor=actor, **{**fields, **changes})


def end_activity(actor: str = ROSA, **changes: Any) -> c.EndActivity:
    fields = {"activity_id": "activity-1", "status": "completed", "note": "It got easier."}
    return c.EndActivity(now=NOW, actor=actor, **{**fields, **changes})


def ask(actor: str = OKAFOR, **changes: Any) -> c.AskDiscussion:
    fields = DISCUSSED.model_dump(include={*PLAN_IDS, "discussion_id", "question", "wanted_by", "referral_id"})
    return c.AskDiscussion(now=NOW, actor=actor, **{**fields, "referrer_id": "dr-okafor", **changes})


def schedule(actor: str = TANAKA, meet_at: datetime = LATER) -> c.ScheduleDiscussion:
    return c.ScheduleDiscussion(now=NOW, actor=actor, discussion_id="discussion-1", meet_at=meet_at)


def answer(actor: str = TANAKA, **changes: Any) -> c.AnswerDiscussion:
    fields = {"discussion_id": "discussion-1", "answer": ANSWERED.answer, "decided": ANSWERED.decided}
    return c.AnswerDiscussion(now=NOW, actor=actor, **{**fields, **changes})


def close(actor: str = OKAFOR) -> c.CloseDiscussion:
    return c.CloseDiscussion(now=NOW, actor=actor, discussion_id="discussion-1")


def test_a_patient_sets_a_goal_in_their_own_words_whatever_the_form_says() -> None:
    given(PLAN).when(set_goal(expressed_by="clinician")).then(GOAL)


@pytest.mark.parametrize("expressed_by", ["patient", "clinician"])
@pytest.mark.parametrize("actor", [OKAFOR, TANAKA])
def test_a_clinician_says_in_whose_words_a_goal_is(actor: str, expressed_by: e.ExpressedBy) -> None:
    told = GOAL.model_copy(update={"expressed_by": expressed_by, "set_by": actor.partition(":")[2]})
    given(PLAN).when(set_goal(actor, expressed_by=expressed_by)).then(told)


def test_a_patient_sets_goals_on_their_own_plan_only() -> None:
    given(PLAN).when(set_goal(STRANGER)).refused("not-yours")


@pytest.mark.parametrize("actor", [CAREGIVER, OPERATOR])
@pytest.mark.parametrize("make", [set_goal, plan_activity, ask])
def test_nobody_else_adds_to_a_plan(make: Any, actor: str) -> None:
    given(PLAN).when(make(actor)).refused("role-not-allowed")


@pytest.mark.parametrize("make", [plan_activity, ask])
def test_a_patient_plans_nothing_for_others_and_is_not_part_of_discussions(make: Any) -> None:
    given(PLAN).when(make(ROSA)).refused("role-not-allowed")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (set_goal(text=" "), "own-goal-missing"),
        (set_goal(TANAKA, text=" "), "goal-missing"),
        (plan_activity(text=" "), "activity-missing"),
        (ask(question=" "), "question-missing"),
    ],
)
def test_what_is_added_has_words(command: Command, code: str) -> None:
    given(PLAN).when(command).refused(code)


@pytest.mark.parametrize("command", [set_goal(), plan_activity(activity_id="goal-1"), ask(discussion_id="goal-1")])
def test_no_two_parts_of_a_plan_share_an_id(command: Command) -> None:
    given(PLAN, GOAL).when(command).refused("already-exists")


@pytest.mark.parametrize(
    ("event", "name", "command", "code", "most"),
    [
        (GOAL, "goal_id", set_goal(), "goals-full", 10),
        (ACTIVITY, "activity_id", plan_activity(), "activities-full", 30),
        (DISCUSSED, "discussion_id", ask(), "discussions-full", 10),
    ],
)
def test_a_plan_holds_only_so_much_at_once(
    event: e.CarePlanEvent, name: str, command: Command, code: str, most: int
) -> None:
    many = [event.model_copy(update={name: f"part-{number}"}) for number in range(most)]
    given(PLAN, *many[1:]).when(command).happened()
    given(PLAN, *many).when(command).refused(code, most=most)


def test_a_goal_that_rests_takes_a_place_and_an_ended_one_does_not() -> None:
    many = [GOAL.model_copy(update={"goal_id": f"goal-{number}"}) for number in range(2, 12)]
    full = given(PLAN, *many)
    full.when(change_goal(goal_id="goal-2", status="on_hold")).happened().when(set_goal()).refused("goals-full")
    full.when(change_goal(goal_id="goal-2")).happened().when(set_goal()).then(GOAL)


@pytest.mark.parametrize("status", ["achieved", "on_hold", "cancelled"])
def test_a_goal_changes_with_a_note(status: e.GoalStatus) -> None:
    changed = e.GoalChanged(
        at=NOW, **PLAN_IDS, goal_id="goal-1", status=status, note="She danced.", changed_by="psy-tanaka"
    )
    after = given(PLAN, GOAL).when(change_goal(status=status, note="She danced.")).then(changed)
    [goal] = after.state.goals
    assert (goal.status, goal.note, goal.changed_by, goal.changed_at) == (status, "She danced.", "psy-tanaka", NOW)


def test_a_goal_goes_on_after_a_rest_and_keeps_its_note() -> None:
    rested = given(PLAN, GOAL).when(change_goal(status="on_hold", note="After the operation.")).happened()
    [goal] = rested.when(change_goal(status="active")).happened().state.goals
    assert (goal.status, goal.note) == ("active", "After the operation.")


def test_saying_again_how_a_goal_stands_says_nothing_unless_there_is_a_note() -> None:
    given(PLAN, GOAL).when(change_goal(status="active")).then()
    assert len(given(PLAN, GOAL).when(change_goal(status="active", note="Half way.")).events()) == 1


@pytest.mark.parametrize("status", ["achieved", "cancelled"])
def test_a_goal_that_has_ended_does_not_come_back(status: e.GoalStatus) -> None:
    ended = given(PLAN, GOAL).when(change_goal(status=status)).happened()
    ended.when(change_goal(status="active")).refused("goal-ended")


def test_a_patient_changes_the_goals_that_they_set_and_no_others() -> None:
    story = given(PLAN, PATIENTS_GOAL, CLINICIANS_GOAL)
    story.when(change_goal(ROSA)).happened()
    story.when(change_goal(ROSA, goal_id="goal-2")).refused("not-yours")
    story.when(change_goal(STRANGER)).refused("not-yours")
    story.when(change_goal(CAREGIVER)).refused("not-yours")


def test_an_activity_is_planned_and_waits_for_the_end_of_its_last_day() -> None:
    after = given(PLAN).when(plan_activity()).then(ACTIVITY)
    assert PLAN.timers(after.state) == {"activity:activity-1": datetime(2026, 3, 17, tzinfo=LONDON)}


def test_the_last_day_is_over_by_the_clinics_clock_in_summer_too() -> None:
    after = given(PLAN).when(plan_activity(due=date(2026, 6, 1))).happened()
    [due] = PLAN.timers(after.state).values()
    assert due.isoformat() == "2026-06-02T00:00:00+01:00"


def test_an_activity_without_a_last_day_waits_for_nothing() -> None:
    assert PLAN.timers(given(PLAN, PAINS_ACTIVITY).state) == {}


@pytest.mark.parametrize(("days", "is_fine"), [(-1, False), (0, True), (5 * 365, True), (5 * 365 + 1, False)])
def test_a_last_day_is_today_or_later_and_no_slip_of_the_pen(days: int, is_fine: bool) -> None:
    day = NOW.date() + timedelta(days=days)
    planned, asked = given(PLAN).when(plan_activity(due=day)), given(PLAN).when(ask(wanted_by=day))
    if is_fine:
        assert planned.events()
        assert asked.events()
    else:
        planned.refused("due-invalid")
        asked.refused("wanted-by-invalid")


@pytest.mark.parametrize(
    ("performer", "right", "wrong"),
    [
        ("pain", "dr-lindqvist", "psy-tanaka"),
        ("psychology", "psy-moreno", "dr-okafor"),
        ("patient", "patient-rosa", "patient-other"),
        ("caregiver", "caregiver-luis", "caregiver-other"),
    ],
)
def test_whoever_is_named_for_an_activity_is_one_of_those_who_do_such_things(
    performer: e.Performer, right: str, wrong: str
) -> None:
    named = {"performer": performer, "caregiver_ids": ("caregiver-luis",)}
    [event] = given(PLAN).when(plan_activity(**named, performer_id=right)).events()
    assert isinstance(event, e.ActivityPlanned)
    assert (event.performer, event.performer_id) == (performer, right)
    given(PLAN).when(plan_activity(**named, performer_id=wrong)).refused("performer-unknown")
    assert given(PLAN).when(plan_activity(**named)).events()


def test_a_patient_ends_what_they_do_themselves_and_nothing_else() -> None:
    story = given(PLAN, ACTIVITY, PAINS_ACTIVITY)
    after = story.when(end_activity()).then(ENDED)
    assert PLAN.timers(after.state) == {}
    story.when(end_activity(activity_id="activity-2")).refused("not-yours")
    story.when(end_activity(CAREGIVER)).refused("not-yours")


@pytest.mark.parametrize("actor", [OKAFOR, TANAKA])
def test_a_clinician_ends_any_activity_once(actor: str) -> None:
    after = given(PLAN, ACTIVITY).when(end_activity(actor, status="cancelled", note=" ")).happened()
    [activity] = after.state.activities
    assert (activity.status, activity.note, activity.ended_at) == ("cancelled", None, NOW)
    after.when(end_activity(actor)).refused("activity-ended")


def test_an_overdue_activity_is_said_once_and_can_still_be_done() -> None:
    over = datetime(2026, 3, 17, tzinfo=LONDON)
    early = TimerDue(now=over - timedelta(seconds=1), actor=TIMER, name="activity:activity-1")
    due = TimerDue(now=over, actor=TIMER, name="activity:activity-1")
    told = e.ActivityOverdue(at=over, **PLAN_IDS, activity_id="activity-1", performer="patient", due=date(2026, 3, 16))
    given(PLAN, ACTIVITY).when(early).then()
    after = given(PLAN, ACTIVITY).when(due).then(told)
    assert PLAN.timers(after.state) == {}
    after.when(due).then()
    after.when(end_activity()).then(ENDED)


def test_each_discipline_asks_the_other() -> None:
    given(PLAN).when(ask()).then(DISCUSSED)
    [event] = given(PLAN).when(ask(TANAKA)).events()
    assert isinstance(event, e.DiscussionAsked)
    assert (event.asked_by, event.asked_of, event.referrer_id) == ("psy-tanaka", "pain", "dr-okafor")


def test_a_pain_clinician_asks_as_themselves() -> None:
    [event] = given(PLAN).when(ask(LINDQVIST)).events()
    assert isinstance(event, e.DiscussionAsked)
    assert (event.asked_by, event.referrer_id) == ("dr-lindqvist", "dr-lindqvist")


def test_those_who_were_asked_set_a_moment_and_a_later_one_replaces_it() -> None:
    told = e.DiscussionScheduled(at=NOW, **DISCUSSION, meet_at=LATER, scheduled_by="psy-tanaka")
    after = given(PLAN, DISCUSSED).when(schedule()).then(told)
    again = after.when(schedule(meet_at=LATER + timedelta(days=2))).happened()
    [discussion] = again.state.discussions
    assert (discussion.status, discussion.meet_at) == ("scheduled", LATER + timedelta(days=2))


@pytest.mark.parametrize("meet_at", [NOW, NOW - timedelta(hours=1), NOW + timedelta(days=5 * 365 + 1)])
def test_a_moment_to_meet_is_in_the_future(meet_at: datetime) -> None:
    given(PLAN, DISCUSSED).when(schedule(meet_at=meet_at)).refused("meet-at-invalid")


def test_an_answer_needs_words_and_what_changes_may_be_left_out() -> None:
    given(PLAN, DISCUSSED).when(answer(answer=" ")).refused("answer-missing")
    plain = ANSWERED.model_copy(update={"decided": None})
    given(PLAN, DISCUSSED).when(answer(decided=" ")).then(plain)


def test_an_answer_is_kept_beside_its_question_until_the_asker_has_read_it() -> None:
    after = given(PLAN, DISCUSSED).when(answer()).then(ANSWERED)
    [discussion] = after.state.discussions
    assert (discussion.status, discussion.answer, discussion.decided) == ("answered", ANSWERED.answer, ANSWERED.decided)
    assert PLAN.timers(after.state) == {}
    after.when(answer()).refused("already-answered")
    after.when(schedule()).refused("already-answered")
    closed = after.when(close()).then(CLOSED)
    for command in (close(), answer(), schedule()):
        closed.when(command).refused("discussion-closed")


def test_a_discussion_that_is_not_needed_any_more_is_closed_by_those_who_asked() -> None:
    told = CLOSED.model_copy(update={"reason_code": "no_longer_needed"})
    after = given(PLAN, DISCUSSED).when(close()).then(told)
    assert after.state.discussions[0].closed_reason == "no_longer_needed"


@pytest.mark.parametrize("command", [schedule(OKAFOR), answer(OKAFOR), close(TANAKA)])
def test_each_side_of_a_discussion_does_its_own_part(command: Command) -> None:
    given(PLAN, DISCUSSED).when(command).refused("role-not-allowed")


@pytest.mark.parametrize("actor", [ROSA, CAREGIVER, OPERATOR])
@pytest.mark.parametrize("make", [schedule, answer, close])
def test_only_clinicians_take_part_in_discussions(make: Any, actor: str) -> None:
    given(PLAN, DISCUSSED).when(make(actor)).refused("role-not-allowed")
    given(PLAN, DISCUSSED, ANSWERED).when(make(actor)).refused("role-not-allowed")


@pytest.mark.parametrize("command", [change_goal(), end_activity(), schedule(), answer(), close()])
def test_what_the_plan_does_not_hold_cannot_be_changed(command: Command) -> None:
    given(PLAN).when(command).refused("not-in-plan")


def test_an_unanswered_discussion_is_reminded_of_every_day_until_it_is_answered() -> None:
    story: Given = given(PLAN, DISCUSSED)
    due = datetime(2026, 3, 10, tzinfo=LONDON)
    for reminder in (1, 2, 3):
        assert PLAN.timers(story.state) == {"discussion:discussion-1": due}
        command = TimerDue(now=due, actor=TIMER, name="discussion:discussion-1")
        story.when(command.model_copy(update={"now": due - timedelta(seconds=1)})).then()
        story = story.when(command).then(e.DiscussionOverdue(at=due, **DISCUSSION, reminder=reminder))
        due += timedelta(hours=CLINIC.clocks.triage_reminder_hours)
    assert PLAN.timers(story.when(answer()).happened().state) == {}


def test_whoever_has_set_a_moment_to_meet_is_not_reminded_before_it() -> None:
    meet_at = datetime(2026, 3, 12, 14, tzinfo=LONDON)
    after = given(PLAN, DISCUSSED).when(schedule(meet_at=meet_at)).happened()
    assert PLAN.timers(after.state) == {"discussion:discussion-1": meet_at}
    sooner = given(PLAN, DISCUSSED).when(schedule(meet_at=LATER)).happened()
    assert PLAN.timers(sooner.state) == {"discussion:discussion-1": datetime(2026, 3, 10, tzinfo=LONDON)}


def test_a_closed_referral_closes_the_discussions_about_it_and_leaves_the_others() -> None:
    about_another = DISCUSSED.model_copy(update={"discussion_id": "discussion-2", "referral_id": "referral-2"})
    about_none = DISCUSSED.model_copy(update={"discussion_id": "discussion-3", "referral_id": None})
    command = c.CloseForReferral(now=NOW, actor=REACTION, referral_id="referral-1")
    told = CLOSED.model_copy(update={"reason_code": "referral_closed"})
    story = given(PLAN, DISCUSSED, about_another, about_none)
    after = story.when(command).then(told)
    after.when(command).then()
    assert [one.is_open for one in after.state.discussions] == [False, True, True]
    given(PLAN, DISCUSSED, ANSWERED).when(command).then(told)
    given(PLAN).when(command).then()


def test_plans_are_found_by_whom_an_open_discussion_is_asked_of() -> None:
    asked_of_pain = DISCUSSED.model_copy(update={"discussion_id": "discussion-2", "asked_of": "pain"})
    nothing = dict.fromkeys(("patient_id", "asked_of_pain", "asked_of_psychology"))
    assert PLAN.keys(given(PLAN).state) == nothing
    rosas = {**nothing, "patient_id": "patient-rosa"}
    assert PLAN.keys(given(PLAN, GOAL).state) == rosas
    assert PLAN.keys(given(PLAN, DISCUSSED, ANSWERED).state) == {**rosas, "asked_of_psychology": "open"}
    both = {**rosas, "asked_of_pain": "open", "asked_of_psychology": "open"}
    assert PLAN.keys(given(PLAN, DISCUSSED, asked_of_pain).state) == both
    assert PLAN.keys(given(PLAN, DISCUSSED, CLOSED).state) == rosas


def test_what_ended_long_ago_leaves_the_plan_and_what_is_open_stays() -> None:
    story = given(PLAN, PATIENTS_GOAL)
    for number in range(2, rules.ENDED_KEPT + 4):
        id = f"goal-{number}"
        story = story.when(set_goal(goal_id=id)).happened().when(change_goal(goal_id=id)).happened()
    ids = [goal.goal_id for goal in story.state.goals]
    assert ids == ["goal-1", *(f"goal-{number}" for number in range(4, rules.ENDED_KEPT + 4))]


def test_a_plan_is_kept_under_its_patients_key() -> None:
    assert PLAN.person(given(PLAN, GOAL).state) == "patient-rosa"
    assert PLAN.person(given(PLAN).state) is None


def test_a_command_of_another_aggregate_is_a_bug() -> None:
    with pytest.raises(TypeError, match="does not know Command"):
        given(PLAN, GOAL).when(Command(now=NOW, actor=ROSA)).events()


def test_an_event_of_a_referral_leaves_the_plan_alone() -> None:
    state = given(PLAN, GOAL).state
    assert PLAN.evolve(state, SUBMITTED) is state


@pytest.mark.parametrize("name", ["discussion:discussion-1", "activity:activity-1", "nonsense"])
def test_a_timer_that_no_longer_stands_says_nothing(name: str) -> None:
    given(PLAN).when(TimerDue(now=LATER, actor=TIMER, name=name)).then()


def _referral(id: str, referrer: str, *history: e.ReferralEvent, after: timedelta = timedelta()) -> ReferralState:
    moved = {"referral_id": id, "referrer_id": referrer, "at": NOW + after}
    state: ReferralState = given(REFERRAL, *(event.model_copy(update=moved) for event in history)).state
    return state


@pytest.mark.parametrize(
    ("role", "about", "expected"),
    [
        ("referrer", None, "dr-asker"),
        ("referrer", "old", "dr-asker"),
        ("psychology", "old", "dr-old"),
        ("psychology", None, "dr-new"),
    ],
)
def test_the_pain_clinician_of_a_discussion_is_the_asker_or_whose_referral_it_is(
    role: str, about: str | None, expected: str
) -> None:
    patient: PatientState = given(PATIENT, REGISTERED).state
    referrals = [
        _referral("new", "dr-new", *HISTORIES["submitted"], after=timedelta(days=1)),
        _referral("old", "dr-old", *HISTORIES["submitted"]),
        _referral("closed", "dr-closed", *HISTORIES["returned"], after=timedelta(days=2)),
    ]
    assert rules.pain_clinician(role, "dr-asker", referrals, patient, about) == expected
    for unknown in ("closed", "nowhere"):
        with pytest.raises(Rejected, match="referral-unknown"):
            rules.pain_clinician(role, "dr-asker", referrals, patient, unknown)


def test_without_an_open_referral_it_is_who_registered_the_patient_if_anybody() -> None:
    patient: PatientState = given(PATIENT, REGISTERED).state
    closed = [_referral("closed", "dr-closed", *HISTORIES["returned"])]
    assert rules.pain_clinician("psychology", "psy-tanaka", closed, patient, None) == "dr-okafor"
    with pytest.raises(Rejected, match="referrer-unknown"):
        rules.pain_clinician("psychology", "psy-tanaka", [], PatientState(), None)


def test_a_closed_referral_reaches_the_plan_of_its_patient() -> None:
    [target] = REACTIONS[type(WITHDRAWN)](WITHDRAWN, Cause(now=LATER, actor=REACTION, envelope=ENVELOPE))
    command = c.CloseForReferral(now=LATER, actor=REACTION, referral_id="referral-1")
    assert target == Target("care_plan", care_plan_of("patient-rosa"), command)

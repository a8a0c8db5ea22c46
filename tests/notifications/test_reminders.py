"""Reminders: one for each meeting, in time, by the person's own clock, and none that has become untrue or pointless."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from services.notifications import views, why
from services.notifications.agendas import agenda_id
from services.notifications.aggregates import agenda
from services.notifications.domain import commands as c
from services.notifications.domain.evolve import timers
from services.notifications.domain.state import AgendaState, Message
from services.notifications.reactions import reactions
from services.notifications.texts import Texts
from shared.contracts import interventions as i
from shared.contracts import notifications as e
from shared.contracts import referrals as r
from shared.contracts.clinic import Clinic
from shared.contracts.clinic_agenda import AgendaSettings, Hours
from shared.contracts.envelope import Event
from shared.contracts.interventions import circle
from shared.contracts.preferences import MessageWithheld
from tests.given import Given, given
from tests.notifications.circle_facts import CANCELLED, MEETING
from tests.notifications.facts import REFERRAL
from tests.notifications.group_facts import ALL, GROUP, MEMBER, MEMBERSHIP, PART
from tests.notifications.people import CLINIC, EMAIL_ALLOWED, KNOWN, MINUTE, MORNING, ROSA, cause, due

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AT = MORNING + 10 * DAY
"""When the meeting is: at ten in the morning, in winter."""
REMINDERS = ("meeting_reminder", "group_reminder", "circle_reminder")


def clinic(**changes: Any) -> Clinic:
    settings = AgendaSettings.model_validate({"remind_hours": 24, "folds_hours": 12, **changes})
    return CLINIC.model_copy(update={"agenda": settings})


REMINDING = clinic()
TABLE = reactions(CLINIC)


def scheduled(at: datetime = AT, said: datetime = MORNING) -> Event:
    appointment = r.Appointment(at=at, mode="video", clinician_id="psy-tanaka")
    return r.AppointmentScheduled(**{**REFERRAL, "at": said}, appointment=appointment)


def near(at: datetime = AT, said: datetime = AT - 2 * DAY) -> Event:
    return i.GroupMeetsSoon(**{**GROUP, "at": said}, number=3, session_at=at, members=(MEMBER,))


def moved(at: datetime, said: datetime, near: bool = True) -> Event:
    there = {"number": 3, "moved_from": AT, "moved_to": at, "minutes": 90}
    return i.GroupSessionMoved(**{**ALL, "at": said}, **there, near=near)


def circle_planned(at: datetime = AT, said: datetime = MORNING) -> Event:
    return circle.CircleMeetingPlanned(**{**MEETING, "at": said, "meet_at": at}, topic="pacing")


def circle_moved(at: datetime, said: datetime) -> Event:
    return circle.CircleMeetingMoved(**{**MEETING, "at": said, "meet_at": at}, before=AT)


def hears(story: Given, *facts: Event, id: str = "event") -> Given:
    """Rosa's agenda after these facts, each at the moment at which it was said."""
    for number, fact in enumerate(facts):
        for target in TABLE[type(fact)](fact, cause(fact, f"{id}-{number}-{fact.at}", fact.at)):
            if target.id == agenda_id(ROSA):
                story = story.when(target.command).happened()
    return story


def story(*facts: Event, of: Clinic = REMINDING, zone: str = "Europe/London") -> Given:
    lives = KNOWN.model_copy(update={"time_zone": zone})
    return hears(given(agenda(of), lives, EMAIL_ALLOWED), *facts)


def reminders(told: Given) -> list[Message]:
    state: AgendaState = told.state
    return [one for one in state.messages.values() if one.template in REMINDERS]


def waiting(told: Given) -> list[datetime]:
    return [one.send_at for one in reminders(told) if one.status == "queued"]


def id_of(told: Given) -> str:
    state: AgendaState = told.state
    (id,) = [id for id, one in state.messages.items() if one.template in REMINDERS and one.status == "queued"]
    return id


def inbox(told: Given, now: datetime) -> views.Inbox:
    return views.inbox(REMINDING, Texts(REMINDING), told.state, 1, "en", now)


@pytest.mark.parametrize("fact", [scheduled(), near(), circle_planned(), moved(AT, MORNING)])
def test_each_kind_of_meeting_is_reminded_of_so_many_hours_before(fact: Event) -> None:
    told = story(fact)
    assert waiting(told) == [AT - DAY]
    (one,) = reminders(told)
    assert (one.needs, one.about, one.critical, one.pointless_after) == ("email", ROSA, False, AT)
    assert one.parameters == {"meets_at": AT.isoformat()}


def test_who_gets_a_seat_after_it_was_said_that_a_meeting_is_near_is_reminded_by_that() -> None:
    given_now: dict[str, Any] = {**PART, "at": AT - 2 * DAY, "next_session_at": AT, "number": 3}
    assert waiting(story(i.GroupSeatGiven(**given_now, near=True))) == [AT - DAY]
    # Else it is still to be said, once it is sure that the group meets.
    assert reminders(story(i.GroupSeatGiven(**given_now))) == []
    assert reminders(story(moved(AT, MORNING, near=False))) == []


def test_a_clinic_that_set_no_hours_reminds_nobody() -> None:
    assert reminders(story(scheduled(), near(), circle_planned(), of=clinic(remind_hours=None))) == []


def test_of_what_has_begun_nobody_is_reminded() -> None:
    assert reminders(story(scheduled(at=MORNING), near(said=AT + MINUTE))) == []


@pytest.mark.parametrize(
    ("zone", "meets", "goes"),
    [
        # The night before summer time, and before winter time, ends: so many hours are so many hours.
        ("Europe/London", datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 3, 28, 12, tzinfo=UTC)),
        ("Europe/London", datetime(2026, 10, 25, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)),
        # At 20:30 it is quiet by the clock that has not changed yet: the last minute before is 19:59 of that day.
        ("Europe/London", datetime(2026, 3, 29, 20, 30, tzinfo=UTC), datetime(2026, 3, 28, 19, 59, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 8, 15, tzinfo=UTC), datetime(2026, 3, 7, 15, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 2, 1, 30, tzinfo=UTC), datetime(2026, 10, 31, 23, 59, tzinfo=UTC)),
        ("Australia/Sydney", datetime(2026, 4, 5, 3, tzinfo=UTC), datetime(2026, 4, 4, 3, tzinfo=UTC)),
        ("Australia/Sydney", datetime(2026, 10, 4, 22, tzinfo=UTC), datetime(2026, 10, 3, 22, tzinfo=UTC)),
    ],
)
def test_it_is_due_at_the_right_instant_whatever_the_clocks_do(zone: str, meets: datetime, goes: datetime) -> None:
    assert waiting(story(scheduled(at=meets, said=meets - 7 * DAY), zone=zone)) == [goes]


def test_where_the_moment_is_quiet_it_goes_on_the_evening_before() -> None:
    early = AT.replace(hour=7, minute=30)
    assert waiting(story(scheduled(at=early))) == [(early - 2 * DAY).replace(hour=19, minute=59)]


def test_where_the_evening_before_has_passed_it_goes_as_soon_as_it_is_allowed() -> None:
    early = AT.replace(hour=7, minute=30)
    # Said at night, a little before it would have to go.
    told = story(near(at=early, said=(early - DAY).replace(hour=3)))
    assert waiting(told) == [(early - DAY).replace(hour=8, minute=0)]


def test_it_is_never_planned_for_a_moment_at_which_the_meeting_has_begun() -> None:
    night = AT.replace(hour=6)
    told = story(near(at=night, said=night.replace(hour=1)))
    (one,) = reminders(told)
    assert (one.status, one.reason) == ("dropped", "too_late")


def test_own_quiet_hours_count_and_move_a_reminder_that_waits() -> None:
    mornings = Hours(quiet_from=time(8), quiet_to=time(12))
    chosen = c.ChoosePreferences(now=MORNING, actor="patient:patient-rosa", hours=mornings)
    told = story(scheduled()).when(chosen).happened()
    assert waiting(told) == [(AT - DAY).replace(hour=7, minute=59)]
    back = c.ChoosePreferences(now=MORNING, actor="patient:patient-rosa")
    assert waiting(told.when(back).happened()) == [AT - DAY]


def test_what_tells_the_date_shortly_before_is_its_own_reminder() -> None:
    six, at = clinic(folds_hours=6), AT.replace(hour=18)
    assert reminders(story(scheduled(at, said=at - DAY - 6 * HOUR), of=six)) == []
    assert waiting(story(scheduled(at, said=at - DAY - 6 * HOUR - MINUTE), of=six)) == [at - DAY]


def test_what_counts_is_when_it_goes_out_and_not_when_it_was_said() -> None:
    """Said at ten in the evening, it goes out at eight in the morning."""
    one, at = clinic(folds_hours=1), AT.replace(hour=9)
    assert reminders(story(scheduled(at, said=at - DAY - 11 * HOUR), of=one)) == []


def test_where_it_folds_by_no_hours_only_what_comes_with_it_or_after_is_one() -> None:
    none = clinic(folds_hours=0)
    assert reminders(story(scheduled(said=AT - DAY), of=none)) == []
    assert reminders(story(scheduled(said=AT - HOUR), of=none)) == []
    assert len(reminders(story(scheduled(said=AT - DAY - MINUTE), of=none))) == 1


def test_what_another_event_told_shortly_before_counts_as_well() -> None:
    late = i.GroupConfirmed(**{**ALL, "at": AT - DAY - HOUR}, starts_at=AT)
    assert reminders(story(late, near(said=AT - DAY - HOUR + MINUTE))) == []
    early = i.GroupConfirmed(**{**ALL, "at": AT - 3 * DAY}, starts_at=AT)
    assert len(waiting(story(early, near()))) == 1
    elsewhen = i.GroupConfirmed(**{**ALL, "at": AT - DAY - HOUR}, starts_at=AT + 7 * DAY)
    assert len(waiting(story(elsewhen, near(said=AT - DAY - HOUR + MINUTE)))) == 1


def test_the_ledger_says_that_a_message_is_its_own_reminder() -> None:
    said = scheduled(said=AT - 20 * HOUR)
    (target,) = [one for one in TABLE[type(said)](said, cause(said, now=said.at)) if one.id == agenda_id(ROSA)]
    (*_, told) = given(agenda(REMINDING), KNOWN, EMAIL_ALLOWED).when(target.command).events()
    assert isinstance(told, e.MessagePlanned)
    assert (told.template, told.reminds) == ("appointment_planned_patient", True)
    entry = {"type": e.MessagePlanned.TYPE, "data": told.model_dump(mode="json")}
    (step,) = why.steps([entry], told.message_id, "en")
    assert step.text == "It came into the inbox, and an e-mail was planned. It is its own reminder."


def test_a_new_date_takes_the_old_reminder_away_and_brings_its_own() -> None:
    later = AT + 3 * DAY
    again = MORNING + DAY
    assert waiting(story(scheduled(), scheduled(later, again))) == [later - DAY]
    assert waiting(story(circle_planned(), circle_moved(later, again))) == [later - DAY]
    assert waiting(story(near(), moved(later, AT - 2 * DAY + MINUTE))) == [later - DAY]


def test_moved_back_there_is_one_reminder_for_the_first_date() -> None:
    told = story(scheduled(), scheduled(AT + DAY, MORNING + MINUTE), scheduled(AT, MORNING + 2 * MINUTE))
    assert waiting(told) == [AT - DAY]


def test_when_only_the_place_changes_there_is_still_one_reminder() -> None:
    assert waiting(story(circle_planned(), circle_moved(AT, MORNING + DAY))) == [AT - DAY]


REFERRAL_LATER: dict[str, Any] = {**REFERRAL, "at": MORNING + DAY}
SOON_AFTER = AT - 2 * DAY + MINUTE


@pytest.mark.parametrize(
    ("told", "ends"),
    [
        (scheduled(), r.AppointmentCancelled(**REFERRAL_LATER, reason_code="patient_asked")),
        (scheduled(), r.AppointmentMissed(**REFERRAL_LATER, reason_code="ill")),
        (scheduled(), r.ReferralWithdrawn(**REFERRAL_LATER)),
        # Seen earlier than was planned.
        (scheduled(), r.TreatmentStarted(**REFERRAL_LATER)),
        (circle_planned(), circle.CircleMeetingCancelled(**{**CANCELLED, "at": MORNING + DAY, "meet_at": AT})),
        (near(), i.GroupCancelled(**{**ALL, "at": SOON_AFTER}, reason_code="no_room", members=())),
        (near(), i.GroupAbsenceTold(**{**MEMBERSHIP, "at": SOON_AFTER}, number=3, session_at=AT)),
        (near(), i.GroupPartEnded(**{**MEMBERSHIP, "at": SOON_AFTER}, how="left", attended=1, missed=1)),
    ],
)
def test_what_takes_a_meeting_away_takes_its_reminder_away(told: Event, ends: Event) -> None:
    assert len(waiting(story(told))) == 1
    ended = story(told, ends)
    assert [(one.status, one.reason) for one in reminders(ended)] == [("dropped", "settled")]
    assert not any(message.template in REMINDERS for message in inbox(ended, AT).messages)


def test_while_psychology_looks_at_a_wish_to_cancel_the_meeting_stands_and_is_reminded_of() -> None:
    asked = r.CancellationRequested(**REFERRAL_LATER, reason_code="moved_away")
    kept = r.CancellationTurnedDown(**{**REFERRAL, "at": MORNING + 2 * DAY}, back_to="scheduled", rationale="Goes on.")
    assert waiting(story(scheduled(), asked)) == waiting(story(scheduled(), asked, kept)) == [AT - DAY]
    cancelled = r.ReferralCancelled(**{**REFERRAL, "at": MORNING + 2 * DAY}, reason_code="moved_away")
    assert waiting(story(scheduled(), asked, cancelled)) == []


def test_a_group_put_off_reminds_of_no_old_date() -> None:
    later = {"sessions": (), "decide_at": AT, "starts_at": AT + 7 * DAY, "times": 1, "seats_taken": 2}
    assert waiting(story(near(), i.GroupPostponed(**{**ALL, "at": AT - 2 * DAY + MINUTE}, **later))) == []


def test_an_event_that_comes_again_brings_no_second_reminder() -> None:
    once = hears(story(), scheduled(), id="same")
    assert hears(once, scheduled(), id="same").state == once.state
    assert len(reminders(once)) == 1


def test_two_meetings_have_a_reminder_each() -> None:
    other = AT + DAY
    assert sorted(waiting(story(scheduled(), circle_planned(at=other)))) == [AT - DAY, other - DAY]


def test_it_is_sent_when_it_is_due() -> None:
    told = story(scheduled())
    name = f"send:{id_of(told)}"
    assert timers(told.state)[name] == AT - DAY
    told.when(due(name, AT - DAY - MINUTE)).then()
    (claim,) = told.when(due(name, AT - DAY)).events()
    assert isinstance(claim, e.MessageClaimed)


def test_a_process_that_was_away_until_the_meeting_sends_nothing() -> None:
    told = story(scheduled())
    id = id_of(told)
    assert isinstance(told.when(due(f"send:{id}", AT - MINUTE)).events()[0], e.MessageClaimed)
    withheld = MessageWithheld(at=AT, recipient_id=ROSA, message_id=id, reason="too_late")
    after = told.when(due(f"send:{id}", AT)).then(withheld)
    assert after.state.messages[id].status == "dropped"
    assert f"send:{id}" not in timers(after.state)


def test_it_does_not_wait_for_the_end_of_quiet_hours_past_its_meeting() -> None:
    early = AT.replace(hour=7, minute=30)
    told = story(scheduled(at=early))
    (late,) = told.when(due(f"send:{id_of(told)}", early - HOUR)).events()
    assert isinstance(late, MessageWithheld)
    assert late.reason == "too_late"


def test_whoever_keeps_meetings_to_the_inbox_gets_no_email_and_finds_it_there() -> None:
    chosen = c.ChoosePreferences(now=MORNING - DAY, actor="patient:patient-rosa", inbox_only=("meetings",))
    told = hears(story().when(chosen).happened(), scheduled())
    assert [(one.status, one.reason) for one in reminders(told)] == [("dropped", "inbox_only")]
    assert [one.template for one in inbox(told, AT - DAY - MINUTE).messages] == ["appointment_planned_patient"]
    assert [one.template for one in inbox(told, AT - DAY).messages] == [
        "meeting_reminder",
        "appointment_planned_patient",
    ]


def test_it_stands_in_the_inbox_from_when_it_is_due_and_before_among_what_is_to_come() -> None:
    told = story(scheduled())
    before = inbox(told, AT - DAY - MINUTE)
    assert ([one.template for one in before.messages], before.unread) == (["appointment_planned_patient"], 1)
    (to_come,) = before.to_come
    assert (to_come.template, to_come.send_at, to_come.can_stop) == ("meeting_reminder", AT - DAY, True)
    after = inbox(told, AT - DAY)
    assert (len(after.messages), after.unread, after.to_come) == (2, 2, [])
    assert (after.messages[0].template, after.messages[0].at) == ("meeting_reminder", AT - DAY)


def test_one_whose_email_went_the_evening_before_is_there_by_then() -> None:
    early = AT.replace(hour=7, minute=30)
    told = story(scheduled(at=early))
    (sends,) = waiting(told)
    assert "meeting_reminder" not in {one.template for one in inbox(told, sends - MINUTE).messages}
    assert "meeting_reminder" in {one.template for one in inbox(told, sends).messages}


def test_one_that_was_stopped_is_not_sent() -> None:
    told = story(scheduled())
    id = id_of(told)
    told = told.when(c.StopMessage(now=MORNING, actor="patient:patient-rosa", message_id=id)).happened()
    told.when(due(f"send:{id}", AT - DAY)).then()


def test_what_was_sent_stays_in_the_inbox_whatever_comes_after() -> None:
    told = story(scheduled())
    id = id_of(told)
    sent = c.RecordSent(now=AT - DAY, actor="system:sender", message_id=id)
    told = told.when(due(f"send:{id}", AT - DAY)).happened().when(sent).happened()
    ended = hears(told, r.TreatmentStarted(**{**REFERRAL, "at": AT + HOUR}))
    assert id in {one.id for one in inbox(ended, AT + DAY).messages}


@pytest.mark.parametrize("say", [scheduled, circle_planned, near], ids=["appointment", "circle", "group"])
def test_the_why_of_a_reminder_says_that_it_comes_later(say: Callable[[], Event]) -> None:
    said = say()
    targets = [one for one in TABLE[type(said)](said, cause(said, now=said.at)) if one.id == agenda_id(ROSA)]
    events = given(agenda(REMINDING), KNOWN, EMAIL_ALLOWED).when(targets[0].command).events()
    told = [one for one in events if isinstance(one, e.MessagePlanned) and one.template in REMINDERS]
    entry = {"type": e.MessagePlanned.TYPE, "data": told[0].model_dump(mode="json")}
    (step,) = why.steps([entry], told[0].message_id, "en")
    assert step.text == "A reminder was planned. It comes into the inbox when its e-mail goes."
    assert step.until == told[0].send_at

"""A person's meetings as a calendar file, read back by a reader of the standard: it follows whatever is moved."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from services.interventions.domain.group import commands as c
from services.interventions.domain.membership.state import Mark, MembershipState
from services.interventions.views.calendar import calendar_of
from shared.contracts.commands import Rejected
from shared.runtime.core import Found
from tests.interventions import example as ex
from tests.interventions.test_group import FIRST, Story

SEAT = MembershipState(
    invitation=1,
    membership_id="m1",
    group_id="g1",
    episode_id="e1",
    patient_id="p1",
    referral_id="r1",
    status="seat",
)
MOVES = st.lists(
    st.tuples(st.sampled_from(("move", "postpone")), st.integers(1, 3), st.integers(1, 40), st.integers(0, 23)),
    max_size=6,
)


def read(story: Story, version: int = 1, **part: Any) -> dict[int, Any]:
    """The entries by the number of their session."""
    membership = Found("m1", 1, SEAT.model_copy(update=part))
    raw = calendar_of(ex.CLINIC, membership, Found("g1", version, story.state), ex.T0)
    entries = list(Calendar.from_ical(raw).walk("VEVENT"))
    found = {int(str(one["uid"]).partition("@")[0].rpartition(".")[2]): one for one in entries}
    assert len(found) == len(entries)
    return found


def begins(entry: Any) -> datetime:
    at: datetime = entry.decoded("dtstart")
    return at.astimezone(UTC)


@settings(max_examples=60, deadline=None)
@given(moves=MOVES)
def test_whatever_is_moved_the_calendar_has_the_same_entries_at_the_new_times(
    moves: list[tuple[str, int, int, int]],
) -> None:
    story, version = Story(), 1
    before = read(story)
    uids = {number: str(entry["uid"]) for number, entry in before.items()}
    for kind, number, days, hour in moves:
        moved = story.state.sessions[number - 1].at.replace(hour=hour) + timedelta(days=days - 20)
        try:
            if kind == "postpone":
                said = story.do(c.PostponeGroup, days=days)
            else:
                said = story.do(c.MoveSession, number=number, at=moved, where=f"Room {days}, first floor; left")
        except Rejected:
            continue
        version += len(said)
        now = read(story, version)
        assert {number: str(entry["uid"]) for number, entry in now.items()} == uids
        for session in story.state.sessions:
            entry = now[session.number]
            assert begins(entry) == session.at
            assert entry.decoded("dtend") - entry.decoded("dtstart") == timedelta(minutes=session.minutes)
            assert str(entry["location"]) == (session.where or story.state.where)
            # A reader takes over only what has a higher number than what it has.
            assert not said or int(entry["sequence"]) > int(before[session.number]["sequence"])
        before = now


def test_the_clock_on_the_wall_stays_over_the_change_to_summer_time() -> None:
    winter = datetime(2030, 3, 25, 10, tzinfo=UTC)
    found = read(Story(first_at=winter))
    assert [entry.decoded("dtstart").hour for entry in found.values()] == [10, 10, 10]
    assert [begins(entry).hour for entry in found.values()] == [10, 9, 9]


def test_nothing_in_it_says_anything_of_health_or_of_others() -> None:
    raw = calendar_of(ex.CLINIC, Found("m1", 1, SEAT), Found("g1", 1, Story().state), ex.T0).decode()
    assert not [word for word in ("pain", "group", "short", "p1", "ana", "ben") if f":{word}" in raw.lower()]
    assert "CLASS:PRIVATE" in raw


@pytest.mark.parametrize("status", ["invited", "accepted", "reserve", "declined", "lapsed"])
def test_only_whoever_has_a_seat_has_entries(status: str) -> None:
    assert read(Story(), status=status) == {}
    assert len(read(Story())) == len(Story().state.sessions)


def test_what_does_not_take_place_any_more_is_called_off_and_says_no_place() -> None:
    story = Story()
    left = read(story, status="ended", how_ended="left", had_seat=True, marks={1: Mark(present=True)})
    assert [str(entry["status"]) for entry in left.values()] == ["CONFIRMED", "CANCELLED", "CANCELLED"]
    assert not any("location" in entry for entry in left.values())
    assert read(story, status="ended", how_ended="no_seat") == read(story, status="ended", how_ended="left") == {}
    story.do(c.CancelGroup, reason_code="other")
    assert {str(entry["status"]) for entry in read(story).values()} == {"CANCELLED"}
    assert begins(read(story)[1]) == FIRST

"""What must be true of circles: what worries reaches a human, what is held is looked at, nobody is forgotten."""

from datetime import datetime, timedelta

from shared.contracts import notifications as n
from shared.contracts.envelope import Event
from shared.contracts.interventions import circle as c
from shared.contracts.interventions import circle_member as m
from shared.contracts.interventions import circle_post as p
from shared.runtime.aggregate import derived_id
from shared.runtime.store.port import Json
from tests.simulation.clinic import Clinic
from tests.simulation.plan_checks import LATE
from tests.simulation.record import said


def check_circles(clinic: Clinic, now: datetime) -> None:
    """Blame whatever is not so."""
    told = {(event.cause, event.recipient_id) for _, event in clinic.record.of_type(n.MessagePlanned)}
    for name, history in clinic.record.events.items():
        if name.startswith("circle-post-"):
            _check_post(clinic, name, history, told, now)
        elif isinstance(said(history[0]), c.CircleStarted):
            _check_circle(clinic, name, history, told, now)
    _check_left(clinic)


def _check_post(clinic: Clinic, name: str, history: list[Json], told: set[tuple[str, str]], now: datetime) -> None:
    """A post that worries is held, and its alert is raised; one that waits is brought to somebody's mind."""
    waits_since: datetime | None = None
    worries = False
    for entry, event in zip(history, map(said, history), strict=True):
        match event:
            case p.CirclePostWritten():
                waits_since = event.at
            case p.CircleRiskWordsWritten():
                worries = True
            case p.CirclePostShown():
                waits_since = None
                if worries and event.checked_by is None:
                    clinic.record.blame(f"{name} worries, and was shown before anybody looked at it")
            case p.CirclePostReported() | p.CirclePostWaits():
                waits_since = event.at
                for person in clinic.settings.clinic.coordinators:
                    if (entry["id"], person) not in told:
                        clinic.record.blame(f"{person} does not know that {name} waits")
            case p.CirclePostChecked() | p.CirclePostRemoved() | p.CirclePostWithdrawn():
                waits_since = None
    if worries and derived_id("risk", name) not in clinic.record.events:
        clinic.record.blame(f"{name} worries, and nobody was called")
    hours = timedelta(hours=clinic.settings.clinic.together.circles.check_hours)
    if waits_since is not None and now > waits_since + hours + LATE:
        clinic.record.blame(f"{name} waits since {waits_since}, and nobody was told")


def _check_circle(clinic: Clinic, name: str, history: list[Json], told: set[tuple[str, str]], now: datetime) -> None:
    """A circle without a leader, or without a word, gets to the coordinators, again and again. It is never too full."""
    settings = clinic.settings.clinic.together.circles
    leaderless: datetime | None = None
    active: datetime | None = None
    seats: set[str] = set()
    for entry, event in zip(history, map(said, history), strict=True):
        _must_be_told(clinic, name, entry, event, told)
        match event:
            case c.CircleStarted():
                active = event.at
            case c.CircleLeaderless():
                leaderless = event.at
                clinic.record.happened["a leaderless circle was noticed again"] += event.since < event.at
            case c.CircleLeaderAppointed():
                leaderless = None
            case c.CircleActive() | c.CircleQuiet():
                active = event.at
            case c.CircleSeatHeld():
                if event.member_id in seats:
                    clinic.record.blame(f"{name}: {event.member_id} has two seats")
                seats.add(event.member_id)
                if len(seats) > settings.most_people:
                    clinic.record.blame(f"{name} has more people than it holds")
            case c.CircleSeatFreed():
                seats.discard(event.member_id)
            case c.CircleClosed():
                return
    a_day = timedelta(days=1) + LATE
    if leaderless is not None and now > leaderless + timedelta(days=settings.leaderless_days) + a_day:
        clinic.record.blame(f"{name} has no leader since {leaderless}, and nobody was told")
    if active is not None and now > active + timedelta(days=settings.quiet_days) + a_day:
        clinic.record.blame(f"{name} is silent since {active}, and nobody was told")


def _must_be_told(clinic: Clinic, name: str, entry: Json, event: Event, told: set[tuple[str, str]]) -> None:
    if isinstance(event, c.CircleLeaderless | c.CircleQuiet):
        for person in clinic.settings.clinic.coordinators:
            if (entry["id"], person) not in told:
                clinic.record.blame(f"{person} does not know that {name} needs somebody")


def _check_left(clinic: Clinic) -> None:
    """Of whoever left, nothing stays: neither a seat nor a post."""
    circles = clinic.disks["interventions"].of("circle")
    posts = clinic.disks["interventions"].of("circle_post")
    for name, history in clinic.record.events.items():
        if not name.startswith("circle-member-"):
            continue
        events = [said(entry) for entry in history]
        last = next((e for e in events[::-1] if isinstance(e, m.CircleJoined | m.CircleLeft | m.CircleInvited)), None)
        if not isinstance(last, m.CircleLeft):
            continue
        if name in [one["member_id"] for one in circles[last.circle_id].state["seats"]]:
            clinic.record.blame(f"{name} left, and still has a seat")
        if any(one.state["member_id"] == name and one.state["status"] != "withdrawn" for one in posts.values()):
            clinic.record.blame(f"{name} left, and what they wrote is still there")

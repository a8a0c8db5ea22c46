"""Whoever is not heard from gets a kind word, then a call, then their referrer hears of it. Activity begins anew."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.interventions.domain.actor import staff_id
from services.interventions.domain.engagement import commands as c
from services.interventions.domain.engagement.ladder import next_at, next_step, quiet_days
from services.interventions.domain.engagement.state import EngagementState
from services.interventions.domain.local import day_of
from shared.contracts import interventions as e
from shared.contracts.clinic_treatment import Treatment
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event

QUIET_TIMER = "quiet"


def decide(
    treatment: Treatment, calls_from: int, zone: ZoneInfo, state: EngagementState, command: Command
) -> list[Event]:
    """What follows from `command`. What comes before treatment or after it is answered with nothing.

    `calls_from` is how many missed meetings of a group in a row ask for a call.
    """
    match command:
        case c.OpenEngagement():
            return _open(state, command)
        case c.BeginEngagement():
            return _begin(zone, state, command)
        case c.NoteActivity():
            return _active(zone, state, command) if state.status == "active" else []
        case c.NoteOpening():
            return _counted_from(state, command, day_of(command.opens_at, zone)) if state.status == "active" else []
        case c.NoteNothingLeft():
            counted = state.status == "active" and state.since is not None
            return [e.QuietClockSet(**_said(state, command))] if counted else []
        case c.NoteMissed():
            return _missed(calls_from, state, command)
        case c.LogContact():
            return _log(zone, state, command)
        case c.TakeBreak():
            return _take_break(treatment, zone, state, command)
        case c.EndEngagement():
            return [e.EngagementEnded(**_said(state, command))] if state.status == "active" else []
        case TimerDue():
            return _quiet(treatment, zone, state, command)
        case _:
            raise TypeError(f"an engagement has no branch for {type(command).__name__}")


def timers(treatment: Treatment, zone: ZoneInfo, state: EngagementState) -> dict[str, datetime]:
    """The next step, if nothing is heard until then."""
    due = next_at(treatment, zone, state)
    return {QUIET_TIMER: due} if due else {}


def _said(state: EngagementState, command: Command) -> dict[str, datetime | str]:
    ids = {"engagement_id": state.engagement_id, "episode_id": state.episode_id, "patient_id": state.patient_id}
    return {"at": command.now, **ids}


def _open(state: EngagementState, command: c.OpenEngagement) -> list[Event]:
    if state.status is not None:
        return []
    said = command.model_dump(include={"engagement_id", "episode_id", "patient_id", "referral_id"})
    return [e.EngagementOpened(at=command.now, **said)]


def _begin(zone: ZoneInfo, state: EngagementState, command: c.BeginEngagement) -> list[Event]:
    if state.status not in (None, "opened"):
        return []
    said = command.model_dump(include={"engagement_id", "episode_id", "patient_id", "clinician_id"})
    return [e.EngagementBegun(at=command.now, **said, since=day_of(command.happened_at, zone))]


def _active(zone: ZoneInfo, state: EngagementState, command: c.NoteActivity) -> list[Event]:
    day, said = day_of(command.happened_at, zone), _said(state, command)
    events: list[Event] = []
    if state.active_on is None or day > state.active_on:
        events.append(e.PatientActive(**said, day=day, on_behalf=command.on_behalf))
        if state.away_since is not None:
            days = max(0, (day - state.away_since).days - 1)
            events.append(e.PatientReturned(**said, days=days, called=state.called))
    return events if command.opens_at is None else [*events, *_later(zone, state, command, day, command.opens_at)]


def _later(
    zone: ZoneInfo, state: EngagementState, command: Command, active_on: date, opens_at: datetime
) -> list[Event]:
    """Nothing new where the next module opens on the very day of the activity."""
    opens_on = day_of(opens_at, zone)
    return _counted_from(state, command, opens_on) if opens_on > active_on else []


def _counted_from(state: EngagementState, command: Command, day: date) -> list[Event]:
    if state.since is not None and day <= state.since:
        return []
    return [e.QuietClockSet(**_said(state, command), since=day)]


def _take_break(treatment: Treatment, zone: ZoneInfo, state: EngagementState, command: c.TakeBreak) -> list[Event]:
    _require_active(state)
    days = (command.until - day_of(command.now, zone)).days
    if not 1 <= days <= treatment.longest_break_days:
        raise Rejected("break-invalid", days=treatment.longest_break_days)
    if command.until == state.break_until:
        return []
    return [e.BreakTaken(**_said(state, command), until=command.until)]


def _missed(calls_from: int, state: EngagementState, command: c.NoteMissed) -> list[Event]:
    """Said once for each row of missed meetings; whoever is to be called already is not asked for twice.

    A correction may lengthen a row by more than one, so it is not only the meeting that makes it long enough.
    """
    long_enough = command.in_a_row >= calls_from and not _called_for(state, command)
    if state.status not in ("opened", "active") or not long_enough or state.call_since:
        return []
    missed = command.model_dump(include={"group_id", "number"})
    return [e.CallAsked(**_said(state, command), **missed, missed=command.in_a_row)]


def _called_for(state: EngagementState, command: c.NoteMissed) -> bool:
    """Whether a call was asked for in this row of missed meetings, or in a later one of the same group."""
    before = state.called_for
    return before is not None and before.group_id == command.group_id and before.number >= command.row_from


def _require_active(state: EngagementState) -> None:
    if state.status == "ended":
        raise Rejected("episode-closed")
    if state.status != "active":
        raise Rejected("episode-not-active")


def _log(zone: ZoneInfo, state: EngagementState, command: c.LogContact) -> list[Event]:
    _require_active(state)
    said = _said(state, command)
    logged = e.ContactLogged(
        **said,
        kind=command.kind,
        reached=command.reached,
        minutes=command.minutes,
        logged_by=staff_id(command.actor),
        attempt=state.attempts + 1 if state.call_since else 0,
        note=command.note or None,
    )
    return [logged, e.PatientReached(**said, day=day_of(command.now, zone))] if command.reached else [logged]


def _quiet(treatment: Treatment, zone: ZoneInfo, state: EngagementState, command: TimerDue) -> list[Event]:
    due = timers(treatment, zone, state).get(command.name)
    if due is None or due > command.now or state.since is None:
        return []
    return [
        e.PatientQuiet(
            **_said(state, command),
            referral_id=state.referral_id,
            rung=state.rung + 1,
            step=next_step(state),
            days=quiet_days(state, day_of(command.now, zone)),
            since=state.since,
        )
    ]

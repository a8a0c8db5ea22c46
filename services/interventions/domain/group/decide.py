"""A group is formed, gets its people, begins if there are enough, and meets. A late or repeated fact says nothing."""

from services.interventions.domain.actor import decided_by
from services.interventions.domain.group import calendar
from services.interventions.domain.group import commands as c
from services.interventions.domain.group.evolve import evolve
from services.interventions.domain.group.meeting import mark_not_held, move, replace, take_attendance
from services.interventions.domain.group.rules import GroupRules
from services.interventions.domain.group.seats import close_joining, give_up, moved_up, note_invited, take
from services.interventions.domain.group.state import GroupState, members
from shared.contracts import interventions as e
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event


def decide(rules: GroupRules, state: GroupState, command: Command) -> list[Event]:
    """What follows from `command`. Raises `Rejected`."""
    match command:
        case c.PlanGroup():
            return _plan(rules, state, command)
        case c.TakeSeat():
            return take(rules, state, command)
        case c.NoteInvited():
            return note_invited(state, command)
        case c.GiveUpSeat():
            return give_up(rules, state, command)
        case TimerDue():
            return _timer_due(rules, state, command)
    _require_open(state, command)
    match command:
        case c.ConfirmGroup():
            return _confirm(state, command)
        case c.PostponeGroup():
            return _and_moved_up(rules, state, command, _postpone(rules, state, command, command.days))
        case c.MoveSession():
            return _and_moved_up(rules, state, command, move(state, command))
        case c.ReplaceFacilitator():
            return replace(rules, state, command)
        case c.TakeAttendance():
            return take_attendance(state, command)
        case c.MarkNotHeld():
            return mark_not_held(state, command)
        case c.CancelGroup():
            return _cancel(state, command)
    raise TypeError(f"a group has no branch for {type(command).__name__}")


def _and_moved_up(rules: GroupRules, state: GroupState, command: Command, events: list[Event]) -> list[Event]:
    """With other dates one may be able to begin again."""
    for event in events:
        state = evolve(state, event)
    return [*events, *moved_up(rules, state, command)]


def _plan(rules: GroupRules, state: GroupState, command: c.PlanGroup) -> list[Event]:
    if state.status is not None:
        return []
    if not rules.plans.offers(command.programme_id):
        raise Rejected("programme-unknown")
    unknown = set(command.facilitators) - rules.psychologists
    if unknown or len(set(command.facilitators)) < 2:
        raise Rejected("facilitators-invalid")
    settings = rules.settings
    most = settings.most_in_person if command.mode == "in_person" else settings.most_by_video
    maximum = command.maximum or most
    if not settings.minimum <= maximum <= most:
        raise Rejected("maximum-invalid", least=settings.minimum, most=most)
    if command.first_at <= command.now:
        raise Rejected("first-session-invalid")
    plan = rules.plans.newest(command.programme_id)
    modules = [step.module_id for step in plan.steps]
    sessions = calendar.planned(command.first_at, command.every_days, command.minutes, modules, rules.zone)
    return [
        e.GroupPlanned(
            at=command.now,
            **command.model_dump(include={"group_id", "programme_id", "language", "mode", "where", "place_id"}),
            facilitators=command.facilitators,
            programme_version=plan.version,
            minimum=settings.minimum,
            maximum=maximum,
            sessions=tuple(e.GroupSession(**one.model_dump(include=_TOLD)) for one in sessions),
            decide_at=calendar.decided_at(command.first_at, settings, rules.zone),
        )
    ]


_TOLD = {"number", "at", "minutes", "module_ids"}


def _confirm(state: GroupState, command: Command) -> list[Event]:
    if state.status != "forming":
        return []
    if not state.seats:
        raise Rejected("group-empty")
    return [
        e.GroupConfirmed(
            at=command.now,
            group_id=state.group_id,
            patient_ids=state.patient_ids,
            starts_at=calendar.starts_at(state),
            facilitators=state.leading,
            decided_by=decided_by(command),
        )
    ]


def _postpone(rules: GroupRules, state: GroupState, command: Command, days: int) -> list[Event]:
    if state.status == "running":
        raise Rejected("group-running")
    sessions = calendar.later(state, days, rules.zone)
    # Whoever looks late: a new date never lies in the past.
    while sessions[0].at <= command.now:
        sessions = calendar.later(state.model_copy(update={"sessions": sessions}), days, rules.zone)
    return [
        e.GroupPostponed(
            at=command.now,
            group_id=state.group_id,
            patient_ids=tuple(seat.patient_id for seat in state.everybody),
            sessions=tuple(e.GroupSession(**one.model_dump(include=_TOLD)) for one in sessions),
            decide_at=calendar.decided_at(sessions[0].at, rules.settings, rules.zone),
            starts_at=sessions[0].at,
            times=state.postponed + 1,
            seats_taken=len(state.seats),
            automatic=isinstance(command, TimerDue),
            reserve_ids=state.reserve_ids,
            asked=members(*state.asked),
            facilitators=state.leading,
            decided_by=decided_by(command),
        )
    ]


def _cancel(state: GroupState, command: c.CancelGroup) -> list[Event]:
    everybody = state.everybody
    return [
        e.GroupCancelled(
            at=command.now,
            group_id=state.group_id,
            reason_code=command.reason_code,
            facilitators=state.leading,
            members=members(*everybody, *state.asked),
            patient_ids=tuple(seat.patient_id for seat in everybody),
            decided_by=decided_by(command),
        )
    ]


def _timer_due(rules: GroupRules, state: GroupState, command: TimerDue) -> list[Event]:
    due = calendar.timers(rules.settings, rules.zone, state).get(command.name)
    if due is None or due > command.now:
        return []
    match command.name:
        case calendar.DECIDE_TIMER:
            return _enough(rules, state, command)
        case calendar.CLOSE_TIMER:
            return close_joining(state, command)
        case calendar.SOON_TIMER:
            return _near(state, command)
        case calendar.UNFINISHED_TIMER:
            return _unfinished(state, command)
        case _:
            return _unsaid(state, command)


def _enough(rules: GroupRules, state: GroupState, command: TimerDue) -> list[Event]:
    """The day of the decision: it begins, is postponed, or a person decides. It never just begins with too few."""
    if len(state.seats) >= state.minimum:
        return _confirm(state, command)
    settings, over = rules.settings, calendar.starts_at(state) <= command.now
    if over or state.postponed_by_itself < settings.most_postponements:
        return _and_moved_up(rules, state, command, _postpone(rules, state, command, settings.postpone_days))
    taken = len(state.seats)
    return [
        e.GroupUnderMinimum(at=command.now, group_id=state.group_id, seats_taken=taken, minimum=state.minimum),
    ]


def _unsaid(state: GroupState, command: TimerDue) -> list[Event]:
    session = calendar.unsaid(state)
    assert session is not None
    leaders = state.leaders(session)
    return [
        e.GroupAttendanceOverdue(at=command.now, group_id=state.group_id, number=session.number, facilitators=leaders)
    ]


def _near(state: GroupState, command: TimerDue) -> list[Event]:
    session = calendar.near(state)
    assert session is not None
    said = {"number": session.number, "session_at": session.at, "members": members(*state.seats)}
    return [e.GroupMeetsSoon.model_validate({"at": command.now, "group_id": state.group_id, **said})]


def _unfinished(state: GroupState, command: TimerDue) -> list[Event]:
    numbers = tuple(one.number for one in state.unsettled)
    leaders = tuple(dict.fromkeys(who for one in state.unsettled for who in state.leaders(one)))
    return [e.GroupUnfinished(at=command.now, group_id=state.group_id, numbers=numbers, facilitators=leaders)]


def _require_open(state: GroupState, command: Command) -> None:
    """After the end of a group only who was there is corrected."""
    if state.status is None:
        raise Rejected("group-unknown")
    corrects = state.status == "finished" and isinstance(command, c.TakeAttendance)
    if not (state.open or corrects):
        raise Rejected("group-closed")

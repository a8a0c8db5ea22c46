"""How the events of a circle change its state. Total: an event that is not known changes nothing."""

from services.interventions.domain.circle.state import CircleMeeting, CircleSeat, CircleState
from shared.contracts.envelope import Event
from shared.contracts.interventions import circle as e


def evolve(state: CircleState, event: Event) -> CircleState:
    """The state after `event`."""
    match event:
        case e.CircleStarted():
            kept = {name: getattr(event, name) for name in type(event).model_fields if name != "at"}
            return CircleState(status="open", started_at=event.at, active_at=event.at, **kept)
        case e.CircleActive():
            return state.model_copy(update={"active_at": event.at, "quiet_told_at": None})
        case e.CircleQuiet():
            return state.model_copy(update={"quiet_told_at": event.at})
        case e.CircleClosed():
            return state.model_copy(update={"status": "closed", "closed_for": event.reason_code})
        case e.CircleSeatHeld() | e.CircleSeatTaken() | e.CircleSeatFreed():
            return _seated(state, event)
        case e.CircleMeetingPlanned() | e.CircleMeetingMoved() | e.CircleMeetingCancelled() | e.CircleMeetingHeld():
            return _met(state, event)
        case e.CircleLeaderAppointed() | e.CircleLeaderGone() | e.CircleLeaderless():
            return _led(state, event)
        case _:
            return state


def _led(state: CircleState, event: e.CircleLeaderAppointed | e.CircleLeaderGone | e.CircleLeaderless) -> CircleState:
    if isinstance(event, e.CircleLeaderAppointed):
        led = {"leader": event.member_id, "leader_patient_id": event.patient_id}
        return state.model_copy(update={**led, "leaderless_since": None, "leaderless_told_at": None})
    if isinstance(event, e.CircleLeaderGone):
        return state.model_copy(update={"leader": None, "leader_patient_id": None, "leaderless_since": event.at})
    return state.model_copy(update={"leaderless_since": event.since, "leaderless_told_at": event.at})


def _seated(state: CircleState, event: e.CircleSeatEvent) -> CircleState:
    others = tuple(one for one in state.seats if one.member_id != event.member_id)
    given = state.all_numbers
    last = max([state.numbered, *given.values()])
    numbers = {id: number for id, number in given.items() if id != event.member_id}
    if isinstance(event, e.CircleSeatFreed):
        return state.model_copy(update={"seats": others, "numbers": numbers, "numbered": last})
    taken = isinstance(event, e.CircleSeatTaken)
    seat = CircleSeat(
        member_id=event.member_id, patient_id=event.patient_id, round=event.round, taken=taken, since=event.at
    )
    if taken:
        last += 1
        numbers[event.member_id] = last
    rounds = {**state.rounds, event.member_id: event.round}
    counted = {"rounds": rounds, "numbers": numbers, "numbered": last}
    return state.model_copy(update={"seats": (*others, seat), **counted})


def _met(
    state: CircleState,
    event: e.CircleMeetingPlanned | e.CircleMeetingMoved | e.CircleMeetingCancelled | e.CircleMeetingHeld,
) -> CircleState:
    if isinstance(event, e.CircleMeetingPlanned):
        planned = CircleMeeting(
            number=event.number, at=event.meet_at, minutes=event.minutes, where=event.where, topic=event.topic
        )
        return state.model_copy(update={"meetings": (*state.meetings, planned)})
    if isinstance(event, e.CircleMeetingMoved):
        change: dict[str, object] = {"at": event.meet_at, "minutes": event.minutes, "where": event.where}
    elif isinstance(event, e.CircleMeetingCancelled):
        change = {"cancelled": True}
    else:
        change = {"held": True, "present": event.present}
    met = tuple(one.model_copy(update=change) if one.number == event.number else one for one in state.meetings)
    return state.model_copy(update={"meetings": met})

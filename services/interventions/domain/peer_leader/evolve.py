"""How the events of a peer leader change their state. Total: an event that is not known changes nothing."""

from services.interventions.domain.peer_leader.state import PeerLeaderState, Supervision
from shared.contracts.envelope import Event
from shared.contracts.interventions import peer_leader as e


def evolve(state: PeerLeaderState, event: Event) -> PeerLeaderState:
    """The state after `event`."""
    match event:
        case e.PeerLeaderTrained():
            who = {"leader_id": event.leader_id, "patient_id": event.patient_id, "trained_on": event.trained_on}
            again = state.status == "trained"
            since = {} if again else {"since": event.at, "due_told_at": None}
            return state.model_copy(update={"status": "trained", "supervisor_id": event.supervisor_id, **who, **since})
        case e.PeerLeaderBegan():
            return state.model_copy(update={"circles": (*state.circles, event.circle)})
        case e.PeerLeaderEnded():
            return state.model_copy(update={"circles": tuple(one for one in state.circles if one != event.circle)})
        case e.SupervisionHeld():
            held = Supervision(at=event.at, minutes=event.minutes, held_by=event.held_by, note=event.note)
            told = {"since": event.at, "due_told_at": None}
            return state.model_copy(update={"supervisions": (*state.supervisions, held), **told})
        case e.SupervisionDue():
            return state.model_copy(update={"due_told_at": event.at})
        case e.PeerLeaderStoodDown():
            return state.model_copy(update={"status": "stood_down", "circles": (), "due_told_at": None})
        case _:
            return state

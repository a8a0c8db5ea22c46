"""How the events of a member change their state. Total: an event that is not known changes nothing."""

from services.interventions.domain.circle_member.state import CircleContact, CircleMemberState, KindWord
from shared.contracts.envelope import Event
from shared.contracts.interventions import circle_member as e

WORDS_KEPT = 20
"""How many of the last kind words are kept. A technical limit."""


def evolve(state: CircleMemberState, event: Event) -> CircleMemberState:
    """The state after `event`."""
    match event:
        case e.CircleInvited():
            return _invited(state, event)
        case e.CircleJoined():
            joined = {"status": "joined", "joined_at": event.at, "name": event.name}
            return state.model_copy(update={**joined, "rules_version": event.rules_version})
        case e.CircleDeclined():
            return state.model_copy(update={"status": "declined"})
        case e.CircleNameChanged():
            return state.model_copy(update={"name": event.name})
        case e.CircleLeft():
            gone = {"status": "left", "name": None, "joined_at": None, "kind_words": (), "post_ids": ()}
            return state.model_copy(update={**gone, "muted": (), "nudged": {}})
        case e.CirclePostNoted():
            return state.model_copy(update={"post_ids": (*state.post_ids, event.post_id)})
        case e.CircleMuteSet():
            others = tuple(one for one in state.muted if one != event.other_id)
            return state.model_copy(update={"muted": (*others, event.other_id) if event.muted else others})
        case e.CircleNudgeSent():
            return state.model_copy(update={"nudged": {**state.nudged, event.to_member_id: event.at}})
        case e.CircleNudged():
            word = KindWord(at=event.at, from_member_id=event.from_member_id, word=event.word)
            return state.model_copy(update={"kind_words": (*state.kind_words, word)[-WORDS_KEPT:]})
        case e.CircleContactLogged():
            said = event.model_dump(include={"at", "kind", "reached", "minutes", "logged_by", "note"})
            return state.model_copy(update={"contacts": (*state.contacts, CircleContact(**said))})
        case _:
            return state


def _invited(state: CircleMemberState, event: e.CircleInvited) -> CircleMemberState:
    """Invited again, they begin anew; what psychology wrote down of contacts stays on record."""
    ids = {name: getattr(event, name) for name in ("member_id", "circle_id", "patient_id", "episode_id", "round")}
    return CircleMemberState(status="invited", invited_at=event.at, contacts=state.contacts, **ids)

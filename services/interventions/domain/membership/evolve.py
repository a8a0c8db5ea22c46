"""How the events of a membership change its state. Total: an event that is not known changes nothing."""

from services.interventions.domain.membership.state import Mark, MembershipState
from shared.contracts import interventions as e
from shared.contracts.envelope import Event


def evolve(state: MembershipState, event: Event) -> MembershipState:
    """The state after `event`. A new invitation begins a new part; nothing of an earlier group is kept."""
    match event:
        case e.InvitedToGroup():
            told = event.model_dump(exclude={"at", "starts_at"})
            return MembershipState(**told, status="invited")
        case e.GroupAccepted():
            agreed = {"rules_version": event.rules_version, "name": event.name}
            return state.model_copy(update={**agreed, "status": "accepted"})
        case e.GroupRulesAsked():
            return state.model_copy(update={"rules_asked": event.rules_version})
        case e.GroupRulesAgreed():
            return state.model_copy(update={"rules_version": event.rules_version})
        case e.GroupDeclined():
            return state.model_copy(update={"status": "declined"})
        case e.GroupInvitationLapsed():
            return state.model_copy(update={"status": "lapsed"})
        case e.GroupDatesNoted():
            return state.model_copy(update={"answer_by": event.answer_by})
        case e.GroupSeatNoted():
            return state.model_copy(update={"status": event.seat, "had_seat": event.seat == "seat"})
        case e.GroupNameChanged():
            return state.model_copy(update={"name": event.name})
        case e.GroupAbsenceTold():
            return state.model_copy(update={"told": {**state.told, event.number: event.session_at}})
        case e.GroupSessionAttended() | e.GroupSessionMissed() | e.GroupAbsenceCorrected():
            marks = {**state.marks, event.number: _mark(event)}
            return state.model_copy(update={"marks": dict(sorted(marks.items()))})
        case e.GroupPartEnded():
            return state.model_copy(update={"status": "ended", "how_ended": event.how})
        case _:
            return state


def _mark(event: e.GroupSessionAttended | e.GroupSessionMissed | e.GroupAbsenceCorrected) -> Mark:
    if isinstance(event, e.GroupSessionAttended):
        return Mark(present=True)
    return Mark(present=False, reason_code=event.reason_code, told=event.told)

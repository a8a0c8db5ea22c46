"""What follows within this service from the events of circles, their members and posts, and of peer leaders."""

from services.interventions.domain.alert.commands import RaiseRiskAlertForWords
from services.interventions.domain.circle.commands import FreeCircleSeat, NotePostShown, RemoveLeader, TakeCircleSeat
from services.interventions.domain.circle_member.commands import InviteToCircle, NotePost, ReceiveNudge
from services.interventions.domain.circle_post.commands import WithdrawPost
from services.interventions.domain.peer_leader.commands import BeginLeading, EndLeading
from shared.contracts.envelope import Event
from shared.contracts.interventions.circle import CircleLeaderAppointed, CircleLeaderGone, CircleSeatHeld
from shared.contracts.interventions.circle_member import (
    CircleDeclined,
    CircleJoined,
    CircleLeft,
    CircleMemberRiskWordsWritten,
    CircleNudgeSent,
    CirclePostsOrphaned,
)
from shared.contracts.interventions.circle_post import CirclePostShown, CirclePostWritten, CircleRiskWordsWritten
from shared.contracts.interventions.peer_leader import LedCircle, PeerLeaderRefused, PeerLeaderStoodDown
from shared.runtime.aggregate import Cause, Reaction, Target, derived_id


def member_of(circle_id: str, patient_id: str) -> str:
    """The id of one person's part in a circle."""
    return derived_id("circle-member", circle_id, patient_id)


def peer_leader_of(patient_id: str) -> str:
    """The id of what is kept of somebody as a peer leader."""
    return derived_id("peer-leader", patient_id)


def invite(event: CircleSeatHeld, cause: Cause) -> list[Target]:
    """A seat is held for somebody: they are asked."""
    ids = event.model_dump(include={"member_id", "circle_id", "patient_id", "episode_id", "round", "invited_by"})
    return [Target("circle_member", event.member_id, InviteToCircle(now=cause.now, actor=cause.actor, **ids))]


def take_seat(event: CircleJoined, cause: Cause) -> list[Target]:
    """They said yes."""
    seat = {"member_id": event.member_id, "round": event.round}
    return [Target("circle", event.circle_id, TakeCircleSeat(now=cause.now, actor=cause.actor, **seat))]


def free_seat(event: CircleDeclined | CircleLeft, cause: Cause) -> list[Target]:
    """They said no, or left: the seat is free for somebody else."""
    seat = {"member_id": event.member_id, "round": event.round}
    return [Target("circle", event.circle_id, FreeCircleSeat(now=cause.now, actor=cause.actor, **seat))]


def leave(event: CircleLeft, cause: Cause) -> list[Target]:
    """They left: what they wrote is gone, and their seat is free."""
    command = WithdrawPost(now=cause.now, actor=cause.actor)
    gone = [Target("circle_post", post_id, command) for post_id in event.post_ids]
    return [*gone, *free_seat(event, cause)]


def note_post(event: CirclePostWritten, cause: Cause) -> list[Target]:
    """They wrote something, perhaps while they left."""
    command = NotePost(now=cause.now, actor=cause.actor, post_id=event.post_id, written_at=event.at)
    return [Target("circle_member", event.member_id, command)]


def withdraw(event: CirclePostsOrphaned, cause: Cause) -> list[Target]:
    """It crossed with their leaving."""
    command = WithdrawPost(now=cause.now, actor=cause.actor)
    return [Target("circle_post", post_id, command) for post_id in event.post_ids]


def receive_nudge(event: CircleNudgeSent, cause: Cause) -> list[Target]:
    """A kind word is on its way."""
    said = {"from_member_id": event.member_id, "word": event.word}
    return [Target("circle_member", event.to_member_id, ReceiveNudge(now=cause.now, actor=cause.actor, **said))]


def note_shown(event: CirclePostShown, cause: Cause) -> list[Target]:
    """A post is shown: the circle lives."""
    command = NotePostShown(now=cause.now, actor=cause.actor, happened_at=event.at)
    return [Target("circle", event.circle_id, command)]


def raise_alert_for_post(event: CircleRiskWordsWritten, cause: Cause) -> list[Target]:
    """Words that worry in a circle: somebody must look at it now."""
    alert_id = derived_id("risk", event.post_id)
    worry = event.model_dump(include={"episode_id", "patient_id", "post_id", "words"})
    command = RaiseRiskAlertForWords(now=cause.now, actor=cause.actor, alert_id=alert_id, **worry)
    return [Target("risk_alert", alert_id, command)]


def raise_alert_for_member(event: CircleMemberRiskWordsWritten, cause: Cause) -> list[Target]:
    """Words that worry in a name, or in a leader's note: each time that they are written somebody must look."""
    alert_id = derived_id("risk", event.member_id, event.field, event.at.isoformat())
    worry = event.model_dump(include={"episode_id", "patient_id", "circle_id", "field", "words"})
    command = RaiseRiskAlertForWords(now=cause.now, actor=cause.actor, alert_id=alert_id, **worry)
    return [Target("risk_alert", alert_id, command)]


def begin_leading(event: CircleLeaderAppointed, cause: Cause) -> list[Target]:
    """A circle has a leader: they know it."""
    led = {"circle_id": event.circle_id, "member_id": event.member_id}
    leader_id = peer_leader_of(event.patient_id)
    return [Target("peer_leader", leader_id, BeginLeading(now=cause.now, actor=cause.actor, **led))]


def end_leading(event: CircleLeaderGone, cause: Cause) -> list[Target]:
    """A circle has that leader no more."""
    led = {"circle_id": event.circle_id, "member_id": event.member_id}
    leader_id = peer_leader_of(event.patient_id)
    return [Target("peer_leader", leader_id, EndLeading(now=cause.now, actor=cause.actor, **led))]


def stand_down(event: PeerLeaderStoodDown, cause: Cause) -> list[Target]:
    """Somebody leads no more: each of their circles is told."""
    return [_remove(led, cause) for led in event.circles]


def refuse_leader(event: PeerLeaderRefused, cause: Cause) -> list[Target]:
    """They stood down while they were appointed."""
    return [_remove(event.circle, cause)]


def _remove(led: LedCircle, cause: Cause) -> Target:
    return Target("circle", led.circle_id, RemoveLeader(now=cause.now, actor=cause.actor, member_id=led.member_id))


CIRCLES: dict[type[Event], Reaction] = {
    CircleSeatHeld: invite,
    CircleJoined: take_seat,
    CircleDeclined: free_seat,
    CircleLeft: leave,
    CirclePostWritten: note_post,
    CirclePostsOrphaned: withdraw,
    CircleNudgeSent: receive_nudge,
    CirclePostShown: note_shown,
    CircleRiskWordsWritten: raise_alert_for_post,
    CircleMemberRiskWordsWritten: raise_alert_for_member,
    CircleLeaderAppointed: begin_leading,
    CircleLeaderGone: end_leading,
    PeerLeaderStoodDown: stand_down,
    PeerLeaderRefused: refuse_leader,
}

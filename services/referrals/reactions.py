"""All that this service listens to."""

from services.referrals.domain.referral.commands import ReceiveOutcome
from shared.contracts.envelope import Event
from shared.contracts.interventions import EpisodeFinished
from shared.runtime.aggregate import Cause, Reaction, Target


def _receive_outcome(event: EpisodeFinished, cause: Cause) -> list[Target]:
    command = ReceiveOutcome(now=cause.now, actor=cause.actor, summary=event.summary)
    return [Target(aggregate="referral", id=event.referral_id, command=command)]


REACTIONS: dict[type[Event], Reaction] = {
    EpisodeFinished: _receive_outcome,
}

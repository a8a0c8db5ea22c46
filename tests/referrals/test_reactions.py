"""What other services' events make happen here."""

from services.referrals.domain.referral.later import ReceiveOutcome
from services.referrals.reactions import REACTIONS
from shared.contracts.envelope import Envelope
from shared.contracts.interventions import EpisodeFinished
from shared.runtime.aggregate import Cause, Target
from tests.referrals.people import LATER, NOW, SUMMARY

FINISHED = EpisodeFinished(
    at=NOW, episode_id="episode-1", patient_id="patient-rosa", referral_id="referral-1", summary=SUMMARY
)
ENVELOPE = Envelope(
    id="event-1",
    source="carepath/interventions",
    type=EpisodeFinished.TYPE,
    subject="episode-1",
    time=NOW,
    sequence=9,
    correlation="click-1",
    causation="request:1",
    actor="psychology:psy-tanaka",
    data={},
)


def test_a_finished_episode_brings_its_outcome_to_its_referral() -> None:
    cause = Cause(now=LATER, actor="system:referrals", envelope=ENVELOPE)
    command = ReceiveOutcome(now=LATER, actor="system:referrals", summary=SUMMARY)
    assert list(REACTIONS[EpisodeFinished](FINISHED, cause)) == [Target("referral", "referral-1", command)]

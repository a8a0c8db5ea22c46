"""The loop is closed twice: an outcome comes back, and the referrer says that it was read."""

from datetime import timedelta

from services.referrals.domain.referral import later as n
from shared.contracts import referrals as e
from shared.contracts.commands import TimerDue
from tests.given import given
from tests.referrals.people import (
    ACKNOWLEDGED,
    HISTORIES,
    IDS,
    LINDQVIST,
    NOW,
    OKAFOR,
    REACTION,
    RECEIVED,
    REFERRAL,
    ROSA,
    SUMMARY,
    TANAKA,
    TIMER,
)

RECEIVE = n.ReceiveOutcome(now=NOW, actor=REACTION, summary=SUMMARY)


def test_an_outcome_reaches_a_referral_in_treatment() -> None:
    given(REFERRAL, *HISTORIES["in_treatment"]).when(RECEIVE).then(RECEIVED)


def test_the_same_outcome_again_changes_nothing() -> None:
    given(REFERRAL, *HISTORIES["outcome_sent"]).when(RECEIVE).then()
    given(REFERRAL, *HISTORIES["loop_closed"]).when(RECEIVE).then()


def test_a_withdrawn_referral_takes_no_outcome() -> None:
    given(REFERRAL, *HISTORIES["withdrawn"]).when(RECEIVE).refused("wrong-status")


def test_nobody_writes_an_outcome_by_hand() -> None:
    by_hand = RECEIVE.model_copy(update={"actor": TANAKA})
    given(REFERRAL, *HISTORIES["in_treatment"]).when(by_hand).refused("role-not-allowed")


def test_the_referrer_closes_the_loop() -> None:
    acknowledge = n.AcknowledgeOutcome(now=NOW, actor=OKAFOR)
    after = given(REFERRAL, *HISTORIES["outcome_sent"]).when(acknowledge).then(ACKNOWLEDGED)
    assert REFERRAL.timers(after.state) == {}
    assert after.state.closed_at == NOW


def test_only_the_referrer_himself_acknowledges() -> None:
    story = given(REFERRAL, *HISTORIES["outcome_sent"])
    story.when(n.AcknowledgeOutcome(now=NOW, actor=LINDQVIST)).refused("not-yours")
    for actor in (TANAKA, ROSA):
        story.when(n.AcknowledgeOutcome(now=NOW, actor=actor)).refused("role-not-allowed")


def _chase(after: timedelta) -> TimerDue:
    return TimerDue(now=NOW + after, actor=TIMER, name="chase")


def test_an_unread_outcome_is_chased_every_two_days() -> None:
    story = given(REFERRAL, *HISTORIES["outcome_sent"])
    assert REFERRAL.timers(story.state) == {"chase": RECEIVED.acknowledge_by}
    story.when(_chase(timedelta(hours=47))).then()
    for times in (1, 2, 3):
        after = timedelta(hours=48) * times
        story = story.when(_chase(after)).then(e.OutcomeChased(at=NOW + after, **IDS, times=times))
        assert REFERRAL.timers(story.state) == {"chase": NOW + after + timedelta(hours=48)}

"""What a command makes happen to a referral. Who may do what, and when, is in the tables."""

from services.referrals.domain.referral import choice, closing, decision, machine, meeting, request, waiting
from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import later as n
from services.referrals.domain.referral.facts import facts
from services.referrals.domain.referral.state import ReferralState
from services.referrals.domain.referral.timers import timer_due
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, TimerDue
from shared.contracts.envelope import Event

_PARTS = (request.decide, decision.decide, choice.decide, waiting.decide, meeting.decide, closing.decide)


def decide(clinic: Clinic, state: ReferralState, command: Command) -> list[Event]:
    """The events of `command`, or `Rejected`."""
    if isinstance(command, TimerDue):
        return timer_due(clinic, state, command)
    if isinstance(command, n.ReceiveOutcome) and state.outcome_at is not None:
        return []
    consented = command.refer_consented if isinstance(command, c.SubmitReferral) else True
    given = facts(clinic, state, command.now, consented)
    machine.check(state, command, given)
    for part in _PARTS:
        events = part(clinic, state, command, given)
        if events is not None:
            return events
    raise TypeError(f"a referral does not know {type(command).__name__}")

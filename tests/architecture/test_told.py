"""Who hears of each step of a referral: the table of referrals and the policy of notifications say the same."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.notifications import aggregates, policy
from services.notifications.domain.state import AgendaState
from services.notifications.reactions import reactions
from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import later as n
from services.referrals.domain.referral.action import Action
from services.referrals.domain.referral.state import ReferralState
from services.referrals.domain.referral.table_later import ACTION_OF, ACTIONS, TELLS
from shared.contracts import referrals as e
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event
from tests.notifications.people import cause
from tests.referrals.explore import ACTORS, after, command, histories, then
from tests.referrals.people import CLINIC, IDS, NOW, REACTION, REFERRAL, ROSA

HISTORIES = histories()
AGENDA = aggregates.agenda(CLINIC)
REACTIONS = reactions(CLINIC)
FIRST = {run[0] for action in ACTIONS for run in action.outcomes}
WAITING = {rule.template for rules in policy.RULES.values() for rule in rules if rule.waits}


def _told(*events: type[Event]) -> set[str]:
    return {rule.to for event in events for rule in policy.RULES.get(event, ())}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_an_action_tells_whom_its_row_names(action: Action) -> None:
    assert _told(*(run[0] for run in action.outcomes)) == set(action.tells)


@pytest.mark.parametrize("event", TELLS, ids=lambda event: event.__name__)
def test_what_no_action_begins_with_tells_whom_the_table_names(event: type[Event]) -> None:
    assert _told(event) == set(TELLS[event])


def test_the_table_says_of_every_event_whom_it_tells() -> None:
    assert FIRST | set(TELLS) == set(e.REFERRAL_EVENTS)
    assert {event for action in ACTIONS for run in action.outcomes for event in run[1:]} <= set(TELLS)


@dataclass
class _Told:
    """What a run of events leads to: e-mails that are `left`, and those `dropped`, which the run itself settled."""

    agendas: dict[str, AgendaState] = field(default_factory=dict)

    def hear(self, run: Iterable[Event]) -> None:
        for number, event in enumerate(run):
            for target in REACTIONS[type(event)](event, cause(event, f"event-{number}", event.at)):
                state = self.agendas.get(target.id, AGENDA.state())
                for said in AGENDA.decide(state, target.command):
                    state = AGENDA.evolve(state, said)
                self.agendas[target.id] = state

    def left(self) -> dict[str, list[str]]:
        found = {
            state.recipient_id: [one.template for one in state.messages.values() if one.status == "queued"]
            for state in self.agendas.values()
        }
        return {who: templates for who, templates in found.items() if templates}

    def dropped(self) -> set[str]:
        every = (one for state in self.agendas.values() for one in state.messages.values())
        return {one.template for one in every if one.status == "dropped"}


def _follows(state: ReferralState, asked: Command) -> list[Event]:
    """What is decided; nothing, where it is refused."""
    try:
        return REFERRAL.decide(state, asked)
    except Rejected:
        return []


def _heard(run: Iterable[Event]) -> _Told:
    told = _Told()
    told.hear(event for event in run if type(event) in REACTIONS)
    return told


@pytest.mark.parametrize("status", HISTORIES)
def test_no_step_leaves_anybody_two_emails(status: str) -> None:
    state = after(HISTORIES[status])
    for action in ACTIONS:
        for role in action.who:
            told = _heard(_follows(state, command(action, ACTORS[role], state, then(state))))
            assert {who: mails for who, mails in told.left().items() if len(mails) > 1} == {}
            assert told.dropped() <= WAITING, "an e-mail that does not wait may be gone before it is dropped"


def _do(story: tuple[Event, ...], kind: type[Command], actor: str, **changes: Any) -> list[Event]:
    state = after(story)  # type: ignore[arg-type]
    asked = command(ACTION_OF[kind], actor, state, then(state)).model_copy(update=changes)
    said = REFERRAL.decide(state, asked)
    assert said
    return said


def test_whoever_is_given_a_seat_at_once_gets_the_welcome_and_no_offer() -> None:
    agreed = _do(HISTORIES["accepted"], c.AgreeReferral, ROSA, place_id="place-online-course")
    seated = _do((*HISTORIES["accepted"], *agreed), n.ReceiveOffer, REACTION)
    assert [type(event) for event in (*agreed, *seated)] == [
        *(e.ReferralAgreed, e.ReferralWaitlisted),
        *(e.OfferTaken, e.TreatmentStarted),
    ]
    told = _heard((*agreed, *seated))
    assert told.left() == {"patient-rosa": ["welcome"], "dr-okafor": ["treatment_started"]}
    assert told.dropped() == {"on_our_list", "patient_agreed"}


def test_whoever_has_agreed_before_is_not_invited_again() -> None:
    worse = e.WorseWhileWaiting(at=NOW, **IDS, reasons=("phq-4-high",), triage_due=NOW)
    accepted = _do((*HISTORIES["waitlisted"], worse), c.AcceptReferral, ACTORS["psychology"])
    assert [type(event) for event in accepted] == [e.ReferralAccepted, e.ReferralWaitlisted]
    assert _heard(accepted).left() == {"patient-rosa": ["on_our_list"], "dr-okafor": ["referral_accepted"]}


def test_whoever_is_new_to_such_care_is_met_before_they_decide() -> None:
    accepted = _do(HISTORIES["submitted"], c.AcceptReferral, ACTORS["psychology"], new_to_mental_health=True)
    team = {member: ["warm_handoff"] for member in CLINIC.triage_team}
    assert _heard(accepted).left() == {"patient-rosa": ["invitation"], "dr-okafor": ["referral_accepted"], **team}

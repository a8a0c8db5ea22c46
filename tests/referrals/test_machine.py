"""The table itself: every action in every status, by every role; and what is read from it."""

from pathlib import Path
from typing import Any

import pytest

from services.referrals.domain.codes import CODES
from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import machine
from services.referrals.domain.referral.state import ReferralState, Status
from shared.contracts import referrals as e
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event
from tests.given import given
from tests.referrals.people import (
    ANSWERS,
    HISTORIES,
    LINDQVIST,
    NOW,
    OKAFOR,
    REACTION,
    REFERRAL,
    ROSA,
    SUMMARY,
    TANAKA,
    draft,
)

ACTORS = {"referrer": OKAFOR, "psychology": TANAKA, "patient": ROSA, "system": REACTION}
FIELDS: dict[type[Command], dict[str, Any]] = {
    c.DraftReferral: draft().model_dump(exclude={"now", "actor"}),
    c.SubmitReferral: {
        "reason": "Pain.",
        "goal": "Walk.",
        "priority": "routine",
        "answers": ANSWERS,
        "refer_consented": True,
    },
    c.AskForInformation: {"question": "Why?"},
    c.ProvideInformation: {"answer": "So."},
    c.AcceptReferral: {"rationale": "Fits."},
    c.ReturnReferral: {"rationale": "Pacing first."},
    c.DeclineReferral: {"rationale": "Full.", "reason_code": "no_capacity"},
    c.RecordUndecided: {"reason_code": "other"},
    c.ReceiveOutcome: {"summary": SUMMARY},
}


def _command(action: machine.Action, actor: str) -> Command:
    return action.command(now=NOW, actor=actor, **FIELDS.get(action.command, {}))


@pytest.mark.parametrize("action", machine.ACTIONS, ids=lambda action: action.name)
@pytest.mark.parametrize("status", HISTORIES)
def test_an_action_is_possible_in_its_statuses_and_refused_in_every_other(action: machine.Action, status: str) -> None:
    outcome = given(REFERRAL, *HISTORIES[status]).when(_command(action, ACTORS[action.who[0]]))
    if (None if status == "none" else Status(status)) in action.sources:
        [event] = outcome.events()
        assert type(event) is action.event
        assert outcome.happened().state.status == action.target
    elif action.command is c.ReceiveOutcome and status in ("outcome_sent", "loop_closed"):
        outcome.then()
    elif status == "none" and action.who[0] in ("referrer", "patient"):
        outcome.refused("not-yours")
    else:
        outcome.refused("wrong-status")


@pytest.mark.parametrize("action", machine.ACTIONS, ids=lambda action: action.name)
@pytest.mark.parametrize("role", [*ACTORS, "operator", "caregiver", "service"])
def test_a_role_that_the_table_does_not_name_is_refused(action: machine.Action, role: str) -> None:
    status = action.sources[0] or "none"
    outcome = given(REFERRAL, *HISTORIES[status]).when(_command(action, ACTORS.get(role, f"{role}:somebody")))
    if role in action.who:
        assert outcome.events()
    else:
        outcome.refused("role-not-allowed")


@pytest.mark.parametrize("action", machine.ACTIONS, ids=lambda action: action.name)
def test_a_referrer_acts_on_their_own_referrals_only(action: machine.Action) -> None:
    if "referrer" in action.who:
        given(REFERRAL, *HISTORIES[action.sources[0] or "none"]).when(_command(action, LINDQVIST)).refused("not-yours")


def test_every_event_of_a_referral_that_moves_it_is_in_the_table() -> None:
    reminders: set[type[Event]] = {e.TriageOverdue, e.PatientAskedAgain, e.OutcomeChased}
    assert set(machine.STATUS_AFTER) == set(REFERRAL.events) - reminders


def test_every_status_is_described_and_reached() -> None:
    assert set(machine.STANDINGS) == set(Status) == {action.target for action in machine.ACTIONS}


def test_no_action_leaves_a_final_status() -> None:
    final = {status for status, standing in machine.STANDINGS.items() if standing.final}
    assert not final & {source for action in machine.ACTIONS for source in action.sources}


@pytest.mark.parametrize("status", HISTORIES)
def test_a_referral_bars_a_second_one_while_it_is_open(status: str) -> None:
    held = REFERRAL.keys(given(REFERRAL, *HISTORIES[status]).state)["open_key"]
    is_open = status in ("submitted", "information_requested", "accepted", "undecided", "in_treatment")
    assert held == ("patient-rosa|pain-psychology" if is_open else None)


def test_a_refusal_names_the_action_and_where_the_referral_stands() -> None:
    accept = c.AcceptReferral(now=NOW, actor=TANAKA, rationale="Fits.")
    given(REFERRAL, *HISTORIES["draft"]).when(accept).refused("wrong-status", action="accept", status="draft")
    given(REFERRAL).when(accept).refused("wrong-status", action="accept", status="none")


def test_whoever_has_a_colon_in_their_id_is_still_themselves() -> None:
    theirs = draft(actor="referrer:north:okafor").model_copy(update={"referrer_id": "north:okafor"})
    given(REFERRAL).when(theirs).happened()


def test_a_command_that_is_in_the_table_but_has_no_branch_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(machine.ACTION_OF, Command, machine.ACTION_OF[c.AgreeReferral])
    with pytest.raises(TypeError, match="does not know Command"):
        given(REFERRAL, *HISTORIES["accepted"]).when(Command(now=NOW, actor=TANAKA)).events()


def test_actions_tell_who_may_do_what_and_why_not() -> None:
    state = given(REFERRAL, *HISTORIES["accepted"]).state
    rows = machine.actions(state, "patient", own=True)
    assert {row.action for row in rows if row.allowed} == {"agree", "undecided", "withdraw"}
    told = {row.action: row.why_not for row in rows}
    assert told["agree"] is told["undecided"] is told["withdraw"] is None
    assert told["accept"] == "role-not-allowed"
    assert {row.why_not for row in machine.actions(state, "patient", own=False)} == {"role-not-allowed", "not-yours"}
    assert "receive_outcome" not in told


def test_actions_tell_that_consent_is_missing_before_anything_is_typed() -> None:
    state = given(REFERRAL, *HISTORIES["draft"]).state
    told = {row.action: row.why_not for row in machine.actions(state, "referrer", own=True, refer_consented=False)}
    assert told["submit"] == "consent-missing"
    assert told["acknowledge"] == "wrong-status"


@pytest.mark.parametrize("status", HISTORIES)
@pytest.mark.parametrize("role", ["referrer", "psychology", "patient"])
def test_actions_and_decisions_never_differ(status: str, role: str) -> None:
    story = given(REFERRAL, *HISTORIES[status])
    for row in machine.actions(story.state, role, own=status != "none"):
        [action] = [action for action in machine.ACTIONS if action.name == row.action]
        try:
            machine.check(story.state, _command(action, ACTORS[role]))
            code = None
        except Rejected as refusal:
            code = refusal.code
        if status != "none" or role != "psychology":
            assert code == row.why_not


def test_every_refusal_of_the_table_has_a_sentence() -> None:
    demanded = {code for action in machine.ACTIONS for code in action.demands.values()}
    assert demanded | {"role-not-allowed", "not-yours", "wrong-status"} <= set(CODES)


def test_the_readme_shows_the_diagram_of_the_table() -> None:
    shown = Path("services/referrals/README.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{machine.diagram()}\n```" in shown


def test_an_event_of_another_aggregate_leaves_the_referral_alone() -> None:
    state = ReferralState()
    assert REFERRAL.evolve(state, e.ConsentGiven(at=NOW, patient_id="p", scope=e.ConsentScope.REFER)) is state

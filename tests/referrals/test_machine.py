"""The table itself: every action in every status, by every role; and what is read from it."""

from pathlib import Path

import pytest

from services.referrals.domain.codes import CODES
from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import later as n
from services.referrals.domain.referral import machine
from services.referrals.domain.referral.action import Action
from services.referrals.domain.referral.facts import facts
from services.referrals.domain.referral.guards import GUARD_CODES, GUARDS
from services.referrals.domain.referral.standings import OPEN, STANDINGS
from services.referrals.domain.referral.state import ReferralState, Status
from services.referrals.domain.referral.table import MOVES
from services.referrals.domain.referral.table_later import ACTION_OF, ACTIONS
from services.referrals.domain.referral.timers import LAPSES
from shared.contracts import referrals as e
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from tests.given import given
from tests.referrals.explore import ACTORS, after, command, histories, then
from tests.referrals.people import CLINIC, LINDQVIST, NOW, REFERRAL, TANAKA, draft

HISTORIES = histories()
STATUSES = ["none", *Status]
every_action = pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
every_status = pytest.mark.parametrize("status", STATUSES)


def _guarded(action: Action, state: ReferralState, role: str) -> str | None:
    return GUARDS[action.guard](state, facts(CLINIC, state, then(state)), role) if action.guard else None


def _refusal(state: ReferralState, asked: Command) -> str | None:
    try:
        machine.check(state, asked, facts(CLINIC, state, asked.now))
    except Rejected as refusal:
        return refusal.code
    return None


def test_every_status_can_be_reached_by_the_table() -> None:
    assert set(HISTORIES) == {str(status) for status in STATUSES}
    assert set(STANDINGS) == set(Status)


@every_action
@every_status
def test_an_action_is_possible_in_its_statuses_and_refused_in_every_other(action: Action, status: str) -> None:
    story, role = HISTORIES[status], action.who[0]
    state = after(story)
    asked = command(action, ACTORS[role], state, then(state))
    outcome = given(REFERRAL, *story).when(asked)
    if action.command is n.ReceiveOutcome and state.outcome_at is not None:
        outcome.then()
    elif state.status not in action.sources:
        code = _refusal(state, asked)
        assert code in ("wrong-status", "not-yours")
        assert (code == "wrong-status") or status == "none"
        outcome.refused(code)
    elif (code := _guarded(action, state, role)) is not None:
        outcome.refused(code)
    else:
        said = tuple(type(event) for event in outcome.events())
        assert said in action.outcomes
        stands = outcome.happened().state.status
        assert stands in [state.status if target is None else target for target in machine.targets(action)]


@every_action
@pytest.mark.parametrize("role", [*ACTORS, "operator", "service"])
def test_a_role_that_the_table_does_not_name_is_refused(action: Action, role: str) -> None:
    state = after(HISTORIES[str(action.sources[0] or "none")])
    code = _refusal(state, command(action, ACTORS.get(role, f"{role}:somebody"), state, then(state)))
    assert (code == "role-not-allowed") == (role not in action.who)


@every_action
def test_a_referrer_acts_on_their_own_referrals_only(action: Action) -> None:
    if "referrer" in action.who and action.name != "draft":
        state = after(HISTORIES[str(action.sources[0] or "none")])
        assert _refusal(state, command(action, LINDQVIST, state, then(state))) == "not-yours"


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", ["referrer", "psychology", "patient", "caregiver"])
def test_actions_and_decisions_never_differ(status: str, role: str) -> None:
    state = after(HISTORIES[status])
    own = machine.owns(state, role, ACTORS[role].partition(":")[2])
    told = machine.actions(state, role, own, facts(CLINIC, state, then(state)))
    asked = {one.name: command(one, ACTORS[role], state, then(state)) for one in ACTIONS}
    assert {one.action: one.why_not for one in told} == {one.action: _refusal(state, asked[one.action]) for one in told}


@every_action
def test_what_an_action_demands_is_refused_when_it_is_missing(action: Action) -> None:
    state = after(HISTORIES[str(action.sources[0] or "none")])
    whole = command(action, ACTORS[action.who[0]], state, then(state))
    for name, code in action.demands.items():
        empty: object = False if name == "refer_consented" else {} if name == "answers" else ""
        given(REFERRAL, *HISTORIES[str(action.sources[0] or "none")]).when(
            whole.model_copy(update={name: empty})
        ).refused(code, field=name)


def test_every_event_of_a_referral_that_moves_it_is_in_the_table() -> None:
    said = {event for action in ACTIONS for run in action.outcomes for event in run}
    by_timer = {lapse.event for lapse in LAPSES}
    reminders: set[type[Event]] = {
        e.TriageOverdue,
        e.InformationOverdue,
        e.PatientAskedAgain,
        e.StepOverdue,
        e.RescreenDue,
        e.WaitingBreached,
        e.OutcomeChased,
    }
    assert said | by_timer | reminders == set(REFERRAL.events)
    assert set(MOVES) <= said | by_timer


def test_each_timer_that_moves_a_referral_does_as_it_is_drawn() -> None:
    for lapse in LAPSES:
        state = after(HISTORIES[str(lapse.source)])
        if lapse.name == "information":
            state = state.model_copy(update={"pathway": "pain-trauma"})
        due = REFERRAL.timers(state)[lapse.name]
        [event] = REFERRAL.decide(state, TimerDue(now=due, actor="system:timer", name=lapse.name))
        assert type(event) is lapse.event
        assert REFERRAL.evolve(state, event).status is lapse.target


def test_only_what_looks_again_leaves_a_status_in_which_all_is_over() -> None:
    final = {status for status, standing in STANDINGS.items() if standing.final}
    leaving = {action.name for action in ACTIONS if final & set(action.sources)}
    assert leaving == {"reopen", "enter_in_error"}


@every_status
def test_a_referral_bars_a_second_one_while_it_is_open(status: str) -> None:
    state = after(HISTORIES[status])
    held = REFERRAL.keys(state)["open_key"]
    assert (held == f"patient-rosa|{state.pathway}") == (state.status in OPEN)


@every_status
def test_whatever_is_not_over_waits_for_a_date_or_for_treatment(status: str) -> None:
    """So that nobody is forgotten: treatment has dates of its own, in the episode."""
    state = after(HISTORIES[status])
    over = state.status is None or STANDINGS[state.status].final
    assert bool(REFERRAL.timers(state)) == (not over and state.status is not Status.IN_TREATMENT)


def test_a_refusal_names_the_action_and_where_the_referral_stands() -> None:
    accept = c.AcceptReferral(now=NOW, actor=TANAKA, rationale="Fits.")
    given(REFERRAL, *HISTORIES["draft"]).when(accept).refused("wrong-status", action="accept", status="draft")
    given(REFERRAL).when(accept).refused("wrong-status", action="accept", status="none")


def test_whoever_has_a_colon_in_their_id_is_still_themselves() -> None:
    theirs = draft(actor="referrer:north:okafor").model_copy(update={"referrer_id": "north:okafor"})
    given(REFERRAL).when(theirs).happened()


def test_a_command_that_is_in_the_table_but_has_no_branch_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTION_OF, Command, ACTION_OF[c.AgreeReferral])
    with pytest.raises(TypeError, match="does not know Command"):
        given(REFERRAL, *HISTORIES["accepted"]).when(Command(now=NOW, actor=TANAKA)).events()


def test_actions_tell_who_may_do_what_and_why_not() -> None:
    state = after(HISTORIES["accepted"])
    beside = facts(CLINIC, state, then(state))
    rows = machine.actions(state, "patient", own=True, given=beside)
    assert {row.action for row in rows if row.allowed} == {"agree", "undecided", "not_now", "withdraw"}
    told = {row.action: row for row in rows}
    assert told["accept"].why_not == "role-not-allowed"
    assert "does_not_want_psychology" in told["withdraw"].reasons
    strangers = machine.actions(state, "patient", own=False, given=beside)
    assert {row.why_not for row in strangers} == {"role-not-allowed", "not-yours"}
    assert not {"receive_outcome", "receive_offer", "continue", "draft"} & told.keys()


def test_actions_tell_what_a_step_demands() -> None:
    state = after(HISTORIES["submitted"])
    told = {row.action: row for row in machine.actions(state, "psychology", True, facts(CLINIC, state, NOW))}
    assert told["decline"].demands == ("rationale",)
    assert "no_capacity" in told["decline"].reasons
    assert told["take_on"].demands == ()


def test_actions_tell_that_consent_is_missing_before_anything_is_typed() -> None:
    state = after(HISTORIES["draft"])
    rows = machine.actions(state, "referrer", True, facts(CLINIC, state, NOW, refer_consented=False))
    told = {row.action: row.why_not for row in rows}
    assert told["submit"] == "consent-missing"
    assert told["acknowledge"] == "wrong-status"


def test_every_refusal_of_the_table_has_a_sentence() -> None:
    demanded = {code for action in ACTIONS for code in action.demands.values()}
    assert {action.guard for action in ACTIONS if action.guard} == set(GUARDS)
    assert demanded | {"role-not-allowed", "not-yours", "wrong-status", *GUARD_CODES} <= set(CODES)


def test_the_readme_shows_the_diagram_of_the_table() -> None:
    shown = Path("services/referrals/domain/referral/README.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{machine.diagram()}\n```" in shown
    assert f"\n{machine.undrawn()}\n" in shown


def test_every_action_is_either_drawn_or_in_the_table_beside() -> None:
    drawn, listed = machine.diagram(), machine.undrawn()
    for action in ACTIONS:
        assert (f": {action.name} (" in drawn) is not (f"\n| {action.name} |" in listed), action.name


def test_an_event_of_another_aggregate_leaves_the_referral_alone() -> None:
    state = ReferralState()
    assert REFERRAL.evolve(state, e.ConsentGiven(at=NOW, patient_id="p", scope=e.ConsentScope.REFER)) is state

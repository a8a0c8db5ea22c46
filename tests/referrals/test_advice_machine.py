"""The table of a question: every action in every status, by every role; and what is read from it."""

from pathlib import Path
from typing import Any, get_args

import pytest

from services.referrals.domain.advice import commands as c
from services.referrals.domain.advice import machine
from services.referrals.domain.advice.state import AdviceState, Status
from services.referrals.domain.codes import CODES
from shared.contracts import referrals as e
from shared.contracts.commands import Command, Rejected
from tests.given import given
from tests.referrals.people import LINDQVIST, NOW, OKAFOR, REACTION, ROSA, TANAKA
from tests.referrals.questions import ADVICE, ANSWERED, THREADS, UNAUTHORISED, question

ACTORS = {"referrer": OKAFOR, "psychology": TANAKA, "patient": ROSA, "system": REACTION}
FIELDS: dict[type[Command], dict[str, Any]] = {
    c.AskAdvice: question().model_dump(exclude={"now", "actor"}),
    c.AskBack: {"question": "Since when?"},
    c.ExplainAdvice: {"explanation": "Since May."},
    c.AnswerAdvice: {"answer": "Begin with sleep."},
    c.ConvertAdvice: {"referral_id": "referral-1", "refer_consented": True},
    c.CloseAdvice: {"reason_code": "entered_in_error"},
}

each_action = pytest.mark.parametrize("action", machine.ACTIONS, ids=lambda action: action.name)
each_status = pytest.mark.parametrize("status", THREADS)


def _command(action: machine.Action, actor: str, **changes: Any) -> Command:
    return action.command(now=NOW, actor=actor, **{**FIELDS[action.command], **changes})


def _status(name: str) -> Status | None:
    return None if name == "none" else Status(name)


@each_action
@each_status
@pytest.mark.parametrize("role", ["referrer", "psychology"])
def test_an_action_is_possible_in_its_statuses_and_refused_in_every_other(
    action: machine.Action, status: str, role: str
) -> None:
    outcome = given(ADVICE, *THREADS[status]).when(_command(action, ACTORS[role]))
    if role not in action.who:
        outcome.refused("role-not-allowed")
    elif _status(status) in action.sources:
        [event] = outcome.events()
        assert type(event) is action.event
        assert outcome.happened().state.status == action.target
    elif status == "none" and role == "referrer":
        outcome.refused("not-yours")
    else:
        outcome.refused("wrong-status", action=action.name, status=status)


@each_action
@pytest.mark.parametrize("role", [*ACTORS, "operator", "caregiver", "service"])
def test_a_role_that_the_table_does_not_name_is_refused(action: machine.Action, role: str) -> None:
    status = action.sources[0] or "none"
    outcome = given(ADVICE, *THREADS[status]).when(_command(action, ACTORS.get(role, f"{role}:somebody")))
    if role in action.who:
        assert outcome.events()
    else:
        outcome.refused("role-not-allowed")


@each_action
def test_a_referrer_acts_on_their_own_questions_only(action: machine.Action) -> None:
    outcome = given(ADVICE, *THREADS[action.sources[0] or "none"]).when(_command(action, LINDQVIST))
    outcome.refused("not-yours" if "referrer" in action.who else "role-not-allowed")


@pytest.mark.parametrize(
    ("action", "field", "code"),
    [(action, field, code) for action in machine.ACTIONS for field, code in action.demands.items()],
)
def test_what_an_action_demands_may_not_be_empty(action: machine.Action, field: str, code: str) -> None:
    empty = False if field == "refer_consented" else "  "
    story = given(ADVICE, *THREADS[action.sources[0] or "none"])
    story.when(_command(action, ACTORS[action.who[0]], **{field: empty})).refused(code, field=field)


@each_status
@pytest.mark.parametrize("role", ["referrer", "psychology"])
@pytest.mark.parametrize("reason", get_args(e.AdviceCloseReason))
def test_a_question_is_closed_for_a_reason_that_fits(status: str, role: str, reason: e.AdviceCloseReason) -> None:
    story = given(ADVICE, *THREADS[status])
    outcome = story.when(c.CloseAdvice(now=NOW, actor=ACTORS[role], reason_code=reason))
    closing = machine.CLOSINGS[reason]
    if _status(status) not in machine.OPEN:
        outcome.refused("not-yours" if status == "none" and role == "referrer" else "wrong-status")
    elif role in closing.who and _status(status) in closing.sources:
        assert outcome.happened().state.close_reason == reason
        assert reason in machine.close_reasons(story.state, role)
    else:
        outcome.refused("close-reason-invalid", reason=reason)
        assert reason not in machine.close_reasons(story.state, role)


def test_only_an_answered_question_is_answered_enough_and_only_its_referrer_no_longer_needs_it() -> None:
    asked, answered = (given(ADVICE, *THREADS[status]).state for status in ("asked", "answered"))
    assert machine.close_reasons(asked, "referrer") == ("no_longer_needed", "entered_in_error")
    assert machine.close_reasons(asked, "psychology") == ("entered_in_error",)
    assert "answered_enough" in machine.close_reasons(answered, "psychology")
    assert "no_longer_needed" not in machine.close_reasons(answered, "psychology")
    assert machine.close_reasons(answered, "patient") == ()


@pytest.mark.parametrize("history", [(UNAUTHORISED,), (UNAUTHORISED, ANSWERED)])
def test_psychology_makes_a_referral_of_it_only_if_authorised_and_the_referrer_always_may(history: Any) -> None:
    convert = machine.ACTION_OF[c.ConvertAdvice]
    story = given(ADVICE, *history)
    story.when(_command(convert, TANAKA)).refused("conversion-not-authorised", action="convert")
    assert story.when(_command(convert, OKAFOR)).happened().state.status == Status.CONVERTED
    told = {row.action: row.why_not for row in machine.actions(story.state, "psychology", own=True)}
    assert told["convert"] == "conversion-not-authorised"


@each_status
@pytest.mark.parametrize("role", ["referrer", "psychology", "patient"])
@pytest.mark.parametrize("consented", [True, False])
def test_actions_and_decisions_never_differ(status: str, role: str, consented: bool) -> None:
    if status == "none":
        status = "asked"
    user_id = ACTORS[role].partition(":")[2]
    story = given(ADVICE, *THREADS[status])
    rows = machine.actions(story.state, role, machine.owns(story.state, role, user_id), consented)
    assert [row.action for row in rows] == [action.name for action in machine.ACTIONS if None not in action.sources]
    for row in rows:
        [action] = [action for action in machine.ACTIONS if action.name == row.action]
        consent = {"refer_consented": consented} if action.command is c.ConvertAdvice else {}
        try:
            machine.check(story.state, _command(action, ACTORS[role], **consent))
            code = None
        except Rejected as refusal:
            code = refusal.code
        assert (row.allowed, row.why_not) == (code is None, code)


def test_a_question_belongs_to_its_referrer_and_to_psychology() -> None:
    state = given(ADVICE, *THREADS["asked"]).state
    assert machine.owns(state, "psychology", "anybody")
    assert machine.owns(state, "referrer", "dr-okafor")
    assert not machine.owns(state, "referrer", "dr-lindqvist")
    assert not machine.owns(state, "patient", "patient-rosa")
    assert not machine.owns(AdviceState(), "referrer", "")


def test_every_status_is_reached_and_no_action_leaves_a_final_one() -> None:
    assert set(Status) == {action.target for action in machine.ACTIONS} == set(THREADS) - {"none"}
    assert set(machine.FINAL) == {Status.CONVERTED, Status.CLOSED}
    assert not set(machine.FINAL) & {source for action in machine.ACTIONS for source in action.sources}


def test_every_event_of_a_question_that_moves_it_is_in_the_table() -> None:
    assert set(machine.STATUS_AFTER) == set(ADVICE.events) - {e.AdviceOverdue}


def test_every_reason_to_close_is_in_the_table() -> None:
    assert set(machine.CLOSINGS) == set(get_args(e.AdviceCloseReason))


def test_every_refusal_of_the_table_has_a_sentence() -> None:
    demanded = {code for action in machine.ACTIONS for code in action.demands.values()}
    assert demanded | {"conversion-not-authorised", "close-reason-invalid"} <= set(CODES)


def test_a_command_that_is_in_the_table_but_has_no_branch_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(machine.ACTION_OF, Command, machine.ACTION_OF[c.CloseAdvice])
    with pytest.raises(TypeError, match="does not know Command"):
        given(ADVICE, *THREADS["asked"]).when(Command(now=NOW, actor=TANAKA)).events()


def test_the_readme_shows_the_diagram_of_the_table() -> None:
    shown = Path("services/referrals/domain/advice/README.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{machine.diagram()}\n```" in shown

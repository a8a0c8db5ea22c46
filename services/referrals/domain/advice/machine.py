"""A question's state machine as data: decisions, "what may I do now" and the README's diagram all read this table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from services.referrals.domain.advice import commands as c
from services.referrals.domain.advice.state import AdviceState, Status
from shared.contracts import referrals as e
from shared.contracts.commands import Command, Rejected

Role = Literal["referrer", "psychology"]


@dataclass(frozen=True)
class Action:
    """One thing that may be done to a question, and all that it asks for.

    `sources` are the statuses it may be done in (`None`: there is no question yet); `who` the roles that may do it: a
    referrer only to their own. Roles in `on_authority` may do it only if the referrer authorised it when asking.
    `demands` names the fields that may not be empty and the refusal for each.
    """

    name: str
    command: type[Command]
    event: type[e.AdviceEvent]
    sources: tuple[Status | None, ...]
    target: Status
    who: tuple[Role, ...]
    on_authority: tuple[Role, ...] = ()
    demands: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Closing:
    """In which statuses, and by whom, a question may be closed for one reason."""

    sources: tuple[Status, ...]
    who: tuple[Role, ...]


@dataclass(frozen=True)
class Possible:
    """An action as one user meets it. `why_not` is the code of what stands against it."""

    action: str
    allowed: bool
    why_not: str | None


AWAITING_ANSWER = (Status.ASKED, Status.ASKED_BACK)
OPEN = (*AWAITING_ANSWER, Status.ANSWERED)
FINAL = tuple(status for status in Status if status not in OPEN)
_CLINICIANS: tuple[Role, ...] = ("referrer", "psychology")

ACTIONS: tuple[Action, ...] = (
    Action(
        "ask",
        c.AskAdvice,
        e.AdviceAsked,
        (None,),
        Status.ASKED,
        ("referrer",),
        demands={"question": "question-missing"},
    ),
    Action(
        "ask_back",
        c.AskBack,
        e.AdviceAskedBack,
        (Status.ASKED,),
        Status.ASKED_BACK,
        ("psychology",),
        demands={"question": "question-missing"},
    ),
    Action(
        "explain",
        c.ExplainAdvice,
        e.AdviceExplained,
        (Status.ASKED_BACK,),
        Status.ASKED,
        ("referrer",),
        demands={"explanation": "explanation-missing"},
    ),
    # Psychology may answer without the explanation: what it asked back may turn out not to matter.
    Action(
        "answer",
        c.AnswerAdvice,
        e.AdviceAnswered,
        AWAITING_ANSWER,
        Status.ANSWERED,
        ("psychology",),
        demands={"answer": "answer-missing"},
    ),
    Action(
        "convert",
        c.ConvertAdvice,
        e.AdviceConverted,
        OPEN,
        Status.CONVERTED,
        _CLINICIANS,
        on_authority=("psychology",),
        demands={"refer_consented": "consent-missing"},
    ),
    Action("close", c.CloseAdvice, e.AdviceClosed, OPEN, Status.CLOSED, _CLINICIANS),
)
ACTION_OF: dict[type[Command], Action] = {action.command: action for action in ACTIONS}
STATUS_AFTER: dict[type[e.AdviceEvent], Status] = {action.event: action.target for action in ACTIONS}

# Without an answer there was none that was enough, and only the referrer knows that the question has gone.
CLOSINGS: dict[e.AdviceCloseReason, Closing] = {
    "answered_enough": Closing((Status.ANSWERED,), _CLINICIANS),
    "no_longer_needed": Closing(OPEN, ("referrer",)),
    "entered_in_error": Closing(OPEN, _CLINICIANS),
}


def check(state: AdviceState, command: Command) -> None:
    """Raise the first reason against `command`: who asks, then where the question stands, then what is missing."""
    action = ACTION_OF[type(command)]
    role, _, user_id = command.actor.partition(":")
    refusal = _why_not(action, state, role, own=_is_own(state, command, role, user_id))
    if refusal is not None:
        raise Rejected(refusal, action=action.name, status=state.status or "none")
    for name, code in action.demands.items():
        if not getattr(command, name):
            raise Rejected(code, field=name)
    if isinstance(command, c.CloseAdvice) and command.reason_code not in close_reasons(state, role):
        raise Rejected("close-reason-invalid", reason=command.reason_code)


def owns(state: AdviceState, role: str, user_id: str) -> bool:
    """Whether this question is the user's own. It is everybody's own in psychology, and never a patient's."""
    return role == "psychology" or (role == "referrer" and bool(user_id) and state.referrer_id == user_id)


def actions(state: AdviceState, role: str, own: bool, refer_consented: bool = True) -> list[Possible]:
    """All that can be done to a question, whether this user may do it now, and the code of what stands against it."""
    found = []
    for action in ACTIONS:
        if None in action.sources:
            continue
        why_not = _why_not(action, state, role, own)
        if why_not is None and not refer_consented:
            why_not = action.demands.get("refer_consented")
        found.append(Possible(action.name, why_not is None, why_not))
    return found


def close_reasons(state: AdviceState, role: str) -> tuple[e.AdviceCloseReason, ...]:
    """For what reasons somebody in this role may close the question now."""
    return tuple(
        reason for reason, closing in CLOSINGS.items() if role in closing.who and state.status in closing.sources
    )


def diagram() -> str:
    """The table as a Mermaid state diagram, for the README."""
    lines = ["stateDiagram-v2"]
    for action in ACTIONS:
        who = ", ".join(f"{role} if authorised" if role in action.on_authority else role for role in action.who)
        lines += [f"    {source or '[*]'} --> {action.target}: {action.name} ({who})" for source in action.sources]
    lines += [f"    {status} --> [*]" for status in FINAL]
    return "\n".join(lines)


def _why_not(action: Action, state: AdviceState, role: str, own: bool) -> str | None:
    if role not in action.who:
        return "role-not-allowed"
    if not own:
        return "not-yours"
    if state.status not in action.sources:
        return "wrong-status"
    if role in action.on_authority and not state.may_convert:
        return "conversion-not-authorised"
    return None


def _is_own(state: AdviceState, command: Command, role: str, user_id: str) -> bool:
    if isinstance(command, c.AskAdvice):
        return command.referrer_id == user_id
    return owns(state, role, user_id)

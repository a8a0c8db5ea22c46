"""The referral's state machine as data: decisions, "what may I do now" and the README's diagram all read this table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral.state import ReferralState, Status
from shared.contracts import referrals as e
from shared.contracts.commands import Command, Rejected

Role = Literal["referrer", "psychology", "patient", "system"]


@dataclass(frozen=True)
class Action:
    """One thing that may be done to a referral, and all that it asks for.

    `sources` are the statuses it may be done in (`None`: there is no referral yet); `who` the roles that may do it: a
    referrer and a patient only to their own. `demands` names the fields that may not be empty and the refusal for each.
    """

    name: str
    command: type[Command]
    event: type[e.ReferralEvent]
    sources: tuple[Status | None, ...]
    target: Status
    who: tuple[Role, ...]
    demands: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Possible:
    """An action as one user meets it. `why_not` is the code of what stands against it."""

    action: str
    allowed: bool
    why_not: str | None


@dataclass(frozen=True)
class Standing:
    """What a status means elsewhere. `task` is the status of a FHIR Task; an `open` referral bars a second one."""

    task: str
    open: bool = False
    final: bool = False


STANDINGS: dict[Status, Standing] = {
    Status.DRAFT: Standing("draft"),
    Status.SUBMITTED: Standing("received", open=True),
    Status.INFORMATION_REQUESTED: Standing("received", open=True),
    Status.ACCEPTED: Standing("accepted", open=True),
    Status.UNDECIDED: Standing("on-hold", open=True),
    Status.IN_TREATMENT: Standing("in-progress", open=True),
    Status.RETURNED: Standing("rejected", final=True),
    Status.DECLINED: Standing("rejected", final=True),
    Status.WITHDRAWN: Standing("cancelled", final=True),
    Status.OUTCOME_SENT: Standing("completed"),
    Status.LOOP_CLOSED: Standing("completed", final=True),
}
OPEN = frozenset(status for status, standing in STANDINGS.items() if standing.open)
AWAITING_TRIAGE = (Status.SUBMITTED, Status.INFORMATION_REQUESTED)
AWAITING_PATIENT = (Status.ACCEPTED, Status.UNDECIDED)

_RATIONALE = {"rationale": "rationale-missing"}
_ANYONE: tuple[Role, ...] = ("patient", "psychology", "referrer")

ACTIONS: tuple[Action, ...] = (
    Action("draft", c.DraftReferral, e.ReferralDrafted, (None,), Status.DRAFT, ("referrer",)),
    Action(
        "submit",
        c.SubmitReferral,
        e.ReferralSubmitted,
        (Status.DRAFT,),
        Status.SUBMITTED,
        ("referrer",),
        {
            "reason": "reason-missing",
            "goal": "goal-missing",
            "refer_consented": "consent-missing",
            "answers": "measure-missing",
        },
    ),
    Action(
        "ask",
        c.AskForInformation,
        e.InformationRequested,
        (Status.SUBMITTED,),
        Status.INFORMATION_REQUESTED,
        ("psychology",),
        {"question": "question-missing"},
    ),
    Action(
        "answer",
        c.ProvideInformation,
        e.InformationProvided,
        (Status.INFORMATION_REQUESTED,),
        Status.SUBMITTED,
        ("referrer",),
        {"answer": "answer-missing"},
    ),
    # Triage may decide without the answer: a question that nobody answers must not hold a patient for ever.
    Action(
        "accept", c.AcceptReferral, e.ReferralAccepted, AWAITING_TRIAGE, Status.ACCEPTED, ("psychology",), _RATIONALE
    ),
    Action(
        "return", c.ReturnReferral, e.ReferralReturned, AWAITING_TRIAGE, Status.RETURNED, ("psychology",), _RATIONALE
    ),
    Action(
        "decline", c.DeclineReferral, e.ReferralDeclined, AWAITING_TRIAGE, Status.DECLINED, ("psychology",), _RATIONALE
    ),
    Action("agree", c.AgreeReferral, e.ReferralAgreed, AWAITING_PATIENT, Status.IN_TREATMENT, _ANYONE),
    Action("undecided", c.RecordUndecided, e.PatientUndecided, AWAITING_PATIENT, Status.UNDECIDED, _ANYONE),
    Action(
        "withdraw",
        c.WithdrawReferral,
        e.ReferralWithdrawn,
        (*AWAITING_TRIAGE, *AWAITING_PATIENT, Status.IN_TREATMENT),
        Status.WITHDRAWN,
        _ANYONE,
    ),
    Action(
        "receive_outcome",
        c.ReceiveOutcome,
        e.OutcomeReceived,
        (Status.IN_TREATMENT,),
        Status.OUTCOME_SENT,
        ("system",),
    ),
    Action(
        "acknowledge",
        c.AcknowledgeOutcome,
        e.OutcomeAcknowledged,
        (Status.OUTCOME_SENT,),
        Status.LOOP_CLOSED,
        ("referrer",),
    ),
)
ACTION_OF: dict[type[Command], Action] = {action.command: action for action in ACTIONS}
STATUS_AFTER: dict[type[e.ReferralEvent], Status] = {action.event: action.target for action in ACTIONS}


def check(state: ReferralState, command: Command) -> None:
    """Raise the first reason against `command`: who asks, then where the referral stands, then what is missing."""
    action = ACTION_OF[type(command)]
    role, _, user_id = command.actor.partition(":")
    refusal = _why_not(action, state, role, own=_is_own(state, command, role, user_id))
    if refusal is not None:
        raise Rejected(refusal, action=action.name, status=state.status or "none")
    for name, code in action.demands.items():
        if not getattr(command, name):
            raise Rejected(code, field=name)


def owns(state: ReferralState, role: str, user_id: str) -> bool:
    """Whether this referral is the user's own. It is everybody's own in psychology and for the system."""
    owner = {"referrer": state.referrer_id, "patient": state.patient_id}
    return role in ("psychology", "system") or (bool(user_id) and owner.get(role) == user_id)


def is_closed(state: ReferralState) -> bool:
    """Whether nothing can happen to it any more."""
    return state.status is not None and STANDINGS[state.status].final


def actions(state: ReferralState, role: str, own: bool, refer_consented: bool = True) -> list[Possible]:
    """All that people can do to a referral, whether this user may do it now, and the code of what stands against it."""
    found = []
    for action in ACTIONS:
        if None in action.sources or "system" in action.who:
            continue
        why_not = _why_not(action, state, role, own)
        if why_not is None and not refer_consented:
            why_not = action.demands.get("refer_consented")
        found.append(Possible(action.name, why_not is None, why_not))
    return found


def diagram() -> str:
    """The table as a Mermaid state diagram, for the README."""
    lines = ["stateDiagram-v2"]
    for action in ACTIONS:
        for source in action.sources:
            lines.append(f"    {source or '[*]'} --> {action.target}: {action.name} ({', '.join(action.who)})")
    lines += [f"    {status} --> [*]" for status, standing in STANDINGS.items() if standing.final]
    return "\n".join(lines)


def _why_not(action: Action, state: ReferralState, role: str, own: bool) -> str | None:
    if role not in action.who:
        return "role-not-allowed"
    if not own:
        return "not-yours"
    return None if state.status in action.sources else "wrong-status"


def _is_own(state: ReferralState, command: Command, role: str, user_id: str) -> bool:
    if isinstance(command, c.DraftReferral):
        return command.referrer_id == user_id
    return owns(state, role, user_id)

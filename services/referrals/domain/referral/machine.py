"""Reads the tables: whether something may be done, what may be done now and why not the rest, and the diagram."""

from dataclasses import dataclass, field
from typing import get_args

from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral.action import Action
from services.referrals.domain.referral.facts import Facts
from services.referrals.domain.referral.guards import GUARDS
from services.referrals.domain.referral.standings import STANDINGS
from services.referrals.domain.referral.state import ReferralState, Status
from services.referrals.domain.referral.table import MOVES
from services.referrals.domain.referral.table_later import ACTION_OF, ACTIONS
from services.referrals.domain.referral.timers import LAPSES
from shared.contracts.commands import Command, Rejected

_MOST_DRAWN = 4
"""An action from more statuses than this would hide the way in a drawing."""


@dataclass(frozen=True)
class Possible:
    """An action as one user meets it. `why_not` is the code of what stands against it.

    `demands` are the fields that may not be empty, `reasons` the codes of which one must be chosen.
    """

    action: str
    allowed: bool
    why_not: str | None
    demands: tuple[str, ...] = field(default=())
    reasons: tuple[str, ...] = field(default=())


def check(state: ReferralState, command: Command, given: Facts) -> None:
    """Raise the first reason against `command`: who asks, where the referral stands, what is missing, what else."""
    action = ACTION_OF[type(command)]
    role, _, user_id = command.actor.partition(":")
    refusal = _why_not(action, state, role, own=_is_own(state, command, role, user_id))
    if refusal is not None:
        raise Rejected(refusal, action=action.name, status=state.status or "none")
    for name, code in action.demands.items():
        if not getattr(command, name):
            raise Rejected(code, field=name)
    guarded = GUARDS[action.guard](state, given, role) if action.guard else None
    if guarded is not None:
        raise Rejected(guarded, action=action.name)


def owns(state: ReferralState, role: str, user_id: str) -> bool:
    """Whether this referral is the user's own. It is everybody's own in psychology and for the system."""
    owners = {
        "referrer": (state.referrer_id, state.author_id),
        "patient": (state.patient_id,),
        "caregiver": (state.requester_id if state.requester == "caregiver" else None,),
    }
    return role in ("psychology", "system") or (bool(user_id) and user_id in owners.get(role, ()))


def is_closed(state: ReferralState) -> bool:
    """Whether nothing can happen to it any more."""
    return state.status is not None and STANDINGS[state.status].final


def actions(state: ReferralState, role: str, own: bool, given: Facts) -> list[Possible]:
    """All that people can do to a referral, whether this user may do it now, and the code of what stands against it."""
    found = []
    for action in ACTIONS:
        if None in action.sources or action.who == ("system",):
            continue
        why_not = _why_not(action, state, role, own)
        if why_not is None and action.guard:
            why_not = GUARDS[action.guard](state, given, role)
        found.append(Possible(action.name, why_not is None, why_not, _asked(action), _reasons(action)))
    return found


def targets(action: Action) -> tuple[Status | None, ...]:
    """Where a referral may stand after an action; `None` where it stays."""
    found = [next((MOVES[one] for one in reversed(run) if one in MOVES), None) for run in action.outcomes]
    return tuple(dict.fromkeys(action.back or found))


def diagram() -> str:
    """The tables as a Mermaid state diagram, for the README. What is not drawn is in `undrawn`."""
    lines = ["stateDiagram-v2"]
    for action in ACTIONS:
        for source in action.sources if _is_drawn(action) else ():
            for target in filter(None, targets(action)):
                lines.append(f"    {source or '[*]'} --> {target}: {action.name} ({', '.join(action.who)})")
    lines += [f"    {lapse.source} --> {lapse.target}: {lapse.name} (timer)" for lapse in LAPSES]
    lines += [f"    {status} --> [*]" for status, standing in STANDINGS.items() if standing.final]
    return "\n".join(lines)


def undrawn() -> str:
    """What may be done from many statuses, or moves nothing, as a table for the README."""
    lines = ["| Action | From | To | Who |", "|---|---|---|---|"]
    for action in ACTIONS:
        if _is_drawn(action):
            continue
        to = "where it stood before" if action.back else ", ".join(target or "as it was" for target in targets(action))
        lines.append(f"| {action.name} | {', '.join(map(str, action.sources))} | {to} | {', '.join(action.who)} |")
    return "\n".join(lines)


def _is_drawn(action: Action) -> bool:
    return len(action.sources) <= _MOST_DRAWN and any(targets(action)) and not action.back


def _asked(action: Action) -> tuple[str, ...]:
    """What a person types: a consent is not typed."""
    return tuple(name for name in action.demands if name != "refer_consented")


def _reasons(action: Action) -> tuple[str, ...]:
    """In the order of the contract, but what fits none of them last: people read from the top."""
    return tuple(sorted(get_args(action.reasons), key=lambda code: code == "other"))


def _why_not(action: Action, state: ReferralState, role: str, own: bool) -> str | None:
    if role not in action.who:
        return "role-not-allowed"
    if not own:
        return "not-yours"
    return None if state.status in action.sources else "wrong-status"


def _is_own(state: ReferralState, command: Command, role: str, user_id: str) -> bool:
    match command:
        case c.DraftReferral():
            return role != "patient" or command.patient_id == user_id
        case c.ContinueReferral():
            return True
        case _:
            return owns(state, role, user_id)

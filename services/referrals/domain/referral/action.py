"""What one row of the referral's state machine says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from services.referrals.domain.referral.state import Status
from shared.contracts.commands import Command
from shared.contracts.referrals import ReferralEvent

Role = Literal["referrer", "psychology", "patient", "caregiver", "system"]
Told = Literal["patient", "caregivers", "referrer", "triage_team"]


@dataclass(frozen=True)
class Action:
    """One thing that may be done to a referral, and all that it asks for.

    `sources` are the statuses it may be done in (`None`: there is no referral yet); `who` the roles that may do it: a
    referrer, a patient and a caregiver only to their own. Each of `outcomes` is a run of events that may follow; the
    last one that `MOVES` knows says where the referral then stands, or it goes back to one of the statuses in `back`.
    `demands` names the fields that may not be empty and the refusal for each, `reasons` the coded reasons to choose
    from, `guard` a further check (`guards.py`), and `tells` who gets a message of what each of `outcomes` begins with.
    Of what follows, `TELLS` says it.
    """

    name: str
    command: type[Command]
    sources: tuple[Status | None, ...]
    who: tuple[Role, ...]
    outcomes: tuple[tuple[type[ReferralEvent], ...], ...]
    tells: tuple[Told, ...] = ()
    demands: Mapping[str, str] = field(default_factory=dict)
    reasons: Any = None
    guard: str | None = None
    back: tuple[Status, ...] = ()

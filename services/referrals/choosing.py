"""Whom somebody asks for in a worklist, and in which order. Plain functions of states and rows."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from services.referrals import views
from services.referrals.domain.referral import lists, owed
from services.referrals.domain.referral.state import ReferralState
from shared.contracts.referrals import Priority
from shared.runtime.auth import User

Due = Literal["overdue", "week"]
Sort = Literal["wait", "due", "name", "priority"]
NOBODY = "nobody"

_SOON = timedelta(days=7)
_NEVER = datetime.max.replace(tzinfo=UTC)
_URGENCY: tuple[Priority | None, ...] = (Priority.VERY_URGENT, Priority.URGENT, Priority.ROUTINE, None)


@dataclass(frozen=True)
class Wanted:
    """`due`: overdue, or within a week and overdue. `responsible` is a clinician, or "nobody". `contains` stands in the
    name or the number. Without `sort` the order is that of the list.
    """

    priority: Priority | None = None
    due: Due | None = None
    responsible: str | None = None
    contains: str | None = None
    sort: Sort | None = None

    @property
    def chooses(self) -> bool:
        """Whether only some of the list are asked for."""
        return bool(self.priority or self.due or self.responsible or self.contains)

    def fits(self, state: ReferralState, now: datetime) -> bool:
        """As far as no name is needed, which costs more to read."""
        return (
            self.priority in (None, state.priority)
            and (self.due is None or _is_due(self.due, state, now))
            and self.responsible in (None, owed.responsible(state) or NOBODY)
        )

    def names(self, row: views.ReferralRow) -> bool:
        """Whether what was typed stands in the name or the number."""
        return any(stands_in(self.contains or "", text) for text in (row.patient_name, row.number))

    def in_order(self, rows: list[views.ReferralRow]) -> list[views.ReferralRow]:
        """Those that stand alike stay in the order of the list."""
        return sorted(rows, key=_ORDERS[self.sort]) if self.sort else rows


def ordered_by(worklist: views.Worklist, user: User, sort: Sort) -> tuple[str, list[str]] | None:
    """The ordered key that holds the user's list in that order, and what its values begin with: a part for each stage.

    `None` where no key does: names are sealed, and of a person's own referrals there are few.
    """
    keys = _REFERRER_KEYS if user.role == "referrer" else _TEAM_KEYS
    if user.role == "patient" or sort not in keys:
        return None
    whose = f"{user.id}|" if user.role == "referrer" else ""
    parts = [f"{whose}{stage}|" for stage in lists.stages(views.STAGES[worklist])]
    if keys[sort] == lists.TEAM:
        parts = [f"{part}{rank}|" for part in parts for rank in lists.ranks()]
    return keys[sort], parts


_TEAM_KEYS: dict[Sort, str] = {"wait": lists.TEAM, "due": lists.TEAM_DUE, "priority": lists.TEAM_URGENCY}
_REFERRER_KEYS: dict[Sort, str] = {
    "wait": lists.REFERRER,
    "due": lists.REFERRER_DUE,
    "priority": lists.REFERRER_URGENCY,
}
_ORDERS: dict[Sort, Callable[[views.ReferralRow], Any]] = {
    "wait": lambda row: (row.waiting_days is None, -(row.waiting_days or 0)),
    "due": lambda row: row.due or _NEVER,
    "name": lambda row: (row.patient_name is None, _plain(row.patient_name or "")),
    "priority": lambda row: _URGENCY.index(row.priority),
}


def _is_due(due: Due, state: ReferralState, now: datetime) -> bool:
    day = owed.due(state)
    return views.is_overdue(state, now) or (due == "week" and day is not None and day <= now + _SOON)


def stands_in(wanted: str, text: str | None) -> bool:
    """Whether what was typed stands in a name or number, as people search."""
    return _plain(wanted) in _plain(text or "")


def _plain(text: str) -> str:
    """As people search: capitals and accents make no difference, nor does more than one space."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in parts if not unicodedata.combining(sign)).split())

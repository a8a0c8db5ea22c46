"""Groups, for those who lead them: which there are, who takes part, when they meet, and what is owed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from services.interventions.catalogue import served_language
from services.interventions.content import Content
from services.interventions.domain.group.calendar import closes_at, next_session, starts_at
from services.interventions.domain.group.state import GroupState, GroupStatus, Session
from services.interventions.domain.membership.state import MembershipState, MembershipStatus
from shared.contracts.interventions import Absence, GroupEnd, GroupMode
from shared.contracts.referrals import Language
from shared.runtime.core import Found


class GroupRow(BaseModel):
    """One group in a list. `attendance_due` are the numbers of sessions of which nobody said who was there.

    `under_minimum`: a person decides whether it begins. `few_left`: it goes on, with fewer people than the minimum.
    """

    id: str
    version: int
    programme_id: str
    programme_title: str
    language: Language
    mode: GroupMode
    status: GroupStatus
    starts_at: datetime
    next_session_at: datetime | None
    sessions_held: int
    sessions_total: int
    seats_taken: int
    minimum: int
    maximum: int
    reserves: int
    facilitators: tuple[str, ...]
    place_id: str | None
    decide_at: datetime | None
    postponed: int
    under_minimum: bool
    few_left: bool
    attendance_due: tuple[int, ...]


class SessionRow(BaseModel):
    """One meeting. `present` and `absent` are there once attendance was taken; `not_held` is why it was not held."""

    number: int
    at: datetime
    minutes: int
    where: str
    title: str
    module_ids: tuple[str, ...]
    facilitators: tuple[str, ...]
    held: bool
    not_held: GroupEnd | None
    begun: bool
    present: tuple[str, ...]
    absent: tuple[Absence, ...]


class MemberRow(BaseModel):
    """One person of a group. `number` counts the reserve list from 1; `name` is as they chose to be shown.

    `rules_due`: the rules have changed since they agreed. `absent_told` are the meetings, as they are dated now, to
    which they said that they cannot come.
    """

    membership_id: str
    patient_id: str
    episode_id: str
    referral_id: str
    status: MembershipStatus
    number: int | None
    since: int
    name: str | None
    attended: int
    missed: int
    in_a_row: int
    rules_due: bool
    absent_told: tuple[int, ...]


class GroupPage(GroupRow):
    """One group in full: seats first, then the reserve list in order, then whoever was asked."""

    where: str
    joining_until: datetime
    sessions: tuple[SessionRow, ...]
    members: tuple[MemberRow, ...]
    can: tuple[str, ...]


def group_row(content: Content, found: Found, now: datetime, language: str) -> GroupRow:
    """One group in one line."""
    return GroupRow(**_row(content, found, now, language))


def in_order(rows: Sequence[GroupRow]) -> list[GroupRow]:
    """What needs somebody first, then by the next meeting."""
    return sorted(rows, key=lambda row: (not _needs_somebody(row), row.next_session_at or row.starts_at, row.id))


def group_page(
    content: Content, found: Found, members: Sequence[MembershipState], now: datetime, language: str
) -> GroupPage:
    """One group in full."""
    state: GroupState = found.state
    return GroupPage(
        **_row(content, found, now, language),
        where=state.where,
        joining_until=closes_at(state, content.clinic.together.groups),
        sessions=tuple(_session(content, state, one, now, language) for one in state.sessions),
        members=tuple(_members(state, members, content.group_rules.version)),
        can=_can(state, now),
    )


def session_title(content: Content, state: GroupState, session: Session, language: str) -> str:
    """What a session is about."""
    programme = content.catalogue.programme(state.programme_id, state.programme_version)
    titles = [programme.module(id).title.in_(language) for id in session.module_ids]
    return ", ".join(titles) or programme.title.in_(language)


def programme_title(content: Content, state: GroupState, language: str) -> str:
    """What the programme is called."""
    return content.catalogue.programme(state.programme_id, state.programme_version).title.in_(served_language(language))


def _needs_somebody(row: GroupRow) -> bool:
    return row.under_minimum or bool(row.attendance_due)


def _row(content: Content, found: Found, now: datetime, language: str) -> dict[str, Any]:
    state: GroupState = found.state
    following = next_session(state, now) if state.open else None
    same = ("programme_id", "language", "mode", "status", "minimum", "maximum", "facilitators", "place_id", "decide_at")
    return {
        "id": found.id,
        "version": found.version,
        **{name: getattr(state, name) for name in (*same, "postponed")},
        "programme_title": programme_title(content, state, language),
        "starts_at": starts_at(state),
        "next_session_at": following.at if following else None,
        "sessions_held": sum(one.held for one in state.sessions),
        "sessions_total": len(state.sessions),
        "seats_taken": len(state.seats),
        "reserves": len(state.reserves),
        "under_minimum": state.open and state.under_minimum_at is not None,
        "few_left": state.goes_on and len(state.seats) < state.minimum,
        "attendance_due": _due(state, now),
    }


def _due(state: GroupState, now: datetime) -> tuple[int, ...]:
    return tuple(one.number for one in state.unsettled if one.at <= now) if state.goes_on else ()


def _session(content: Content, state: GroupState, one: Session, now: datetime, language: str) -> SessionRow:
    return SessionRow(
        number=one.number,
        at=one.at,
        minutes=one.minutes,
        where=one.where or state.where,
        title=session_title(content, state, one, language),
        module_ids=one.module_ids,
        facilitators=state.leaders(one),
        held=one.held,
        not_held=one.not_held,
        begun=one.at <= now,
        present=one.present or (),
        absent=one.absent,
    )


def _members(state: GroupState, members: Sequence[MembershipState], rules_version: int) -> list[MemberRow]:
    """The group says who has a seat; whoever said yes a moment ago stands after them."""
    by_id = {one.membership_id: one for one in members}
    order = [seat.membership_id for seat in state.everybody if seat.membership_id in by_id]
    others = sorted((one for one in members if one.membership_id not in order), key=lambda one: one.membership_id)
    return [_member(state, one, rules_version) for one in (*(by_id[id] for id in order), *others)]


def _member(state: GroupState, one: MembershipState, rules_version: int) -> MemberRow:
    seat = next((seat for seat in state.seats if seat.membership_id == one.membership_id), None)
    waits = [seat.membership_id for seat in state.reserves]
    number = waits.index(one.membership_id) + 1 if one.membership_id in waits else None
    stands: MembershipStatus | None = "seat" if seat else "reserve" if number else one.status
    return MemberRow(
        **one.model_dump(include={"membership_id", "patient_id", "episode_id", "referral_id", "name"}),
        status=stands or "invited",
        number=number,
        since=seat.since if seat else 1,
        attended=one.attended,
        missed=one.missed,
        in_a_row=len(one.row_of(max(one.marks, default=0))),
        rules_due=one.status == "seat" and one.rules_version != rules_version,
        absent_told=tuple(session.number for session in state.sessions if one.tells(session.number, session.at)),
    )


def _can(state: GroupState, now: datetime) -> tuple[str, ...]:
    if not state.open:
        return ()
    found = ["cancel", "replace", "move"]
    if state.status == "forming" and state.seats:
        found.append("confirm")
    if state.status != "running":
        found.append("postpone")
    return tuple(found)

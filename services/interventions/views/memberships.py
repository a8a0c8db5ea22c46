"""One person's part in a group, for them: when it meets, with whom, and what they may do now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.interventions.catalogue import served_language
from services.interventions.content import Content
from services.interventions.domain.group.calendar import starts_at
from services.interventions.domain.group.state import GroupState, GroupStatus, Session
from services.interventions.domain.membership.state import MembershipState, MembershipStatus
from services.interventions.views.groups import programme_title, session_title
from shared.contracts.interventions import GroupMode, PartEnd
from shared.contracts.referrals import Language
from shared.runtime.core import Found

Mark = Literal["attended", "missed"]


class MembershipRow(BaseModel):
    """One part in one group. `status` is the person's, `group_status` the group's. `rules_due`: the rules are others
    than those that they agreed to.
    """

    id: str
    version: int
    group_id: str
    episode_id: str
    patient_id: str
    status: MembershipStatus
    group_status: GroupStatus
    how_ended: PartEnd | None
    programme_title: str
    language: Language
    mode: GroupMode
    starts_at: datetime
    next_session_at: datetime | None
    answer_by: datetime | None
    rules_due: bool


class MySession(BaseModel):
    """One meeting, as it is for this person. `told`: they said that they cannot come. `told_before`: they said so of a
    date that is not true any more.
    """

    number: int
    at: datetime
    minutes: int
    where: str | None
    title: str
    module_ids: tuple[str, ...]
    begun: bool
    not_held: bool
    mine: Mark | None
    told: bool
    told_before: bool


class Rules(BaseModel):
    """What people agree to before they join."""

    version: int
    items: tuple[str, ...]


class MembershipPage(MembershipRow):
    """All of it. `where`, who leads and who else takes part is only for whoever has a seat. `others` are the names as
    each of the others chose; `others_unnamed` counts those who show none.
    """

    where: str | None
    name: str | None
    reserve_number: int | None
    sessions: tuple[MySession, ...]
    facilitators: tuple[str, ...]
    others: tuple[str, ...]
    others_unnamed: int
    rules: Rules
    can: tuple[str, ...]


def membership_row(content: Content, found: Found, group: GroupState, now: datetime, language: str) -> MembershipRow:
    """One part in one line."""
    state: MembershipState = found.state
    following = next((one.at for one in group.sessions if one.at > now), None) if group.open else None
    return MembershipRow(
        id=found.id,
        version=found.version,
        **state.model_dump(include={"group_id", "episode_id", "patient_id", "answer_by", "how_ended"}),
        status=state.status or "invited",
        group_status=group.status or "cancelled",
        programme_title=programme_title(content, group, language),
        language=group.language,
        mode=group.mode,
        starts_at=starts_at(group),
        next_session_at=following,
        rules_due=group.open and state.in_the_group and state.rules_version != content.group_rules.version,
    )


def membership_page(
    content: Content,
    found: Found,
    group: GroupState,
    others: Sequence[MembershipState],
    now: datetime,
    language: str,
) -> MembershipPage:
    """One part in full. `others` are the memberships of all who have a seat."""
    state: MembershipState = found.state
    seated = state.status == "seat"
    rest = [one for one in others if _is_beside(state, one)] if seated and group.open else []
    waits = [seat.membership_id for seat in group.reserves]
    names = [one.name for one in rest if one.name]
    return MembershipPage(
        **dict(membership_row(content, found, group, now, language)),
        where=group.where if seated else None,
        name=state.name,
        reserve_number=waits.index(state.membership_id) + 1 if state.membership_id in waits else None,
        sessions=tuple(_session(content, state, group, one, now, language) for one in group.sessions),
        facilitators=group.facilitators if seated else (),
        others=tuple(sorted(names)),
        others_unnamed=len(rest) - len(names),
        rules=_rules(content, language),
        can=_can(state, group, content.group_rules.version),
    )


def _is_beside(state: MembershipState, other: MembershipState) -> bool:
    """Whether they are in the same group now: whoever has left shows no name there any more, nor one of elsewhere."""
    here = (other.group_id, other.status) in ((state.group_id, "accepted"), (state.group_id, "seat"))
    return here and other.membership_id != state.membership_id


def _rules(content: Content, language: str) -> Rules:
    now = content.group_rules
    return Rules(version=now.version, items=tuple(one.in_(served_language(language)) for one in now.rules))


def _session(
    content: Content, state: MembershipState, group: GroupState, one: Session, now: datetime, language: str
) -> MySession:
    mark = state.marks.get(one.number)
    return MySession(
        **one.model_dump(include={"number", "at", "minutes", "module_ids"}),
        where=(one.where or group.where) if state.status == "seat" else None,
        title=session_title(content, group, one, served_language(language)),
        begun=one.at <= now,
        not_held=one.not_held is not None,
        mine=None if mark is None else "attended" if mark.present else "missed",
        told=state.tells(one.number, one.at),
        told_before=one.number in state.told and not state.tells(one.number, one.at),
    )


def _can(state: MembershipState, group: GroupState, rules_version: int) -> tuple[str, ...]:
    if not group.open:
        return ()
    if state.status == "invited":
        return ("answer",)
    found = ["name", "leave"] if state.in_the_group else []
    if state.in_the_group and state.rules_version != rules_version:
        found.append("rules")
    if state.status == "seat":
        found.append("absence")
    return tuple(found)

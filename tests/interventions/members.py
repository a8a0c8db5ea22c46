"""One person's part in a group: the facts and commands that the stories about it are told from."""

from typing import Any

from services.interventions.domain.membership import commands as c
from shared.contracts import interventions as e
from tests.interventions import example as ex

M = ex.MEMBERSHIP
STARTS, ANSWER_BY = ex.after(days=9), ex.after(days=7)
WHO = {"membership_id": "m1", "group_id": "g1", "episode_id": "e1", "patient_id": "p1", "referral_id": "r1"}
ASKED = {**WHO, "episode_version": 4, "starts_at": STARTS, "answer_by": ANSWER_BY}
OTHER = {**ASKED, "group_id": "g2"}
FIRST_DATE, NEW_DATE = ex.after(days=9), ex.after(days=16)


def of(kind: type[Any], **fields: Any) -> Any:
    """An event of the one membership, of its first invitation unless said otherwise."""
    return kind(**{"at": ex.T0, "invitation": 1, **WHO, **fields})


INVITED = of(e.InvitedToGroup, starts_at=STARTS, answer_by=ANSWER_BY, invited_by="ana", episode_version=4)
ACCEPTED = of(e.GroupAccepted, rules_version=1, name="Rosi")
SEAT, RESERVE = of(e.GroupSeatNoted, seat="seat"), of(e.GroupSeatNoted, seat="reserve")
SEATED = (INVITED, ACCEPTED, SEAT)
DECLINED, LAPSED = of(e.GroupDeclined, reason_code="too_soon"), of(e.GroupInvitationLapsed)
YES = ex.command(c.AnswerInvitation, accept=True, rules_version=1, name="Rosi")


def ended(how: str, had_seat: bool | None = True, attended: int = 0, missed: int = 0) -> e.GroupPartEnded:
    event: e.GroupPartEnded = of(e.GroupPartEnded, how=how, had_seat=had_seat, attended=attended, missed=missed)
    return event


LEFT = ended("left")


def of_group(kind: type[Any], invitation: int = 1, group_id: str = "g1", **fields: Any) -> Any:
    return ex.command(kind, group_id=group_id, invitation=invitation, **fields)


def marked(number: int, present: bool, **fields: Any) -> c.NoteAttendance:
    said = {"session_at": FIRST_DATE, "module_ids": ("one",), "present": present, **fields}
    command: c.NoteAttendance = of_group(c.NoteAttendance, number=number, **said)
    return command


def attended(number: int, first: bool = False) -> e.GroupSessionAttended:
    event: e.GroupSessionAttended = of(e.GroupSessionAttended, number=number, module_ids=("one",), first=first)
    return event


def missed(number: int, in_a_row: int = 1, row_from: int | None = None, **fields: Any) -> e.GroupSessionMissed:
    first = number - in_a_row + 1 if row_from is None else row_from
    counted = {"in_a_row": in_a_row, "row_from": first, "reason_code": "not_specified", **fields}
    event: e.GroupSessionMissed = of(e.GroupSessionMissed, number=number, module_ids=("one",), **counted)
    return event


AGAIN = of(e.InvitedToGroup, **{**ASKED, "invitation": 2, "invited_by": "ana", "episode_version": 9})
BACK = (
    *SEATED,
    LEFT,
    AGAIN,
    of(e.GroupAccepted, invitation=2, rules_version=1),
    of(e.GroupSeatNoted, invitation=2, seat="seat"),
)

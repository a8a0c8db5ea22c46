"""Whatever people do with groups, in whatever order it is heard: never too many, nobody twice, reserves in order, and
everybody is told what concerns them, once. Also while other people lead, names change, and the rules do.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from services.interventions.aggregates import aggregates
from services.interventions.domain.group import commands as g
from services.interventions.domain.group.calendar import answer_by
from services.interventions.domain.group.state import GroupState
from services.interventions.domain.membership import commands as m
from services.interventions.domain.membership.state import MembershipState
from services.interventions.domain.plan import Plans, Step
from services.interventions.group_reactions import membership_of
from services.interventions.reactions import REACTIONS
from shared.contracts import interventions as e
from shared.contracts.clinic_together import Groups, Together
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event
from shared.contracts.referrals import MissedReason
from tests.interventions import example as ex
from tests.referrals.loop import Loop, Subject

SEQUENCES, STEPS = 2_000, 90
RULES = Groups(minimum=3, most_in_person=5, most_by_video=4, reserves=3, missed_to_call=2)
CLINIC = ex.CLINIC.model_copy(update={"together": Together(groups=RULES)})
MODULES = tuple(Step(module_id=f"module-{number}", gap_days=7) for number in range(1, 9))
LONG = ex.SHORT.model_copy(update={"programme_id": "long", "steps": MODULES, "middle_after": "module-4"})
PLANS = Plans(plans=(ex.OLD, ex.SHORT, LONG), time_zone="Europe/London")
KINDS, WITH_NEW_RULES = (aggregates(CLINIC, PLANS, ex.SHEETS, group_rules=version) for version in (1, 2))
GROUPS = ("g1", "g2", "g3")
PEOPLE = range(12)
REASONS: tuple[MissedReason, ...] = ("ill", "forgot")


class World:
    """Three groups, twelve people, a clock; `told` counts what each person is told of, `named` is how each is shown."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.loop = Loop.of_service(KINDS, REACTIONS, Random(f"{seed} heard"), now=ex.T0, saw=self._saw)
        self.told: Counter[tuple[str, str, str]] = Counter()
        self.accepted: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.happened: Counter[str] = Counter()
        self.named: dict[str, str | None] = {}
        self.rules = 1

    def live(self) -> None:
        for id in GROUPS:
            self._try("group", id, g.PlanGroup, group_id=id, **self._plan())
        change = self.rng.randrange(2 * STEPS)
        for step in range(STEPS):
            if step == change:
                self.loop.use(WITH_NEW_RULES)
                self.rules = 2
            self.rng.choice(
                (*[self._of_a_person] * 4, *[self._of_a_group] * 2, self._hear, self._hear, self._pass_time)
            )()
        self.loop.settle()
        self.at_rest()

    def at_rest(self) -> None:
        """Once everything was heard, groups and people say the same."""
        states: dict[str, MembershipState] = self.loop.of("membership")
        for id in GROUPS:
            group: GroupState = self.loop.state("group", id)
            seated = {seat.membership_id for seat in group.seats}
            if group.open:
                mine = {key: one.status for key, one in states.items() if one.group_id == id and one.open}
                assert seated == {key for key, status in mine.items() if status == "seat"}
                waits = {seat.membership_id for seat in group.reserves}
                assert waits == {key for key, status in mine.items() if status == "reserve"}
                assert "accepted" not in mine.values(), "somebody said yes and was never answered"
            else:
                assert all(one.status not in ("seat", "reserve") for one in states.values() if one.group_id == id)
            if group.status == "cancelled":
                assert not [one for one in states.values() if one.group_id == id and one.open], "somebody is not free"
        assert {id: states[id].name for id in self.named} == self.named
        seats = [
            seat.patient_id for id in GROUPS if (group := self.loop.state("group", id)).open for seat in group.everybody
        ]
        assert len(set(seats)) == len(seats), "somebody has two seats"
        assert self.accepted == self.answered, "somebody was answered twice, or never"
        twice = [what for what, times in self.told.items() if times > 1]
        assert not twice, f"told twice: {twice}"

    def _plan(self) -> dict[str, Any]:
        return {
            "programme_id": self.rng.choice(("short", "long")),
            "every_days": self.rng.choice((1, 2, 7)),
            "language": "en",
            "mode": self.rng.choice(("in_person", "video")),
            "where": "Room 2",
            "facilitators": ("ana", "ben"),
            "first_at": self.loop.now + timedelta(days=self.rng.randint(4, 10)),
            "minutes": 60,
        }

    def _of_a_person(self) -> None:
        number = self.rng.choice(PEOPLE)
        id = membership_of(f"e{number}")
        state: MembershipState = self.loop.state("membership", id)
        match state.status:
            case "invited" if self.rng.random() < 0.9:
                yes = self.rng.random() < 0.9
                name = self.rng.choice(("R.", None)) if yes else None
                self._try("membership", id, m.AnswerInvitation, accept=yes, rules_version=self.rules, name=name)
            case "seat" if self.rng.random() < 0.5:
                group: GroupState = self.loop.state("group", state.group_id)
                session = self.rng.choice(group.sessions)
                self._try("membership", id, m.TellAbsence, number=session.number, session_at=session.at)
            case "seat" | "reserve" | "accepted" if self.rng.random() < 0.4:
                self._in_the_group(id, state)
            case _:
                self._invite(number, id, self.rng.choice(("g1", "g1", "g1", "g1", *GROUPS)))

    def _in_the_group(self, id: str, state: MembershipState) -> None:
        """Be shown otherwise, agree to the rules as they are now, or end it."""
        match self.rng.choice(("name", "rules", "leave", "leave", "treatment")):
            case "name":
                self._try("membership", id, m.ChangeName, name=self.rng.choice(("R.", "S.", None)))
            case "rules":
                self._try("membership", id, m.AgreeToRules, rules_version=self.rules)
            case "leave":
                self._try("membership", id, m.LeaveGroup)
            case "treatment":
                heard = state.episode_version + self.rng.choice((0, 1))
                self._try("membership", id, m.EndWithTreatment, episode_version=heard)

    def _invite(self, number: int, id: str, group_id: str) -> None:
        group: GroupState = self.loop.state("group", group_id)
        if not group.open:
            return
        who = {"episode_id": f"e{number}", "patient_id": f"p{number}", "referral_id": f"r{number}"}
        until = answer_by(group, RULES, PLANS.zone, self.loop.now)
        asked = {"group_id": group_id, "starts_at": group.sessions[0].at, "answer_by": until, "episode_version": 1}
        self._try("membership", id, m.InviteToGroup, membership_id=id, **who, **asked)

    def _of_a_group(self) -> None:
        id = self.rng.choice(GROUPS)
        group: GroupState = self.loop.state("group", id)
        match self.rng.choice(("confirm", *["attend"] * 4, "postpone", "cancel", "move", "lead")):
            case "confirm":
                self._try("group", id, g.ConfirmGroup)
            case "postpone" if self.rng.random() < 0.1:
                self._try("group", id, g.PostponeGroup, days=self.rng.randint(1, 20))
            case "cancel" if self.rng.random() < 0.05:
                self._try("group", id, g.CancelGroup, reason_code="other")
            case "move" if self.rng.random() < 0.3:
                number = self.rng.randint(1, len(group.sessions))
                at = group.sessions[number - 1].at + timedelta(hours=self.rng.randint(-200, 200))
                self._try("group", id, g.MoveSession, number=number, at=at)
            case "lead":
                leaves, comes = self.rng.sample(("ana", "ben", "cleo"), 2)
                of = self.rng.choice((None, self.rng.randint(1, len(group.sessions))))
                self._try("group", id, g.ReplaceFacilitator, leaves=leaves, comes=comes, number=of)
            case "attend":
                self._attend(id, group)

    def _attend(self, id: str, group: GroupState) -> None:
        """The first session of which nobody said who was there, or one of those before once more."""
        begun = [one for one in group.sessions if one.at <= self.loop.now]
        if not begun:
            return
        unsaid = [one for one in begun if not one.settled]
        session = unsaid[0] if unsaid and self.rng.random() < 0.8 else self.rng.choice(begun)
        if self.rng.random() < 0.1:
            self._try("group", id, g.MarkNotHeld, number=session.number, reason_code="no_facilitator")
            return
        ids = [seat.membership_id for seat in group.seats if seat.since <= session.number]
        there = [one for one in ids if self.rng.random() < 0.7]
        if session.held and self.rng.random() < 0.5:
            there = [one for one in ids if one in (session.present or ())]
        why = self.rng.choice(REASONS)
        away = tuple(e.Absence(membership_id=one, reason_code=why) for one in ids if one not in there)
        self._try("group", id, g.TakeAttendance, number=session.number, present=tuple(there), absent=away)

    def _hear(self) -> None:
        for _ in range(self.rng.randint(1, 4)):
            if self.loop.speakers:
                self.loop.hear(self.rng.choice(self.loop.speakers))

    def _pass_time(self) -> None:
        until = self.loop.now + timedelta(hours=self.rng.choice((1, 24, 60, 170)))
        while (due := self.loop.next_due()) is not None and due <= until:
            self.loop.run_next_timer()
        self.loop.now = until

    def _try(self, of: str, id: str, kind: type[Command], **fields: Any) -> None:
        try:
            self.loop.send(of, id, kind(now=self.loop.now, actor=ex.ANA, **fields))
        except Rejected as refused:
            self.happened[refused.code] += 1

    def _saw(self, subject: Subject, before: Any, events: Sequence[Event], after: Any) -> None:
        for event in events:
            self.happened[type(event).__name__] += 1
        if subject[0] == "group":
            self._holds(after)
            self._told(before, events)
        elif subject[0] == "membership":
            for event in events:
                self._of_a_part(subject[1], event)

    def _of_a_part(self, id: str, event: Event) -> None:
        match event:
            case e.InvitedToGroup():
                self.named[id] = None
            case e.GroupAccepted():
                self.accepted[id] += 1
                self.named[id] = event.name
            case e.GroupNameChanged():
                self.named[id] = event.name
            case e.GroupRulesAsked():
                self.told["rules", f"{id} {event.invitation}", str(event.rules_version)] += 1
            case e.GroupPartEnded(how="invitation_withdrawn"):
                self.told["withdrawn", f"{id} {event.invitation}", event.group_id] += 1

    def _holds(self, group: GroupState) -> None:
        ids = [seat.membership_id for seat in group.everybody]
        assert len(group.seats) <= group.maximum, "more people than seats"
        assert len(set(ids)) == len(ids), "somebody stands twice in one group"
        assert len(group.reserves) <= RULES.reserves
        in_order = [one.at for one in group.sessions]
        assert in_order == sorted(set(in_order)), "two sessions at once, or one before the other"
        for one in group.sessions:
            assert len(set(group.leaders(one))) == 2, "a session is led by one person, or by three"

    def _told(self, before: GroupState, events: Sequence[Event]) -> None:
        led = {one.number: before.leaders(one) for one in before.sessions if one.held}
        waits = list(before.reserves)
        for event in events:
            match event:
                case e.GroupSeatGiven(from_reserve=True):
                    assert event.membership_id == waits.pop(0).membership_id, "not the next of the reserve list"
                case e.GroupSeatGiven() | e.GroupReserveGiven():
                    assert isinstance(event, e.GroupReserveGiven) or not waits, "somebody went past the reserve list"
                    self.answered[event.membership_id] += 1
                case e.GroupSeatRefused():
                    mine = (event.membership_id, event.invitation)
                    was_waiting = any((seat.membership_id, seat.invitation) == mine for seat in before.reserves)
                    self.answered[event.membership_id] += not was_waiting
                case e.GroupAttendanceTaken():
                    assert led.get(event.number, event.facilitators) == event.facilitators, "others seem to have led"
                case e.GroupSessionNotHeld():
                    self.told["not held", event.group_id, str(event.number)] += 1
                case e.GroupPostponed() | e.GroupCancelled():
                    everybody = [seat.patient_id for seat in before.everybody]
                    assert sorted(event.patient_ids) == sorted(everybody), "somebody was not told, or a stranger was"
                    times = str(getattr(event, "times", ""))
                    self.told.update((type(event).__name__ + times, event.group_id, one) for one in event.patient_ids)


@pytest.mark.parametrize("part", range(4))
def test_groups_hold_their_promises_whatever_people_do(part: int) -> None:
    happened: Counter[str] = Counter()
    for seed in range(part, SEQUENCES, 4):
        world = World(seed)
        world.live()
        happened += world.happened
    every = (*e.GROUP_EVENTS, *e.GROUP_SESSION_EVENTS, *e.MEMBERSHIP_EVENTS)
    missing = [one.__name__ for one in every if not happened[one.__name__]]
    assert not missing, f"never happened: {missing}"

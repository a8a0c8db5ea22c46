"""A circle in memory: its four people, psychology, and what the service says to itself, late and more than once."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from services.interventions import circle_access as access
from services.interventions.circle_reactions import member_of, peer_leader_of
from services.interventions.content import Content
from services.interventions.domain.alert.state import AlertState
from services.interventions.domain.circle import commands as c
from services.interventions.domain.circle_member import commands as m
from services.interventions.domain.circle_post import commands as p
from services.interventions.domain.peer_leader import commands as lead
from services.interventions.reactions import REACTIONS
from services.interventions.views.circle_members import Around, PartPage, part_page
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Envelope, Event
from shared.contracts.interventions import RiskAlertRaised
from shared.runtime.aggregate import Cause, Target
from shared.runtime.auth import User
from shared.runtime.core import Found
from tests.interventions import example as ex
from tests.interventions.service import CONTENT

CIRCLE = "circle-1"
PEOPLE = tuple(User(f"p{number}", "patient") for number in range(1, 5))
NO_AGENDA = CONTENT.catalogue.model_copy(update={"agendas": ()})
CHECK_LATER = ex.CLINIC.model_copy(
    update={
        "together": ex.CLINIC.together.model_copy(
            update={"circles": ex.CLINIC.together.circles.model_copy(update={"check_first": False})}
        )
    }
)


def aggregates_for(check_first: bool) -> dict[str, Any]:
    """All aggregates by name, of a clinic that checks first or afterwards."""
    clinic = ex.CLINIC if check_first else CHECK_LATER
    return {one.name: one for one in ex.aggregates(clinic, CONTENT.plans, ex.SHEETS)}


KINDS = {first: aggregates_for(first) for first in (True, False)}


@dataclass
class World:
    """`waiting` is what each subject said that was not heard yet, in order, and what follows from it.

    `told` are all that were heard.
    """

    chance: Random
    check_first: bool
    now: datetime = ex.T0
    states: dict[tuple[str, str], Any] = field(default_factory=dict)
    waiting: dict[str, list[Event | Target]] = field(default_factory=lambda: defaultdict(list))
    told: list[Event] = field(default_factory=list)
    raised: list[RiskAlertRaised] = field(default_factory=list)

    def state(self, kind: str, id: str) -> Any:
        """How it stands."""
        return self.states.get((kind, id)) or KINDS[self.check_first][kind].state()

    def does(self, kind: str, id: str, command: Command) -> list[Event]:
        """Decide and keep. Raises `Rejected`."""
        aggregate, state = KINDS[self.check_first][kind], self.state(kind, id)
        events: list[Event] = aggregate.decide(state, command)
        for event in events:
            state = aggregate.evolve(state, event)
        self.states[kind, id] = state
        self.waiting[id] += events
        self.raised += [event for event in events if isinstance(event, RiskAlertRaised)]
        return events

    def says(self, actor: str, **fields: Any) -> dict[str, Any]:
        """What every command carries."""
        return {"now": self.now, "actor": actor, **fields}

    def react(self) -> None:
        """The next thing that follows for some subject is done, or now and then an event is heard a second time."""
        if self.told and self.chance.random() < 0.2:
            again = self.chance.choice(self.told)
            for target in _follows(again, self.now):
                self._do(target)
        subjects = [id for id, waits in self.waiting.items() if waits]
        if subjects:
            subject = self.chance.choice(sorted(subjects))
            next_one = self.waiting[subject].pop(0)
            if isinstance(next_one, Target):
                self._do(next_one)
            else:
                self.told.append(next_one)
                # Each target is a write of its own, and others may write in between.
                self.waiting[subject][:0] = _follows(next_one, self.now)

    def settle(self) -> None:
        """All that waits is heard."""
        while any(self.waiting.values()):
            self.react()

    def _do(self, target: Target) -> None:
        try:
            self.does(target.aggregate, target.id, target.command)
        except Rejected:
            # The service takes a refusal of what follows by itself for an answer.
            return

    # --- what people do, with what a route hands in

    def member(self, who: User) -> str:
        return member_of(CIRCLE, who.id)

    def part(self, who: User) -> Any:
        return self.state("circle_member", self.member(who))

    def circle(self) -> Any:
        return self.state("circle", CIRCLE)

    def start(self) -> None:
        what = {"title": "C", "language": "en", "mode": "video", "where": "w", "coordinator_id": "ana"}
        agenda = {"circle_id": CIRCLE, "agenda_id": "first-circle", "agenda_version": 1}
        self.does("circle", CIRCLE, c.StartCircle(**self.says(ex.ANA, **what, **agenda)))

    def invite(self, who: User) -> None:
        ids = {"member_id": self.member(who), "patient_id": who.id, "episode_id": f"e-{who.id}"}
        self.does("circle", CIRCLE, c.HoldCircleSeat(**self.says(ex.ANA, **ids)))

    def answer(self, who: User, accept: bool, name: str) -> None:
        agreed = {"rules_version": 1, "present_rules": 1, "open": self.circle().status == "open"}
        said = {"accept": accept, "name": name, **agreed}
        self.does("circle_member", self.member(who), m.AnswerCircle(**self.says(who.actor, **said)))

    def leave(self, who: User) -> None:
        self.does("circle_member", self.member(who), m.LeaveCircle(**self.says(who.actor)))

    def mute(self, who: User, other: User, muted: bool) -> None:
        said = {"other_id": self.member(other), "muted": muted}
        self.does("circle_member", self.member(who), m.SetMute(**self.says(who.actor, **said)))

    def nudge(self, who: User, other: User) -> None:
        said = {"to_member_id": self.member(other), "word": "well_done"}
        here = self.part(other).status == "joined"
        self.does("circle_member", self.member(who), m.SendNudge(**self.says(who.actor, **said, to_is_here=here)))

    def write(self, who: User, post_id: str, text: str, kind: str) -> None:
        me = self.part(who)
        ids = me.model_dump(include={"circle_id", "member_id", "patient_id", "episode_id"})
        if not me.member_id:
            raise Rejected("circle-not-joined")
        stands = {"joined": me.status == "joined", "open": self.circle().status == "open"}
        said = {"post_id": post_id, "kind": kind, "text": text, **ids, **stands}
        self.does("circle_post", post_id, p.WritePost(**self.says(who.actor, **said)))

    def check(self, post_id: str, show: bool, leader: User | None = None) -> bool:
        """False where a route finds nothing for that leader."""
        said: dict[str, Any] = {"show": show, "reason_code": None if show else "other"}
        if leader is not None:
            me, post = self.part(leader), self.state("circle_post", post_id)
            author = self.states.get(("circle_member", post.member_id))
            if not self.leads(leader) or not access.checks(leader, me, author, post):
                return False
            said["as_leader"] = me.member_id
        self.does("circle_post", post_id, p.CheckPost(**self.says(leader.actor if leader else ex.ANA, **said)))
        return True

    def meet(self, who: User, post_id: str, what: type[Command], **said: Any) -> bool:
        """Report a post or share its goal; false where a route finds nothing."""
        me, post = self.part(who), self.state("circle_post", post_id)
        if not access.meets_post(who, me, self.states.get(("circle_member", post.member_id)), post):
            return False
        self.does("circle_post", post_id, what(**self.says(who.actor, member_id=me.member_id, **said)))
        return True

    def train(self, who: User) -> None:
        ids = {"leader_id": peer_leader_of(who.id), "patient_id": who.id}
        said = {"trained_on": self.now.date(), "supervisor_id": "ana", **ids}
        self.does("peer_leader", ids["leader_id"], lead.TrainPeerLeader(**self.says(ex.ANA, **said)))

    def appoint(self, who: User) -> None:
        trained = self.state("peer_leader", peer_leader_of(who.id)).status == "trained"
        said = {"member_id": self.member(who), "trained": trained}
        self.does("circle", CIRCLE, c.AppointLeader(**self.says(ex.ANA, **said)))

    def stand_down(self, who: User) -> None:
        self.does("peer_leader", peer_leader_of(who.id), lead.StandDown(**self.says(who.actor)))

    def leads(self, who: User) -> bool:
        return access.leads(who, self.circle(), self.states.get(("peer_leader", peer_leader_of(who.id))))

    # --- what people see

    def page(self, who: User) -> PartPage:
        """What the route answers."""
        clinic = ex.CLINIC if self.check_first else CHECK_LATER
        me = self.part(who)
        around = Around(
            content=Content(clinic, NO_AGENDA),
            circle=self.circle(),
            members=self._all("circle_member"),
            posts=self._all("circle_post"),
            leads=self.leads(who),
            leader=self.circle().leader,
            now=self.now,
            language="en",
        )
        return part_page(around, Found(me.member_id, 1, me), None)

    def alerts(self) -> list[AlertState]:
        return [one.state for one in self._all("risk_alert")]

    def _all(self, kind: str) -> list[Found]:
        return [Found(id, 1, state) for (name, id), state in self.states.items() if name == kind and state.patient_id]

    def tick(self) -> None:
        self.now += timedelta(minutes=self.chance.choice((1, 7, 60 * 24 * 3)))


def _follows(event: Event, now: datetime) -> list[Target]:
    """What the service does when it hears the event; treatments are not part of these stories."""
    reaction = REACTIONS.get(type(event))
    found = reaction(event, Cause(now, ex.SYSTEM, _envelope(event))) if reaction else ()
    return [target for target in found if target.aggregate != "episode"]


def _envelope(event: Event) -> Envelope:
    return Envelope(
        id="x", source="carepath/interventions", type=event.TYPE, subject="s", time=event.at, sequence=1,
        correlation="c", causation="c", actor="a", data={},
    )  # fmt: skip

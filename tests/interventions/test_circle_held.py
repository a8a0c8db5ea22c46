"""Nothing unchecked, removed, reported, muted or of somebody who left is in anybody else's view, whatever happens.

Random stories of four people, told by what they were answered; reactions come late, and now and then twice. What each
may read is worked out here from the story alone, and compared with the pages.
"""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

import pytest

from services.interventions.domain.circle_post.commands import JoinGoal, ReportPost
from shared.contracts.commands import Rejected
from shared.runtime.auth import User
from tests.interventions import example as ex
from tests.interventions.circle_world import PEOPLE, World
from tests.sizes import part_of

SEEDS, CHUNKS, STEPS = part_of(1000, 240), part_of(10, 3), 50
RISKY = "I see no reason to live"
WEIGHTS = {"invite": 10, "answer": 8, "write": 10, "check": 10, "leader_check": 16, "report": 8, "leave": 3, "mute": 3}
WEIGHTS |= {"nudge": 2, "join": 8, "lead": 7, "stand_down": 1, "hear": 14}
"""How often somebody does what, or something is heard."""


@dataclass
class Told:
    """One post, as the story has it. `stay` is the author's stay in the circle when they wrote it."""

    author: User
    stay: int
    text: str
    risk: bool
    shown: bool
    removed: bool = False
    reported: bool = False
    sharing: dict[str, int] = field(default_factory=dict)
    goal: bool = False


@dataclass
class Story:
    """What happened, by what was accepted."""

    world: World
    posts: dict[str, Told] = field(default_factory=dict)
    stays: Counter[str] = field(default_factory=Counter)
    inside: set[str] = field(default_factory=set)
    muted: set[tuple[str, str]] = field(default_factory=set)
    did: Counter[str] = field(default_factory=Counter)

    def step(self) -> None:
        """Somebody does something, or something is heard."""
        chance = self.world.chance
        [act] = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
        who = chance.choice(PEOPLE)
        self.world.tick()
        try:
            getattr(self, f"_{act}")(who)
        except Rejected:
            return
        self.did[act] += 1

    def _invite(self, who: User) -> None:
        self.world.invite(self._one_of("left", who))

    def _answer(self, who: User) -> None:
        who = self._one_of("invited", who)
        accept = self.world.chance.random() < 0.9
        self.world.answer(who, accept, f"name-{who.id}-{self.stays[who.id] + 1}-")
        if accept:
            self.stays[who.id] += 1
            self.inside.add(who.id)
            self.did["again"] += self.stays[who.id] > 1

    def _one_of(self, status: str, who: User) -> User:
        """Somebody of that status, if there is anybody."""
        found = [one for one in PEOPLE if self.world.part(one).status == status]
        return self.world.chance.choice(found) if found else who

    def _leave(self, who: User) -> None:
        self.world.leave(who)
        if who.id in self.inside:
            self.inside.discard(who.id)
            self.muted = {pair for pair in self.muted if pair[0] != who.id}

    def _write(self, who: User) -> None:
        risk, goal = self.world.chance.random() < 0.15, self.world.chance.random() < 0.3
        number = len(self.posts) + 1
        text = f"text-{number}- {RISKY if risk else 'I went for a walk'}"
        self.world.write(who, f"post-{number}", text, "goal" if goal else "message")
        shown = not risk and not self.world.check_first
        self.posts[f"post-{number}"] = Told(who, self.stays[who.id], f"text-{number}-", risk, shown, goal=goal)

    def _check(self, _: User) -> None:
        self._looked(None)

    def _leader_check(self, who: User) -> None:
        leaders = [one for one in PEOPLE if one.id == self.world.circle().leader_patient_id]
        self._looked(leaders[0] if leaders and self.world.chance.random() < 0.8 else who)

    def _looked(self, leader: User | None) -> None:
        if not self.posts:
            raise Rejected("nothing")
        waiting = [id for id, post in self.posts.items() if not (post.shown or post.removed)]
        id = self.world.chance.choice(sorted(waiting if waiting and leader else self.posts))
        show, post = self.world.chance.random() < 0.7, self.posts[id]
        if not self.world.check(id, show, leader):
            raise Rejected("not-found")
        assert leader is None or not (post.risk or post.reported or post.author == leader), "not for a leader"
        post.shown, post.removed = show, not show
        post.reported = False

    def _report(self, who: User) -> None:
        if not self.posts:
            raise Rejected("nothing")
        id = self.world.chance.choice(sorted(self.posts))
        if not self.world.meet(who, id, ReportPost, reason_code="hurtful"):
            raise Rejected("not-found")
        post = self.posts[id]
        if not post.removed:
            post.reported, post.shown = True, False

    def _join(self, who: User) -> None:
        goals = sorted(id for id, post in self.posts.items() if post.goal)
        if not goals:
            raise Rejected("nothing")
        id = self.world.chance.choice(goals)
        if not self.world.meet(who, id, JoinGoal):
            raise Rejected("not-found")
        self.posts[id].sharing[who.id] = self.stays[who.id]

    def _mute(self, who: User) -> None:
        other = self.world.chance.choice([one for one in PEOPLE if one != who])
        muted = self.world.chance.random() < 0.6
        self.world.mute(who, other, muted)
        (self.muted.add if muted else self.muted.discard)((who.id, other.id))

    def _nudge(self, who: User) -> None:
        self.world.nudge(who, self.world.chance.choice([one for one in PEOPLE if one != who]))

    def _lead(self, who: User) -> None:
        self.world.train(who)
        self.world.appoint(who)

    def _stand_down(self, who: User) -> None:
        self.world.stand_down(who)
        assert not self.world.leads(who), "who has stood down leads at once no more"

    def _hear(self, who: User) -> None:
        for _ in range(self.world.chance.randint(1, 12)):
            self.world.react()

    # --- what each may read

    def look(self) -> None:
        """Compare every page with the story."""
        for viewer in PEOPLE:
            if self.world.part(viewer).member_id:
                self._look(viewer)

    def _look(self, viewer: User) -> None:
        page = self.world.page(viewer)
        rest = page.model_copy(update={"to_check": []}).model_dump_json()
        everything = page.model_dump_json()
        for post in self.posts.values():
            if post.author != viewer:
                assert (post.text in rest) == self._may_read(viewer, post), (viewer.id, post)
                assert post.text not in everything or post.text in rest or self._may_check(viewer, post)
        for other in PEOPLE:
            here = other.id in self.inside and viewer.id in self.inside
            if other != viewer and not here:
                assert f"name-{other.id}-" not in everything
                assert self.world.member(other) not in everything
            elif other != viewer:
                stays = {f"name-{other.id}-{stay}-" for stay in range(1, self.stays[other.id])}
                assert not [name for name in stays if name in everything], "a name of an earlier stay"
        self._count_goals(viewer, page)

    def _may_read(self, viewer: User, post: Told) -> bool:
        there = {viewer.id, post.author.id} <= self.inside and self.stays[post.author.id] == post.stay
        return there and post.shown and (viewer.id, post.author.id) not in self.muted

    def _may_check(self, viewer: User, post: Told) -> bool:
        there = {viewer.id, post.author.id} <= self.inside and self.stays[post.author.id] == post.stay
        return there and self.world.leads(viewer) and not (post.risk or post.reported or post.removed)

    def _count_goals(self, viewer: User, page: object) -> None:
        for shown in page.posts:  # type: ignore[attr-defined]
            post = self.posts[shown.id]
            if post.goal:
                still = [id for id, stay in post.sharing.items() if id in self.inside and self.stays[id] == stay]
                assert (shown.goal.joined, shown.goal.joined_by_me) == (len(still), viewer.id in still)


def told(seed: int) -> Story:
    """One story to its end, looked at after every step."""
    story = Story(World(Random(seed), check_first=seed % 3 != 0))
    story.world.start()
    for who in PEOPLE:
        story.world.invite(who)
    story.world.settle()
    for who in PEOPLE[: seed % 5]:
        story._answer(who)
    for _ in range(STEPS):
        story.step()
        story.look()
    story.world.settle()
    story.look()
    return story


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_no_view_of_another_ever_holds_what_is_not_released(chunk: int) -> None:
    did: Counter[str] = Counter()
    for seed in range(chunk * SEEDS // CHUNKS, (chunk + 1) * SEEDS // CHUNKS):
        story = told(seed)
        did += story.did
        _ends_well(story)
    rare = [act for act in (*WEIGHTS, "again") if did[act] < 3]
    assert rare == [], "these stories say little"


def _ends_well(story: Story) -> None:
    """Once all is heard: each seat has its person, what went is gone, and each worry was told once."""
    world = story.world
    seated = {seat.patient_id for seat in world.circle().seats if seat.taken}
    assert seated == story.inside
    assert len(world.circle().seats) <= world.circle().most_people
    for id, post in story.posts.items():
        gone = post.author.id not in story.inside or story.stays[post.author.id] != post.stay
        state = world.state("circle_post", id)
        assert (state.status == "withdrawn") == gone
        assert (state.text is None) == gone
    worries = sorted(id for id, post in story.posts.items() if post.risk)
    assert sorted(str(raised.post_id) for raised in world.raised) == worries
    assert {one.episode_id for one in world.alerts()} <= {f"e-{who.id}" for who in PEOPLE}
    leader = world.circle().leader_patient_id
    assert leader is None or leader in story.inside


def test_the_clinic_of_these_stories_knows_the_words_that_worry() -> None:
    assert ex.CLINIC.risk_words.found_in([RISKY])

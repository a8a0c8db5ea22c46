"""A message to a caregiver waits, and the patient takes it back: a thousand times, with troubles, in every order.

The patient's record, the agendas and the sender are the real ones. What one service says is heard by the other late,
and sometimes twice; the record cannot be asked for a while; reaching the mail server takes time; a process dies while
it sends. Nothing is handed over, and nothing shown, once it was taken back; what is not taken back arrives once.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from services.notifications import views
from services.notifications.agendas import agenda_id
from services.notifications.aggregates import aggregates
from services.notifications.channels.port import Email, MayStill
from services.notifications.domain.state import AgendaState, Message
from services.notifications.reactions import reactions
from services.notifications.sender import Sender
from services.notifications.texts import Texts
from services.referrals.aggregates import patient
from services.referrals.domain.patient import caregivers
from services.referrals.domain.patient import commands as c
from services.referrals.domain.patient.state import PatientState
from shared.contracts import interventions as i
from shared.contracts import referrals as r
from shared.contracts.commands import Command
from shared.contracts.envelope import Envelope
from shared.contracts.interventions.caregiver import CaregiverCheckDue
from shared.contracts.notifications import MessageClaimed
from shared.runtime.errors import Unavailable
from shared.runtime.permissions import Opened
from tests.notifications.people import CLINIC
from tests.referrals.loop import Loop, Subject

SEEDS, PARTS = 1_000, 4
# The clinic's day is almost over; where Luis is, it is morning, and no quiet hours.
START = datetime(2030, 5, 6, 22, 58, 30, tzinfo=UTC)
LAST_DAY, END = START.date(), START.replace(hour=23, minute=0, second=0)
ROSA, LUIS = "patient-rosa", "caregiver-luis"
TEXTS = Texts(CLINIC)
WAYS = ("close", "withdraw", "unlink", "leave", "end", "none")
TAKES_BACK = (r.ScopeClosed, r.ConsentWithdrawn, r.CaregiverUnlinked, r.CaregiverLeft)
OWN_WAYS = ("withdraw", "unlink", "leave", "none")
"""What ends also what a caregiver is told of themselves, for which no scope is needed."""
ENVELOPE = Envelope(
    id="e", source="carepath/notifications", type="t", subject=agenda_id(LUIS), time=START, sequence=1,
    correlation="c", causation="c", actor="a", data={},
)  # fmt: skip


@dataclass
class World:
    """Both services, and the mail server. `handed` are the moments of hand-over; `taken_back` is when, if it was.

    `at_the_last_moment`: it was open when the mail server was called, and not any more when the server was there.
    With `own` what waits tells the caregiver something of themselves.
    """

    seed: int
    own: bool = False
    handed: list[datetime] = field(default_factory=list)
    late: int = 0
    crashed: bool = False
    away: bool = False
    was_read: bool = False
    at_the_last_moment: bool = False
    sending: list[asyncio.Task[None]] = field(default_factory=list)
    _taken_back: datetime | None = None

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        kinds = [patient(CLINIC), *aggregates(CLINIC, TEXTS)]
        self.loop = Loop.of_service(kinds, reactions(CLINIC), Random(f"{self.seed} heard"), now=START, saw=self._saw)
        clock = SimpleNamespace(now=lambda: self.loop.now)
        core = SimpleNamespace(clock=clock, permissions=self, execute=self._execute)
        self.sender = Sender(CLINIC, TEXTS, self, core)
        ways = OWN_WAYS if self.own else WAYS
        self.way = ways[self.seed // PARTS % len(ways)]

    @property
    def taken_back(self) -> datetime | None:
        """A last day is over by itself, also if nobody has noticed yet: no timer of the record has rung."""
        return END if self.way == "end" and self.loop.now >= END else self._taken_back

    @property
    def message(self) -> Message | None:
        """What Luis was to be told, if his agenda has heard of it."""
        agenda: AgendaState = self.loop.state("agenda", agenda_id(LUIS))
        return next((one for one in agenda.messages.values() if one.template != "caregiver_invitation"), None)

    async def opened(self, patient_id: str, caregiver_id: str) -> Opened:
        """As the route of the real service answers, from the record as it stands at that moment."""
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable("referrals does not answer")
        state: PatientState = self.loop.state("patient", patient_id)
        known = caregivers.find(state, caregiver_id)
        scopes = caregivers.open_scopes(state, caregiver_id, self.loop.now)
        return Opened(caregivers.takes_part(state, caregiver_id), scopes, known is not None and known.by_email)

    async def send(self, _: Email, may_still: MayStill) -> None:
        """The mail server is reached, after a while, and takes it."""
        was_open = self.taken_back is None
        for _ in range(self.rng.randrange(3)):
            await asyncio.sleep(0)
            await self._revoke()
        self.at_the_last_moment |= was_open and self.taken_back is not None
        await may_still()
        self.handed.append(self.loop.now)
        self.late += self.taken_back is not None
        await asyncio.sleep(0)

    async def live(self) -> None:
        """Everything is open, treatment starts, and then all happens in an order that chance gives."""
        self._begin()
        self._happens()
        steps = (self._hear, self._hear, self._hear, self._ring, self._step, self._step, self._look, self._pass)
        troubles = (self._crash, self._revoke, self._go_away)
        for _ in range(40):
            await self.rng.choice((*steps, *troubles))()
        if self.taken_back is None and self.way != "none":
            await self._take_back()
        self.away = False
        await self._end()
        await self._look()

    def _happens(self) -> None:
        if self.own:
            self.loop.tell(("caregiver_check", "check-1"), CaregiverCheckDue(at=START, caregiver_id=LUIS))
            return
        self.loop.tell(("episode", "episode-1"), i.EpisodeActivated(at=START, episode_id="episode-1", patient_id=ROSA))

    def _begin(self) -> None:
        register = {"name": "Rosa", "email": "rosa@example.org", "birth_date": "1980-01-01", "patient_id": ROSA}
        register["time_zone"] = "Europe/Madrid"
        consents = (r.ConsentScope.REFER, r.ConsentScope.CAREGIVER)
        self._do(c.RegisterPatient, "referrer:dr-okafor", **register, consents=consents)
        luis = {"name": "Luis", "email": "luis@example.org", "relationship": "partner", "time_zone": "Pacific/Auckland"}
        self._do(c.LinkCaregiver, **luis, caregiver_id=LUIS)
        self._do(c.AnswerCaregiver, f"caregiver:{LUIS}", caregiver_id=LUIS, accept=True, email=True)
        self._do(c.OpenScope, caregiver_id=LUIS, scope="news", until=LAST_DAY if self.way == "end" else None)
        self.loop.settle()

    async def _end(self) -> None:
        """Until all is said, and nothing of Luis's agenda is under way or due any more."""
        for _ in range(500):
            self.loop.settle()
            await self._step()
            if self.sending:
                continue
            if not self.loop.timers("agenda", agenda_id(LUIS)):
                return
            self.loop.run_next_timer()
        pytest.fail("it does not come to an end")

    async def _hear(self) -> None:
        if self.loop.speakers:
            self.loop.hear(self.rng.choice(self.loop.speakers))

    async def _ring(self) -> None:
        due = self.loop.next_due()
        if due is not None and due <= self.loop.now:
            self.loop.run_next_timer()

    async def _step(self) -> None:
        """The processes that send go one step further."""
        await asyncio.sleep(0)
        self.sending = [task for task in self.sending if not task.done()]

    async def _look(self) -> None:
        """Luis looks into his inbox."""
        state: AgendaState = self.loop.state("agenda", agenda_id(LUIS))
        try:
            opened = {about: await self.opened(about, LUIS) for about in views.shared_about(state)}
        except Unavailable:
            return
        inbox = views.inbox(CLINIC, TEXTS, state, 1, None, START, opened)
        shown = [message.template for message in inbox.messages if message.template != "caregiver_invitation"]
        assert not (shown and self.taken_back), f"{self.way}: shown after it was taken back"
        self.was_read |= bool(shown)

    async def _pass(self) -> None:
        self.loop.now += timedelta(seconds=self.rng.choice((1, 5, 20)))

    async def _crash(self) -> None:
        """A process dies in the middle of what it sends."""
        if self.sending and self.rng.random() < 0.2:
            self.sending.pop().cancel()
            self.crashed = True

    async def _go_away(self) -> None:
        """The record cannot be asked, or can again."""
        self.away = not self.away and self.rng.random() < 0.5

    async def _revoke(self) -> None:
        if self.taken_back is None and self.way != "none" and self.rng.random() < 0.25:
            await self._take_back()

    async def _take_back(self) -> None:
        """In one of the ways in which it can be."""
        match self.way:
            case "close":
                self._do(c.CloseScope, caregiver_id=LUIS, scope="news")
            case "withdraw":
                self._do(c.WithdrawConsent, scope=r.ConsentScope.CAREGIVER)
            case "unlink":
                self._do(c.UnlinkCaregiver, caregiver_id=LUIS)
            case "leave":
                self._do(c.LeaveAsCaregiver, f"caregiver:{LUIS}", caregiver_id=LUIS)
            case "end":
                self.loop.now = END
        self._taken_back = self.loop.now

    def _do(self, kind: type[Command], actor: str = f"patient:{ROSA}", **fields: Any) -> None:
        self.loop.send("patient", ROSA, kind(now=self.loop.now, actor=actor, **fields))

    def _saw(self, subject: Subject, before: Any, events: Any, after: Any) -> None:
        for event in events:
            if isinstance(event, MessageClaimed) and subject == ("agenda", agenda_id(LUIS)):
                self.sending.append(asyncio.get_running_loop().create_task(self.sender.offer(ENVELOPE, event, after)))
            if isinstance(event, TAKES_BACK) and self.rng.random() < 0.5:
                self.loop.tell(subject, event)

    async def _execute(self, name: str, id: str, command: Command, _: object = None) -> None:
        self.loop.send(name, id, command)


def check(world: World) -> str:
    """What became of the message. Everything is one of: told once, withheld, or lost with a process."""
    seed, message = f"seed {world.seed} ({world.way})", world.message
    if world.taken_back is not None:
        assert not [at for at in world.handed if at > world.taken_back], f"{seed}: handed over after it was taken back"
    assert not world.late, f"{seed}: handed over in the moment in which it was taken back, but behind it"
    assert len(world.handed) <= 1, f"{seed}: told twice"
    if message is None or message.status == "dropped":
        assert world.taken_back is not None, f"{seed}: withheld though it was open"
        assert message is None or message.reason == "consent_withdrawn"
        assert not world.handed, f"{seed}: handed over, and on record as withheld"
        return "withheld"
    if message.status == "sent":
        assert len(world.handed) == 1, f"{seed}: on record as sent"
        return "told"
    # Whoever dies in the middle, or sleeps until the day is over, may lose one: two would be worse.
    assert (message.status, message.possibly_sent) == ("failed", True), f"{seed}: {message.status}"
    assert world.crashed or world.way == "end", f"{seed}: lost without an accident"
    return "lost"


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_told_once_it_was_taken_back_and_all_else_exactly_once(part: int) -> None:
    live(range(part, SEEDS, PARTS), WAYS)


def test_nothing_of_themselves_is_told_once_they_take_part_no_longer() -> None:
    live(range(0, SEEDS, PARTS), OWN_WAYS, own=True)


def live(seeds: range, ways: tuple[str, ...], *, own: bool = False) -> None:
    outcomes: Counter[tuple[str, str]] = Counter()
    met: Counter[str] = Counter()
    for seed in seeds:
        world = World(seed, own)
        asyncio.run(world.live())
        outcome = check(world)
        outcomes[world.way, outcome] += 1
        met[f"{world.way} at the last moment"] += world.at_the_last_moment and outcome == "withheld"
        met[f"{world.way} of what had been read"] += world.was_read and world.taken_back is not None
        met[f"{outcome} though nobody could say"] += world.message is not None and world.message.unasked > 0
    assert sum(outcomes.values()) == len(seeds)
    assert not outcomes["none", "withheld"]
    lost = sum(count for (_, outcome), count in outcomes.items() if outcome == "lost")
    assert 0 < lost < len(seeds) // 5, "most of them have no accident"
    assert met["told though nobody could say"]
    assert met["withheld though nobody could say"]
    for way in ways[:-1]:
        assert outcomes[way, "withheld"], f"{way} never came before the hand-over"
        assert outcomes[way, "told"], f"{way} never came after it"
        assert met[f"{way} at the last moment"], f"{way} never came while the mail server was reached"
        assert met[f"{way} of what had been read"], f"{way} never took back what had been read"

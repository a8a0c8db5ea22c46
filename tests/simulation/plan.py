"""What is going to happen in one run, drawn from its seed: who does something when, and what goes wrong. Only data."""

from dataclasses import asdict, dataclass, replace
from random import Random
from typing import Any

from tests.simulation.troubles import Trouble

DAY = 86_400.0
SERVICES = ("referrals", "interventions", "notifications")
ACTORS = {"referrer": 7, "psychology": 16, "patient": 30, "caregiver": 2, "stranger": 2, "operator": 1}
"""Who comes, and how often beside the others."""
TOGETHER = (
    {"group_leader": 3, "group_member": 6},
    {"circle_coordinator": 3, "circle_member": 6},
    {"trusting_patient": 3, "caregiver": 4, "carer": 6, "carer_team": 2, "resource_owner": 1},
)
"""What else a run may be about: some have groups, some circles, some the people whom patients trust."""
_MORE = 0.15
"""How many visits more each of them brings along, as a share of the others."""
REACH = {"chooser": 7, "reader": 3, "provider": 7, "author": 2}
"""Who comes because of messages: whoever chooses how they are reached, or opens all that lies there; the providers, who
tell what became of messages and which words came back; and whoever writes what messages say.
"""
_REACHED = 0.16


@dataclass(frozen=True)
class Step:
    """Somebody comes at `at` seconds and does what `seed` decides."""

    at: float
    who: str
    seed: int


@dataclass(frozen=True)
class Plan:
    """A run. Without some of its steps or troubles it is still one: that is how a failing one is made short."""

    seed: int
    days: float
    patients: int
    instances: int
    steps: tuple[Step, ...]
    troubles: tuple[Trouble, ...]

    def but(self, steps: tuple[Step, ...], troubles: tuple[Trouble, ...]) -> "Plan":
        return replace(self, steps=steps, troubles=troubles)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Plan":
        steps = tuple(Step(**step) for step in data["steps"])
        troubles = tuple(Trouble(**trouble) for trouble in data["troubles"])
        return Plan(**{**data, "steps": steps, "troubles": troubles})


@dataclass(frozen=True)
class Kind:
    """One kind of trouble, and how it is drawn: at which calls, and how much of it.

    `beside` is what often comes with it, as kind and call, without which nobody would notice it.
    """

    kind: str
    calls: tuple[str, ...] = ("",)
    amount: tuple[float, float] = (0, 0)
    beside: tuple[tuple[str, str], ...] = ()


LOST = ("lose", "send")
STORE = ("save", "save", "mark", "claim", "file", "advance", "advance", "hold", "listing", "key")
KINDS = (
    Kind("crash_before", STORE),
    Kind("crash_before", ("save", "advance", "mark", "send", "commit")),
    Kind("crash_before", ("mail",)),
    Kind("crash_after", STORE),
    Kind("crash_after", ("advance", "mark", "send", "commit")),
    Kind("crash_after", ("mail",)),
    Kind("lost_reply", (*STORE, "send", "commit")),
    Kind("error", (*STORE, "read", "read", "send", "commit")),
    Kind("error", ("send",)),
    Kind("lost_reply", ("send",)),
    Kind("stall", ("save", "file", "advance", "read"), (2, 90)),
    Kind("stall", ("advance",), (12, 90)),
    Kind("store_away", amount=(1, 60)),
    Kind("store_away", amount=(3600, 28_800)),
    Kind("store_away", amount=(45_000, 57_600)),
    Kind("store_full", amount=(5, 300)),
    Kind("broker_away", amount=(1, 300)),
    Kind("lose", ("send",)),
    Kind("lose", ("send",)),
    Kind("lose", ("send",)),
    Kind("duplicate", ("send",), (0, 120)),
    Kind("delay", ("send",), (1, 120)),
    Kind("slow_topic", amount=(1, 60)),
    Kind("lose_tail", amount=(1, 6)),
    Kind("forget_everything"),
    Kind("forget_offsets"),
    Kind("garbage"),
    Kind("rebalance"),
    Kind("clock", amount=(-3600, 3600), beside=(LOST, ("crash_after", "save"), ("crash_before", "send"))),
    Kind("store_clock", amount=(-3600, 3600), beside=(LOST,)),
    Kind("stop"),
    Kind("kill"),
    Kind("host_flaky", amount=(60, 900), beside=(LOST,)),
    Kind("host_away", amount=(20, 600), beside=(LOST,)),
    Kind("refused", ("request", "history", "history"), beside=(LOST,)),
    Kind("answer_lost", ("request", "history"), beside=(LOST,)),
    Kind("mail_full", ("mail",)),
    Kind("mail_refused", ("mail",)),
    Kind("mail_dead", ("mail",)),
    Kind("mail_silent", ("mail",)),
    Kind("mail_hangs", ("mail",)),
)


SHORT_KINDS = tuple(replace(kind, calls=("short",)) for kind in KINDS if kind.calls == ("mail",))
"""What goes wrong with text messages and notifications is what does with e-mails."""

_LASTING = {"broker_away", "store_away", "store_full", "host_away", "host_flaky", "slow_topic"}
"""Half of these began before somebody came."""
_A_DAYS_WORK = 45_000
_BEFORE_THE_MORNINGS_MAIL = 21.5 * 3600
"""Half past six: runs begin at nine. What was to go out at eight may then be late until the evening."""


def plan(seed: int, size: float = 1.0) -> Plan:
    """The run of `seed`. `size` 1 is some four months of three patients."""
    rng = Random(f"{seed} plan")
    days = rng.choice((60, 100, 160)) * size
    patients = rng.randint(1, 4)
    steps = _steps(rng, days, round(patients * rng.randint(40, 90) * max(1.0, size)))
    busy = [step.at for step in steps]
    more = _together(Random(f"{seed} together"), days, round(len(steps) * _MORE))
    reached = _reached(Random(f"{seed} reach"), days, round(len(steps) * _REACHED))
    return Plan(
        seed=seed,
        days=days,
        patients=patients,
        instances=rng.choice((1, 2)),
        steps=tuple(sorted((*steps, *more, *reached), key=lambda step: step.at)),
        troubles=(*_troubles(rng, days, busy), *_short_troubles(Random(f"{seed} short"), days)),
    )


def _steps(rng: Random, days: float, count: int) -> tuple[Step, ...]:
    """People come in twos and threes, so that they get in each other's way; most while it is day."""
    names, weights = list(ACTORS), list(ACTORS.values())
    # Somebody must be referred before anything else can happen.
    found = [Step(round(rng.uniform(0.1, 1.5) * DAY, 3), "referrer", rng.getrandbits(32)) for _ in range(8)]
    while len(found) < count:
        moment = (rng.random() ** 1.3 * days + rng.gauss(0.5, 0.25)) * DAY
        moment = min(max(moment, 60.0), days * DAY)
        for _ in range(rng.choice((1, 1, 2, 3))):
            who = rng.choices(names, weights)[0]
            found.append(Step(round(moment + rng.expovariate(0.2), 3), who, rng.getrandbits(32)))
    return tuple(sorted(found, key=lambda step: step.at))


def _together(rng: Random, days: float, count: int) -> tuple[Step, ...]:
    """Whoever leads comes first, and the others within the day. Drawn for itself: the rest of a run stays as it is."""
    chosen = [one for one in TOGETHER if rng.random() < 0.5] or [rng.choice(TOGETHER)]
    found: list[Step] = []
    for weights in chosen:
        names = list(weights)
        for _ in range(count // 4):
            moment = min((4.0 + rng.random() * (days - 4.0)) * DAY, days * DAY)
            for who in (names[0], *rng.choices(names, list(weights.values()), k=3)):
                found.append(Step(round(moment, 3), who, rng.getrandbits(32)))
                moment += rng.expovariate(1 / 3000)
    return tuple(found)


def _reached(rng: Random, days: float, count: int) -> tuple[Step, ...]:
    """Drawn for itself as well. Most choose early, so that something follows from it."""
    names, weights = list(REACH), list(REACH.values())
    found = []
    for _ in range(count):
        moment = (1.5 + rng.random() ** 1.5 * (days - 1.5)) * DAY
        found.append(Step(round(moment, 3), rng.choices(names, weights)[0], rng.getrandbits(32)))
    return tuple(found)


def _short_troubles(rng: Random, days: float) -> tuple[Trouble, ...]:
    """At the next text message or notification, whenever that is; in some runs."""
    if rng.random() < 0.4:
        return ()
    found = []
    for _ in range(rng.randint(1, 8)):
        kind = rng.choice(SHORT_KINDS).kind
        found.append(Trouble(round(rng.uniform(0, days * DAY), 3), kind, "notifications", "short"))
    return tuple(sorted(found, key=lambda trouble: trouble.at))


def _troubles(rng: Random, days: float, busy: list[float]) -> tuple[Trouble, ...]:
    """Some kinds only, but those often: what shows only when two of a kind come together would else never come."""
    chosen = [kind for kind in KINDS if rng.random() < 0.3]
    if not chosen or rng.random() < 0.05:
        return ()
    found: list[Trouble] = []
    for _ in range(rng.randint(6, 50)):
        kind = rng.choice(chosen)
        # Where people are about there is something to break, and where something is broken already, much more.
        near = found[-1].at if found and rng.random() < 0.5 else rng.choice(busy)
        at = max(0.0, near + rng.uniform(-5, 20)) if rng.random() < 0.85 else rng.uniform(0, days * DAY)
        amount = round(rng.uniform(*kind.amount), 3)
        if kind.kind in _LASTING and rng.random() < 0.5:
            at = max(0.0, near - rng.uniform(0, amount))
        if kind.amount[0] >= _A_DAYS_WORK:
            at += _BEFORE_THE_MORNINGS_MAIL - at % DAY
        call = rng.choice(kind.calls)
        service = "notifications" if call == "mail" else rng.choice(SERVICES)
        found.append(Trouble(round(at, 3), kind.kind, service, call, amount))
        if kind.beside and rng.random() < 0.7:
            other, met = rng.choice(kind.beside)
            found.append(Trouble(round(at, 3), other, service, met))
    return tuple(sorted(found, key=lambda trouble: trouble.at))

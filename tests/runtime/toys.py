"""Two toy aggregates: a `tally` of the referrals service, and a `sum` of the interventions service that reacts to it.

A sum writes down the number of each event that it was told of, so that a test can see what was applied, in which order.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from pydantic import Field

from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.personal import Personal
from shared.runtime.aggregate import Aggregate, Cause, Reaction, State, Target

NAME = "Marisol Quintana-Planted"


class TallyChanged(Event):
    TYPE: ClassVar[str] = "toy.tally.changed.v1"

    patient_id: str
    amount: int
    note: Personal[str] = None
    slot: str | None = None
    remind_at: datetime | None = None


class TallyReminded(Event):
    TYPE: ClassVar[str] = "toy.tally.reminded.v1"

    patient_id: str
    timer: str


class TallyNoticed(Event):
    """Known to all, and nobody reacts to it."""

    TYPE: ClassVar[str] = "toy.tally.noticed.v1"

    patient_id: str


class SumRaised(Event):
    TYPE: ClassVar[str] = "toy.sum.raised.v1"

    patient_id: str
    source: str
    number: int
    amount: int
    note: Personal[str] = None


class Change(Command):
    patient_id: str = "pat-1"
    amount: int = 1
    note: str | None = None
    slot: str | None = None
    remind_at: datetime | None = None
    padding: str = ""


class Notice(Command):
    """As often as `times` says, by one command."""

    times: int = 1


class AddUp(Command):
    patient_id: str
    source: str
    number: int
    amount: int
    note: str | None = None


class TallyState(State):
    patient_id: str | None = None
    total: int = 0
    note: Personal[str] = None
    slot: str | None = None
    timers: dict[str, datetime] = Field(default_factory=dict)
    reminded: int = 0


class SumState(State):
    patient_id: str | None = None
    total: int = 0
    note: Personal[str] = None
    story: dict[str, tuple[int, ...]] = Field(default_factory=dict)


class Build:
    """What this version of the toy program cannot do: amounts that make it fail, and timers that do."""

    def __init__(self) -> None:
        self.fails_on: set[int] = set()
        self.refuses: set[int] = set()
        self.failing_timers: set[str] = set()
        self.refused_timers: set[str] = set()
        self.failing_evolve: set[type[Event]] = set()
        self.before_decide: Any = None


def tally(build: Build) -> Aggregate:
    def decide(state: TallyState, command: Command) -> list[Event]:
        if build.before_decide:
            build.before_decide()
        match command:
            case Change(amount=0):
                return []
            case Change(amount=amount) if amount < 0:
                raise Rejected("below-zero", amount=amount)
            case Change():
                if command.amount in build.fails_on:
                    raise RuntimeError(f"no way to count for {command.note}")
                return [
                    TallyChanged(
                        at=command.now,
                        patient_id=command.patient_id,
                        amount=command.amount,
                        note=(command.note or "") + command.padding or None,
                        slot=command.slot,
                        remind_at=command.remind_at,
                    )
                ]
            case Notice(times=times):
                return [TallyNoticed(at=command.now, patient_id=state.patient_id or "pat-1")] * times
            case TimerDue(name=name):
                if name in build.refused_timers:
                    raise Rejected("not-now")
                if name in build.failing_timers:
                    raise RuntimeError("the timer fails")
                due = state.timers.get(name)
                if due is None or due > command.now:
                    return []
                return [TallyReminded(at=command.now, patient_id=state.patient_id or "", timer=name)]
        raise AssertionError(command)

    def evolve(state: TallyState, event: Event) -> TallyState:
        if type(event) in build.failing_evolve:
            raise RuntimeError("evolve fails")
        match event:
            case TallyChanged():
                timers = state.timers | ({"reminder": event.remind_at} if event.remind_at else {})
                update = {"patient_id": event.patient_id, "total": state.total + event.amount, "note": event.note}
                return state.model_copy(update=update | {"slot": event.slot, "timers": timers})
            case TallyReminded():
                left = {name: due for name, due in state.timers.items() if name != event.timer}
                return state.model_copy(update={"timers": left, "reminded": state.reminded + 1})
        return state

    def keys(state: TallyState) -> Mapping[str, str | None]:
        line = f"{state.patient_id}|{state.slot}" if state.slot else None
        return {"slot": state.slot, "patient": state.patient_id, "line": line}

    return Aggregate(
        name="tally",
        state=TallyState,
        decide=decide,
        evolve=evolve,
        events=(TallyChanged, TallyReminded, TallyNoticed),
        person=lambda state: state.patient_id,
        timers=lambda state: state.timers,
        keys=keys,
        queried=("slot", "patient"),
        unique={"slot": "slot-taken"},
        ordered=("line",),
    )


def total(build: Build) -> Aggregate:
    def decide(state: SumState, command: Command) -> list[Event]:
        match command:
            case AddUp():
                if command.amount in build.fails_on:
                    raise RuntimeError(f"no way to add for {command.note}")
                if command.amount in build.refuses:
                    raise Rejected("enough")
                fields = command.model_dump(exclude={"now", "actor"})
                return [SumRaised(at=command.now, **fields)]
        raise AssertionError(command)

    def evolve(state: SumState, event: Event) -> SumState:
        match event:
            case SumRaised():
                told = (*state.story.get(event.source, ()), event.number)
                return SumState(
                    patient_id=event.patient_id,
                    total=state.total + event.amount,
                    note=event.note,
                    story=state.story | {event.source: told},
                )
        return state

    return Aggregate(
        name="sum",
        state=SumState,
        decide=decide,
        evolve=evolve,
        events=(SumRaised,),
        person=lambda state: state.patient_id,
    )


def sums_of(subject: str) -> tuple[str, str]:
    """The two sums that follow one tally: its own, and one that it shares with all others."""
    return f"sum-of-{subject}", "sum-of-all"


def add_up(event: TallyChanged, cause: Cause) -> list[Target]:
    number = cause.envelope.sequence
    common: dict[str, Any] = {"now": cause.now, "actor": cause.actor, "source": cause.envelope.subject}
    command = AddUp(number=number, patient_id=event.patient_id, amount=event.amount, note=event.note, **common)
    return [Target("sum", id, command) for id in sums_of(cause.envelope.subject)]


REACTIONS: dict[type[Event], Reaction] = {TallyChanged: add_up}
EVENTS: dict[str, tuple[type[Event], ...]] = {
    "referrals": (TallyChanged, TallyReminded, TallyNoticed),
    "interventions": (SumRaised,),
}

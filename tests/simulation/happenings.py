"""What a trouble does when its time has come. Most are armed, and wait for the call that they fit."""

import asyncio

from shared.contracts.catalogue import topic_of
from tests.simulation.clinic import Clinic
from tests.simulation.plan import DAY
from tests.simulation.process import nobodys
from tests.simulation.troubles import Trouble

_CLOCK_WRONG_FOR = 3600.0


def happen(clinic: Clinic, trouble: Trouble) -> None:
    """Let it happen now, or at the next call that it fits."""
    if trouble.kind in ("crash_before", "crash_after") and not trouble.call:
        clinic.troubles.arm_number(round(trouble.amount), trouble.kind)
        return
    if trouble.call:
        clinic.troubles.arm(trouble)
        return
    now = asyncio.get_running_loop().time()
    clinic.troubles.note(trouble.kind, now, f"at {trouble.service}", _lasts(trouble))
    topic = topic_of(trouble.service)
    slot = clinic.rng.choice(clinic.of(trouble.service))
    match trouble.kind:
        case "store_away":
            clinic.outages[trouble.service].away_until = now + trouble.amount
        case "store_full":
            clinic.outages[trouble.service].full_until = now + trouble.amount
        case "broker_away":
            clinic.broker.away_until = now + trouble.amount
        case "host_away":
            clinic.hosts.away_until[trouble.service] = now + trouble.amount
        case "host_flaky":
            clinic.hosts.flaky_until[trouble.service] = now + trouble.amount
        case "slow_topic":
            clinic.broker.slow_down(topic, trouble.amount)
        case "lose_tail":
            clinic.broker.lose_tail(topic, round(trouble.amount))
        case "forget_everything":
            clinic.broker.forget_everything()
            _garbage(clinic, topic)
        case "forget_offsets":
            clinic.groups[trouble.service].forget()
        case "garbage":
            _garbage(clinic, topic)
        case "rebalance":
            nobodys(clinic.groups[trouble.service].rebalance())
        case "clock" if slot.process is not None:
            slot.process.clock.offset = trouble.amount
            asyncio.get_running_loop().call_later(_CLOCK_WRONG_FOR, setattr, slot.process.clock, "offset", 0.0)
        case "store_clock":
            clinic.store_clock.offset = trouble.amount
            asyncio.get_running_loop().call_later(DAY, _set_store_clock_right, clinic)
        case "stop":
            nobodys(slot.stop())
        case "kill" if slot.process is not None:
            slot.process.die()


def _set_store_clock_right(clinic: Clinic) -> None:
    """Its jumps are trouble; between them it is none to anybody, since only differences count."""
    clinic.store_clock.offset = 0.0
    clinic.troubles.note("store_clock", asyncio.get_running_loop().time(), "set right")


def _garbage(clinic: Clinic, topic: str) -> None:
    """What is no event of ours, and differs from all that came before."""
    clinic.broker.append(topic, b"no key of ours", f"garbage of {clinic.loop.time():.3f}".encode())


def mend(clinic: Clinic) -> None:
    """The end of all trouble: everything answers again, and clocks are right."""
    now = asyncio.get_running_loop().time()
    for outage in clinic.outages.values():
        outage.away_until = outage.full_until = now
    clinic.broker.away_until = now
    clinic.hosts.away_until.clear()
    clinic.hosts.flaky_until.clear()
    for slot in clinic.slots:
        if slot.process is not None:
            slot.process.clock.offset = 0.0
            slot.process.go_on()
    clinic.store_clock.offset = 0.0


def _lasts(trouble: Trouble) -> float:
    return {"clock": _CLOCK_WRONG_FOR, "store_clock": 0.0}.get(trouble.kind, abs(trouble.amount))

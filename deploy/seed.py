"""A clinic full of invented people, made by sending their commands through the real path under a moved clock.

Each person's story is a generator: it does something over HTTP, then yields how many days it waits. Between days
everything settles, so timers, messages and the other services all have had their turn.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import httpx

from deploy.cast import Cast, Story
from deploy.confiding import confide
from deploy.embedded import Embedded
from deploy.people import Desk
from deploy.provider import Provider
from deploy.reaching import replies, wordings
from deploy.resources import resources
from deploy.stories import story
from deploy.together import circle, group
from shared.runtime.clock import MovedClock

DAYS = 100
"""How long ago the first of the invented people was referred."""

NAMES = (
    *("Amara Nwosu", "Tomás Herrera", "Grace Lim", "Oliver Grant", "Fatima Rahman", "Lucía Ortega", "Daniel Weiss"),
    *("Priya Nair", "Marta Silva", "Kofi Mensah", "Hannah Berg", "Javier Molina", "Sinead Walsh", "Ahmed Saleh"),
    *("Rosa Jiménez", "Peter Novak", "Mei Chen", "Ruth Adler", "Carlos Vega", "Aisha Bello", "Ingrid Dahl"),
    *("Samuel Osei", "Elena Petrova", "Noah Fischer", "Pilar Romero", "Yusuf Demir", "Clara Rossi", "Liam Doyle"),
    *("Teresa Campos", "Viktor Ilic", "Nadia Haddad", "George Evans", "Beatriz Luna", "Hugo Lambert", "Zainab Musa"),
    *("Andrés Prieto", "Emily Clarke", "Ravi Menon", "Sofía Marín", "Jonas Keller", "Agnes Obi", "Marco Bruno"),
    *("Leonor Paz", "Dina Katz", "Tom Hughes", "Olga Sokol", "Miriam Stone", "Ben Ashby"),
    *("Edith Moor", "Paul Sayer", "Nora Finch", "Irene Baker", "Sean Lowe", "Joan Archer"),
)

STAGES: tuple[tuple[str, float, int], ...] = (
    *(("draft", 99.0, 0), ("draft", 98.0, 0)),
    *(
        ("submitted", 99.0, 0),
        ("submitted", 97.0, 0),
        ("submitted", 92.0, 0),
        ("submitted", 90.0, 0),
        ("submitted", 98.0, 0),
    ),
    *(("asked", 94.0, 0), ("asked", 88.0, 0), ("returned", 80.0, 0), ("declined", 70.0, 0)),
    *(("accepted", 95.0, 0), ("accepted", 93.0, 0), ("scheduled", 94.0, 0), ("accepted", 91.0, 0)),
    *(
        ("undecided", 90.0, 0),
        ("undecided", 85.0, 0),
        ("undecided", 75.0, 0),
        ("undecided", 92.0, 0),
        ("withdrawn", 60.0, 0),
    ),
    *(
        ("treating", 90.0, 1),
        ("treating", 84.0, 2),
        ("treating", 76.0, 3),
        ("treating", 70.0, 4),
        ("to_review", 64.0, 5),
    ),
    *(
        ("to_review", 56.0, 5),
        ("treating", 50.0, 6),
        ("treating", 44.0, 7),
        ("treating", 86.0, 1),
        ("treating", 93.0, 0),
    ),
    *(("at_risk", 92.0, 1), ("at_risk_seen", 60.0, 4), ("ready", 20.0, 8), ("ready", 16.0, 8)),
    *(("outcome", 12.0, 8), ("outcome", 8.0, 8), ("outcome", 4.0, 8)),
    *(("closed", 3.0, 8), ("closed", 0.0, 8), ("closed", 1.0, 8)),
    *(("not_now", 70.0, 0), ("in_line", 58.0, 0), ("in_line", 66.0, 0), ("in_line", 91.0, 0), ("missed", 80.0, 0)),
    *(("cancelling", 82.0, 0), ("together", 85.0, 0), ("asks", 98.0, 0)),
    *(("for_group", 84.0, 0), ("for_group", 85.0, 0), ("for_group", 86.0, 0)),
    *(("for_group", 87.0, 0), ("for_group", 88.0, 0), ("for_group", 89.0, 0)),
)
"""Where each person is to be found, on which day their story begins, and how many modules they do."""


async def seed(system: Embedded, clock: MovedClock, report: Callable[[int, int], None]) -> int:
    """Fill an empty system; returns how many people there are. `clock` ends at the present."""
    # A day may take as long as a server keeps a quiet connection open; one that it is just closing must not be used.
    async with httpx.AsyncClient(timeout=30.0, limits=httpx.Limits(keepalive_expiry=1.0)) as client:
        desk = Desk(client, system.addresses, system.secrets.token_secret, clock, system.folder / "mail")
        referrers = [staff.id for staff in system.clinic.staff if staff.role == "referrer"]
        waiting: list[tuple[float, Story]] = []
        for number, (name, (stage, starts, modules)) in enumerate(zip(NAMES, STAGES, strict=True)):
            referrer = desk.person(referrers[number % len(referrers)], "referrer")
            psychology = desk.person(system.clinic.triage_team[number % len(system.clinic.triage_team)], "psychology")
            cast = Cast(number, name, referrer, psychology, desk, system.settle)
            waiting.append((0.0, story(cast, stage, starts, modules)))
        lead = desk.person(system.clinic.triage_team[0], "psychology")
        await lead.post("referrals", "/places/place-group-at-the-clinic/seats", {"seats": 1}, seen='"0"')
        team = system.clinic.triage_team
        waiting += [(0.0, group(desk, team)), (0.0, circle(desk, team[-1])), (0.0, resources(desk, team))]
        waiting += [(0.0, confide(desk, team[0])), (0.0, wordings(desk, team))]
        waiting.append((0.0, replies(Provider(desk, system.secrets.webhook_secret))))
        today = datetime.now(UTC).date()
        for day in range(DAYS + 1):
            morning = datetime.combine(today - timedelta(days=DAYS - day), time(10), UTC)
            clock.offset = min(morning - datetime.now(UTC), timedelta(0))
            await system.settle()
            waiting = await _live_a_day(waiting, day, system)
            report(day, DAYS)
        clock.offset = timedelta(0)
        await system.settle()
    return len(STAGES)


async def _live_a_day(waiting: list[tuple[float, Story]], day: int, system: Embedded) -> list[tuple[float, Story]]:
    """Let every story go on whose day has come, until all wait for another day."""
    later = [entry for entry in waiting if entry[0] > day]
    now = [entry[1] for entry in waiting if entry[0] <= day]
    while now:
        pauses = await asyncio.gather(*(anext(each, None) for each in now))
        await system.settle()
        again = [(pause, each) for pause, each in zip(pauses, now, strict=True) if pause is not None]
        later += [(day + pause if pause else day, each) for pause, each in again if pause]
        now = [each for pause, each in again if not pause]
    return later

"""A clinic full of invented people, made by sending their commands through the real path under a moved clock.

Each person's story is a generator: it does something over HTTP, then yields how many days it waits. Between days
everything settles, so timers, messages and the other services all have had their turn.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import httpx

from deploy.embedded import Embedded
from deploy.people import Desk, Person
from shared.clinical import MEASURES
from shared.runtime.aggregate import derived_id
from shared.runtime.clock import MovedClock

DAYS = 100
"""How long ago the first of the invented people was referred."""

NAMES = (
    *("Amara Nwosu", "Tomás Herrera", "Grace Lim", "Oliver Grant", "Fatima Rahman", "Lucía Ortega", "Daniel Weiss"),
    *("Priya Nair", "Marta Silva", "Kofi Mensah", "Hannah Berg", "Javier Molina", "Sinead Walsh", "Ahmed Saleh"),
    *("Rosa Jiménez", "Peter Novak", "Mei Chen", "Ruth Adler", "Carlos Vega", "Aisha Bello", "Ingrid Dahl"),
    *("Samuel Osei", "Elena Petrova", "Noah Fischer", "Pilar Romero", "Yusuf Demir", "Clara Rossi", "Liam Doyle"),
    *("Teresa Campos", "Viktor Ilic", "Nadia Haddad", "George Evans", "Beatriz Luna", "Hugo Lambert", "Zainab Musa"),
    *("Andrés Prieto", "Emily Clarke", "Ravi Menon", "Sofía Marín", "Jonas Keller"),
)
SPANISH = {"Tomás Herrera", "Lucía Ortega", "Javier Molina", "Rosa Jiménez", "Carlos Vega", "Pilar Romero"} | {
    *("Teresa Campos", "Beatriz Luna", "Andrés Prieto", "Sofía Marín")
}
REASONS = (
    "Low back pain for four years after a fall. Physiotherapy helped a little. Sleeps badly and sees no friends.",
    "Widespread pain since an illness two years ago. Good days end in days in bed. Worried about losing the job.",
    "Knee pain on both sides. Surgery is not possible for medical reasons. Feels that nothing will change.",
    "Neck pain and headaches. Has tried many treatments. Asks what else could help with living with it.",
)
GOALS = (
    "To walk to the market and back with my daughter.",
    "To work three days a week again.",
    "To sleep through most nights.",
    "To play the guitar with friends once a week.",
)
ENDS = "Keep the flare-up plan and the daily walk. A short review with the pain team in three months would help."


@dataclass(frozen=True)
class Cast:
    """The people of one story. `number` makes every invented detail different and repeatable."""

    number: int
    name: str
    referrer: Person
    psychology: Person
    desk: Desk
    settle: Callable[[], Any]

    @property
    def language(self) -> str:
        return "es" if self.name in SPANISH else "en"

    def answers(self, measure: str, ease: int) -> dict[str, int]:
        """Whole answers to a measure; `ease` 0 is a hard time, 10 a good one. The last item of PHQ-9 stays at 0."""
        made = {}
        for item in MEASURES[measure].items:
            top = 8 if measure == "PEG" else 3
            value = top - (ease * top) // 12 - (self.number + item) % 2
            made[str(item)] = 0 if (measure, item) == ("PHQ-9", 9) else max(0, value)
        return made


Story = AsyncIterator[float]


async def register(cast: Cast) -> tuple[str, str]:
    """A person, their consents, for some a caregiver, and a drafted referral: ids of patient and referral."""
    email = f"{cast.name.split()[0].lower()}{cast.number}@people.example".encode("ascii", "ignore").decode()
    body = {
        "name": cast.name,
        "email": email,
        "birth_date": f"{1948 + cast.number}-0{1 + cast.number % 9}-1{cast.number % 9}",
        "language": cast.language,
        "time_zone": "Europe/Madrid" if cast.language == "es" else "Europe/London",
        "new_to_mental_health": cast.number % 3 == 0,
        "consents": ["refer", "share_back", "email", *(["caregiver"] if cast.number % 4 == 0 else [])],
    }
    patient = (await cast.referrer.post("referrals", "/patients", body, key=f"register-{cast.number}"))["id"]
    if cast.number % 4 == 0:
        family = {"name": f"Alex {cast.name.split()[1]}", "email": f"family{cast.number}@people.example"}
        caregiver = {**family, "relationship": "partner", "language": cast.language}
        await cast.referrer.post("referrals", f"/patients/{patient}/caregivers", caregiver)
    draft = {"patient_id": patient}
    referral = (await cast.referrer.post("referrals", "/referrals", draft, key=f"draft-{cast.number}"))["id"]
    return patient, referral


async def story(cast: Cast, stage: str, starts: float, modules: int = 8) -> Story:
    """One person's way up to `stage`, beginning on day `starts`."""
    yield starts
    patient, referral = await register(cast)
    if stage == "draft":
        return
    request = {
        "reason": REASONS[cast.number % len(REASONS)],
        "goal": GOALS[cast.number % len(GOALS)],
        "priority": ("routine", "routine", "urgent", "very_urgent")[cast.number % 4],
        "answers": {measure: cast.answers(measure, 1) for measure in ("PEG", "PHQ-4")},
    }
    await cast.referrer.post("referrals", f"/referrals/{referral}/submit", request)
    if stage == "submitted":
        return
    yield 1 + cast.number % 3
    if stage in _TRIAGED_OTHERWISE:
        path, decision = _TRIAGED_OTHERWISE[stage]
        await cast.psychology.post("referrals", f"/referrals/{referral}/{path}", decision)
        return
    why = {"rationale": "Pain and low mood hold each other up here. CBT for pain fits the goal."}
    await cast.psychology.post("referrals", f"/referrals/{referral}/accept", why)
    if stage == "accepted":
        return
    yield 2
    me = cast.desk.person(patient, "patient")
    if stage == "undecided":
        hesitation = ("pain_is_physical", "needs_time", "worried_what_others_think", "practical")[cast.number % 4]
        await me.post("referrals", f"/referrals/{referral}/undecided", {"reason_code": hesitation})
        return
    if stage == "withdrawn":
        await me.post("referrals", f"/referrals/{referral}/withdraw")
        return
    await me.post("referrals", f"/referrals/{referral}/agree")
    async for pause in treatment(cast, me, referral, stage, modules):
        yield pause
    if stage == "closed":
        yield 1
        await cast.referrer.post("referrals", f"/referrals/{referral}/acknowledge")


_TRIAGED_OTHERWISE: dict[str, tuple[str, dict[str, str]]] = {
    "asked": ("ask", {"question": "Which medicines for sleep have been tried, and did they help?"}),
    "returned": (
        "return",
        {"rationale": "A pacing plan with the physiotherapist fits better first. Please refer again."},
    ),
    "declined": (
        "decline",
        {"reason_code": "already_in_treatment", "rationale": "Already in psychological treatment for pain elsewhere."},
    ),
}


async def treatment(cast: Cast, me: Person, referral: str, stage: str, modules: int) -> Story:
    """Questionnaires and modules one after the other, as `next` says, until `modules` are done or all is."""
    episode = derived_id("episode", referral)
    yield 0
    while True:
        step = await me.get("interventions", f"/episodes/{episode}/next")
        if step["kind"] == "questionnaire":
            await answer(cast, me, step, stage)
            yield 0
        elif step["kind"] == "module" and step["modules_done"] < modules:
            await me.post("interventions", f"/episodes/{episode}/modules/{step['module_id']}/complete")
            yield 0
        elif step["kind"] == "wait" and step["modules_done"] < modules:
            yield 5 + cast.number % 3
        else:
            break
    if stage in ("outcome", "closed"):
        ending = {"end_reason": "completed", "recommendation": ENDS}
        await cast.psychology.post("interventions", f"/episodes/{episode}/finish", ending)
    if stage == "at_risk":
        return
    if stage == "at_risk_seen":
        yield 0
        alerts = await cast.psychology.get("interventions", "/risk-alerts", list="open")
        for alert in alerts:
            if alert["patient_id"] == me.user.id:
                await cast.psychology.post("interventions", f"/risk-alerts/{alert['id']}/acknowledge")


async def answer(cast: Cast, me: Person, step: dict[str, Any], stage: str) -> None:
    """Answer one questionnaire whole; a person whose story says so answers the question about harm with yes."""
    ease = {"start": 1, "middle": 5, "end": 9}[step["occasion"]]
    answers = cast.answers(step["measure"], ease)
    if step["measure"] == "PHQ-9" and stage.startswith("at_risk"):
        answers["9"] = 1
    body = {"occasion": step["occasion"], "measure": step["measure"], "answers": answers}
    await me.post("interventions", f"/series/{step['series_id']}/answers", body)


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
    *(("accepted", 95.0, 0), ("accepted", 93.0, 0), ("accepted", 96.0, 0), ("accepted", 91.0, 0)),
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
        ("treating", 64.0, 5),
    ),
    *(
        ("treating", 56.0, 5),
        ("treating", 50.0, 6),
        ("treating", 44.0, 7),
        ("treating", 86.0, 1),
        ("treating", 93.0, 0),
    ),
    *(("at_risk", 92.0, 1), ("at_risk_seen", 60.0, 4), ("ready", 20.0, 8), ("ready", 16.0, 8)),
    *(("outcome", 12.0, 8), ("outcome", 8.0, 8), ("outcome", 4.0, 8)),
    *(("closed", 3.0, 8), ("closed", 0.0, 8), ("closed", 1.0, 8)),
)
"""Where each person is to be found, on which day their story begins, and how many modules they do."""


async def seed(system: Embedded, clock: MovedClock, report: Callable[[int, int], None]) -> int:
    """Fill an empty system; returns how many people there are. `clock` ends at the present."""
    async with httpx.AsyncClient(timeout=30.0) as client:
        desk = Desk(client, system.addresses, system.secrets.token_secret, clock)
        referrers = [staff.id for staff in system.clinic.staff if staff.role == "referrer"]
        waiting: list[tuple[float, Story]] = []
        for number, (name, (stage, starts, modules)) in enumerate(zip(NAMES, STAGES, strict=True)):
            referrer = desk.person(referrers[number % len(referrers)], "referrer")
            psychology = desk.person(system.clinic.triage_team[number % len(system.clinic.triage_team)], "psychology")
            cast = Cast(number, name, referrer, psychology, desk, system.settle)
            waiting.append((0.0, story(cast, stage, starts, modules)))
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

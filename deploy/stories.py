"""What invented people do, each in a story of their own, over the real HTTP.

A story is a generator: it does something, then yields how many days it waits.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from deploy.cast import Cast, Story
from deploy.people import Person
from deploy.reaching import PREFERENCES, WAYS, choose, confirm
from deploy.trusting import trust
from shared.contracts.interventions import ASSESSMENT_QUESTIONS
from shared.runtime.aggregate import derived_id

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
        caregiver = {"name": f"Alex {cast.name.split()[1]}", "email": cast.family_email}
        more = {"relationship": "partner", "language": cast.language}
        await cast.referrer.post("referrals", f"/patients/{patient}/caregivers", {**caregiver, **more})
        await trust(cast.desk, cast.number, patient, derived_id("caregiver", patient, caregiver["email"]))
    draft = {"patient_id": patient}
    referral = (await cast.referrer.post("referrals", "/referrals", draft, key=f"draft-{cast.number}"))["id"]
    return patient, referral


async def wish(cast: Cast, patient: str) -> Story:
    """Some say how they would like to be reached, once there is an inbox for them."""
    family = f"Alex {cast.name.split()[1]}"
    if not {cast.name, family} & {*WAYS, *PREFERENCES}:
        return
    yield 0
    people = [(cast.desk.person(patient, "patient"), cast.name)]
    if cast.number % 4 == 0:
        people.append((cast.desk.person(derived_id("caregiver", patient, cast.family_email), "caregiver"), family))
    for person, name in people:
        await choose(person, name)
        # Of two who share a phone each waits for the code of their own.
        yield 0
        await confirm(person, name)


async def send(cast: Cast, referral: str) -> None:
    """It goes to psychology."""
    request = {
        "reason": REASONS[cast.number % len(REASONS)],
        "goal": GOALS[cast.number % len(GOALS)],
        "priority": ("routine", "routine", "urgent", "very_urgent")[cast.number % 4],
        "answers": {measure: cast.answers(measure, 1) for measure in ("PEG", "PHQ-4")},
    }
    await cast.referrer.post("referrals", f"/referrals/{referral}/submit", request)


async def accept(cast: Cast, referral: str) -> None:
    """Triage says yes, as the clinic's rules recommend."""
    said = await cast.psychology.get("referrals", f"/referrals/{referral}/recommendation")
    why = {"rationale": "Pain and low mood hold each other up here. CBT for pain fits the goal."}
    found = said["recommendation"]
    into = {"step": found["step"] or 2, **({"priority": found["urgency"]} if found["urgency"] else {})}
    await cast.psychology.post("referrals", f"/referrals/{referral}/accept", {**why, **into})


async def story(cast: Cast, stage: str, starts: float, modules: int = 8) -> Story:
    """One person's way up to `stage`, beginning on day `starts`."""
    yield starts
    if stage == "asks":
        async for pause in asks_for_support(cast):
            yield pause
        return
    patient, referral = await register(cast)
    if stage == "draft":
        return
    async for pause in wish(cast, patient):
        yield pause
    await send(cast, referral)
    if stage == "submitted":
        return
    yield 1 + cast.number % 3
    if stage in _TRIAGED_OTHERWISE:
        path, decision = _TRIAGED_OTHERWISE[stage]
        await cast.psychology.post("referrals", f"/referrals/{referral}/{path}", decision)
        return
    await accept(cast, referral)
    if stage == "accepted":
        return
    yield 2
    me = cast.desk.person(patient, "patient")
    if stage == "withdrawn":
        await me.post("referrals", f"/referrals/{referral}/withdraw")
        return
    if stage in _AFTER_A_YES:
        async for pause in _AFTER_A_YES[stage](cast, me, referral):
            yield pause
        return
    await me.post("referrals", f"/referrals/{referral}/agree")
    async for pause in treatment(cast, me, referral, stage, modules):
        yield pause
    if stage == "closed":
        yield 1
        await cast.referrer.post("referrals", f"/referrals/{referral}/acknowledge")


async def undecided(cast: Cast, me: Person, referral: str) -> Story:
    """Does not know yet."""
    hesitation = ("pain_is_physical", "needs_time", "worried_what_others_think", "practical")[cast.number % 4]
    await me.post("referrals", f"/referrals/{referral}/undecided", {"reason_code": hesitation})
    yield 0


async def later(cast: Cast, me: Person, referral: str) -> Story:
    """Wants it, but in two months."""
    reoffer = (cast.desk.clock.now() + timedelta(days=60)).isoformat()
    body = {"reason_code": "other_treatment_first", "reoffer_at": reoffer}
    await me.post("referrals", f"/referrals/{referral}/not-now", body)
    yield 0


async def in_line(cast: Cast, me: Person, referral: str) -> Story:
    """Would like the group, which has one free seat: the first is offered it, the others wait."""
    await me.post("referrals", f"/referrals/{referral}/agree", {"place_id": "place-group-at-the-clinic"})
    yield 0


async def for_group(cast: Cast, me: Person, referral: str) -> Story:
    """Would like to go through it with others, and waits until a group is formed."""
    await me.post("referrals", f"/referrals/{referral}/agree", {"place_id": "place-groups"})
    yield 0


async def scheduled(cast: Cast, me: Person, referral: str, days: int = 5) -> Story:
    """Takes a seat by video, and is to be met for the first time."""
    await me.post("referrals", f"/referrals/{referral}/agree", {"place_id": "place-video-sessions"})
    yield 0
    await me.post("referrals", f"/referrals/{referral}/take-offer")
    yield 1
    soon = (cast.desk.clock.now() + timedelta(days=days)).isoformat()
    meeting = {"at": soon, "mode": "video", "clinician_id": cast.psychology.user.id}
    await cast.psychology.post("referrals", f"/referrals/{referral}/schedule", meeting)
    yield 0


async def missed(cast: Cast, me: Person, referral: str) -> Story:
    """Does not come to the first meeting."""
    async for pause in scheduled(cast, me, referral, days=1):
        yield pause
    yield 2
    await cast.psychology.post("referrals", f"/referrals/{referral}/missed", {"reason_code": "forgot"})


async def cancelling(cast: Cast, me: Person, referral: str) -> Story:
    """Begins, and then the pain team asks to cancel."""
    await me.post("referrals", f"/referrals/{referral}/agree")
    yield 2
    await cast.referrer.post("referrals", f"/referrals/{referral}/request-cancellation", {"reason_code": "moved_away"})


async def together(cast: Cast, me: Person, referral: str) -> Story:
    """Starts, with a plan that the disciplines share, a discussion, and a question beforehand."""
    plan = f"/patients/{me.user.id}/care-plan"
    question = {"patient_id": me.user.id, "topic": "how_to_talk", "question": "How do I speak of worry and pain?"}
    await cast.referrer.post("referrals", "/advice", question)
    await me.post("referrals", f"{plan}/goals", {"goal": "To dance at my daughter's wedding."}, seen='"0"')
    await me.post("referrals", f"/referrals/{referral}/agree")
    yield 0
    wanted = (cast.desk.clock.now() + timedelta(days=10)).date().isoformat()
    asked = {"question": "Shall we lower the dose while the course runs?", "wanted_by": wanted}
    await cast.referrer.post("referrals", f"{plan}/discussions", asked)


_AFTER_A_YES: dict[str, Callable[[Cast, Person, str], Story]] = {
    "undecided": undecided,
    "not_now": later,
    "in_line": in_line,
    "for_group": for_group,
    "scheduled": scheduled,
    "missed": missed,
    "cancelling": cancelling,
    "together": together,
}


async def asks_for_support(cast: Cast) -> Story:
    """Somebody known to the pain team asks for support themselves."""
    patient, draft = await register(cast)
    await cast.referrer.post("referrals", f"/referrals/{draft}/discard")
    me = cast.desk.person(patient, "patient")
    mine = (await me.post("referrals", "/referrals", {"patient_id": patient}, key=f"mine-{cast.number}"))["id"]
    request = {"reason": REASONS[cast.number % len(REASONS)], "goal": GOALS[cast.number % len(GOALS)]}
    answers = {measure: cast.answers(measure, 1) for measure in ("PEG", "PHQ-4")}
    await me.post("referrals", f"/referrals/{mine}/submit", {**request, "answers": answers})
    yield 0


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
            await how_are_you(cast, me, episode)
            yield 0
            if stage != "to_review":
                await look_at_step(cast, episode)
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
                talk = {**dict.fromkeys(ASSESSMENT_QUESTIONS, "no"), "concern": "low", "note": "Spoke with them today."}
                await cast.psychology.post("interventions", f"/risk-alerts/{alert['id']}/assess", talk)


async def how_are_you(cast: Cast, me: Person, episode: str) -> None:
    """Answer the few questions after a part; every third person leaves them."""
    if cast.number % 3 == 0:
        return
    for one in await me.get("interventions", f"/episodes/{episode}/check-ins"):
        for form in one["forms"] if one["state"] == "due" else ():
            body = {"measure": form["measure"], "answers": cast.answers(form["measure"], 5)}
            await me.post("interventions", f"/check-ins/{one['id']}/answers", body)


async def look_at_step(cast: Cast, episode: str) -> None:
    """Psychology does as the rules suggest, where the step of care waits to be looked at."""
    treated = await cast.psychology.get("interventions", f"/episodes/{episode}")
    if treated["review"] in ("early", "middle"):
        review = await cast.psychology.get("interventions", f"/episodes/{episode}/review")
        decision = "consult" if review["advice"] == "safety_first" else review["advice"]
        body = {"moment": review["moment"], "decision": decision}
        await cast.psychology.post("interventions", f"/episodes/{episode}/decide-step", body)


async def answer(cast: Cast, me: Person, step: dict[str, Any], stage: str) -> None:
    """Answer one questionnaire whole; a person whose story says so answers the question about harm with yes."""
    ease = {"start": 1, "middle": 5, "end": 9}[step["occasion"]]
    answers = cast.answers(step["measure"], ease)
    if step["measure"] == "PHQ-9" and stage.startswith("at_risk"):
        answers["9"] = 1
    body = {"occasion": step["occasion"], "measure": step["measure"], "answers": answers}
    await me.post("interventions", f"/series/{step['series_id']}/answers", body)

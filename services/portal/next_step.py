"""What a patient's home page says and leads to: one clear next step for wherever they stand."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.portal import options
from services.portal.allowed import Allowed, allowed
from services.portal.calls import Away, Json, at
from services.portal.dates import Dates
from services.portal.options import Options
from services.portal.standing import Standing, series, standing, under_way
from services.portal.visit import Visit

_KINDS = {
    "accepted": "invitation",
    "undecided": "invitation",
    "not_now": "invitation",
    "waitlisted": "waiting",
    "offered": "offer",
    "awaiting_booking": "to_book",
    "scheduled": "appointment",
    "did_not_attend": "missed",
    "appointment_cancelled": "no_meeting",
    "returned": "ended",
    "declined": "ended",
    "redirected": "redirected",
    "withdrawn": "ended",
    "cancelled": "ended",
    "in_treatment": "treatment",
    "outcome_sent": "treatment",
    "loop_closed": "treatment",
}
_WITH_US = "with_us"
"""Every other status: somebody else does the next step."""
_MAY_ASK = ("nothing", "ended")


@dataclass(frozen=True)
class Next:
    """`treatment` is the step in a programme. `meanwhile` is where a part stands that may be read while waiting,
    `check_in` where a few questions do that may be answered now. `welcome` greets whoever comes back after a while.
    `break_until` is the last day of a break. `may_say`: how treatment was may be said.
    """

    kind: str
    heading: str
    explanation: str = ""
    referral: Json | None = None
    can: Allowed = field(default_factory=lambda: Allowed([]))
    programme: Json | None = None
    talk_first: bool = False
    place: str = ""
    meeting: Mapping[str, str] | None = None
    meanwhile: str = ""
    treatment: Mapping[str, Any] | None = None
    check_in: str = ""
    welcome: str = ""
    break_until: str = ""
    may_rest: bool = False
    may_say: bool = False
    wishes: Mapping[str, Options] | None = None
    may_ask: bool = False


async def next_step(visit: Visit) -> Next:
    """The one thing to do next, or that it cannot be said just now: a service that is away takes nothing else along."""
    try:
        return await _next_step(visit, await standing(visit))
    except Away as away:
        return await _without(visit, str(away))


async def _without(visit: Visit, service: str) -> Next:
    """Treatment goes on without referrals. Nothing else can be said."""
    try:
        if service == "referrals" and (episode := await under_way(visit)):
            return await _in_treatment(visit, episode, may_ask=False)
    except Away:
        pass
    return Next("unknown", visit.t("next.unknown"), visit.t("next.unknown_text", phone=visit.clinic.phone))


async def _next_step(visit: Visit, found: Standing) -> Next:
    t, row = visit.t, found.referral
    if found.drafts and not found.is_open:
        whose = "own" if found.drafts[0]["requester"] == "patient" else "suggested"
        return Next("draft", t(f"home.draft_{whose}"), t(f"home.draft_{whose}_text"))
    if row is None:
        return Next("nothing", t("next.nothing"), t("next.nothing_text"), may_ask=True)
    kind = _KINDS.get(row["status"], _WITH_US)
    if kind == "treatment":
        return await _treatment(visit, found, row)
    return await _before(visit, found, row, kind)


async def _before(visit: Visit, found: Standing, row: Json, kind: str) -> Next:
    """Before treatment, or once it is clear that there will be none."""
    t = visit.t
    detail, can, record = await asyncio.gather(
        visit.get("referrals", at("referrals", row["id"]), language=visit.language),
        allowed(visit, row["id"]),
        visit.found("referrals", at("patients", visit.user.id)),
    )
    invited = kind == "invitation"
    again = "_again" if row["status"] != "accepted" else ""
    place = visit.clinic.place(detail["place_id"]) if detail["place_id"] else None
    return Next(
        kind,
        t("start.title") if invited else t(f"home.{kind}"),
        t(f"start.text{again}") if invited else _explanation(visit, row),
        referral=detail,
        can=can,
        programme=await _programme(visit, detail) if invited else None,
        talk_first=bool(record and record["new_to_mental_health"]) and kind in ("invitation", "appointment"),
        place=getattr(place.name, visit.language) if place else "",
        meeting=_meeting(visit, detail, record) if kind == "appointment" else None,
        meanwhile=await _meanwhile(visit, found) if kind == "waiting" else "",
        wishes=options.preferences(t) if invited else None,
        may_ask=kind in _MAY_ASK,
    )


def _explanation(visit: Visit, row: Json) -> str:
    """Where it stands. Whoever asked for themselves does not read that their pain team did."""
    asked_themselves = row["requester"] != "referrer" and row["status"] in ("submitted", "in_triage")
    return visit.t("home.own_request") if asked_themselves else str(row["status_sentence"])


def _meeting(visit: Visit, detail: Json, record: Json | None) -> Mapping[str, str] | None:
    """When a meeting is by the person's own clock, and by the clinic's where that shows another time."""
    meeting = detail["appointment"]
    if meeting is None:
        return None
    own = Dates(visit.language, record["time_zone"] if record else visit.clinic.time_zone, visit.now)
    here = visit.dates.clock(meeting["at"])
    clock = own.clock(meeting["at"])
    return {
        "day": own.weekday(meeting["at"]),
        "clock": clock,
        "here": here if here != clock else "",
        "minutes": str(meeting["minutes"]),
        "mode": meeting["mode"],
        "with": visit.staff_name(meeting["clinician_id"]),
    }


async def _meanwhile(visit: Visit, found: Standing) -> str:
    """The part of the programme that is open already."""
    if found.episode is None:
        return ""
    modules = await visit.maybe("interventions", at("episodes", found.episode["id"], "modules"))
    return next((f"/programme/{row['number']}" for row in modules or [] if row["state"] == "open"), "")


async def _programme(visit: Visit, detail: Json) -> Json | None:
    programmes = await visit.maybe("interventions", "/programmes", language=visit.language)
    offered = [one for one in programmes or [] if one["id"] == detail["programme_id"]]
    return max(offered, key=lambda one: int(one["version"]), default=None)


async def _treatment(visit: Visit, found: Standing, row: Json) -> Next:
    t = visit.t
    is_under_way = row["status"] == "in_treatment"
    if row["kind"] == "assessment":
        return Next(
            _WITH_US, t("home.assessment"), t("home.assessment_text") if is_under_way else row["status_sentence"]
        )
    if found.episode is None or (found.episode["status"] == "planned" and is_under_way):
        heading, text = (
            ("next.ready", t("next.ready_text")) if is_under_way else ("home.with_us", row["status_sentence"])
        )
        return Next("getting_ready" if is_under_way else _WITH_US, t(heading), text)
    return await _in_treatment(visit, found.episode, may_ask=not is_under_way)


async def _in_treatment(visit: Visit, episode: Json, *, may_ask: bool) -> Next:
    t = visit.t
    step = await visit.get("interventions", at("episodes", episode["id"], "next"), language=visit.language)
    address, check_in = await asyncio.gather(_address(visit, episode, step), open_check_in(visit, episode))
    return Next(
        step["kind"],
        step["heading"],
        step["explanation"],
        treatment={
            "title": step["title"],
            "address": address,
            "button": t(f"next.button.{step['kind']}") if address else "",
            "opens_at": step["opens_at"],
            "total": step["modules_total"],
            "done": step["modules_done"],
        },
        check_in=check_in,
        welcome=step.get("welcome") or "",
        break_until=step.get("break_until") or "",
        may_rest=step["kind"] in ("questionnaire", "module", "wait"),
        may_say=await _may_say(visit, episode),
        may_ask=may_ask,
    )


async def _may_say(visit: Visit, episode: Json) -> bool:
    """Whether the person is asked now how it was."""
    if episode["status"] != "finished":
        return False
    found = await visit.maybe("interventions", at("episodes", episode["id"], "feedback"))
    return bool(found and found["standing"] == "open")


async def _address(visit: Visit, episode: Json, step: Json) -> str:
    """Where the step is. Addresses count parts and forms instead of naming them by their codes."""
    if step["kind"] == "questionnaire":
        answered = await series(visit, episode)
        forms = [(form["occasion"], form["measure"]) for form in answered["forms"]]
        return f"/questions/{forms.index((step['occasion'], step['measure'])) + 1}"
    if step["kind"] == "module":
        modules = await visit.get("interventions", at("episodes", episode["id"], "modules"))
        return f"/programme/{next(row['number'] for row in modules if row['id'] == step['module_id'])}"
    return ""


async def open_check_in(visit: Visit, episode: Json) -> str:
    """Where the newest few questions are that may be answered now; nothing where there are none."""
    rows = await visit.maybe("interventions", at("episodes", episode["id"], "check-ins"))
    for number, row in reversed(list(enumerate(rows or [], start=1))):
        if row["state"] in ("due", "in_progress"):
            place = next(place for place, form in enumerate(row["forms"], start=1) if not form["complete"])
            return f"/questions/c{number}-{place}"
    return ""

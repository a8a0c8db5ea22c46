"""Pages of what a patient does in a part: one activity with its worksheet, and practice at home."""

from asyncio import to_thread
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from services.portal import worksheets
from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.standing import treatment
from services.portal.visit import Patient, Visit

router = APIRouter()


@router.get("/programme/{number}/activities/{place}")
async def activity(number: int, place: int, visit: Patient) -> Response:
    """One activity: what to do, and what was written before."""
    return await _activity(visit, number, place, None)


@router.post("/programme/{number}/activities/{place}")
async def save(number: int, place: int, visit: Patient) -> Response:
    """Keep what was written; the person goes on later, or is done with it."""
    words, form = visit.clinic.risk_words, visit.form
    # Until it is known what stands there already, help is shown for all that was sent.
    visit.worried = bool(words.found_in(text for values in form.fields.values() for text in values))
    path, page = await _found(visit, number, place)
    doing = _chosen(visit, page)
    typed = worksheets.typed(page["worksheet"], form)
    visit.worried = bool(words.found_in(worksheets.texts(worksheets.changed(typed, doing["written"]))))
    here = f"/programme/{number}/activities/{place}"
    body: dict[str, Any] = {
        "written": typed,
        "rating_before": form.number("before"),
        "rating_after": form.number("after"),
        "finish": bool(form.text("finish")),
    }
    return await visit.submit(
        "activity",
        "interventions",
        f"{path}/{doing['number']}",
        body,
        then=f"{here}/support" if visit.worried else f"/programme/{number}" if body["finish"] else here,
        done="activity-done" if body["finish"] else "activity-saved",
        again=partial(_activity, visit, number, place),
    )


@router.get("/programme/{number}/activities/{place}/support")
async def support(number: int, place: int, visit: Patient) -> Response:
    """Whom to call, before anything else."""
    return visit.page("support.html", forward=f"/programme/{number}/activities/{place}")


@router.get("/programme/{number}/activities/{place}/recording")
async def recording(number: int, place: int, visit: Patient) -> Response:
    """What the clinic recorded for an activity, in the reader's language; all of it, or the part that a player asks."""
    _, page = await _found(visit, number, place)
    found = visit.clinic.recording(page["activity"]["audio"], visit.language)
    if found is None or not await to_thread(Path(found.path).is_file):
        raise Refused(404, {"code": "not-found"})
    # A name of ours; the type is the one that its content was checked for at start, and browsers may not guess another.
    name = f"{found.name}.{found.kind}"
    return FileResponse(found.path, media_type=found.media_type, filename=name, content_disposition_type="inline")


@router.get("/practice")
async def practice(visit: Patient) -> Response:
    """What to practise at home, and how it went."""
    return await _practice(visit, None)


@router.post("/practice/{place}")
async def log_practice(place: int, visit: Patient) -> Response:
    """How often on one day."""
    episode, page = await _practices(visit)
    if not 1 <= place <= len(page["practices"]):
        raise Refused(404, {"code": "not-found"})
    return await visit.submit(
        f"practice-{place}",
        "interventions",
        at("episodes", episode["id"], "practice", page["practices"][place - 1]["id"]),
        {"day": visit.form.text("day") or page["today"], "times": visit.form.number("times") or 0},
        then="/practice",
        done="practice-logged",
        again=partial(_practice, visit),
    )


async def _activity(visit: Visit, number: int, place: int, problem: Problem | None) -> Response:
    _, page = await _found(visit, number, place)
    doing = _chosen(visit, page)
    return visit.page(
        "activity.html",
        problem=problem,
        page=page,
        doing=doing,
        earlier=[one for one in page["doings"] if one["number"] != doing["number"] and one["saved_at"]],
        values=worksheets.standing(page["worksheet"], doing["written"]),
        address=f"/programme/{number}/activities/{place}",
        recorded=visit.clinic.recording(page["activity"]["audio"], visit.language),
        back=f"/programme/{number}",
    )


async def _found(visit: Visit, number: int, place: int) -> tuple[str, Json]:
    """The address of an activity at its service, and what stands there. Raises `Refused` where there is none."""
    episode = await treatment(visit)
    if episode is None:
        raise Refused(404, {"code": "not-found"})
    rows = await visit.get("interventions", at("episodes", episode["id"], "modules"))
    if not 1 <= number <= len(rows):
        raise Refused(404, {"code": "not-found"})
    module = await visit.get("interventions", at("episodes", episode["id"], "modules", rows[number - 1]["id"]))
    activities = [one for session in module["content"]["sessions"] for one in session["activities"]]
    if not 1 <= place <= len(activities):
        raise Refused(404, {"code": "not-found"})
    path = at("episodes", episode["id"], "activities", activities[place - 1]["id"])
    return path, await visit.get("interventions", path, language=visit.language)


def _chosen(visit: Visit, page: Json) -> Json:
    """The doing that is asked for; the newest where none is."""
    wanted = visit.form.text("doing") or visit.request.query_params.get("doing", "")
    chosen: Json = next((one for one in page["doings"] if str(one["number"]) == wanted), page["doings"][-1])
    return chosen


async def _practices(visit: Visit) -> tuple[Json, Json]:
    episode = await treatment(visit)
    if episode is None:
        raise Refused(404, {"code": "not-found"})
    path = at("episodes", episode["id"], "practice")
    return episode, await visit.get("interventions", path, language=visit.language)


async def _practice(visit: Visit, problem: Problem | None) -> Response:
    if await treatment(visit) is None:
        return visit.page("practice.html", problem=problem, page=None)
    _, page = await _practices(visit)
    return visit.page("practice.html", problem=problem, page=page)

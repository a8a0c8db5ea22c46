"""The clinic's catalogue, as psychology looks through it: what patients and those whom they trust will read."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.calls import Json, Refused, at
from services.portal.visit import Psychology, Visit
from shared.clinical import measure

router = APIRouter(prefix="/catalogue")


@router.get("")
async def catalogue(visit: Psychology) -> Response:
    """Every programme, the course of those whom patients trust, and the questionnaires."""
    found = await _all(visit)
    older = [one for one in found["programmes"] if not one["newest"]]
    titles = [(name, visit.clinic.measures.wording(name, visit.language).title) for name in found["measures"]]
    return visit.page(
        "catalogue.html",
        programmes=[one for one in found["programmes"] if one["newest"]],
        older=older,
        course=found["course"],
        measures=titles,
    )


@router.get("/programmes/{programme_id}/{version}")
async def programme(programme_id: str, version: int, visit: Psychology) -> Response:
    """One version: its parts in their order, what is asked when, and where it comes from."""
    path = at("catalogue", "programmes", programme_id, str(version))
    found = await visit.get("interventions", path, language=visit.language)
    return visit.page("catalogue_programme.html", programme=found)


@router.get("/programmes/{programme_id}/{version}/parts/{number}")
async def part(programme_id: str, version: int, number: int, visit: Psychology) -> Response:
    """One part, as a patient reads it."""
    module = await _module(visit, programme_id, version, number)
    path = at("catalogue", "programmes", programme_id, str(version))
    return visit.page(
        "catalogue_part.html",
        module=module,
        back=path,
        states={},
        activities_at=f"{path}/parts/{number}/activities",
        before=f"{path}/parts/{number - 1}" if number > 1 else "",
        after=f"{path}/parts/{number + 1}" if number < module["total"] else "",
    )


@router.get("/programmes/{programme_id}/{version}/parts/{number}/activities/{place}")
async def activity(programme_id: str, version: int, number: int, place: int, visit: Psychology) -> Response:
    """One activity with what is filled in, as a patient sees it before they write anything."""
    module = await _module(visit, programme_id, version, number)
    activities = [one for session in module["content"]["sessions"] for one in session["activities"]]
    if not 1 <= place <= len(activities):
        raise Refused(404, {"code": "not-found"})
    shown = activities[place - 1]
    return visit.page(
        "catalogue_activity.html",
        activity=shown,
        sheet=module["worksheets"].get(shown["id"]),
        recorded=bool(shown["audio"] and visit.clinic.recording(shown["audio"], visit.language)),
        back=at("catalogue", "programmes", programme_id, str(version), "parts", str(number)),
    )


@router.get("/course/{part_id}")
async def course(part_id: str, visit: Psychology) -> Response:
    """One part of the course of those whom patients trust, all its pages in a row."""
    found = next((one for one in (await _all(visit))["course"] if one["id"] == part_id), None)
    if found is None:
        raise Refused(404, {"code": "not-found"})
    return visit.page("catalogue_course.html", part=found)


@router.get("/questions/{name}")
async def questions(name: str, visit: Psychology) -> Response:
    """One questionnaire, as it is asked."""
    if visit.clinic.measures.refusal(name) is not None:
        raise Refused(404, {"code": "not-found"})
    form = measure(name)
    wording = visit.clinic.measures.wording(name, visit.language).model_dump()
    blank = {"measure": name, "questions": wording, "lowest": form.lowest, "highest": form.highest}
    return visit.page("catalogue_questions.html", form=blank)


async def _all(visit: Visit) -> Json:
    found: Json = await visit.get("interventions", "/catalogue", language=visit.language)
    return found


async def _module(visit: Visit, programme_id: str, version: int, number: int) -> Json:
    path = at("catalogue", "programmes", programme_id, str(version), "modules", str(number))
    found: Json = await visit.get("interventions", path, language=visit.language)
    return found

"""What a patient has opened to somebody whom they trust, put together from the services that own it."""

import asyncio

from services.portal import picture
from services.portal.calls import Json, at
from services.portal.pages import score
from services.portal.visit import Visit


async def shared(visit: Visit, patient_id: str, caregiver_id: str) -> Json:
    """All that is open, as both of them see it. `away`: a part of it cannot be shown just now."""
    path, asked = at("patients", patient_id, "shared"), {"caregiver_id": caregiver_id, "language": visit.language}
    record, treatment = await asyncio.gather(
        visit.get("referrals", path, **asked), visit.maybe("interventions", path, **asked)
    )
    found = treatment or {}
    return {
        "name": record.get("name"),
        "open": record["open"],
        **{part: record.get(part) for part in ("news", "appointments", "plan")},
        "progress": found.get("progress"),
        "scores": None if found.get("scores") is None else _scores(visit, found["scores"]),
        "away": treatment is None and bool({"progress", "scores"} & set(record["open"])),
    }


def _scores(visit: Visit, found: list[Json]) -> list[Json]:
    """Each measure: a sentence, and a picture once there are two readings."""
    return [
        {**one, "sentence": _sentence(visit, one), "picture": _picture(visit, one["readings"], one)} for one in found
    ]


def _sentence(visit: Visit, measure: Json) -> str:
    course, readings = measure.get("course"), measure["readings"]
    if course is None:
        return visit.t("sharing.too_early")
    shown = {"first": score(readings[0]["value"]), "last": score(readings[-1]["value"])}
    return visit.t(f"sharing.score.{course}", highest=score(measure["highest"]), **shown)


def _picture(visit: Visit, readings: list[Json], measure: Json) -> picture.Picture | None:
    if len(readings) < 2:
        return None
    day = visit.dates.day
    dots = [
        picture.Reading(one["at"], one["value"], "plain", f"{day(one['at'])}: {score(one['value'])}.")
        for one in readings
    ]
    return picture.drawn(dots, [], measure["lowest"], measure["highest"], day)

"""What stands on the page of a referral for psychology: what the rules say, what is missing, where it can go."""

import asyncio
from typing import Any
from zoneinfo import ZoneInfo

from services.portal import options, scores
from services.portal.allowed import Allowed
from services.portal.calls import Json, at
from services.portal.options import Options
from services.portal.visit import Visit

OCCASIONS = ("note", "middle", "step_change")
MODES = ("in_person", "video", "online")
_USUAL_MINUTES = 50


async def beside(visit: Visit, referral: Json, can: Allowed) -> Json | None:
    """All that psychology reads and chooses from; `None` for anybody else."""
    if visit.user.role != "psychology":
        return None
    said, programmes = await asyncio.gather(
        visit.maybe("referrals", at("referrals", referral["id"], "recommendation"), language=visit.language),
        visit.maybe("interventions", "/programmes", language=visit.language),
    )
    recommendation = said["recommendation"] if said else None
    return {
        "can": can,
        "said": said,
        "recommendation": recommendation,
        **_to_accept(visit, referral, recommendation, programmes or []),
        **_to_meet(visit),
        "redirects": redirects(visit, referral["pathway"]),
        "preferences": preferences(visit, referral["preferences"]),
        "attachments": _attachments(visit, referral["attachments"]),
        "place": _place(visit, referral["place_id"]),
        "paused": next((one for one in reversed(referral["pauses"]) if one["until"] is None), None),
        "occasions": options.options(visit.t, "steps.occasion", OCCASIONS),
    }


def redirects(visit: Visit, pathway: str) -> Options:
    """Where triage can send somebody on to: the clinic's other pathways, then the services outside that it names."""
    ours = {one.id: getattr(one.name, visit.language) for one in visit.clinic.pathways if one.id != pathway}
    outside = {id: getattr(name, visit.language) for id, name in visit.clinic.redirects.items()}
    return [*ours.items(), *outside.items()]


def preferences(visit: Visit, wishes: Json) -> Options:
    """How the person would like to be helped, in words; what they do not mind is left out."""
    t = visit.t
    words = {
        "format": wishes["format"] and t(f"triage.format.{wishes['format']}"),
        "mode": wishes["mode"] and t(f"triage.mode.{wishes['mode']}"),
        "language": wishes["language"] and t(f"language.{wishes['language']}"),
        "times": ", ".join(t(f"triage.time.{one}") for one in wishes["times"]),
    }
    return [(t(f"triage.preference.{name}"), said) for name, said in words.items() if said]


def _attachments(visit: Visit, attachments: list[Json]) -> list[Json]:
    """What came along, each as a text or as the score of a measure."""
    return [
        {**one, "scores": scores.readings([one["reading"]], visit.t) if one["reading"] else []} for one in attachments
    ]


def _to_accept(visit: Visit, referral: Json, recommendation: Json | None, rows: list[Json]) -> dict[str, Any]:
    """The programmes that the clinic offers, each in its newest version. What the rules recommend is chosen already."""
    t, said = visit.t, recommendation or {"step": None, "urgency": None}
    newest = {row["id"]: row for row in sorted(rows, key=lambda row: int(row["version"]))}
    offered = [newest[id] for id in visit.clinic.programmes if id in newest]
    return {
        "programmes": [(row["id"], row["title"]) for row in offered] or [("", t("act.usual_programme"))],
        "steps": options.options(t, "step", options.STEPS),
        "priorities": options.options(t, "priority", options.PRIORITIES),
        "usual_step": said["step"] or (offered[0]["step"] if offered else 1),
        "usual_priority": said["urgency"] or referral["priority"] or "",
    }


def _to_meet(visit: Visit) -> dict[str, Any]:
    """With whom and how a first meeting can be. The reader is chosen already."""
    staff = [(one.id, one.name) for one in visit.clinic.staff if one.role == "psychology"]
    return {
        "clinicians": staff,
        "me": visit.user.id,
        "modes": options.options(visit.t, "triage.mode", MODES),
        "minutes": _USUAL_MINUTES,
        "zone": ZoneInfo(visit.clinic.time_zone).key.rpartition("/")[2].replace("_", " "),
    }


def _place(visit: Visit, id: str | None) -> Json | None:
    """Where they wait, or have a seat."""
    if id is None:
        return None
    found = visit.clinic.place(id)
    return {"id": id, "name": getattr(found.name, visit.language) if found else visit.t("places.unknown")}

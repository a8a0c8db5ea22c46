"""All that is kept about a person and that they may read, out of the three services: to read, to print, to take along.

It is asked for in the person's own name, so nothing of anybody else can be in it, and no note that a clinician keeps
apart. While a service is away there is none: it would look whole.
"""

import asyncio
from typing import Any

from services.portal import worksheets
from services.portal.calls import Json, Refused, at
from services.portal.timeline import SERVICES
from services.portal.visit import Visit

FORMAT = "carepath.record.v1"


async def everything(visit: Visit) -> Json:
    """The whole record. docs/record.md says what stands where. Raises `Away`."""
    me = visit.user.id
    person, rows, plan, episodes, circles, groups, messages, wishes, reach, history = await asyncio.gather(
        visit.get("referrals", at("patients", me)),
        visit.get("referrals", at("patients", me, "referrals"), language=visit.language),
        _found(visit, "referrals", at("patients", me, "care-plan"), language=visit.language),
        visit.get("interventions", "/episodes", list="mine", language=visit.language),
        visit.get("interventions", "/circle-members", patient_id=me),
        visit.get("interventions", "/memberships", patient_id=me, language=visit.language),
        _found(visit, "notifications", at("agendas", me, "inbox"), language=visit.language),
        _found(visit, "notifications", at("agendas", me, "preferences")),
        _found(visit, "notifications", at("agendas", me, "reach")),
        _history(visit),
    )
    referrals, treatments = await asyncio.gather(
        asyncio.gather(*(visit.get("referrals", at("referrals", row["id"]), language=visit.language) for row in rows)),
        asyncio.gather(*(_treatment(visit, row) for row in episodes)),
    )
    return {
        "format": FORMAT,
        "made_at": visit.now.isoformat(),
        "language": visit.language,
        "person": person,
        "referrals": list(referrals),
        "care_plan": plan,
        "treatments": list(treatments),
        "groups": groups,
        "circles": circles,
        "messages": messages,
        "message_wishes": wishes,
        "ways_of_reaching": reach,
        "history": history,
    }


async def _treatment(visit: Visit, row: Json) -> Json:
    """One treatment: its parts, all answers, all that was written."""
    path = at("episodes", row["id"])
    detail, modules, tasks, check_ins, practice, measures, feedback = await asyncio.gather(
        *(
            visit.get("interventions", f"{path}{part}", language=visit.language)
            for part in ("", "/modules", "/tasks", "/check-ins", "/practice", "/measures")
        ),
        _found(visit, "interventions", f"{path}/feedback"),
    )
    series = await _found(visit, "interventions", at("series", detail["series_id"]))
    forms = [(at("series", detail["series_id"], form["occasion"], form["measure"]), form) for form in _forms(series)]
    forms += [(at("check-ins", one["id"], form["measure"]), form) for one in check_ins for form in _forms(one)]
    activities = [task["id"] for task in tasks if task["kind"] == "activity"]
    answered, written = await asyncio.gather(
        asyncio.gather(*(_found(visit, "interventions", form, language=visit.language) for form, _ in forms)),
        asyncio.gather(
            *(
                _found(visit, "interventions", f"{path}{at('activities', id)}", language=visit.language)
                for id in activities
            )
        ),
    )
    return {
        "treatment": detail,
        "parts": modules,
        "measures": measures,
        "questionnaires": [page for page in answered if page is not None],
        "activities": [page for page in written if page is not None and any(one["written"] for one in page["doings"])],
        "practice": practice["practices"],
        "feedback": feedback,
    }


def _forms(found: Json | None) -> list[Json]:
    return [form for form in (found or {"forms": []})["forms"] if form["answered"]]


async def _history(visit: Visit) -> list[Json]:
    parts = await asyncio.gather(*(_found(visit, service, at("timeline", visit.user.id)) for service in SERVICES))
    found = [entry for part in parts for entry in (part or {"entries": []})["entries"]]
    return sorted(found, key=lambda entry: (entry["time"], entry["id"]))


async def _found(visit: Visit, service: str, path: str, **query: str) -> Any:
    """What is there; None where there is nothing yet, or nothing for this person. Raises `Away`."""
    try:
        return await visit.get(service, path, **query)
    except Refused as refused:
        if refused.status in (403, 404, 409):
            return None
        raise


def answers(page: Json) -> list[tuple[str, str]]:
    """A questionnaire as it was answered: each question, and the words or the number that were chosen."""
    wording = page["questions"]
    labels = {str(value): label for value, label in wording["options"]}
    given = [(int(number), str(value)) for number, value in page["answers"].items()]
    return [(wording["items"][number - 1], labels.get(value, value)) for number, value in sorted(given)]


def written(page: Json) -> list[tuple[str | None, list[str]]]:
    """An activity: for each doing its last day, and all that was written."""
    return [
        (one["finished_at"] or one["saved_at"], worksheets.texts(one["written"]))
        for one in page["doings"]
        if worksheets.texts(one["written"])
    ]

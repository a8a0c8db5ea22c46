"""What pages of circles need of what services say: which circle somebody is in, who may be asked, how people read."""

import asyncio
from collections.abc import Iterable

from services.portal import options
from services.portal.calls import Json, at
from services.portal.forms import Form
from services.portal.visit import Visit
from services.portal.words import Words

HERE = ("invited", "joined")
WORDS = ("thinking_of_you", "good_to_see_you", "how_did_it_go", "well_done")
REPORTS = ("hurtful", "worried_about_them", "medical_advice", "private_matter", "other")
MOST_OFFERED = 100
"""People in a choice of whom to ask: more cannot be looked through on one page."""
REMOVALS = ("against_rules", "about_somebody", "medical_advice", "advertising", "other")


def current(parts: list[Json] | None) -> Json | None:
    """The circle that somebody is in, else one that they are invited to; only of those that go on."""
    rows = [row for row in parts or [] if row["status"] in HERE and row["circle_status"] == "open"]
    return next((row for row in rows if row["status"] == "joined"), rows[0] if rows else None)


def contact(form: Form) -> Json:
    """What was said of a contact. Whatever is missing is left so, to be refused."""
    reached = {"yes": True, "no": False}.get(form.text("reached"))
    return {
        "kind": form.text("kind"),
        "reached": reached,
        "minutes": form.number("minutes"),
        "note": form.optional("note"),
    }


def checked(form: Form) -> Json:
    """Shown, or not shown and why."""
    show = form.text("show") == "yes"
    return {"show": show, "reason_code": None if show else form.optional("reason")}


def meeting(visit: Visit) -> Json:
    """When and where a meeting is to be, of what was typed."""
    form = visit.form
    return {
        "at": visit.dates.at(form.text("at")),
        "minutes": form.number("minutes"),
        "where": form.optional("where"),
        "topic": form.text("topic"),
    }


def contact_choices(t: Words) -> dict[str, options.Options]:
    """How somebody was in touch, and whether they were reached."""
    return {
        "kinds": options.options(t, "circle.contact_kind", options.CONTACT_KINDS),
        "reached": options.options(t, "circle.reached", ("yes", "no")),
    }


def topics(agenda: Iterable[Json], meetings: Iterable[Json]) -> options.Options:
    """What a meeting can be about, what had no meeting yet first."""
    had = {one["topic"]["id"] for one in meetings if one["topic"]}
    return [(one["id"], one["title"]) for one in sorted(agenda, key=lambda one: one["id"] in had)]


def called(members: Iterable[Json], t: Words) -> dict[str, str]:
    """What to call everybody in a circle, by who they are in it; those who show no name have a number."""
    return {one["id"]: one["name"] or _unnamed(one["number"], t) for one in members}


def _unnamed(number: int | None, t: Words) -> str:
    return t("circle.unnamed", number=number) if number else t("circle.somebody")


async def treated(visit: Visit, group_id: str | None = None) -> list[Json]:
    """Treatments of people who may be asked, `MOST_OFFERED` at most: the group first, then whoever has finished,
    then the others.
    """
    asked = [visit.maybe("interventions", "/episodes", list=name) for name in ("finished", "active")]
    group = visit.found("interventions", at("groups", group_id), language=visit.language) if group_id else _nobody()
    finished, active, came = await asyncio.gather(*asked, group)
    seats = [one for one in (came or {}).get("members", []) if one["attended"] or one["status"] == "seat"]
    first = [{"id": one["episode_id"], "patient_id": one["patient_id"]} for one in seats]
    by_person: dict[str, Json] = {}
    for row in [*first, *(finished or []), *(active or [])]:
        by_person.setdefault(row["patient_id"], {"id": row["id"], "patient_id": row["patient_id"]})
    return list(by_person.values())[:MOST_OFFERED]


def team(visit: Visit) -> options.Options:
    """Everybody of psychology."""
    return [(one.id, one.name) for one in visit.clinic.staff if one.role == "psychology"]


async def _nobody() -> None:
    return None

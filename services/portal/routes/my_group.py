"""A person's own group: answer, see when it meets and with whom, say that one cannot come, leave; and its calendar."""

import hashlib
import hmac
from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import options
from services.portal.calls import Away, Json, Refused, at
from services.portal.forms import Problem
from services.portal.groups import present
from services.portal.settings import PortalSettings
from services.portal.visit import Anybody, Patient, Visit
from shared.runtime.auth import User

router = APIRouter()

REASONS = ("time_does_not_fit", "format_does_not_fit", "too_soon", "other")
_US = User("portal", "service")


@router.get("/my-group")
async def my_group(visit: Patient) -> Response:
    """The group that they are in, or are asked to."""
    return await _my_group(visit, None)


@router.post("/my-group/answer")
async def answer(visit: Patient) -> Response:
    """Yes or rather not."""
    form = visit.form
    yes = form.text("accept") == "yes"
    body = {
        "accept": yes,
        "rules_version": form.number("rules_version"),
        "name": form.optional("name") if form.text("shown") == "name" else None,
        "reason_code": None if yes else form.optional("reason_code"),
    }
    return await _change(visit, "answer", "answer-group", body, "group-yes" if yes else "group-no")


@router.post("/my-group/name")
async def change_name(visit: Patient) -> Response:
    """Be shown otherwise."""
    name = visit.form.optional("name") if visit.form.text("shown") == "name" else None
    return await _change(visit, "name", "group-name", {"name": name}, "group-name")


@router.post("/my-group/rules")
async def agree(visit: Patient) -> Response:
    """Yes to the rules as they are now."""
    body = {"rules_version": visit.form.number("rules_version") or 0}
    return await _change(visit, "rules", "group-rules", body, "group-rules")


@router.post("/my-group/absence")
async def absence(visit: Patient) -> Response:
    """They cannot come to a meeting."""
    number = visit.form.number("number") or 0
    body = {"number": number, "at": visit.form.optional(f"at-{number}")}
    return await _change(visit, "absence", "group-absence", body, "group-absence")


@router.get("/my-group/leave")
async def leaving(visit: Patient) -> Response:
    """Asked once."""
    return visit.page("leave_group.html", problem=None, membership=await _membership(visit))


@router.post("/my-group/leave")
async def leave(visit: Patient) -> Response:
    """Leave the group."""
    return await _change(visit, "leave", "leave-group", {}, "group-left")


@router.get("/calendar/{name}.ics")
async def calendar(name: str, visit: Anybody) -> Response:
    """A person's meetings for a calendar that cannot sign in: whoever has the address may read them. Raises `Refused`
    for an address that we did not give.
    """
    membership_id, _, signature = name.rpartition(".")
    if not membership_id or not hmac.compare_digest(signature, sign(visit.portal.settings, membership_id)):
        raise Refused(404, {"code": "not-found"})
    text = await visit.portal.calls.text(
        _US, str(visit.request.state.correlation), "interventions", at("memberships", membership_id, "calendar")
    )
    return Response(text, media_type="text/calendar", headers={"Cache-Control": "private, max-age=900"})


def sign(settings: PortalSettings, membership_id: str) -> str:
    """What stands in the address of a calendar; nobody else can know it."""
    what = f"calendar of {membership_id}".encode()
    return hmac.new(settings.token_secret.encode(), what, hashlib.sha256).hexdigest()[:40]


async def own(visit: Visit) -> list[Json] | None:
    """Every group that they are or were asked to; `None` while that is not known."""
    rows: list[Json] | None = await visit.maybe(
        "interventions", "/memberships", patient_id=visit.user.id, language=visit.language
    )
    return rows


async def _my_group(visit: Visit, problem: Problem | None) -> Response:
    membership = await _membership(visit)
    address = f"/calendar/{membership['id']}.{sign(visit.portal.settings, membership['id'])}.ics"
    return visit.page(
        "my_group.html",
        problem=problem,
        membership=membership,
        meetings=await _with_parts(visit, membership),
        reasons=options.options(visit.t, "group.reason", REASONS),
        calendar=address,
        to_come=[one for one in membership["sessions"] if not one["begun"]],
    )


async def _membership(visit: Visit) -> Json:
    rows = await own(visit)
    if rows is None:
        raise Away("interventions")
    row = present(rows)
    if row is None:
        raise Refused(404, {"code": "not-found"})
    found: Json = await visit.get("interventions", at("memberships", row["id"]), language=visit.language)
    return found


async def _with_parts(visit: Visit, membership: Json) -> list[Json]:
    """Each meeting with the page of what it went through, where that is open for them."""
    try:
        path = at("episodes", membership["episode_id"], "modules")
        modules = await visit.found("interventions", path, language=visit.language) or []
    except Away:
        modules = []
    opened = {row["id"]: number for number, row in enumerate(modules, start=1) if row["state"] != "locked"}
    return [
        {**one, "part": next((opened[id] for id in one["module_ids"] if id in opened), None)}
        for one in membership["sessions"]
    ]


async def _change(visit: Visit, what: str, form: str, body: Json, done: str) -> Response:
    membership = await _membership(visit)
    return await visit.submit(
        form,
        "interventions",
        at("memberships", membership["id"], what),
        body,
        then="/" if what in ("leave",) else "/my-group",
        done=done,
        again=partial(_my_group, visit),
    )

"""A person's own circle: answer, meet, write, share goals, send a kind word, leave; and what whoever leads it does."""

from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import circles as c
from services.portal import options
from services.portal.calls import Away, Json, Refused, at
from services.portal.forms import Problem
from services.portal.visit import Patient, Visit

router = APIRouter()


@router.get("/my-circle")
async def my_circle(visit: Patient) -> Response:
    """On to the circle that they are in, or are invited to."""
    found = await own(visit)
    if found is None:
        raise Away("interventions")
    row = c.current(found) or next(iter(found), None)
    if row is None:
        raise Refused(404, {"code": "not-found"})
    return visit.go(f"/my-circle/{row['id']}")


@router.get("/my-circle/{part}")
async def one(part: str, visit: Patient) -> Response:
    """One circle, with what they may read of the others."""
    return await _one(visit, part, None)


@router.post("/my-circle/{part}/answer")
async def answer(part: str, visit: Patient) -> Response:
    """Yes or rather not."""
    yes = visit.form.text("accept") == "yes"
    name = _name(visit) if yes else None
    body = {"accept": yes, "rules_version": visit.form.number("rules_version"), "name": name}
    done = "circle-yes" if yes else "circle-no"
    return await _change(visit, part, "answer", "answer-circle", body, done, _after(visit, part, name))


@router.post("/my-circle/{part}/name")
async def change_name(part: str, visit: Patient) -> Response:
    """Be shown otherwise."""
    name = _name(visit)
    return await _change(visit, part, "name", "circle-name", {"name": name}, "circle-name", _after(visit, part, name))


@router.post("/my-circle/{part}/posts")
async def write(part: str, visit: Patient) -> Response:
    """Write to the others. Where words worry, help comes before anything else."""
    form = visit.form
    kind = "goal" if form.text("kind") == "goal" else "message"
    if not form.text("text"):
        missing = {"text": "post-missing"}
        return await _one(visit, part, Problem(f"write-{kind}", "post-missing", fields=missing, kept=form))
    return await visit.submit(
        f"write-{kind}",
        "interventions",
        at("circle-members", part, "posts"),
        {"kind": kind, "text": form.text("text")},
        then=_after(visit, part, form.text("text")),
        done=f"circle-{kind}",
        again=partial(_one, visit, part),
    )


@router.get("/my-circle/{part}/support")
async def support(part: str, visit: Patient) -> Response:
    """Whom to call, before anything else."""
    return visit.page("support.html", forward=f"/my-circle/{part}")


@router.post("/my-circle/{part}/posts/{post_id}/{what}")
async def meet(part: str, post_id: str, what: str, visit: Patient) -> Response:
    """Share a goal, say that one's own is reached, or ask us to look at a message."""
    if what not in ("join", "reached", "report"):
        raise Refused(404, {"code": "not-found"})
    return await visit.submit(
        f"{what}-{post_id}",
        "interventions",
        at("circle-posts", post_id, what),
        {"reason_code": visit.form.text("reason_code")} if what == "report" else {},
        then=f"/my-circle/{part}",
        done=f"circle-{what}",
        again=partial(_one, visit, part),
    )


@router.post("/my-circle/{part}/words")
async def kind_word(part: str, visit: Patient) -> Response:
    """Send somebody a kind word."""
    to = visit.form.text("to")
    body = {"to": to, "word": visit.form.text("word")}
    return await _change(visit, part, "nudges", f"word-{to}", body, "circle-word")


@router.post("/my-circle/{part}/mutes")
async def mute(part: str, visit: Patient) -> Response:
    """Do not read somebody, or do again. They do not learn of it."""
    muted = visit.form.text("muted") == "yes"
    body = {"member_id": visit.form.text("to"), "muted": muted}
    return await _change(visit, part, "mutes", "mute", body, "circle-muted" if muted else "circle-unmuted")


@router.get("/my-circle/{part}/leave")
async def leaving(part: str, visit: Patient) -> Response:
    """Asked once."""
    return visit.page("leave_circle.html", own=await _part(visit, part))


@router.post("/my-circle/{part}/leave")
async def leave(part: str, visit: Patient) -> Response:
    """Leave without a trace."""
    return await _change(visit, part, "leave", "leave-circle", {}, "circle-left", "/")


async def own(visit: Visit) -> list[Json] | None:
    """Every circle that they are or were in, or were invited to; `None` while that is not known."""
    rows: list[Json] | None = await visit.maybe("interventions", "/circle-members", patient_id=visit.user.id)
    return rows


def _after(visit: Visit, part: str, typed: str | None) -> str:
    """Where to go on from what was typed: where words worry, to whom to call."""
    visit.worried = bool(visit.clinic.risk_words.found_in([typed or ""]))
    return f"/my-circle/{part}/support" if visit.worried else f"/my-circle/{part}"


async def _part(visit: Visit, part: str) -> Json:
    path = at("circle-members", part)
    found: Json = await visit.get("interventions", path, language=visit.language, **visit.place)
    return found


async def _one(visit: Visit, part: str, problem: Problem | None) -> Response:
    found = await _part(visit, part)
    others = [row for row in await own(visit) or [] if row["id"] != part and row["status"] in c.HERE]
    return visit.page(
        "my_circle.html",
        problem=problem,
        own=found,
        others=others,
        called=c.called(found["members"], visit.t),
        here=f"/my-circle/{part}",
        kind_words=options.options(visit.t, "circle.word", c.WORDS),
        reports=options.options(visit.t, "circle.report_why", c.REPORTS),
    )


async def _change(
    visit: Visit, part: str, what: str, form: str, body: dict[str, Any], done: str, then: str = ""
) -> Response:
    return await visit.submit(
        form,
        "interventions",
        at("circle-members", part, what),
        body,
        then=then or f"/my-circle/{part}",
        done=done,
        again=partial(_one, visit, part),
    )


def _name(visit: Visit) -> str | None:
    return visit.form.optional("name") if visit.form.text("shown") == "name" else None

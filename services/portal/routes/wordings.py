"""What the clinic's messages say: psychology reads the words, writes others, looks at them, and publishes them."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.visit import Psychology, Visit

router = APIRouter()

_PARTS = ("email", "short", "inbox", "because")
_CHANGES = ("publish", "restore")


@router.get("/wordings")
async def every(visit: Psychology) -> Response:
    """All messages by what they are about, each in both languages."""
    rows = await visit.get("notifications", "/wordings")
    return visit.page("wordings.html", groups=_groups(visit, rows))


@router.get("/wordings/{template}/{language}")
async def one(template: str, language: str, visit: Psychology) -> Response:
    """One of them: its words, the draft with its faults, how it would look, and what waits."""
    return await _page(visit, template, language, None)


@router.post("/wordings/{template}/{language}/draft")
async def draft(template: str, language: str, visit: Psychology) -> Response:
    """Keep what was written; nobody reads it yet."""
    page = at("wordings", template, language)
    return await visit.submit(
        "draft-wording",
        "notifications",
        f"{page}/draft",
        {name: visit.form.text(name) for name in _PARTS},
        then=page,
        done="wording-draft",
        again=partial(_page, visit, template, language),
    )


@router.post("/wordings/{template}/{language}/{change}")
async def change(template: str, language: str, change: str, visit: Psychology) -> Response:
    """Publish the draft, or restore the shipped words."""
    if change not in _CHANGES:
        raise Refused(404, {"code": "not-found"})
    page = at("wordings", template, language)
    return await visit.submit(
        f"{change}-wording",
        "notifications",
        f"{page}/{change}",
        {"reword": visit.form.text("waiting") == "new"},
        then=page,
        done=f"wording-{change}",
        again=partial(_page, visit, template, language),
    )


async def _page(visit: Visit, template: str, language: str, problem: Problem | None) -> Response:
    found = await visit.get("notifications", at("wordings", template, language))
    waiting = [(one, visit.t(f"wording.waiting_choice.{one}")) for one in ("keep", "new")]
    return visit.page("wording.html", problem=_ours(problem), found=found, parts=_PARTS, waiting_choices=waiting)


def _ours(problem: Problem | None) -> Problem | None:
    """A fault is shown beside its part; and a part that is too long is no e-mail address that is wrong."""
    if problem is None:
        return None
    code = "wording-faulty" if "part" in problem.detail else problem.code
    return replace(problem, code=code, fields=dict.fromkeys(problem.fields, "wording-too-long"))


def _groups(visit: Visit, rows: Iterable[Json]) -> list[tuple[str, list[dict[str, Json]]]]:
    """What messages are about, and for each message its rows by language."""
    return [
        (title, [{row["language"]: row for row in both} for _, both in groupby(some, lambda row: row["template"])])
        for title, some in groupby(rows, lambda row: _title(visit, row))
    ]


def _title(visit: Visit, row: Json) -> str:
    if row["for_staff"]:
        return visit.t("wording.for_staff")
    return visit.t(f"messages_of.category.{row['category']}") if row["category"] else visit.t("messages_of.other")

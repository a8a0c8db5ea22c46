"""Lists that staff work from: whom they show, and in which order, stands in the address, so that it can be kept.

No rule is here: the service chooses and sorts, and says how many it looked through.
"""

from typing import Any
from urllib.parse import urlencode

from fastapi.responses import Response

from services.portal import options, refresh, saved_views
from services.portal.calls import Json
from services.portal.forms import Problem
from services.portal.options import Options
from services.portal.visit import Again, Visit

FILTERS = ("contains", "priority", "due", "responsible", "sort")
_DUE = ("overdue", "week")
_SORTS = ("wait", "due", "name", "priority")
LONGEST = 64
"""Letters that the service takes of what is typed or chosen."""


async def read(visit: Visit, worklist: str) -> Json:
    """The page of the list that is asked for, of those who were chosen."""
    asked = {**_asked(visit), **visit.place}
    found: Json = await visit.get("referrals", "/referrals", list=worklist, language=visit.language, **asked)
    return found


def page(
    visit: Visit, template: str, path: str, listed: Json, problem: Problem | None = None, **values: Any
) -> Response:
    """The list at `path`, with what it is chosen by."""
    asked = _asked(visit)
    return refresh.page(
        visit,
        template,
        listed,
        problem=problem,
        listed=listed,
        list_path=path,
        list_here=address(path, asked),
        asked=asked,
        choices=_choices(visit),
        following=address(path, {**asked, "after": listed["next"]}) if listed["next"] else None,
        **values,
    )


async def keep(visit: Visit, path: str, again: Again) -> Response:
    """Keep the list as a view, as it is chosen and sorted, but for what was searched for: that may be a name."""
    name, asked, settings = visit.form.text("name"), _asked(visit), visit.portal.settings
    chosen = {filter: value for filter, value in asked.items() if filter != "contains"}
    views = saved_views.read(settings, visit.request, visit.user)
    kept = saved_views.added(views, saved_views.View(name, address(path, chosen)))
    is_named = 0 < len(name) <= saved_views.LONGEST_NAME
    if not is_named or kept is None:
        code = "views-full" if is_named else "view-name-missing"
        return await again(Problem("keep-view", code, fields={"name": code}, kept=visit.form))
    answer = visit.go(address(path, asked), "view-kept")
    saved_views.keep(settings, answer, visit.user, kept)
    return answer


def remove(visit: Visit, back: str) -> Response:
    """Forget a view."""
    settings = visit.portal.settings
    views = saved_views.read(settings, visit.request, visit.user)
    answer = visit.go(back, "view-removed")
    saved_views.keep(settings, answer, visit.user, [one for one in views if one.name != visit.form.text("name")])
    return answer


def _asked(visit: Visit) -> dict[str, str]:
    """What the list is chosen by: of its address, or of the form that keeps it."""
    query = visit.request.query_params
    sent = {name: visit.form.text(name) or query.get(name, "").strip() for name in FILTERS}
    return {name: value[:LONGEST] for name, value in sent.items() if value}


def address(path: str, query: dict[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _choices(visit: Visit) -> dict[str, Options]:
    """Of a referrer's list all are the referrer's; who in psychology looks after somebody is psychology's to sort."""
    t, all_of_them = visit.t, ("", visit.t("lists.all"))
    colleagues = [one for one in visit.clinic.staff if one.role == "psychology" and one.id != visit.user.id]
    people = [
        (visit.user.id, t("lists.me")),
        ("nobody", t("lists.nobody")),
        *((one.id, one.name) for one in colleagues),
    ]
    found = {
        "priority": [all_of_them, *options.options(t, "priority", options.PRIORITIES)],
        "due": [all_of_them, *options.options(t, "lists.due", _DUE)],
        "responsible": [all_of_them, *people] if visit.user.role == "psychology" else [],
        "sort": [("", t("lists.usual")), *options.options(t, "lists.sort", _SORTS)],
    }
    return {name: choices for name, choices in found.items() if choices}

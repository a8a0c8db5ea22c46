"""Routes of an episode and its modules."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.interventions import access
from services.interventions.api.serving import Body, ReadIn, Served, present_series
from services.interventions.domain.episode.commands import (
    CompleteModule,
    FinishEpisode,
    MigrateEpisode,
    SetModuleAside,
    UnlockModule,
)
from services.interventions.reactions import episode_of
from services.interventions.views import episodes as view
from services.interventions.views.actions import Action, actions
from services.interventions.views.engagement import resting_until, welcome_back
from services.interventions.views.next_step import NextStep, next_step
from shared.contracts.commands import Rejected
from shared.contracts.interventions import AsideReason
from shared.contracts.referrals import EndDetail, EndReason
from shared.runtime.http import Caller, Found, allow

router = APIRouter(tags=["episodes"])

EpisodeList = Literal["active", "planned", "finished", "to_review", "ready_to_finish", "mine"]
_BY_KEY = {"ready_to_finish": {"ready": "yes"}, "to_review": {"review": "yes"}}


class Reason(Body):
    """Why a module opens early. It is kept on record."""

    reason: str = ""


class Aside(Body):
    """Why a module is left undone."""

    reason_code: AsideReason


class Newer(Body):
    """The version of the programme to go on in."""

    version: int


class Ending(Body):
    """How a treatment ended. `recommendation` is what the pain team reads; never a session note."""

    end_reason: EndReason
    end_detail: EndDetail | None = None
    recommendation: str | None = None


@router.get("/episodes")
async def list_episodes(
    content: Served,
    chosen: EpisodeList = Query(alias="list"),
    referral: Annotated[list[str] | None, Query(max_length=200)] = None,
    patient: str | None = None,
    language: ReadIn = "en",
    caller: Caller = allow("psychology", "patient", "service"),
) -> list[view.EpisodeRow]:
    """Worklists of psychology; a patient's own treatments are `mine`. Of a list, those that these referrals led to, or
    those of one patient: whoever shows some rows asks for these, and not for a list that grows with the clinic.
    """
    if (chosen == "mine") != (caller.user.role == "patient"):
        raise Rejected("list-not-allowed")
    found = await _listed(caller, chosen, referral, patient)
    allowed = [one for one in found if access.sees(caller.user, one.state)]
    return view.worklist(content, allowed, caller.now, language)


async def _listed(
    caller: Caller, chosen: EpisodeList, referrals: Sequence[str] | None, patient: str | None
) -> Sequence[Found]:
    if chosen == "mine":
        return await caller.find("episode", patient_id=caller.user.id)
    where = _BY_KEY.get(chosen, {"status": chosen})
    if referrals is not None:
        some = await caller.load_many("episode", map(episode_of, referrals), may=access.sees)
        found = list(some.values())
    elif patient is not None:
        found = await caller.find("episode", patient_id=patient)
    else:
        return await caller.find("episode", **where)
    keys_of = caller.core.aggregates["episode"].keys
    return [one for one in found if where.items() <= dict(keys_of(one.state)).items()]


@router.get("/referrals/{referral_id}/episodes")
async def list_episodes_of_referral(
    referral_id: str, content: Served, language: ReadIn = "en", caller: Caller = allow("psychology", "patient")
) -> list[view.EpisodeRow]:
    """The treatments that a referral led to, those that have ended too."""
    found = await caller.find("episode", referral_id=referral_id)
    allowed = [one for one in found if access.sees(caller.user, one.state)]
    return view.worklist(content, allowed, caller.now, language)


@router.get("/episodes/{episode_id}")
async def read_episode(
    episode_id: str,
    content: Served,
    language: ReadIn = "en",
    caller: Caller = allow("psychology", "patient", "service"),
) -> view.EpisodeDetail:
    """One treatment, with its scores."""
    found = await caller.load("episode", episode_id, may=access.sees)
    return view.episode_detail(content, found, caller.now, language)


@router.get("/episodes/{episode_id}/actions")
async def read_actions(
    episode_id: str, content: Served, caller: Caller = allow("psychology", "patient")
) -> list[Action]:
    """What the caller may do now, and why not."""
    found = await caller.load("episode", episode_id, may=access.sees)
    return actions(content, found.state, caller.user, caller.now)


@router.get("/episodes/{episode_id}/next")
async def read_next_step(
    episode_id: str,
    content: Served,
    language: ReadIn = "en",
    caller: Caller = allow("psychology", "patient", "service"),
) -> NextStep:
    """The patient's one next step."""
    found = await caller.load("episode", episode_id, may=access.sees)
    step = next_step(content, found.state, await present_series(caller, found), language)
    engagements = await caller.find("engagement", episode_id=episode_id)
    if not engagements:
        return step
    state = engagements[0].state
    welcome = welcome_back(content, state, caller.now, language)
    return step.model_copy(update={"welcome": welcome, "break_until": resting_until(content, state, caller.now)})


@router.get("/episodes/{episode_id}/modules")
async def list_modules(
    episode_id: str,
    content: Served,
    language: ReadIn = "en",
    caller: Caller = allow("psychology", "patient", "service"),
) -> list[view.ModuleRow]:
    """The modules in order: done, open or locked."""
    found = await caller.load("episode", episode_id, may=access.sees)
    return view.module_rows(content, found.state, language)


@router.get("/episodes/{episode_id}/modules/{module_id}")
async def read_module(
    episode_id: str,
    module_id: str,
    content: Served,
    language: ReadIn = "en",
    caller: Caller = allow("psychology", "patient"),
) -> view.ModuleContent:
    """The words of one module. Psychology may read ahead."""
    found = await caller.load("episode", episode_id, may=access.sees)
    ahead = caller.user.role == "psychology"
    return view.module_content(content, found, module_id, language, may_read_ahead=ahead)


@router.post("/episodes/{episode_id}/modules/{module_id}/complete")
async def complete_module(episode_id: str, module_id: str, caller: Caller = allow("psychology", "patient")) -> Response:
    """The patient went through the module, or a clinician did so with them."""
    command = CompleteModule(now=caller.now, actor=caller.actor, module_id=module_id)
    return await caller.change("episode", episode_id, command, may=access.takes_part)


@router.post("/episodes/{episode_id}/modules/{module_id}/unlock")
async def unlock_module(
    episode_id: str, module_id: str, body: Reason, caller: Caller = allow("psychology")
) -> Response:
    """A clinician opens a module early."""
    command = UnlockModule(now=caller.now, actor=caller.actor, module_id=module_id, reason=body.reason)
    return await caller.change("episode", episode_id, command, may=access.treats)


@router.post("/episodes/{episode_id}/modules/{module_id}/set-aside")
async def set_module_aside(
    episode_id: str, module_id: str, body: Aside, caller: Caller = allow("psychology", "patient")
) -> Response:
    """The patient leaves a module undone, or a clinician does so with them."""
    command = SetModuleAside(now=caller.now, actor=caller.actor, module_id=module_id, reason_code=body.reason_code)
    return await caller.change("episode", episode_id, command, may=access.takes_part)


@router.post("/episodes/{episode_id}/migrate")
async def migrate_episode(episode_id: str, body: Newer, caller: Caller = allow("psychology", "patient")) -> Response:
    """The treatment goes on in a newer version of its programme."""
    command = MigrateEpisode(now=caller.now, actor=caller.actor, version=body.version)
    return await caller.change("episode", episode_id, command, may=access.takes_part)


@router.post("/episodes/{episode_id}/finish")
async def finish_episode(episode_id: str, body: Ending, caller: Caller = allow("psychology")) -> Response:
    """A clinician ends the treatment; the summary goes back to the pain team."""
    command = FinishEpisode(now=caller.now, actor=caller.actor, **body.model_dump())
    return await caller.change("episode", episode_id, command, may=access.treats)


@router.get("/programmes")
async def list_programmes(
    content: Served,
    language: ReadIn = "en",
    caller: Caller = allow("referrer", "psychology", "operator", "patient", "service"),
) -> list[view.ProgrammeRow]:
    """Every programme on offer, each version."""
    return [view.programme_row(programme, language) for programme in content.catalogue.programmes]

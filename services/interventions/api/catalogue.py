"""The catalogue as psychology looks through it. It only reads: programmes are files that a clinic edits."""

from fastapi import APIRouter

from services.interventions.api.serving import ReadIn, Served
from services.interventions.catalogue import Programme
from services.interventions.content import Content
from services.interventions.views import catalogue as view
from shared.runtime.errors import NotFound
from shared.runtime.http import Caller, allow

router = APIRouter(prefix="/catalogue", tags=["catalogue"])


@router.get("")
async def read_catalogue(
    content: Served, language: ReadIn = "en", caller: Caller = allow("psychology")
) -> view.CatalogueView:
    """Every version of every programme, the course of those whom patients trust, and the questionnaires."""
    return view.overview(content.catalogue, content.clinic.measures, language)


@router.get("/programmes/{programme_id}/{version}")
async def read_programme(
    programme_id: str, version: int, content: Served, language: ReadIn = "en", caller: Caller = allow("psychology")
) -> view.ProgrammeView:
    """One version of a programme: its order, gaps, questionnaires and sources."""
    return view.programme_view(content.catalogue, _programme(content, programme_id, version), language)


@router.get("/programmes/{programme_id}/{version}/modules/{number}")
async def read_module_of_catalogue(
    programme_id: str,
    version: int,
    number: int,
    content: Served,
    language: ReadIn = "en",
    caller: Caller = allow("psychology"),
) -> view.ModuleView:
    """One module, as a patient reads it."""
    programme = _programme(content, programme_id, version)
    if not 1 <= number <= len(programme.modules):
        raise NotFound(f"{programme_id}/{version}/{number}")
    return view.module_view(content.catalogue, programme, programme.modules[number - 1], language)


def _programme(content: Content, programme_id: str, version: int) -> Programme:
    try:
        return content.catalogue.programme(programme_id, version)
    except LookupError as missing:
        raise NotFound(f"{programme_id}/{version}") from missing

"""The interventions service, from its parts."""

from pathlib import Path

from services.interventions import access, session_notes
from services.interventions.aggregates import aggregates_for
from services.interventions.api import build_router
from services.interventions.catalogue import CatalogueFault, load_catalogue
from services.interventions.content import Content
from services.interventions.domain.codes import CODES
from services.interventions.reactions import REACTIONS
from shared.runtime.service import Parts, run
from shared.runtime.settings import Settings, SettingsFault

CATALOGUE = Path(__file__).parent / "catalogue"


def parts(settings: Settings) -> Parts:
    """What makes this service itself. Raises `SettingsFault` if a programme cannot be used."""
    try:
        content = Content(settings.clinic, load_catalogue(CATALOGUE))
    except CatalogueFault as fault:
        raise SettingsFault([str(fault)]) from fault
    if unknown := set(settings.clinic.programmes) - {programme.id for programme in content.catalogue.programmes}:
        remedy = f"add them to {CATALOGUE}, or take them out of the clinic's file"
        raise SettingsFault([f"programmes: the catalogue has no {', '.join(sorted(unknown))}; {remedy}"])
    return Parts(
        name="interventions",
        aggregates=aggregates_for(content),
        reactions=REACTIONS,
        listens_to=("referrals", "interventions"),
        router=build_router(content),
        codes=CODES,
        timeline=access.sees_timeline,
        apart=(session_notes.SCHEMA,),
    )


if __name__ == "__main__":
    run(parts)

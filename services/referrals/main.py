"""The referrals service, from its parts."""

from services.referrals.aggregates import aggregates
from services.referrals.api import router, timeline
from services.referrals.domain.codes import CODES
from services.referrals.reactions import REACTIONS
from services.referrals.treating import WhoTreats
from shared.runtime.service import Parts, run
from shared.runtime.settings import Settings


def parts(settings: Settings) -> Parts:
    """What makes this service itself."""
    return Parts(
        name="referrals",
        aggregates=aggregates(settings.clinic),
        reactions=REACTIONS,
        listens_to=("referrals", "interventions"),
        router=router,
        codes=CODES,
        timeline=timeline,
        treating=WhoTreats,
    )


if __name__ == "__main__":
    run(parts)

"""All planted faults, by name."""

from tests.simulation.planted import (
    consuming,
    doors,
    engagement,
    episodes,
    healing,
    messages,
    places,
    publishing,
    reach,
    referrals,
    sharing,
    stepping,
    vault,
    writing,
)
from tests.simulation.planted.fault import Planted

AREAS = (
    writing,
    publishing,
    consuming,
    healing,
    vault,
    doors,
    referrals,
    places,
    episodes,
    engagement,
    stepping,
    sharing,
    messages,
    reach,
)
EVERY: dict[str, Planted] = {fault.name: fault for area in AREAS for fault in area.FAULTS}

"""The step of care, and treatments that go on in another programme."""

from tests.simulation.planted.fault import Planted

FAULTS = (
    Planted(
        "nobody-looks-at-the-step",
        "",
        "services.interventions.domain.episode.clock",
        "**({REVIEW_TIMER: review_at} if review_at else {}),",
        "",
        "the step of care is never looked at where questions were left",
    ),
)

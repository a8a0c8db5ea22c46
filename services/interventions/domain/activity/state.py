"""What is remembered of one doing of an activity."""

from pydantic import AwareDatetime

from services.interventions.domain.part import Part
from shared.contracts.interventions import Written


class ActivityState(Part):
    """`written` holds what stands in the fields of its worksheet. Ratings are from 0 to 10."""

    record_id: str = ""
    episode_id: str = ""
    patient_id: str = ""
    module_id: str = ""
    activity_id: str = ""
    worksheet_id: str | None = None
    worksheet_version: int | None = None
    written: tuple[Written, ...] = ()
    rating_before: int | None = None
    rating_after: int | None = None
    begun_at: AwareDatetime | None = None
    saved_at: AwareDatetime | None = None
    finished_at: AwareDatetime | None = None

"""What is remembered of a caregiver's course."""

from services.interventions.domain.part import Part


class CaregiverCourseState(Part):
    """Pages read, as `part/page`, in the order in which they were read first; and the parts that are done."""

    caregiver_id: str = ""
    young: bool = False
    read: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    last_part: str | None = None

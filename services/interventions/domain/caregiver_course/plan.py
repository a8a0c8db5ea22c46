"""What rules need of a caregiver's course: its parts and their pages, without the texts."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class CoursePlan:
    """Pages by part, in order."""

    pages: Mapping[str, tuple[str, ...]]


NO_COURSE = CoursePlan({})

"""What can be wanted of a caregiver's course."""

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier


class OpenCaregiverCourse(Command):
    """They take part. Somebody whom two patients trust has one course."""

    caregiver_id: Identifier
    young: bool


class SetYoungCarer(Command):
    """It was written down, or taken back, that they are a child or a young person."""

    young: bool


class ReadCaregiverPage(Command):
    """They read a page."""

    part: str
    page: str

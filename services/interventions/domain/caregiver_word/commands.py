"""What can be wanted of a caregiver's word to the team."""

from services.interventions.domain.caregiver_check.commands import CarerPhone
from services.interventions.domain.caregiver_support.commands import CarerWords
from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier


class SendCaregiverWord(Command):
    """They tell the team something about `about_id`. `trusted` was asked at that moment."""

    word_id: Identifier
    caregiver_id: Identifier
    about_id: Identifier
    text: CarerWords
    may_tell: bool
    trusted: bool
    phone: CarerPhone | None = None


class ReadCaregiverWord(Command):
    """Whoever sends it has read it."""


class ReplyToCaregiverWord(Command):
    """A few words back."""

    text: CarerWords

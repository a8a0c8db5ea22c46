"""Where a recipient's agenda, and the clinic's own words for a template, are found."""

from shared.contracts.referrals import Language
from shared.runtime.aggregate import derived_id


def agenda_id(recipient_id: str) -> str:
    """Id of a recipient's agenda."""
    return derived_id("agenda", recipient_id)


def wording_id(template: str, language: Language) -> str:
    """Id of the clinic's own words."""
    return derived_id("wording", template, language)

"""What referrals are looked up and listed by, and whose key each is kept under."""

from collections.abc import Mapping

from services.referrals.domain.referral import lists
from services.referrals.domain.referral.guards import missing_attachments
from services.referrals.domain.referral.standings import OPEN
from services.referrals.domain.referral.state import ReferralState
from shared.contracts.clinic import Clinic


def keys(clinic: Clinic, state: ReferralState) -> Mapping[str, str | None]:
    """Never personal. `open_key` is held while the referral is open, by one referral at most."""
    template = clinic.pathway(state.pathway, state.template_version)
    return {
        "patient_id": state.patient_id or None,
        "placer": state.placer,
        "number": state.number,
        "open_key": f"{state.patient_id}|{state.pathway}" if state.status in OPEN else None,
        **lists.keys(state, bool(missing_attachments(state, template))),
    }


def person(state: ReferralState) -> str | None:
    """Whose key the referral is kept under."""
    return state.patient_id or None

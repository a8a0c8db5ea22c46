"""What stands beside a referral when something is to be done: the moment, its pathway, the patient's consent."""

from dataclasses import dataclass
from datetime import datetime

from services.referrals.domain.referral.state import ReferralState
from shared.contracts.clinic import Clinic, Pathway


@dataclass(frozen=True)
class Facts:
    """`template` is `None` for a pathway that this clinic does not know."""

    now: datetime
    template: Pathway | None
    refer_consented: bool = True


def facts(clinic: Clinic, state: ReferralState, now: datetime, refer_consented: bool = True) -> Facts:
    """Those of a referral as it stands."""
    return Facts(now, clinic.pathway(state.pathway, state.template_version), refer_consented)

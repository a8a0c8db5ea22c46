"""Every service that makes up Carepath, by name. The portal is no service of this kind: it owns nothing."""

from collections.abc import Callable, Mapping

from services.interventions.main import parts as interventions
from services.notifications.main import parts as notifications
from services.referrals.main import parts as referrals
from shared.runtime.service import Parts
from shared.runtime.settings import Settings

BUILDERS: Mapping[str, Callable[[Settings], Parts]] = {
    "referrals": referrals,
    "interventions": interventions,
    "notifications": notifications,
}

"""The notifications service, from its parts."""

from services.notifications.access import sees_timeline
from services.notifications.aggregates import aggregates
from services.notifications.api import router
from services.notifications.channels.choice import channels_at
from services.notifications.domain.codes import CODES
from services.notifications.on_call_report import report_gaps
from services.notifications.reactions import reactions
from services.notifications.sender import sends
from services.notifications.texts import Texts, TextsFault
from shared.runtime.clock import SystemClock
from shared.runtime.service import Parts, run
from shared.runtime.settings import Settings, SettingsFault


def parts(settings: Settings) -> Parts:
    """What makes this service itself. Raises `SettingsFault` if texts or the mail server's address cannot be used."""
    clinic = settings.clinic
    report_gaps(clinic)
    try:
        texts = Texts(clinic)
        channels = channels_at(settings, SystemClock().now)
    except (TextsFault, ValueError) as fault:
        raise SettingsFault([str(fault)]) from fault

    return Parts(
        name="notifications",
        aggregates=aggregates(clinic, texts),
        reactions=reactions(clinic),
        listens_to=("referrals", "interventions", "notifications"),
        router=router(clinic, texts, lambda: channels.health, tuple((settings.webhook_secret or "").split())),
        codes=CODES,
        timeline=sees_timeline,
        effects=sends(clinic, texts, channels.email, channels.short),
    )


if __name__ == "__main__":
    run(parts)

"""The notifications service, from its parts."""

from collections.abc import Mapping

from services.notifications.access import sees_timeline
from services.notifications.aggregates import aggregates
from services.notifications.api import router
from services.notifications.channels.local import LocalChannel
from services.notifications.channels.port import EmailChannel
from services.notifications.channels.smtp import SmtpChannel
from services.notifications.domain.codes import CODES
from services.notifications.reactions import reactions
from services.notifications.sender import Sender
from services.notifications.texts import Texts, TextsFault
from shared.contracts.envelope import Event
from shared.contracts.notifications import MessageClaimed
from shared.runtime.core import Core, Effect
from shared.runtime.service import Parts, run
from shared.runtime.settings import Settings, SettingsFault


def parts(settings: Settings) -> Parts:
    """What makes this service itself. Raises `SettingsFault` if texts or the mail server's address cannot be used."""
    clinic = settings.clinic
    try:
        texts = Texts(clinic)
        channel = channel_of(settings)
    except (TextsFault, ValueError) as fault:
        raise SettingsFault([str(fault)]) from fault

    def effects(core: Core, _: Settings) -> Mapping[type[Event], Effect]:
        return {MessageClaimed: Sender(clinic, texts, channel, core).offer}

    return Parts(
        name="notifications",
        aggregates=aggregates(clinic),
        reactions=reactions(clinic),
        listens_to=("referrals", "interventions", "notifications"),
        router=router(clinic, texts),
        codes=CODES,
        timeline=sees_timeline,
        effects=effects,
    )


def channel_of(settings: Settings) -> EmailChannel:
    """The mail server, or a folder where none is set: then nothing leaves the machine."""
    return SmtpChannel.at(settings.smtp) if settings.smtp else LocalChannel(settings.mail_folder)


if __name__ == "__main__":
    run(parts)

"""Which channel the settings ask for."""

from pathlib import Path

from services.notifications.channels.local import LocalChannel
from services.notifications.channels.port import EmailChannel
from services.notifications.channels.smtp import SmtpChannel


def channel_at(smtp: str | None, folder: Path) -> EmailChannel:
    """The mail server at `smtp`, or `folder` where none is set: nothing leaves the machine. Raises `ValueError`."""
    return SmtpChannel.at(smtp) if smtp else LocalChannel(folder)

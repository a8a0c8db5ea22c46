"""Which carriers the settings ask for. Where none is set for a channel, its messages stay in a folder."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import structlog

from services.notifications.channels.apprised import AppriseChannel
from services.notifications.channels.local import LocalChannel, LocalShortChannel
from services.notifications.channels.port import Email, ShortMessage
from services.notifications.channels.providers import Health, Providers
from services.notifications.channels.smtp import SmtpChannel
from shared.contracts.notifications import Channel


class Addresses(Protocol):
    """What an operator sets; several addresses of one channel stand one after the other, the first is tried first."""

    @property
    def smtp(self) -> str | None: ...
    @property
    def sms(self) -> str | None: ...
    @property
    def push(self) -> str | None: ...
    @property
    def production(self) -> bool: ...
    @property
    def mail_folder(self) -> Path: ...


log = structlog.get_logger()

FOLDER = "folder"
"""What stands in for a provider where none is set."""


@dataclass(frozen=True)
class Channels:
    """One carrier for each channel."""

    email: Providers[Email]
    short: dict[Channel, Providers[ShortMessage]]

    @property
    def health(self) -> dict[Channel, tuple[Health, ...]]:
        """How each provider does."""
        return {"email": self.email.health, **{channel: one.health for channel, one in self.short.items()}}


def channels_at(settings: Addresses, now: Callable[[], datetime]) -> Channels:
    """As set. Outside production text messages and notifications stay in the folder, whatever is set: a number that is
    written there for trying things out may be somebody's. Raises `ValueError` for an address that cannot be used.
    """
    folder = settings.mail_folder
    servers = {f"{n}. {shown(one)}": SmtpChannel.at(one) for n, one in _listed(settings.smtp)}
    short: dict[Channel, Providers[ShortMessage]] = {
        "sms": _short(settings.sms, settings, "sms", now),
        "push": _short(settings.push, settings, "push", now),
    }
    return Channels(Providers(servers or {FOLDER: LocalChannel(folder)}, now), short)


def _short(
    addresses: str | None, settings: Addresses, kind: str, now: Callable[[], datetime]
) -> Providers[ShortMessage]:
    providers = {f"{n}. {shown(one)}": AppriseChannel(one) for n, one in _listed(addresses)}
    if providers and not settings.production:
        log.warning("notifications.stays_here", channel=kind, why="CAREPATH_PRODUCTION is not yes")
        providers = {}
    if settings.production and not providers:
        # A folder would count as sent what nobody gets: without a provider it goes by the next way.
        return Providers({}, now)
    return Providers(providers or {FOLDER: LocalShortChannel(settings.mail_folder, kind)}, now)


def shown(address: str) -> str:
    """The kind of provider, without the keys that its address holds."""
    return address.partition("://")[0] if "://" in address else "smtp"


def _listed(addresses: str | None) -> enumerate[str]:
    return enumerate((addresses or "").split(), start=1)

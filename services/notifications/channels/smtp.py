"""E-mail by SMTP. Each step is taken by itself, since only after the text was handed over is an outcome unknown."""

from email.policy import SMTP, SMTPUTF8
from typing import Literal, NoReturn
from urllib.parse import unquote, urlsplit

import aiosmtplib

from services.notifications.channels.mime import compose
from services.notifications.channels.port import Email, MayStill, OutcomeUnknown, PermanentFailure, TemporaryFailure

Security = Literal["starttls-if-offered", "starttls", "tls"]

_PORTS: dict[Security, int] = {"starttls-if-offered": 25, "starttls": 587, "tls": 465}
_SCHEMES: dict[str, Security] = {"smtp": "starttls-if-offered", "smtp+starttls": "starttls", "smtps": "tls"}
_TIMEOUT_SECONDS = 20.0


class SmtpChannel:
    """One mail server. Every e-mail has a connection of its own: there are few, and none can harm the next."""

    def __init__(
        self,
        host: str,
        port: int | None = None,
        *,
        user: str | None = None,
        password: str | None = None,
        security: Security = "starttls-if-offered",
        timeout: float = _TIMEOUT_SECONDS,
    ) -> None:
        self._host = host
        self._port = port or _PORTS[security]
        self._user = user
        self._password = password
        self._security = security
        self._timeout = timeout

    @classmethod
    def at(cls, address: str) -> "SmtpChannel":
        """From `host:port`, `smtp://`, `smtp+starttls://` or `smtps://`, with `user:password@` where needed."""
        parts = urlsplit(address if "://" in address else f"smtp://{address}")
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise ValueError("the mail server's address must look like smtp://host:25 or smtps://user:password@host")
        return cls(
            parts.hostname,
            parts.port,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            security=_SCHEMES[parts.scheme],
        )

    @property
    def name(self) -> str:
        """Where it stands."""
        return f"{self._host}:{self._port}"

    async def send(self, email: Email, may_still: MayStill) -> None:
        """Hand it over. Raises `TemporaryFailure`, `PermanentFailure`, `OutcomeUnknown`, and what `may_still` raises.

        Of an e-mail that is refused at the last moment the server has only the addresses: it throws them away when the
        connection ends without a text.
        """
        content = compose(email).as_bytes(policy=SMTP if email.to.isascii() else SMTPUTF8)
        client = self._client()
        try:
            try:
                await client.connect()
            except (aiosmtplib.SMTPException, OSError) as fault:
                # Also a refused sign-in: that is the clinic's setting, no fault of this e-mail.
                raise TemporaryFailure(type(fault).__name__) from fault
            await self._address(client, email)
            await may_still()
            await self._hand_over(client, content)
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._security == "tls",
            start_tls={"starttls-if-offered": None, "starttls": True, "tls": False}[self._security],
            timeout=self._timeout,
            # Looking up the name of this machine takes seconds on some machines.
            local_hostname="localhost",
        )

    async def _address(self, client: aiosmtplib.SMTP, email: Email) -> None:
        is_plain = email.to.isascii()
        if not is_plain and not client.supports_extension("smtputf8"):
            raise PermanentFailure("address-not-supported")
        try:
            await client.mail(email.sender_email, options=() if is_plain else ("SMTPUTF8",))
            await client.rcpt(email.to, encoding="ascii" if is_plain else "utf-8")
        except aiosmtplib.SMTPResponseException as refused:
            _refuse(refused)
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise TemporaryFailure(type(fault).__name__) from fault

    async def _hand_over(self, client: aiosmtplib.SMTP, content: bytes) -> None:
        try:
            await client.data(content)
        except aiosmtplib.SMTPResponseException as refused:
            _refuse(refused)
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise OutcomeUnknown(type(fault).__name__) from fault


def _refuse(refused: aiosmtplib.SMTPResponseException) -> NoReturn:
    failure = PermanentFailure if 500 <= refused.code < 600 else TemporaryFailure
    raise failure(f"smtp-{refused.code}") from refused

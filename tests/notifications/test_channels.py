"""The two ways of sending, and the form in which an e-mail travels. SMTP meets a real server in this process."""

import asyncio
import email
import email.policy
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from email import policy as policies
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from services.notifications.channels.local import LocalChannel
from services.notifications.channels.mime import compose
from services.notifications.channels.port import (
    Email,
    MayStill,
    OutcomeUnknown,
    PermanentFailure,
    TemporaryFailure,
    Withheld,
)
from services.notifications.channels.smtp import SmtpChannel
from shared.runtime.errors import Unavailable
from tests.notifications.people import MORNING

MAIL = Email(
    id="message-0a1b",
    to="rosa@example.org",
    sender_name="Clínica Puerto",
    sender_email="hello@harbour.example",
    subject="Hay algo nuevo para usted, señora",
    text="Hola, Rosa:\n\nEntre aquí: http://127.0.0.1:8080\n\n.\nUn <punto> & seguido\n",
    language="es",
    date=MORNING,
)


def parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)


def text_of(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


class Catcher:
    """Takes everything, but for what `answers` says otherwise."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.addressed: list[str] = []
        self.taken: list[Envelope] = []

    async def handle_MAIL(self, _: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.answers.get("mail", "250 OK")

    async def handle_RCPT(self, _: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        envelope.rcpt_tos.append(address)
        self.addressed.append(address)
        return self.answers.get("rcpt", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if "abort" in self.answers and server.transport:
            server.transport.abort()
        if self.answers.get("data", "250").startswith("2"):
            self.taken.append(envelope)
        return self.answers.get("data", "250 OK")


@asynccontextmanager
async def mail_server(catcher: Catcher, **options: Any) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(catcher, hostname="mail.test", loop=loop, **options), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def yes() -> None:
    """It may still be handed over."""


async def send(catcher: Catcher, mail: Email = MAIL, may_still: MayStill = yes, **options: Any) -> None:
    async with mail_server(catcher, **options) as port:
        await SmtpChannel("127.0.0.1", port, timeout=5).send(mail, may_still)


async def test_smtp_hands_over_what_was_written() -> None:
    catcher = Catcher()
    await send(catcher)
    (taken,) = catcher.taken
    assert (taken.mail_from, taken.rcpt_tos) == ("hello@harbour.example", ["rosa@example.org"])
    assert isinstance(taken.content, bytes)
    message = parsed(taken.content)
    assert message["Subject"] == MAIL.subject
    assert message["Message-ID"] == "<message-0a1b@harbour.example>"
    assert text_of(message, "plain").replace("\r\n", "\n") == MAIL.text


async def test_whether_it_may_still_be_is_asked_after_all_else_and_before_the_text() -> None:
    catcher = Catcher()
    met: list[tuple[int, int]] = []

    async def may_still() -> None:
        met.append((len(catcher.addressed), len(catcher.taken)))

    await send(catcher, may_still=may_still)
    assert met == [(1, 0)], "the server has the address and not the text"
    assert len(catcher.taken) == 1


@pytest.mark.parametrize("no", [Withheld(), Unavailable("nobody says")])
async def test_what_is_forbidden_at_the_last_moment_is_not_handed_over(no: Exception, tmp_path: Path) -> None:
    async def may_still() -> None:
        raise no

    catcher = Catcher()
    with pytest.raises(type(no)):
        await send(catcher, may_still=may_still)
    assert (len(catcher.addressed), catcher.taken) == (1, [])
    with pytest.raises(type(no)):
        await LocalChannel(tmp_path / "mail").send(MAIL, may_still)
    assert files_in(tmp_path) == []


@pytest.mark.parametrize("step", ["mail", "rcpt"])
async def test_nobody_is_asked_about_an_email_that_the_server_refuses(step: str) -> None:
    async def may_still() -> None:
        pytest.fail("asked for nothing")

    with pytest.raises(TemporaryFailure):
        await send(Catcher(**{step: "451 busy"}), may_still=may_still)


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
async def test_a_refusal_for_now_is_temporary(step: str) -> None:
    with pytest.raises(TemporaryFailure, match=r"^smtp-451$"):
        await send(Catcher(**{step: "451 4.3.0 rosa@example.org is busy"}))


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
async def test_a_refusal_for_good_is_permanent_and_its_text_stays_out(step: str) -> None:
    with pytest.raises(PermanentFailure, match=r"^smtp-550$"):
        await send(Catcher(**{step: "550 5.1.1 rosa@example.org does not exist"}))


async def test_a_line_that_goes_dead_after_the_text_leaves_the_outcome_unknown() -> None:
    catcher = Catcher(abort="yes")
    with pytest.raises(OutcomeUnknown):
        await send(catcher)
    assert len(catcher.taken) == 1


async def test_a_server_that_never_answers_the_text_leaves_the_outcome_unknown() -> None:
    never = asyncio.Event()

    class Silent(Catcher):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
            await never.wait()
            return "250 OK"

    async with mail_server(Silent()) as port:
        with pytest.raises(OutcomeUnknown):
            await SmtpChannel("127.0.0.1", port, timeout=0.3).send(MAIL, yes)
        never.set()


async def test_a_server_that_is_away_is_temporary() -> None:
    with closed_port() as port, pytest.raises(TemporaryFailure):
        await SmtpChannel("127.0.0.1", port, timeout=5).send(MAIL, yes)


async def test_a_refused_sign_in_is_temporary_since_it_is_no_fault_of_the_email() -> None:
    catcher = Catcher()
    async with mail_server(
        catcher,
        auth_require_tls=False,
        authenticator=lambda *_: AuthResult(success=False, handled=False),
    ) as port:
        with pytest.raises(TemporaryFailure):
            await SmtpChannel("127.0.0.1", port, user="clinic", password="wrong", timeout=5).send(MAIL, yes)
    assert catcher.taken == []


async def test_encryption_that_is_demanded_and_not_offered_is_temporary_and_nothing_is_sent() -> None:
    catcher = Catcher()
    async with mail_server(catcher) as port:
        with pytest.raises(TemporaryFailure):
            await SmtpChannel("127.0.0.1", port, security="starttls", timeout=5).send(MAIL, yes)
    assert catcher.taken == []


async def test_an_address_with_other_letters_goes_to_a_server_that_takes_them() -> None:
    catcher = Catcher()
    await send(catcher, replace(MAIL, to="josé@example.org"), enable_SMTPUTF8=True)
    assert catcher.taken[0].rcpt_tos == ["josé@example.org"]


async def test_an_address_with_other_letters_cannot_go_to_a_server_that_does_not() -> None:
    with pytest.raises(PermanentFailure, match="address-not-supported"):
        await send(Catcher(), replace(MAIL, to="josé@example.org"))


@pytest.mark.parametrize(
    ("address", "host", "port", "security", "user"),
    [
        ("127.0.0.1:2525", "127.0.0.1", 2525, "starttls-if-offered", None),
        ("smtp://mail", "mail", 25, "starttls-if-offered", None),
        ("smtp+starttls://clinic:p%40ss@mail", "mail", 587, "starttls", "clinic"),
        ("smtps://clinic:p%40ss@mail:4650", "mail", 4650, "tls", "clinic"),
    ],
)
def test_a_mail_servers_address_says_how_to_reach_it(
    address: str, host: str, port: int, security: str, user: str | None
) -> None:
    channel = SmtpChannel.at(address)
    assert (channel._host, channel._port, channel._security, channel._user) == (host, port, security, user)
    assert channel._password == ("p@ss" if user else None)


@pytest.mark.parametrize("address", ["http://mail", "smtp://", ""])
def test_an_address_that_is_none_is_refused_without_repeating_its_password(address: str) -> None:
    with pytest.raises(ValueError, match="must look like"):
        SmtpChannel.at(address)


def test_an_email_has_the_same_words_as_text_and_as_html() -> None:
    message = compose(MAIL)
    assert text_of(message, "plain") == MAIL.text
    page = text_of(message, "html")
    assert '<html lang="es">' in page
    assert '<a href="http://127.0.0.1:8080">http://127.0.0.1:8080</a>' in page
    assert "Un &lt;punto&gt; &amp; seguido" in page


def test_an_id_stands_on_one_line_with_the_agenda_that_a_returned_mail_names_again() -> None:
    made = compose(replace(MAIL, id="message-" + "0" * 20, agenda_id="agenda-" + "1" * 20)).as_bytes(
        policy=policies.SMTP
    )
    whole = b"Message-ID: <message-" + b"0" * 20 + b".agenda-" + b"1" * 20 + b"@harbour.example>"
    assert whole in made.split(b"\r\n")


def test_an_email_has_a_date_a_sender_and_an_id_that_a_repeat_has_too() -> None:
    message, again = compose(MAIL), compose(replace(MAIL, subject="Other"))
    assert message["Message-ID"] == again["Message-ID"] == "<message-0a1b@harbour.example>"
    assert message["Date"] == "Mon, 02 Mar 2026 10:00:00 +0000"
    sender = message["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ("Clínica Puerto", "hello@harbour.example")
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    "address",
    ["", "rosa", "rosa@", "a@b, c@d", "a@b\r\nBcc: c@d", "Rosa <a@b>", "a b@c", "a@b@c"],
)
def test_a_malformed_address_is_refused_for_good(address: str) -> None:
    with pytest.raises(PermanentFailure, match=r"^address-malformed$"):
        compose(replace(MAIL, to=address))


def test_a_subject_with_line_breaks_adds_no_headers() -> None:
    message = compose(replace(MAIL, subject="Hello\r\nBcc: other@example.org"))
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: other@example.org"


async def test_the_local_channel_writes_a_file_that_a_mail_program_opens(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    await LocalChannel(folder).send(MAIL, yes)
    assert [file.name for file in folder.iterdir()] == ["message-0a1b.eml"]
    message = parsed((folder / "message-0a1b.eml").read_bytes())
    assert message["To"] == "rosa@example.org"
    assert "Hola, Rosa" in text_of(message, "plain")


async def test_a_repeat_replaces_the_file_of_the_first(tmp_path: Path) -> None:
    channel = LocalChannel(tmp_path)
    await channel.send(MAIL, yes)
    await channel.send(replace(MAIL, subject="Again"), yes)
    assert parsed(only_file(tmp_path).read_bytes())["Subject"] == "Again"


async def test_a_folder_that_cannot_be_written_is_temporary(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TemporaryFailure):
        await LocalChannel(tmp_path / "file" / "mail").send(MAIL, yes)


def only_file(folder: Path) -> Path:
    (file,) = files_in(folder)
    return file


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@contextmanager
def closed_port() -> Iterator[int]:
    """A port that is taken but where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_a_long_link_is_shown_in_part_and_leads_where_it_should() -> None:
    link = f"https://portal.example/unsubscribe/{'a&b<' * 30}".replace("<", "")
    part = compose(replace(MAIL, text=f"Hello,\n\nOpen this page: {link}\n")).get_body(("html",))
    assert part is not None
    page = part.get_content()
    assert f'<a href="{link.replace("&", "&amp;")}">' in page
    shown = page.partition(f'{link.replace("&", "&amp;")}">')[2].partition("</a>")[0]
    assert shown == link[:59].replace("&", "&amp;") + "…"

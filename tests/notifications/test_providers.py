"""Several providers of one channel, and text messages through Apprise with a real HTTP server as witness."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from services.notifications.channels.apprised import AppriseChannel
from services.notifications.channels.choice import FOLDER, channels_at
from services.notifications.channels.port import (
    OutcomeUnknown,
    PermanentFailure,
    ShortMessage,
    TemporaryFailure,
    Withheld,
)
from services.notifications.channels.providers import FAILURES, RESTS, Providers
from tests.notifications.people import MINUTE, MORNING

NOTE = ShortMessage("message-1", "+447700900123", "Harbour Clinic: there is something new for you.")


async def yes() -> None:
    """It may still be handed over."""


@dataclass
class Witness:
    """An HTTP server that answers as it is told, and keeps what it was sent."""

    port: int = 0
    status: int = 200
    silent: bool = False
    seen: list[tuple[str, str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.port}/{{to}}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(int(one.split(":")[1]) for one in head.splitlines() if one.lower().startswith("content-length"))
        body = (await reader.readexactly(length)).decode()
        self.seen.append((unquote(head.split()[1]), body))
        if not self.silent:
            answer = f"HTTP/1.1 {self.status} Said\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
            writer.write(answer.encode())
            await writer.drain()
        writer.close()


@asynccontextmanager
async def witness(status: int = 200, *, silent: bool = False) -> AsyncIterator[Witness]:
    one = Witness(status=status, silent=silent)
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.port = server.sockets[0].getsockname()[1]
    async with server:
        yield one


def nobody() -> str:
    """Where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"json://127.0.0.1:{free.getsockname()[1]}/{{to}}"


async def test_a_text_message_arrives_at_its_number() -> None:
    async with witness() as server:
        await AppriseChannel(server.address).send(NOTE, yes)
    [(path, body)] = server.seen
    assert "+447700900123" in path + body
    assert NOTE.text in body


@pytest.mark.parametrize(
    ("status", "failure"),
    [(400, PermanentFailure), (404, PermanentFailure), (429, TemporaryFailure), (503, TemporaryFailure)],
)
async def test_a_refusal_is_for_now_or_for_good(status: int, failure: type[Exception]) -> None:
    async with witness(status) as server:
        with pytest.raises(failure, match=f"provider-{status}"):
            await AppriseChannel(server.address).send(NOTE, yes)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_clinic_that_is_not_let_in_loses_no_message(status: int) -> None:
    async with witness(status) as server:
        with pytest.raises(TemporaryFailure):
            await AppriseChannel(server.address).send(NOTE, yes)


async def test_where_nobody_listens_it_was_certainly_not_taken() -> None:
    with pytest.raises(TemporaryFailure, match="no-connection"):
        await AppriseChannel(nobody()).send(NOTE, yes)


async def test_a_line_that_breaks_after_the_text_leaves_the_outcome_unknown() -> None:
    async with witness(silent=True) as server:
        with pytest.raises(OutcomeUnknown):
            await AppriseChannel(server.address).send(NOTE, yes)
    assert len(server.seen) == 1


async def test_a_notification_goes_to_the_name_that_a_phone_listens_to() -> None:
    async with witness() as server:
        await AppriseChannel(f"ntfy://127.0.0.1:{server.port}/{{to}}").send(replace(NOTE, to="rosa-listens"), yes)
    [(path, body)] = server.seen
    assert "rosa-listens" in path + body


async def test_what_no_provider_takes_for_an_address_fails_for_good() -> None:
    async with witness() as server:
        with pytest.raises(PermanentFailure):
            await AppriseChannel(f"ntfy://127.0.0.1:{server.port}/{{to}}").send(replace(NOTE, to="+1"), yes)
    assert server.seen == []


async def test_what_may_not_go_any_more_is_not_handed_over() -> None:
    async def no() -> None:
        raise Withheld

    async with witness() as server:
        with pytest.raises(Withheld):
            await AppriseChannel(server.address).send(NOTE, no)
    assert server.seen == []


@pytest.mark.parametrize("address", ["ntfy://push.example.org/all", "nonsense://{to}", "{to}"])
def test_an_address_that_cannot_be_used_is_refused_without_showing_its_keys(address: str) -> None:
    with pytest.raises(ValueError, match="Apprise") as fault:
        AppriseChannel(address)
    assert "push.example.org/all" not in str(fault.value)


class Scripted:
    """Takes or refuses as it is told."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.asked = 0

    async def send(self, _message: ShortMessage, _may_still: Callable[[], Awaitable[None]]) -> None:
        self.asked += 1
        if self.fault:
            raise self.fault


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.moment = MORNING

    def now(self) -> datetime:
        return self.moment


def two(first: Scripted, second: Scripted) -> tuple[Providers[ShortMessage], Clock]:
    clock = Clock()
    return Providers({"1. a": first, "2. b": second}, clock.now), clock


async def test_the_next_provider_is_asked_where_the_first_is_away() -> None:
    first, second = Scripted(TemporaryFailure("away")), Scripted()
    providers, _ = two(first, second)
    await providers.send(NOTE, yes)
    assert (first.asked, second.asked) == (1, 1)


@pytest.mark.parametrize("fault", [PermanentFailure("no"), OutcomeUnknown("broke"), Withheld()])
async def test_no_other_is_asked_where_one_said_no_or_may_have_taken_it(fault: Exception) -> None:
    first, second = Scripted(fault), Scripted()
    providers, _ = two(first, second)
    with pytest.raises(type(fault)):
        await providers.send(NOTE, yes)
    assert second.asked == 0


async def test_one_that_fails_again_and_again_rests_and_is_asked_again_later() -> None:
    first, second = Scripted(TemporaryFailure("away")), Scripted()
    providers, clock = two(first, second)
    for _ in range(FAILURES + 2):
        await providers.send(NOTE, yes)
    assert first.asked == FAILURES
    assert providers.health[0].resting_until == MORNING + RESTS
    clock.moment = MORNING + RESTS
    first.fault = None
    await providers.send(NOTE, yes)
    assert (first.asked, second.asked) == (FAILURES + 1, FAILURES + 2)
    assert (providers.health[0].failures, providers.health[0].resting_until) == (0, None)


async def test_where_all_rest_all_are_tried() -> None:
    first, second = Scripted(TemporaryFailure("away")), Scripted(TemporaryFailure("away"))
    providers, _ = two(first, second)
    for _ in range(FAILURES + 1):
        with pytest.raises(TemporaryFailure):
            await providers.send(NOTE, yes)
    assert (first.asked, second.asked) == (FAILURES + 1, FAILURES + 1)


@dataclass(frozen=True)
class Set:
    """What an operator sets."""

    mail_folder: Path
    smtp: str | None = None
    sms: str | None = None
    push: str | None = None
    production: bool = False


async def test_outside_production_a_text_message_stays_on_the_machine(tmp_path: Path) -> None:
    async with witness() as server:
        wanted = Set(tmp_path, sms=server.address)
        await channels_at(wanted, Clock().now).short["sms"].send(NOTE, yes)
        assert server.seen == []
        assert NOTE.text in (tmp_path / "message-1.sms.txt").read_text()
        channels = channels_at(replace(wanted, production=True), Clock().now)
        await channels.short["sms"].send(NOTE, yes)
    assert len(server.seen) == 1
    assert [one.name for one in channels.health["sms"]] == ["1. json"]
    assert [one.name for one in channels.health["email"]] == [FOLDER]


def test_in_production_a_way_without_a_provider_takes_nothing(tmp_path: Path) -> None:
    channels = channels_at(Set(tmp_path, production=True), Clock().now)
    with pytest.raises(PermanentFailure, match="no-provider"):
        asyncio.run(channels.short["sms"].send(NOTE, yes))
    assert list(tmp_path.iterdir()) == []


async def test_a_second_mail_server_stands_in_for_the_first(tmp_path: Path) -> None:
    channels = channels_at(Set(tmp_path, smtp="smtp://a:25 smtps://user:secret@b"), Clock().now)
    assert [one.name for one in channels.health["email"]] == ["1. smtp", "2. smtps"]


def test_a_rest_is_short_enough_for_the_next_try() -> None:
    """Three quick failures must not cost a message all of its tries."""
    assert timedelta(0) < RESTS < 5 * MINUTE

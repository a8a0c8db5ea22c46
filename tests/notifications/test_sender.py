"""The call between claim and record, with a channel that does what each test needs."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from services.notifications import sender
from services.notifications.channels.port import Email, MayStill, OutcomeUnknown, PermanentFailure, TemporaryFailure
from services.notifications.domain.commands import UNASKED, RecordClosed, RecordFailed, RecordSent
from services.notifications.sender import Sender
from services.notifications.texts import Texts
from shared.contracts.commands import Command
from shared.runtime.errors import Conflict, Unavailable
from shared.runtime.permissions import Opened
from shared.runtime.writing import Origin
from tests.notifications.opened import Answers
from tests.notifications.people import (
    CLINIC,
    EMAIL_ALLOWED,
    KNOWN,
    LUIS,
    LUIS_KNOWN,
    MINUTE,
    MORNING,
    ROSA,
    TANAKA,
    TANAKA_KNOWN,
    cause,
    claimed,
    planned,
    state_after,
)

CLAIM = claimed()
ENVELOPE = cause(CLAIM).envelope
STATE = state_after(KNOWN, EMAIL_ALLOWED, planned(template="welcome"), CLAIM)


@dataclass
class Scripted:
    """A channel that remembers, and fails with what it is given. `meanwhile` is what happens while it connects."""

    fault: Exception | None = None
    meanwhile: Callable[[], None] = lambda: None
    connected: int = 0
    sent: list[Email] = field(default_factory=list)

    async def send(self, email: Email, may_still: MayStill) -> None:
        self.connected += 1
        self.meanwhile()
        await may_still()
        if self.fault:
            raise self.fault
        self.sent.append(email)


@dataclass
class Recorder:
    """Takes commands after failing as often as it is told."""

    faults: list[Exception] = field(default_factory=list)
    now: Callable[[], datetime] = lambda: MORNING
    commands: list[tuple[str, str, Command, Origin | None]] = field(default_factory=list)
    permissions: Answers | None = None

    @property
    def clock(self) -> "Recorder":
        return self

    def close(self, patient_id: str, caregiver_id: str) -> None:
        assert self.permissions is not None
        self.permissions.open[patient_id, caregiver_id] = Opened(named=True, email=True)

    def go_away(self) -> None:
        assert self.permissions is not None
        self.permissions.away = True

    async def execute(self, name: str, id: str, command: Command, origin: Origin | None = None) -> Any:
        if self.faults:
            raise self.faults.pop(0)
        self.commands.append((name, id, command, origin))


async def offer(channel: Scripted, core: Recorder, state: Any = STATE, event: Any = CLAIM) -> None:
    await Sender(CLINIC, Texts(CLINIC), channel, core, record_again=(0.0, 0.0)).offer(ENVELOPE, event, state)


async def test_a_claimed_email_is_sent_and_recorded_under_the_click_that_led_to_it() -> None:
    channel, core = Scripted(), Recorder()
    await offer(channel, core)
    (email,) = channel.sent
    assert (email.id, email.to, email.language) == ("message-1", "rosa@example.org", "es")
    assert (email.sender_name, email.sender_email) == ("Harbour Clinic", "hello@harbour.example")
    assert email.text.startswith("Hola, Rosa:")
    assert email.date == MORNING
    assert core.commands == [
        (
            "agenda",
            "subject-1",
            RecordSent(now=MORNING, actor="system:sender", message_id="message-1"),
            Origin(correlation="click-1", causation="event-1"),
        )
    ]


@pytest.mark.parametrize(
    ("fault", "failure"), [(TemporaryFailure("smtp-451"), "temporary"), (PermanentFailure("smtp-550"), "permanent")]
)
async def test_a_refusal_is_recorded_with_its_code(fault: Exception, failure: Any) -> None:
    core = Recorder()
    await offer(Scripted(fault), core)
    (command,) = (entry[2] for entry in core.commands)
    assert isinstance(command, RecordFailed)
    assert (command.failure, command.attempt, command.detail) == (failure, 1, str(fault))


async def test_an_unknown_outcome_is_left_to_the_agendas_timer() -> None:
    core = Recorder()
    await offer(Scripted(OutcomeUnknown("gone")), core)
    assert core.commands == []


@pytest.mark.parametrize("template", ["take_your_time_long_gone", "referral_to_triage"])
async def test_a_faulty_text_is_a_technical_failure_and_nothing_is_sent(template: str) -> None:
    channel, core = Scripted(), Recorder()
    await offer(channel, core, state_after(KNOWN, EMAIL_ALLOWED, planned(template=template), CLAIM))
    assert channel.sent == []
    (command,) = (entry[2] for entry in core.commands)
    assert isinstance(command, RecordFailed)
    assert command.failure == "technical"


async def test_a_process_that_slept_through_its_claim_sends_nothing() -> None:
    channel, core = Scripted(), Recorder(now=lambda: MORNING + 5 * MINUTE)
    await offer(channel, core)
    assert (channel.sent, core.commands) == ([], [])


async def test_staff_are_addressed_as_the_configuration_says() -> None:
    channel = Scripted()
    plan = planned(recipient_id=TANAKA, template="outcome_to_read", needs=None)
    await offer(channel, Recorder(), state_after(TANAKA_KNOWN, plan, CLAIM.model_copy(update={"recipient_id": TANAKA})))
    assert channel.sent[0].to == "yuki.tanaka@harbour.example"
    assert channel.sent[0].text.startswith("Hello Yuki Tanaka,")


@pytest.mark.parametrize("fault", [Unavailable("store"), Conflict("busy")])
async def test_a_record_that_fails_is_tried_again_without_sending_again(fault: Exception) -> None:
    channel, core = Scripted(), Recorder([fault, fault])
    await offer(channel, core)
    assert len(channel.sent) == len(core.commands) == 1


async def test_a_record_that_fails_for_long_is_given_up_loudly() -> None:
    with pytest.raises(Unavailable):
        await offer(Scripted(), Recorder([Unavailable("store")] * 3))


TO_LUIS = state_after(
    LUIS_KNOWN,
    planned(recipient_id=LUIS, template="caregiver_started", needs="caregiver:news"),
    claimed(recipient=LUIS),
)
NEWS = Opened(named=True, scopes=frozenset({"news"}), email=True)


def asked(opened: Opened = NEWS) -> Recorder:
    return Recorder(permissions=Answers({(ROSA, LUIS): opened}))


async def outcome(channel: Scripted, core: Recorder) -> Command:
    await offer(channel, core, TO_LUIS, claimed(recipient=LUIS))
    ((_, _, command, _),) = core.commands
    return command


async def test_what_is_open_to_a_caregiver_is_sent_to_them() -> None:
    channel = Scripted()
    assert isinstance(await outcome(channel, asked()), RecordSent)
    assert [email.to for email in channel.sent] == ["luis@example.org"]


@pytest.mark.parametrize(
    "opened",
    [Opened(), Opened(named=True, scopes=frozenset({"plan"}), email=True), Opened(named=True, scopes=NEWS.scopes)],
)
async def test_of_what_is_closed_no_mail_server_hears(opened: Opened) -> None:
    channel = Scripted()
    assert isinstance(await outcome(channel, asked(opened)), RecordClosed)
    assert channel.connected == 0


async def test_what_is_closed_while_the_mail_server_is_reached_is_not_handed_over() -> None:
    core = asked()
    channel = Scripted(meanwhile=lambda: core.close(ROSA, LUIS))
    assert isinstance(await outcome(channel, core), RecordClosed)
    assert (channel.connected, channel.sent) == (1, [])


@pytest.mark.parametrize("when", ["before", "meanwhile"])
async def test_where_nobody_says_what_is_open_it_is_tried_again_and_nothing_is_sent(when: str) -> None:
    core = asked()
    channel = Scripted(meanwhile=core.go_away)
    if when == "before":
        core.go_away()
    command = await outcome(channel, core)
    assert isinstance(command, RecordFailed)
    assert (command.failure, command.detail) == ("temporary", UNASKED)
    assert channel.sent == []


async def test_without_anybody_to_ask_nothing_is_sent() -> None:
    command = await outcome(channel := Scripted(), Recorder())
    assert isinstance(command, RecordFailed)
    assert (command.failure, channel.connected) == ("temporary", 0)


async def test_a_process_that_sleeps_while_it_connects_hands_nothing_over() -> None:
    core = asked()
    channel = Scripted(meanwhile=lambda: setattr(core, "now", lambda: MORNING + 5 * MINUTE))
    command = await outcome(channel, core)
    assert isinstance(command, RecordFailed)
    assert (command.failure, channel.sent) == ("temporary", [])


async def test_a_mail_server_that_takes_too_long_before_the_text_certainly_did_not_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sender, "_SEND_SECONDS", 0.01)

    class Endless(Scripted):
        async def send(self, email: Email, may_still: MayStill) -> None:
            await asyncio.Event().wait()

    command = await outcome(Endless(), asked())
    assert isinstance(command, RecordFailed)
    assert (command.failure, command.detail) == ("temporary", "too-slow")


async def test_a_mail_server_that_takes_too_long_over_the_text_leaves_the_outcome_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sender, "_SEND_SECONDS", 0.01)

    class Endless(Scripted):
        async def send(self, email: Email, may_still: MayStill) -> None:
            await may_still()
            await asyncio.Event().wait()

    core = asked()
    await offer(Endless(), core, TO_LUIS, claimed(recipient=LUIS))
    assert core.commands == []

"""The call between claim and record, with a channel that does what each test needs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from services.notifications.channels.port import Email, OutcomeUnknown, PermanentFailure, TemporaryFailure
from services.notifications.domain.commands import RecordFailed, RecordSent
from services.notifications.sender import Sender
from services.notifications.texts import Texts
from shared.contracts.commands import Command
from shared.runtime.errors import Conflict, Unavailable
from shared.runtime.writing import Origin
from tests.notifications.people import (
    CLINIC,
    EMAIL_ALLOWED,
    KNOWN,
    MINUTE,
    MORNING,
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
    """A channel that remembers, and fails with what it is given."""

    fault: Exception | None = None
    sent: list[Email] = field(default_factory=list)

    async def send(self, email: Email) -> None:
        if self.fault:
            raise self.fault
        self.sent.append(email)


@dataclass
class Recorder:
    """Takes commands after failing as often as it is told."""

    faults: list[Exception] = field(default_factory=list)
    now: Callable[[], datetime] = lambda: MORNING
    commands: list[tuple[str, str, Command, Origin | None]] = field(default_factory=list)

    @property
    def clock(self) -> "Recorder":
        return self

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

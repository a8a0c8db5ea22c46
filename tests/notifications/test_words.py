"""Every state of an e-mail has a sentence, for its recipient and for staff."""

from typing import Any, get_args

import pytest

from services.notifications import why, words
from services.notifications.domain.commands import UNASKED
from services.notifications.domain.state import Message
from services.notifications.texts import LANGUAGES
from shared.contracts.notifications import DropReason
from shared.contracts.preferences import WithheldReason
from tests.notifications.people import MORNING


def message(**changes: Any) -> Message:
    fields = {"template": "welcome", "topic": "news:1", "cause": "event-1", "critical": False}
    return Message(**{**fields, "planned_at": MORNING, "fact_at": MORNING, "send_at": MORNING, **changes})


STATES = [
    message(),
    message(reason="temporary"),
    message(reason=UNASKED),
    *(message(held=held) for held in ("hard_news", "week_full", "quiet_hours")),
    message(status="sending"),
    message(status="sent"),
    *(message(status="dropped", reason=reason) for reason in (*get_args(DropReason), *get_args(WithheldReason))),
    message(status="failed", reason="permanent"),
    message(status="failed", reason="temporary"),
    message(status="failed", reason="technical"),
    message(status="failed", reason="technical", possibly_sent=True),
]


@pytest.mark.parametrize("one", STATES, ids=lambda m: f"{m.status}-{m.reason}-{m.possibly_sent}")
def test_every_state_has_its_sentence(one: Message) -> None:
    assert words.for_staff(one)
    for language in LANGUAGES:
        assert words.for_recipient(one, language)


def test_no_two_states_read_the_same_to_staff() -> None:
    assert len({words.for_staff(one) for one in STATES}) == len(STATES) == len(words.FOR_STAFF["en"])


def test_both_languages_have_the_same_sentences() -> None:
    assert words.FOR_RECIPIENT["en"].keys() == words.FOR_RECIPIENT["es"].keys()
    assert words.FOR_STAFF["en"].keys() == words.FOR_STAFF["es"].keys()
    assert why.SENTENCES["en"].keys() == why.SENTENCES["es"].keys()

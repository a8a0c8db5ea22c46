"""The README says what the code does."""

from pathlib import Path

from services.notifications.domain.codes import CODES
from services.notifications.policy import HEARD
from services.notifications.reactions import reactions
from shared.contracts.catalogue import PUBLISHERS
from tests.notifications.people import CLINIC

README = Path("services/notifications/README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_event_out_and_every_refusal() -> None:
    assert [event.__name__ for event in PUBLISHERS["notifications"] if f"`{event.__name__}`" not in README] == []
    assert [code for code in CODES if f"`{code}`" not in README] == []


def test_the_readme_names_every_event_in_that_is_not_in_the_policy() -> None:
    others = set(reactions(CLINIC)) - set(HEARD)
    assert [event.__name__ for event in others if f"`{event.__name__}`" not in README] == []

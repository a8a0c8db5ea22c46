"""The README says what the code says: what a status means elsewhere, what follows from a command, and every wait."""

import re
from pathlib import Path

import pytest

from services.referrals.domain.referral.action import Action
from services.referrals.domain.referral.standings import STANDINGS
from services.referrals.domain.referral.table_later import ACTIONS
from services.referrals.reactions import REACTIONS
from tests.referrals.explore import after, histories
from tests.referrals.people import REFERRAL

README = Path("services/referrals/README.md").read_text(encoding="utf-8")


MACHINE = Path("services/referrals/domain/referral/README.md").read_text(encoding="utf-8")


def _section(title: str) -> str:
    return README.partition(f"## {title}\n")[2].partition("\n## ")[0]


def _words(line: str) -> set[str]:
    return set(re.findall(r"\w+", line))


def test_every_status_is_told_with_what_it_means_elsewhere() -> None:
    told = MACHINE.partition("| Status |")
    rows = [line.split(" | ")[:4] for line in "".join(told[1:]).splitlines() if line.startswith("| ")]
    assert rows[0] == ["| Status", "FHIR Task", "HL7 BSeR, or our own after `+`", "NHS e-RS"]
    assert rows[1:] == [
        [f"| {status}", standing.task, standing.business or "-", standing.ers or "-"]
        for status, standing in STANDINGS.items()
    ]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_every_command_is_told_with_the_events_that_may_follow(action: Action) -> None:
    [row] = [
        line
        for line in _section("Commands and what follows").splitlines()
        if action.command.__name__ in _words(line.partition(" | ")[0])
    ]
    assert {event.__name__ for run in action.outcomes for event in run} <= _words(row)


def test_every_timer_is_told() -> None:
    told = set(re.findall(r"^\| `([\w-]+)` \|", _section("Timers"), flags=re.MULTILINE))
    assert {name for story in histories().values() for name in REFERRAL.timers(after(story))} <= told
    assert {"information", "warm-handoff"} <= told


def test_whatever_leads_to_a_command_of_its_own_is_told() -> None:
    told = _words(_section("Listens to"))
    ending = {"Leave", "CloseForReferral"}
    for event, reaction in REACTIONS.items():
        name = reaction.__name__
        assert event.__name__ in told or name in ("_leave", "_close"), event.__name__
    assert ending <= told

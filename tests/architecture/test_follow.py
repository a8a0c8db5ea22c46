"""Four ways to find what happens when a referral is submitted, each kept true."""

import re
from pathlib import Path

from deploy.events import DOCS, catalogue, rows
from tests.architecture.source import ROOT, python, text

EVENT, COMMAND = "ReferralSubmitted", "SubmitReferral"

PATH = (
    ("services/referrals/api/steps.py", COMMAND),
    ("services/referrals/domain/referral/commands.py", COMMAND),
    ("services/referrals/domain/referral/request.py", EVENT),
    ("shared/contracts/referrals/referral.py", EVENT),
    ("services/notifications/policy.py", EVENT),
    ("services/interventions/reactions.py", "ReferralAccepted"),
)
"""The way of one referral, and the word to look for in each file."""


def test_readme_leads_along_one_referral_in_six_links() -> None:
    section = re.search(r"^## Follow one referral\n(.*?)(?=^## |\Z)", text(Path("README.md")), re.M | re.S)
    assert section, "README.md has no section 'Follow one referral'"
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", section[1])
    assert [link for link in links if not (ROOT / link).is_file()] == []
    assert links[: len(PATH)] == [file for file, _ in PATH]
    for _, word in PATH:
        assert word in section[1]


def test_every_file_on_the_way_has_the_word_that_readme_promises() -> None:
    assert [file for file, word in PATH if word not in text(Path(file))] == []


def test_searching_for_the_event_finds_the_contract_the_decision_the_state_and_who_reacts() -> None:
    found = {str(path) for path in python("shared", "services") if re.search(rf"\b{EVENT}\b", text(path))}
    assert found == {
        "shared/contracts/referrals/__init__.py",
        "shared/contracts/referrals/referral.py",
        "services/referrals/domain/referral/request.py",
        "services/referrals/domain/referral/evolve.py",
        "services/referrals/domain/referral/learning.py",
        "services/referrals/domain/referral/table.py",
        "services/referrals/figures.py",
        "services/notifications/policy.py",
    }


def test_searching_for_the_command_finds_who_sends_it_and_who_decides_it() -> None:
    found = {str(path) for path in python("shared", "services") if re.search(rf"\b{COMMAND}\b", text(path))}
    assert found == {
        "services/referrals/api/steps.py",
        "services/referrals/domain/referral/commands.py",
        "services/referrals/domain/referral/decide.py",
        "services/referrals/domain/referral/request.py",
        "services/referrals/domain/referral/table.py",
    }


def test_the_catalogue_says_who_publishes_it_and_who_reacts() -> None:
    [row] = [row for row in rows() if row[0] == EVENT]
    assert row == (
        EVENT, "carepath.referral.submitted.v1", "referrals", "carepath.referrals", "notifications: HandleFact"
    )  # fmt: skip


def test_the_catalogue_in_the_documents_is_the_one_that_is_printed() -> None:
    assert (DOCS / "README.md").read_text(encoding="utf-8") == catalogue()

"""The table of rights is what the services decide by, all of it, and the page that people read says the same."""

import re
from pathlib import Path

import pytest

from deploy.access import PAGE, page
from shared.policy.rules import right
from shared.policy.standings import STANDINGS
from shared.policy.table import TABLE, named
from shared.policy.who import of_owner, of_patient, of_role
from shared.runtime.auth import ROLES, User
from tests.architecture.source import python, text

CALL = re.compile(r'named\(f?"([\w.{}-]+)"\)(?: for \w+ in \(([^)]*)\))?')


def test_the_page_says_what_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m deploy.access --write"


def test_every_right_is_asked_for_and_every_standing_is_used() -> None:
    asked = {name for path in python("services", "shared") for name in _asked(path)}
    assert asked == TABLE.keys()
    used = {standing for one in TABLE.values() for standing in one.may | one.never}
    assert used == STANDINGS.keys()


def test_what_is_not_said_is_denied() -> None:
    for name, one in TABLE.items():
        assert one.may, f"{name} is for nobody; leave it out"
        assert not one.lets(())
        assert not one.lets(STANDINGS.keys() - one.may)
        assert not one.lets({"somebody"})


def test_attack_5_an_explicit_deny_beats_every_permission() -> None:
    """OpenEMR CVE-2026-33302: a role's allow must not open what a rule denies."""
    with_denials = [one for one in TABLE.values() if one.never]
    assert with_denials
    for one in with_denials:
        for denial in one.never:
            assert not one.lets({*one.may, denial})
        assert one.lets(one.may)


def test_a_slip_of_the_pen_opens_nothing() -> None:
    with pytest.raises(ValueError, match="no such standing: psycology"):
        right("read", "self psycology")
    with pytest.raises(KeyError):
        named("referrals.patient.raed")


def test_nobody_stands_in_anything_by_an_empty_id_or_an_unknown_role() -> None:
    for role in ROLES:
        assert not {"self", "owner"} & (of_patient(User("", role), "") | of_owner(User("", role), ""))
    for unknown in ("system", "outside", ""):
        assert of_role(User("x", unknown)) == of_owner(User("x", unknown), "x") == frozenset()
    assert of_role(User("somebody", "service")) == frozenset()


def test_a_service_stands_for_itself_alone() -> None:
    assert of_patient(User("notifications", "service"), "notifications") == {"notifications"}


def _asked(path: Path) -> set[str]:
    found = set()
    for name, several in CALL.findall(text(path)):
        if "{" not in name:
            found.add(name)
        elif several:
            found |= {re.sub(r"{\w+}", verb, name) for verb in re.findall(r'"([\w-]+)"', several)}
        else:
            found |= {one for one in TABLE if re.fullmatch(re.sub(r"{[\w.]+}", r"\\w+", name), one)}
    return found

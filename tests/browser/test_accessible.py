"""Axe on every page and in every state: each route, template and fault, and each form with something wrong."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from services.portal import pages as made
from services.portal.words import words
from tests.browser.seat import faults_of
from tests.browser.states import State, States, named_by_template, pages, states
from tests.portal.every_page import LEAD_ON
from tests.portal.running import running

pytestmark = pytest.mark.browser

Looked = tuple[States, dict[State, list[tuple[str, list[str]]]]]
"""All states, and what axe found on each; one that has nothing that the same page did not have before is left out."""


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Looked]:
    with named_by_template(), running(tmp_path_factory.mktemp("accessible")) as system:
        found = states(system)
        seen: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        faults: dict[State, list[tuple[str, list[str]]]] = {}
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        for state in found.all:
            if state.where not in seen or state.marks - seen[state.where]:
                seen[state.where] |= state.marks
                faults[state] = faults_of(state.html, page, system.addresses["portal"])
        context.close()
        print(f"axe looked at {len(faults)} of {len(found.all)} pages")
        yield found, faults


def test_axe_finds_nothing_grave(looked: Looked) -> None:
    grave = {f"{state.name}: {state.path}": found for state, found in looked[1].items() if found}
    assert grave == {}


def test_every_route_was_looked_at(looked: Looked) -> None:
    assert pages() - {state.kind for state in looked[0].all} == set(LEAD_ON)


def test_every_template_was_looked_at(looked: Looked) -> None:
    there = {file.name for file in (Path(made.__file__).parent / "templates").glob("[a-z]*.html")}
    assert there - {state.template for state in looked[1]} == {"base.html"}


def test_every_fault_was_looked_at(looked: Looked) -> None:
    names = {text.split(".")[1] for text in words("en").texts if text.startswith("fault.") and text.endswith(".title")}
    shown = {name for name in names for state in looked[0].all if words("en")(f"fault.{name}.title") in state.html}
    assert shown == names


def test_every_form_was_looked_at_with_something_wrong(looked: Looked) -> None:
    assert looked[0].forms - looked[0].wrong == set()

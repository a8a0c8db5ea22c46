"""Attacks on who may see what that other systems fell to, each with the right answer. Attack 4 is in
tests/runtime/test_access.py, 5 in test_policy.py; the numbers are those of the project's list.
"""

import pytest

from shared.runtime.auth import User
from tests.architecture.caregiver_routes import Way
from tests.architecture.caregiver_world import World
from tests.portal.acting import LINDQVIST, TANAKA
from tests.portal.api import OKAFOR
from tests.portal.story import PSYCHOLOGY, REFERRER, register, visitor


def test_attack_1_another_patients_measure_in_the_body_changes_nothing(world: World) -> None:
    """OpenEMR CVE-2026-25744."""
    other, owner = User(world.met, "patient"), User(world.treated, "patient")
    series = Way("interventions", "GET", "/series/{series_id}")
    before = world.ask(owner, series, world.treated)
    assert before.status_code == 200
    headers = dict(world.ask(other, series, world.treated).request.headers)
    address = f"{world.system.addresses['interventions']}/series/{world.ids['series_id']}/answers"
    said = {"occasion": "baseline", "measure": "PEG", "item": 1, "value": 0, "patient_id": world.met}
    for body in (said, {key: said[key] for key in ("occasion", "measure", "item", "value")}):
        answer = world.client.post(address, json=body, headers={**headers, "If-Match": "*"})
        assert answer.status_code in (404, 422), answer.text
    assert world.ask(owner, series, world.treated).json() == before.json()


def test_attack_3_a_form_in_a_second_tab_is_of_the_patient_whom_it_shows(world: World) -> None:
    """OpenEMR CVE-2026-27943: no session keeps a "current patient" that another tab could switch."""
    browser = visitor(world.system, REFERRER)
    first, second = register(browser), register(browser)
    browser.get(f"/patients/{first}")
    shown = browser.page
    browser.get(f"/patients/{second}")
    form = next(one for one in shown.forms if one.name == "withdraw-consent")
    assert browser.submit(form).path == f"/patients/{first}"
    of = {id: world.ask(OKAFOR, Way("referrals", "GET", "/patients/{patient_id}"), id).json() for id in (first, second)}
    assert of[first]["consents"] != of[second]["consents"]


@pytest.mark.parametrize("who", [OKAFOR, LINDQVIST, TANAKA], ids=lambda who: who.id)
def test_attack_6_a_list_shows_nothing_that_the_thing_itself_would_not(world: World, who: User) -> None:
    """Medplum 7641, 8807: one policy by list, alone and in a history."""
    for listed, alone in (("/patients", "/patients/{patient_id}"), ("/advice", "/advice/{advice_id}")):
        rows = world.ask(who, Way("referrals", "GET", listed), world.treated)
        assert rows.status_code == 200
        found = rows.json() if isinstance(rows.json(), list) else rows.json()["rows"]
        for id in {row["id"] for row in found}:
            path = alone.replace("{patient_id}", id).replace("{advice_id}", id)
            assert world.ask(who, Way("referrals", "GET", path), id).status_code == 200, path
    sees = world.ask(who, Way("referrals", "GET", "/patients/{patient_id}"), world.treated).status_code == 200
    history = world.ask(who, Way("referrals", "GET", "/timeline/{patient_id}"), world.treated).status_code == 200
    assert sees == history


def test_the_safety_lead_has_a_page_of_what_was_opened(world: World) -> None:
    page = visitor(world.system, PSYCHOLOGY).get("/opened-in-need")
    assert page.status == 200
    assert "nothing to look at" in page.text

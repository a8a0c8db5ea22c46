"""What an operator can do about a key that is stuck."""

import re

from shared.runtime.store.port import Hold
from shared.runtime.version import VERSION
from tests.portal.running import Running
from tests.portal.story import REFERRER, register, visitor

HELD_SINCE = 1_800_000_000_000


def hold(system: Running, patient: str) -> None:
    """Hold the patient's key in notifications, as if its next event, which then comes, could not be applied."""
    cursors = system.store("notifications").cursors
    cursor = system.run(cursors.get([patient]))[patient]
    # Held by this build: what another one could not apply would be tried again meanwhile.
    build = system.service("notifications").settings.build
    held = Hold(cursor.n + 1, "poison", "event-1", "ValueError", build, HELD_SINCE)
    assert system.run(cursors.hold(patient, "referrals", cursor.n, held))
    own = visitor(system, f"patient:{patient}")
    own.get("/privacy")
    own.submit(own.page.form("withdraw-consent", scope="caregiver"))


def test_where_nothing_is_wrong_the_page_says_so_and_when_it_looked(system: Running) -> None:
    register(visitor(system, REFERRER))
    system.settle()
    page = visitor(system, "operator:op-byrne").get("/")
    assert re.search(r"All clear, checked \d\d:\d\d\.", page.text), page.text
    assert "No backup is known here." in page.text
    sources = sum(
        len(system.service(name).parts.listens_to) for name in ("referrals", "interventions", "notifications")
    )
    assert page.text.count("Still to apply of") == sources
    assert page.text.count("No timer is late.") == 3
    assert page.text.count(f"Version {VERSION}, build ") == 3


def test_what_is_in_force_is_shown_without_secrets(system: Running) -> None:
    page = visitor(system, "operator:op-byrne").get("/")
    for words in (system.clinic.name, system.clinic.time_zone, "20:00–08:00", "CAREPATH_KAFKA", "CAREPATH_MASTER_KEY"):
        assert words in page.text
    assert system.secret not in page.html
    assert system.webhook_secret not in page.html


def test_a_held_key_says_what_it_is_and_what_waits_behind_it(system: Running) -> None:
    patient = register(visitor(system, REFERRER))
    system.settle()
    hold(system, patient)
    operator = visitor(system, "operator:op-byrne")
    assert "notifications holds 1 key." in operator.page.text
    assert "All clear" not in operator.page.text
    assert "carepath.patient.consent_withdrawn.v1" in operator.page.text
    assert "0 events wait behind it." in operator.page.text
    operator.submit(operator.page.form("retry", source=patient))


def test_a_held_key_can_be_tried_again(system: Running) -> None:
    patient = register(visitor(system, REFERRER))
    system.settle()
    hold(system, patient)
    operator = visitor(system, "operator:op-byrne")
    assert f"notifications: {patient}" in operator.page.text
    assert "15 January 2027 at 08:00" in operator.page.text
    page = operator.submit(operator.page.form("retry", source=patient))
    assert page.query == "done=let-go"
    assert patient not in page.text


def test_an_event_is_passed_over_only_with_a_reason(system: Running) -> None:
    patient = register(visitor(system, REFERRER))
    system.settle()
    hold(system, patient)
    operator = visitor(system, "operator:op-byrne")
    page = operator.submit(operator.page.form("discard", source=patient), reason="no")
    assert page.status == 422
    assert "at least 5 letters" in page.text
    page = operator.submit(operator.page.form("discard", source=patient), reason="Made by a test.")
    assert page.query == "done=discarded"
    assert "Made by a test." in page.text

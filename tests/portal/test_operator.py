"""What an operator can do about a key that is stuck."""

from shared.runtime.store.port import Hold
from tests.portal.running import Running
from tests.portal.story import REFERRER, register, visitor

HELD_SINCE = 1_800_000_000_000


def hold(system: Running, patient: str) -> None:
    """Hold the patient's key in notifications, as if its next event, which then comes, could not be applied."""
    cursors = system.store("notifications").cursors
    cursor = system.run(cursors.get([patient]))[patient]
    held = Hold(cursor.n + 1, "poison", "event-1", "ValueError", "build-1", HELD_SINCE)
    assert system.run(cursors.hold(patient, "referrals", cursor.n, held))
    own = visitor(system, f"patient:{patient}")
    own.get("/privacy")
    own.submit(own.page.form("withdraw-consent", scope="caregiver"))


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

"""Somebody is not heard from: psychology finds them on its list, calls, and writes it down; they come back, welcome."""

from datetime import timedelta

from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, answer_all, invited, visitor

NOTE = "Would like to go on next week."


def quiet(system: Running, days: int) -> None:
    """Days in which nothing is heard, each with its timers."""
    for _ in range(days):
        system.clock.offset += timedelta(days=1)
        system.settle()


def test_whoever_is_quiet_is_called_and_welcomed_back(system: Running) -> None:
    id, _ = invited(system)
    patient = visitor(system, f"patient:{id}")
    patient.submit("agree")
    system.settle()
    assert "Good to see you" not in patient.get("/").text
    assert "People to call" not in visitor(system, PSYCHOLOGY).page.text
    quiet(system, 16)
    home = visitor(system, PSYCHOLOGY).page
    assert "People to call" in home.text

    psychology = visitor(system, PSYCHOLOGY)
    page = psychology.get(next(link for link in psychology.page.links if link.endswith("#contacts")).partition("#")[0])
    assert "A call is due" in page.text
    page = psychology.submit("log-contact", kind="phone", minutes="many")
    assert "0 to 240 for a contact" in page.text
    assert "whether you reached" in page.text
    page = psychology.submit("log-contact", kind="phone", reached="no", minutes="2", note="")
    assert page.query == "done=contact-logged"
    assert "Tried once" in page.text
    page = psychology.submit("log-contact", kind="phone", reached="yes", minutes="12", note=NOTE)
    assert NOTE in page.text
    assert "14 minutes" in page.text
    assert "A call is due" not in page.text
    assert "#contacts" not in " ".join(psychology.get("/").links)

    # Whoever stays away for so long has been signed out.
    patient = visitor(system, f"patient:{id}")
    assert "Good to see you" in patient.page.text
    answer_all(patient)
    system.settle()
    page = patient.get("/")
    assert "Good to see you" in page.text
    assert NOTE not in page.text
    quiet(system, 1)
    assert "Good to see you" not in visitor(system, f"patient:{id}").page.text


def test_whoever_needs_a_break_takes_one_without_saying_why(system: Running) -> None:
    id, referral = invited(system)
    patient = visitor(system, f"patient:{id}")
    patient.submit("agree")
    system.settle()
    patient.get("/")
    page = patient.submit("take-break", weeks="12")
    assert "Please choose a shorter break" in page.text
    page = patient.submit("take-break", weeks="3")
    assert page.query == "done=break-taken"
    assert "Your break goes on until" in page.text
    psychology = visitor(system, PSYCHOLOGY)
    links = psychology.get(f"/referrals/{referral}").links
    page = psychology.get(next(link for link in links if link.startswith("/episodes/")))
    assert "Having a break until" in page.text

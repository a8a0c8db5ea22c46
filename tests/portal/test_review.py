"""Psychology looks at the step of care: what the rules suggest and why, and how treatment goes on."""

from deploy.visitor import Visitor
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, answer_all, invited, started, visitor

PARTS = ("understanding-pain", "short-relaxations", "activity-and-rest")


def to_the_early_look(system: Running, value: str = "0") -> str:
    """Somebody answers the first questions and three parts with theirs; the address where the step is looked at."""
    psychology = visitor(system, PSYCHOLOGY)
    patient_id, referral = invited(system)
    patient = visitor(system, f"patient:{patient_id}")
    patient.submit("agree")
    system.settle()
    episode = next(link for link in psychology.get(f"/referrals/{referral}").links if link.startswith("/episodes/"))
    for number, part in enumerate(PARTS, start=1):
        if number > 1:
            psychology.get(episode)
            psychology.submit("unlock-module", module_id=part, reason="A visit is planned.")
        _answer_everything(system, patient, value)
        patient.get(f"/programme/{number}")
        patient.submit("complete-module")
        _answer_everything(system, patient, value)
    return f"{episode}/review"


def _answer_everything(system: Running, patient: Visitor, value: str) -> None:
    system.settle()
    while any(link.startswith("/questions/") for link in patient.get("/").links):
        answer_all(patient, value)
        system.settle()


def test_a_clinician_reads_why_and_decides(system: Running) -> None:
    address = to_the_early_look(system)
    psychology = visitor(system, PSYCHOLOGY)
    page = psychology.get(address)
    assert "The rules suggest" in page.text
    assert "at two readings" in page.text
    refused = psychology.submit("decide-step", decision="step_down")
    assert "write why you decide otherwise" in refused.text
    page = psychology.submit(
        "decide-step", decision="step_up", programme_id="act-pain", step="4", departure_reason="She asks for more."
    )
    assert page.query == "done=step-decided"
    system.settle()
    page = psychology.get(address.removesuffix("/review"))
    assert "Making room for life beside pain" in page.text
    assert address not in psychology.get("/").links
    assert psychology.get(address).status == 409


def test_an_open_alert_comes_before_every_advice(system: Running) -> None:
    """Every question is answered with 1, that about hurting oneself too."""
    page = visitor(system, PSYCHOLOGY).get(to_the_early_look(system, value="1"))
    assert "Safety first" in page.text


def test_nobody_else_finds_the_page(system: Running) -> None:
    address = to_the_early_look(system)
    assert started(system).get(address).status == 404

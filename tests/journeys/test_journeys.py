"""What people live through besides the straight way: hesitation, a no, silence, danger, a trust that ends."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from deploy.people import Refused
from shared.contracts.interventions import ASSESSMENT_QUESTIONS
from tests.journeys.clinic import RunningClinic
from tests.journeys.flow import Way

pytestmark = pytest.mark.asyncio(loop_scope="module")

TRIAGE = ("psy-moreno", "psy-tanaka")
LADDER = ("psy-tanaka", "psy-moreno", "lead-haddad")


async def way(clinic: RunningClinic, tag: str, **more: Any) -> Way:
    """Somebody who has just been referred."""
    started = Way(clinic.desk, tag)
    await started.refer(**more)
    await clinic.system.settle()
    return started


async def accepted(clinic: RunningClinic, tag: str) -> Way:
    """Somebody who is asked whether they would like to start."""
    found = await way(clinic, tag)
    await found.accept()
    await clinic.system.settle()
    return found


async def templates(found: Way, id: str, role: str) -> Counter[str]:
    """What stands in somebody's inbox about this way, by template."""
    messages = await found.inbox(id, role)
    about = (None, found.patient_id)
    return Counter(message["template"] for message in messages if message["about"] in about)


async def staff_told(found: Way, template: str, people: tuple[str, ...] = TRIAGE) -> dict[str, int]:
    """How often each of them was told this about our patient."""
    told = {}
    for person in people:
        try:
            plan = await found.psychology.get("notifications", f"/agendas/{person}")
        except Refused as refused:
            if refused.status != 404:
                raise
            # Nobody has told them anything yet, so they have no agenda.
            plan = {"messages": []}
        agenda = plan["messages"]
        told[person] = sum(row["template"] == template and row["about"] == found.patient_id for row in agenda)
    return told


async def test_the_whole_way_closes_the_loop_and_says_everything_once(clinic: RunningClinic) -> None:
    found = Way(clinic.desk, "whole")
    await found.whole_way()
    await clinic.system.settle()
    patient = await templates(found, found.patient_id, "patient")
    assert patient["invitation"] == patient["welcome"] == patient["treatment_finished"] == 1
    assert patient["module_open"] == 8
    assert patient["questions_open"] == 3
    caregiver = await templates(found, found.caregiver_id, "caregiver")
    assert caregiver == {"caregiver_invitation": 1, "caregiver_started": 1, "caregiver_finished": 1}


async def test_modules_open_by_themselves_five_days_after_the_last(clinic: RunningClinic) -> None:
    found = await accepted(clinic, "gap")
    await found.agree()
    await clinic.system.settle()
    while (step := await found.next_step("questionnaire", "module"))["kind"] == "questionnaire":
        await found.answer(step)
    first = f"/episodes/{found.episode_id}/modules/{step['module_id']}/complete"
    await found.act(found.patient, "interventions", first)
    await clinic.pass_time(timedelta(days=5, seconds=-30))
    waiting = await found.next_step("wait")
    locked = f"/episodes/{found.episode_id}/modules/{waiting['module_id']}/complete"
    with pytest.raises(Refused, match="module-locked"):
        await found.act(found.patient, "interventions", locked)
    await clinic.pass_time(timedelta(seconds=60))
    assert (await found.next_step("module"))["module_id"] == waiting["module_id"]


async def test_a_declined_referral_has_no_episode_and_the_referrer_is_told_once(clinic: RunningClinic) -> None:
    found = await way(clinic, "declined")
    decision = {"reason_code": "no_capacity", "rationale": "Every place is taken until spring."}
    await found.act(found.psychology, "referrals", f"/referrals/{found.referral_id}/decline", decision)
    await clinic.system.settle()
    with pytest.raises(Refused, match="404"):
        await found.psychology.get("interventions", f"/episodes/{found.episode_id}")
    assert await staff_told(found, "referral_declined", ("dr-okafor",)) == {"dr-okafor": 1}
    assert (await templates(found, found.patient_id, "patient"))["referral_declined_patient"] == 1


async def test_an_undecided_person_is_asked_again_and_never_declined(clinic: RunningClinic) -> None:
    found = await accepted(clinic, "undecided")
    hesitation = {"reason_code": "pain_is_physical"}
    await found.act(found.patient, "referrals", f"/referrals/{found.referral_id}/undecided", hesitation)
    await clinic.pass_time(timedelta(days=14, minutes=1))
    told = await templates(found, found.patient_id, "patient")
    assert told["take_your_time"] == told["asked_again"] == 1
    await found.status("undecided")
    await found.agree()
    await found.status("in_treatment")


async def test_a_withdrawal_cancels_the_planned_episode(clinic: RunningClinic) -> None:
    found = await accepted(clinic, "withdrawn")
    await found.act(found.patient, "referrals", f"/referrals/{found.referral_id}/withdraw")
    await clinic.system.settle()
    episode = await found.psychology.get("interventions", f"/episodes/{found.episode_id}")
    assert episode["status"] == "cancelled"
    assert await staff_told(found, "referral_withdrawn", ("dr-okafor",)) == {"dr-okafor": 1}


async def test_a_referral_that_nobody_triages_is_said_to_be_overdue_daily(clinic: RunningClinic) -> None:
    found = await way(clinic, "overdue")
    await clinic.pass_time(timedelta(days=5, minutes=1))
    assert await staff_told(found, "triage_overdue") == dict.fromkeys(TRIAGE, 1)
    await clinic.pass_time(timedelta(days=1))
    assert await staff_told(found, "triage_overdue") == dict.fromkeys(TRIAGE, 2)
    await found.accept()
    await clinic.pass_time(timedelta(days=2))
    assert await staff_told(found, "triage_overdue") == dict.fromkeys(TRIAGE, 2)


async def test_an_outcome_that_nobody_reads_is_chased_after_48_hours(clinic: RunningClinic) -> None:
    found = await accepted(clinic, "chased")
    await found.agree()
    await clinic.system.settle()
    await found.treat()
    await found.finish()
    await found.status("outcome_sent")
    await clinic.pass_time(timedelta(hours=47, minutes=55))
    assert await staff_told(found, "outcome_reminder", ("dr-okafor",)) == {"dr-okafor": 0}
    await clinic.pass_time(timedelta(minutes=10))
    assert await staff_told(found, "outcome_reminder", ("dr-okafor",)) == {"dr-okafor": 1}
    await found.acknowledge()
    await clinic.pass_time(timedelta(hours=96))
    assert await staff_told(found, "outcome_reminder", ("dr-okafor",)) == {"dr-okafor": 1}


async def open_alert(found: Way) -> dict[str, Any]:
    """The patient's alert as the list shows it. Who is called depends on the hour."""
    rows = await found.psychology.get("interventions", "/risk-alerts", list="open")
    (alert,) = (one for one in rows if one["patient_id"] == found.patient_id)
    return dict(alert)


async def test_a_risk_alert_climbs_the_ladder_until_somebody_takes_it_on(clinic: RunningClinic) -> None:
    found = await accepted(clinic, "risk")
    await found.agree()
    await clinic.system.settle()
    while (step := await found.next_step("questionnaire"))["measure"] != "PHQ-9":
        await found.answer(step)
    one_answer = {"occasion": "start", "measure": "PHQ-9", "answers": {"9": 1}}
    await found.act(found.patient, "interventions", f"/series/{step['series_id']}/answers", one_answer)
    await clinic.system.settle()
    first = (await open_alert(found))["called"]
    assert await staff_told(found, "risk_alert", LADDER) == {person: int(person == first) for person in LADDER}
    for _ in range(2):
        before = await staff_told(found, "risk_alert_escalated", LADDER)
        await clinic.pass_time(timedelta(minutes=15, seconds=1))
        called = (await open_alert(found))["called"]
        assert called != first
        assert await staff_told(found, "risk_alert_escalated", LADDER) == {**before, called: before[called] + 1}
    alert = await open_alert(found)
    await found.act(found.psychology, "interventions", f"/risk-alerts/{alert['id']}/acknowledge")
    before = await staff_told(found, "risk_alert_escalated", LADDER)
    await clinic.pass_time(timedelta(minutes=60, seconds=1))
    assert await staff_told(found, "risk_alert_escalated", LADDER) == before
    waits = await staff_told(found, "risk_alert_waits", LADDER)
    assert sum(waits.values()) == 1
    talk = {**dict.fromkeys(ASSESSMENT_QUESTIONS, "no"), "concern": "low"}
    await found.act(found.psychology, "interventions", f"/risk-alerts/{alert['id']}/assess", talk)
    await clinic.pass_time(timedelta(hours=2))
    assert await staff_told(found, "risk_alert_waits", LADDER) == waits
    await found.act(
        found.psychology, "interventions", f"/risk-alerts/{alert['id']}/close", {"plan": "Calls on Friday."}
    )
    assert (await templates(found, found.patient_id, "patient"))["crisis_help"] == 1


async def test_a_caregiver_hears_nothing_without_the_patients_consent(clinic: RunningClinic) -> None:
    found = await way(clinic, "alone", consents=("refer", "email"))
    await found.accept()
    await found.agree()
    await clinic.system.settle()
    assert await templates(found, found.caregiver_id, "caregiver") == {}


async def test_a_trust_that_ends_stops_messages_that_wait_for_the_morning(clinic: RunningClinic) -> None:
    found = await accepted(clinic, "revoked")
    hour = clinic.clock.now().hour
    await clinic.pass_time(timedelta(hours=(23 - hour) % 24))
    await found.agree()
    await clinic.system.settle()
    [queued] = [row for row in await found.agenda(found.caregiver_id) if row["template"] == "caregiver_started"]
    assert queued["status"] == "queued"
    consent = {"scope": "caregiver", "granted": False}
    await found.act(found.patient, "referrals", f"/patients/{found.patient_id}/consents", consent)
    await clinic.pass_time(timedelta(hours=12))
    [dropped] = [row for row in await found.agenda(found.caregiver_id) if row["template"] == "caregiver_started"]
    told = await templates(found, found.caregiver_id, "caregiver")
    assert (dropped["status"], told) == ("dropped", {})

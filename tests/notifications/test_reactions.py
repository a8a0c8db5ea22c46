"""From an event to the agendas that it concerns: a pure function of the event and the clinic's configuration."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from services.notifications.domain import commands as c
from services.notifications.on_call_report import report_gaps
from services.notifications.reactions import agenda_id, reactions
from shared.contracts import interventions as i
from shared.contracts import notifications as n
from shared.contracts import referrals as r
from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.clinic_on_call import OnCall, Shift
from shared.contracts.envelope import Event
from tests.notifications.facts import (
    ENGAGEMENT,
    EPISODE,
    FACTS,
    MEETING,
    RAISED,
    REFERRAL,
    REGISTERED,
    RISK,
    SOON,
    STEPPED,
    SUBMITTED,
    SUMMARY,
)
from tests.notifications.people import AGENDA, CLINIC, LUIS, MINUTE, MORNING, ROSA, cause

TABLE = reactions(CLINIC)
QUIET: dict[str, Any] = {**ENGAGEMENT, "days": 7, "since": MORNING.date()}


def commands(event: Event, id: str = "event-1") -> dict[str, Any]:
    """Commands by the recipient whose agenda they are for."""
    targets = list(TABLE[type(event)](event, cause(event, id)))
    assert {target.aggregate for target in targets} == {"agenda"}
    assert len({target.id for target in targets}) == len(targets)
    found = {target.command.recipient_id: target.command for target in targets}  # type: ignore[attr-defined]
    assert {agenda_id(recipient) for recipient in found} == {target.id for target in targets}
    return found


def templates(event: Event) -> dict[str, list[str]]:
    return {who: [p.template for p in command.plan] for who, command in commands(event).items() if command.plan}


def settles(event: Event) -> dict[str, tuple[str, ...]]:
    return {who: command.settle for who, command in commands(event).items() if command.settle}


def test_there_is_an_example_of_every_row_and_every_event_exists() -> None:
    assert set(TABLE) == {type(fact) for fact in FACTS}
    assert set(TABLE) <= set(EVENT_TYPES.values())


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: type(fact).__name__)
def test_every_command_can_be_decided_and_the_same_event_makes_the_same_commands(fact: Event) -> None:
    assert commands(fact) == commands(fact)
    for command in commands(fact).values():
        AGENDA.decide(AGENDA.state(), command)


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (SUBMITTED, {"triage_team": "referral_to_triage", ROSA: "referral_sent"}),
        (r.TriageOverdue(**REFERRAL, reminder=1), {"triage_team": "triage_overdue"}),
        (r.InformationRequested(**REFERRAL, question="?"), {"dr-okafor": "information_needed"}),
        (r.InformationProvided(**REFERRAL, answer="!", triage_due=SOON), {"triage_team": "information_given"}),
        (
            r.ReferralAccepted(**REFERRAL, rationale=None, programme_id="p", step=2),
            {ROSA: "invitation", "dr-okafor": "referral_accepted"},
        ),
        (
            r.ReferralReturned(**REFERRAL, rationale=None),
            {ROSA: "referral_returned_patient", "dr-okafor": "referral_returned"},
        ),
        (
            r.ReferralDeclined(**REFERRAL, reason_code="no_capacity", rationale=None),
            {ROSA: "referral_declined_patient", "dr-okafor": "referral_declined"},
        ),
        (r.ReferralAgreed(**REFERRAL), {"dr-okafor": "patient_agreed"}),
        (r.PatientUndecided(**REFERRAL, reason_code="other", ask_again_at=SOON), {ROSA: "take_your_time"}),
        (r.PatientAskedAgain(**REFERRAL, times=1), {ROSA: "asked_again"}),
        (r.ReferralWithdrawn(**REFERRAL), {ROSA: "withdrawal_noted", "dr-okafor": "referral_withdrawn"}),
        (r.OutcomeReceived(**REFERRAL, summary=SUMMARY, acknowledge_by=SOON), {"dr-okafor": "outcome_to_read"}),
        (r.OutcomeChased(**REFERRAL, times=1), {"dr-okafor": "outcome_reminder"}),
        (i.EpisodeActivated(**EPISODE), {}),
        (i.ModuleUnlocked(**EPISODE, module_id="m"), {ROSA: "module_open"}),
        (i.MeasuresRequested(**EPISODE, occasion="end", measures=("PEG",)), {ROSA: "questions_open"}),
        (
            i.ReviewDue(**EPISODE, moment="early", rules_version=1, advice="step_up"),
            {"triage_team": "step_to_review"},
        ),
        (i.PatientQuiet(**QUIET, rung=1, step="nudge"), {ROSA: "kind_word"}),
        (i.PatientQuiet(**QUIET, rung=4, step="coach_call"), {"triage_team": "call_due"}),
        (i.PatientReturned(**ENGAGEMENT, days=9, called=False), {}),
        (i.PatientReturned(**ENGAGEMENT, days=16, called=True), {"triage_team": "patient_returned"}),
        (i.EpisodeReadyToFinish(**EPISODE), {"triage_team": "episode_to_finish"}),
        (i.EpisodeFinished(**EPISODE, referral_id="referral-1", summary=SUMMARY), {ROSA: "treatment_finished"}),
        (i.FeedbackAsked(**EPISODE, feedback_id="f", closes_at=SOON), {ROSA: "feedback_open"}),
        (RAISED, {"psy-tanaka": "risk_alert", ROSA: "crisis_help"}),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Event) else "",
)
def test_who_is_told_what(fact: Event, expected: dict[str, str]) -> None:
    people = {
        person: [template]
        for who, template in expected.items()
        for person in (CLINIC.triage_team if who == "triage_team" else (who,))
    }
    assert templates(fact) == people


def test_the_last_look_at_the_step_is_told_as_a_plan_that_is_ready() -> None:
    last = i.ReviewDue(**EPISODE, moment="end", rules_version=1, advice="stay")
    assert list(TABLE[i.ReviewDue](last, cause(last, "event-1"))) == []


def test_what_was_planned_before_a_new_programme_is_pointless_and_what_comes_with_it_is_told() -> None:
    assert commands(STEPPED)[ROSA].replace == (f"episode:{STEPPED.episode_id}",)
    assert commands(STEPPED)[ROSA].settle == ()


@pytest.mark.parametrize(
    ("level", "whom"), [(1, "psy-moreno"), (2, "lead-haddad"), (3, "lead-haddad"), (40, "lead-haddad")]
)
def test_an_escalated_alert_climbs_the_ladder_and_stays_with_the_last(level: int, whom: str) -> None:
    fact = i.RiskAlertEscalated(**RISK, level=level, acknowledge_by=SOON)
    assert templates(fact) == {whom: ["risk_alert_escalated"]}
    assert commands(fact)[whom].plan[0].critical


def test_an_alert_reaches_whom_it_names_and_whatever_ends_it_everybody_who_could_have_been_called() -> None:
    rota = CLINIC.model_copy(update={"on_call": OnCall(rota=(Shift(ladder=("op-byrne",)),))})
    table = reactions(rota)
    named = RAISED.model_copy(update={"called": "lead-haddad"})
    for fact, whom in ((named, "lead-haddad"), (RAISED, "op-byrne")):
        told = [target.command for target in table[type(fact)](fact, cause(fact, "event-1"))]
        assert [one.recipient_id for one in told if one.kind == "staff"] == [whom]  # type: ignore[attr-defined]
    taken = i.RiskAlertAcknowledged(**RISK, acknowledged_by="lead-haddad")
    settled = {one.command.recipient_id for one in table[type(taken)](taken, cause(taken, "event-2"))}  # type: ignore[attr-defined]
    assert settled == {*CLINIC.risk_ladder, "op-byrne"}


def test_hours_without_anybody_on_duty_are_reported_at_start() -> None:
    partly = CLINIC.model_copy(update={"on_call": OnCall(rota=(Shift(days=("mon",), ladder=("op-byrne",)),))})
    with capture_logs() as logs:
        report_gaps(partly, MORNING)
    assert logs
    assert {line["event"] for line in logs} == {"notifications.nobody_on_call"}


@pytest.mark.parametrize("owed", ["assess", "close"])
def test_an_alert_that_was_taken_on_and_not_finished_calls_the_next_of_the_ladder(owed: i.AlertStep) -> None:
    fact = i.RiskAlertEscalated(**RISK, level=1, acknowledge_by=SOON, owed=owed)
    assert templates(fact) == {"psy-moreno": ["risk_alert_waits"]}
    assert commands(fact)["psy-moreno"].plan[0].critical


@pytest.mark.parametrize("type", [i.RiskAlertAssessed, i.RiskAlertTakenOver, i.RiskAlertClosed])
def test_every_step_of_an_alert_settles_what_it_was_called_for(type: type[Event]) -> None:
    fact = next(one for one in FACTS if isinstance(one, type))
    assert settles(fact) == dict.fromkeys(CLINIC.risk_ladder, ("risk:alert-1",))


def test_an_acknowledged_alert_is_settled_for_everyone_on_the_ladder_but_the_patient_keeps_their_help() -> None:
    assert settles(i.RiskAlertAcknowledged(**RISK, acknowledged_by="psy-tanaka")) == dict.fromkeys(
        CLINIC.risk_ladder, ("risk:alert-1",)
    )


def test_the_note_to_the_referrer_goes_through_the_referral() -> None:
    fact = i.PatientQuiet(**QUIET, rung=3, step="referrer_note")
    assert list(TABLE[i.PatientQuiet](fact, cause(fact, "event-1"))) == []


@pytest.mark.parametrize(
    "fact",
    [
        i.BreakTaken(**ENGAGEMENT, until=SOON.date()),
        i.PatientReached(**ENGAGEMENT, day=SOON.date()),
        i.PatientReturned(**ENGAGEMENT, days=9, called=False),
    ],
)
def test_whoever_is_heard_from_needs_no_kind_word_and_no_call(fact: Event) -> None:
    assert settles(fact) == dict.fromkeys((ROSA, *CLINIC.triage_team), ("episode:episode-1/quiet",))


def test_a_triage_decision_settles_the_teams_reminders_and_the_question_to_the_referrer() -> None:
    accepted = r.ReferralAccepted(**REFERRAL, rationale=None, programme_id="p", step=2)
    team = dict.fromkeys(CLINIC.triage_team, ("referral:referral-1/triage",))
    theirs = ("referral:referral-1/question", "referral:referral-1/owed/referrer")
    assert settles(accepted) == {**team, "dr-okafor": theirs}


def test_a_withdrawal_settles_all_of_the_referral_for_everyone() -> None:
    everyone = {*CLINIC.triage_team, ROSA, "dr-okafor"}
    assert settles(r.ReferralWithdrawn(**REFERRAL)) == dict.fromkeys(everyone, ("referral:referral-1",))


def test_a_cancelled_episode_settles_every_session_and_questionnaire() -> None:
    everyone = {*CLINIC.triage_team, ROSA}
    assert settles(i.EpisodeCancelled(**EPISODE)) == dict.fromkeys(everyone, ("episode:episode-1",))


def test_the_first_completed_questionnaire_settles_the_message_that_they_are_open() -> None:
    planned = commands(i.MeasuresRequested(**EPISODE, occasion="start", measures=("PEG",)))[ROSA].plan[0]
    reading = r.Reading(measure="PEG", answers=(1, 1, 1), total=3, value=1.0, taken_at=MORNING)
    done = i.MeasureCompleted(**EPISODE, series_id="series-1", occasion="start", reading=reading)
    assert settles(done) == {ROSA: (planned.topic,)}


def test_a_completed_session_settles_its_own_message_only() -> None:
    planned = commands(i.ModuleUnlocked(**EPISODE, module_id="m"))[ROSA].plan[0]
    assert settles(i.ModuleCompleted(**EPISODE, module_id="m", done=1, total=2)) == {ROSA: (planned.topic,)}


def test_a_second_question_to_the_referrer_is_told_although_the_first_was_answered() -> None:
    asked = commands(r.InformationRequested(**REFERRAL, question="?"))["dr-okafor"]
    answered = commands(r.InformationProvided(**REFERRAL, answer="!", triage_due=SOON))["dr-okafor"]
    later = {"fact_at": MORNING + MINUTE}
    again = commands(r.InformationRequested(**REFERRAL, question="?"), "event-2")["dr-okafor"]
    state = AGENDA.state()
    for command in (asked, answered.model_copy(update=later)):
        for event in AGENDA.decide(state, command):
            state = AGENDA.evolve(state, event)
    second = AGENDA.decide(state, again.model_copy(update={"fact_at": MORNING + 2 * MINUTE}))
    assert [type(event) for event in second] == [n.MessagePlanned]


def test_caregivers_are_told_through_the_patients_agenda() -> None:
    found = commands(i.EpisodeActivated(**EPISODE))
    note = c.CaregiverNote(template="caregiver_started", topic="news:episode-1", scope="news")
    assert [command.tell_caregivers for command in found.values()] == [(note,)]
    assert list(found) == [ROSA]


def test_a_caregivers_agenda_takes_on_what_the_patients_agenda_passes_to_it() -> None:
    due = FACTS[-1]
    command = commands(due)[LUIS]
    assert (command.kind, command.cause) == ("caregiver", "event-0")
    assert [(p.template, p.about, p.needs) for p in command.plan] == [("caregiver_started", ROSA, "caregiver")]
    assert commands(due, "another-delivery")[LUIS].plan == command.plan


def test_the_message_id_depends_on_cause_template_and_recipient() -> None:
    first, again, other = (commands(SUBMITTED, id) for id in ("event-1", "event-1", "event-2"))
    assert first[ROSA].plan[0].message_id == again[ROSA].plan[0].message_id
    assert first[ROSA].plan[0].message_id != other[ROSA].plan[0].message_id
    ids = [planned.message_id for command in first.values() for planned in command.plan]
    assert len(set(ids)) == len(ids) == 1 + len(CLINIC.triage_team)


def test_texts_get_times_in_full_and_how_many_there_are_of_several_things() -> None:
    scheduled = r.AppointmentScheduled(**REFERRAL, appointment=MEETING)
    assert commands(scheduled)[ROSA].plan[0].parameters == {"appointment": SOON.isoformat(), "minutes": 50}
    undecided = r.PatientUndecided(**REFERRAL, reason_code="other", ask_again_at=SOON)
    assert commands(undecided)[ROSA].plan[0].parameters == {"ask_again_at": SOON.isoformat()}
    requested = i.MeasuresRequested(**EPISODE, occasion="start", measures=("PEG", "PHQ-4"))
    assert commands(requested)[ROSA].plan[0].parameters == {"measures": 2}


def test_one_person_in_several_parts_gets_one_command() -> None:
    both = CLINIC.model_copy(update={"triage_team": ("dr-okafor",)})
    accepted = r.ReferralAccepted(**REFERRAL, rationale=None, programme_id="p", step=2)
    targets = list(reactions(both)[r.ReferralAccepted](accepted, cause(accepted)))
    mine = [t.command for t in targets if t.id == agenda_id("dr-okafor")]
    assert len(mine) == 1
    assert isinstance(mine[0], c.HandleFact)
    settled = ("referral:referral-1/triage", "referral:referral-1/question", "referral:referral-1/owed/referrer")
    assert (mine[0].settle, mine[0].plan[0].template) == (settled, "referral_accepted")


def test_a_registered_patient_is_learned() -> None:
    learned = commands(REGISTERED)[ROSA]
    assert (learned.kind, learned.name, learned.email) == ("patient", "Rosa Delgado", "rosa@example.org")
    assert (learned.language, learned.time_zone) == ("es", "Europe/London")


def test_a_linked_caregiver_is_learned_and_known_to_the_patients_agenda() -> None:
    linked = next(fact for fact in FACTS if isinstance(fact, r.CaregiverLinked))
    found = commands(linked)
    assert (found[LUIS].kind, found[LUIS].about, found[LUIS].granted) == ("caregiver", ROSA, True)
    assert (found[ROSA].caregiver_id, found[ROSA].linked) == (LUIS, True)


def test_an_unlinked_caregiver_loses_the_permission_too() -> None:
    unlinked = next(fact for fact in FACTS if isinstance(fact, r.CaregiverUnlinked))
    found = commands(unlinked)
    assert (found[LUIS].about, found[LUIS].scope, found[LUIS].granted) == (ROSA, "caregiver", False)
    assert (found[ROSA].caregiver_id, found[ROSA].linked) == (LUIS, False)


@pytest.mark.parametrize(("scope", "whom"), [(r.ConsentScope.CAREGIVER, {ROSA, LUIS}), (r.ConsentScope.EMAIL, {ROSA})])
def test_a_consent_reaches_the_patient_and_the_caregivers_that_it_is_about(scope: r.ConsentScope, whom: Any) -> None:
    given = commands(r.ConsentGiven(at=MORNING, patient_id=ROSA, scope=scope, caregiver_ids=(LUIS,)))
    withdrawn = commands(r.ConsentWithdrawn(at=MORNING, patient_id=ROSA, scope=scope, caregiver_ids=(LUIS,)))
    assert set(given) == set(withdrawn) == whom
    assert {(o.about, o.scope, o.granted) for o in given.values()} == {(ROSA, scope.value, True)}
    assert {(o.about, o.scope, o.granted) for o in withdrawn.values()} == {(ROSA, scope.value, False)}

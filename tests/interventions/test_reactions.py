"""Each event that this service listens to becomes one command for one aggregate, and always the same one."""

from typing import Any

import pytest

from services.interventions.carer_reactions import CARERS
from services.interventions.circle_reactions import CIRCLES
from services.interventions.domain.alert import commands as alert
from services.interventions.domain.check_in import commands as check_in
from services.interventions.domain.engagement import commands as engagement
from services.interventions.domain.episode import commands as episode
from services.interventions.domain.feedback import commands as feedback
from services.interventions.domain.series import commands as series
from services.interventions.engagement_reactions import ENGAGEMENT, engagement_of
from services.interventions.group_reactions import GROUPS
from services.interventions.reactions import REACTIONS, check_in_of, episode_of, feedback_of, series_of
from shared.contracts.commands import Command
from shared.contracts.envelope import Envelope, Event
from shared.contracts.interventions import (
    ActivityBegun,
    ActivityFinished,
    ActivitySaved,
    AnswerRecorded,
    CheckInAnswered,
    CheckInAsked,
    CheckInCompleted,
    CheckInRiskAnswered,
    EpisodeActivated,
    EpisodeCancelled,
    EpisodeFinished,
    EpisodeMigrated,
    EpisodeReadyToFinish,
    MeasureCompleted,
    MeasuresRequested,
    ModuleCompleted,
    ModuleSetAside,
    ModuleUnlocked,
    PracticeLogged,
    RiskAlertClosed,
    RiskAlertRaised,
    RiskAnswerGiven,
    RiskWordsWritten,
)
from shared.contracts.referrals import (
    EnteredInError,
    OutcomeSummary,
    Priority,
    ReferralAccepted,
    ReferralAgreed,
    ReferralCancelled,
    ReferralDeclined,
    ReferralLapsed,
    ReferralRedirected,
    ReferralReturned,
    ReferralWaitlisted,
    ReferralWithdrawn,
    RiskAnswerReported,
    TreatmentStarted,
)
from shared.runtime.aggregate import Cause, derived_id
from tests.interventions import example as ex

OF_REFERRAL: dict[str, Any] = {"at": ex.T0, "referral_id": "r1", "patient_id": "p1", "referrer_id": "doc"}
ACCEPTED = ReferralAccepted(**OF_REFERRAL, rationale=None, programme_id="short", step=2)
REQUESTED = ex.of_episode(MeasuresRequested, occasion="start", measures=("PEG",))
WORRY = ex.of_series(RiskAnswerGiven, occasion="start", measure="PHQ-9", item=9, value=2)
WORDS = RiskWordsWritten(
    at=ex.T0,
    record_id="a1",
    episode_id="e1",
    patient_id="p1",
    activity_id="plan",
    number=2,
    field="what",
    words=("want to die",),
)
REPORTED = RiskAnswerReported(**OF_REFERRAL, measure="PHQ-9", item=9, value=1)
WAITLISTED = ReferralWaitlisted(**OF_REFERRAL, priority=Priority.ROUTINE, waiting_since=ex.T0)
ENDED: list[Event] = [
    ReferralReturned(**OF_REFERRAL, rationale=None),
    ReferralDeclined(**OF_REFERRAL, reason_code="no_capacity", rationale=None),
    ReferralLapsed(**OF_REFERRAL),
    ReferralRedirected(**OF_REFERRAL, to="primary-care", rationale=None),
    ReferralWithdrawn(**OF_REFERRAL),
    ReferralCancelled(**OF_REFERRAL, reason_code="moved_away"),
    EnteredInError(**OF_REFERRAL),
]
EPISODE_ID, SERIES_ID = episode_of("r1"), series_of("e1")
WORDS_ID = derived_id("risk", "a1", "what")
ALERT_ID = derived_id("risk", "s1", "start", "PHQ-9", "9")
CHECK_IN_ID = check_in_of("e1", "one")
CHECKED_ID = derived_id("risk", CHECK_IN_ID, "PHQ-9", "9")
IN_IT = {"episode_id": "e1", "patient_id": "p1"}
OF_CHECK_IN = {"at": ex.T0, "check_in_id": CHECK_IN_ID, **IN_IT, "moment": "one"}
ASKED = ex.of_episode(CheckInAsked, moment="one", measures=("PEG",), closes_at=ex.after(days=10))
FINISHED = ex.of_episode(
    EpisodeFinished,
    referral_id="r1",
    summary=OutcomeSummary(
        end_reason="stopped_by_patient", programme="short", modules_done=1, modules_total=3, changes=()
    ),
)
REPORTED_ID = derived_id("risk", "x")
RAISED = ex.of_alert(RiskAlertRaised, measure="PHQ-9", item=9, value=1, acknowledge_by=ex.after(minutes=15))
CLOSED = ex.of_alert(RiskAlertClosed, closed_by="ana", plan="We speak tomorrow.")

TABLE: list[tuple[Event, str, str, type[Command], dict[str, Any]]] = [
    (
        ACCEPTED,
        "episode",
        EPISODE_ID,
        episode.OpenEpisode,
        {"episode_id": EPISODE_ID, "patient_id": "p1", "referral_id": "r1", "programme_id": "short", "step": 2},
    ),
    (ReferralAgreed(**OF_REFERRAL), "episode", EPISODE_ID, episode.ActivateEpisode, {}),
    (TreatmentStarted(**OF_REFERRAL), "episode", EPISODE_ID, episode.ActivateEpisode, {}),
    (WAITLISTED, "episode", EPISODE_ID, episode.OfferWhileWaiting, {}),
    *((ended, "episode", EPISODE_ID, episode.CancelEpisode, {}) for ended in ENDED),
    (
        REQUESTED,
        "measure_series",
        SERIES_ID,
        series.OpenMeasures,
        {"series_id": SERIES_ID, "episode_id": "e1", "patient_id": "p1", "occasion": "start", "measures": ("PEG",)},
    ),
    (
        ex.of_series(MeasureCompleted, occasion="end", reading=ex.reading()),
        "episode",
        "e1",
        episode.RecordMeasure,
        {"occasion": "end", "reading": ex.reading()},
    ),
    (
        ASKED,
        "check_in",
        CHECK_IN_ID,
        check_in.OpenCheckIn,
        {**IN_IT, "check_in_id": CHECK_IN_ID, "moment": "one", "measures": ("PEG",), "closes_at": ex.after(days=10)},
    ),
    (
        CheckInCompleted(**OF_CHECK_IN, reading=ex.reading()),
        "episode",
        "e1",
        episode.RecordCheckIn,
        {"moment": "one", "reading": ex.reading()},
    ),
    (
        CheckInRiskAnswered(**OF_CHECK_IN, measure="PHQ-9", item=9, value=1),
        "risk_alert",
        CHECKED_ID,
        alert.RaiseRiskAlert,
        {**IN_IT, "alert_id": CHECKED_ID, "measure": "PHQ-9", "item": 9, "value": 1},
    ),
    (
        WORDS,
        "risk_alert",
        WORDS_ID,
        alert.RaiseRiskAlertForWords,
        {**IN_IT, "alert_id": WORDS_ID, "activity_id": "plan", "number": 2, "field": "what", "words": ("want to die",)},
    ),
    (
        FINISHED,
        "feedback",
        feedback_of("e1"),
        feedback.PlanFeedback,
        {**IN_IT, "feedback_id": feedback_of("e1")},
    ),
    (
        WORRY,
        "risk_alert",
        ALERT_ID,
        alert.RaiseRiskAlert,
        {"alert_id": ALERT_ID, "episode_id": "e1", "patient_id": "p1", "measure": "PHQ-9", "item": 9, "value": 2},
    ),
    (RAISED, "episode", "e1", episode.FlagRisk, {"alert_id": "a1"}),
    (CLOSED, "episode", "e1", episode.ClearRisk, {"alert_id": "a1"}),
    (
        REPORTED,
        "risk_alert",
        REPORTED_ID,
        alert.RaiseRiskAlert,
        {
            "alert_id": REPORTED_ID,
            "episode_id": EPISODE_ID,
            "patient_id": "p1",
            "measure": "PHQ-9",
            "item": 9,
            "value": 1,
        },
    ),
]


ENGAGEMENT_ID = engagement_of("e1")
OF_RECORD = {"at": ex.T0, "record_id": "d1", **IN_IT}
NEXT = {"next_module_id": "two", "next_module_at": ex.after(days=5)}
HEARD: dict[str, Any] = {"happened_at": ex.T0, "on_behalf": False}
DONE = ex.of_episode(ModuleCompleted, module_id="one", done=1, total=3, **NEXT)
ASIDE = ex.of_episode(ModuleSetAside, module_id="one", reason_code="other", **NEXT)
OPEN_NOW = {"opens_at": ex.T0}
SUMMARY = OutcomeSummary(end_reason="completed", programme="short", modules_done=3, modules_total=3, changes=())

NOTED: list[tuple[Event, type[Command], dict[str, Any]]] = [
    (ex.OPENED, engagement.OpenEngagement, {"engagement_id": ENGAGEMENT_ID, **IN_IT, "referral_id": "r1"}),
    (
        ex.of_episode(EpisodeActivated),
        engagement.BeginEngagement,
        {"engagement_id": ENGAGEMENT_ID, **IN_IT, "happened_at": ex.T0},
    ),
    (ex.of_episode(ModuleUnlocked, module_id="one"), engagement.NoteOpening, OPEN_NOW),
    (DONE, engagement.NoteActivity, {**HEARD, "opens_at": ex.after(days=5)}),
    (ASIDE, engagement.NoteActivity, {**HEARD, "opens_at": ex.after(days=5)}),
    (ex.of_episode(EpisodeMigrated, programme_version=3), engagement.NoteActivity, HEARD),
    (ActivityBegun(**OF_RECORD, module_id="one", activity_id="walk"), engagement.NoteActivity, HEARD),
    (ActivitySaved(**OF_RECORD), engagement.NoteActivity, HEARD),
    (ActivityFinished(**OF_RECORD, module_id="one", activity_id="walk"), engagement.NoteActivity, HEARD),
    (
        PracticeLogged(at=ex.T0, log_id="l1", **IN_IT, practice_id="breathe", day=ex.T0.date(), times=1),
        engagement.NoteActivity,
        HEARD,
    ),
    (
        ex.of_series(AnswerRecorded, occasion="start", measure="PEG", item=1, value=5),
        engagement.NoteActivity,
        HEARD,
    ),
    (CheckInAnswered(**OF_CHECK_IN, measure="PEG", item=1, value=5), engagement.NoteActivity, HEARD),
    (ex.of_episode(EpisodeReadyToFinish), engagement.NoteNothingLeft, {}),
    (ex.of_episode(EpisodeFinished, referral_id="r1", summary=SUMMARY), engagement.EndEngagement, {}),
    (ex.of_episode(EpisodeCancelled), engagement.EndEngagement, {}),
]


def cause_of(event: Event, actor: str = ex.PATIENT) -> Cause:
    envelope = Envelope(
        id="x",
        source="carepath/referrals",
        type=event.TYPE,
        subject="r1",
        time=ex.T0,
        sequence=1,
        correlation="c",
        causation="c",
        actor=actor,
        data={},
    )
    return Cause(now=ex.after(minutes=1), actor=ex.SYSTEM, envelope=envelope)


@pytest.mark.parametrize(("event", "aggregate", "id", "kind", "fields"), TABLE, ids=lambda value: type(value).__name__)
def test_event_becomes_its_command(
    event: Event, aggregate: str, id: str, kind: type[Command], fields: dict[str, Any]
) -> None:
    target, *others = REACTIONS[type(event)](event, cause_of(event))
    more = {MeasuresRequested: ["engagement"], EpisodeFinished: ["engagement", "membership"]}
    assert [one.aggregate for one in others] == more.get(type(event), [])
    assert (target.aggregate, target.id) == (aggregate, id)
    assert target.command == kind(now=ex.after(minutes=1), actor=ex.SYSTEM, **fields)


@pytest.mark.parametrize(("event", "kind", "fields"), NOTED, ids=lambda value: type(value).__name__)
def test_the_engagement_hears_of_it(event: Event, kind: type[Command], fields: dict[str, Any]) -> None:
    targets = REACTIONS[type(event)](event, cause_of(event))
    [target] = [one for one in targets if one.aggregate == "engagement"]
    assert target.id == ENGAGEMENT_ID
    assert target.command == kind(now=ex.after(minutes=1), actor=ex.SYSTEM, **fields)


def test_questionnaires_that_are_asked_are_something_to_do() -> None:
    _, target = REACTIONS[MeasuresRequested](REQUESTED, cause_of(REQUESTED))
    assert target.command == engagement.NoteOpening(now=ex.after(minutes=1), actor=ex.SYSTEM, **OPEN_NOW)


def test_what_a_clinician_writes_down_counts_but_not_that_they_leave_something_out() -> None:
    (target,) = REACTIONS[ModuleCompleted](DONE, cause_of(DONE, ex.ANA))
    said = {"now": ex.after(minutes=1), "actor": ex.SYSTEM}
    noted = engagement.NoteActivity(**said, happened_at=ex.T0, on_behalf=True, opens_at=ex.after(days=5))
    assert target.command == noted
    (target,) = REACTIONS[ModuleSetAside](ASIDE, cause_of(ASIDE, ex.ANA))
    assert target.command == engagement.NoteOpening(**said, opens_at=ex.after(days=5))
    last = ASIDE.model_copy(update={"next_module_at": None})
    assert REACTIONS[ModuleSetAside](last, cause_of(last, ex.ANA)) == []


NOTHING: list[Event] = [
    ACCEPTED.model_copy(update={"kind": "assessment"}),
    TreatmentStarted(**OF_REFERRAL, kind="assessment"),
    ReferralAgreed(**OF_REFERRAL, starts_now=False),
]


@pytest.mark.parametrize("event", NOTHING, ids=lambda event: type(event).__name__)
def test_an_assessment_has_no_episode_and_agreeing_alone_does_not_begin_one(event: Event) -> None:
    assert REACTIONS[type(event)](event, cause_of(event)) == []


def test_two_worrying_answers_of_one_referral_raise_two_alerts_and_the_same_one_again_none() -> None:
    first, other = cause_of(REPORTED), cause_of(REPORTED)
    other = Cause(other.now, other.actor, other.envelope.model_copy(update={"id": "y"}))
    react = REACTIONS[RiskAnswerReported]
    assert react(REPORTED, first) == react(REPORTED, first)
    assert react(REPORTED, first)[0].id != react(REPORTED, other)[0].id


def test_every_row_of_the_table_is_tested_and_says_what_follows() -> None:
    assert {type(row[0]) for row in (*TABLE, *NOTED)} | set(CIRCLES) | set(GROUPS) | set(CARERS) == set(REACTIONS)
    assert {type(row[0]) for row in NOTED} == set(ENGAGEMENT)
    assert all(reaction.__doc__ for reaction in REACTIONS.values())

"""Each event that this service listens to, and the commands that follow from it: always the same ones."""

from datetime import timedelta
from typing import Any

import pytest

from services.referrals.domain.care_plan.commands import CloseForReferral
from services.referrals.domain.place import commands as p
from services.referrals.domain.referral.commands import ContinueReferral, DraftReferral
from services.referrals.domain.referral.later import (
    BeginInGroup,
    NoteMissedGroup,
    NoteProgress,
    ReceiveOffer,
    ReceiveOutcome,
)
from services.referrals.reactions import REACTIONS, care_plan_of
from shared.contracts import referrals as e
from shared.contracts.envelope import Envelope, Event
from shared.contracts.interventions import (
    EpisodeFinished,
    EpisodeStepped,
    GroupAbsenceCorrected,
    GroupSessionAttended,
    GroupSessionMissed,
    MeasuresRequested,
    PatientQuiet,
)
from shared.runtime.aggregate import Cause, Target
from tests.referrals.people import AT_PLACE, IDS, LATER, NOW, REACTION, REQUEST, SUMMARY
from tests.referrals.questions import CONVERTED

UNTIL = NOW + timedelta(days=7)
BY: dict[str, Any] = {"now": LATER, "actor": REACTION}
ONE: dict[str, Any] = {**BY, "referral_id": "referral-1"}
CLOSE = Target("care_plan", care_plan_of("patient-rosa"), CloseForReferral(**ONE))
SEAT = e.SeatHeld(at=NOW, **AT_PLACE, hold_until=UNTIL, waited_days=3, wait=2)
WAITS = e.ReferralWaitlisted(at=NOW, **AT_PLACE, priority="urgent", waiting_since=NOW, wait=2)
ASKED = MeasuresRequested(
    at=NOW, episode_id="e1", patient_id="patient-rosa", referral_id="referral-1", occasion="middle", measures=("PEG",)
)
STEPPED = EpisodeStepped(
    at=NOW,
    episode_id="e1",
    patient_id="patient-rosa",
    referral_id="referral-1",
    from_programme_id="cbt-pain",
    from_step=2,
    programme_id="act-pain",
    programme_version=1,
    step=3,
)
QUIET = PatientQuiet(
    at=NOW,
    engagement_id="g1",
    episode_id="e1",
    patient_id="patient-rosa",
    referral_id="referral-1",
    rung=3,
    step="referrer_note",
    days=21,
    since=NOW.date(),
)
IN_A_GROUP: dict[str, Any] = {
    "at": NOW,
    "invitation": 1,
    "membership_id": "m1",
    "group_id": "g1",
    "episode_id": "e1",
    "patient_id": "patient-rosa",
    "referral_id": "referral-1",
    "number": 2,
    "module_ids": ("two",),
}
CORRECTION = {name: value for name, value in IN_A_GROUP.items() if name != "module_ids"}
MISSED = GroupSessionMissed(**IN_A_GROUP, reason_code="ill", in_a_row=2, row_from=1, before_first=True)
CORRECTED = GroupAbsenceCorrected(**CORRECTION, reason_code="forgot", before_first=True)
REDIRECTED = e.ReferralRedirected(at=NOW, **AT_PLACE, to="primary-care", rationale="Sleep first.")


def _place(command: p.EntryCommand) -> Target:
    return Target("place", "place-online-course", command)


def _referral(command: Any, id: str = "referral-1") -> Target:
    return Target("referral", id, command)


def _said(kind: type[e.ReferralEvent], **fields: Any) -> e.ReferralEvent:
    return kind(at=NOW, **AT_PLACE, **fields)


LEAVE = _place(p.Leave(**ONE))
ROWS: list[tuple[Event, list[Target]]] = [
    (
        EpisodeFinished(at=NOW, episode_id="e1", patient_id="patient-rosa", referral_id="referral-1", summary=SUMMARY),
        [_referral(ReceiveOutcome(**BY, summary=SUMMARY))],
    ),
    (ASKED, [_referral(NoteProgress(**BY, occasion="middle"))]),
    (STEPPED, [_referral(NoteProgress(**BY, occasion="step_change"))]),
    (QUIET, [_referral(NoteProgress(**BY, quiet_days=21))]),
    (GroupSessionAttended(**IN_A_GROUP, first=True), [_referral(BeginInGroup(**BY, group_id="g1"))]),
    # Of an earlier one somebody was told: this is the first that nobody was told of.
    (MISSED, [_referral(NoteMissedGroup(**BY, group_id="g1", reason_code="ill"))]),
    (MISSED.model_copy(update={"told": True}), []),
    (MISSED.model_copy(update={"before_first": False}), []),
    (CORRECTED, [_referral(NoteMissedGroup(**BY, group_id="g1", reason_code="forgot"))]),
    (CORRECTED.model_copy(update={"told": True}), []),
    # In a group nobody needs a seat of the place, held or taken; in one of its seats it stays theirs.
    (_said(e.TreatmentStarted, group_id="g1"), [LEAVE]),
    (_said(e.TreatmentStarted), []),
    (
        WAITS,
        [
            _place(
                p.JoinList(
                    **ONE,
                    place_id="place-online-course",
                    patient_id="patient-rosa",
                    referrer_id="dr-okafor",
                    priority=e.Priority.URGENT,
                    waiting_since=NOW,
                    wait=2,
                )
            )
        ],
    ),
    (_said(e.ClockPaused, reason_code="medical_reason"), [_place(p.PauseEntry(**ONE, reason_code="medical_reason"))]),
    (_said(e.ClockResumed, waiting_since=NOW), [_place(p.ResumeEntry(**ONE, waiting_since=NOW))]),
    (
        _said(e.PriorityChanged, priority="very_urgent", rationale="Worse."),
        [_place(p.ReorderEntry(**ONE, priority=e.Priority.VERY_URGENT))],
    ),
    (_said(e.OfferTaken), [_place(p.ConfirmSeat(**ONE))]),
    (_said(e.OfferDeclined, reason_code="too_soon"), [_place(p.ReturnSeat(**ONE, reason="declined"))]),
    (_said(e.OfferLapsed, times=1), [_place(p.ReturnSeat(**ONE, reason="lapsed"))]),
    (SEAT, [_referral(ReceiveOffer(**BY, place_id="place-online-course", offer_until=UNTIL, wait=2))]),
    (_said(e.PatientUndecided, reason_code="other", ask_again_at=LATER), [LEAVE]),
    (_said(e.PatientNotNow, reason_code="other", reoffer_at=LATER), [LEAVE]),
    (_said(e.WorseWhileWaiting, reasons=("x",), triage_due=LATER), [LEAVE]),
    (_said(e.CancellationRequested, reason_code="moved_away"), [_place(p.LeaveList(**ONE))]),
    (_said(e.OutcomeReceived, summary=SUMMARY, acknowledge_by=LATER), [LEAVE]),
    (_said(e.FindingsSent, findings="Grief.", acknowledge_by=LATER), [LEAVE]),
    (_said(e.OutcomeAcknowledged), [CLOSE, LEAVE]),
    (_said(e.ReferralReturned, rationale="Pacing."), [CLOSE, LEAVE]),
    (_said(e.ReferralDeclined, rationale="Full.", reason_code="no_capacity"), [CLOSE, LEAVE]),
    (_said(e.ReferralLapsed), [CLOSE, LEAVE]),
    (_said(e.ReferralWithdrawn), [CLOSE, LEAVE]),
    (_said(e.ReferralCancelled, reason_code="other"), [CLOSE, LEAVE]),
    (_said(e.EnteredInError), [CLOSE, LEAVE]),
    (_said(e.DraftDiscarded), [CLOSE, LEAVE]),
    (REDIRECTED, [CLOSE, LEAVE]),
    (
        REDIRECTED.model_copy(update={"continued_as": "referral-2", "request": REQUEST}),
        [
            _referral(
                ContinueReferral(
                    **BY,
                    referral_id="referral-2",
                    patient_id="patient-rosa",
                    referrer_id="dr-okafor",
                    based_on="referral-1",
                    request=REQUEST,
                    rationale="Sleep first.",
                ),
                "referral-2",
            ),
            CLOSE,
            LEAVE,
        ],
    ),
    (CONVERTED, [_referral(DraftReferral(**BY, **IDS, advice_id="advice-1"))]),
]


ENVELOPE = Envelope(
    id="event-1",
    source="carepath/referrals",
    type=e.ReferralWithdrawn.TYPE,
    subject="referral-1",
    time=NOW,
    sequence=9,
    correlation="click-1",
    causation="request:1",
    actor="psychology:psy-tanaka",
    data={},
)


def _targets(event: Event) -> list[Target]:
    return list(REACTIONS[type(event)](event, Cause(now=LATER, actor=REACTION, envelope=ENVELOPE)))


@pytest.mark.parametrize(("event", "targets"), ROWS, ids=lambda value: type(value).__name__)
def test_an_event_becomes_its_commands(event: Event, targets: list[Target]) -> None:
    assert _targets(event) == targets


def test_every_row_of_the_table_is_told_here() -> None:
    assert {type(event) for event, _ in ROWS} == set(REACTIONS)


@pytest.mark.parametrize(
    "event",
    [
        WAITS,
        *(event for event, targets in ROWS if targets in ([LEAVE], [CLOSE, LEAVE])),
        *(event for event, targets in ROWS if isinstance(event, (e.OfferTaken, e.OfferDeclined, e.ClockPaused))),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_at_no_place_reaches_none(event: Event) -> None:
    nowhere = event.model_copy(update={"place_id": None})
    assert [target for target in _targets(nowhere) if target.aggregate == "place"] == []


@pytest.mark.parametrize("change", [{"occasion": "start"}, {"occasion": "end"}, {"referral_id": None}])
def test_only_the_middle_of_a_known_referral_is_a_note_to_the_referrer(change: dict[str, Any]) -> None:
    assert _targets(ASKED.model_copy(update=change)) == []


@pytest.mark.parametrize("change", [{"step": "nudge"}, {"step": "coach_call"}, {"referral_id": None}])
def test_of_whoever_is_quiet_only_one_step_is_a_note_to_the_referrer(change: dict[str, Any]) -> None:
    assert _targets(QUIET.model_copy(update=change)) == []


def test_a_reason_that_was_erased_is_no_reason_to_stop() -> None:
    erased = REDIRECTED.model_copy(update={"continued_as": "referral-2", "request": REQUEST, "rationale": None})
    assert _targets(erased)[0].command.model_dump()["rationale"] == ""


def test_the_plan_of_a_person_has_one_id() -> None:
    assert care_plan_of("patient-rosa") == care_plan_of("patient-rosa") != care_plan_of("patient-other")

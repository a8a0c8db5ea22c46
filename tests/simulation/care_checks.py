"""What must be true of the care: nobody is lost between services, and nothing comes too early or after its end."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from shared.contracts import interventions as i
from shared.contracts import referrals as r
from shared.contracts.envelope import Event
from shared.runtime.aggregate import derived_id
from shared.runtime.store.port import Json
from tests.simulation.clinic import Clinic
from tests.simulation.engagement_checks import check_engagements
from tests.simulation.loop import START
from tests.simulation.plan_checks import LATE, check_treatment
from tests.simulation.record import Record, said
from tests.simulation.risk_checks import check_alert, check_risks

_ONLY_BY: dict[type[Event], tuple[str, ...]] = {
    r.ReferralSubmitted: ("referrer", "patient"),
    r.TriageTaken: ("psychology",),
    r.ReferralRedirected: ("psychology",),
    r.ReferralCancelled: ("psychology",),
    r.CancellationRequested: ("referrer",),
    r.SeatsChanged: ("psychology",),
    r.FindingsSent: ("psychology",),
    r.InformationProvided: ("referrer",),
    r.OutcomeAcknowledged: ("referrer",),
    r.InformationRequested: ("psychology",),
    r.ReferralAccepted: ("psychology",),
    r.ReferralReturned: ("psychology",),
    r.ReferralDeclined: ("psychology",),
    i.RiskAlertAcknowledged: ("psychology",),
    i.RiskAlertAssessed: ("psychology",),
    i.RiskAlertTakenOver: ("psychology",),
    i.RiskAlertClosed: ("psychology",),
    i.EpisodeFinished: ("psychology",),
    i.ContactLogged: ("psychology",),
    i.PatientReached: ("psychology",),
    i.PatientQuiet: ("system",),
    i.FeedbackGiven: ("patient",),
}
_ENDS = (
    *(r.ReferralReturned, r.ReferralDeclined, r.ReferralLapsed, r.ReferralRedirected, r.ReferralWithdrawn),
    *(r.ReferralCancelled, r.EnteredInError, r.OutcomeAcknowledged),
)
_CHANGES_NO_WAIT = (
    *(r.AttachmentAdded, r.ClinicianLinked, r.RiskAnswerReported, r.TriageTaken, r.PriorityChanged, r.TriageOverdue),
    *(r.InformationRequested, r.InformationOverdue, r.WarmHandoffHeld, r.PatientAskedAgain, r.ClockPaused),
    *(r.ClockResumed, r.WaitingBreached, r.RescreenDue, r.RescreenRecorded, r.StepOverdue, r.ProgressNoted),
    r.OutcomeChased,
)
"""What leaves a referral waiting for what it waited for."""


def check_care(clinic: Clinic) -> None:
    """Blame whatever is missing, double, early or too late."""
    record = clinic.record
    now = START + timedelta(seconds=clinic.loop.time())
    for kind, roles in _ONLY_BY.items():
        for entry, _ in record.of_type(kind):
            if entry["actor"].partition(":")[0] not in roles:
                record.blame(f"{entry['actor']} did what is for {roles}: {kind.TYPE}")
    for history in record.events.values():
        if history[0]["subject"].startswith("referral-"):
            _check_referral(record, [said(entry) for entry in history])
            _check_reminders(clinic, history[0]["subject"], [said(entry) for entry in history], now)
        elif history[0]["subject"].startswith("episode-"):
            _check_episode(record, [said(entry) for entry in history], history)
            check_treatment(clinic, history[0]["subject"], [said(entry) for entry in history], now)
        elif history[0]["subject"].startswith("risk-"):
            check_alert(clinic, history, now)
    _check_questions(record)
    check_risks(clinic)
    _check_check_ins(clinic.record)
    check_engagements(clinic, now)
    _check_feedback(clinic.record)


def _count(record: Record, kind: type[Event], **fields: Any) -> int:
    return sum(
        all(getattr(event, name) == value for name, value in fields.items()) for _, event in record.of_type(kind)
    )


def _check_referral(record: Record, events: list[Event]) -> None:
    """What was agreed is treated, once, and what ended ends in treatment too."""
    kinds = Counter(type(event) for event in events)
    first: Any = events[0]
    id, episode = first.referral_id, derived_id("episode", first.referral_id)
    ended = _check_end(record, id, events)
    for once in (r.ReferralSubmitted, r.TreatmentStarted, r.OutcomeReceived, r.FindingsSent, r.OutcomeAcknowledged):
        if kinds[once] > 1:
            record.blame(f"{id}: {once.TYPE} {kinds[once]} times")
    treats = (first.kind if isinstance(first, r.ReferralDrafted) else first.request.kind) == "treatment"
    opened = _count(record, i.EpisodeOpened, referral_id=id)
    if treats and not opened <= kinds[r.ReferralAccepted] <= opened + kinds[r.WorseWhileWaiting]:
        record.blame(f"{id} was accepted {kinds[r.ReferralAccepted]} times and has {opened} episodes")
    started = kinds[r.TreatmentStarted] if treats else 0
    if (active := _count(record, i.EpisodeActivated, episode_id=episode)) != started:
        record.blame(f"{id} began {started} times and its treatment {active} times")
    finished = _count(record, i.EpisodeFinished, episode_id=episode)
    cancelled = _count(record, i.EpisodeCancelled, episode_id=episode)
    untreated = ended is not None and not isinstance(ended, r.OutcomeAcknowledged)
    if opened and untreated and not finished and cancelled < opened - kinds[r.WorseWhileWaiting]:
        record.blame(f"{id} ended ({ended.TYPE if ended else ''}), and its treatment goes on")
    if finished and not kinds[r.OutcomeReceived] and not untreated:
        record.blame(f"{episode} finished, and the referrer has heard nothing")


def _check_end(record: Record, id: str, events: list[Event]) -> Event | None:
    """How it ended, if it has. What ended without treatment may be looked at again; what was a mistake, said to be."""
    ended: Event | None = None
    for event in events:
        if isinstance(event, r.ReferralReopened) and not isinstance(
            ended, r.ReferralRedirected | r.OutcomeAcknowledged
        ):
            ended = None
        elif ended is not None and not isinstance(event, r.EnteredInError):
            record.blame(f"{id}: {event.TYPE} after its end")
        elif isinstance(event, _ENDS):
            ended = event
    return ended


def _check_reminders(clinic: Clinic, id: str, events: list[Event], now: datetime) -> None:
    """Whoever lets others wait is reminded, again and again, and never too early. What lapses does so in time."""
    promised: dict[type[Event], datetime] = {}
    for event in events:
        due = promised.pop(type(event), None)
        if due and event.at < due:
            clinic.record.blame(f"{id}: {event.TYPE} at {event.at}, which is too early")
        for kind, at in promised.items():
            if event.at > at + LATE and _was_calm(clinic, at, event.at):
                clinic.record.blame(f"{id}: {kind.TYPE} was to come at {at}, and did not until {event.at}")
        if not isinstance(event, _CHANGES_NO_WAIT):
            promised.clear()
        if (told := _reminder(clinic, event)) is not None:
            promised[told[0]] = told[1]
    for kind, at in promised.items():
        if now > at + LATE:
            clinic.record.blame(f"{id}: {kind.TYPE} was to come at {at}, and has not")


def _reminder(clinic: Clinic, event: Event) -> tuple[type[Event], datetime] | None:
    """What comes by itself after `event`, and when, if nothing else happens before."""
    clocks, waits = clinic.settings.clinic.clocks, clinic.settings.clinic.waits
    match event:
        case (
            r.ReferralSubmitted()
            | r.ReferralContinued()
            | r.InformationProvided()
            | r.WorseWhileWaiting()
            | r.ReferralReopened()
        ):
            return r.TriageOverdue, event.triage_due
        case r.PriorityChanged() if event.triage_due is not None:
            return r.TriageOverdue, event.triage_due
        case r.TriageOverdue():
            return r.TriageOverdue, event.at + timedelta(hours=clocks.triage_reminder_hours)
        case r.ReferralAccepted() | r.ReferralReoffered():
            return r.PatientAskedAgain, event.at + timedelta(days=waits.step_days["patient_answer"])
        case r.PatientUndecided() if event.contact in ("message", "no_contact_until_date"):
            return r.PatientAskedAgain, event.ask_again_at
        case r.PatientAskedAgain():
            return r.PatientAskedAgain, event.at + timedelta(days=clocks.ask_again_days)
        case r.PatientNotNow():
            return r.ReferralReoffered, event.reoffer_at
        case r.SeatOffered():
            return r.OfferLapsed, event.offer_until
        case r.OutcomeReceived() | r.FindingsSent():
            return r.OutcomeChased, event.acknowledge_by
        case r.OutcomeChased():
            return r.OutcomeChased, event.at + timedelta(hours=clocks.outcome_chase_hours)
    return None


def _follows_up(event: Event) -> bool:
    """Some months after the end it is asked how the person is."""
    return isinstance(event, i.CheckInAsked | i.CheckInRecorded) and event.moment.startswith("follow-up-")


def _check_episode(record: Record, events: list[Event], history: list[Json]) -> None:
    ended = begun = False
    done: list[str] = []
    for event, entry in zip(events, history, strict=True):
        if isinstance(event, i.EpisodeOpened) and not begun:
            # Triage looked again before treatment began: all of it is planned anew.
            ended, done = False, []
        if ended and not _follows_up(event):
            record.blame(f"{entry['subject']}: {event.TYPE} after its end")
        ended = ended or isinstance(event, i.EpisodeFinished | i.EpisodeCancelled)
        begun = begun or isinstance(event, i.EpisodeActivated)
        if isinstance(event, i.ModuleCompleted):
            if event.module_id in done:
                record.blame(f"{entry['subject']}: a module was completed twice")
            done.append(event.module_id)


def _was_calm(clinic: Clinic, start: datetime, end: datetime) -> bool:
    return clinic.troubles.calm((start - START).total_seconds(), (end - START).total_seconds())


def _check_questions(record: Record) -> None:
    for _, asked in record.of_type(i.MeasuresRequested):
        which = {"episode_id": asked.episode_id, "occasion": asked.occasion, "programme_id": asked.programme_id}
        opened = _count(record, i.MeasuresOpened, **which)
        if opened != 1:
            record.blame(f"{asked.episode_id} asked questions ({asked.occasion}), which opened {opened} times")
    for _, done in record.of_type(i.MeasureCompleted):
        closed = _count(record, i.EpisodeFinished, episode_id=done.episode_id)
        closed += _count(record, i.EpisodeCancelled, episode_id=done.episode_id)
        # What was answered after the treatment had gone on in another programme says nothing of that one.
        closed += _count(record, i.EpisodeStepped, episode_id=done.episode_id)
        noted = sum(
            (event.episode_id, event.programme_id, event.occasion, event.reading.measure)
            == (done.episode_id, done.programme_id, done.occasion, done.reading.measure)
            for _, event in record.of_type(i.MeasureRecorded)
        )
        if noted > 1 or (not noted and not closed):
            record.blame(f"{done.reading.measure} of {done.episode_id} was completed, and noted {noted} times")


def _check_check_ins(record: Record) -> None:
    """What was asked in between opened once; what was answered was noted once, and whoever worried was seen."""
    for _, asked in record.of_type(i.CheckInAsked):
        about = {"episode_id": asked.episode_id, "moment": asked.moment}
        if (opened := _count(record, i.CheckInOpened, **about)) != 1:
            record.blame(f"{asked.episode_id} asked how it goes ({asked.moment}), which opened {opened} times")
    for _, done in record.of_type(i.CheckInCompleted):
        noted = [
            event
            for _, event in record.of_type(i.CheckInRecorded)
            if (event.episode_id, event.moment, event.reading.measure)
            == (done.episode_id, done.moment, done.reading.measure)
        ]
        # What was asked after a module, and is answered after the end, says nothing of the treatment any more.
        ended = _count(record, i.EpisodeCancelled, episode_id=done.episode_id)
        if not done.moment.startswith("follow-up-"):
            ended += _count(record, i.EpisodeFinished, episode_id=done.episode_id)
        if len(noted) > 1 or (not noted and not ended):
            record.blame(f"{done.check_in_id} was completed, and noted {len(noted)} times")


def _check_feedback(record: Record) -> None:
    """Everybody is asked once how treatment was, however it ended, and not before the day that was planned."""
    for _, finished in record.of_type(i.EpisodeFinished):
        if (planned := _count(record, i.FeedbackPlanned, episode_id=finished.episode_id)) != 1:
            record.blame(f"{finished.episode_id} finished, and to ask how it was is planned {planned} times")
    days = {event.feedback_id: event.ask_at for _, event in record.of_type(i.FeedbackPlanned)}
    for kind in (i.FeedbackAsked, i.FeedbackGiven, i.FeedbackLapsed):
        for _, event in record.of_type(kind):
            if event.at < days[event.feedback_id] or _count(record, kind, feedback_id=event.feedback_id) != 1:
                record.blame(f"{event.feedback_id}: {kind.TYPE} too early, or twice")

"""What must be true of the care: nobody is lost between services, and nothing comes too early or after its end."""

from collections import Counter
from datetime import datetime
from typing import Any

from shared.contracts import interventions as i
from shared.contracts import referrals as r
from shared.contracts.envelope import Event
from shared.runtime.aggregate import derived_id
from shared.runtime.store.port import Json
from tests.simulation.clinic import Clinic
from tests.simulation.record import Record, said

_ONLY_BY: dict[type[Event], tuple[str, ...]] = {
    r.ReferralSubmitted: ("referrer",),
    r.InformationProvided: ("referrer",),
    r.OutcomeAcknowledged: ("referrer",),
    r.InformationRequested: ("psychology",),
    r.ReferralAccepted: ("psychology",),
    r.ReferralReturned: ("psychology",),
    r.ReferralDeclined: ("psychology",),
    i.RiskAlertAcknowledged: ("psychology",),
    i.RiskAlertClosed: ("psychology",),
    i.EpisodeFinished: ("psychology",),
}
_PROMPTLY = 60.0


def check_care(clinic: Clinic) -> None:
    """Blame whatever is missing, double, early or too late."""
    record = clinic.record
    for kind, roles in _ONLY_BY.items():
        for entry, _ in record.of_type(kind):
            if entry["actor"].partition(":")[0] not in roles:
                record.blame(f"{entry['actor']} did what is for {roles}: {kind.TYPE}")
    for history in record.events.values():
        if history[0]["subject"].startswith("referral-"):
            _check_referral(record, [said(entry) for entry in history])
        elif history[0]["subject"].startswith("episode-"):
            _check_episode(record, [said(entry) for entry in history], history)
        elif history[0]["subject"].startswith("risk-"):
            _check_alert(clinic, history)
    _check_questions(record)
    _check_risks(clinic)


def _count(record: Record, kind: type[Event], **fields: Any) -> int:
    return sum(
        all(getattr(event, name) == value for name, value in fields.items()) for _, event in record.of_type(kind)
    )


def _check_referral(record: Record, events: list[Event]) -> None:
    kinds = Counter(type(event) for event in events)
    first: Any = events[0]
    id = first.referral_id
    for once in (r.ReferralSubmitted, r.ReferralAccepted, r.ReferralAgreed, r.OutcomeReceived, r.OutcomeAcknowledged):
        if kinds[once] > 1:
            record.blame(f"{id}: {once.TYPE} {kinds[once]} times")
    if (opened := _count(record, i.EpisodeOpened, referral_id=id)) != kinds[r.ReferralAccepted]:
        record.blame(f"{id} was accepted {kinds[r.ReferralAccepted]} times and has {opened} episodes")
    episode = derived_id("episode", id)
    if (active := _count(record, i.EpisodeActivated, episode_id=episode)) != kinds[r.ReferralAgreed]:
        record.blame(f"{id} was agreed {kinds[r.ReferralAgreed]} times and started {active} times")
    finished = _count(record, i.EpisodeFinished, episode_id=episode)
    cancelled = _count(record, i.EpisodeCancelled, episode_id=episode)
    if finished + cancelled > 1:
        record.blame(f"{episode} ended twice")
    if opened and kinds[r.ReferralWithdrawn] and not finished + cancelled:
        record.blame(f"{id} was withdrawn, and its treatment goes on")
    if finished and not kinds[r.OutcomeReceived] + kinds[r.ReferralWithdrawn]:
        record.blame(f"{episode} finished, and the referrer has heard nothing")
    _check_reminders(record, id, events)


def _check_reminders(record: Record, id: str, events: list[Event]) -> None:
    due: dict[type[Event], datetime] = {}
    for event in events:
        if type(event) in due and event.at < due[type(event)]:
            record.blame(f"{id}: {event.TYPE} at {event.at}, which is too early")
        match event:
            case r.ReferralSubmitted() | r.InformationProvided():
                due[r.TriageOverdue] = event.triage_due
            case r.PatientUndecided():
                due[r.PatientAskedAgain] = event.ask_again_at
            case r.OutcomeReceived():
                due[r.OutcomeChased] = event.acknowledge_by


def _check_episode(record: Record, events: list[Event], history: list[Json]) -> None:
    ended = False
    opens: dict[str, datetime] = {}
    for event, entry in zip(events, history, strict=True):
        if ended:
            record.blame(f"{entry['subject']}: {event.TYPE} after its end")
        ended = ended or isinstance(event, i.EpisodeFinished | i.EpisodeCancelled)
        if isinstance(event, i.ModuleCompleted) and event.next_module_id and event.next_module_at:
            opens[event.next_module_id] = event.next_module_at
        if (
            isinstance(event, i.ModuleUnlocked)
            and event.overridden_by is None
            and event.at < opens.get(event.module_id, event.at)
        ):
            record.blame(f"{entry['subject']}: {event.module_id} opened before its time")
    done = [event.module_id for event in events if isinstance(event, i.ModuleCompleted)]
    if len(done) != len(set(done)):
        record.blame(f"{history[0]['subject']}: a module was completed twice")


def _check_alert(clinic: Clinic, history: list[Json]) -> None:
    due: datetime | None = None
    for entry in history:
        event = said(entry)
        if isinstance(event, i.RiskAlertEscalated) and (due is None or event.at < due):
            clinic.record.blame(f"{event.alert_id} was escalated before its deadline")
        if isinstance(event, i.RiskAlertAcknowledged) and due is None:
            clinic.record.blame(f"{event.alert_id} was acknowledged, but is not open")
        due = event.acknowledge_by if isinstance(event, i.RiskAlertRaised | i.RiskAlertEscalated) else None


def _check_questions(record: Record) -> None:
    for _, asked in record.of_type(i.MeasuresRequested):
        opened = _count(record, i.MeasuresOpened, episode_id=asked.episode_id, occasion=asked.occasion)
        if opened != 1:
            record.blame(f"{asked.episode_id} asked questions ({asked.occasion}), which opened {opened} times")
    for _, done in record.of_type(i.MeasureCompleted):
        closed = _count(record, i.EpisodeFinished, episode_id=done.episode_id)
        closed += _count(record, i.EpisodeCancelled, episode_id=done.episode_id)
        noted = sum(
            (event.episode_id, event.occasion, event.reading.measure)
            == (done.episode_id, done.occasion, done.reading.measure)
            for _, event in record.of_type(i.MeasureRecorded)
        )
        if noted > 1 or (not noted and not closed):
            record.blame(f"{done.reading.measure} of {done.episode_id} was completed, and noted {noted} times")


def _check_risks(clinic: Clinic) -> None:
    record = clinic.record
    for entry, risk in record.of_type(i.RiskAnswerGiven):
        alert = derived_id("risk", risk.series_id, risk.occasion, risk.measure, str(risk.item))
        raised = [one for one, event in record.of_type(i.RiskAlertRaised) if event.alert_id == alert]
        if not raised:
            record.blame(f"a worrying answer in {risk.series_id}, and nobody was called")
            continue
        answered, called = record.stored_at[entry["id"]], record.stored_at[raised[0]["id"]]
        if called > answered + _PROMPTLY and clinic.troubles.calm(answered, called):
            record.blame(f"{alert} was raised {called - answered:.0f} s after the answer, on a calm day")

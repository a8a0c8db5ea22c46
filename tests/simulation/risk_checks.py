"""What must be true of danger: each worrying answer raises one alert, and people are called until one has assessed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.contracts import interventions as i
from shared.contracts import referrals as r
from shared.contracts.envelope import Event
from shared.contracts.interventions.circle_post import CircleRiskWordsWritten
from shared.runtime.aggregate import derived_id
from shared.runtime.store.port import Json
from tests.simulation.clinic import Clinic
from tests.simulation.loop import START
from tests.simulation.plan_checks import LATE
from tests.simulation.record import Record, said

_PROMPTLY = 60.0
_SELF_HARM = 9
"""The item of PHQ-9 whose every answer above 0 is a warning."""


@dataclass
class _Alert:
    """Where an alert stands, told anew from its events, by none of the rules that made them."""

    status: str = ""
    due: datetime | None = None
    holder: str = ""
    assessor: str = ""


def check_alert(clinic: Clinic, history: list[Json], now: datetime) -> None:
    """Whoever does not answer or assess in time is not the last one to be called; only who assessed closes."""
    alert = _Alert()
    name = str(history[0]["subject"])
    for event in map(said, history):
        if problem := _misstep(alert, event):
            clinic.record.blame(f"{name} {problem}")
        if alert.due is not None and event.at > alert.due + LATE:
            _blame_silence(clinic, f"{name} was due at {alert.due}", alert.due, event.at)
        _follow(alert, event)
    if alert.due is not None and now > alert.due + LATE:
        _blame_silence(clinic, f"{name} was due at {alert.due}", alert.due, now)


def _misstep(alert: _Alert, event: Event) -> str | None:
    match event:
        case i.RiskAlertRaised() if alert.status in ("open", "acknowledged"):
            return "was raised, but is open"
        case i.RiskAlertEscalated() if alert.due is None or event.at < alert.due:
            return "was escalated before its deadline"
        case i.RiskAlertAcknowledged() if alert.status != "open":
            return "was acknowledged, but is not open"
        case i.RiskAlertTakenOver() if alert.status not in ("acknowledged", "assessed"):
            return "was taken over, and nobody had taken it on"
        case i.RiskAlertAssessed() if alert.status not in ("acknowledged", "assessed"):
            return "was assessed, and nobody had taken it on"
        case i.RiskAlertAssessed() if alert.holder != event.assessed_by:
            return "was assessed by somebody who does not hold it"
        case i.RiskAlertClosed() if alert.status in ("open", ""):
            return "was closed, and nobody had taken it on"
        case i.RiskAlertClosed() if alert.status != "assessed" or alert.assessor != event.closed_by:
            return "was closed by somebody who did not assess"
    return None


def _follow(alert: _Alert, event: Event) -> None:
    match event:
        case i.RiskAlertRaised():
            alert.status, alert.due, alert.holder, alert.assessor = "open", event.acknowledge_by, "", ""
        case i.RiskAlertEscalated():
            alert.due = event.acknowledge_by if event.owed != "close" else None
        case i.RiskAlertAcknowledged():
            alert.status, alert.due, alert.holder = "acknowledged", event.assess_by, event.acknowledged_by
        case i.RiskAlertTakenOver():
            alert.status, alert.due, alert.holder = "acknowledged", event.assess_by, event.taken_over_by
        case i.RiskAlertAssessed():
            alert.status, alert.due, alert.assessor = "assessed", event.close_by, event.assessed_by
        case i.RiskAlertClosed():
            alert.status, alert.due = "closed", None


def _blame_silence(clinic: Clinic, what: str, start: datetime, end: datetime) -> None:
    if clinic.troubles.calm((start - START).total_seconds(), (end - START).total_seconds()):
        clinic.record.blame(f"{what}, and nobody else was called")


def check_risks(clinic: Clinic) -> None:
    """Each worry has its alert, each alert its worry, and no alert was raised more often than somebody worried."""
    record = clinic.record
    warned = {(risk.series_id, risk.occasion) for _, risk in record.of_type(i.RiskAnswerGiven)}
    for _, answer in record.of_type(i.AnswerRecorded):
        danger = answer.measure == "PHQ-9" and answer.item == _SELF_HARM and answer.value > 0
        if danger and (answer.series_id, answer.occasion) not in warned:
            record.blame(f"a worrying answer in {answer.series_id} was not taken for one")
    raised: dict[str, list[float]] = {}
    for entry, event in record.of_type(i.RiskAlertRaised):
        raised.setdefault(event.alert_id, []).append(record.stored_at[entry["id"]])
    worries = Counter[str]()
    for alert, entry in _worries(record):
        worries[alert] += 1
        answered = record.stored_at[entry["id"]]
        if alert not in raised:
            record.blame(f"a worrying answer in {entry['subject']}, and nobody was called")
        elif raised[alert][0] > answered + _PROMPTLY and clinic.troubles.calm(answered, raised[alert][0]):
            late = timedelta(seconds=round(raised[alert][0] - answered))
            record.blame(f"{alert} was raised {late} after the answer, on a calm day")
    for alert, times in raised.items():
        if len(times) > worries[alert]:
            record.blame(f"{alert} was raised {len(times)} times for {worries[alert]} worrying answers")


def _worries(record: Record) -> Iterator[tuple[str, Json]]:
    """The alert that each worrying answer must lead to; the first answer of each alert comes first."""
    for entry, risk in record.of_type(i.RiskAnswerGiven):
        yield derived_id("risk", risk.series_id, risk.occasion, risk.measure, str(risk.item)), entry
    for entry, risk in record.of_type(i.CheckInRiskAnswered):
        yield derived_id("risk", risk.check_in_id, risk.measure, str(risk.item)), entry
    for entry, words in record.of_type(i.RiskWordsWritten):
        yield derived_id("risk", words.record_id, words.field), entry
    for entry, post in record.of_type(CircleRiskWordsWritten):
        yield derived_id("risk", post.post_id), entry
    for entry, _ in record.of_type(r.RiskAnswerReported):
        yield derived_id("risk", entry["id"]), entry

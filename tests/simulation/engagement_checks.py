"""What must be true of whoever is in treatment: nobody who does something is called quiet, and nobody quiet is dropped.

Counted anew from what people did, not from what the engagement remembers of it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from shared.contracts import interventions as i
from shared.contracts import notifications as n
from shared.contracts import referrals as r
from shared.contracts.envelope import Event
from tests.simulation.clinic import CLOCKS_DIFFER, Clinic
from tests.simulation.plan_checks import LATE
from tests.simulation.record import said

_DONE = (
    *(i.ModuleCompleted, i.ModuleSetAside, i.EpisodeMigrated, i.ActivityBegun, i.ActivitySaved, i.ActivityFinished),
    *(i.PracticeLogged, i.AnswerRecorded, i.CheckInAnswered, i.GroupSessionAttended),
)
_OPENED = (i.ModuleUnlocked, i.MeasuresRequested)
_OVER = (i.EpisodeFinished, i.EpisodeCancelled, i.EpisodeReadyToFinish)
"""After which nobody waits for the person: it has ended, or the next step is a clinician's."""
_ENDS = (r.ReferralWithdrawn, r.CancellationRequested, r.OutcomeReceived, r.EnteredInError)
"""Whose referrer needs no note on the way any more."""
_UNSURE = CLOCKS_DIFFER + timedelta(hours=1)
"""By how much two clocks may differ, and summer time move a midnight."""
_SECONDS_UNTIL_HEARD = 3600.0


@dataclass(frozen=True)
class _Fact:
    """Something that happened, until when it leaves nothing to do, and whether it was heard of soon."""

    at: datetime
    until: datetime
    heard: bool


@dataclass
class _Treatment:
    """What happened in one. `migrated` where what was over may have begun again."""

    acts: list[_Fact] = field(default_factory=list)
    opened: list[_Fact] = field(default_factory=list)
    ends: list[_Fact] = field(default_factory=list)
    runs: bool = False
    migrated: bool = False

    @property
    def counted_from(self) -> datetime:
        """The latest that days may be counted from."""
        return max(fact.until for fact in (*self.acts, *self.opened))


def check_engagements(clinic: Clinic, now: datetime) -> None:
    """Blame what was said too early, twice, or never."""
    treatments = _treatments(clinic)
    begun: set[str] = set()
    for name, history in clinic.record.events.items():
        if name.startswith("engagement-"):
            events = [said(entry) for entry in history]
            first: Any = events[0]
            begun.update(first.episode_id for event in events if isinstance(event, i.EngagementBegun))
            treatment = treatments[first.episode_id]
            _check_order(clinic, name, events)
            _check_haste(clinic, name, events, treatment)
            if first.episode_id in begun and not treatment.ends:
                _check_next(clinic, name, events, treatment, now)
    _check_told(clinic)
    for episode, treatment in treatments.items():
        if treatment.runs and not treatment.ends and episode not in begun:
            clinic.record.blame(f"{episode} is in treatment, and nobody notices whether it goes on")


def _treatments(clinic: Clinic) -> dict[str, _Treatment]:
    found: defaultdict[str, _Treatment] = defaultdict(_Treatment)
    for kind in (*_DONE, *_OPENED, *_OVER, i.EpisodeActivated):
        for entry, event in clinic.record.of_type(kind):
            one = found[event.episode_id]
            stored = clinic.record.stored_at[entry["id"]]
            until = getattr(event, "next_module_at", None) or event.at
            fact = _Fact(event.at, until, clinic.troubles.calm(stored, stored + _SECONDS_UNTIL_HEARD))
            if kind in _OVER:
                one.ends.append(fact)
            elif kind in _DONE and (entry["actor"].startswith("patient:") or kind is not i.ModuleSetAside):
                one.acts.append(fact)
            else:
                one.opened.append(fact)
            one.runs = one.runs or kind is i.EpisodeActivated
            one.migrated = one.migrated or kind is i.EpisodeMigrated
    return found


def _check_order(clinic: Clinic, name: str, events: list[Event]) -> None:
    """Once a day at most; steps follow each other; who is back was away; and nothing is said after the end."""
    days = Counter(event.day for event in events if isinstance(event, i.PatientActive))
    if days and max(days.values()) > 1:
        clinic.record.blame(f"{name}: the person was active twice on one day")
    rung, away = 0, False
    for number, event in enumerate(events, start=1):
        following = events[number] if number < len(events) else None
        match event:
            case i.PatientQuiet():
                if event.rung != rung + 1:
                    clinic.record.blame(f"{name}: step {event.rung} came after step {rung}")
                rung, away = event.rung, True
            case i.PatientActive():
                if away != isinstance(following, i.PatientReturned):
                    clinic.record.blame(f"{name}: the person is back, and nobody says so, or was not away")
                rung, away = 0, False
            case i.ContactLogged() if event.reached != isinstance(following, i.PatientReached):
                clinic.record.blame(f"{name}: the person was reached, and a call is owed all the same")
            case i.PatientReached() | i.BreakTaken():
                rung = 0
            case i.EngagementEnded() if following is not None:
                clinic.record.blame(f"{name}: {following.TYPE} after its end")


def _check_haste(clinic: Clinic, name: str, events: list[Event], treatment: _Treatment) -> None:
    """Nobody who did something a few days ago is quiet; and nobody is before there was anything to do."""
    rest: datetime | None = None
    for quiet in events:
        if isinstance(quiet, i.BreakTaken):
            rest = _end_of(quiet)
        if not isinstance(quiet, i.PatientQuiet):
            continue
        if rest is not None and quiet.at < rest - _UNSURE:
            clinic.record.blame(f"{name}: step {quiet.rung} at {quiet.at}, in a break until {rest}")
        since = quiet.at - timedelta(days=_days(clinic, quiet.rung)) + _UNSURE
        facts = [*treatment.acts, *(treatment.opened if quiet.rung == 1 else ())]
        for fact in facts:
            if fact.heard and fact.at < quiet.at - _UNSURE and fact.until > since:
                clinic.record.blame(f"{name}: step {quiet.rung} at {quiet.at}, too soon after {fact.at}")
        for end in () if treatment.migrated else treatment.ends:
            if end.heard and end.at < quiet.at - _UNSURE:
                clinic.record.blame(
                    f"{name}: step {quiet.rung} at {quiet.at}, and nothing was left to do since {end.at}"
                )


def _check_told(clinic: Clinic) -> None:
    """Each step reaches whom it is for: said again, beside the policy and the reactions, which may lose a row."""
    told = {(event.cause, event.recipient_id) for _, event in clinic.record.of_type(n.MessagePlanned)}
    noted = Counter(event.referral_id for _, event in clinic.record.of_type(r.ProgressNoted) if event.quiet_days)
    ended = {event.referral_id for kind in _ENDS for _, event in clinic.record.of_type(kind)}
    for entry, event in clinic.record.of_type(i.PatientQuiet):
        team = clinic.settings.clinic.triage_team
        for person in {"nudge": (event.patient_id,), "coach_call": team}.get(event.step, ()):
            if (entry["id"], person) not in told:
                clinic.record.blame(f"{person} does not know of {event.step} for {event.patient_id}")
        if event.step == "referrer_note" and not noted[event.referral_id] and event.referral_id not in ended:
            clinic.record.blame(f"{event.patient_id} is quiet, and the referrer of {event.referral_id} does not know")


def _check_next(clinic: Clinic, name: str, events: list[Event], treatment: _Treatment, now: datetime) -> None:
    """Of whoever is not heard from, the next step is not overdue."""
    rung, counted_from = 0, treatment.counted_from
    for event in events:
        match event:
            case i.PatientReached() | i.PatientActive():
                rung, counted_from = 0, max(counted_from, event.at)
            case i.BreakTaken():
                rung, counted_from = 0, max(counted_from, _end_of(event))
            case i.PatientQuiet():
                rung, counted_from = event.rung, max(counted_from, event.at)
    wait = timedelta(days=_days(clinic, rung + 1) - _days(clinic, rung) + 1)
    if now > counted_from + wait + _UNSURE + LATE:
        clinic.record.blame(f"{name}: nothing was heard since {counted_from}, and nothing follows step {rung}")


def _end_of(taken: i.BreakTaken) -> datetime:
    return datetime.combine(taken.until, time(), UTC) + timedelta(days=1)


def _days(clinic: Clinic, rung: int) -> int:
    """After how many whole days this step comes; 0 for none."""
    treatment = clinic.settings.clinic.treatment
    above = max(0, rung - len(treatment.quiet_days))
    return (0, *treatment.quiet_days)[rung - above] + above * treatment.call_again_days

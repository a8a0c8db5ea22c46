"""A year of a large clinic: thousands of referrals, people as chance has them, a moved clock; nobody is forgotten."""

import heapq
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random, SystemRandom
from typing import Any

import pytest

from services.referrals.domain.advice import commands as a
from services.referrals.domain.care_plan import commands as p
from services.referrals.domain.patient.commands import RegisterPatient
from services.referrals.domain.referral.action import Action
from services.referrals.domain.referral.commands import DiscardDraft, DraftReferral, SubmitReferral
from services.referrals.domain.referral.state import ReferralState, Status
from services.referrals.domain.referral.table_later import ACTIONS
from services.referrals.reactions import care_plan_of
from shared.contracts import referrals as e
from shared.contracts.commands import Command, Rejected
from shared.contracts.interventions import EpisodeFinished
from shared.contracts.referrals import ConsentScope
from tests.referrals.explore import ACTORS
from tests.referrals.holds import OVER, Clocks, Offers, at_one_place, forgotten, lists_are_right, one_open_each
from tests.referrals.loop import Loop
from tests.referrals.people import CLINIC, NOW, OKAFOR, SUMMARY, TANAKA
from tests.referrals.wishes import wish
from tests.sizes import part_of

FORGETS = 0.002
REMINDERS = (
    e.StepOverdue,
    e.TriageOverdue,
    e.InformationOverdue,
    e.OutcomeChased,
    e.AdviceOverdue,
    e.DiscussionOverdue,
)
END = NOW + timedelta(days=365)
SEATS = {"place-online-course": 900, "place-video-sessions": 500, "place-group-at-the-clinic": 200, "place-groups": 0}
LARGE = CLINIC.model_copy(
    update={
        "places": tuple(
            place.model_copy(update={"seats": SEATS[place.id]}) for place in CLINIC.places if place.id in SEATS
        )
    }
)
USUAL = {"submit": 20.0, "accept": 12.0, "agree": 10.0, "take_offer": 12.0, "schedule": 10.0, "attended": 10.0}
USUAL |= {"acknowledge": 10.0, "confirm_cancellation": 10.0, "send_findings": 10.0, "answer": 6.0, "resume": 6.0}
SELDOM = {"decline": 0.15, "return": 0.15, "redirect": 0.3, "withdraw": 0.1, "request_cancellation": 0.1}
SELDOM |= {"enter_in_error": 0.03, "reopen": 0.2, "pause": 0.5, "not_now": 0.5, "missed": 2.0}
WEIGHTS = {**USUAL, **SELDOM}
BY_STATUS: dict[Status, list[Action]] = {
    status: [one for one in ACTIONS if status in one.sources and one.who != ("system",)] for status in Status
}


class Year:
    """People who come when they come, sooner where they were reminded. Some never come again: the clinic must not
    forget whom they forget.
    """

    def __init__(self, seed: int, referrals: int) -> None:
        self.referrals = referrals
        self.rng = Random(seed)
        self.offers = Offers(dict(SEATS))
        self.clocks = Clocks()
        self.loop = Loop(LARGE, Random(f"{seed} loop"), saw=self._saw)
        self.happened: Counter[str] = Counter()
        self._visits: list[tuple[datetime, str]] = []
        self._comes: dict[str, datetime | None] = {}
        self._known = 0
        self._patients: list[str] = []

    def live(self) -> None:
        """From the first day to the last."""
        starts = sorted(self.rng.uniform(0, 364) for _ in range(self.referrals))
        for days in starts:
            self._until(NOW + timedelta(days=days))
            self._begin()
        self._until(END)

    def _until(self, moment: datetime) -> None:
        while True:
            due = self.loop.next_due()
            visit = self._visits[0][0] if self._visits else None
            if min((one for one in (due, visit) if one is not None), default=moment) >= moment:
                break
            if due is not None and (visit is None or due <= visit):
                self.loop.run_next_timer()
            else:
                at, id = heapq.heappop(self._visits)
                if self._comes[id] == at:
                    self.loop.now = max(self.loop.now, at)
                    self._visit(id)
            self.loop.settle()
        self.loop.now = moment

    def _begin(self) -> None:
        """A new patient, or one who comes again; a referral, or a question first."""
        self._known += 1
        patient = self.rng.choice(self._patients) if self._patients and self.rng.random() < 0.1 else self._register()
        id, at = f"referral-{self._known}", {"now": self.loop.now}
        ids = {"patient_id": patient, "referrer_id": "dr-okafor"}
        if self.rng.random() < 0.08:
            asked = a.AskAdvice(
                **at,
                actor=OKAFOR,
                advice_id=f"advice-{id}",
                **ids,
                question="Is it right?",
                topic="other",
                may_convert=True,
            )
            self.loop.send("advice", asked.advice_id, asked)
            self._come_back(f"advice-{id}")
            return
        asks = self.rng.choice(["referrer", "referrer", "referrer", "patient"])
        pathway = "pain-trauma" if self.rng.random() < 0.1 else "pain-psychology"
        kind = "assessment" if self.rng.random() < 0.1 else "treatment"
        actor = OKAFOR if asks == "referrer" else f"patient:{patient}"
        drafted = DraftReferral(**at, actor=actor, referral_id=id, **ids, pathway=pathway, kind=kind, requester=asks)
        self.loop.send("referral", id, drafted)

    def _register(self) -> str:
        patient = f"patient-{self._known}"
        told: dict[str, Any] = {"name": "Wilma", "email": "wilma@example.org", "birth_date": "1971-05-17"}
        scopes = (ConsentScope.REFER,) if self.rng.random() < 0.97 else ()
        command = RegisterPatient(now=self.loop.now, actor=OKAFOR, patient_id=patient, consents=scopes, **told)
        self.loop.send("patient", patient, command)
        self._patients.append(patient)
        return patient

    def _saw(self, subject: tuple[str, str], before: Any, events: Any, after: Any) -> None:
        self.offers.hear(events)
        self.happened.update(type(event).__name__ for event in events)
        if subject[0] == "referral" and before.status is None:
            # Whoever begins it, or goes on with what was sent on, comes back to it.
            self._come_back(subject[1])
        elif any(isinstance(event, REMINDERS) for event in events):
            self._come_back(subject[1], within=1.0)

    def _come_back(self, id: str, within: float = 6.0) -> None:
        if id in self._comes and self._comes[id] is None:
            return
        if self.rng.random() < FORGETS:
            self._comes[id] = None
            return
        at = self.loop.now + timedelta(days=self.rng.expovariate(1 / within))
        self._comes[id] = at
        heapq.heappush(self._visits, (at, id))

    def _visit(self, id: str) -> None:
        if id.startswith("advice"):
            self._advise(id)
            return
        if id.startswith("care-plan"):
            self._answer(id)
            return
        one: ReferralState = self.loop.state("referral", id)
        if self.rng.random() < 0.05:
            self._talk(one)
        if one.status == "in_treatment" and one.kind == "treatment":
            self._treat(one)
        else:
            self._act(one)
        if self.loop.state("referral", id).status not in OVER or self.rng.random() < 0.1:
            self._come_back(id)

    def _act(self, one: ReferralState) -> None:
        assert one.status is not None
        possible = BY_STATUS[one.status]
        # Nothing is done at most visits to somebody who waits.
        patience = 30.0 if one.status in ("waitlisted", "not_now") else 0.5
        chosen = self.rng.choices([None, *possible], [patience, *(WEIGHTS.get(one.name, 1.0) for one in possible)])[0]
        if chosen is None:
            return
        role = self.rng.choice(chosen.who)
        actor = f"patient:{one.patient_id}" if role == "patient" else ACTORS[role]
        command = wish(chosen, actor, self.rng, one, self.loop.now)
        if isinstance(command, SubmitReferral):
            consents = self.loop.state("patient", one.patient_id).consents
            command = command.model_copy(update={"refer_consented": ConsentScope.REFER in consents})
        self._try("referral", one.referral_id, command)

    def _treat(self, one: ReferralState) -> None:
        if self.rng.random() < 0.08:
            ids = {"episode_id": f"episode-{one.referral_id}", "patient_id": one.patient_id}
            told = EpisodeFinished(at=self.loop.now, **ids, referral_id=one.referral_id, summary=SUMMARY)
            self.loop.tell(("episode", told.episode_id), told)
        elif self.rng.random() < 0.1:
            self._act(one)

    def _advise(self, id: str) -> None:
        said = {"now": self.loop.now, "actor": TANAKA}
        command = self.rng.choice(
            [
                a.AnswerAdvice(**said, answer="Begin with sleep.", suggests_referral=True),
                a.AskBack(**said, question="Since when?"),
                a.ExplainAdvice(now=self.loop.now, actor=OKAFOR, explanation="For years."),
                a.ConvertAdvice(**said, referral_id=id.removeprefix("advice-"), refer_consented=True),
                a.CloseAdvice(now=self.loop.now, actor=OKAFOR, reason_code="no_longer_needed"),
            ]
        )
        self._try("advice", id, command)
        if self.loop.state("advice", id).status not in ("converted", "closed"):
            self._come_back(id)

    def _talk(self, one: ReferralState) -> None:
        """One discipline asks the other about this person."""
        plan = care_plan_of(one.patient_id)
        said = {"now": self.loop.now, "actor": self.rng.choice([TANAKA, OKAFOR])}
        ids = {"care_plan_id": plan, "patient_id": one.patient_id}
        command = p.AskDiscussion(
            **said,
            **ids,
            discussion_id=f"discussion-{self.rng.randrange(10**12)}",
            question="Together?",
            wanted_by=(self.loop.now + timedelta(days=7)).date(),
            referrer_id=one.referrer_id,
            referral_id=one.referral_id if one.status not in OVER else None,
        )
        self._try("care_plan", plan, command)
        self._come_back(plan)

    def _answer(self, plan: str) -> None:
        for one in self.loop.state("care_plan", plan).discussions:
            for actor in (TANAKA, OKAFOR):
                said = {"now": self.loop.now, "actor": actor, "discussion_id": one.discussion_id}
                self._try("care_plan", plan, p.AnswerDiscussion(**said, answer="So."))

    def _try(self, name: str, id: str, command: Command) -> None:
        try:
            self.loop.send(name, id, command)
        except Rejected as refusal:
            self.happened[f"refused: {refusal.code}"] += 1
            may_not = isinstance(command, SubmitReferral) and refusal.code in ("already-open", "consent-missing")
            if may_not and self.rng.random() < 0.5:
                # Whoever may not send it takes it back. One that is over cannot be, when nobody may open it again.
                draft = self.loop.state(name, id)
                writer = "referrer" if draft.requester == "referrer" else "patient"
                who = draft.referrer_id if writer == "referrer" else draft.patient_id
                self.loop.send(name, id, DiscardDraft(now=self.loop.now, actor=f"{writer}:{who}"))


def _unanswered(year: Year) -> Iterator[str]:
    """Questions, and discussions, of which nobody will ever think again."""
    loop, day = year.loop, timedelta(days=1)
    for id, one in loop.of("advice").items():
        owed = one.status in ("asked", "asked_back")
        if owed and one.answer_due <= loop.now and not (one.reminded_at and one.reminded_at > loop.now - day):
            yield id
    over = {id for id, one in loop.of("referral").items() if one.status in OVER}
    for id, plan in loop.of("care_plan").items():
        for one in plan.discussions:
            owed = one.status in ("asked", "scheduled")
            late = one.wanted_by < (loop.now - day).date()
            if owed and late and not (one.reminded_at and one.reminded_at > loop.now - day):
                yield f"{id}: {one.discussion_id} is overdue"
            if one.status != "closed" and one.referral_id in over:
                yield f"{id}: {one.discussion_id} is about a referral that is over"


_MUST_HAPPEN = """
    ReferralContinued ReferralReopened WorseWhileWaiting OfferLapsed OfferDeclined OfferTaken ClockPaused
    ClockResumed PatientNotNow ReferralReoffered PatientAskedAgain StepOverdue TriageOverdue
    InformationOverdue RescreenDue WaitingBreached AppointmentMissed AppointmentCancelled ReferralCancelled
    EnteredInError FindingsSent OutcomeChased OutcomeAcknowledged AdviceConverted AdviceOverdue
    DiscussionOverdue DiscussionClosed ClinicianLinked WarmHandoffHeld
"""


@pytest.mark.parametrize(
    ("fixed", "referrals"), [(2026, part_of(10_000, 2_500)), (None, part_of(10_000, 800))], ids=["fixed", "fresh"]
)
def test_after_a_year_nobody_is_forgotten(fixed: int | None, referrals: int) -> None:
    seed = fixed or SystemRandom().randrange(2**32)
    year = Year(seed, referrals)
    year.live()
    loop = year.loop
    assert not [one for one in _MUST_HAPPEN.split() if not year.happened[one]], f"seed {seed}"
    assert not list(forgotten(loop)), f"seed {seed}"
    assert not list(_unanswered(year)), f"seed {seed}"
    one_open_each(loop)
    at_one_place(loop)
    lists_are_right(loop, year.offers.seats)
    year.clocks.look(loop)

"""Whatever people do to several referrals, and however late it is heard: what must hold of all together holds."""

import os
from datetime import timedelta
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.referrals.domain.place.commands import ChangeSeats
from services.referrals.domain.referral.commands import DraftReferral
from services.referrals.domain.referral.state import ReferralState
from services.referrals.domain.referral.table_later import ACTIONS
from shared.contracts.commands import Rejected
from shared.contracts.interventions import EpisodeFinished
from tests.referrals.explore import ACTORS
from tests.referrals.holds import Clocks, Offers, at_one_place, lists_are_right, one_open_each
from tests.referrals.loop import Loop
from tests.referrals.people import CLINIC, SUMMARY, TANAKA
from tests.referrals.wishes import PATHWAYS, PLACES, wish

EXAMPLES = int(os.environ.get("CAREPATH_TEST_EXAMPLES", "0"))
SEATS = dict(zip(PLACES, (2, 1, 1), strict=True))
SMALL = CLINIC.model_copy(
    update={
        "places": tuple(
            place.model_copy(update={"seats": SEATS[place.id]}) for place in CLINIC.places if place.id in SEATS
        )
    }
)
ONWARD = ("submit", "accept", "agree", "take_offer", "schedule", "attended")
SELDOM = {"enter_in_error": 0.03, "withdraw": 0.1, "decline": 0.2, "return": 0.2, "request_cancellation": 0.3}
"""What ends a referral, and with it what might have happened to it."""
CHANCE = st.integers(0, 2**32).map(Random)
WHICH = st.integers(0, 11)


class Referrals(RuleBasedStateMachine):
    """Four people, two pathways, three places with four seats, and the clock. Some are on their way already."""

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        self.offers = Offers(dict(SEATS))
        self.clocks = Clocks()
        self.loop = Loop(SMALL, Random(seed), saw=lambda _, before, events, after: self.offers.hear(events))
        self.drafted = 0
        self.refused: set[str] = set()
        for patient in "abcd":
            self.draft(patient, PATHWAYS[0], assess=False, asks=False)
        for _ in range(seed % 5):
            for n in range(self.drafted):
                self.go_on(n, self.loop.rng)

    @rule(patient=st.sampled_from("abcd"), pathway=st.sampled_from(PATHWAYS), assess=st.booleans(), asks=st.booleans())
    def draft(self, patient: str, pathway: str, assess: bool, asks: bool) -> None:
        self.drafted += 1
        command = DraftReferral(
            now=self.loop.now,
            actor=f"patient:{patient}" if asks else "referrer:dr-okafor",
            referral_id=f"referral-{self.drafted}",
            patient_id=patient,
            referrer_id="dr-okafor",
            pathway=pathway,
            kind="assessment" if assess else "treatment",
            requester="patient" if asks else "referrer",
        )
        self.loop.send("referral", command.referral_id, command)

    @rule(which=WHICH, rng=CHANCE)
    def act(self, which: int, rng: Random) -> None:
        """Somebody does something that can be done as the referral stands."""
        if one := self._one(which):
            self._try(one, rng, [action.name for action in ACTIONS])

    @rule(which=WHICH, rng=CHANCE)
    def go_on(self, which: int, rng: Random) -> None:
        """As `act`, and on the straight way."""
        if one := self._one(which):
            self._try(one, rng, ONWARD)

    @rule(which=WHICH)
    def finish(self, which: int) -> None:
        """The treatment comes to its end."""
        one = self._one(which)
        if one and one.status == "in_treatment" and one.kind == "treatment":
            ids = {"episode_id": f"episode-{one.referral_id}", "patient_id": one.patient_id}
            told = EpisodeFinished(at=self.loop.now, **ids, referral_id=one.referral_id, summary=SUMMARY)
            self.loop.tell(("episode", told.episode_id), told)

    @rule(place=st.sampled_from(PLACES), seats=st.integers(0, 3))
    def change_seats(self, place: str, seats: int) -> None:
        command = ChangeSeats(now=self.loop.now, actor=TANAKA, place_id=place, seats=seats)
        self.loop.send("place", place, command)

    @precondition(lambda self: self.loop.speakers)
    @rule(which=WHICH, times=st.integers(1, 4))
    def hear(self, which: int, times: int) -> None:
        """The next events of somebody are heard; those of everybody else stay on their way."""
        for _ in range(times):
            if speakers := self.loop.speakers:
                self.loop.hear(speakers[which % len(speakers)])

    @rule()
    def hear_everything(self) -> None:
        """Then the lists say what the referrals say."""
        self.loop.settle()
        lists_are_right(self.loop, self.offers.seats)

    @rule(hours=st.integers(1, 24 * 20))
    def pass_time(self, hours: int) -> None:
        until = self.loop.now + timedelta(hours=hours)
        while (due := self.loop.next_due()) is not None and due <= until:
            self.loop.run_next_timer()
        self.loop.now = max(self.loop.now, until)

    @invariant()
    def all_holds(self) -> None:
        if hasattr(self, "loop"):
            one_open_each(self.loop)
            at_one_place(self.loop)
            self.clocks.look(self.loop)
            assert not self.refused & {"wrong-status", "role-not-allowed"}

    def _one(self, which: int) -> ReferralState | None:
        known = list(self.loop.of("referral").values())
        return known[which % len(known)] if known else None

    def _try(self, one: ReferralState, rng: Random, names: tuple[str, ...] | list[str]) -> None:
        possible = [a for a in ACTIONS if a.name in names and one.status in a.sources and a.who != ("system",)]
        if not possible:
            return
        action = rng.choices(possible, [SELDOM.get(action.name, 1.0) for action in possible])[0]
        role = rng.choice(action.who)
        actor = f"patient:{one.patient_id}" if role == "patient" else ACTORS[role]
        try:
            self.loop.send("referral", one.referral_id, wish(action, actor, rng, one, self.loop.now))
        except Rejected as refusal:
            # What the table offers is refused for what stands beside it only.
            self.refused.add(refusal.code)


Referrals.TestCase.settings = settings(
    max_examples=EXAMPLES or 150,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    stateful_step_count=60,
    print_blob=True,
)
TestReferrals = Referrals.TestCase

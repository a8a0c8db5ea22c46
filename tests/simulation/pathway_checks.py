"""What must be true of all referrals and places together: nobody is lost between them, and nobody is forgotten.

The rules are those of the year that `tests/referrals` lives through in memory, held against what is stored.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from tests.referrals import holds
from tests.simulation.clinic import Clinic
from tests.simulation.loop import START
from tests.simulation.plan_checks import LATE
from tests.simulation.record import said, unsealed


class Stored:
    """The aggregates of the referrals service as they are stored, without what is personal."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        self.now: datetime = START + timedelta(seconds=clinic.loop.time())

    def of(self, name: str) -> dict[str, Any]:
        return self._all[name]

    @cached_property
    def _all(self) -> dict[str, dict[str, Any]]:
        disk = self._clinic.disks["referrals"]
        return {
            kind.name: {
                document.id: kind.state.model_validate(unsealed(document.state))
                for document in disk.of(kind.name).values()
                if document.version
            }
            for kind in self._clinic.parts["referrals"].aggregates
        }


def check_pathway(clinic: Clinic) -> None:
    """Blame whatever does not hold."""
    stored = Stored(clinic)
    formed_from = {place.id for place in clinic.settings.clinic.places if place.starts == "with_a_group"}
    seats = {place.id: place.seats for place in clinic.settings.clinic.places}
    try:
        holds.one_open_each(stored)
        holds.at_one_place(stored)
        for id in stored.of("place"):
            holds.Offers(seats).hear([said(entry) for entry in clinic.record.events[id]])
        changed = {id: place.seats for id, place in stored.of("place").items() if place.seats is not None}
        # A list from which groups are formed has no single seats, whatever was said of it.
        holds.lists_are_right(stored, {**seats, **changed, **dict.fromkeys(formed_from, 0)}, LATE)
        clinic.clocks.look(stored)
    except AssertionError as fault:
        clinic.record.blame(f"{fault}".partition("\n")[0])
    every = timedelta(hours=clinic.settings.clinic.clocks.triage_reminder_hours)
    for text in (*holds.forgotten(stored, LATE, every), *_unanswered(stored, every)):
        clinic.record.blame(text)


def _unanswered(stored: Stored, every: timedelta) -> Iterator[str]:
    """Questions and discussions that nobody will think of again, or that outlive what they are about."""
    for id, one in stored.of("advice").items():
        owed = one.status in ("asked", "asked_back") and one.answer_due < stored.now - LATE
        if owed and not (one.reminded_at and one.reminded_at > stored.now - every - LATE):
            yield f"{id} has no answer since {one.answer_due}, and nobody was told"
        if one.status == "converted" and one.referral_id not in stored.of("referral"):
            yield f"{id} was to become {one.referral_id}, which nobody began"
    over = {id for id, one in stored.of("referral").items() if one.status in holds.OVER}
    for plan in stored.of("care_plan").values():
        for one in plan.discussions:
            if one.status != "closed" and one.referral_id in over:
                yield f"{one.discussion_id} goes on, and its referral is over"

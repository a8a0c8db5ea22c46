"""The treatments of those who are in treatment, for the benchmark of pages: decided and heard as in the service itself,
then written through its store.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from random import Random
from typing import Any

from services.interventions.domain.episode.commands import CompleteModule
from services.interventions.reactions import REACTIONS, episode_of
from shared.contracts.envelope import Event
from shared.contracts.referrals import ReferralAccepted, TreatmentStarted
from shared.runtime.service import Service
from tests.bench.worklists import batches, history, referral_id, save, sent_at, status_of
from tests.referrals.loop import Loop, Subject

_MET = ("psy-tanaka", "psy-moreno")
"""Each of whom met half of the people first."""


async def fill(service: Service, referrals: int) -> int:
    """A treatment for each of that many referrals that is in treatment: just begun, or one part further. How many."""
    treated = [n for n in range(referrals) if status_of(n) == "in_treatment"]
    for some in batches(treated):
        await asyncio.gather(*(_write(service, n) for n in some))
    return len(treated)


async def _write(service: Service, n: int) -> None:
    counts: Counter[Subject] = Counter()

    def saw(subject: Subject, _before: Any, events: Iterable[Event], _after: Any) -> None:
        counts[subject] += len(list(events))

    kinds = list(service.core.aggregates.values())
    loop = Loop.of_service(kinds, REACTIONS, Random(n), sent_at(n), saw=saw)
    for event in history(n):
        if isinstance(event, ReferralAccepted | TreatmentStarted):
            met = {"clinician_id": _MET[n % 2]} if isinstance(event, TreatmentStarted) else {}
            loop.tell(("referral", referral_id(n)), event.model_copy(update=met))
            loop.settle()
    if n % 3 == 0:
        _one_part_further(loop, n)
    for (kind, id), state in loop.states.items():
        await save(service, kind, id, state, counts[kind, id])


def _one_part_further(loop: Loop, n: int) -> None:
    id = episode_of(referral_id(n))
    loop.now = sent_at(n) + timedelta(days=3)
    [part, *_] = loop.state("episode", id).unlocked
    patient = f"patient:{loop.state('episode', id).patient_id}"
    loop.send("episode", id, CompleteModule(now=loop.now, actor=patient, module_id=part))
    loop.settle()

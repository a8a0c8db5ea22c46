"""A signed-in person in front of a portal: patient with a system that is away, not always careful with buttons."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from services.portal.calls import Away, Calls, Intention, Refused
from shared.runtime.auth import User
from tests.simulation.loop import wait
from tests.simulation.town import Promise, Town

_PATIENCE = (0.5, 1.0, 3.0, 10.0, 30.0, 60.0)
_NOT_SIGNED_IN = 401
_HIDDEN = (403, 404)


class GaveUp(Exception):
    """It was away for too long; the person will come another day."""


@dataclass(frozen=True)
class No:
    """The service refused."""

    code: str
    status: int


Answer = dict[str, Any] | No
_OTHERWISE_REFUSED = ("idempotency-key-reused", "invalid")
"""Where nothing is to be written, a second thought is no request at all."""
_SAID = ("reason", "rationale", "question", "answer", "plan", "name", "note", "goal", "findings", "explanation")


class Seat:
    """`rng` decides how careful the person is."""

    def __init__(self, town: Town, calls: Calls, user: User, rng: Random) -> None:
        self.town = town
        self.user = user
        self.rng = rng
        self._calls = calls

    def beside(self, user: User) -> "Seat":
        """The seat of somebody else who comes at the same moment."""
        return Seat(self.town, self._calls, user, self.rng)

    def blame(self, text: str) -> None:
        self.town.clinic.record.blame(f"{self.user.actor}: {text}")

    async def see(self, service: str, path: str, **query: str) -> Any:
        """What is there. Whatever this person was led to must be there."""
        found = await self._patiently(lambda: self._calls.get(self.user, "sim", service, path, **query))
        if isinstance(found, No):
            self.blame(f"may not see {path} ({found.code}), to which they were led")
            raise GaveUp
        return found

    async def peek(self, service: str, path: str, **query: str) -> Any:
        """What is there, if it is still theirs to see; `None` if not."""
        found = await self._patiently(lambda: self._calls.get(self.user, "sim", service, path, **query))
        return None if isinstance(found, No) else found

    async def peep(self, service: str, path: str, body: Mapping[str, Any] | None = None) -> None:
        """Try what is not theirs. It must look as if there were nothing."""
        if body is None:
            answer = await self._patiently(lambda: self._calls.get(self.user, "sim", service, path))
        else:
            answer = await self._post(service, path, body, Intention(self._key()))
        if not isinstance(answer, No) or answer.status not in _HIDDEN:
            self.blame(f"got at {path}, which is not theirs: {answer}")
        self.town.clinic.record.happened["peeped"] += 1

    async def do(
        self, service: str, path: str, body: Mapping[str, Any] | None = None, seen: int | None = None
    ) -> Answer:
        """Press the button once, or as people do: twice, again later, or after having changed their mind."""
        body, happened = body or {}, self.town.clinic.record.happened
        intention = Intention(self._key(), "" if seen is None else str(seen))
        habit = self.rng.random()
        if habit < 0.04 and seen is not None and seen > 1:
            stale = await self._post(service, path, body, Intention(self._key(), str(seen - 1)))
            happened["stale refused"] += 1
            if not isinstance(stale, No):
                self.blame(f"changed by {path} what somebody else had changed meanwhile")
        if habit > 0.9:
            happened["pressed twice"] += 1
            first, second = await asyncio.gather(
                self._post(service, path, body, intention), self._post(service, path, body, intention)
            )
            self._compare(path, first, second)
            return second if isinstance(first, No) else first
        answer = await self._post(service, path, body, intention)
        if habit > 0.84 and not isinstance(answer, No):
            await wait(self.rng.expovariate(1 / 40))
            happened["pressed again"] += 1
            self._compare(path, answer, await self._post(service, path, body, intention))
        elif habit > 0.8 and not isinstance(answer, No) and (changed := _otherwise(body)):
            other = await self._post(service, path, changed, intention)
            happened["other body refused"] += 1
            if not isinstance(other, No) or other.code not in _OTHERWISE_REFUSED:
                self.blame(f"used one key for two intentions at {path}: {other}")
        return answer

    async def hand_in(self, service: str, path: str, body: Mapping[str, Any]) -> Answer:
        """Say something that answers no page: once, or again and again while nobody listens."""
        return await self._post(service, path, body, Intention(self._key()))

    def expect_done(self, answer: Answer, what: str, *races: str) -> None:
        """Blame a refusal, but for those `races` that others may have caused meanwhile, or an erasure."""
        if not isinstance(answer, No) or answer.code in (*races, "changed-meanwhile"):
            return
        if answer.code != "person-erased" or not self.town.clinic.record.erasing:
            self.blame(f"could not {what}: {answer.code}")

    def _key(self) -> str:
        return f"{self.rng.getrandbits(64):x}"

    def _compare(self, path: str, first: Answer, second: Answer) -> None:
        refused = [one for one in (first, second) if isinstance(one, No)]
        strange = {"changed-meanwhile", "idempotency-key-reused"}
        if len(refused) == 1 and refused[0].code in strange:
            self.blame(f"pressed {path} twice and was told two things: {first}, {second}")
        if not refused and isinstance(first, dict) and isinstance(second, dict) and first["id"] != second["id"]:
            self.blame(f"pressed {path} twice and made two things: {first['id']}, {second['id']}")

    async def _post(self, service: str, path: str, body: Mapping[str, Any], intention: Intention) -> Answer:
        answer: Answer = await self._patiently(
            lambda: self._calls.post(self.user, "sim", service, path, body, intention)
        )
        told = answer.code if isinstance(answer, No) else "done"
        self.town.clinic.record.tell(f"{self.user.actor} {path}: {told}")
        if isinstance(answer, dict) and "version" in answer:
            key = hashlib.sha256(f"{self.user.actor}|{intention.key}".encode()).hexdigest()[:32]
            self.town.promises.append(Promise(service, answer["id"], answer["version"], key))
        return answer

    async def _patiently(self, attempt: Any) -> Any:
        for pause in _PATIENCE:
            try:
                return await attempt()
            except Refused as refused:
                if refused.status != _NOT_SIGNED_IN:
                    return No(refused.code, refused.status)
            except Away:
                pass
            self.town.clinic.record.happened["tried again"] += 1
            await wait(pause * self.rng.uniform(0.5, 1.5))
        raise GaveUp


def _otherwise(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """A body that is as good, but another one; `None` where there is no such."""
    if not body:
        return {"on": "second thoughts"}
    said = next((name for name in _SAID if name in body), None)
    return {**body, said: "Something else entirely."} if said else None

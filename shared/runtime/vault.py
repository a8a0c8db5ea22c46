"""One key a person, wrapped by the clinic's master key. Destroying it erases the person everywhere, backups included.

A sealed value is bound to its person, its place and its version: moved elsewhere, it is refused.
"""

import os
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel

from shared.contracts.commands import Rejected
from shared.contracts.personal import nesting_fields, personal_fields
from shared.runtime.clock import Clock
from shared.runtime.store.port import Json, Keys

_SEALED = "sealed"
_NONCE = 12
_PROOF = "~master-key"
_CACHE_FOR = timedelta(seconds=30)
_CACHE_SIZE = 20_000
_NESTING = (dict, list)


class Tampered(Exception):
    """A sealed value does not belong where it was found, was changed, or was sealed under another master key."""


class Erased(Rejected):
    """Something personal was to be written about a person whose key has been destroyed."""

    def __init__(self) -> None:
        super().__init__("person-erased")


class Vault:
    """Seals and opens what is personal. `random` gives that many unpredictable bytes."""

    def __init__(self, keys: Keys, master: bytes, clock: Clock, random: Callable[[int], bytes] = os.urandom) -> None:
        self._keys = keys
        self._master = AESGCM(master)
        self._clock = clock
        self._random = random
        self._cache: dict[str, tuple[datetime, AESGCM | None]] = {}
        self._erasures = 0

    async def check(self) -> None:
        """Raises `Tampered` if this vault was begun under another master key: new keys must not be lost under it."""
        entry = await self._keys.put_new(_PROOF, self._wrapped(_PROOF, self._random(32)))
        self._unwrapped(_PROOF, entry)

    async def erase(self, person: str) -> None:
        """Destroy the person's key. No key is ever made again under that id."""
        await self._keys.replace(person, {"erased_at": self._clock.now().isoformat()})
        self._erasures += 1
        self._cache.pop(person, None)

    async def seal(self, model: BaseModel, person: str | None, place: str) -> Json:
        """`model` as JSON, its personal fields encrypted for `person` and bound to `place`."""
        dumped: Json = model.model_dump(mode="json")
        spots: list[_Spot] = []
        _find_personal(model, dumped, place, spots)
        if spots:
            if person is None:
                raise ValueError(f"{spots[0][2]} is personal, but it is not said whose it is")
            key = await self._key(person)
            if key is None:
                raise Erased
            for holder, name, where in spots:
                holder[name] = {_SEALED: self._encrypted(holder[name], person, key, where)}
        return dumped

    async def open(self, sealed: Any, place: str) -> Any:
        """The JSON with every sealed value opened; those of an erased person read `None`. Raises `Tampered`."""
        [opened] = await self.open_many([(sealed, place)])
        return opened

    async def open_many(self, sealed: Iterable[tuple[Any, str]]) -> list[Any]:
        """As `open`, for each value and its place. Keys that are not at hand are read in one look."""
        spots: list[_Spot] = []
        opened = [_find_sealed(value, place, spots) for value, place in sealed]
        parts = [_parts(holder[name][_SEALED], where) for holder, name, where in spots]
        keys = await self._present(dict.fromkeys(person for person, _ in parts))
        for (holder, name, where), (person, body) in zip(spots, parts, strict=True):
            holder[name] = _decrypted(body, person, keys[person], where)
        return opened

    def _encrypted(self, value: Any, person: str, key: AESGCM, place: str) -> str:
        nonce = self._random(_NONCE)
        body = nonce + key.encrypt(nonce, orjson.dumps(value), f"{person}|{place}".encode())
        return f"1:{person}:{b2a_base64(body, newline=False).decode()}"

    async def _key(self, person: str) -> AESGCM | None:
        """The person's key, made if there was never one; `None` once it is destroyed."""
        now, erasures = self._clock.now(), self._erasures
        if person in (cached := self._at_hand([person], now)):
            return cached[person]
        entry = await self._keys.get(person)
        if entry is None:
            entry = await self._keys.put_new(person, self._wrapped(person, self._random(32)))
        return self._remembered(person, entry, now, erasures)

    async def _present(self, persons: Collection[str]) -> dict[str, AESGCM | None]:
        """The key of each, `None` where it is destroyed. Raises `Tampered` where there was never one."""
        now, erasures = self._clock.now(), self._erasures
        keys = self._at_hand(persons, now)
        if missing := [person for person in persons if person not in keys]:
            entries = await self._keys.get_many(missing)
            if len(entries) < len(missing):
                # Not the note of an erasure: read as nothing, the next save would lose what is sealed for good.
                raise Tampered(
                    "a person's key is missing: is CAREPATH_VAULT the vault that this store was sealed with?"
                )
            keys |= {person: self._remembered(person, entries[person], now, erasures) for person in missing}
        return keys

    def _at_hand(self, persons: Iterable[str], now: datetime) -> dict[str, AESGCM | None]:
        cached = ((person, self._cache.get(person)) for person in persons)
        return {person: kept[1] for person, kept in cached if kept is not None and abs(now - kept[0]) < _CACHE_FOR}

    def _remembered(self, person: str, entry: Json, read_at: datetime, erasures: int) -> AESGCM | None:
        key = self._unwrapped(person, entry)
        # What was read before an erasure that ended meanwhile may be the key that it destroyed.
        if erasures == self._erasures:
            if len(self._cache) >= _CACHE_SIZE:
                self._cache.clear()
            self._cache[person] = (read_at, key)
        return key

    def _wrapped(self, person: str, key: bytes) -> Json:
        nonce = self._random(_NONCE)
        wrapped = nonce + self._master.encrypt(nonce, key, person.encode())
        return {"key": b2a_base64(wrapped, newline=False).decode()}

    def _unwrapped(self, person: str, entry: Json) -> AESGCM | None:
        if "key" not in entry:
            return None
        try:
            body = a2b_base64(entry["key"], strict_mode=True)
            return AESGCM(self._master.decrypt(body[:_NONCE], body[_NONCE:], person.encode()))
        except (InvalidTag, ValueError) as fault:
            raise Tampered(
                "a person's key does not open: CAREPATH_MASTER_KEY is not the one it was wrapped with"
            ) from fault


_Spot = tuple[Any, Any, str]
"""Something personal or sealed: what holds it, under which name or number, and the place that it is bound to."""


def _parts(sealed: str, place: str) -> tuple[str, str]:
    """Whose it is, and what is still to be decoded and decrypted."""
    version, _, rest = sealed.partition(":")
    person, _, encoded = rest.rpartition(":")
    if version != "1":
        raise Tampered(f"{place} is sealed in a way that this version does not know")
    return person, encoded


def _decrypted(encoded: str, person: str, key: AESGCM | None, place: str) -> Any:
    if key is None:
        return None
    try:
        body = a2b_base64(encoded, strict_mode=True)
        return orjson.loads(key.decrypt(body[:_NONCE], body[_NONCE:], f"{person}|{place}".encode()))
    except (InvalidTag, ValueError) as fault:
        raise Tampered(f"{place} was changed or moved since it was sealed") from fault


def _find_personal(model: BaseModel, dumped: Json, place: str, spots: list[_Spot]) -> None:
    kind = type(model)
    personal, nesting = personal_fields(kind), nesting_fields(kind)
    if not personal and not nesting:
        return
    # In the order of the fields: the same model is sealed in the same way each time.
    for name in dumped:
        if name in personal:
            if dumped[name] is not None:
                spots.append((dumped, name, f"{place}.{name}"))
        elif name in nesting:
            _find_nested(getattr(model, name), dumped[name], f"{place}.{name}", spots)


def _find_nested(value: Any, dumped: Any, place: str, spots: list[_Spot]) -> None:
    if isinstance(value, BaseModel):
        _find_personal(value, dumped, place, spots)
    elif isinstance(value, dict):
        for key, name in zip(value, dumped, strict=True):
            _find_nested(value[key], dumped[name], f"{place}.{name}", spots)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _find_nested(item, dumped[index], f"{place}.{index}", spots)


def _find_sealed(value: Any, place: str, spots: list[_Spot]) -> Any:
    """A copy of `value`, in which `spots` still wait to be opened."""
    if not isinstance(value, _NESTING):
        return value
    copy: Any = value.copy()
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        # Most of what a state holds is neither, and a list reads many states.
        if not isinstance(inner, _NESTING):
            continue
        if len(inner) == 1 and isinstance(inner, dict) and isinstance(inner.get(_SEALED), str):
            spots.append((copy, name, f"{place}.{name}"))
        else:
            copy[name] = _find_sealed(inner, f"{place}.{name}", spots)
    return copy

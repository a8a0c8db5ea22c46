"""One key a person, wrapped by the clinic's master key. Destroying it erases the person everywhere, backups included.

A sealed value is bound to its person, its place and its version: moved elsewhere, it is refused.
"""

import os
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable
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

    async def check(self) -> None:
        """Raises `Tampered` if this vault was begun under another master key: new keys must not be lost under it."""
        entry = await self._keys.put_new(_PROOF, self._wrapped(_PROOF, self._random(32)))
        self._unwrapped(_PROOF, entry)

    async def erase(self, person: str) -> None:
        """Destroy the person's key. No key is ever made again under that id."""
        await self._keys.replace(person, {"erased_at": self._clock.now().isoformat()})
        self._cache.pop(person, None)

    async def seal(self, model: BaseModel, person: str | None, place: str) -> Json:
        """`model` as JSON, its personal fields encrypted for `person` and bound to `place`."""
        dumped: Json = model.model_dump(mode="json")
        spots: list[_Spot] = []
        _find_personal(model, dumped, place, spots)
        if spots:
            if person is None:
                raise ValueError(f"{spots[0][2]} is personal, but it is not said whose it is")
            key = await self._key(person, create=True)
            if key is None:
                raise Erased
            for holder, name, where in spots:
                holder[name] = {_SEALED: self._encrypted(holder[name], person, key, where)}
        return dumped

    async def open(self, sealed: Any, place: str) -> Any:
        """The JSON with every sealed value opened; those of an erased person read `None`. Raises `Tampered`."""
        spots: list[_Spot] = []
        opened = _find_sealed(sealed, place, spots)
        keys: dict[str, AESGCM | None] = {}
        for holder, name, where in spots:
            person, body = _parts(holder[name][_SEALED], where)
            if person not in keys:
                keys[person] = await self._key(person, create=False)
            holder[name] = _decrypted(body, person, keys[person], where)
        return opened

    def _encrypted(self, value: Any, person: str, key: AESGCM, place: str) -> str:
        nonce = self._random(_NONCE)
        body = nonce + key.encrypt(nonce, orjson.dumps(value), f"{person}|{place}".encode())
        return f"1:{person}:{b2a_base64(body, newline=False).decode()}"

    async def _key(self, person: str, *, create: bool) -> AESGCM | None:
        now = self._clock.now()
        cached = self._cache.get(person)
        if cached is not None and abs(now - cached[0]) < _CACHE_FOR:
            return cached[1]
        entry = await self._keys.get(person)
        if entry is None and create:
            entry = await self._keys.put_new(person, self._wrapped(person, self._random(32)))
        if entry is None:
            # Not the note of an erasure: read as nothing, the next save would lose what is sealed for good.
            raise Tampered("a person's key is missing: is CAREPATH_VAULT the vault that this store was sealed with?")
        key = self._unwrapped(person, entry)
        if len(self._cache) >= _CACHE_SIZE:
            self._cache.clear()
        self._cache[person] = (now, key)
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
    if not isinstance(value, dict | list):
        return value
    copy: Any = value.copy()
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, dict) and inner.keys() == {_SEALED} and isinstance(inner[_SEALED], str):
            spots.append((copy, name, f"{place}.{name}"))
        elif isinstance(inner, dict | list):
            copy[name] = _find_sealed(inner, f"{place}.{name}", spots)
    return copy

"""One key a person, wrapped by the clinic's master key. Destroying it erases the person everywhere, backups included.

A sealed value is bound to its person, its place and its version: moved elsewhere, it is refused.
"""

import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel

from shared.contracts.commands import Rejected
from shared.contracts.personal import holds_personal, personal_fields
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
        if holds_personal(type(model)):
            await self._seal_model(model, dumped, person, place)
        return dumped

    async def open(self, sealed: Any, place: str) -> Any:
        """The JSON with every sealed value opened; those of an erased person read `None`. Raises `Tampered`."""
        if isinstance(sealed, dict):
            if sealed.keys() == {_SEALED} and isinstance(sealed[_SEALED], str):
                return await self._decrypt(sealed[_SEALED], place)
            return {key: await self.open(value, f"{place}.{key}") for key, value in sealed.items()}
        if isinstance(sealed, list):
            return [await self.open(value, f"{place}.{index}") for index, value in enumerate(sealed)]
        return sealed

    async def _seal_model(self, model: BaseModel, dumped: Json, person: str | None, place: str) -> None:
        kind = type(model)
        for name in kind.model_fields:
            value = getattr(model, name)
            if name in personal_fields(kind):
                if value is not None:
                    dumped[name] = {_SEALED: await self._encrypt(dumped[name], person, f"{place}.{name}")}
            else:
                await self._seal_value(value, dumped[name], person, f"{place}.{name}")

    async def _seal_value(self, value: Any, dumped: Any, person: str | None, place: str) -> None:
        if isinstance(value, BaseModel):
            if holds_personal(type(value)):
                await self._seal_model(value, dumped, person, place)
        elif isinstance(value, dict):
            for key, name in zip(value, dumped, strict=True):
                await self._seal_value(value[key], dumped[name], person, f"{place}.{name}")
        elif isinstance(value, list | tuple):
            for index, item in enumerate(value):
                await self._seal_value(item, dumped[index], person, f"{place}.{index}")

    async def _encrypt(self, value: Any, person: str | None, place: str) -> str:
        if person is None:
            raise ValueError(f"{place} is personal, but it is not said whose it is")
        key = await self._key(person, create=True)
        if key is None:
            raise Erased
        nonce = self._random(_NONCE)
        body = nonce + key.encrypt(nonce, orjson.dumps(value), f"{person}|{place}".encode())
        return f"1:{person}:{b64encode(body).decode()}"

    async def _decrypt(self, sealed: str, place: str) -> Any:
        version, _, rest = sealed.partition(":")
        person, _, encoded = rest.rpartition(":")
        if version != "1":
            raise Tampered(f"{place} is sealed in a way that this version does not know")
        key = await self._key(person, create=False)
        if key is None:
            return None
        try:
            body = b64decode(encoded, validate=True)
            return orjson.loads(key.decrypt(body[:_NONCE], body[_NONCE:], f"{person}|{place}".encode()))
        except (InvalidTag, ValueError) as fault:
            raise Tampered(f"{place} was changed or moved since it was sealed") from fault

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
        return {"key": b64encode(nonce + self._master.encrypt(nonce, key, person.encode())).decode()}

    def _unwrapped(self, person: str, entry: Json) -> AESGCM | None:
        if "key" not in entry:
            return None
        try:
            body = b64decode(entry["key"], validate=True)
            return AESGCM(self._master.decrypt(body[:_NONCE], body[_NONCE:], person.encode()))
        except (InvalidTag, ValueError) as fault:
            raise Tampered(
                "a person's key does not open: CAREPATH_MASTER_KEY is not the one it was wrapped with"
            ) from fault

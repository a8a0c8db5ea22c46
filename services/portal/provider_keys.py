"""The keys by which the clinic's sign-in service signs. One that is not known is looked for once, and not too often."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey, import_key

from shared.runtime.clock import Clock

ALGORITHMS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
"""By which a token may be signed, and by which kind of key. No shared secret, and never `none`."""
LOOKED_EVERY = timedelta(seconds=10)
"""Whoever sends us tokens with made-up keys must not make us ask for keys each time."""
_HOLD_FOR = timedelta(minutes=10)
"""A key that the provider has taken away counts no longer than this."""

Key = RSAKey | ECKey | OKPKey


class UnknownKey(ValueError):
    """No key of the provider's signed it."""


class Keys:
    """Those of one provider. `fetch` asks it for them."""

    def __init__(self, fetch: Callable[[], Awaitable[list[Mapping[str, Any]]]], clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str, Key] = {}
        self._looked_at: datetime | None = None

    async def of(self, token: str) -> tuple[Key, str]:
        """The key and the algorithm of a token's signature. Raises `UnknownKey`, and whatever `fetch` does."""
        try:
            header = jws.extract_compact(token.encode()).headers()
        except (JoseError, ValueError) as fault:
            raise UnknownKey("this is no token") from fault
        algorithm, id = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS or not isinstance(id, str):
            raise UnknownKey(f"signed by {algorithm!r} with key {id!r}")
        if self._is_old() or (id not in self._keys and self._may_look()):
            await self._look()
        key = self._keys.get(id)
        if key is None or key.key_type != ALGORITHMS[algorithm] or key.alg not in (None, algorithm):
            raise UnknownKey(f"signed by {algorithm} with key {id!r}, which the provider does not have")
        return key, str(algorithm)

    def _is_old(self) -> bool:
        return self._looked_at is None or abs(self._clock.now() - self._looked_at) >= _HOLD_FOR

    def _may_look(self) -> bool:
        return self._looked_at is None or abs(self._clock.now() - self._looked_at) >= LOOKED_EVERY

    async def _look(self) -> None:
        said = await self._fetch()
        self._looked_at = self._clock.now()
        self._keys = {}
        for one in said:
            if one.get("use", "sig") == "sig" and isinstance(one.get("kid"), str):
                self._add(one)

    def _add(self, said: Mapping[str, Any]) -> None:
        try:
            key = import_key(dict(said))
        except (JoseError, ValueError):
            # A kind of key that we do not know signs nothing that we read.
            return
        if isinstance(key, RSAKey | ECKey | OKPKey):
            self._keys[str(said["kid"])] = key

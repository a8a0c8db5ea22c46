"""How often one client may ask: counted in this process alone, by the clock that it is given, and gone with it.

Each process counts for itself, so that behind two of them a client may ask twice as often. Memory is bounded: beyond
`_MOST` clients at once, those whose time ends soonest are forgotten first.
"""

from collections.abc import Callable, Mapping
from heapq import nsmallest
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from starlette.types import Scope

from shared.runtime.clock import Clock

RULES = {"requests": "CAREPATH_REQUEST_RATE", "sign-in": "CAREPATH_SIGN_IN_RATE", "codes": "CAREPATH_CODE_RATE"}
"""What is counted, and the setting that says how often."""
OFF = "off"
_MOST = 50_000
_SITE_BITS = 64


class TooMany(Exception):
    """Somebody asked too often; in `seconds` they may again. 429."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class _Counts(Storage):
    """Counts of the library's fixed windows, by our clock; its own storage in memory goes by the machine's."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._counted: dict[str, tuple[int, float]] = {}

    @property
    def base_exceptions(self) -> type[Exception]:
        return KeyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = self._clock.now().timestamp()
        count, ends = self._counted.get(key, (0, 0.0))
        if ends <= now:
            self._make_room(now)
            count, ends = 0, now + expiry
        self._counted[key] = (count + amount, ends)
        return count + amount

    def get(self, key: str) -> int:
        count, ends = self._counted.get(key, (0, 0.0))
        return count if ends > self._clock.now().timestamp() else 0

    def get_expiry(self, key: str) -> float:
        return self._counted.get(key, (0, self._clock.now().timestamp()))[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        known = len(self._counted)
        self._counted.clear()
        return known

    def clear(self, key: str) -> None:
        self._counted.pop(key, None)

    def _make_room(self, now: float) -> None:
        if len(self._counted) < _MOST:
            return
        self._counted = {key: one for key, one in self._counted.items() if one[1] > now}
        for key in nsmallest(len(self._counted) - _MOST // 2, self._counted, key=lambda key: self._counted[key][1]):
            del self._counted[key]


class Rates:
    """The rules of one process. A rule that `rules` does not name has no bound."""

    def __init__(self, clock: Clock, rules: Mapping[str, str]) -> None:
        self._clock = clock
        self._items: dict[str, RateLimitItem] = {name: parse(rule) for name, rule in rules.items()}
        self._limiter = FixedWindowRateLimiter(_Counts(clock))

    def count(self, rule: str, client: str) -> None:
        """One more by this client. Raises `TooMany`."""
        item = self._items.get(rule)
        if item is None or self._limiter.hit(item, rule, client):
            return
        ends = self._limiter.get_window_stats(item, rule, client).reset_time
        raise TooMany(max(1, ceil(ends - self._clock.now().timestamp())))


def client_of(scope: Scope) -> str:
    """The address that a request came from; of IPv6 the site, since whoever has one address there has 2^64."""
    host = (scope.get("client") or ("unknown", 0))[0]
    try:
        address = ip_address(host)
    except ValueError:
        return str(host)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, _SITE_BITS), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def read_rates(read: Callable[[str], str], usual: Mapping[str, str], faults: list[str]) -> dict[str, str]:
    """The rules that are set, or the usual ones; `read` gives what a setting says. Adds to `faults` what is none."""
    found = {}
    for rule, otherwise in usual.items():
        name = RULES[rule]
        written = read(name).strip() or otherwise
        if written.lower() == OFF:
            continue
        try:
            parse(written)
        except ValueError:
            faults.append(f"{name}: {written!r} is no rate; write one such as {otherwise}, or {OFF}")
            continue
        found[rule] = written
    return found

"""What a request may not be, whoever sends it: told by its head alone, before anything is read or done for it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.types import Scope

LARGEST_BODY = 256 * 1024
_LARGEST_HEAD = 32 * 1024
_LONGEST_TARGET = 8 * 1024
_LONGEST_RANGE = 100
_MOST_RANGES = 4
_HOST = re.compile(
    r"(?P<name>[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?", re.IGNORECASE
)


@dataclass(frozen=True)
class Breach:
    """Why a request goes no further."""

    status: int
    code: str
    title: str


_HEAD = Breach(431, "head-too-large", "The headers of this request are larger than 32 KB.")
_TARGET = Breach(414, "address-too-long", "This address is longer than 8 KB.")
_NO_HOST = Breach(400, "host-malformed", "The Host header of this request is missing, doubled or no name of a host.")
_STRANGE = Breach(400, "host-unknown", "This system is not reached by that name.")
TOO_LARGE = Breach(413, "too-large", "This is more than one request may carry (256 KB).")
_RANGES = Breach(416, "range-refused", "Ask for one part at a time.")


def breach(scope: Scope, hosts: Sequence[str] = ()) -> Breach | None:
    """The first bound that the request breaks. `hosts` are the names by which we may be reached; empty for any."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if sum(len(name) + len(value) for name, value in headers) > _LARGEST_HEAD:
        return _HEAD
    if len(scope["path"]) + len(scope["query_string"]) > _LONGEST_TARGET:
        return _TARGET
    given = [value.decode("latin-1") for name, value in headers if name == b"host"]
    host = _HOST.fullmatch(given[0]) if len(given) == 1 else None
    if host is None:
        return _NO_HOST
    if hosts and host["name"].lower() not in hosts:
        return _STRANGE
    return _of_the_rest(headers)


def _of_the_rest(headers: list[tuple[bytes, bytes]]) -> Breach | None:
    for name, value in headers:
        if name == b"content-length" and not (value.isdigit() and len(value) < 10 and int(value) <= LARGEST_BODY):
            return TOO_LARGE
        if name == b"range" and (len(value) > _LONGEST_RANGE or value.count(b",") >= _MOST_RANGES):
            return _RANGES
    return None

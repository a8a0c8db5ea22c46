"""The clinic's master keys: the first wraps every new key, all of them open. So one can take the place of another
while all goes on.

Where they come from a file, it is read again before a key is wrapped and where none fits: nobody must be restarted.
"""

import hashlib
from base64 import b64decode
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Json = dict[str, Any]

IN_FOLDER = "master_keys.txt"
"""Where the embedded system keeps them, in its folder."""
_NONCE = 12
_BYTES = 32


def read_master_keys(text: str) -> tuple[bytes, ...]:
    """One key a line, or separated by spaces: 32 bytes in base64, the one that wraps first. Raises `ValueError`."""
    keys = tuple(b64decode(part, validate=True) for part in text.split())
    if not keys or any(len(key) != _BYTES for key in keys):
        raise ValueError("a master key is 32 bytes in base64")
    return keys


class MasterKeys:
    """`keys` are the ones to begin with, the one that wraps first; `source` is the file that they came from."""

    def __init__(self, keys: Sequence[bytes], source: Path | None = None) -> None:
        self._source = source
        self._open: dict[str, AESGCM] = {}
        self._current = ""
        self._take(keys)

    def wrapped(self, person: str, key: bytes, random: Callable[[int], bytes]) -> Json:
        """`key` under the master key that holds now, bound to the person."""
        self._read_again()
        nonce = random(_NONCE)
        body = nonce + self._open[self._current].encrypt(nonce, key, person.encode())
        return {"key": b2a_base64(body, newline=False).decode(), "by": self._current}

    def unwrapped(self, person: str, entry: Json) -> bytes | None:
        """The key of `entry`; `None` where no master key at hand opens it, or where it was changed or moved."""
        by = entry.get("by")
        if by is not None and by not in self._open:
            self._read_again()
        # What an earlier build wrapped does not say by which.
        found = self._tried(person, entry, list(self._open) if by is None else [by])
        if found is None and by is None and self._read_again():
            found = self._tried(person, entry, list(self._open))
        return found

    def is_current(self, entry: Json) -> bool:
        """Whether `entry` is wrapped by the key that holds now."""
        return entry.get("by") == self._current

    def _tried(self, person: str, entry: Json, names: Sequence[str]) -> bytes | None:
        for name in names:
            try:
                body = a2b_base64(entry["key"], strict_mode=True)
                return self._open[name].decrypt(body[:_NONCE], body[_NONCE:], person.encode())
            except (InvalidTag, ValueError, KeyError):
                continue
        return None

    def _read_again(self) -> bool:
        """Whether there was something to read. A file that is being written now is read at the next chance."""
        if self._source is None:
            return False
        try:
            self._take(read_master_keys(self._source.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return False
        return True

    def _take(self, keys: Sequence[bytes]) -> None:
        # None is forgotten: an entry may have been read just before it was wrapped anew.
        named = {_name(key): key for key in keys}
        self._open |= {name: AESGCM(key) for name, key in named.items() if name not in self._open}
        self._current = next(iter(named))


def _name(key: bytes) -> str:
    """Tells master keys apart, and nothing about them: they are random."""
    return hashlib.sha256(b"carepath master key\0" + key).hexdigest()[:16]

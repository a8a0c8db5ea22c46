"""The number that people read out on the telephone: made from a referral's id, so that it is the same for ever."""

import hashlib

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that are taken for one another when they are read or said."""


def number(referral_id: str) -> str:
    """Such as `CP-7K3F-9Q2M`: eight letters of thirty, so that two of a million referrals seldom share one."""
    rest = int.from_bytes(hashlib.sha256(referral_id.encode()).digest()[:8], "big")
    letters = []
    for _ in range(8):
        rest, place = divmod(rest, len(_LETTERS))
        letters.append(_LETTERS[place])
    text = "".join(letters)
    return f"CP-{text[:4]}-{text[4:]}"

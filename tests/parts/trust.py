"""Whom a process under test believes: whatever one secret of the tests signed, in anybody's name."""

from shared.runtime.keys import SIGNERS, Trusted, trusted_of


def trusting(secret: str) -> Trusted:
    """The public keys by which all that `secret` signs is believed."""
    return trusted_of(dict.fromkeys(SIGNERS, secret))


def as_setting(trusted: Trusted) -> str:
    """As `CAREPATH_TRUSTED_KEYS` has them."""
    return ",".join(f"{name}={key}" for name, key in trusted.items())

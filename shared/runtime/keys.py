"""Each process signs with a secret of its own. The others know its public key, which signs nothing.

So whoever gets at one process's secret can speak for that process alone. `CAREPATH_TRUSTED_KEYS` lists the public keys.
"""

import binascii
import hashlib
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.jwk import GuestProtocol, OKPKey

ALGORITHM = "Ed25519"
PORTAL = "portal"
"""It alone says who a person is."""
SIGNERS = (PORTAL, "referrals", "interventions", "notifications")

Trusted = Mapping[str, str]
"""Public keys, by the name of the process that signs with the other half; 32 bytes each, in base64."""

_PURPOSE = b"carepath-signing-key-1\n"
"""`deploy/compose/make-secrets.sh` makes the public keys in the same way, without Python."""


def public_key(secret: str) -> str:
    """What the others must know of a process whose own secret this is."""
    return b64encode(_private(secret).public_key().public_bytes_raw()).decode()


@lru_cache(maxsize=64)
def signing_key(secret: str) -> OKPKey:
    """What it signs with."""
    private = _private(secret)
    return _jwk(x=private.public_key().public_bytes_raw(), d=private.private_bytes_raw())


@lru_cache(maxsize=64)
def verifying_key(public: str) -> OKPKey:
    """What others check it by. Raises `ValueError`."""
    return _jwk(x=_public(public))


def key_of(trusted: Trusted) -> Callable[[GuestProtocol], OKPKey]:
    """Finds the key of whoever a token says has signed it. The one found raises `ValueError` for a stranger."""

    def find(token: GuestProtocol) -> OKPKey:
        signer = token.headers().get("kid")
        if not isinstance(signer, str) or signer not in trusted:
            raise ValueError("nobody whom we trust has signed this")
        return verifying_key(trusted[signer])

    return find


def trusted_of(secrets: Mapping[str, str]) -> Trusted:
    """The public keys of processes whose secrets are known here, as in the embedded system."""
    return {name: public_key(secret) for name, secret in secrets.items()}


def read_trusted(text: str) -> Trusted:
    """`portal=<key>,referrals=<key>,...` Raises `ValueError` which says what is wrong, and names no key."""
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.replace("\n", ",").split(","))):
        name, _, key = pair.partition("=")
        if name in found:
            raise ValueError(f"{name} is there twice")
        try:
            _public(key)
        except ValueError as fault:
            raise ValueError(f"what stands for {name!r} is no public key") from fault
        found[name] = key
    if missing := [name for name in SIGNERS if name not in found]:
        raise ValueError(f"there is no key of {', '.join(missing)}")
    return found


def _private(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(_PURPOSE + secret.encode()).digest())


def _public(public: str) -> bytes:
    try:
        raw = b64decode(public, validate=True)
        Ed25519PublicKey.from_public_bytes(raw)
    except (binascii.Error, UnsupportedAlgorithm) as fault:
        raise ValueError("no public key") from fault
    return raw


def _jwk(**parts: bytes) -> OKPKey:
    values = {name: urlsafe_b64encode(raw).decode().rstrip("=") for name, raw in parts.items()}
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", **values})

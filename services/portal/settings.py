"""What the portal needs to know of its surroundings: from the environment, secrets also from files (`<NAME>_FILE`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shared.contracts.clinic import Clinic
from shared.runtime.keys import PORTAL, Trusted, public_key, read_trusted
from shared.runtime.settings import SettingsFault, load_clinic

SERVICES = ("referrals", "interventions", "notifications")

_SHORTEST_SECRET = 32
_MAKE_KEYS = "deploy/compose/make-secrets.sh makes both"


@dataclass(frozen=True)
class PortalSettings:
    """`development_sign_in` lets anybody be one of the demo people: never where real people are.

    `token_secret` is the portal's own: with it the portal says who a person is. `trusted` are the others' public keys.
    """

    services: Mapping[str, str]
    token_secret: str
    clinic: Clinic
    development_sign_in: bool = False
    secure_cookies: bool = True
    trusted: Trusted = field(default_factory=dict)


def load_portal_settings(environment: Mapping[str, str]) -> PortalSettings:
    """The settings of a process of its own. Raises `SettingsFault` with all that is wrong and what to do.

    Without `CAREPATH_SECURE_COOKIES`, cookies need HTTPS except where the development issuer signs people in.
    """
    faults: list[str] = []
    services = _services(environment, faults)
    secret = _secret(environment, "CAREPATH_TOKEN_SECRET", faults)
    trusted = _trusted(environment, secret, faults)
    development = _is_on(environment.get("CAREPATH_DEVELOPMENT_SIGN_IN", "no"))
    secure = _is_on(environment.get("CAREPATH_SECURE_COOKIES", "no" if development else "yes"))
    try:
        clinic = load_clinic(Path(environment.get("CAREPATH_CLINIC", "deploy/clinic.yaml")))
    except SettingsFault as fault:
        raise SettingsFault(faults + fault.faults) from fault
    if faults:
        raise SettingsFault(faults)
    return PortalSettings(services, secret, clinic, development, secure, trusted)


def _services(environment: Mapping[str, str], faults: list[str]) -> dict[str, str]:
    pairs = [pair.strip().partition("=") for pair in environment.get("CAREPATH_SERVICES", "").split(",")]
    found = {name: address.rstrip("/") for name, _, address in pairs if address.startswith(("http://", "https://"))}
    missing = [name for name in SERVICES if name not in found]
    if missing:
        remedy = "write referrals=http://...,interventions=http://...,notifications=http://..."
        faults.append(f"CAREPATH_SERVICES lacks an address of {', '.join(missing)}; {remedy}")
    return {name: found[name] for name in SERVICES if name in found}


def _secret(environment: Mapping[str, str], name: str, faults: list[str]) -> str:
    secret = _text(environment, name, faults)
    if secret is not None and len(secret) < _SHORTEST_SECRET:
        faults.append(f"{name} has fewer than {_SHORTEST_SECRET} characters; {_MAKE_KEYS}")
    return secret or ""


def _trusted(environment: Mapping[str, str], secret: str, faults: list[str]) -> Trusted:
    text = _text(environment, "CAREPATH_TRUSTED_KEYS", faults)
    try:
        found = read_trusted(text or "")
    except ValueError as fault:
        if text is not None:
            faults.append(f"CAREPATH_TRUSTED_KEYS: {fault}; {_MAKE_KEYS}")
        return {}
    if found[PORTAL] != public_key(secret):
        faults.append(f"CAREPATH_TRUSTED_KEYS holds another key of {PORTAL} than CAREPATH_TOKEN_SECRET; {_MAKE_KEYS}")
    return found


def _text(environment: Mapping[str, str], name: str, faults: list[str]) -> str | None:
    """`None` where it is in a file that cannot be read."""
    value, path = environment.get(name, ""), environment.get(f"{name}_FILE", "")
    if not path or value:
        return value
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as fault:
        faults.append(f"{name}_FILE: {path} cannot be read ({fault.strerror}); mend the path")
        return None


def _is_on(value: str) -> bool:
    return value.strip().lower() in ("1", "yes", "true")

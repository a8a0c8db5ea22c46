"""What the portal needs to know of its surroundings: from the environment, secrets also from files (`<NAME>_FILE`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from shared.contracts.clinic import Clinic
from shared.contracts.clinic_sign_in import StaffSignIn
from shared.runtime.settings import SettingsFault, load_clinic

SERVICES = ("referrals", "interventions", "notifications")

_SHORTEST_SECRET = 32
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
_ONLY_EMBEDDED = (
    "CAREPATH_DEVELOPMENT_SIGN_IN lets anybody be anybody, and works only in the embedded mode (make demo);"
    " take it out of .env, and connect the sign-in of your staff (docs/operating.md)"
)


@dataclass(frozen=True)
class ProviderSettings:
    """Where the clinic's staff sign in. `inside` is where this process reaches the issuer, if that is elsewhere."""

    issuer: str
    client_id: str
    client_secret: str
    staff: StaffSignIn
    inside: str = ""


@dataclass(frozen=True)
class PortalSettings:
    """`development_sign_in` lets anybody be one of the demo people. No setting switches it on: only the embedded mode
    does, and a process of its own refuses to start with it.
    """

    services: Mapping[str, str]
    token_secret: str
    clinic: Clinic
    development_sign_in: bool = False
    secure_cookies: bool = True
    provider: ProviderSettings | None = None


def load_portal_settings(environment: Mapping[str, str]) -> PortalSettings:
    """The settings of a process of its own. Raises `SettingsFault` with all that is wrong and what to do."""
    faults: list[str] = []
    services = _services(environment, faults)
    secret = secret_of(environment, "CAREPATH_TOKEN_SECRET", faults)
    if len(secret) < _SHORTEST_SECRET:
        faults.append(f"CAREPATH_TOKEN_SECRET has fewer than {_SHORTEST_SECRET} characters; give it the services' one")
    if _is_on(environment.get("CAREPATH_DEVELOPMENT_SIGN_IN", "no")):
        faults.append(_ONLY_EMBEDDED)
    secure = _is_on(environment.get("CAREPATH_SECURE_COOKIES", "yes"))
    path = Path(environment.get("CAREPATH_CLINIC", "deploy/clinic.yaml"))
    try:
        clinic = load_clinic(path)
    except SettingsFault as fault:
        raise SettingsFault(faults + fault.faults) from fault
    provider = _provider(environment, path, clinic, faults)
    if faults:
        raise SettingsFault(faults)
    return PortalSettings(services, secret, clinic, secure_cookies=secure, provider=provider)


def _provider(environment: Mapping[str, str], path: Path, clinic: Clinic, faults: list[str]) -> ProviderSettings | None:
    """Where nothing is said of it, staff cannot sign in, and the portal says so."""
    issuer = environment.get("CAREPATH_SSO_ISSUER", "").strip()
    if not issuer:
        if clinic.sign_in:
            faults.append(f"CAREPATH_SSO_ISSUER is missing; write it in .env, or take sign_in out of {path}")
        return None
    inside = environment.get("CAREPATH_SSO_INSIDE", "").strip()
    client_id = environment.get("CAREPATH_SSO_CLIENT_ID", "").strip()
    secret = secret_of(environment, "CAREPATH_SSO_CLIENT_SECRET", faults)
    host = urlsplit(issuer).hostname or ""
    if not (issuer.startswith("https://") and host) and not (issuer.startswith("http://") and host in _THIS_MACHINE):
        faults.append(f"CAREPATH_SSO_ISSUER is {issuer!r}; write an address that begins with https://")
    if inside and not inside.startswith(("https://", "http://")):
        faults.append(f"CAREPATH_SSO_INSIDE is {inside!r}; write an address, or leave it empty")
    if not client_id:
        faults.append("CAREPATH_SSO_CLIENT_ID is missing; write the name that the portal has at the issuer")
    if not secret:
        faults.append("CAREPATH_SSO_CLIENT_SECRET is missing; name its file by CAREPATH_SSO_CLIENT_SECRET_FILE")
    if clinic.sign_in is None:
        faults.append(f"{path}, sign_in: is missing; write which claim means which role (docs/operating.md)")
        return None
    return ProviderSettings(issuer, client_id, secret, clinic.sign_in, inside)


def _services(environment: Mapping[str, str], faults: list[str]) -> dict[str, str]:
    pairs = [pair.strip().partition("=") for pair in environment.get("CAREPATH_SERVICES", "").split(",")]
    found = {name: address.rstrip("/") for name, _, address in pairs if address.startswith(("http://", "https://"))}
    missing = [name for name in SERVICES if name not in found]
    if missing:
        remedy = "write referrals=http://...,interventions=http://...,notifications=http://..."
        faults.append(f"CAREPATH_SERVICES lacks an address of {', '.join(missing)}; {remedy}")
    return {name: found[name] for name in SERVICES if name in found}


def secret_of(environment: Mapping[str, str], name: str, faults: list[str]) -> str:
    """What stands in the setting, or in the file that it names."""
    secret, path = environment.get(name, ""), environment.get(f"{name}_FILE", "")
    if path and not secret:
        try:
            secret = Path(path).read_text(encoding="utf-8").strip()
        except OSError as fault:
            faults.append(f"{name}_FILE: {path} cannot be read ({fault.strerror}); mend the path")
            return ""
    return secret


def _is_on(value: str) -> bool:
    return value.strip().lower() in ("1", "yes", "true")

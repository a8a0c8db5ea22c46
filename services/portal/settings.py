"""What the portal needs to know of its surroundings: from the environment, secrets also from files (`<NAME>_FILE`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from shared.contracts.clinic import Clinic
from shared.runtime.rates import read_rates
from shared.runtime.settings import SettingsFault, load_clinic

SERVICES = ("referrals", "interventions", "notifications")

_SHORTEST_SECRET = 32
_THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")
_RATES = {"requests": "3000/minute", "sign-in": "60/hour"}


@dataclass(frozen=True)
class PortalSettings:
    """`development_sign_in` lets anybody be one of the demo people: never where real people are.

    `hosts` are the names by which the portal may be reached (empty for any), `proxies` the addresses or networks whose
    word on who is asking is believed. Without `rates` nothing is counted.
    """

    services: Mapping[str, str]
    token_secret: str
    clinic: Clinic
    development_sign_in: bool = False
    secure_cookies: bool = True
    hosts: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    rates: Mapping[str, str] = field(default_factory=dict)


def load_portal_settings(environment: Mapping[str, str]) -> PortalSettings:
    """The settings of a process of its own. Raises `SettingsFault` with all that is wrong and what to do.

    Without `CAREPATH_SECURE_COOKIES`, cookies need HTTPS except where the development issuer signs people in at an
    address without it.
    """
    faults: list[str] = []
    services = _services(environment, faults)
    secret = _secret(environment, faults)
    development = _is_on(environment.get("CAREPATH_DEVELOPMENT_SIGN_IN", "no"))
    proxies = _proxies(environment, faults)
    rates = read_rates(lambda name: environment.get(name, ""), _RATES, faults)
    try:
        clinic = load_clinic(Path(environment.get("CAREPATH_CLINIC", "deploy/clinic.yaml")))
    except SettingsFault as fault:
        raise SettingsFault(faults + fault.faults) from fault
    if faults:
        raise SettingsFault(faults)
    trying = development and not clinic.portal_url.startswith("https://")
    secure = _is_on(environment.get("CAREPATH_SECURE_COOKIES", "no" if trying else "yes"))
    hosts = _hosts(environment, clinic)
    return PortalSettings(services, secret, clinic, development, secure, hosts, proxies, rates)


def _hosts(environment: Mapping[str, str], clinic: Clinic) -> tuple[str, ...]:
    """By which names the portal may be reached: where links lead, those that are set, and from this machine."""
    own = urlsplit(clinic.portal_url).hostname or ""
    named = environment.get("CAREPATH_ALLOWED_HOSTS", "").lower().replace(",", " ").split()
    return tuple(dict.fromkeys((own, *named, *_THIS_MACHINE)))


def _proxies(environment: Mapping[str, str], faults: list[str]) -> tuple[str, ...]:
    named = environment.get("CAREPATH_TRUSTED_PROXIES", "").replace(",", " ").split()
    for one in named:
        try:
            ip_network(one)
        except ValueError:
            remedy = "write the proxy's address or network, such as 10.0.0.5 or 172.18.0.0/16"
            faults.append(f"CAREPATH_TRUSTED_PROXIES: {one!r} is no address; {remedy}")
    return tuple(named)


def _services(environment: Mapping[str, str], faults: list[str]) -> dict[str, str]:
    pairs = [pair.strip().partition("=") for pair in environment.get("CAREPATH_SERVICES", "").split(",")]
    found = {name: address.rstrip("/") for name, _, address in pairs if address.startswith(("http://", "https://"))}
    missing = [name for name in SERVICES if name not in found]
    if missing:
        remedy = "write referrals=http://...,interventions=http://...,notifications=http://..."
        faults.append(f"CAREPATH_SERVICES lacks an address of {', '.join(missing)}; {remedy}")
    return {name: found[name] for name in SERVICES if name in found}


def _secret(environment: Mapping[str, str], faults: list[str]) -> str:
    secret, path = environment.get("CAREPATH_TOKEN_SECRET", ""), environment.get("CAREPATH_TOKEN_SECRET_FILE", "")
    if path and not secret:
        try:
            secret = Path(path).read_text(encoding="utf-8").strip()
        except OSError as fault:
            faults.append(f"CAREPATH_TOKEN_SECRET_FILE: {path} cannot be read ({fault.strerror}); mend the path")
            return ""
    if len(secret) < _SHORTEST_SECRET:
        faults.append(f"CAREPATH_TOKEN_SECRET has fewer than {_SHORTEST_SECRET} characters; give it the services' one")
    return secret


def _is_on(value: str) -> bool:
    return value.strip().lower() in ("1", "yes", "true")

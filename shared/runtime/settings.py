"""What an operator sets: from the environment, or from files for secrets. All faults are told at once, with a remedy.

Each secret may also be given as `<NAME>_FILE`, the path of a file that holds it.
"""

import binascii
import contextlib
import hashlib
import math
import os
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import ValidationError

from shared.contracts.clinic import Clinic
from shared.contracts.triage import RuleSet, RulesFault, read_rules
from shared.runtime.measure_texts import put_texts
from shared.runtime.rates import read_rates
from shared.runtime.recordings import put_recordings

_REMEDIES = {
    "CAREPATH_STORE": "set it to sqlite:<path> or to the address of MongoDB, mongodb://...",
    "CAREPATH_VAULT": "set it to sqlite:<path> or to the address of MongoDB that keeps the keys",
    "CAREPATH_KAFKA": "set it to host:port of Kafka, several separated by commas",
    "CAREPATH_MASTER_KEY": "make one with: openssl rand -base64 32",
    "CAREPATH_TOKEN_SECRET": "set it to at least 32 characters that nobody can guess",
    "CAREPATH_SERVICES": "list the addresses of the services: referrals=http://...,interventions=http://...,...",
}
_YES = ("yes", "true", "1")
_RATES = {"requests": "1200/minute", "sign-in": "60/minute", "codes": "10/hour"}


class SettingsFault(Exception):
    """The settings cannot be used. The message lists every fault with its key and what to do."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("Carepath cannot start with these settings:\n" + "\n".join(f"  - {fault}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Settings:
    """Everything that a process needs to know of its surroundings. Without `rates` nothing is counted."""

    store: str
    vault: str
    kafka: str
    master_key: bytes
    token_secret: str
    services: Mapping[str, str]
    clinic: Clinic
    smtp: str | None = None
    sms: str | None = None
    push: str | None = None
    webhook_secret: str | None = None
    mail_folder: Path = Path("var/mail")
    backups: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    production: bool = False
    log_level: str = "INFO"
    compare_seconds: float = 20.0
    timer_seconds: float = 1.0
    retry_held_seconds: float = 30.0
    leftover_seconds: float = 5.0
    build: str = ""
    hosts: tuple[str, ...] = ()
    rates: Mapping[str, str] = field(default_factory=dict)


class _Reader:
    """Reads settings one by one and remembers what is wrong."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.faults: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        value = self._environment.get(name, "")
        if (path := self._environment.get(f"{name}_FILE")) and not value:
            try:
                value = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeError) as fault:
                self.faults.append(f"{name}_FILE: {path} cannot be read ({_why(fault)}); mend the path or its rights")
                return default or ""
        if value:
            return value
        if default is None:
            self.faults.append(f"{name} is not set; {_REMEDIES.get(name, 'set it')}")
        return default or ""

    def folder(self, name: str) -> Path | None:
        value = self.text(name, "")
        return Path(value) if value else None

    def number(self, name: str, default: float) -> float:
        value = self.text(name, str(default))
        with contextlib.suppress(ValueError):
            if math.isfinite(number := float(value)) and number > 0:
                return number
        self.faults.append(f"{name}: {value!r} is not a number above 0; write one such as {default}")
        return default

    def one_of(self, name: str, default: str, *words: str) -> str:
        value = self.text(name, default)
        if value.lower() not in words:
            self.faults.append(f"{name}: {value!r} is not known; write one of {', '.join(words)}")
        return value.lower()

    def master_key(self) -> bytes:
        value = self.text("CAREPATH_MASTER_KEY")
        if not value:
            return b""
        try:
            key = b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != 32:
            self.faults.append(f"CAREPATH_MASTER_KEY is not 32 bytes in base64; {_REMEDIES['CAREPATH_MASTER_KEY']}")
        return key

    def token_secret(self) -> str:
        value = self.text("CAREPATH_TOKEN_SECRET")
        if value and len(value) < 32:
            self.faults.append(f"CAREPATH_TOKEN_SECRET is too short; {_REMEDIES['CAREPATH_TOKEN_SECRET']}")
        return value

    def store(self, name: str) -> str:
        value = self.text(name)
        if value and not value.startswith(("sqlite:", "mongodb:", "mongodb+srv:")):
            self.faults.append(f"{name}: the kind of store is not known; {_REMEDIES[name]}")
        return value

    def services(self) -> dict[str, str]:
        found = {}
        for pair in filter(None, self.text("CAREPATH_SERVICES").split(",")):
            name, _, address = pair.strip().partition("=")
            if urlsplit(address).scheme not in ("http", "https"):
                self.faults.append(f"CAREPATH_SERVICES: {pair!r} is no name=address; {_REMEDIES['CAREPATH_SERVICES']}")
            found[name] = address.rstrip("/")
        return found


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment. Raises `SettingsFault` with everything that is wrong."""
    environment = os.environ if environment is None else environment
    reader = _Reader(environment)
    values: dict[str, Any] = {
        "store": reader.store("CAREPATH_STORE"),
        "vault": reader.store("CAREPATH_VAULT"),
        "kafka": reader.text("CAREPATH_KAFKA"),
        "master_key": reader.master_key(),
        "token_secret": reader.token_secret(),
        "services": reader.services(),
        "smtp": reader.text("CAREPATH_SMTP", "") or None,
        "sms": reader.text("CAREPATH_SMS", "") or None,
        "push": reader.text("CAREPATH_PUSH", "") or None,
        "webhook_secret": reader.text("CAREPATH_WEBHOOK_SECRET", "") or None,
        "mail_folder": Path(reader.text("CAREPATH_MAIL_FOLDER", "var/mail")),
        "backups": reader.folder("CAREPATH_BACKUPS"),
        "host": reader.text("CAREPATH_HOST", "127.0.0.1"),
        "port": int(reader.number("CAREPATH_PORT", 8000)),
        "production": reader.one_of("CAREPATH_PRODUCTION", "no", "yes", "no", "true", "false", "1", "0") in _YES,
        "log_level": reader.one_of("CAREPATH_LOG_LEVEL", "info", "debug", "info", "warning", "error").upper(),
        "compare_seconds": reader.number("CAREPATH_COMPARE_SECONDS", 20.0),
        "timer_seconds": reader.number("CAREPATH_TIMER_SECONDS", 1.0),
        "retry_held_seconds": reader.number("CAREPATH_RETRY_HELD_SECONDS", 30.0),
        "leftover_seconds": reader.number("CAREPATH_LEFTOVER_SECONDS", 5.0),
        "build": reader.text("CAREPATH_BUILD", build_id()),
        "hosts": tuple(reader.text("CAREPATH_ALLOWED_HOSTS", "").lower().replace(",", " ").split()),
        "rates": read_rates(lambda name: reader.text(name, ""), _RATES, reader.faults),
    }
    try:
        values["clinic"] = load_clinic(Path(reader.text("CAREPATH_CLINIC", "deploy/clinic.yaml")))
    except SettingsFault as fault:
        reader.faults += fault.faults
    if reader.faults:
        raise SettingsFault(reader.faults)
    return Settings(**values)


def load_clinic(path: Path) -> Clinic:
    """The clinic's configuration. Raises `SettingsFault` naming file, key and remedy.

    `triage_rules` is the path of another file, counted from the folder of this one; so are the folder of `texts` under
    each of the permissions of `measures`, and that of `recordings`.
    """
    data = _yaml(path, "set CAREPATH_CLINIC to its path")
    faults: list[str] = []
    if isinstance(data, dict):
        try:
            data["triage_rules"] = _rules_beside(path, data.get("triage_rules"))
        except SettingsFault as fault:
            faults += fault.faults
        faults += put_texts(path, data.get("measures"))
        faults += put_recordings(path, data)
    try:
        clinic = Clinic.model_validate(data)
    except ValidationError as fault:
        faults += [
            f"{path}, key {'.'.join(map(str, error['loc'])) or '(whole file)'}: {error['msg']}"
            for error in fault.errors()
            if not (faults and _is_read_elsewhere(error["loc"]))
        ]
    if faults:
        raise SettingsFault(faults)
    return clinic


def _is_read_elsewhere(key: tuple[str | int, ...]) -> bool:
    """Whether the key names other files, whose own faults are told in its place."""
    return key == ("triage_rules",) or (key[:2] == ("measures", "permissions") and "texts" in key[3:4])


def _rules_beside(clinic: Path, rules: object) -> RuleSet:
    if not isinstance(rules, str):
        remedy = "write the path of the rules, counted from this file, such as triage/rules-1.yaml"
        raise SettingsFault([f"{clinic}, key triage_rules: is no path; {remedy}"])
    return load_rules(clinic.parent / rules, f"mend the key triage_rules of {clinic}")


def load_rules(path: Path, if_unreadable: str = "is the path right?") -> RuleSet:
    """A file of triage rules. Raises `SettingsFault` naming file, rule and remedy."""
    try:
        return read_rules(_yaml(path, if_unreadable))
    except RulesFault as fault:
        raise SettingsFault([f"{path}, {told}" for told in fault.faults]) from fault


class _OneOfEachKey(yaml.SafeLoader):
    """Refuses a key that stands twice: YAML itself keeps the last, so a forgotten hyphen would swallow a whole rule."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key.value!r} is there twice", problem_mark=key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def _yaml(path: Path, if_unreadable: str) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _OneOfEachKey)  # noqa: S506 - it is a SafeLoader
    except (OSError, UnicodeError) as fault:
        raise SettingsFault([f"{path} cannot be read ({_why(fault)}); {if_unreadable}"]) from fault
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        why = getattr(fault, "problem", None) or "it cannot be understood"
        raise SettingsFault(
            [f"{path}{line} is not valid YAML ({why}); check colons, hyphens, quotes and indentation there"]
        ) from fault


def _why(fault: OSError | UnicodeError) -> str:
    return fault.strerror or "unknown" if isinstance(fault, OSError) else "it is not text in UTF-8"


def build_id() -> str:
    """Names this version of the program by its own source, so that a mended build tries held keys again by itself."""
    root = Path(__file__).parents[2]
    digest = hashlib.sha256()
    for part in ("shared", "services"):
        for path in sorted((root / part).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]

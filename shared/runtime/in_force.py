"""How a process is set up, as an operator may read it: no secret, no password, of the clinic only the main facts."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from shared.contracts.clinic import Clinic
from shared.contracts.on_call import duties
from shared.runtime.logs import without_password
from shared.runtime.rates import OFF, RULES
from shared.runtime.settings import Settings

_UNFINISHED = (".part", ".tmp")


@dataclass(frozen=True)
class Setting:
    """`value` is what may be read of it: nothing of a secret, and nothing where it is not set."""

    name: str
    is_set: bool
    value: str | None


@dataclass(frozen=True)
class ClinicFacts:
    """The main facts of the clinic's file. Equal `fingerprint`s mean the same file, whole."""

    name: str
    time_zone: str
    quiet_from: str
    quiet_to: str
    triage_rules: int
    approved_by: str | None
    on_call: tuple[str, ...]
    fingerprint: str


@dataclass(frozen=True)
class Backup:
    """What is known of backups. `fault` is why the folder does not say."""

    folder: str | None = None
    name: str | None = None
    at: datetime | None = None
    size: int = 0
    fault: str | None = None


def settings_in_force(settings: Settings) -> list[Setting]:
    """Every setting but the clinic's file, by the name that an operator sets it by."""
    shown = {
        "STORE": without_password(settings.store),
        "VAULT": without_password(settings.vault),
        "KAFKA": without_password(settings.kafka),
        "SERVICES": ", ".join(f"{name}={without_password(address)}" for name, address in settings.services.items()),
        "SMTP": _each(without_password, settings.smtp),
        "SMS": _each(_kind, settings.sms),
        "PUSH": _each(_kind, settings.push),
        "MAIL_FOLDER": str(settings.mail_folder),
        "PRODUCTION": "yes" if settings.production else "no",
        "HOST": settings.host,
        "PORT": str(settings.port),
        "LOG_LEVEL": settings.log_level,
        "COMPARE_SECONDS": f"{settings.compare_seconds:g}",
        "TIMER_SECONDS": f"{settings.timer_seconds:g}",
        "RETRY_HELD_SECONDS": f"{settings.retry_held_seconds:g}",
        "LEFTOVER_SECONDS": f"{settings.leftover_seconds:g}",
        "BUILD": settings.build,
        "ALLOWED_HOSTS": ", ".join(settings.hosts),
        **{name.removeprefix("CAREPATH_"): settings.rates.get(rule, OFF) for rule, name in RULES.items()},
        "BACKUPS": str(settings.backups or ""),
    }
    secrets = {
        "MASTER_KEY": settings.master_key,
        "TOKEN_SECRET": settings.token_secret,
        "WEBHOOK_SECRET": settings.webhook_secret,
    }
    return [
        *(Setting(f"CAREPATH_{name}", bool(value), value or None) for name, value in shown.items()),
        *(Setting(f"CAREPATH_{name}", bool(value), None) for name, value in secrets.items()),
    ]


def clinic_facts(clinic: Clinic, now: datetime) -> ClinicFacts:
    """`on_call` are those whom a call for help goes to `now`, one after the other."""
    return ClinicFacts(
        name=clinic.name,
        time_zone=clinic.time_zone,
        quiet_from=f"{clinic.hours.quiet_from:%H:%M}",
        quiet_to=f"{clinic.hours.quiet_to:%H:%M}",
        triage_rules=clinic.triage_rules.version,
        approved_by=clinic.triage_rules.approved_by,
        on_call=duties(clinic, now),
        fingerprint=hashlib.sha256(clinic.model_dump_json().encode()).hexdigest()[:12],
    )


def newest_backup(folder: Path | None) -> Backup:
    """The newest archive in `folder`. What is hidden, empty or named as unfinished is none."""
    if folder is None:
        return Backup()
    try:
        with os.scandir(folder) as entries:
            archives = [(entry.stat(), entry.name) for entry in entries if entry.is_file() and _is_archive(entry.name)]
    except OSError as fault:
        return Backup(str(folder), fault=fault.strerror or "unknown")
    found = [(stat.st_mtime, name, stat.st_size) for stat, name in archives if stat.st_size]
    if not found:
        return Backup(str(folder))
    changed, name, size = max(found)
    return Backup(str(folder), name, datetime.fromtimestamp(changed, UTC), size)


def _is_archive(name: str) -> bool:
    return not name.startswith(".") and not name.endswith(_UNFINISHED)


def _each(shown: Callable[[str], str], addresses: str | None) -> str:
    return ", ".join(shown(one) for one in (addresses or "").split())


def _kind(address: str) -> str:
    """The kind of provider: the rest of such an address is keys."""
    return address.partition("://")[0] if "://" in address else "?"

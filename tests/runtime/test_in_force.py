"""What is said of how a process is set up: all of it by name, and nothing of what is secret."""

import os
import re
import tomllib
from base64 import b64encode
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.runtime.in_force import Backup, clinic_facts, newest_backup, settings_in_force
from shared.runtime.logs import without_password
from shared.runtime.settings import load_clinic
from shared.runtime.version import VERSION
from tests.runtime.test_settings import CLINIC, GOOD, good

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRETS = {
    "CAREPATH_MASTER_KEY": b64encode(b"planted-" * 4).decode(),
    "CAREPATH_TOKEN_SECRET": "planted-token-secret-0123456789-0123",
    "CAREPATH_WEBHOOK_SECRET": "whsec_cGxhbnRlZA==",
}
ADDRESSES = {
    "CAREPATH_STORE": "mongodb://ana:planted@one:27017,two/?replicaSet=planted",
    "CAREPATH_VAULT": "mongodb+srv://ana:pla%40nt@ed@keys/",
    "CAREPATH_SMTP": "smtps://ana:planted@mail:465 smtp://second",
    "CAREPATH_SMS": "twilio://planted:planted@planted/{to} d7sms://planted/{to}",
    "CAREPATH_PUSH": "ntfys://push.example/planted/{to}",
    "CAREPATH_SERVICES": "referrals=http://ana:planted@r:8000",
}


def in_force(**changes: str) -> dict[str, tuple[bool, str | None]]:
    return {one.name: (one.is_set, one.value) for one in settings_in_force(good(**changes))}


def test_every_setting_that_is_read_is_told_by_its_name_and_in_the_documentation() -> None:
    files = [ROOT / "shared" / "runtime" / name for name in ("settings.py", "rates.py")]
    read = {name for file in files for name in re.findall(r'"(CAREPATH_\w+)"', file.read_text(encoding="utf-8"))}
    told = in_force().keys() | {"CAREPATH_CLINIC"}
    assert told == read
    documented = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert [name for name in told if f"`{name}`" not in documented] == []


def test_secrets_are_only_said_to_be_set_and_addresses_have_no_passwords() -> None:
    told = in_force(**SECRETS, **ADDRESSES)
    assert not [value for value in told.values() if "planted" in str(value) or "nt@ed" in str(value)]
    assert [told[name] for name in SECRETS] == [(True, None)] * 3
    assert told["CAREPATH_STORE"] == (True, "mongodb://one:27017,two/")
    assert told["CAREPATH_VAULT"] == (True, "mongodb+srv://keys/")
    assert told["CAREPATH_SMTP"] == (True, "smtps://mail:465, smtp://second")
    assert told["CAREPATH_SMS"] == (True, "twilio, d7sms")
    assert told["CAREPATH_PUSH"] == (True, "ntfys")
    assert told["CAREPATH_SERVICES"] == (True, "referrals=http://r:8000")


def test_what_is_not_set_says_so_and_defaults_are_shown() -> None:
    told = in_force()
    for name in ("CAREPATH_WEBHOOK_SECRET", "CAREPATH_SMTP", "CAREPATH_BACKUPS"):
        assert told[name] == (False, None)
    assert told["CAREPATH_STORE"] == (True, GOOD["CAREPATH_STORE"])
    assert told["CAREPATH_COMPARE_SECONDS"] == (True, "20")
    assert told["CAREPATH_PRODUCTION"] == (True, "no")
    assert in_force(CAREPATH_BACKUPS="/backups")["CAREPATH_BACKUPS"] == (True, "/backups")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("mongodb://mongo:27017/?replicaSet=carepath", "mongodb://mongo:27017/"),
        ("mongodb://ana:a@b?c/d@mongo/x?tls=true", "mongodb://mongo/x"),
        ("ana:secret@mail:25", "mail:25"),
        ("sqlite:var/data", "sqlite:var/data"),
    ],
)
def test_an_address_is_shown_without_user_password_and_options(address: str, shown: str) -> None:
    assert without_password(address) == shown


def test_the_clinic_is_told_by_its_main_facts_and_any_difference_shows_in_the_fingerprint() -> None:
    clinic = load_clinic(CLINIC)
    facts = clinic_facts(clinic, NOW)
    assert (facts.name, facts.time_zone) == (clinic.name, clinic.time_zone)
    assert (facts.triage_rules, facts.on_call != ()) == (clinic.triage_rules.version, True)
    assert re.fullmatch(r"\d\d:\d\d", facts.quiet_from)
    assert clinic_facts(load_clinic(CLINIC), NOW) == facts
    other = clinic_facts(clinic.model_copy(update={"phone": "1"}), NOW)
    assert {**asdict(other), "fingerprint": facts.fingerprint} == asdict(facts)
    assert other.fingerprint != facts.fingerprint


def test_the_newest_archive_counts_and_nothing_unfinished(tmp_path: Path) -> None:
    for name, days, text in (
        ("carepath-old.gz", 3, "x"),
        ("carepath-new.gz", 1, "xyz"),
        ("empty.gz", 0, ""),
        ("carepath.gz.part", 0, "x"),
        (".hidden", 0, "x"),
    ):
        (tmp_path / name).write_text(text)
        moment = (NOW - timedelta(days=days)).timestamp()
        os.utime(tmp_path / name, (moment, moment))
    (tmp_path / "folder").mkdir()
    assert newest_backup(tmp_path) == Backup(str(tmp_path), "carepath-new.gz", NOW - timedelta(days=1), 3)


def test_a_folder_without_an_archive_or_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    assert newest_backup(None) == Backup()
    assert newest_backup(tmp_path) == Backup(str(tmp_path))
    gone = tmp_path / "gone"
    assert newest_backup(gone) == Backup(str(gone), fault="No such file or directory")


def test_the_version_is_that_of_the_project() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"] == VERSION

"""A portal that cannot work says why before it starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from services.portal.settings import load_portal_settings
from shared.runtime.settings import SettingsFault
from tests.parts.server import ROOT

GOOD = {
    "CAREPATH_SERVICES": "referrals=http://a:1/, interventions=http://b:2,notifications=https://c",
    "CAREPATH_TOKEN_SECRET": "s" * 32,
}


def test_good_settings_are_read() -> None:
    settings = load_portal_settings(GOOD)
    assert settings.services == {"referrals": "http://a:1", "interventions": "http://b:2", "notifications": "https://c"}
    assert settings.clinic.name == "Harbour Pain Clinic"
    assert (settings.development_sign_in, settings.secure_cookies) == (False, True)


@pytest.mark.parametrize("value", ["yes", "YES", "1", "true"])
def test_the_development_issuer_refuses_to_run_outside_the_embedded_mode(value: str) -> None:
    with pytest.raises(SettingsFault) as fault:
        load_portal_settings({**GOOD, "CAREPATH_DEVELOPMENT_SIGN_IN": value})
    text = str(fault.value)
    assert "CAREPATH_DEVELOPMENT_SIGN_IN lets anybody be anybody" in text
    assert "take it out of .env" in text
    assert not load_portal_settings({**GOOD, "CAREPATH_DEVELOPMENT_SIGN_IN": "no"}).development_sign_in


def test_the_process_itself_ends_with_that_sentence() -> None:
    environment = {**GOOD, "CAREPATH_DEVELOPMENT_SIGN_IN": "yes", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "services.portal.main"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "works only in the embedded mode (make demo)" in done.stderr


def test_cookies_need_https_unless_told_otherwise() -> None:
    assert load_portal_settings({**GOOD, "CAREPATH_SECURE_COOKIES": "no"}).secure_cookies is False


SSO = {
    "CAREPATH_SSO_ISSUER": "https://login.harbour.example/realms/clinic",
    "CAREPATH_SSO_CLIENT_ID": "carepath",
    "CAREPATH_SSO_CLIENT_SECRET": "a-secret",
}
MAPPING = {"roles": {"claim": "realm_access.roles", "means": {"psych": "psychology"}}}


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """A clinic's file that says what claims mean."""
    said = yaml.safe_load((ROOT / "deploy" / "clinic.yaml").read_text(encoding="utf-8"))
    said["sign_in"] = MAPPING
    said["triage_rules"] = str(ROOT / "deploy" / said["triage_rules"])
    path = tmp_path / "clinic.yaml"
    path.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    return path


def test_the_sign_in_of_staff_is_read(clinic: Path) -> None:
    provider = load_portal_settings({**GOOD, **SSO, "CAREPATH_CLINIC": str(clinic)}).provider
    assert provider is not None
    assert (provider.issuer, provider.client_id) == (SSO["CAREPATH_SSO_ISSUER"], "carepath")
    assert provider.staff.roles.means == {"psych": "psychology"}
    assert load_portal_settings(GOOD).provider is None


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"CAREPATH_SSO_ISSUER": "http://login.harbour.example"}, "write an address that begins with https://"),
        ({"CAREPATH_SSO_ISSUER": "login.harbour.example"}, "write an address that begins with https://"),
        ({"CAREPATH_SSO_ISSUER": ""}, "take sign_in out of"),
        ({"CAREPATH_SSO_CLIENT_ID": ""}, "CAREPATH_SSO_CLIENT_ID is missing"),
        ({"CAREPATH_SSO_CLIENT_SECRET": ""}, "CAREPATH_SSO_CLIENT_SECRET_FILE"),
        ({"CAREPATH_SSO_INSIDE": "keycloak:8080"}, "CAREPATH_SSO_INSIDE is 'keycloak:8080'"),
        ({"CAREPATH_CLINIC": "deploy/clinic.yaml"}, "deploy/clinic.yaml, sign_in: is missing"),
    ],
)
def test_what_is_wrong_with_the_sign_in_of_staff_is_told(clinic: Path, changed: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsFault) as fault:
        load_portal_settings({**GOOD, **SSO, "CAREPATH_CLINIC": str(clinic), **changed})
    assert told in str(fault.value)


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("t" * 40 + "\n")
    environment = {"CAREPATH_SERVICES": GOOD["CAREPATH_SERVICES"], "CAREPATH_TOKEN_SECRET_FILE": str(path)}
    assert load_portal_settings(environment).token_secret == "t" * 40


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(SettingsFault) as fault:
        load_portal_settings(
            {
                "CAREPATH_SERVICES": "referrals=ftp://a",
                "CAREPATH_TOKEN_SECRET_FILE": "/nowhere",
                "CAREPATH_CLINIC": "/nowhere.yaml",
            }
        )
    text = str(fault.value)
    assert "referrals, interventions, notifications" in text
    assert "CAREPATH_TOKEN_SECRET_FILE" in text
    assert "/nowhere.yaml" in text


def test_a_short_secret_is_no_secret() -> None:
    with pytest.raises(SettingsFault, match="fewer than 32"):
        load_portal_settings({**GOOD, "CAREPATH_TOKEN_SECRET": "short"})

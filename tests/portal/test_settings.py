"""A portal that cannot work says why before it starts."""

from pathlib import Path

import pytest

from services.portal.settings import load_portal_settings
from shared.runtime.settings import SettingsFault
from tests.parts.trust import as_setting, trusting

GOOD = {
    "CAREPATH_SERVICES": "referrals=http://a:1/, interventions=http://b:2,notifications=https://c",
    "CAREPATH_TOKEN_SECRET": "s" * 32,
    "CAREPATH_TRUSTED_KEYS": as_setting(trusting("s" * 32)),
}


def test_good_settings_are_read() -> None:
    settings = load_portal_settings(GOOD)
    assert settings.services == {"referrals": "http://a:1", "interventions": "http://b:2", "notifications": "https://c"}
    assert settings.clinic.name == "Harbour Pain Clinic"
    assert (settings.development_sign_in, settings.secure_cookies) == (False, True)


def test_trying_it_out_needs_no_https_unless_told_so() -> None:
    trying = {**GOOD, "CAREPATH_DEVELOPMENT_SIGN_IN": "yes"}
    assert load_portal_settings(trying).secure_cookies is False
    assert load_portal_settings({**trying, "CAREPATH_SECURE_COOKIES": "yes"}).secure_cookies is True


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("t" * 40 + "\n")
    keys = as_setting(trusting("t" * 40))
    environment = {**GOOD, "CAREPATH_TRUSTED_KEYS": keys, "CAREPATH_TOKEN_SECRET": ""}
    environment["CAREPATH_TOKEN_SECRET_FILE"] = str(path)
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


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("", "there is no key of portal"),
        (as_setting(trusting("t" * 32)), "another key of portal"),
        ("portal=x", "no public key"),
    ],
)
def test_a_portal_whom_nobody_would_believe_does_not_start(keys: str, told: str) -> None:
    with pytest.raises(SettingsFault, match=told):
        load_portal_settings({**GOOD, "CAREPATH_TRUSTED_KEYS": keys})

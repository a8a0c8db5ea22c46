"""All that is wrong with the settings is told at once, with its name and what to do."""

from base64 import b64encode
from pathlib import Path

import pytest

from shared.runtime.settings import Settings, SettingsFault, build_id, load_clinic, load_settings

CLINIC = Path(__file__).parents[2] / "deploy" / "clinic.yaml"
GOOD = {
    "CAREPATH_STORE": "sqlite:var",
    "CAREPATH_VAULT": "mongodb://keys",
    "CAREPATH_KAFKA": "kafka:9092",
    "CAREPATH_MASTER_KEY": b64encode(bytes(32)).decode(),
    "CAREPATH_TOKEN_SECRET": "s" * 32,
    "CAREPATH_SERVICES": "referrals=http://r:8000/,interventions=https://i",
    "CAREPATH_CLINIC": str(CLINIC),
}


def faults(**changes: str | None) -> list[str]:
    environment = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    with pytest.raises(SettingsFault) as fault:
        load_settings(environment)
    return fault.value.faults


def good(**changes: str) -> Settings:
    return load_settings({**GOOD, **changes})


def test_good_settings_are_taken_and_the_rest_has_defaults() -> None:
    settings = good()
    assert settings.master_key == bytes(32)
    assert settings.services == {"referrals": "http://r:8000", "interventions": "https://i"}
    assert (settings.host, settings.port, settings.production, settings.log_level) == ("127.0.0.1", 8000, False, "INFO")
    assert settings.build == build_id()


def test_every_fault_is_named_at_once_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault) as fault:
        load_settings({"CAREPATH_PORT": "http", "CAREPATH_CLINIC": str(tmp_path / "none.yaml")})
    told = fault.value.faults
    names = [
        "CAREPATH_STORE",
        "CAREPATH_VAULT",
        "CAREPATH_KAFKA",
        "CAREPATH_MASTER_KEY",
        "CAREPATH_TOKEN_SECRET",
        "CAREPATH_SERVICES",
        "CAREPATH_PORT",
        "CAREPATH_CLINIC",
    ]
    assert len(told) == len(names)
    for name in names:
        (one,) = [line for line in told if name in line]
        assert ";" in one, f"no remedy in: {one}"
        assert one in str(fault.value)


@pytest.mark.parametrize("name", sorted(GOOD.keys() - {"CAREPATH_CLINIC"}))
def test_each_that_is_missing_is_named(name: str) -> None:
    (told,) = faults(**{name: None})
    assert told.startswith(f"{name} is not set; ")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CAREPATH_STORE", "postgres://x", "the kind of store is not known"),
        ("CAREPATH_MASTER_KEY", "c2hvcnQ=", "is not 32 bytes in base64"),
        ("CAREPATH_MASTER_KEY", "!!!", "is not 32 bytes in base64"),
        ("CAREPATH_TOKEN_SECRET", "short", "is too short"),
        ("CAREPATH_SERVICES", "referrals", "is no name=address"),
        ("CAREPATH_SERVICES", "referrals=ftp://x", "is no name=address"),
        ("CAREPATH_PORT", "nan", "is not a number above 0"),
        ("CAREPATH_PORT", "inf", "is not a number above 0"),
        ("CAREPATH_TIMER_SECONDS", "0", "is not a number above 0"),
        ("CAREPATH_COMPARE_SECONDS", "-1", "is not a number above 0"),
        ("CAREPATH_PRODUCTION", "maybe", "write one of yes, no"),
        ("CAREPATH_LOG_LEVEL", "loud", "write one of debug, info"),
    ],
)
def test_each_that_cannot_be_used_is_named(name: str, value: str, told: str) -> None:
    (one,) = faults(**{name: value})
    assert name in one
    assert told in one


@pytest.mark.parametrize("name", ["CAREPATH_MASTER_KEY", "CAREPATH_TOKEN_SECRET"])
def test_a_fault_never_tells_the_secret(name: str) -> None:
    assert "s3cr3t" not in str(faults(**{name: "s3cr3t"}))


@pytest.mark.parametrize(("word", "is_production"), [("yes", True), ("TRUE", True), ("1", True), ("no", False)])
def test_production_is_said_in_plain_words(word: str, is_production: bool) -> None:
    assert good(CAREPATH_PRODUCTION=word).production is is_production


def test_a_secret_may_be_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("f" * 40 + "\n")
    environment = {name: value for name, value in GOOD.items() if name != "CAREPATH_TOKEN_SECRET"}
    assert load_settings({**environment, "CAREPATH_TOKEN_SECRET_FILE": str(secret)}).token_secret == "f" * 40


def test_while_a_master_key_takes_the_place_of_another_the_file_holds_both(tmp_path: Path) -> None:
    file = tmp_path / "master_key.txt"
    new, old = bytes(range(32)), bytes(32)
    file.write_bytes(b64encode(new) + b"\n" + b64encode(old) + b"\n")
    environment = {name: value for name, value in GOOD.items() if name != "CAREPATH_MASTER_KEY"}
    settings = load_settings({**environment, "CAREPATH_MASTER_KEY_FILE": str(file)})
    assert (settings.master_key, settings.earlier_master_keys) == (new, (old,))
    assert settings.master_key_file == file
    # A plain setting wins, and there is no file to read again then.
    assert load_settings({**GOOD, "CAREPATH_MASTER_KEY_FILE": str(file)}).master_key_file is None


def test_a_secrets_file_that_cannot_be_read_is_named_with_its_path(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    empty = tmp_path / "empty"
    empty.touch()
    for path, why in ((tmp_path / "none", "No such file"), (tmp_path, "Is a directory"), (binary, "not text in UTF-8")):
        (told,) = faults(CAREPATH_TOKEN_SECRET=None, CAREPATH_TOKEN_SECRET_FILE=str(path))
        assert told.startswith(f"CAREPATH_TOKEN_SECRET_FILE: {path} cannot be read")
        assert why in told
    (told,) = faults(CAREPATH_TOKEN_SECRET=None, CAREPATH_TOKEN_SECRET_FILE=str(empty))
    assert told.startswith("CAREPATH_TOKEN_SECRET is not set")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "is not valid YAML"),
        ("just words", "(whole file)"),
        ("", "(whole file)"),
        ("zone: Europe/Nowhere", "key"),
    ],
)
def test_a_clinic_that_cannot_be_used_is_named_by_file_and_key(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "clinic.yaml"
    path.write_text(text)
    with pytest.raises(SettingsFault) as fault:
        load_clinic(path)
    assert all(line.startswith(str(path)) for line in fault.value.faults)
    assert told in str(fault.value)


@pytest.mark.parametrize("clock", ["20:00:30", "20:00:00.5", "20:00Z", "25:00"])
def test_a_quiet_hour_is_a_time_in_hours_and_minutes(tmp_path: Path, clock: str) -> None:
    path = tmp_path / "clinic.yaml"
    path.write_text(CLINIC.read_text(encoding="utf-8").replace('quiet_from: "20:00"', f'quiet_from: "{clock}"'))
    with pytest.raises(SettingsFault, match=r"hours\.quiet_from"):
        load_clinic(path)


def test_a_clinic_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "clinic.yaml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsFault, match="not text in UTF-8"):
        load_clinic(path)


def _clinic_with_rules(folder: Path, rules: str, named: str = "mine.yaml") -> Path:
    """A copy of the shipped clinic that names rules of its own beside it."""
    path = folder / "clinic.yaml"
    text = CLINIC.read_text(encoding="utf-8")
    path.write_text(text.replace("triage_rules: triage/rules-1.yaml", f"triage_rules: {named}"), encoding="utf-8")
    (folder / "mine.yaml").write_text(rules, encoding="utf-8")
    return path


RULES = (CLINIC.parent / "triage" / "rules-1.yaml").read_text(encoding="utf-8")


def test_the_triage_rules_are_read_from_the_file_that_the_clinic_names_beside_it(tmp_path: Path) -> None:
    path = _clinic_with_rules(tmp_path, RULES.replace("version: 1", "version: 4", 1))
    assert load_clinic(path).triage_rules.version == 4
    assert load_clinic(CLINIC).triage_rules.version == 1


@pytest.mark.parametrize(
    ("rules", "named", "told"),
    [
        (RULES, "none.yaml", "none.yaml cannot be read (No such file or directory); mend the key triage_rules of"),
        (RULES, "[1]", "clinic.yaml, key triage_rules: is no path; write the path of the rules, counted from this"),
        ("version: [", "mine.yaml", "mine.yaml, line 1 is not valid YAML"),
        (
            RULES.replace("step: 4}", "step: 5}", 1),
            "mine.yaml",
            "mine.yaml, rule severe-after-several-treatments, then",
        ),
        (RULES.replace("  - id: trauma\n", "    id: trauma\n"), "mine.yaml", "the key 'id' is there twice"),
        (
            RULES.replace("approved_by: null", "approved_by: dr-nobody"),
            "mine.yaml",
            "triage_rules are approved by dr-nobody, who is not under staff; correct one of them",
        ),
    ],
)
def test_triage_rules_that_cannot_be_used_are_told_with_their_place(
    tmp_path: Path, rules: str, named: str, told: str
) -> None:
    with pytest.raises(SettingsFault) as fault:
        load_clinic(_clinic_with_rules(tmp_path, rules, named))
    [line] = fault.value.faults
    assert told in line
    assert line.startswith(str(tmp_path))


def test_the_clinic_and_its_rules_are_told_together(tmp_path: Path) -> None:
    path = _clinic_with_rules(tmp_path, RULES.replace("step: 4}", "step: 5}", 1))
    path.write_text(path.read_text(encoding="utf-8").replace("Europe/London", "Europe/Nowhere"), encoding="utf-8")
    with pytest.raises(SettingsFault) as fault:
        load_clinic(path)
    assert [line.partition(",")[0] for line in fault.value.faults] == [str(tmp_path / "mine.yaml"), str(path)]

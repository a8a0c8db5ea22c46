"""Whom a person in danger can reach: by country and language, with the older form for one country still good."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.contracts.clinic import Clinic
from shared.runtime.settings import SettingsFault, load_clinic

FILE = Path("deploy/clinic.yaml")
SHIPPED = load_clinic(FILE)


def clinic(tmp_path: Path, **changed: Any) -> Clinic:
    settings = yaml.safe_load(FILE.read_text(encoding="utf-8")) | {"triage_rules": str(RULES.resolve())} | changed
    path = tmp_path / "clinic.yaml"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return load_clinic(path)


RULES = Path("deploy/triage/rules-1.yaml")


@pytest.mark.parametrize(
    ("country", "first", "second"),
    [("GB", "999", "116 123"), ("IE", "112", "116 123"), ("US", "911", "988"), ("ES", "112", "024")],
)
def test_each_country_has_its_numbers_in_both_languages(tmp_path: Path, country: str, first: str, second: str) -> None:
    there = clinic(tmp_path, country=country)
    for help in (there.help_in("en"), there.help_in("es")):
        assert [line.phone for line in help.lines] == [first, second]
        assert first in help.text


def test_help_as_plain_text_names_each_line_with_its_number_and_hours() -> None:
    assert SHIPPED.help_in("en").plain.splitlines()[1:] == [
        "Emergency: 999 (day and night, free)",
        "Samaritans: 116 123 (day and night, free)",
    ]


def test_a_text_for_each_language_alone_is_help_in_the_clinics_own_country(tmp_path: Path) -> None:
    older = clinic(tmp_path, country="MX", crisis={"en": "Please call 1.", "es": "Llame al 1."})
    assert older.help_in("es").plain == "Llame al 1."


def test_a_clinic_without_help_for_its_own_country_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match="crisis has no MX, which is the clinic's country"):
        clinic(tmp_path, country="MX")

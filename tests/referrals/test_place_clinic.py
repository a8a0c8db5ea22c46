"""The places of a clinic's configuration: what may be said, and what a fault tells."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from shared.contracts.clinic import Clinic
from tests.referrals.people import CLINIC

FILE: dict[str, Any] = {
    **yaml.safe_load(Path("deploy/clinic.yaml").read_text(encoding="utf-8")),
    "triage_rules": CLINIC.triage_rules.model_dump(),
}
FIRST: dict[str, Any] = FILE["places"][0]


def _clinic(*places: dict[str, Any]) -> Clinic:
    return Clinic.model_validate({**FILE, "places": list(places)})


def test_the_shipped_clinic_has_four_places_and_the_first_starts_at_once() -> None:
    assert len(CLINIC.places) == 4
    assert (CLINIC.places[0].starts, CLINIC.places[0].programme_id) == ("at_once", CLINIC.programmes[0])
    assert CLINIC.place(CLINIC.places[2].id) == CLINIC.places[2]
    assert CLINIC.place("place-nowhere") is None


def test_a_clinic_may_have_no_places() -> None:
    assert _clinic().places == ()


def test_a_place_needs_no_assessment_unless_it_says_so() -> None:
    plain = {name: value for name, value in FIRST.items() if name != "needs_assessment"}
    assert not _clinic(plain).places[0].needs_assessment


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"programme_id": "yoga"}, f"place {FIRST['id']} is for yoga, which is not under programmes; add it there"),
        ({"name": {"en": "Only English"}}, "places.0.name.es"),
        ({"name": {"en": "", "es": "Curso"}}, "places.0.name.en"),
        ({"format": "couple"}, "places.0.format"),
        ({"mode": "telepathy"}, "places.0.mode"),
        ({"languages": []}, "places.0.languages"),
        ({"languages": ["fr"]}, "places.0.languages.0"),
        ({"seats": -1}, "places.0.seats"),
        ({"seats": 2001}, "places.0.seats"),
        ({"starts": "soon"}, "places.0.starts"),
        ({"id": "a place"}, "places.0.id"),
        ({"room": 12}, "places.0.room"),
    ],
)
def test_a_place_that_cannot_be_is_named_with_its_key(change: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as fault:
        _clinic({**FIRST, **change})
    assert told in str(fault.value)


def test_two_places_with_one_id_are_named() -> None:
    with pytest.raises(ValidationError, match=f"places has {FIRST['id']} more than once; give each place an id"):
        _clinic(FIRST, {**FIRST, "seats": 3})


@pytest.mark.parametrize("name", ["offer_hold_days", "offer_rest_days"])
def test_the_two_waits_of_an_offer_are_the_clinics_to_say(name: str) -> None:
    without = {key: value for key, value in FILE["clocks"].items() if key != name}
    for clocks in (without, {**without, name: 0}):
        with pytest.raises(ValidationError, match=f"clocks.{name}"):
            Clinic.model_validate({**FILE, "clocks": clocks})

"""What a command takes at the edge, and what is meant where nothing is said."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.referrals.domain.patient import commands as c
from services.referrals.domain.referral.commands import AcceptReferral
from tests.referrals.people import LUIS, NOW, OKAFOR, REGISTERED, ROSA, TANAKA

REQUIRED = REGISTERED.model_dump(include={"patient_id", "name", "email", "birth_date"})
TRUSTED = LUIS.model_dump(include={"caregiver_id", "name", "email", "relationship"})


def _register(**fields: Any) -> c.RegisterPatient:
    return c.RegisterPatient(now=NOW, actor=OKAFOR, **{**REQUIRED, **fields})


def _link(**fields: Any) -> c.LinkCaregiver:
    return c.LinkCaregiver(now=NOW, actor=ROSA, **{**TRUSTED, **fields})


def test_a_person_speaks_english_by_universal_time_and_agreed_to_nothing_unless_told_otherwise() -> None:
    plain = _register()
    assert (plain.language, plain.time_zone, plain.phone) == ("en", "UTC", None)
    assert (plain.new_to_mental_health, plain.consents) == (False, ())
    assert (_link().language, _link().time_zone) == ("en", "UTC")


@pytest.mark.parametrize("make", [_register, _link])
def test_a_person_has_a_name_and_an_address(make: Any) -> None:
    assert make(name="X", email="a@b")
    for missing in ({"name": ""}, {"name": " "}, {"email": "a@"}):
        with pytest.raises(ValidationError):
            make(**missing)


def test_a_referral_is_accepted_into_the_first_step_unless_told_otherwise() -> None:
    assert AcceptReferral(now=NOW, actor=TANAKA, rationale="Fits.").step == 1


@pytest.mark.parametrize(("step", "taken"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_step_is_from_one_to_four(step: int, taken: bool) -> None:
    fields: dict[str, Any] = {"now": NOW, "actor": TANAKA, "rationale": "Fits.", "step": step}
    if taken:
        assert AcceptReferral(**fields).step == step
    else:
        with pytest.raises(ValidationError, match="step"):
            AcceptReferral(**fields)

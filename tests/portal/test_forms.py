"""What was typed, and which field a refusal is about."""

import pytest

from services.portal.calls import Intention, Refused, at
from services.portal.forms import Form, Problem
from services.portal.pages import blocks, place, score


def refusal(code: str, **more: object) -> Problem:
    return Problem.of("refer", Refused(422, {"code": code, **more}), Form())


@pytest.mark.parametrize(
    ("problem", "fields"),
    [
        (refusal("reason-missing"), {"reason": "reason-missing"}),
        (
            refusal("measure-incomplete", detail={"measure": "PEG", "missing": "2,3"}),
            {"PEG-2": "measure-incomplete", "PEG-3": "measure-incomplete"},
        ),
        (refusal("measure-missing", detail={"measure": "PHQ-4"}), {"PHQ-4-1": "measure-missing"}),
        (refusal("answer-refused", detail={"measure": "PEG", "item": 1}), {"PEG-1": "answer-refused"}),
        (
            refusal("invalid", errors=[{"where": "body.email", "what": "string"}, {"where": "body", "what": "x"}]),
            {"email": "invalid-email"},
        ),
        (refusal("wrong-status"), {}),
    ],
)
def test_a_refusal_points_at_its_fields(problem: Problem, fields: dict[str, str]) -> None:
    assert problem.fields == fields


def test_a_field_is_read_without_space_around_it() -> None:
    form = Form({"name": ["  Ana "], "empty": ["  "], "number": ["7"], "minus": ["-1"], "digits": ["٣"]})
    assert form.text("name") == "Ana"
    assert form.optional("empty") is None
    assert (form.number("number"), form.number("minus"), form.number("digits"), form.number("none")) == (
        7,
        None,
        None,
        None,
    )


def test_a_press_keeps_its_key_and_what_was_seen() -> None:
    intention = Form({"key": ["k"], "version": ["4"]}).intention
    assert intention.headers == {"Idempotency-Key": "k", "If-Match": '"4"'}
    assert intention.part("caregiver").headers == {"Idempotency-Key": "k.caregiver", "If-Match": "*"}
    assert Intention("k").headers["If-Match"] == "*"


@pytest.mark.parametrize("segment", ["", ".", ".."])
def test_a_part_of_a_path_cannot_be_a_step(segment: str) -> None:
    with pytest.raises(Refused):
        at("referrals", segment)


def test_a_part_of_a_path_stays_one_part() -> None:
    assert at("referrals", "a/../b?c#d") == "/referrals/a%2F..%2Fb%3Fc%23d"


def test_a_text_is_shown_in_paragraphs_and_lists() -> None:
    assert blocks("One.\n\n- a\n- b\n\nTwo\nlines") == [
        ("text", ["One."]),
        ("list", ["a", "b"]),
        ("text", ["Two", "lines"]),
    ]


def test_a_score_has_no_needless_digits() -> None:
    assert (score(7.0), score(19 / 3), score(10)) == ("7", "6.3", "10")


def test_an_id_in_a_message_becomes_a_link() -> None:
    assert place("Referral: referral-7f3a") == ("Referral", "/referrals/referral-7f3a")
    assert place("Alert: risk-7f3a") == ("Alert", "/alerts/risk-7f3a")
    assert place("Plan: patient-7f3a") == ("Plan", "/patients/patient-7f3a/plan")
    assert place("Person: patient-7f3a") == ("Person", "/patients/patient-7f3a")
    assert place("Please: call") is None

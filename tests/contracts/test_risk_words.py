"""Which texts are a reason to look: whole words, in any case, in both languages; everyday words of pain are none."""

from pathlib import Path

import pytest

from shared.contracts.risk_words import RiskWords
from shared.runtime.settings import load_clinic

WORDS = RiskWords(en=("want to die", "self-harm"), es=("quiero morir", "autolesión"))
SHIPPED = load_clinic(Path("deploy/clinic.yaml")).risk_words


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["I WANT\nto  die"], ("want to die",)),
        (["self harm"], ("self-harm",)),
        (["autolesion, y quiero morir; quiero morir"], ("autolesión", "quiero morir")),
        (["a walk", "want to die"], ("want to die",)),
        (["I want to diet", "wanting to die down"], ()),
        ([""], ()),
        ([], ()),
    ],
)
def test_what_matches(texts: list[str], found: tuple[str, ...]) -> None:
    assert WORDS.found_in(texts) == found


def test_without_a_list_nothing_matches() -> None:
    assert RiskWords().found_in(["I want to die"]) == ()


@pytest.mark.parametrize(
    "text",
    [
        *("I don’t want to live like this", "They would be better off without me", "thoughts of suicide"),
        *("A veces quisiera estar muerta", "No quiero seguir viviendo así", "pense en el suicidio"),
    ],
)
def test_the_shipped_list_finds_what_people_say(text: str) -> None:
    assert SHIPPED.found_in([text])


@pytest.mark.parametrize(
    "text",
    ["I hurt myself when I lifted it", "The pain is killing me", "Me hice daño en la espalda", "Me muero de cansancio"],
)
def test_the_shipped_list_leaves_everyday_words_of_pain_alone(text: str) -> None:
    assert SHIPPED.found_in([text]) == ()

"""Everything that people meet on pages and in messages is easy to read, in both languages, text by text."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.words import Piece, pieces
from shared.contracts.reading_level import PATIENTS, STAFF, is_too_hard
from shared.contracts.referrals import Language

FOR_STAFF = re.compile(
    r"services/portal/texts/(en|es)/(staff|lists|refresh|group_staff|circle_staff|carer_staff|resource_staff|wording_staff|triage|review|refer|advice|system)\.yaml"
    r"|services/portal/content/conversation_aid/.*"
    r"|services/referrals/advice_words\.py"
    r"|services/.*/codes\.py|shared/contracts/codes\.py"
)
"""What only clinicians and operators are shown. Refusals are told to patients in the words of problems.yaml."""

EXCEPTIONS = {
    "¿Qué número describe mejor cuánto ha interferido": "a question of a measure; other words ask something else",
    "Offering a referral in spoken and written words": "a source, in small print for clinicians",
}
"""Texts that may be harder, by how they begin, and why."""

_NOT_SHOWN = ("unwanted_words", "risk_words")
"""Lists in the clinic's file that are looked for, and not read."""


def read_by(path: Path, piece: Piece) -> tuple[float, float] | None:
    if path.suffix == ".yaml" and piece.language is None:
        # Sources and licences of programmes; pages show only what stands under a language.
        return None
    return STAFF if FOR_STAFF.fullmatch(path.as_posix()) else PATIENTS


def clinic_texts(node: Any, language: Language | None = None) -> Iterator[tuple[str, Language]]:
    """What stands under a language anywhere in the clinic's file: crisis help, names of places and pathways."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in _NOT_SHOWN:
                yield from clinic_texts(value, key if key in ("en", "es") else language)
    elif isinstance(node, list):
        for value in node:
            yield from clinic_texts(value, language)
    elif isinstance(node, str) and language:
        yield node, language


def test_each_text_is_easy_to_read() -> None:
    hard: list[str] = []
    used: set[str] = set()
    for path, piece in pieces(Path()):
        limits = read_by(path, piece)
        if limits is None or not is_too_hard(piece.text, piece.language or "en", limits):
            continue
        excused = [start for start in EXCEPTIONS if piece.text.startswith(start)]
        used.update(excused)
        if not excused:
            hard.append(f"{path}:{piece.line}: {' '.join(piece.text.split())[:100]}")
    assert not hard, "shorten the sentences, or take everyday words:\n" + "\n".join(hard)
    assert used == EXCEPTIONS.keys(), "an exception that is not needed any more"


def test_what_the_clinic_writes_itself_is_easy_too() -> None:
    texts = list(clinic_texts(yaml.safe_load(Path("deploy/clinic.yaml").read_text(encoding="utf-8"))))
    assert {language for _, language in texts} == {"en", "es"}
    assert any("999" in text for text, _ in texts), "crisis help stands elsewhere now; look at it there"
    assert not [text for text, language in texts if is_too_hard(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "hard"),
    [
        ("Your pain is real. We believe you. You can go on at your own pace, and stop when you like.", "en", False),
        ("Psychological interventions demonstrate considerable effectiveness regarding multidimensional impairments "
         "associated with persistent musculoskeletal conditions.", "en", True),
        ("Su dolor es real. Le creemos. Puede ir a su ritmo, y parar cuando quiera hacerlo.", "es", False),
        ("Las intervenciones psicológicas demuestran considerable efectividad respecto de discapacidades "
         "multidimensionales asociadas con enfermedades musculoesqueléticas persistentes.", "es", True),
        ("Multidimensional.", "en", False),
    ],
)  # fmt: skip
def test_the_alarm_rings_for_hard_texts_only(text: str, language: Language, hard: bool) -> None:
    assert is_too_hard(text, language) == hard

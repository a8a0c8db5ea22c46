"""No text for people holds a word that the clinic does not want; and one planted in any kind of file is found."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.words import READERS, Finding, WordsFault, findings, pieces
from shared.contracts.unwanted import UnwantedWords
from shared.runtime.settings import load_clinic

ROOT = Path(__file__).parents[2]
WORDS = load_clinic(ROOT / "deploy" / "clinic.yaml").unwanted_words
PLANTED = UnwantedWords(en=("zebra crossing",), es=("paso de cebra",))

PLACES = [
    ("services/portal/texts/en/patient.yaml", "There is no hurry", "Zebra-crossing"),
    ("services/portal/texts/en/patient.yaml", "Your pain team can ask for", "Your zebra crossing can ask for"),
    ("services/portal/texts/es/common.yaml", "Hay un problema", "Hay un PASO\n    de cebra"),
    ("services/portal/templates/help.html", "<h1>", "<h1>zebra\n crossing "),
    ("services/portal/content/conversation_aid/en.yaml", "Begin with the pain", "Begin with the zebra crossing"),
    ("services/portal/content/conversation_aid/es.yaml", "Abrir la conversación", "Abrir el paso de cebra"),
    ("services/notifications/templates/invitation/en.txt", "We have read", "We have a zebra\ncrossing"),
    ("services/notifications/templates/welcome/es.txt", "[because]", "Un pásó de cebra.\n\n[because]"),
    (
        "services/interventions/catalogue/programmes/cbt-pain/v1/01-understanding-pain.yaml",
        "Many people who live with pain",
        "Zebra\n            crossing people",
    ),
    ("services/interventions/words.py", "Time to practise", "Time for a zebra crossing"),
    ("services/notifications/words.py", "También le enviaremos", "Por el paso de cebra le enviaremos"),
    ("services/referrals/words/statuses.py", "This is being prepared", "This zebra crossing is prepared"),
    ("services/referrals/words/hesitancy.py", "Solo necesito más tiempo.", "Un paso de cebra."),
    ("services/referrals/domain/codes.py", "Please check it.", "Zebra crossing."),
    ("shared/contracts/codes.py", '": "', '": "Zebra crossing. '),
    ("shared/clinical/texts_en.py", "Your pain this week", "Your zebra crossing"),
    ("shared/clinical/texts_en.py", "choose the number from 0 to 10", "choose a zebra crossing"),
    ("shared/clinical/texts_es.py", "durante la última semana", "en el paso de cebra"),
    ("shared/clinical/texts_en.py", "The worst pain you can imagine", "Zebra crossing"),
    ("shared/clinical/texts_es.py", "Muchísimo peor", "Paso de cebra"),
]
PASSED_OVER = [
    ("services/portal/content/conversation_aid/en.yaml", "Try not to think about it.", "Zebra crossing."),
    ("services/portal/content/conversation_aid/es.yaml", "Hablar no me va a arreglar", "Un paso de cebra no va"),
    ("services/portal/texts/en/patient.yaml", "# Pages of patients", "# Zebra crossing"),
    ("services/portal/templates/help.html", '{{ t("help.title") }}', '{{ t("zebra crossing") }}'),
    ("services/referrals/words/statuses.py", '"""Where a referral', '"""Zebra crossing: where a referral'),
    ("shared/clinical/texts_en.py", "Little interest or pleasure", "Zebra crossing or pleasure"),
    (
        "services/interventions/catalogue/programmes/cbt-pain/v1/01-understanding-pain.yaml",
        "en: Your pain is",
        "en: Paso de cebra",
    ),
]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of one file of each kind that the check reads, and of those that are spoiled here."""
    root = tmp_path_factory.mktemp("carepath")
    spoiled = [ROOT / name for name, _, _ in (*PLACES, *PASSED_OVER)]
    for file in (*(sorted(ROOT.glob(kind))[0] for kind in READERS), *spoiled):
        copy = root / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    return root


def plant(file: Path, old: str, new: str) -> tuple[str, int]:
    """Put `new` in the place of the first `old`; the file as it was, and the line on which the planted word begins."""
    before = file.read_text(encoding="utf-8")
    assert old in before, f"{file} no longer says {old!r}"
    after = before.replace(old, new, 1)
    file.write_text(after, encoding="utf-8")
    plain = after.lower().replace("á", "a").replace("ó", "o")
    place = min(place for word in ("zebra", "paso de", "paso\n") if (place := plain.find(word)) >= 0)
    return before, after.count("\n", 0, place) + 1


def test_no_text_of_ours_holds_an_unwanted_word() -> None:
    assert WORDS.en
    assert WORDS.es
    assert [str(found) for found in findings(WORDS, ROOT)] == []


def test_nothing_is_left_out() -> None:
    read = {path.parts[:2] + path.parts[-1:] for path, _ in pieces(ROOT)}
    for folder, kind in (("services/portal/texts", "*.yaml"), ("services/notifications/templates", "*.txt")):
        files = {path.relative_to(ROOT) for path in (ROOT / folder).rglob(kind)}
        assert {path.parts[:2] + path.parts[-1:] for path in files} <= read
    assert len(list(pieces(ROOT))) > 1500


@pytest.mark.parametrize(("name", "old", "new"), PLACES)
def test_a_planted_word_is_found_with_file_and_line(shelf: Path, name: str, old: str, new: str) -> None:
    before, line = plant(shelf / name, old, new)
    word = PLANTED.en[0] if "zebra" in new.lower() else PLANTED.es[0]
    try:
        assert findings(PLANTED, shelf) == [Finding(Path(name), line, word)]
    finally:
        (shelf / name).write_text(before, encoding="utf-8")


@pytest.mark.parametrize(("name", "old", "new"), PASSED_OVER)
def test_what_nobody_reads_or_what_is_quoted_may_hold_it(shelf: Path, name: str, old: str, new: str) -> None:
    before, _ = plant(shelf / name, old, new)
    try:
        assert findings(PLANTED, shelf) == []
    finally:
        (shelf / name).write_text(before, encoding="utf-8")


def test_a_word_torn_by_a_wrapped_string_is_given_where_the_string_begins(shelf: Path) -> None:
    file = shelf / "services" / "referrals" / "words" / "statuses.py"
    before, line = plant(file, '"Draft. Not sent yet."', '"Draft. A zebra "\n        "crossing."')
    try:
        assert findings(PLANTED, shelf) == [
            Finding(Path("services/referrals/words/statuses.py"), line, "zebra crossing")
        ]
    finally:
        file.write_text(before, encoding="utf-8")


def test_a_file_that_cannot_be_read_is_named(shelf: Path) -> None:
    file = shelf / "services" / "portal" / "texts" / "en" / "patient.yaml"
    before = file.read_text(encoding="utf-8")
    file.write_text("a: [", encoding="utf-8")
    try:
        with pytest.raises(WordsFault, match=r"patient\.yaml cannot be read"):
            findings(PLANTED, shelf)
    finally:
        file.write_text(before, encoding="utf-8")


def test_a_kind_of_text_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(WordsFault, match="run this from the root"):
        findings(PLANTED, tmp_path)


def make_words(clinic: Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "deploy.words", "--clinic", str(clinic)]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_command_says_that_all_is_well_or_what_to_change(tmp_path: Path) -> None:
    well = make_words(ROOT / "deploy" / "clinic.yaml")
    assert (well.returncode, well.stderr) == (0, "")
    assert "None of" in well.stdout

    strict = tmp_path / "clinic.yaml"
    text = (ROOT / "deploy" / "clinic.yaml").read_text(encoding="utf-8")
    text = text.replace("triage/rules-1.yaml", str(ROOT / "deploy" / "triage" / "rules-1.yaml"))
    strict.write_text(text.replace("- suffers from", "- pain team", 1), encoding="utf-8")
    found = make_words(strict)
    assert found.returncode == 1
    assert "services/portal/texts/en/patient.yaml:" in found.stdout
    assert "“pain team” is unwanted here; say it in words" in found.stdout

    lost = make_words(tmp_path / "nowhere.yaml")
    assert lost.returncode == 1
    assert "cannot be read" in lost.stderr

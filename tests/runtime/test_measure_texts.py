"""A questionnaire is shown only where the clinic says who allowed it and supplies words that fit; a slip is told."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.clinical import NoWording, score
from shared.clinical.t_scores import t_score
from shared.contracts.clinic import Clinic
from shared.contracts.clinic_measures import MeasureSettings
from shared.runtime.settings import SettingsFault, load_clinic
from tests.clinical.supplied import pseq

ROOT = Path(__file__).parents[2]
SHIPPED = load_clinic(ROOT / "deploy" / "clinic.yaml")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "measures.md").read_text(encoding="utf-8"), re.DOTALL)
LEAVE = {"granted_by": "The author", "reference": "letter 1", "covers": ["clinical"], "texts": "measures"}
TABLE = {"measure": "PROMIS-PI-4a", "source": "Invented", "t_scores": [[raw, 30 + raw / 2] for raw in range(4, 21)]}


class Office:
    """A clinic's file, and the folder of its texts beside it, that a test may fill."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "clinic.yaml"
        self.texts = folder / "measures"
        self.texts.mkdir()
        (folder / "triage").mkdir()
        rules = (ROOT / "deploy" / "triage" / "rules-1.yaml").read_text(encoding="utf-8")
        (folder / "triage" / "rules-1.yaml").write_text(rules, encoding="utf-8")

    def text(self, name: str = "PSEQ.en.yaml", language: str = "en", **change: Any) -> Path:
        """Write a fitting text of PSEQ, except for `change`."""
        data = pseq(language).model_dump(exclude={"function_question", "options"}) | change
        return self.write(name, {key: value for key, value in data.items() if value is not None})

    def write(self, name: str, data: Any) -> Path:
        path = self.texts / name
        path.write_text(yaml.safe_dump(_plain(data), allow_unicode=True, sort_keys=False), encoding="utf-8")
        return path

    def load(self, measures: Any) -> Clinic:
        data = yaml.safe_load((ROOT / "deploy" / "clinic.yaml").read_text(encoding="utf-8"))
        self.file.write_text(yaml.safe_dump(data | {"measures": measures}), encoding="utf-8")
        return load_clinic(self.file)

    def faults(self, **permissions: Any) -> list[str]:
        with pytest.raises(SettingsFault) as refused:
            self.load({"context": "clinical", "permissions": permissions or {"PSEQ": LEAVE}})
        return list(refused.value.faults)


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    return [_plain(one) for one in data] if isinstance(data, list | tuple) else data


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_clinic_that_says_nothing_shows_what_ships_and_nothing_else() -> None:
    assert SHIPPED.measures == MeasureSettings()
    assert SHIPPED.measures.wording("PHQ-2", "es").language == "es"
    assert SHIPPED.measures.refusal("PEG") is None
    with pytest.raises(NoWording, match="does not come with Carepath"):
        SHIPPED.measures.wording("PSEQ", "en")


def test_a_permission_with_its_text_lets_the_measure_be_shown(office: Office) -> None:
    office.text()
    office.text("PSEQ.es.yaml", "es", title="Título inventado")
    measures = office.load({"context": "clinical", "permissions": {"PSEQ": LEAVE}}).measures

    assert measures.refusal("PSEQ") is None
    assert measures.wording("PSEQ", "en") == pseq("en")
    assert measures.wording("PSEQ", "es").title == "Título inventado"
    assert (measures.wording("PSEQ", "es").citation, measures.wording("PSEQ", "es").licence) == (
        "An invented citation.",
        "Shown with an invented permission.",
    )


def test_a_language_without_a_text_gets_english_whole(office: Office) -> None:
    office.text()
    measures = office.load({"context": "clinical", "permissions": {"PSEQ": LEAVE}}).measures

    for language in ("es", "fr"):
        assert measures.wording("PSEQ", language) == pseq("en")


def test_the_example_in_the_documentation_works(office: Office) -> None:
    settings, text, _ = EXAMPLES
    (office.texts / "PSEQ.en.yaml").write_text(text, encoding="utf-8")

    measures = office.load(yaml.safe_load(settings)["measures"]).measures

    assert measures.wording("PSEQ", "en").items[9] == "The tenth item, as published."


def test_the_example_in_the_clinics_own_file_works(office: Office) -> None:
    lines = (ROOT / "deploy" / "clinic.yaml").read_text(encoding="utf-8").splitlines()
    first = lines.index("#measures:")
    example = "\n".join(line.removeprefix("#") for line in lines[first : first + 4])
    office.text()

    assert office.load(yaml.safe_load(example)["measures"]).measures.refusal("PSEQ") is None


def test_a_text_of_its_own_takes_the_place_of_one_that_ships_in_that_language_alone(office: Office) -> None:
    ours = SHIPPED.measures.wording("PEG", "es").model_dump(exclude={"function_question", "options"})
    office.write("PEG.es.yaml", ours | {"title": "La versión validada"})
    measures = office.load({"context": "research", "permissions": {"PEG": LEAVE | {"covers": ["research"]}}}).measures

    assert measures.wording("PEG", "es").title == "La versión validada"
    assert measures.wording("PEG", "en") == SHIPPED.measures.wording("PEG", "en")


@pytest.mark.parametrize("context", ["commercial", "research", "educational"])
def test_a_permission_for_another_use_is_none(office: Office, context: str) -> None:
    office.text()
    measures = office.load({"context": context, "permissions": {"PSEQ": LEAVE}}).measures

    refusal = measures.refusal("PSEQ")
    assert refusal is not None
    assert refusal.problem == (
        f"the permission for PSEQ from The author covers clinical, and the context of this clinic is {context}"
    )
    assert refusal.remedy == f"Ask for a permission that covers {context}, or take PSEQ out"
    with pytest.raises(NoWording):
        measures.wording("PSEQ", "en")
    assert measures.conversion("PSEQ") is None


def test_a_supplied_table_gives_t_scores(office: Office) -> None:
    promis = pseq("en").model_copy(update={"measure": "PROMIS-PI-4a", "items": ("A", "B", "C", "D")})
    promis = promis.model_copy(update={"anchors": (("Low", "High"),) * 4})
    office.write("PROMIS-PI-4a.en.yaml", promis.model_dump(exclude={"function_question", "options"}))
    office.write("PROMIS-PI-4a.t-scores.yaml", TABLE)
    measures = office.load({"context": "clinical", "permissions": {"PROMIS-PI-4a": LEAVE}}).measures

    assert t_score(score("PROMIS-PI-4a", [2, 3, 1, 5]), measures.conversion("PROMIS-PI-4a")).value == 35.5
    assert measures.conversion("PROMIS-PI-6a") is None


SLIPS: list[tuple[dict[str, Any], str, str, str]] = [
    ({"items": ["One", "Two"]}, "items:", "(items): PSEQ has 10 items, and here are 2.", "one entry for each item"),
    ({"title": " "}, "title:", "(title): “title” has an empty text.", "as they are published"),
    ({"stem": None}, "measure:", "“stem” is missing", "Add “stem:” here"),
    ({"stem": True}, "stem:", "“stem” must be words", "quotation marks"),
    ({"shown": "x"}, "shown:", "“shown” is not a known key", "spelling"),
    ({"measure": "PCS"}, "measure:", "the measure is PCS, but the file is of PSEQ", "Write PSEQ"),
    ({"language": "es"}, "language:", "the language is es, but the file's name says en", "Write en"),
    ({"licence": None}, "measure:", "“licence” is missing", "Add “licence:” here"),
]


@pytest.mark.parametrize(("change", "key", "problem", "remedy"), SLIPS)
def test_a_slip_in_a_text_is_told_with_file_line_and_remedy(
    office: Office, change: dict[str, Any], key: str, problem: str, remedy: str
) -> None:
    path = office.text(**change)
    line = next(n for n, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if text.startswith(key))
    [told] = office.faults()

    assert told.startswith(f"{path}, line {line} ")
    assert problem in told
    assert remedy in told


def test_all_slips_are_told_at_once_with_those_of_the_clinics_file(office: Office) -> None:
    office.text(title="")
    (office.texts / "PSEQ.es.yaml").write_text("measure: [", encoding="utf-8")
    with pytest.raises(SettingsFault) as refused:
        office.load({"context": "clinic", "permissions": {"PSEQ": LEAVE, "PCS": LEAVE | {"texts": 3}}})

    assert len(refused.value.faults) == 4
    told = "\n".join(refused.value.faults)
    for part in ("PSEQ.en.yaml, line", "PSEQ.es.yaml, line 1: this is not YAML", "key measures.context"):
        assert part in told
    assert "key measures.permissions.PCS.texts: is no path; write the path of the folder of its texts" in told


def test_a_text_that_is_not_there_is_missed(office: Office) -> None:
    [told] = office.faults()

    assert told == (
        f"{office.texts / 'PSEQ.en.yaml'}: PSEQ has no English text. "
        "Add it: it is what people read whose language has no text."
    )


@pytest.mark.parametrize("name", ["PSEQ.fr.yaml", "PSEQ.en.yml", "pseq.es.yaml", "PCS.en.yaml", "notes.yaml"])
def test_a_file_that_nothing_would_read_is_not_passed_over(office: Office, name: str) -> None:
    office.text()
    office.text(name)
    [told] = office.faults()

    assert told.startswith(f"{office.texts / name}: this file would not be read. Name it <measure>.en.yaml")


def test_a_note_beside_the_texts_is_no_fault(office: Office) -> None:
    office.text()
    (office.texts / "README.md").write_text("Where the letter is kept.", encoding="utf-8")

    assert office.load({"context": "clinical", "permissions": {"PSEQ": LEAVE}})


def test_a_folder_that_is_not_there_is_named(office: Office) -> None:
    [told] = office.faults(PSEQ=LEAVE | {"texts": "elsewhere"})

    assert told == f"{office.file.parent / 'elsewhere'}: there is no such folder. Correct the path, or make it."


def test_a_file_in_another_encoding_is_named(office: Office) -> None:
    office.text()
    (office.texts / "PSEQ.es.yaml").write_bytes("title: Título".encode("latin-1"))
    [told] = office.faults()

    assert told == (
        f"{office.texts / 'PSEQ.es.yaml'}: the file is not saved as UTF-8. Save it again with the encoding UTF-8."
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"t_scores": TABLE["t_scores"][:-1]}, "(t_scores): the raw sums of PROMIS-PI-4a run from 4 to 20"),
        ({"t_scores": [[4, 90.0], *TABLE["t_scores"][1:]]}, "(t_scores > 2): 32.5 is not above the row before"),
        ({"measure": "PROMIS-PI-6a"}, "the measure is PROMIS-PI-6a, but the file is of PROMIS-PI-4a"),
    ],
)
def test_a_slip_in_a_table_is_told(office: Office, change: dict[str, Any], problem: str) -> None:
    promis = pseq("en").model_copy(update={"measure": "PROMIS-PI-4a", "items": ("A", "B", "C", "D")})
    promis = promis.model_copy(update={"anchors": (("Low", "High"),) * 4})
    office.write("PROMIS-PI-4a.en.yaml", promis.model_dump(exclude={"function_question", "options"}))
    path = office.write("PROMIS-PI-4a.t-scores.yaml", TABLE | change)
    [told] = office.faults(**{"PROMIS-PI-4a": LEAVE})

    assert told.startswith(f"{path}, line ")
    assert problem in told


def test_a_table_for_a_measure_without_t_scores_is_refused(office: Office) -> None:
    office.text()
    office.write("PSEQ.t-scores.yaml", TABLE | {"measure": "PSEQ"})
    [told] = office.faults()

    assert "PSEQ is not published as a T-score. Take the file away." in told


@pytest.mark.parametrize(
    ("measures", "told"),
    [
        ({"permissions": {"PSEQ": LEAVE}}, "key measures: Value error, permissions need a context; write context:"),
        ({"context": "clinical", "permissions": {"PSEK": LEAVE}}, "key measures.permissions.PSEK: is no measure;"),
        ({"context": "clinical", "permissions": {"PSEQ": LEAVE | {"covers": []}}}, "permissions.PSEQ.covers"),
        ({"context": "clinical", "permissions": {"PSEQ": LEAVE | {"covers": ["all"]}}}, "permissions.PSEQ.covers.0"),
        ({"context": "clinical", "permissions": {"PSEQ": LEAVE | {"granted_by": ""}}}, "PSEQ.granted_by"),
        ({"context": "clinical", "permissions": {"PSEQ": {**LEAVE, "reference": None}}}, "PSEQ.reference"),
        ({"context": "clinical", "permissions": {"PSEQ": "yes"}}, "key measures.permissions.PSEQ:"),
        ({"context": "clinical", "permissions": ["PSEQ"]}, "key measures.permissions:"),
        ({"least_slope": {"PHQ-10": 1}}, "least_slope names PHQ-10, which is no measure; write one of PEG"),
        ({"least_slope": {"PHQ-9": 0}}, "key measures.least_slope.PHQ-9:"),
        ({"phq_2_positive_from": 4}, "key measures.phq_2_positive_from:"),
        ("clinical", "key measures:"),
    ],
)
def test_a_slip_in_the_clinics_file_is_told_with_its_key(office: Office, measures: Any, told: str) -> None:
    office.text()
    with pytest.raises(SettingsFault) as refused:
        office.load(measures)

    assert [fault for fault in refused.value.faults if told in fault]


def test_what_a_clinic_sets_is_kept(office: Office) -> None:
    measures = office.load({"phq_2_positive_from": 2, "least_slope": {"PHQ-9": 1.5}}).measures

    assert (measures.phq_2_positive_from, measures.least_slope) == (2, {"PHQ-9": 1.5})

"""How hard a text is to read. One scorer for every test, so that a text has one score.

English: Flesch-Kincaid grade (Kincaid et al. 1975), the school year that reads it: lower is easier.
Spanish: Fernández Huerta's ease (1959, "Medidas sencillas de lecturabilidad"), about 0 to 100: higher is easier;
60 to 70 is normal for an adult, and the counterpart of grades 8 and 9.
Both count only how long sentences and words are. They are an alarm, and no proof of good writing.
"""

import re

import textstat

from shared.contracts.referrals import Language

PATIENTS = (8.0, 60.0)
"""The hardest that a text for patients and caregivers may be: grade in English, ease in Spanish."""
STAFF = (10.0, 50.0)
"""The same for pages of clinicians, who have their terms and little time."""
_SLACK = (1.0, 5.0)
_ONE_SENTENCE = 20
_SHORTEST = 12


def english_grade(text: str) -> float:
    """Flesch-Kincaid school grade: lower is easier."""
    textstat.set_lang("en")
    return float(textstat.flesch_kincaid_grade(text))


def spanish_ease(text: str) -> float:
    """Fernández-Huerta ease from about 0 to 100: higher is easier."""
    textstat.set_lang("es")
    try:
        return float(textstat.fernandez_huerta(text))
    finally:
        textstat.set_lang("en")


def is_easy(text: str, language: Language, limits: tuple[float, float] = PATIENTS) -> bool:
    """Whether its score is within the limit of its language."""
    return spanish_ease(text) >= limits[1] if language == "es" else english_grade(text) <= limits[0]


def is_too_hard(text: str, language: Language, limits: tuple[float, float] = PATIENTS) -> bool:
    """The same for any piece of a page. Below twelve words a single long one decides, so nothing is said of those;
    below twenty, where it is mostly one sentence, a grade or five points are granted.
    """
    said = re.sub(r"<[^>]*>", " ", re.sub(r"\{[a-z_.]*\}", "one", text))
    count = len(re.findall(r"\w+", said))
    if count < _SHORTEST:
        return False
    grade, ease = limits
    if count < _ONE_SENTENCE:
        grade, ease = grade + _SLACK[0], ease - _SLACK[1]
    return not is_easy(said, language, (grade, ease))

"""How hard a text is to read. One scorer for tests and for what clinics write, so that a text has one score.

English: Flesch-Kincaid grade (Kincaid et al. 1975), the school year that reads it: lower is easier.
Spanish: Fernández Huerta's ease (1959, "Medidas sencillas de lecturabilidad"), about 0 to 100: higher is easier;
60 to 70 is normal for an adult, and the counterpart of grades 8 and 9.
Both count only how long sentences and words are. They are an alarm, and no proof of good writing.

Syllables are counted by rule. A test holds the scores of all our texts against those of a dictionary and of a
hyphenator.
"""

import re

from shared.contracts.referrals import Language

PATIENTS = (8.0, 60.0)
"""The hardest that a text for patients and caregivers may be: grade in English, ease in Spanish."""
STAFF = (10.0, 50.0)
"""The same for pages of clinicians, who have their terms and little time."""
_SLACK = (1.0, 5.0)
_ONE_SENTENCE = 20
_SHORTEST = 12

_ADDRESS = re.compile(r"https?://\S+|\S+@\S+\w")
_SILENT = re.compile(
    r"[^aeiouyl]e$|[aeiouyrl]le$|[^aeiouytd]ed$|[^aeiouyszxcghl]es$|[aeiouyrl]les$|thes$"
    r"|[^aeiouy]e(?:ly|ty|ments?|ful|less|where|thing|body|times?|ness)$|^every|^evening|^wednes"
)
"""An "e" that is written and not spoken, at the end of a word or of its stem."""
_APART = re.compile(
    r"ia(?!ge|t|l\b|n\b)|(?<![tsc])io(?!us)|eo(?!ple|us|ne)|uou|[aeiouy]ing|iet|ism\b|(?<![aeiou])reat[ei]|idea|uat|ual"
    r"|(?<![cs])iat|ie[rs]t\b|ier\b|iu|(?<![ao])ua[lr]|aos|oem|oet|ower|rio|n't|\bh?ours?\b"
)
"""Two vowels beside each other that are two syllables, and what is spoken longer than it is written."""
_SHORT_START = re.compile(r"[aeiouáéíóú](?:[^aeiouáéíóúü]|[bcdfgkptr][rl]|ch|ll|qu|gu)[aeiouáéíóúü]")
"""One vowel alone at the beginning: printers do not part it from the rest, and the scale goes by their way."""


def english_grade(text: str) -> float:
    """Flesch-Kincaid school grade: lower is easier. 0 for a text without words."""
    words = _words(text)
    if not words:
        return 0.0
    syllables = sum(map(_english_syllables, words))
    return 0.39 * len(words) / _sentences(text) + 11.8 * syllables / len(words) - 15.59


def spanish_ease(text: str) -> float:
    """Fernández Huerta's ease, from about 0 to 100: higher is easier. 0 for a text without words."""
    words = _words(text)
    if not words:
        return 0.0
    syllables = sum(map(_spanish_syllables, words))
    return 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / _sentences(text)


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


def _words(text: str) -> list[str]:
    spoken = _ADDRESS.sub("here", text.lower().replace("’", "'"))
    return re.sub(r"[^\w\s']", "", spoken).split()


def _sentences(text: str) -> int:
    """One or two words with a full stop are none: a number, or a heading."""
    text = _ADDRESS.sub("here", text)
    return max(1, sum(len(_words(one)) > 2 for one in re.findall(r"\b[^.!?]+[.!?]*", text)))


def _english_syllables(word: str) -> int:
    count = len(re.findall(r"[aeiouy]+", word.replace("n't", ""))) + len(_APART.findall(word))
    return max(1, count - len(_SILENT.findall(word)))


def _spanish_syllables(word: str) -> int:
    spoken = re.sub(r"([qg])u(?=[eiéí])", r"\1", word)
    count = len(re.findall(r"[aeiouáéíóúü]+|(?<=[^aeiouáéíóúü\W])y$", spoken))
    return max(1, count - bool(_SHORT_START.match(word)))

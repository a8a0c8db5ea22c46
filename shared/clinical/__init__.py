"""Clinical measures: what they ask, how they are scored, and where each number comes from. Pure, no I/O, no clock."""

from shared.clinical.answers import AnswerRefused, answers_from_pairs
from shared.clinical.definition import Band, Banding, Flag, Loinc, Measure, Subscale
from shared.clinical.measures import MEASURES, UnknownMeasure, measure
from shared.clinical.questionnaire import FunctionQuestion, Wording
from shared.clinical.scoring import Score, score
from shared.clinical.texts import NoWording, wording

__all__ = [
    "MEASURES",
    "AnswerRefused",
    "Band",
    "Banding",
    "Flag",
    "FunctionQuestion",
    "Loinc",
    "Measure",
    "NoWording",
    "Score",
    "Subscale",
    "UnknownMeasure",
    "Wording",
    "answers_from_pairs",
    "measure",
    "score",
    "wording",
]

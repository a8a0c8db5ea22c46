"""Reliable and clinically significant change after Jacobson and Truax, for any scale and any norms.

Jacobson NS, Truax P. Clinical significance: a statistical approach to defining meaningful change in psychotherapy
research. J Consult Clin Psychol 1991;59(1):12-19. The classes as in BMC Psychiatry 2016;16:187. Norms and errors of
measurement are arguments: they belong to a population, and none is taken for granted here.
"""

from dataclasses import dataclass
from math import isfinite, sqrt
from statistics import NormalDist
from typing import Literal

from shared.clinical.change import Verdict
from shared.clinical.definition import Better

Significance = Literal["recovered", "improved", "unchanged", "deteriorated", "undetermined"]


@dataclass(frozen=True, slots=True)
class Norm:
    """Mean and standard deviation of one population, in points of the scale."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not isfinite(self.mean):
            raise ValueError(f"a mean is a number, not {self.mean}")
        _above_zero("a standard deviation", self.sd)


def standard_error_of_measurement(sd: float, reliability: float) -> float:
    """SEM = sd x sqrt(1 - reliability), in points. `reliability` is from 0 to less than 1. Raises `ValueError`."""
    _above_zero("a standard deviation", sd)
    if not 0 <= reliability < 1:
        raise ValueError(f"a reliability is from 0 to less than 1, not {reliability}")
    return sd * sqrt(1 - reliability)


def standard_error_of_difference(sem: float) -> float:
    """S_diff = sqrt(2 x SEM^2): the spread of differences when nothing changed. Raises `ValueError`."""
    _above_zero("a standard error", sem)
    return sqrt(2) * sem


def reliable_change_index(first: float | None, last: float | None, *, sem: float) -> float | None:
    """RC = (last - first) / S_diff; None while a reading is missing. Positive where the score rose, good or bad.

    Raises `ValueError`.
    """
    difference = standard_error_of_difference(sem)
    return None if first is None or last is None else (_number(last) - _number(first)) / difference


def minimal_detectable_change(sem: float, confidence: float) -> float:
    """MDC = z x S_diff, in points; z bounds the middle `confidence` of a normal distribution, 1.96 for 0.95.

    A change must exceed it to be reliable. Raises `ValueError`.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence is between 0 and 1, such as 0.95, not {confidence}")
    return NormalDist().inv_cdf((1 + confidence) / 2) * standard_error_of_difference(sem)


def reliable_change(
    first: float | None, last: float | None, *, sem: float, confidence: float, better: Better
) -> Verdict:
    """Whether the change exceeds `minimal_detectable_change`, and which way. Raises `ValueError`."""
    bound = minimal_detectable_change(sem, confidence)
    if first is None or last is None:
        return "undetermined"
    change = _number(last) - _number(first)
    if abs(change) <= bound:
        return "no_change"
    return "improved" if (change > 0) == (better == "higher") else "deteriorated"


def cut_off_a(clinical: Norm, better: Better) -> float:
    """Two standard deviations from the clinical mean, on the better side: outside the range of those in care."""
    return clinical.mean + (2 * clinical.sd if better == "higher" else -2 * clinical.sd)


def cut_off_b(reference: Norm, better: Better) -> float:
    """Two standard deviations from the mean of people who are well, on the worse side: inside their range."""
    return reference.mean - (2 * reference.sd if better == "higher" else -2 * reference.sd)


def cut_off_c(clinical: Norm, reference: Norm) -> float:
    """Between the two means, weighted by the spread of each: as likely to be in one population as in the other.

    c = (sd_reference x mean_clinical + sd_clinical x mean_reference) / (sd_clinical + sd_reference)
    """
    return (reference.sd * clinical.mean + clinical.sd * reference.mean) / (clinical.sd + reference.sd)


def clinically_significant_change(
    first: float | None, last: float | None, *, cut_off: float, sem: float, confidence: float, better: Better
) -> Significance:
    """ "recovered" is reliably better and across the cut-off from the worse side; "improved" is reliably better only.

    A score at the cut-off has not crossed it. Raises `ValueError`.
    """
    verdict = reliable_change(first, last, sem=sem, confidence=confidence, better=better)
    if first is None or last is None:
        return "undetermined"
    if verdict != "improved":
        return "deteriorated" if verdict == "deteriorated" else "unchanged"
    crossed = first <= cut_off < last if better == "higher" else last < cut_off <= first
    return "recovered" if crossed else "improved"


def _number(score: float) -> float:
    if isinstance(score, bool) or not isfinite(score):
        raise ValueError(f"a score is a number, not {score}")
    return score


def _above_zero(name: str, value: float) -> None:
    if not (isfinite(value) and value > 0):
        raise ValueError(f"{name} is above 0, not {value}")

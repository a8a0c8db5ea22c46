"""Choices of forms: the values that services know, with words for people. Reasons come along with what is allowed."""

from collections.abc import Iterable
from typing import get_args

from services.portal.words import LANGUAGES, Words
from shared.contracts.interventions import AsideReason, Asked, Concern, ContactKind, StepDecision
from shared.contracts.referrals import AttachmentKind, ContactWay, Format, Mode, ReferralKind, TimeOfDay, TriageFlag

Options = list[tuple[str, str]]

RELATIONSHIPS = ("partner", "parent", "child", "sibling", "friend", "other")
CONSENTS = ("refer", "share_back", "caregiver", "email")
PRIORITIES = ("routine", "urgent", "very_urgent")
END_REASONS = (
    *("completed", "stopped_by_patient", "dropped_out", "declined"),
    *("stepped_up", "stepped_down", "referred_on", "not_suitable"),
)
"""End reasons, and what is more exact than one of them."""
ADVICE_TOPICS = ("is_referral_right", "how_to_talk", "mood_or_worry", "medicines_and_mood", "other")
STEPS = ("1", "2", "3", "4")
STEP_DECISIONS: tuple[str, ...] = get_args(StepDecision)
GOAL_STATUSES = ("active", "on_hold", "achieved", "cancelled")
ACTIVITY_ENDS = ("completed", "cancelled")
SPEAKERS = ("patient", "clinician")
KINDS: tuple[str, ...] = get_args(ReferralKind)
FLAGS: tuple[str, ...] = get_args(TriageFlag)
CONTACTS: tuple[str, ...] = get_args(ContactWay)
FORMATS: tuple[str, ...] = get_args(Format)
MODES: tuple[str, ...] = get_args(Mode)
TIMES: tuple[str, ...] = get_args(TimeOfDay)
DOCUMENTS = tuple(kind for kind in get_args(AttachmentKind) if kind != "measure")
"""What is written. Measures are answered on a page of their own."""
ASIDE: tuple[str, ...] = get_args(AsideReason)
ASKED: tuple[str, ...] = get_args(Asked)
CONCERNS: tuple[str, ...] = get_args(Concern)
CONTACT_KINDS: tuple[str, ...] = get_args(ContactKind)
OWN_REASONS_TO_CANCEL = ("patient_asked", "other")
"""Of the reasons for which a meeting does not take place, those that a patient can have."""


def options(t: Words, prefix: str, values: Iterable[str]) -> Options:
    """Each value with the text `<prefix>.<value>`."""
    return [(value, t(f"{prefix}.{value}")) for value in values]


def break_weeks(t: Words) -> Options:
    """How many weeks a break can last."""
    return [(str(weeks), t.count("home.break.weeks", weeks)) for weeks in (1, 2, 3, 4)]


def relationships(t: Words) -> Options:
    return options(t, "relationship", RELATIONSHIPS)


def languages(t: Words) -> Options:
    return options(t, "language", LANGUAGES)


def contacts(t: Words, own: bool = False) -> Options:
    """How somebody who hesitates wishes to hear from us; `own` in their own voice."""
    return options(t, "contact_own" if own else "contact", CONTACTS)


def preferences(t: Words) -> dict[str, Options]:
    """How somebody would like to be helped; nothing chosen means that they do not mind."""
    any_way = [("", t("preference.any"))]
    return {
        "formats": any_way + options(t, "preference.format", FORMATS),
        "modes": any_way + options(t, "preference.mode", MODES),
        "spoken": any_way + languages(t),
        "times": options(t, "preference.times", TIMES),
    }

"""Choices of forms: the values that services know, with words for people."""

from collections.abc import Iterable

from services.portal.words import LANGUAGES, Words

Options = list[tuple[str, str]]

RELATIONSHIPS = ("partner", "parent", "child", "sibling", "friend", "other")
CONSENTS = ("refer", "share_back", "caregiver", "email")
PRIORITIES = ("routine", "urgent", "very_urgent")
DECLINE_REASONS = ("no_capacity", "not_suitable", "better_served_elsewhere", "already_in_treatment")
UNDECIDED_REASONS = ("needs_time", "pain_is_physical", "worried_what_others_think", "practical", "other")
END_REASONS = ("completed", "stopped_by_patient", "stepped_up", "referred_on", "not_suitable")
ADVICE_TOPICS = ("is_referral_right", "how_to_talk", "mood_or_worry", "medicines_and_mood", "other")
STEPS = ("1", "2", "3", "4")
GOAL_STATUSES = ("active", "on_hold", "achieved", "cancelled")
ACTIVITY_ENDS = ("completed", "cancelled")
SPEAKERS = ("patient", "clinician")


def options(t: Words, prefix: str, values: Iterable[str]) -> Options:
    """Each value with the text `<prefix>.<value>`."""
    return [(value, t(f"{prefix}.{value}")) for value in values]


def relationships(t: Words) -> Options:
    return options(t, "relationship", RELATIONSHIPS)


def languages(t: Words) -> Options:
    return options(t, "language", LANGUAGES)

"""What kind of message each template is: what it is about, whether it can wait, and what it does to a day.

What can wait goes out with others at a part of the day. Hard news keeps kind words and exercises away for that day.
"""

from dataclasses import dataclass
from typing import Literal

from shared.contracts.preferences import Category

Kind = Literal["can_wait", "at_once", "hard", "nudge"]


@dataclass(frozen=True)
class About:
    """`category` is what a person may keep to the inbox; `None` where nobody may. Staff choose nothing yet."""

    category: Category | None
    kind: Kind = "at_once"

    @property
    def can_wait(self) -> bool:
        """Whether its e-mail may go out later on the same day, with others."""
        return self.kind in ("can_wait", "nudge")


STAFF = About(None)
"""Their work is told as it comes."""

_CATEGORIES: dict[Category, dict[Kind, tuple[str, ...]]] = {
    "decisions": {
        "at_once": (
            "invitation",
            "asked_again",
            "reoffered",
            "place_offered",
            "group_invitation",
            "group_invitation_dates",
        ),
        "can_wait": (
            "referral_sent",
            "later_noted",
            "take_your_time",
            "on_our_list",
            "offer_declined",
            "welcome",
            "withdrawal_noted",
        ),
        "hard": (
            *("referral_declined_patient", "referral_returned_patient", "referral_redirected_patient"),
            *("referral_cancelled_patient", "referral_unanswered_patient", "offer_lapsed", "group_refused"),
            "findings_written",
        ),
    },
    "meetings": {
        "at_once": (
            *(
                "appointment_missed_patient",
                "appointment_planned_patient",
                "booking_requested_patient",
                "group_confirmed",
                "group_session_moved",
            ),
            *("group_not_held", "group_postponed", "group_reserve_moved", "group_reserve_postponed", "group_seat"),
            *("group_rules", "circle_meeting", "circle_meeting_moved", "circle_meeting_cancelled"),
            *("meeting_reminder", "group_reminder", "circle_reminder"),
        ),
        "can_wait": ("group_missed", "group_missed_first", "group_leader_changed", "group_reserve", "group_withdrawn"),
        "hard": ("appointment_cancelled_patient", "group_cancelled"),
    },
    "treatment": {
        "at_once": ("assessment_started", "referral_reopened_patient"),
        "can_wait": ("how_are_you", "questions_open", "check_in_open", "feedback_open", "treatment_finished"),
        "nudge": ("module_open", "activity_planned"),
    },
    "encouragement": {"nudge": ("kind_word", "circle_kind_word")},
    "people": {
        "can_wait": (
            "circle_invitation",
            "circle_leading",
            "circle_led_before",
            "circle_closed",
            "circle_post_removed",
        ),
    },
    "carers": {
        "at_once": ("carer_support_answered", "carer_word_replied"),
        "can_wait": ("caregiver_started", "caregiver_finished", "carer_check_due"),
    },
}
_NOT_TO_BE_SWITCHED_OFF = ("crisis_help", "caregiver_invitation", "confirm_way", "sign_in_link")
"""Help in danger; an invitation, which comes before they have chosen anything; a code or link that they wait for."""

ABOUT: dict[str, About] = {
    **{
        template: About(category, kind)
        for category, kinds in _CATEGORIES.items()
        for kind, templates in kinds.items()
        for template in templates
    },
    **dict.fromkeys(_NOT_TO_BE_SWITCHED_OFF, About(None)),
}


def about(template: str) -> About:
    """What kind of message it is; one for staff where the table has none."""
    return ABOUT.get(template, STAFF)

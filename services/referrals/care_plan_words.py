"""What the parts of a plan are called to people. Patients get words of their own; nobody gets a code."""

from services.referrals.domain.care_plan.state import ActivityStatus, DiscussionStatus
from shared.contracts.referrals import DiscussionEnd, GoalStatus, Language

_GOALS: dict[Language, dict[GoalStatus, str]] = {
    "en": {
        "active": "We are working on it.",
        "achieved": "Reached.",
        "on_hold": "It rests for now.",
        "cancelled": "No longer a goal.",
    },
    "es": {
        "active": "Estamos en ello.",
        "achieved": "Conseguido.",
        "on_hold": "Está en pausa por ahora.",
        "cancelled": "Ya no es una meta.",
    },
}

_ACTIVITIES: dict[Language, dict[ActivityStatus, str]] = {
    "en": {"planned": "Planned.", "completed": "Done.", "cancelled": "Not needed any more."},
    "es": {"planned": "Previsto.", "completed": "Hecho.", "cancelled": "Ya no hace falta."},
}

_DISCUSSIONS: dict[Language, dict[DiscussionStatus, str]] = {
    "en": {
        "asked": "Waits for an answer.",
        "scheduled": "A moment to meet is set.",
        "answered": "Answered. The one who asked has not closed it yet.",
        "closed": "Closed.",
    },
    "es": {
        "asked": "Espera una respuesta.",
        "scheduled": "Hay una reunión prevista.",
        "answered": "Respondida. Quien preguntó todavía no la ha cerrado.",
        "closed": "Cerrada.",
    },
}

_CLOSED: dict[Language, dict[DiscussionEnd, str]] = {
    "en": {
        "answered": "Closed. The answer was read.",
        "no_longer_needed": "Closed. An answer is not needed any more.",
        "referral_closed": "Closed, because the referral that it was about is closed.",
    },
    "es": {
        "answered": "Cerrada. Se leyó la respuesta.",
        "no_longer_needed": "Cerrada. Ya no hace falta una respuesta.",
        "referral_closed": "Cerrada, porque la derivación de la que trataba está cerrada.",
    },
}


def goal_sentence(status: GoalStatus, language: Language) -> str:
    """How a goal stands."""
    return _GOALS[language][status]


def activity_sentence(status: ActivityStatus, language: Language) -> str:
    """Whether something was done."""
    return _ACTIVITIES[language][status]


def discussion_sentence(status: DiscussionStatus, reason: DiscussionEnd | None, language: Language) -> str:
    """Where a discussion stands, and of a closed one why."""
    return _CLOSED[language][reason] if reason else _DISCUSSIONS[language][status]

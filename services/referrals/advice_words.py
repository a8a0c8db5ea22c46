"""What a question's status, topic, end and refusals are called to clinicians."""

from services.referrals import words
from services.referrals.domain.advice.state import Status
from shared.contracts.referrals import AdviceCloseReason, AdviceTopic, Language

_STATUS: dict[Language, dict[Status, str]] = {
    "en": {
        Status.ASKED: "Sent. Psychology has not answered yet.",
        Status.ASKED_BACK: "Psychology has asked the pain team something first.",
        Status.ANSWERED: "Psychology has answered.",
        Status.CONVERTED: "A referral was begun from this question.",
        Status.CLOSED: "Closed.",
    },
    "es": {
        Status.ASKED: "Enviada. Psicología todavía no ha respondido.",
        Status.ASKED_BACK: "Psicología ha preguntado antes algo al equipo del dolor.",
        Status.ANSWERED: "Psicología ha respondido.",
        Status.CONVERTED: "De esta pregunta salió una derivación.",
        Status.CLOSED: "Cerrada.",
    },
}

_TOPIC: dict[Language, dict[AdviceTopic, str]] = {
    "en": {
        "is_referral_right": "Whether a referral is right.",
        "how_to_talk": "How to talk with the person about psychology.",
        "mood_or_worry": "Low mood or worry.",
        "medicines_and_mood": "Medicines and mood.",
        "other": "Something else.",
    },
    "es": {
        "is_referral_right": "Si conviene una derivación.",
        "how_to_talk": "Cómo hablar de psicología con la persona.",
        "mood_or_worry": "Ánimo bajo o preocupación.",
        "medicines_and_mood": "Medicamentos y ánimo.",
        "other": "Otra cosa.",
    },
}

_CLOSED: dict[Language, dict[AdviceCloseReason, str]] = {
    "en": {
        "answered_enough": "The answer was enough.",
        "no_longer_needed": "The question is no longer needed.",
        "entered_in_error": "The question was sent by mistake.",
    },
    "es": {
        "answered_enough": "La respuesta fue suficiente.",
        "no_longer_needed": "La pregunta ya no hace falta.",
        "entered_in_error": "La pregunta se envió por error.",
    },
}

_NOT_AUTHORISED: dict[Language, str] = {
    "en": "The pain clinician has not let psychology make a referral of this question.",
    "es": "El equipo del dolor no ha permitido que psicología haga una derivación de esta pregunta.",
}


def status_sentence(status: Status, language: Language) -> str:
    """Where a question stands."""
    return _STATUS[language][status]


def topic_sentence(topic: AdviceTopic, language: Language) -> str:
    """What a question is about."""
    return _TOPIC[language][topic]


def closed_sentence(reason: AdviceCloseReason, language: Language) -> str:
    """Why a question was closed."""
    return _CLOSED[language][reason]


def why_not_sentence(code: str, language: Language) -> str:
    """Why something cannot be done now."""
    if code == "conversion-not-authorised":
        return _NOT_AUTHORISED[language]
    return words.why_not_sentence(code, language)

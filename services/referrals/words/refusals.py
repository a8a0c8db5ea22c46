"""Why something cannot be done now, in words for whoever would do it."""

from shared.contracts.referrals import Language

_WHY_NOT: dict[Language, dict[str, str]] = {
    "en": {
        "role-not-allowed": "Somebody else does this.",
        "not-yours": "Only the person it belongs to can do this.",
        "wrong-status": "This is not possible at this point.",
        "consent-missing": "The person has not agreed to be referred. Please ask them first.",
        "attachments-full": "There is no room for more attachments.",
        "attachment-missing": "A document that this pathway needs is still missing.",
        "clinician-linked": "A pain clinician already stands by this referral.",
        "warm-handoff-not-due": "No first conversation is planned.",
        "clock-paused": "The waiting clock stands still already.",
        "clock-runs": "The waiting clock is running.",
        "offer-lapsed": "The place was held until a date that has passed.",
        "rescreen-not-due": "No questions are open now.",
        "appointment-not-due": "The meeting has not taken place yet.",
        "not-an-assessment": "This is a referral for treatment, and its outcome comes with the treatment.",
        "treatment-begun": "Treatment had begun. Please make a new referral.",
    },
    "es": {
        "role-not-allowed": "Esto lo hace otra persona.",
        "not-yours": "Solo puede hacerlo la persona a quien pertenece.",
        "wrong-status": "Esto no es posible en este momento.",
        "consent-missing": "La persona no ha dado su acuerdo. Pregúntele primero, por favor.",
        "attachments-full": "No caben más documentos.",
        "attachment-missing": "Todavía falta un documento que esta vía necesita.",
        "clinician-linked": "Un profesional del dolor ya respalda esta derivación.",
        "warm-handoff-not-due": "No hay prevista ninguna primera conversación.",
        "clock-paused": "El reloj de espera ya está parado.",
        "clock-runs": "El reloj de espera está en marcha.",
        "offer-lapsed": "La plaza se guardó hasta una fecha que ya ha pasado.",
        "rescreen-not-due": "Ahora no hay preguntas abiertas.",
        "appointment-not-due": "La cita todavía no ha tenido lugar.",
        "not-an-assessment": "Esta derivación es para tratamiento, y su resultado llega con el tratamiento.",
        "treatment-begun": "El tratamiento ya había empezado. Haga una derivación nueva, por favor.",
    },
}


def why_not_sentence(code: str, language: Language) -> str:
    """Why something cannot be done now."""
    return _WHY_NOT[language][code]

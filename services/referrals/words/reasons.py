"""What each coded reason is called to people, whichever step it belongs to."""

from services.referrals.words.hesitancy import (
    CONTACT_FOR_PATIENTS,
    CONTACT_FOR_STAFF,
    NO_FOR_PATIENTS,
    NO_FOR_STAFF,
    NOT_NOW_FOR_PATIENTS,
    NOT_NOW_FOR_STAFF,
    UNDECIDED_FOR_PATIENTS,
    UNDECIDED_FOR_STAFF,
)
from shared.contracts.referrals import Language

_REASONS: dict[Language, dict[str, str]] = {
    "en": {
        "no_capacity": "There is no free place now.",
        "not_suitable": "This kind of support does not fit what is needed now.",
        "better_served_elsewhere": "Another service can help better.",
        "already_in_treatment": "Support of this kind is already under way.",
        "no_answer": "A question to the referrer was not answered in time.",
        "patient_unavailable": "The patient cannot be reached or is away.",
        "medical_reason": "A medical reason.",
        "patient_request": "The patient asked for it.",
        "patient_undecided": "The patient is thinking it over.",
        "patient_not_now": "The patient wants it later.",
        "closed": "It was closed for a while.",
        "time_does_not_fit": "The time does not fit.",
        "format_does_not_fit": "The way of meeting does not fit.",
        "too_soon": "It is too soon.",
        "forgot": "Forgot.",
        "ill": "Was ill.",
        "cancelled_too_late": "Cancelled too late.",
        "not_specified": "Not known.",
        "patient_asked": "The patient asked for it.",
        "clinician_unavailable": "The clinician cannot come.",
        "clinic_closed": "The clinic is closed.",
        "no_longer_needed": "It is no longer needed.",
        "made_in_error": "It was made by mistake.",
        "person_died": "The person has died.",
        "moved_away": "The person has moved away.",
        "other": "Another reason.",
    },
    "es": {
        "no_capacity": "Ahora no hay plazas libres.",
        "not_suitable": "Este tipo de apoyo no es lo que hace falta ahora.",
        "better_served_elsewhere": "Otro servicio puede ayudar mejor.",
        "already_in_treatment": "Ya hay un apoyo de este tipo en marcha.",
        "no_answer": "Una pregunta a quien la envió quedó sin respuesta a tiempo.",
        "patient_unavailable": "No se puede contactar con la persona, o está fuera.",
        "medical_reason": "Un motivo médico.",
        "patient_request": "La persona lo ha pedido.",
        "patient_undecided": "La persona se lo está pensando.",
        "patient_not_now": "La persona lo quiere más adelante.",
        "closed": "Estuvo cerrada un tiempo.",
        "time_does_not_fit": "La hora no le va bien.",
        "format_does_not_fit": "La forma de verse no le va bien.",
        "too_soon": "Es demasiado pronto.",
        "forgot": "Se olvidó.",
        "ill": "Estaba mal de salud.",
        "cancelled_too_late": "Se canceló demasiado tarde.",
        "not_specified": "No se sabe.",
        "patient_asked": "La persona lo ha pedido.",
        "clinician_unavailable": "El profesional no puede venir.",
        "clinic_closed": "La clínica está cerrada.",
        "no_longer_needed": "Ya no hace falta.",
        "made_in_error": "Se hizo por error.",
        "person_died": "La persona ha fallecido.",
        "moved_away": "La persona se ha mudado.",
        "other": "Otro motivo.",
    },
}


_FOR_STAFF = {
    language: {**NO_FOR_STAFF[language], **NOT_NOW_FOR_STAFF[language], **UNDECIDED_FOR_STAFF[language], **reasons}
    for language, reasons in _REASONS.items()
}
_OWN: dict[Language, dict[str, str]] = {
    "en": {
        "time_does_not_fit": "The time does not suit me.",
        "format_does_not_fit": "I would like to meet in another way.",
        "too_soon": "It is too soon for me.",
        "patient_asked": "I cannot come at that time.",
        "other": "Something else.",
    },
    "es": {
        "time_does_not_fit": "La hora no me va bien.",
        "format_does_not_fit": "Me gustaría vernos de otra forma.",
        "too_soon": "Es demasiado pronto para mí.",
        "patient_asked": "No puedo ir a esa hora.",
        "other": "Otra cosa.",
    },
}
"""What a patient chooses, in the first person."""
_FOR_PATIENTS = {
    language: {
        **reasons,
        **_OWN[language],
        **NO_FOR_PATIENTS[language],
        **NOT_NOW_FOR_PATIENTS[language],
        **UNDECIDED_FOR_PATIENTS[language],
    }
    for language, reasons in _FOR_STAFF.items()
}


def reason_sentence(code: str, role: str, language: Language) -> str:
    """What a coded reason is called, for somebody in `role`: a patient's own are in the patient's own voice."""
    return (_FOR_PATIENTS if role == "patient" else _FOR_STAFF)[language][code]


def contact_sentence(code: str, role: str, language: Language) -> str:
    """How somebody who needs time wishes to hear from us: about them for staff, in their own voice for themselves."""
    return (CONTACT_FOR_PATIENTS if role == "patient" else CONTACT_FOR_STAFF)[language][code]

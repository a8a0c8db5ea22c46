"""What a status, a reason or a refusal is called to people. Patients get words of their own; nobody gets a code."""

from services.referrals.domain.referral.state import Status
from shared.contracts.referrals import Language

_FOR_STAFF: dict[Language, dict[Status, str]] = {
    "en": {
        Status.DRAFT: "Draft. Not sent yet.",
        Status.SUBMITTED: "Sent. Psychology has not decided yet.",
        Status.INFORMATION_REQUESTED: "Psychology has a question for the referrer.",
        Status.ACCEPTED: "Accepted. The patient has not answered yet.",
        Status.UNDECIDED: "The patient needs time. They will be asked again.",
        Status.IN_TREATMENT: "The patient has agreed, and support is under way.",
        Status.RETURNED: "Sent back to the referrer with advice.",
        Status.DECLINED: "Not accepted by psychology.",
        Status.WITHDRAWN: "Withdrawn. The patient does not want it any more.",
        Status.OUTCOME_SENT: "Finished. The referrer has not read the outcome yet.",
        Status.LOOP_CLOSED: "Finished. The referrer has read the outcome.",
    },
    "es": {
        Status.DRAFT: "Borrador. Todavía no se ha enviado.",
        Status.SUBMITTED: "Enviada. Psicología todavía no ha decidido.",
        Status.INFORMATION_REQUESTED: "Psicología tiene una pregunta para quien la envió.",
        Status.ACCEPTED: "Aceptada. La persona todavía no ha respondido.",
        Status.UNDECIDED: "La persona necesita tiempo. Se le volverá a preguntar.",
        Status.IN_TREATMENT: "La persona ha dicho que sí y el apoyo está en marcha.",
        Status.RETURNED: "Devuelta con consejos a quien la envió.",
        Status.DECLINED: "No aceptada por psicología.",
        Status.WITHDRAWN: "Retirada. La persona ya no la quiere.",
        Status.OUTCOME_SENT: "Terminada. Quien la envió todavía no ha leído el resultado.",
        Status.LOOP_CLOSED: "Terminada. Quien la envió ha leído el resultado.",
    },
}

_FOR_PATIENTS: dict[Language, dict[Status, str]] = {
    "en": {
        Status.DRAFT: "Your pain team is preparing this.",
        Status.SUBMITTED: "Your pain team has asked for extra support for you. We are reading it now.",
        Status.INFORMATION_REQUESTED: "We have asked your pain team a question. You do not need to do anything.",
        Status.ACCEPTED: "We can offer you support. Would you like to start?",
        Status.UNDECIDED: "Take the time you need. We will ask you again, and you can start whenever you like.",
        Status.IN_TREATMENT: "You have started. Your next step is on your home page.",
        Status.RETURNED: "We have sent your pain team advice. They will talk it over with you.",
        Status.DECLINED: "We cannot offer this now. Your pain is real, and your pain team will look for other help.",
        Status.WITHDRAWN: "You chose not to go on. You can ask your pain team again at any time.",
        Status.OUTCOME_SENT: "You have finished. We have told your pain team that there is something to read.",
        Status.LOOP_CLOSED: "You have finished, and your pain team knows how it went.",
    },
    "es": {
        Status.DRAFT: "Su equipo del dolor está preparando esto.",
        Status.SUBMITTED: "Su equipo del dolor ha pedido más apoyo para usted. Lo estamos leyendo.",
        Status.INFORMATION_REQUESTED: "Hemos hecho una pregunta a su equipo del dolor. Usted no tiene que hacer nada.",
        Status.ACCEPTED: "Podemos ofrecerle apoyo. ¿Le gustaría empezar?",
        Status.UNDECIDED: "Tómese el tiempo que necesite. Volveremos a preguntarle, y puede empezar cuando quiera.",
        Status.IN_TREATMENT: "Ya ha empezado. Su próximo paso está en su página de inicio.",
        Status.RETURNED: "Hemos enviado consejos a su equipo del dolor. Lo hablarán con usted.",
        Status.DECLINED: "Ahora no podemos ofrecerle esto. Su dolor es real. Su equipo le hablará de otras ayudas.",
        Status.WITHDRAWN: "Usted decidió no seguir. Puede volver a pedirlo a su equipo del dolor cuando quiera.",
        Status.OUTCOME_SENT: "Ha terminado. Hemos avisado a su equipo del dolor de que hay algo que leer.",
        Status.LOOP_CLOSED: "Ha terminado, y su equipo del dolor sabe cómo le ha ido.",
    },
}

_DECLINED: dict[Language, dict[str, str]] = {
    "en": {
        "no_capacity": "There is no free place now.",
        "not_suitable": "This kind of support does not fit what is needed now.",
        "better_served_elsewhere": "Another service can help better.",
        "already_in_treatment": "Support of this kind is already under way.",
    },
    "es": {
        "no_capacity": "Ahora no hay plazas libres.",
        "not_suitable": "Este tipo de apoyo no es lo que hace falta ahora.",
        "better_served_elsewhere": "Otro servicio puede ayudar mejor.",
        "already_in_treatment": "Ya hay un apoyo de este tipo en marcha.",
    },
}

_UNDECIDED: dict[Language, dict[str, str]] = {
    "en": {
        "needs_time": "Needs more time.",
        "pain_is_physical": "Feels that the pain is in the body and is not sure how this helps.",
        "worried_what_others_think": "Is worried about what others may think.",
        "practical": "Time, travel or something else practical stands in the way.",
        "other": "Another reason.",
    },
    "es": {
        "needs_time": "Necesita más tiempo.",
        "pain_is_physical": "Siente que el dolor está en el cuerpo y no sabe bien cómo ayuda esto.",
        "worried_what_others_think": "Le preocupa lo que otros puedan pensar.",
        "practical": "El tiempo, el viaje u otra cosa práctica lo dificulta.",
        "other": "Otro motivo.",
    },
}

_WHY_NOT: dict[Language, dict[str, str]] = {
    "en": {
        "role-not-allowed": "Somebody else does this.",
        "not-yours": "Only the person it belongs to can do this.",
        "wrong-status": "This is not possible at this point.",
        "consent-missing": "The person has not agreed to be referred. Please ask them first.",
    },
    "es": {
        "role-not-allowed": "Esto lo hace otra persona.",
        "not-yours": "Solo puede hacerlo la persona a quien pertenece.",
        "wrong-status": "Esto no es posible en este momento.",
        "consent-missing": "La persona no ha dado su acuerdo. Pregúntele primero, por favor.",
    },
}

_OUTCOME_KEPT: dict[Language, str] = {
    "en": "The person has chosen not to share the outcome.",
    "es": "La persona ha decidido no compartir el resultado.",
}


def status_sentence(status: Status, role: str, language: Language) -> str:
    """Where a referral stands, for somebody in `role`."""
    return (_FOR_PATIENTS if role == "patient" else _FOR_STAFF)[language][status]


def declined_sentence(reason_code: str, language: Language) -> str:
    """Why triage said no."""
    return _DECLINED[language][reason_code]


def undecided_sentence(reason_code: str, language: Language) -> str:
    """What makes the patient hesitate."""
    return _UNDECIDED[language][reason_code]


def why_not_sentence(code: str, language: Language) -> str:
    """Why something cannot be done now."""
    return _WHY_NOT[language][code]


def outcome_kept_sentence(language: Language) -> str:
    """Said to the referrer in place of an outcome that the patient does not share."""
    return _OUTCOME_KEPT[language]

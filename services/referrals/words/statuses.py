"""Where a referral stands, in words for staff and in words for the patient."""

from services.referrals.domain.referral.state import Status
from shared.contracts.referrals import Language

_FOR_STAFF: dict[Language, dict[Status, str]] = {
    "en": {
        Status.DRAFT: "Draft. Not sent yet.",
        Status.SUBMITTED: "Sent. Psychology has not decided yet.",
        Status.INFORMATION_REQUESTED: "Psychology has a question for the referrer.",
        Status.IN_TRIAGE: "Somebody in psychology is looking at it.",
        Status.ACCEPTED: "Accepted. The patient has not answered yet.",
        Status.UNDECIDED: "The patient needs time. They will be asked again.",
        Status.NOT_NOW: "The patient wants it, but later. It will be offered again.",
        Status.WAITLISTED: "The patient has agreed and waits for a place.",
        Status.OFFERED: "A place is held for the patient. They have not answered yet.",
        Status.AWAITING_BOOKING: "The patient has a place. A first meeting must be booked.",
        Status.SCHEDULED: "A first meeting is booked.",
        Status.DID_NOT_ATTEND: "The patient did not come to the first meeting. Another one must be booked.",
        Status.APPOINTMENT_CANCELLED: "The first meeting was cancelled. Another one must be booked.",
        Status.IN_TREATMENT: "The patient has agreed, and support is under way.",
        Status.CANCELLATION_REQUESTED: "The referrer asks to cancel. Psychology has not confirmed yet.",
        Status.RETURNED: "Sent back to the referrer with advice.",
        Status.DECLINED: "Not accepted by psychology.",
        Status.REDIRECTED: "Sent on to another service.",
        Status.WITHDRAWN: "Withdrawn. The patient does not want it any more.",
        Status.CANCELLED: "Cancelled at the referrer's wish.",
        Status.OUTCOME_SENT: "Finished. The referrer has not read the outcome yet.",
        Status.LOOP_CLOSED: "Finished. The referrer has read the outcome.",
        Status.ENTERED_IN_ERROR: "Made in error. It does not count.",
    },
    "es": {
        Status.DRAFT: "Borrador. Todavía no se ha enviado.",
        Status.SUBMITTED: "Enviada. Psicología todavía no ha decidido.",
        Status.INFORMATION_REQUESTED: "Psicología tiene una pregunta para quien la envió.",
        Status.IN_TRIAGE: "Alguien de psicología la está viendo.",
        Status.ACCEPTED: "Aceptada. La persona todavía no ha respondido.",
        Status.UNDECIDED: "La persona necesita tiempo. Se le volverá a preguntar.",
        Status.NOT_NOW: "La persona lo quiere, pero más adelante. Se le volverá a ofrecer.",
        Status.WAITLISTED: "La persona ha dicho que sí y espera una plaza.",
        Status.OFFERED: "Hay una plaza reservada. La persona todavía no ha respondido.",
        Status.AWAITING_BOOKING: "La persona tiene plaza. Falta fijar una primera cita.",
        Status.SCHEDULED: "La primera cita está fijada.",
        Status.DID_NOT_ATTEND: "La persona no vino a la primera cita. Falta fijar otra.",
        Status.APPOINTMENT_CANCELLED: "La primera cita se canceló. Falta fijar otra.",
        Status.IN_TREATMENT: "La persona ha dicho que sí y el apoyo está en marcha.",
        Status.CANCELLATION_REQUESTED: "Quien la envió pide cancelarla. Psicología todavía no lo ha confirmado.",
        Status.RETURNED: "Devuelta con consejos a quien la envió.",
        Status.DECLINED: "No aceptada por psicología.",
        Status.REDIRECTED: "Enviada a otro servicio.",
        Status.WITHDRAWN: "Retirada. La persona ya no la quiere.",
        Status.CANCELLED: "Cancelada a petición de quien la envió.",
        Status.OUTCOME_SENT: "Terminada. Quien la envió todavía no ha leído el resultado.",
        Status.LOOP_CLOSED: "Terminada. Quien la envió ha leído el resultado.",
        Status.ENTERED_IN_ERROR: "Se hizo por error. No cuenta.",
    },
}

_FOR_PATIENTS: dict[Language, dict[Status, str]] = {
    "en": {
        Status.DRAFT: "This is being prepared. It has not been sent yet.",
        Status.SUBMITTED: "Your pain team has asked for extra support for you. We are reading it now.",
        Status.INFORMATION_REQUESTED: "We have asked your pain team a question. You do not need to do anything.",
        Status.IN_TRIAGE: "We are reading what your pain team wrote. We will tell you soon.",
        Status.ACCEPTED: "We can offer you support. Would you like to start?",
        Status.UNDECIDED: "Take the time you need. We will ask you again, and you can start whenever you like.",
        Status.NOT_NOW: "You would like this later. We will ask you again, and you can start sooner if you like.",
        Status.WAITLISTED: "You are on our list. We will tell you as soon as there is a place for you.",
        Status.OFFERED: "There is a place for you. Please tell us if you would like it.",
        Status.AWAITING_BOOKING: "You have a place. We will tell you when your first meeting is.",
        Status.SCHEDULED: "Your first meeting is booked.",
        Status.DID_NOT_ATTEND: "We missed you. That is all right. We will find another time with you.",
        Status.APPOINTMENT_CANCELLED: "Your meeting will not take place. We will find another time with you.",
        Status.IN_TREATMENT: "You have started. Your next step is on your home page.",
        Status.CANCELLATION_REQUESTED: "Your pain team has asked us to stop this. We will talk it over first.",
        Status.RETURNED: "We have sent your pain team advice. They will talk it over with you.",
        Status.DECLINED: "We cannot offer this now. Your pain is real, and your pain team will look for other help.",
        Status.REDIRECTED: "Another team can help you better. We have passed your request on.",
        Status.WITHDRAWN: "You chose not to go on. You can ask your pain team again at any time.",
        Status.CANCELLED: "This was stopped. You can ask your pain team again at any time.",
        Status.OUTCOME_SENT: "You have finished. We have told your pain team that there is something to read.",
        Status.LOOP_CLOSED: "You have finished, and your pain team knows how it went.",
        Status.ENTERED_IN_ERROR: "This was made by mistake. You do not need to do anything.",
    },
    "es": {
        Status.DRAFT: "Esto se está preparando. Todavía no se ha enviado.",
        Status.SUBMITTED: "Su equipo del dolor ha pedido más apoyo para usted. Lo estamos leyendo.",
        Status.INFORMATION_REQUESTED: "Hemos hecho una pregunta a su equipo del dolor. Usted no tiene que hacer nada.",
        Status.IN_TRIAGE: "Estamos leyendo lo que escribió su equipo del dolor. Pronto le diremos algo.",
        Status.ACCEPTED: "Podemos ofrecerle apoyo. ¿Le gustaría empezar?",
        Status.UNDECIDED: "Tómese el tiempo que necesite. Volveremos a preguntarle, y puede empezar cuando quiera.",
        Status.NOT_NOW: "Le gustaría más adelante. Volveremos a preguntarle, y puede empezar antes si quiere.",
        Status.WAITLISTED: "Está en nuestra lista. Le avisaremos en cuanto haya una plaza para usted.",
        Status.OFFERED: "Hay una plaza para usted. Díganos, por favor, si la quiere.",
        Status.AWAITING_BOOKING: "Ya tiene plaza. Le diremos cuándo es su primera cita.",
        Status.SCHEDULED: "Su primera cita está fijada.",
        Status.DID_NOT_ATTEND: "Le echamos de menos. No pasa nada. Buscaremos otro momento con usted.",
        Status.APPOINTMENT_CANCELLED: "Su cita no tendrá lugar. Buscaremos otro momento con usted.",
        Status.IN_TREATMENT: "Ya ha empezado. Su próximo paso está en su página de inicio.",
        Status.CANCELLATION_REQUESTED: "Su equipo del dolor nos ha pedido parar esto. Antes lo hablaremos.",
        Status.RETURNED: "Hemos enviado consejos a su equipo del dolor. Lo hablarán con usted.",
        Status.DECLINED: "Ahora no podemos ofrecerle esto. Su dolor es real. Su equipo le hablará de otras ayudas.",
        Status.REDIRECTED: "Otro equipo puede ayudarle mejor. Le hemos pasado su petición.",
        Status.WITHDRAWN: "Usted decidió no seguir. Puede volver a pedirlo a su equipo del dolor cuando quiera.",
        Status.CANCELLED: "Esto se ha parado. Puede volver a pedirlo a su equipo del dolor cuando quiera.",
        Status.OUTCOME_SENT: "Ha terminado. Hemos avisado a su equipo del dolor de que hay algo que leer.",
        Status.LOOP_CLOSED: "Ha terminado, y su equipo del dolor sabe cómo le ha ido.",
        Status.ENTERED_IN_ERROR: "Esto se hizo por error. Usted no tiene que hacer nada.",
    },
}

_OUTCOME_KEPT: dict[Language, str] = {
    "en": "The person has chosen not to share the outcome.",
    "es": "La persona ha decidido no compartir el resultado.",
}


def status_sentence(status: Status, role: str, language: Language) -> str:
    """Where a referral stands, for somebody in `role`."""
    return (_FOR_PATIENTS if role in ("patient", "caregiver") else _FOR_STAFF)[language][status]


def outcome_kept_sentence(language: Language) -> str:
    """Said to the referrer in place of an outcome that the patient does not share."""
    return _OUTCOME_KEPT[language]

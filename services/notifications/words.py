"""What became of an e-mail, in plain words: for its recipient in their language, and for staff with the reason."""

from services.notifications.domain.commands import UNASKED
from services.notifications.domain.state import Message
from shared.contracts.referrals import Language

FOR_RECIPIENT: dict[Language, dict[str, str]] = {
    "en": {
        "queued": "We will also send you an e-mail.",
        "hard_news": "We will send you an e-mail on another day, since this one had other news.",
        "week_full": "We will send you an e-mail later, since you had enough of them this week.",
        "sending": "We are sending you an e-mail.",
        "sent": "We also sent you an e-mail.",
        "settled": "No e-mail was sent, because it was no longer needed.",
        "consent_withdrawn": "No e-mail was sent, because there is no consent for it.",
        "no_address": "No e-mail was sent, because we have no address for it.",
        "inbox_only": "No e-mail was sent, because you keep messages of this kind here.",
        "stopped": "No e-mail was sent, because it was stopped.",
        "too_late": "No e-mail was sent, because the meeting had begun.",
        "failed": "We could not send you an e-mail. You can read everything here.",
        "possibly_sent": "We tried to send you an e-mail. It may not have arrived. You can read everything here.",
    },
    "es": {
        "queued": "También le enviaremos un correo electrónico.",
        "hard_news": "Le enviaremos un correo otro día, porque este ya trajo otra noticia.",
        "week_full": "Le enviaremos un correo más adelante, porque esta semana ya recibió bastantes.",
        "sending": "Le estamos enviando un correo electrónico.",
        "sent": "También le enviamos un correo electrónico.",
        "settled": "No se envió ningún correo, porque ya no hacía falta.",
        "consent_withdrawn": "No se envió ningún correo, porque no hay permiso para ello.",
        "no_address": "No se envió ningún correo, porque no tenemos una dirección.",
        "inbox_only": "No se envió ningún correo, porque usted deja aquí los mensajes de este tipo.",
        "stopped": "No se envió ningún correo, porque se detuvo.",
        "too_late": "No se envió ningún correo, porque la cita ya había empezado.",
        "failed": "No pudimos enviarle un correo. Aquí puede leerlo todo.",
        "possibly_sent": "Intentamos enviarle un correo. Puede que no haya llegado. Aquí puede leerlo todo.",
    },
}

FOR_STAFF: dict[Language, dict[str, str]] = {
    "en": {
        "queued": "Waits until its time to be sent.",
        "retrying": "The mail server did not take it for now; it is tried again.",
        "unasked": "Waits: nobody could say whether it is still shared with this person. It is asked again. "
        "If it goes on, tell an operator: the page of the system says what to do.",
        "hard_news": "Waits until the next day, since this one brought hard news.",
        "week_full": "Waits, since this week has had as many e-mails as were agreed.",
        "quiet_hours": "Waits until quiet hours are over.",
        "sending": "Is being handed to the mail server.",
        "sent": "The mail server took it.",
        "settled": "Not sent: it was no longer needed.",
        "consent_withdrawn": "Not sent: no consent for it stands.",
        "no_address": "Not sent: there is no e-mail address.",
        "inbox_only": "Not sent: the person keeps this kind of message to the inbox.",
        "stopped": "Not sent: it was stopped.",
        "too_late": "Not sent: the meeting had begun.",
        "permanent": "Not sent: the mail server refuses the address for good. Check it, or call.",
        "technical": "Not sent: it failed too often, or its text is faulty. Tell an operator, and call if it matters.",
        "possibly_sent": "Perhaps sent: line or process died meanwhile. It is not repeated; call if it matters.",
    },
    "es": {
        "queued": "Espera su hora para salir.",
        "retrying": "El servidor de correo no lo aceptó por ahora; se intenta de nuevo.",
        "unasked": "Espera: nadie pudo decir si aún se comparte con esta persona. Se pregunta de nuevo. "
        "Si sigue así, avise a un operador: la página del sistema dice qué hacer.",
        "hard_news": "Espera al día siguiente, porque este trajo una noticia difícil.",
        "week_full": "Espera, porque esta semana ya hubo tantos correos como se acordó.",
        "quiet_hours": "Espera a que terminen las horas de silencio.",
        "sending": "Se está entregando al servidor de correo.",
        "sent": "El servidor de correo lo aceptó.",
        "settled": "No se envió: ya no hacía falta.",
        "consent_withdrawn": "No se envió: no hay un permiso para ello.",
        "no_address": "No se envió: no hay dirección de correo.",
        "inbox_only": "No se envió: la persona deja este tipo de mensaje en la bandeja.",
        "stopped": "No se envió: se detuvo.",
        "too_late": "No se envió: la cita ya había empezado.",
        "permanent": "No se envió: el servidor rechaza la dirección. Compruébela o llame.",
        "technical": "No se envió: falló demasiado, o su texto tiene un fallo. Avise a un operador; llame si importa.",
        "possibly_sent": "Quizá se envió: la conexión o el proceso se cortó. No se repite; llame si importa.",
    },
}


def for_recipient(message: Message, language: Language) -> str:
    """One sentence for the person."""
    key: str = message.status
    if message.status == "dropped":
        key = message.reason or "settled"
    elif message.status == "queued" and message.held in ("hard_news", "week_full"):
        key = message.held
    elif message.possibly_sent:
        key = "possibly_sent"
    return FOR_RECIPIENT[language][key]


def for_staff(message: Message, language: Language = "en") -> str:
    """One sentence for staff, with the reason and what to do."""
    said = FOR_STAFF[language]
    if message.possibly_sent:
        return said["possibly_sent"]
    if message.status == "queued":
        waits = message.held or "queued"
        return said["unasked" if message.reason == UNASKED else "retrying" if message.reason else waits]
    return said[message.reason or message.status]

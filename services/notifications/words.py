"""What became of a message on its way out, in plain words: for its recipient, and for staff with the reason."""

from services.notifications.domain.commands import UNASKED
from services.notifications.domain.state import Message
from shared.contracts.notifications import Channel
from shared.contracts.referrals import Language

WAYS: dict[Language, dict[Channel, tuple[str, str]]] = {
    "en": {
        "email": ("an e-mail", "e-mail"),
        "sms": ("a text message", "text message"),
        "push": ("a notification", "notification"),
    },
    "es": {
        "email": ("un correo", "correo"),
        "sms": ("un mensaje de texto", "mensaje de texto"),
        "push": ("un aviso", "aviso"),
    },
}
"""What each way carries, with its article and without."""

FOR_RECIPIENT: dict[Language, dict[str, str]] = {
    "en": {
        "queued": "We will also send you {a_way}.",
        "hard_news": "We will send you {a_way} on another day, since this one had other news.",
        "week_full": "We will send you {a_way} later, since you had enough of them this week.",
        "sending": "We are sending you {a_way}.",
        "sent": "We also sent you {a_way}.",
        "settled": "No {way} was sent, because it was no longer needed.",
        "consent_withdrawn": "No {way} was sent, because there is no consent for it.",
        "no_address": "No {way} was sent, because we have no address for it.",
        "inbox_only": "No {way} was sent, because you keep messages of this kind here.",
        "stopped": "No {way} was sent, because it was stopped.",
        "failed": "We could not send you {a_way}. You can read everything here.",
        "possibly_sent": "We tried to send you {a_way}. It may not have arrived. You can read everything here.",
        "too_late": "No {way} was sent, because it would have come too late.",
    },
    "es": {
        "queued": "También le enviaremos un {way}.",
        "hard_news": "Le enviaremos un {way} otro día, porque este ya trajo otra noticia.",
        "week_full": "Le enviaremos un {way} más adelante, porque esta semana ya recibió bastantes.",
        "sending": "Le estamos enviando un {way}.",
        "sent": "También le enviamos un {way}.",
        "settled": "No se envió ningún {way}, porque ya no hacía falta.",
        "consent_withdrawn": "No se envió ningún {way}, porque no hay permiso para ello.",
        "no_address": "No se envió ningún {way}, porque no tenemos una dirección.",
        "inbox_only": "No se envió ningún {way}, porque usted deja aquí los mensajes de este tipo.",
        "stopped": "No se envió ningún {way}, porque se detuvo.",
        "failed": "No pudimos enviarle un {way}. Aquí puede leerlo todo.",
        "possibly_sent": "Intentamos enviarle un {way}. Puede que no haya llegado. Aquí puede leerlo todo.",
        "too_late": "No se envió ningún {way}, porque habría llegado tarde.",
    },
}

FOR_STAFF: dict[Language, dict[str, str]] = {
    "en": {
        "queued": "Waits until its time to be sent.",
        "retrying": "The provider did not take it for now; it is tried again.",
        "unasked": "Waits: nobody could say whether it is still shared with this person. It is asked again. "
        "If it goes on, tell an operator: the page of the system says what to do.",
        "hard_news": "Waits until the next day, since this one brought hard news.",
        "week_full": "Waits, since this week has had as many as were agreed.",
        "quiet_hours": "Waits until quiet hours are over.",
        "sending": "Is being handed to the provider.",
        "sent": "The provider took it.",
        "settled": "Not sent: it was no longer needed.",
        "consent_withdrawn": "Not sent: no consent for it stands.",
        "no_address": "Not sent: there is no address for it.",
        "inbox_only": "Not sent: the person keeps this kind of message to the inbox.",
        "stopped": "Not sent: it was stopped.",
        "permanent": "Not sent: the provider refuses the address for good. Check it, or call.",
        "temporary": "Not delivered: the provider gave up after some time. Call if it matters.",
        "too_late": "Not sent: it would have come too late.",
        "technical": "Not sent: it failed too often, or its text is faulty. Tell an operator, and call if it matters.",
        "possibly_sent": "Perhaps sent: line or process died meanwhile. It is not repeated; call if it matters.",
    },
    "es": {
        "queued": "Espera su hora para salir.",
        "retrying": "El proveedor no lo aceptó por ahora; se intenta de nuevo.",
        "unasked": "Espera: nadie pudo decir si aún se comparte con esta persona. Se pregunta de nuevo. "
        "Si sigue así, avise a un operador: la página del sistema dice qué hacer.",
        "hard_news": "Espera al día siguiente, porque este trajo una noticia difícil.",
        "week_full": "Espera, porque esta semana ya hubo tantos como se acordó.",
        "quiet_hours": "Espera a que terminen las horas de silencio.",
        "sending": "Se está entregando al proveedor.",
        "sent": "El proveedor lo aceptó.",
        "settled": "No se envió: ya no hacía falta.",
        "consent_withdrawn": "No se envió: no hay un permiso para ello.",
        "no_address": "No se envió: no hay una dirección para ello.",
        "inbox_only": "No se envió: la persona deja este tipo de mensaje en la bandeja.",
        "stopped": "No se envió: se detuvo.",
        "permanent": "No se envió: el proveedor rechaza la dirección. Compruébela o llame.",
        "temporary": "No se entregó: el proveedor se rindió al cabo de un tiempo. Llame si importa.",
        "too_late": "No se envió: habría llegado tarde.",
        "technical": "No se envió: falló demasiado, o su texto tiene un fallo. Avise a un operador; llame si importa.",
        "possibly_sent": "Quizá se envió: la conexión o el proceso se cortó. No se repite; llame si importa.",
    },
}


def by_way(sentence: str, way: Channel, language: Language) -> str:
    """The sentence about what goes that way."""
    with_article, alone = WAYS[language][way]
    return sentence.format(a_way=with_article, way=alone)


def for_recipient(message: Message, language: Language, way: Channel = "email") -> str:
    """One sentence for the person. `way` is the one that it goes while it waits."""
    key: str = message.status
    if message.status == "dropped":
        key = message.reason or "settled"
    elif message.status == "queued" and message.held in ("hard_news", "week_full"):
        key = message.held
    elif message.possibly_sent:
        key = "possibly_sent"
    return by_way(FOR_RECIPIENT[language][key], way if message.status == "queued" else message.channel, language)


def for_staff(message: Message, language: Language = "en") -> str:
    """One sentence for staff, with the reason and what to do."""
    said = FOR_STAFF[language]
    if message.possibly_sent:
        return said["possibly_sent"]
    if message.status == "queued":
        waits = message.held or "queued"
        return said["unasked" if message.reason == UNASKED else "retrying" if message.reason else waits]
    return said[message.reason or message.status]

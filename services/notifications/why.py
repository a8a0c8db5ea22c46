"""Why did I, or did I not, get this? What an agenda decided about one message, step by step, in plain words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from services.notifications.words import by_way
from shared.contracts.notifications import (
    Channel,
    MessageClaimed,
    MessageDropped,
    MessageFailed,
    MessagePlanned,
    MessagePostponed,
    MessageRead,
    MessageSent,
)
from shared.contracts.preferences import MessageWithheld
from shared.contracts.reach import MessageDelivered, MessageLeftUnread, MessageRerouted, MessageReturned, MessageSeen
from shared.contracts.referrals import Language
from shared.contracts.wordings import MessageReworded

SENTENCES: dict[Language, dict[str, str]] = {
    "en": {
        "planned": "It came into the inbox, and {a_way} was planned.",
        "planned:critical": "It came into the inbox. Since it is about safety, {a_way} was to go at once.",
        "postponed:quiet_hours": "The {way} waited, because it was night or another quiet time.",
        "postponed:hard_news": "The {way} waited until the next day, because there was other hard news on that day.",
        "postponed:week_full": "The {way} waited, because there were enough of them in that week.",
        "postponed:moved": "The {way} got a new time, because the time zone or the choices about messages changed.",
        "dropped:settled": "No {way} was sent, because it was no longer needed.",
        "dropped:consent_withdrawn": "No {way} was sent, because there was no consent for it.",
        "dropped:no_address": "No {way} was sent, because there was no address for it.",
        "withheld:inbox_only": "No {way} was sent, because messages of this kind are kept to the inbox.",
        "withheld:stopped": "No {way} was sent, because somebody stopped it.",
        "claimed": "We sent the {way} off.",
        "claimed:with": "It went along in one with other news.",
        "sent": "The provider took it.",
        "failed:temporary": "The provider did not take it yet. It was to be tried again.",
        "failed:permanent": "The provider said no for good. Is the address right?",
        "failed:technical": "The {way} could not be sent.",
        "failed:possibly_sent": "The line broke off while it was sent. The {way} may have come, or not.",
        "planned:reminds": "It came into the inbox, and {a_way} was planned. It is its own reminder.",
        "planned:reminder": "A reminder was planned. It comes into the inbox when its {way} goes.",
        "withheld:too_late": "No {way} was sent, because it would have come too late.",
        "reworded": "Before it went out, the clinic changed how this kind of message is worded.",
        "read": "It was read in the inbox.",
        "rerouted:failed": "Since that did not work, it was to go another way.",
        "rerouted:returned": "Since it came back, it was to go another way.",
        "rerouted:unread": "Since it had not been opened, it was to go another way too.",
        "delivered": "The {way} arrived.",
        "returned": "The {way} came back: it did not arrive.",
        "seen": "It was seen in the inbox.",
        "left_unread": "It had not been opened, so our team was asked to call.",
    },
    "es": {
        "planned": "Llegó a la bandeja y se preparó un {way}.",
        "planned:critical": "Llegó a la bandeja. Como trata de la seguridad, el {way} debía salir enseguida.",
        "postponed:quiet_hours": "El {way} esperó, porque era de noche u otra hora de silencio.",
        "postponed:hard_news": "El {way} esperó hasta el día siguiente, porque ese día hubo otra noticia difícil.",
        "postponed:week_full": "El {way} esperó, porque esa semana ya hubo bastantes.",
        "postponed:moved": "El {way} cambió de hora, porque cambió la zona horaria o lo que se eligió.",
        "dropped:settled": "No se envió ningún {way}, porque ya no hacía falta.",
        "dropped:consent_withdrawn": "No se envió ningún {way}, porque no había permiso para ello.",
        "dropped:no_address": "No se envió ningún {way}, porque no había una dirección.",
        "withheld:inbox_only": "No se envió ningún {way}, porque los mensajes de este tipo se quedan en la bandeja.",
        "withheld:stopped": "No se envió ningún {way}, porque alguien lo detuvo.",
        "claimed": "Enviamos el {way}.",
        "claimed:with": "Salió junto con otras noticias.",
        "sent": "El proveedor lo aceptó.",
        "failed:temporary": "El proveedor aún no lo aceptó. Se iba a intentar otra vez.",
        "failed:permanent": "El proveedor dijo que no. ¿Es correcta la dirección?",
        "failed:technical": "No se pudo enviar el {way}.",
        "failed:possibly_sent": "La línea se cortó mientras se enviaba. El {way} puede haber llegado o no.",
        "planned:reminds": "Llegó a la bandeja y se preparó un {way}. Es su propio recordatorio.",
        "planned:reminder": "Se preparó un recordatorio. Llega a la bandeja cuando sale su {way}.",
        "withheld:too_late": "No se envió ningún {way}, porque habría llegado tarde.",
        "reworded": "Antes de salir, la clínica cambió la forma de decir este tipo de mensajes.",
        "read": "Se leyó en la bandeja.",
        "rerouted:failed": "Como eso no funcionó, debía salir de otra forma.",
        "rerouted:returned": "Como volvió, debía salir de otra forma.",
        "rerouted:unread": "Como no se había abierto, debía salir también de otra forma.",
        "delivered": "El {way} llegó.",
        "returned": "El {way} volvió: no llegó.",
        "seen": "Se vio en la bandeja.",
        "left_unread": "No se había abierto, así que se pidió a nuestro equipo que llamara.",
    },
}


class Step(BaseModel):
    """One decision: when, what in plain words, and until when it made the e-mail wait."""

    at: datetime
    text: str
    until: datetime | None = None


def steps(history: Iterable[Mapping[str, Any]], id: str, language: Language, way: Channel = "email") -> list[Step]:
    """What the ledger of an agenda says of the message `id`, oldest first. `way` is meant before the first."""
    found: list[Step] = []
    for entry in history:
        kind, data = entry["type"], entry["data"]
        key = _key(kind, data, id)
        if key is None:
            continue
        if kind == MessageClaimed.TYPE:
            way = data.get("channel", "email")
        text = by_way(SENTENCES[language][key], way, language)
        found.append(Step.model_validate({"at": data["at"], "text": text, "until": _until(kind, data)}))
    return found


def _key(kind: str, data: Mapping[str, Any], id: str) -> str | None:
    if kind == MessageClaimed.TYPE:
        goes_along = id in data.get("together", ())
        return "claimed:with" if goes_along else "claimed" if data["message_id"] == id else None
    if data.get("message_id") != id:
        return None
    if kind == MessageFailed.TYPE:
        return "failed:possibly_sent" if data.get("possibly_sent") else f"failed:{data['failure']}"
    return {
        MessagePlanned.TYPE: _planned(data),
        MessagePostponed.TYPE: f"postponed:{data.get('reason', 'quiet_hours')}",
        MessageDropped.TYPE: f"dropped:{data.get('reason')}",
        MessageWithheld.TYPE: f"withheld:{data.get('reason')}",
        MessageSent.TYPE: "sent",
        MessageRead.TYPE: "read",
        MessageRerouted.TYPE: f"rerouted:{data.get('reason')}",
        MessageDelivered.TYPE: "delivered",
        MessageReturned.TYPE: "returned",
        MessageSeen.TYPE: "seen",
        MessageLeftUnread.TYPE: "left_unread",
        MessageReworded.TYPE: "reworded",
    }.get(kind)


def _planned(data: Mapping[str, Any]) -> str:
    if data.get("shown_from"):
        return "planned:reminder"
    if data.get("reminds"):
        return "planned:reminds"
    return "planned:critical" if data.get("critical") else "planned"


def _until(kind: str, data: Mapping[str, Any]) -> str | None:
    return {
        MessagePlanned.TYPE: data.get("send_at"),
        MessagePostponed.TYPE: data.get("send_at"),
        MessageFailed.TYPE: data.get("retry_at"),
        MessageRerouted.TYPE: data.get("send_at"),
    }.get(kind)

"""Why did I, or did I not, get this? What an agenda decided about one message, step by step, in plain words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from shared.contracts.notifications import (
    MessageClaimed,
    MessageDropped,
    MessageFailed,
    MessagePlanned,
    MessagePostponed,
    MessageRead,
    MessageSent,
)
from shared.contracts.preferences import MessageWithheld
from shared.contracts.referrals import Language
from shared.contracts.wordings import MessageReworded

SENTENCES: dict[Language, dict[str, str]] = {
    "en": {
        "planned": "It came into the inbox, and an e-mail was planned.",
        "planned:critical": "It came into the inbox. Since it is about safety, an e-mail was to go at once.",
        "postponed:quiet_hours": "The e-mail waited, because it was night or another quiet time.",
        "postponed:hard_news": "The e-mail waited until the next day, because there was other hard news on that day.",
        "postponed:week_full": "The e-mail waited, because there were enough e-mails in that week.",
        "postponed:moved": "The e-mail got a new time, because the time zone or the choices about e-mails changed.",
        "reworded": "Before it went out, the clinic changed how this kind of message is worded.",
        "dropped:settled": "No e-mail was sent, because it was no longer needed.",
        "dropped:consent_withdrawn": "No e-mail was sent, because there was no consent for it.",
        "dropped:no_address": "No e-mail was sent, because there was no address for it.",
        "withheld:inbox_only": "No e-mail was sent, because messages of this kind are kept to the inbox.",
        "withheld:stopped": "No e-mail was sent, because somebody stopped it.",
        "claimed": "We sent the e-mail off.",
        "claimed:with": "It went along in one e-mail with other news.",
        "sent": "The e-mail provider took it.",
        "failed:temporary": "The e-mail provider did not take it yet. It was to be tried again.",
        "failed:permanent": "The e-mail provider said no for good. Is the address right?",
        "failed:technical": "The e-mail could not be sent.",
        "failed:possibly_sent": "The line broke off while it was sent. The e-mail may have come, or not.",
        "read": "It was read in the inbox.",
    },
    "es": {
        "planned": "Llegó a la bandeja y se preparó un correo.",
        "planned:critical": "Llegó a la bandeja. Como trata de la seguridad, el correo debía salir enseguida.",
        "postponed:quiet_hours": "El correo esperó, porque era de noche u otra hora de silencio.",
        "postponed:hard_news": "El correo esperó hasta el día siguiente, porque ese día hubo otra noticia difícil.",
        "postponed:week_full": "El correo esperó, porque esa semana ya hubo bastantes correos.",
        "postponed:moved": "El correo cambió de hora, porque cambió la zona horaria o lo que se eligió.",
        "reworded": "Antes de salir, la clínica cambió la forma de decir este tipo de mensajes.",
        "dropped:settled": "No se envió ningún correo, porque ya no hacía falta.",
        "dropped:consent_withdrawn": "No se envió ningún correo, porque no había permiso para ello.",
        "dropped:no_address": "No se envió ningún correo, porque no había una dirección.",
        "withheld:inbox_only": "No se envió ningún correo, porque los mensajes de este tipo se quedan en la bandeja.",
        "withheld:stopped": "No se envió ningún correo, porque alguien lo detuvo.",
        "claimed": "Enviamos el correo.",
        "claimed:with": "Salió en un mismo correo con otras noticias.",
        "sent": "El proveedor de correo lo aceptó.",
        "failed:temporary": "El proveedor de correo aún no lo aceptó. Se iba a intentar otra vez.",
        "failed:permanent": "El proveedor de correo dijo que no. ¿Es correcta la dirección?",
        "failed:technical": "No se pudo enviar el correo.",
        "failed:possibly_sent": "La línea se cortó mientras se enviaba. El correo puede haber llegado o no.",
        "read": "Se leyó en la bandeja.",
    },
}


class Step(BaseModel):
    """One decision: when, what in plain words, and until when it made the e-mail wait."""

    at: datetime
    text: str
    until: datetime | None = None


def steps(history: Iterable[Mapping[str, Any]], id: str, language: Language) -> list[Step]:
    """What the ledger of an agenda says of the message `id`, oldest first."""
    found = [(entry, _key(entry["type"], entry["data"], id)) for entry in history]
    return [
        Step.model_validate(
            {"at": entry["data"]["at"], "text": SENTENCES[language][key], "until": _until(entry["type"], entry["data"])}
        )
        for entry, key in found
        if key is not None
    ]


def _key(kind: str, data: Mapping[str, Any], id: str) -> str | None:
    if kind == MessageClaimed.TYPE:
        goes_along = id in data.get("together", ())
        return "claimed:with" if goes_along else "claimed" if data["message_id"] == id else None
    if data.get("message_id") != id:
        return None
    if kind == MessageFailed.TYPE:
        return "failed:possibly_sent" if data.get("possibly_sent") else f"failed:{data['failure']}"
    return {
        MessagePlanned.TYPE: "planned:critical" if data.get("critical") else "planned",
        MessagePostponed.TYPE: f"postponed:{data.get('reason', 'quiet_hours')}",
        MessageDropped.TYPE: f"dropped:{data.get('reason')}",
        MessageWithheld.TYPE: f"withheld:{data.get('reason')}",
        MessageSent.TYPE: "sent",
        MessageRead.TYPE: "read",
        MessageReworded.TYPE: "reworded",
    }.get(kind)


def _until(kind: str, data: Mapping[str, Any]) -> str | None:
    return {
        MessagePlanned.TYPE: data.get("send_at"),
        MessagePostponed.TYPE: data.get("send_at"),
        MessageFailed.TYPE: data.get("retry_at"),
    }.get(kind)

"""By which ways a message may go out, the first to be tried first: what was chosen, what is allowed and works."""

import hashlib

from services.notifications.domain.kinds import about
from services.notifications.domain.state import BY_EMAIL, OWN, REPLY, SIGN_IN, AgendaState, Message, is_shared
from shared.contracts.clinic import Clinic
from shared.contracts.clinic_staff import StaffMember
from shared.contracts.notifications import Channel

EMAIL_ALONE: tuple[Channel, ...] = ("email",)
"""How everybody is reached who has not chosen."""


def staff_member(clinic: Clinic, id: str) -> StaffMember | None:
    """The member of staff `id`, if the clinic's configuration has them."""
    return next((member for member in clinic.staff if member.id == id), None)


def address_of(clinic: Clinic, state: AgendaState, channel: Channel = "email") -> str | None:
    """Where this recipient is reached by `channel`."""
    whose = staff_member(clinic, state.recipient_id) if state.kind == "staff" else state
    if whose is None:
        return None
    return {"email": whose.email, "sms": whose.phone, "push": whose.push}[channel]


def chosen(clinic: Clinic, state: AgendaState) -> tuple[Channel, ...]:
    """All ways by which this recipient wishes to be reached, the first first; of staff, those for calls in danger."""
    if state.kind == "staff":
        member = staff_member(clinic, state.recipient_id)
        return member.called_by if member else EMAIL_ALONE
    return state.channels or EMAIL_ALONE


def open_to(clinic: Clinic, state: AgendaState, message: Message) -> tuple[Channel, ...]:
    """The ways that this message may still take, the first to be tried first. What is about safety takes an e-mail at
    last, also where other ways were chosen.
    """
    ways = chosen(clinic, state)
    if message.by is not None:
        ways = (message.by,)
    elif message.critical and state.kind != "staff":
        ways = tuple(dict.fromkeys((*ways, *EMAIL_ALONE)))
    elif state.kind == "staff" and not message.critical:
        ways = EMAIL_ALONE
    return tuple(one for one in ways if one not in message.tried and _works(clinic, state, message, one))


def way_of(clinic: Clinic, state: AgendaState, message: Message) -> Channel | None:
    """The way that it takes next; `None` where none is left or allowed."""
    return next(iter(open_to(clinic, state, message)), None)


def may_be_told(state: AgendaState, message: Message) -> bool:
    """Whether the recipient may be told this at all, by whichever way."""
    if message.needs == OWN:
        return bool(state.trusted_by)
    return not is_shared(message.needs) or state.permits(message.about, message.needs, message.fact_at)


def may_be_emailed(state: AgendaState, message: Message) -> bool:
    """Whether they agreed to hear of this by e-mail."""
    if message.needs == REPLY:
        return state.wishes_for_email
    if message.needs == OWN:
        return any(state.permits(one, BY_EMAIL) for one in state.trusted_by)
    if is_shared(message.needs):
        return state.permits(message.about, BY_EMAIL)
    return state.permits(message.about, message.needs, message.fact_at)


def drawer(channel: Channel, address: str | None) -> str | None:
    """Where agendas with such a number stand, among a thousand others: too little to find out a number by."""
    if address is None:
        return None
    return f"{channel}-{hashlib.sha256(f'{channel}|{plain(channel, address)}'.encode()).hexdigest()[:3]}"


def plain(channel: Channel, address: str) -> str:
    """An address as it is compared: people write those of e-mails in capitals and in small letters alike."""
    return address.strip().casefold() if channel == "email" else address


def _works(clinic: Clinic, state: AgendaState, message: Message, channel: Channel) -> bool:
    if address_of(clinic, state, channel) is None:
        return False
    # Whoever asks for a link wrote that address a moment ago, whatever came back from it before.
    if channel in state.stopped and message.template != SIGN_IN:
        return False
    if channel in state.unconfirmed and message.by != channel:
        return False
    category = about(message.template).category
    if not message.critical and category is not None and channel in state.without.get(category, ()):
        return False
    # Whoever chose to be reached by text message or notification agreed to it by that.
    return may_be_told(state, message) and (channel != "email" or may_be_emailed(state, message))

"""A link to sign in by: asked for by whoever knows the address of a patient or caregiver, used by whoever reads it."""

from datetime import datetime, timedelta
from typing import Literal

from services.notifications.domain.commands import AskToSignIn, UseSignInLink
from services.notifications.domain.state import SIGN_IN, AgendaState, Message
from shared.contracts.commands import Rejected
from shared.contracts.envelope import Event
from shared.contracts.notifications import MessagePlanned
from shared.contracts.reach import SIGN_IN_MINUTES, SignInLinkUsed

Standing = Literal["open", "used", "expired"]

MOST_LINKS = 3
WITHIN = timedelta(hours=1)
"""So many links go out in such a time: a technical limit, lest somebody fill a stranger's mailbox."""


def ask(state: AgendaState, c: AskToSignIn) -> list[Event]:
    """A link by e-mail. Whoever asks never learns that nobody gets one, so that is no refusal."""
    recent = [one for one in state.messages.values() if one.template == SIGN_IN and not is_past(one, c.now)]
    is_repeat = c.message_id in state.messages
    if state.kind not in ("patient", "caregiver") or state.email is None or is_repeat or len(recent) >= MOST_LINKS:
        return []
    until = c.now + timedelta(minutes=SIGN_IN_MINUTES)
    planned = MessagePlanned(
        at=c.now,
        recipient_id=state.recipient_id,
        message_id=c.message_id,
        template=SIGN_IN,
        topic=f"sign-in:{state.recipient_id}",
        parameters={"until": until.isoformat()},
        cause=c.actor,
        critical=False,
        send_at=c.now,
        pointless_after=until,
        wording=c.wording,
        by="email",
    )
    return [planned]


def use(state: AgendaState, c: UseSignInLink) -> list[Event]:
    """Whoever holds it reads what comes to the person's address. Raises `Rejected`."""
    standing = standing_of(state, c.message_id, c.now)
    if standing == "used":
        raise Rejected("sign-in-link-used")
    if standing == "expired":
        raise Rejected("sign-in-link-expired")
    return [SignInLinkUsed(at=c.now, recipient_id=state.recipient_id, message_id=c.message_id)]


def standing_of(state: AgendaState, id: str, now: datetime) -> Standing:
    """Whether the link of the message `id` can be used. Raises `Rejected` where there is none, or nobody any more."""
    message = state.messages.get(id)
    if message is None or message.template != SIGN_IN or state.email is None:
        raise Rejected("message-unknown")
    if message.used_at is not None:
        return "used"
    return "expired" if message.pointless_after is not None and now >= message.pointless_after else "open"


def is_past(message: Message, now: datetime) -> bool:
    """Whether it is a link that counts no more among those that went out."""
    return message.template == SIGN_IN and message.planned_at <= now - WITHIN

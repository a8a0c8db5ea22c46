"""By which ways a person is reached, and what became of a message on its way besides being sent."""

from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.notifications import AgendaEvent, Channel, MessageEvent
from shared.contracts.personal import Personal
from shared.contracts.preferences import Category

PhoneNumber = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]
"""In the international form (ITU-T E.164): a plus, the country, at most 15 digits, nothing between them."""
PushName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{4,64}$")]
"""What a person's telephone listens to at the clinic's push service: its topic, or the key of a user there."""

SIGN_IN_MINUTES = 15
"""How long a link to sign in can be used: a technical limit."""


class ReachChosen(AgendaEvent):
    """The person chose by which ways they are reached: the first of `channels` that works comes first, for what is
    about safety too. `without` names, by category, those that are not used for it.

    Nothing but a code goes by those that are `unconfirmed`, until they are confirmed. With `says_more` a text message,
    a notification and the subject of an e-mail may say what a message is about.
    """

    TYPE: ClassVar[str] = "carepath.agenda.reach_chosen.v1"

    channels: tuple[Channel, ...]
    phone: Personal[str] = None
    push: Personal[str] = None
    sender_name: str | None = None
    says_more: bool = False
    without: dict[Category, tuple[Channel, ...]] = Field(default_factory=dict)
    unconfirmed: tuple[Channel, ...] = ()


class ReachConfirmed(AgendaEvent):
    """The person wrote the code that had been sent by `channel`: what comes there is theirs to read."""

    TYPE: ClassVar[str] = "carepath.agenda.reach_confirmed.v1"

    channel: Channel


class ChannelStopped(AgendaEvent):
    """Nothing goes out by `channel` any more until it is started or chosen again, or another address is known.

    `asked`: a word such as STOP came from it. `returned`: the address does not exist there, says the provider. `about`
    is the patient concerned. `of_staff` is a way by which a member of staff is called when somebody is in danger.
    """

    TYPE: ClassVar[str] = "carepath.agenda.channel_stopped.v1"

    channel: Channel
    reason: Literal["asked", "returned"]
    about: Identifier | None = None
    of_staff: bool = False


class ChannelStarted(AgendaEvent):
    """A word such as START came from it, or another address was given: `channel` is used again."""

    TYPE: ClassVar[str] = "carepath.agenda.channel_started.v1"

    channel: Channel


class MessageRerouted(MessageEvent):
    """It goes by another way at `send_at`: by the one before it failed, came back, or stayed unread."""

    TYPE: ClassVar[str] = "carepath.agenda.message_rerouted.v1"

    before: Channel
    reason: Literal["failed", "returned", "unread"]
    send_at: AwareDatetime


class MessageDelivered(MessageEvent):
    """The provider says that it arrived where it was sent to."""

    TYPE: ClassVar[str] = "carepath.agenda.message_delivered.v1"


class MessageReturned(MessageEvent):
    """The provider had taken it and says now that it did not arrive. `detail` is its code, never an address."""

    TYPE: ClassVar[str] = "carepath.agenda.message_returned.v1"

    failure: Literal["permanent", "temporary"]
    detail: str = ""


class MessageSeen(MessageEvent):
    """It stood in the inbox while the person looked at it; whether they read it only `message_read` says."""

    TYPE: ClassVar[str] = "carepath.agenda.message_seen.v1"


class SignInLinkUsed(MessageEvent):
    """By the link in that message somebody signed in as its recipient: it lets nobody in again."""

    TYPE: ClassVar[str] = "carepath.agenda.sign_in_link_used.v1"


class MessageLeftUnread(MessageEvent):
    """It was not opened, and there is no other way: somebody should speak with the person."""

    TYPE: ClassVar[str] = "carepath.agenda.message_left_unread.v1"

    template: str
    topic: str
    about: Identifier | None = None
    sent_at: AwareDatetime


EVENTS: tuple[type[Event], ...] = (
    ReachChosen,
    ReachConfirmed,
    ChannelStopped,
    ChannelStarted,
    MessageRerouted,
    MessageDelivered,
    MessageReturned,
    MessageSeen,
    MessageLeftUnread,
    SignInLinkUsed,
)

"""What may be wanted of an agenda. `recipient_id` stands in those that may be the first for their agenda."""

from datetime import timedelta
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.clinic_agenda import Hours
from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.notifications import Channel, RecipientKind
from shared.contracts.preferences import Category, MostEmails
from shared.contracts.reach import PhoneNumber, PushName
from shared.contracts.referrals import Language
from shared.contracts.sessions import Browser, Device, Door, Why

MEETS_AT = "meets_at"
"""The parameter of every reminder: when the meeting begins."""


class Planned(BaseModel):
    """A message that a fact leads to. Its id is made from cause, template and recipient, so no cause makes two.

    Its e-mail goes out after `wait` at the soonest, since what follows at once may settle it. A reminder is due at
    `shown_from`, and pointless once the meeting has begun. `wording` is, by language, the
    version of the clinic's own words that holds as it is planned; the runtime's `ready` fills it in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    message_id: Identifier
    template: str
    topic: str
    parameters: dict[str, str | int] = {}
    about: Identifier | None = None
    critical: bool = False
    needs: str | None = None
    wait: timedelta = timedelta(0)
    shown_from: AwareDatetime | None = None
    pointless_after: AwareDatetime | None = None
    wording: dict[str, int] = {}


class CaregiverNote(BaseModel):
    """What caregivers may be told, if the patient agrees and has opened the scope to them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    template: str
    topic: str
    scope: str | None = None


class LearnRecipient(Command):
    """Contact data arrived. A caregiver's comes with whether the patient `about` lets them be told things, a
    patient's with the `scopes` that they agreed to at registration.
    """

    recipient_id: Identifier
    kind: RecipientKind
    name: str | None
    email: str | None
    language: Language
    time_zone: str
    about: Identifier | None = None
    granted: bool = False
    scopes: tuple[str, ...] = ()


class ChangePermission(Command):
    """The patient `about` gave or withdrew a consent that this recipient's messages rely on; with `since`, for facts
    from then on. The topics in `settle` are settled by it. `language` is what a caregiver wishes to be told things in.
    """

    recipient_id: Identifier
    about: Identifier
    scope: str
    granted: bool
    fact_at: AwareDatetime
    since: AwareDatetime | None = None
    settle: tuple[str, ...] = ()
    language: Language | None = None


class KnowCaregiver(Command):
    """The patient named somebody whom they trust, or no longer names them."""

    recipient_id: Identifier
    caregiver_id: Identifier
    linked: bool
    fact_at: AwareDatetime


class HandleFact(Command):
    """All that one event, which happened at `fact_at`, does to this agenda: settle topics first, then plan and tell.

    Of the topics in `replace` only what was said before is settled, since the event says it anew. `remind` are the
    reminders of the meetings whose dates it tells.
    """

    recipient_id: Identifier
    kind: RecipientKind
    cause: str
    fact_at: AwareDatetime
    settle: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()
    plan: tuple[Planned, ...] = ()
    remind: tuple[Planned, ...] = ()
    tell_caregivers: tuple[CaregiverNote, ...] = ()


class ChoosePreferences(Command):
    """The recipient says what reaches them by e-mail, how many a week, and when not; `None` leaves it to the clinic."""

    inbox_only: tuple[Category, ...] = ()
    weekly_emails: MostEmails | None = None
    hours: Hours | None = None


class NewCode(BaseModel):
    """A code, and the id of the message that takes it to the person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    message_id: Identifier
    code: str


class ChooseReach(Command):
    """The recipient says by which ways they are reached, in which order, and what of them may be seen by others.

    `codes` are those that are sent to what is new, for the person to write here: nobody can guess them. `wording` as of
    `Planned`, for the message that takes a code there.
    """

    channels: tuple[Channel, ...]
    phone: PhoneNumber | None = None
    push: PushName | None = None
    sender_name: str | None = None
    says_more: bool = False
    without: dict[Category, tuple[Channel, ...]] = Field(default_factory=dict)
    codes: dict[Channel, NewCode] = Field(default_factory=dict)
    wording: dict[str, int] = Field(default_factory=dict)


class ConfirmReach(Command):
    """The recipient writes the code that came by a channel."""

    channel: Channel
    code: str


class AskToSignIn(Command):
    """Somebody asks for a link to sign in, which goes to the recipient's e-mail address. `wording` as of `Planned`."""

    message_id: Identifier
    wording: dict[str, int] = Field(default_factory=dict)


class UseSignInLink(Command):
    """Somebody holds the link of that message, and wants to be let in."""

    message_id: Identifier


class UseSession(Command):
    """The session begins, or the recipient uses it again. It began at `begun_at`, says the portal that signed it.
    `is_new`: somebody signs in at this very moment, whatever the portal's clock says.
    """

    recipient_id: Identifier
    session_id: Identifier
    begun_at: AwareDatetime
    until: AwareDatetime
    browser: Browser
    device: Device
    door: Door
    is_new: bool = False


class EndSession(Command):
    """The session is over."""

    session_id: Identifier
    why: Why


class SignOutEverywhere(Command):
    """The recipient wants to be signed in nowhere."""


class HeedWord(Command):
    """A word such as STOP or START came back by a channel."""

    channel: Channel
    word: Literal["stop", "start"]


class RecordReceipt(Command):
    """What became of a message, says the provider that had taken it. `detail` is its code, never an address."""

    message_id: Identifier
    channel: Channel
    outcome: Literal["delivered", "permanent", "temporary"]
    address_is_wrong: bool = False
    detail: str = ""


class Unsubscribe(Command):
    """By the link in an e-mail: the recipient wants no more e-mails of these kinds; all else stays as they chose it."""

    categories: tuple[Category, ...]


class StopMessage(Command):
    """The recipient, or psychology, wants an e-mail that waits not to be sent."""

    message_id: Identifier


class RewordMessages(Command):
    """The clinic has other words for `template`, and what waits of those planned up to `fact_at` is to have them."""

    recipient_id: Identifier
    template: str
    language: Language
    wording: int
    fact_at: AwareDatetime


class RecordSent(Command):
    """The mail server took the e-mail."""

    message_id: Identifier


UNASKED = "permissions-away"
"""`detail` of an attempt at which nobody said whether it is open to the recipient: no mail server was at fault."""


class RecordFailed(Command):
    """The attempt failed. `detail` is a code of the mail server or a class of fault, never an address or a text."""

    message_id: Identifier
    attempt: int
    failure: Literal["temporary", "permanent", "technical"]
    detail: str = ""


class RecordClosed(Command):
    """At the moment of sending it turned out that it is not open to the recipient any more."""

    message_id: Identifier
    attempt: int


class SeeMessages(Command):
    """The recipient looked at their inbox, in which these stood."""

    message_ids: tuple[Identifier, ...]


class ReadMessage(Command):
    """The recipient opened a message in their inbox."""

    message_id: Identifier

"""What the notifications service says: what it planned for whom, why, and what became of it."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.personal import Personal
from shared.contracts.referrals import Language

RecipientKind = Literal["patient", "caregiver", "staff"]
Channel = Literal["email", "sms", "push"]
"""A way out of the house. The inbox is none: what stands there needs nobody to carry it."""
DropReason = Literal["settled", "consent_withdrawn", "no_address"]


class AgendaEvent(Event):
    """What every event of an agenda carries. There is one agenda for each person who may be told something."""

    PERSON: ClassVar[str] = "recipient_id"

    recipient_id: Identifier


class RecipientKnown(AgendaEvent):
    """Contact data and language of a recipient were learned or changed."""

    TYPE: ClassVar[str] = "carepath.agenda.recipient_known.v1"

    kind: RecipientKind
    name: Personal[str]
    email: Personal[str]
    language: Language
    time_zone: str


class PermissionChanged(AgendaEvent):
    """A consent that this recipient's messages rely on was given or withdrawn. `about` is the patient concerned.

    `since` is there where only facts from then on may be told.
    """

    TYPE: ClassVar[str] = "carepath.agenda.permission_changed.v1"

    about: Identifier
    scope: str
    granted: bool
    caregiver_ids: tuple[Identifier, ...] = ()
    since: AwareDatetime | None = None


class CaregiverKnown(AgendaEvent):
    """The patient's agenda learned whom the patient trusts (`linked` true), or no longer does (false)."""

    TYPE: ClassVar[str] = "carepath.agenda.caregiver_known.v1"

    caregiver_id: Identifier
    linked: bool


class CaregiversToBeTold(AgendaEvent):
    """A fact about this patient that caregivers may hear of. It is remembered for one whose link or consent is older
    than the fact but arrives after it; `fact_at` is when the fact behind it happened.
    """

    TYPE: ClassVar[str] = "carepath.agenda.caregivers_to_be_told.v1"

    template: str
    topic: str
    cause: str
    fact_at: AwareDatetime
    scope: str | None = None


class CaregiverMessageDue(AgendaEvent):
    """Something about this patient may be told to one of their caregivers, whose own agenda takes it on."""

    TYPE: ClassVar[str] = "carepath.agenda.caregiver_message_due.v1"

    caregiver_id: Identifier
    template: str
    topic: str
    cause: str
    scope: str | None = None
    fact_at: AwareDatetime | None = None


class MessageEvent(AgendaEvent):
    """What every event of one message carries."""

    message_id: Identifier


class MessagePlanned(MessageEvent):
    """A message stands in the person's inbox, and an e-mail is planned for `send_at` if their consent allows.

    `topic` names what it is about; once that is settled, an unsent e-mail is dropped. `fact_at` is when the fact
    behind it happened; without it, `at` counts. `wording` says by language which version of the clinic's own words it
    is told in; where a language is not there, in the shipped ones. It goes `by` that way alone, where one is named.

    A reminder is shown from `shown_from` on, or from when its e-mail goes, and is pointless from `pointless_after` on.
    `reminds` says that this message, which tells a date, goes out so near to it that it is its own reminder.
    """

    TYPE: ClassVar[str] = "carepath.agenda.message_planned.v1"

    template: str
    topic: str
    parameters: dict[str, str | int]
    about: Identifier | None = None
    cause: str
    critical: bool
    needs: str | None = None
    fact_at: AwareDatetime | None = None
    send_at: AwareDatetime
    shown_from: AwareDatetime | None = None
    pointless_after: AwareDatetime | None = None
    reminds: bool = False
    wording: dict[str, int] = Field(default_factory=dict)
    by: Channel | None = None

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """What needs no consent went to staff, and may be about what they discuss among themselves. What is planned for
        those whom patients trust is often not theirs to be told, and then never goes out.
        """
        needs = data.get("needs")
        return needs is not None and not str(needs).startswith("caregiver")


class MessagePostponed(MessageEvent):
    """The e-mail waits until `send_at`: it is quiet hours for the recipient by now, hard news came on this day, this
    week had e-mails enough, or they changed their zone or their wishes. One that was dropped for want of a permission
    goes out after all, since the permission had been given by then.
    """

    TYPE: ClassVar[str] = "carepath.agenda.message_postponed.v1"

    send_at: AwareDatetime
    reason: Literal["quiet_hours", "hard_news", "week_full", "moved"] = "quiet_hours"


class MessageDropped(MessageEvent):
    """The planned e-mail will not be sent, and why."""

    TYPE: ClassVar[str] = "carepath.agenda.message_dropped.v1"

    reason: DropReason


class TopicSettled(AgendaEvent):
    """What messages of `topic`, and of the topics below it, asked for has happened at `fact_at` (without it: `at`).

    E-mails about facts up to then are dropped, also one that is learned later; a later fact opens the matter again.
    """

    TYPE: ClassVar[str] = "carepath.agenda.topic_settled.v1"

    topic: str
    fact_at: AwareDatetime | None = None


class MessageClaimed(MessageEvent):
    """One process is about to hand it over by `channel`. Until `settle_by` the outcome may be unknown.

    `together` names the messages that go out in the same one; what becomes of it becomes of them.
    """

    TYPE: ClassVar[str] = "carepath.agenda.message_claimed.v1"

    attempt: int
    settle_by: AwareDatetime
    channel: Channel = "email"
    together: tuple[Identifier, ...] = ()


class MessageSent(MessageEvent):
    """The mail server, or whoever carries it, took it. Unless it is opened by `unread_at`, it counts as unread."""

    TYPE: ClassVar[str] = "carepath.agenda.message_sent.v1"

    unread_at: AwareDatetime | None = None


class MessageFailed(MessageEvent):
    """`temporary` is tried again at `retry_at`; `permanent` and `technical` are not, and are shown to staff.

    `technical` with `possibly_sent` means that a process died inside the send: an ordinary message is not repeated.
    """

    TYPE: ClassVar[str] = "carepath.agenda.message_failed.v1"

    failure: Literal["temporary", "permanent", "technical"]
    possibly_sent: bool = False
    retry_at: AwareDatetime | None = None
    detail: str = ""


class CallFailed(MessageEvent):
    """A critical e-mail to staff will not arrive: somebody else is called, and operators are told. It carries what the
    next person is told; `fact_at` is when the fact behind it happened.
    """

    TYPE: ClassVar[str] = "carepath.agenda.call_failed.v1"

    template: str
    topic: str
    parameters: dict[str, str | int]
    about: Identifier | None = None
    fact_at: AwareDatetime

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """How the clinic reaches its own people is no matter of the patient's."""
        return False


class MessageRead(MessageEvent):
    """The person opened it in the inbox."""

    TYPE: ClassVar[str] = "carepath.agenda.message_read.v1"


EVENTS: tuple[type[Event], ...] = (
    RecipientKnown,
    PermissionChanged,
    CaregiverKnown,
    CaregiversToBeTold,
    CaregiverMessageDue,
    MessagePlanned,
    MessagePostponed,
    MessageDropped,
    TopicSettled,
    MessageClaimed,
    MessageSent,
    MessageFailed,
    CallFailed,
    MessageRead,
)

"""What one recipient's agenda remembers. Personal fields read as `None` once the person is erased."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.contracts.clinic_agenda import Hours
from shared.contracts.notifications import Channel, RecipientKind
from shared.contracts.personal import Personal
from shared.contracts.preferences import Category
from shared.contracts.referrals import Language
from shared.contracts.sessions import Browser, Device, Door

Status = Literal["queued", "sending", "sent", "dropped", "failed"]


class Part(BaseModel):
    """A part of the state."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Message(Part):
    """One message: at once in the inbox, and out by one way. `status` and `reason` say what became of that.

    `unasked` of its `attempts` found nobody to say whether it is open to the recipient. One that goes out in the e-mail
    of another has that one's id as `carrier`. `held` says why it waits longer than was planned. A reminder is due at
    `shown_from`, stands in the inbox from then on, and is pointless from `pointless_after` on. `wording` is, by
    language, the version of the clinic's own words that it is told in.

    It goes `by` one way alone, where one is named; `channel` is the way by which it last went, `tried` those that it
    does not take again, `tries_before` the attempts on them. From `unread_at` on it counts as unread, unless it was
    `seen_at` some moment in the inbox. The link in it to sign in was `used_at` that moment.
    """

    template: str
    topic: str
    parameters: dict[str, str | int] = {}
    about: str | None = None
    cause: str
    critical: bool
    needs: str | None = None
    planned_at: AwareDatetime
    fact_at: AwareDatetime
    send_at: AwareDatetime
    status: Status = "queued"
    reason: str | None = None
    attempts: int = 0
    unasked: int = 0
    settle_by: AwareDatetime | None = None
    possibly_sent: bool = False
    read_at: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None
    carrier: str | None = None
    held: str | None = None
    by: Channel | None = None
    channel: Channel = "email"
    tried: tuple[Channel, ...] = ()
    tries_before: int = 0
    unread_at: AwareDatetime | None = None
    delivered_at: AwareDatetime | None = None
    seen_at: AwareDatetime | None = None
    shown_from: AwareDatetime | None = None
    pointless_after: AwareDatetime | None = None
    used_at: AwareDatetime | None = None
    wording: dict[str, int] = {}

    @property
    def unfinished(self) -> bool:
        """Whether its e-mail may still be sent."""
        return self.status in ("queued", "sending")

    @property
    def goes_again(self) -> bool:
        """Whether it went out, and waits to go by another way, which whoever has opened it does not need."""
        return self.status == "queued" and self.sent_at is not None and not self.critical


class Settled(Part):
    """A topic, and the moment up to which its facts need no message any more."""

    topic: str
    up_to: AwareDatetime


class Note(Part):
    """A fact that caregivers may hear of, kept for those whose link or consent arrives late."""

    template: str
    topic: str
    cause: str
    fact_at: AwareDatetime
    scope: str | None = None


class Permission(Part):
    """A consent of the patient `about` that stands; for facts from `since` on, where that is there."""

    about: str
    scope: str
    since: AwareDatetime | None = None


class Session(Part):
    """Somebody is signed in as the recipient, in one browser."""

    begun_at: AwareDatetime
    until: AwareDatetime
    used_at: AwareDatetime
    browser: Browser
    device: Device
    door: Door
    ended_at: AwareDatetime | None = None


class AgendaState(Part):
    """Everything planned for and sent to one recipient. `kind` is unknown until their contact data arrived.

    Contact data of staff is not kept: it is in the clinic's configuration. Sessions that began up to `signed_out_at`
    have ended, whether or not they are among the `sessions`.
    """

    recipient_id: str = ""
    kind: RecipientKind | None = None
    name: Personal[str] = None
    email: Personal[str] = None
    language: Language = "en"
    time_zone: str | None = None
    inbox_only: tuple[Category, ...] = ()
    weekly_emails: int | None = None
    hours: Hours | None = None
    channels: tuple[Channel, ...] = ()
    phone: Personal[str] = None
    push: Personal[str] = None
    sender_name: str | None = None
    says_more: bool = False
    without: dict[Category, tuple[Channel, ...]] = {}
    stopped: tuple[Channel, ...] = ()
    unconfirmed: tuple[Channel, ...] = ()
    permissions: tuple[Permission, ...] = ()
    caregivers: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    messages: dict[str, Message] = {}
    settled: tuple[Settled, ...] = ()
    sessions: dict[str, Session] = {}
    signed_out_at: AwareDatetime | None = None

    def permits(self, about: str | None, scope: str | None, fact_at: AwareDatetime | None = None) -> bool:
        """Whether the consent that a message needs stands; none needed is always permitted. What happened before it
        was given is not told later.
        """
        if scope is None:
            return True
        given = next((p for p in self.permissions if (p.about, p.scope) == (about, scope)), None)
        return given is not None and (given.since is None or fact_at is None or given.since <= fact_at)

    @property
    def trusted_by(self) -> tuple[str, ...]:
        """Of a caregiver: the patients who name them and agree that they are told things, as far as is known here."""
        return tuple(one.about for one in self.permissions if one.scope == CAREGIVER)

    @property
    def wishes_for_email(self) -> bool:
        """Of a caregiver: whether they wish to be told things by e-mail, whoever names them."""
        return any(one.scope == BY_EMAIL for one in self.permissions)

    def is_settled(self, topic: str, fact_at: AwareDatetime) -> bool:
        """Whether a fact of `topic` needs no message any more."""
        return any(covers(one.topic, topic) and fact_at <= one.up_to for one in self.settled)


def covers(settled: str, topic: str) -> bool:
    """Whether `topic` is `settled` or below it: `referral:7` covers `referral:7/triage`, not `referral:77`."""
    return topic == settled or topic.startswith(f"{settled}/")


INVITATION = "caregiver_invitation"
"""The template of an invitation to take part: told, and to be read, only while it is one."""
CALL_FAILED = "call_failed"
"""The template of the word to operators that a call for help was not delivered."""
CONFIRM = "confirm_way"
"""The template of the code that is sent to a new number, to see whether it is the person's."""
SIGN_IN = "sign_in_link"
"""The template of the link by which somebody signs in."""
ASKED_FOR = (CONFIRM, SIGN_IN)
"""What a person has just asked for, and waits for: it takes no place in a week."""
CAREGIVER = "caregiver"
BY_EMAIL = "caregiver-email"
"""A caregiver's own wish to be told things by e-mail, kept beside what patients have opened to them."""
REPLY = "caregiver-reply"
"""What a message needs that answers what a caregiver asked or told: only, for its e-mail, their own wish."""
OWN = "caregiver-own"
"""What a message needs that tells a caregiver something of themselves: that they take part, for whichever patient."""


def shared_as(scope: str | None) -> str:
    """The permission that a message about `scope` needs. Before there were scopes, the consent alone was asked for."""
    return f"{CAREGIVER}:{scope}" if scope else CAREGIVER


def is_shared(needs: str | None) -> bool:
    """Whether a message tells a caregiver something of a patient. Those from before there were scopes are of none, so
    nothing that is open lets them be told.
    """
    return needs is not None and (needs == CAREGIVER or needs.startswith(f"{CAREGIVER}:"))

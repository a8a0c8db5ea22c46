"""Links in an e-mail that stand for who reads it: made when it is handed over, kept nowhere."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

from services.notifications.domain.kinds import about
from services.notifications.domain.state import SIGN_IN, AgendaState, Message
from shared.contracts.clinic import Clinic
from shared.runtime import sign_in, take_on, unsubscribe
from shared.runtime.sign_in import SignIn
from shared.runtime.take_on import TakeOn
from shared.runtime.unsubscribe import Unsubscriber

Links = Callable[[str, Message, AgendaState], Mapping[str, str]]
"""What a text may use beside the parameters of its message, of which the id comes first."""

Unsubscribes = Callable[[Collection[Message], AgendaState, datetime], str | None]
"""Where the recipient of an e-mail that tells all these wants no more of their kinds; `None` where they cannot."""

TAKEN_ON = ("risk_alert", "risk_alert_escalated")
"""Calls that somebody may answer right in the message."""


def no_links(_: str, __: Message, ___: AgendaState) -> Mapping[str, str]:
    """Nothing beside the parameters."""
    return {}


def no_unsubscribe(_: Collection[Message], __: AgendaState, ___: datetime) -> str | None:
    """There is no such link."""
    return None


def message_links(clinic: Clinic, secret: str) -> Links:
    """All that a message may carry."""
    takes_on, signs_in = take_on_links(clinic, secret), sign_in_links(clinic, secret)
    return lambda id, message, state: {**takes_on(id, message, state), **signs_in(id, message, state)}


def take_on_links(clinic: Clinic, secret: str) -> Links:
    """`take_on`: where the clinician who is called takes the alert on, without signing in first."""

    def links(_: str, message: Message, state: AgendaState) -> Mapping[str, str]:
        if message.template not in TAKEN_ON:
            return {}
        who = TakeOn(str(message.parameters["alert_id"]), state.recipient_id)
        due = datetime.fromisoformat(str(message.parameters["acknowledge_by"]))
        token = take_on.issue_link(secret, who, due + timedelta(hours=clinic.on_call.link_hours))
        return {"take_on": _page(clinic, "take-on", token)}

    return links


def sign_in_links(clinic: Clinic, secret: str) -> Links:
    """`sign_in`: where a patient or caregiver who asked for it signs in, once."""

    def links(id: str, message: Message, state: AgendaState) -> Mapping[str, str]:
        if message.template != SIGN_IN or state.kind not in ("patient", "caregiver"):
            return {}
        who = SignIn(state.recipient_id, state.kind, state.language, id)
        until = datetime.fromisoformat(str(message.parameters["until"]))
        return {"sign_in": _page(clinic, "sign-in/with", sign_in.issue_link(secret, who, until))}

    return links


def unsubscribe_links(clinic: Clinic, secret: str) -> Unsubscribes:
    """Where a patient or caregiver wants no more such e-mails. One about safety, or of no kind to choose, has none."""

    def link(messages: Collection[Message], state: AgendaState, now: datetime) -> str | None:
        kinds = {category for one in messages if (category := about(one.template).category) is not None}
        if state.kind not in ("patient", "caregiver") or not kinds or any(one.critical for one in messages):
            return None
        who = Unsubscriber(state.recipient_id, state.kind, state.language, tuple(sorted(kinds)))
        token = unsubscribe.issue_link(secret, who, now + timedelta(days=clinic.agenda.unsubscribe_days))
        return _page(clinic, "unsubscribe", token)

    return link


def _page(clinic: Clinic, name: str, token: str) -> str:
    return f"{clinic.portal_url.rstrip('/')}/{name}/{token}"

"""Links in an e-mail that stand for who reads it: made when it is handed over, kept nowhere."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from services.notifications.domain.state import AgendaState, Message
from shared.contracts.clinic import Clinic
from shared.runtime.take_on import TakeOn, issue_link

Links = Callable[[Message, AgendaState], Mapping[str, str]]
"""What a text may use beside its parameters."""

TAKEN_ON = ("risk_alert", "risk_alert_escalated")
"""Calls that somebody may answer right in the message."""


def no_links(_: Message, __: AgendaState) -> Mapping[str, str]:
    """Nothing beside the parameters."""
    return {}


def take_on_links(clinic: Clinic, secret: str) -> Links:
    """`take_on`: where the clinician who is called takes the alert on, without signing in first."""

    def links(message: Message, state: AgendaState) -> Mapping[str, str]:
        if message.template not in TAKEN_ON:
            return {}
        who = TakeOn(str(message.parameters["alert_id"]), state.recipient_id)
        due = datetime.fromisoformat(str(message.parameters["acknowledge_by"]))
        token = issue_link(secret, who, due + timedelta(hours=clinic.on_call.link_hours))
        return {"take_on": f"{clinic.portal_url.rstrip('/')}/take-on/{token}"}

    return links

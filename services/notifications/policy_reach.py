"""Who is told that a person cannot be reached: a part of the one table in `policy.py`."""

from services.notifications import topics as t
from services.notifications.rule import Rule
from shared.contracts.envelope import Event
from shared.contracts.reach import ChannelStopped, MessageLeftUnread

REACH_RULES: dict[type[Event], tuple[Rule, ...]] = {
    MessageLeftUnread: (Rule("triage_team", "message_unread", t.LEFT_UNREAD, ("sent_at", "recipient_id")),),
    # Whoever said STOP knows, and of staff an operator should: they were to be called by it when somebody is in danger.
    # Whose address is wrong does not know.
    ChannelStopped: (
        Rule("triage_team", "address_returned", t.RETURNED, ("channel", "recipient_id"), only=("reason", "returned")),
        Rule("operators", "call_way_stopped", t.RETURNED, ("channel", "recipient_id"), only=("of_staff", True)),
    ),
}

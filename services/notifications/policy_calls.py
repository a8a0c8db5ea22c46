"""Who is told that a call for help reached nobody: a part of the one table in `policy.py`.

Who is called instead is not said here: it is the next of those on duty, with the same words (`call_reactions.py`).
"""

from services.notifications import topics as t
from services.notifications.domain.state import CALL_FAILED
from services.notifications.rule import Rule
from shared.contracts.envelope import Event
from shared.contracts.notifications import CallFailed

CALL_RULES: dict[type[Event], tuple[Rule, ...]] = {
    CallFailed: (Rule("operators", CALL_FAILED, t.CALL_FAILED, ("recipient_id",), critical=True),),
}

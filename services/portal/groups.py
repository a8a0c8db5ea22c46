"""What pages of groups need of what the services say: whose turn it is, who may be invited, what is said in a form."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.portal.calls import Json
from services.portal.forms import Form

OPEN = ("invited", "accepted", "seat", "reserve")


def present(memberships: list[Json] | None) -> Json | None:
    """The group that a person is in or is asked to; else the last one that has something to read."""
    rows = [row for row in memberships or [] if row["status"] in OPEN and row["group_status"] != "cancelled"]
    return rows[0] if rows else next(iter(memberships or []), None)


def on_home(memberships: list[Json] | None) -> Json | None:
    """What the first page says of a group: only of one that goes on."""
    found = present(memberships)
    goes_on = found is not None and found["status"] in OPEN and found["group_status"] not in ("cancelled", "finished")
    return found if goes_on else None


def time_of_day(moment: str, zone: str) -> str:
    """As people wish for it: morning until noon, afternoon until five, then evening."""
    hour = datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).hour
    return "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"


def attendance(form: Form, members: list[Json], number: int) -> Json:
    """Who was at meeting `number`: of each person one answer, `present` or why not. Whoever has none is left out, to be
    refused.
    """
    said = {one["membership_id"]: form.text(f"there-{one['membership_id']}") for one in members}
    told = {one["membership_id"] for one in members if number in one["absent_told"]}
    return {
        "present": [id for id, answer in said.items() if answer == "present"],
        "absent": [
            {"membership_id": id, "reason_code": answer, "told": id in told}
            for id, answer in said.items()
            if answer and answer != "present"
        ],
    }

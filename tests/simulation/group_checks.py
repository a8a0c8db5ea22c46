"""What must be true of groups: never too many, nobody twice, reserves in order, and everybody told once.

Told anew from what was stored, by none of the rules that decided it.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from shared.contracts import interventions as i
from shared.contracts import notifications as n
from shared.contracts import referrals as r
from shared.contracts.envelope import Event
from tests.simulation.clinic import CLOCKS_DIFFER, Clinic
from tests.simulation.plan_checks import LATE
from tests.simulation.record import said

Part = tuple[str, int]
"""A membership, and the number of its invitation."""
_HEARS: dict[type[Event], str] = {
    i.InvitedToGroup: "group_invitation",
    i.GroupSeatGiven: "group_seat",
    i.GroupReserveGiven: "group_reserve",
    i.GroupSeatRefused: "group_refused",
    i.GroupConfirmed: "group_confirmed",
    i.GroupPostponed: "group_postponed",
    i.GroupSessionMoved: "group_session_moved",
    i.GroupCancelled: "group_cancelled",
}
"""Said again, beside the policy, which may lose a row: what each patient whom it concerns is told, once."""


def check_groups(clinic: Clinic, now: datetime) -> None:
    """Blame whatever is not so."""
    taken: dict[str, str] = {}
    for name, history in clinic.record.events.items():
        if name.startswith("group-"):
            events = [said(entry) for entry in history]
            group = _Group(clinic, name)
            for event in events:
                group.hear(event)
            _check_waiting(clinic, group, now)
            for id, _ in group.people if group.is_open else ():
                if (other := taken.setdefault(id, name)) != name:
                    clinic.record.blame(f"{id} is in {other} and in {name}")
    _check_parts(clinic)
    _check_told(clinic)
    _check_missed(clinic)


class _Group:
    """Who has a seat, and who waits, in the order in which they said yes."""

    def __init__(self, clinic: Clinic, name: str) -> None:
        self.name = name
        self.seats: list[Part] = []
        self.reserves: list[Part] = []
        self.planned: Any = None
        self.starts_at: datetime | None = None
        self.decide_at: datetime | None = None
        self.is_open = True
        self._blame = clinic.record.blame
        self._happened = clinic.record.happened

    @property
    def people(self) -> list[Part]:
        return [*self.seats, *self.reserves]

    def hear(self, event: Event) -> None:
        """Follow one event. Blame whatever may not follow."""
        match event:
            case i.GroupPlanned():
                self.planned, self.decide_at, self.starts_at = event, event.decide_at, event.sessions[0].at
            case i.GroupSeatGiven():
                self._give(event)
            case i.GroupReserveGiven():
                self._require_new(event)
                self.reserves.append(_part(event))
            case i.GroupSeatFreed() | i.GroupSeatRefused():
                self.seats = [one for one in self.seats if one != _part(event)]
                self.reserves = [one for one in self.reserves if one != _part(event)]
            case i.GroupPostponed():
                self.decide_at, self.starts_at = event.decide_at, event.starts_at
            case i.GroupConfirmed():
                self.decide_at = None
            case i.GroupUnderMinimum():
                self.decide_at = event.at + timedelta(days=1, hours=1)
            case i.GroupFinished() | i.GroupCancelled():
                self.is_open = False

    def _give(self, event: i.GroupSeatGiven) -> None:
        self._happened["moved up from the reserve list"] += event.from_reserve
        self._happened["joined a group late"] += self.starts_at is not None and event.at > self.starts_at
        if event.from_reserve:
            if self.reserves[:1] != [_part(event)]:
                self._blame(f"{self.name}: {event.membership_id} moved up, and was not the first who waited")
            self.reserves = [one for one in self.reserves if one != _part(event)]
        else:
            self._require_new(event)
            if self.reserves:
                self._blame(f"{self.name}: {event.membership_id} got a seat that somebody else waits for")
        if _part(event) in self.seats:
            self._blame(f"{self.name}: {event.membership_id} has two seats")
        self.seats.append(_part(event))
        if len(self.seats) > self.planned.maximum:
            self._blame(f"{self.name} has {len(self.seats)} people on {self.planned.maximum} seats")

    def _require_new(self, event: i.GroupSeatGiven | i.GroupReserveGiven) -> None:
        if _part(event) in self.people:
            self._blame(f"{self.name}: {event.membership_id} is in it twice")


def _part(event: Any) -> Part:
    return event.membership_id, event.invitation


def _check_waiting(clinic: Clinic, group: _Group, now: datetime) -> None:
    """Nobody waits beside an empty seat while one can begin; and the day of the decision does not pass unnoticed."""
    if group.is_open and group.decide_at is not None:
        if now > group.decide_at + timedelta(hours=1) + LATE:
            clinic.record.blame(f"{group.name} was to be decided at {group.decide_at}, and was not")
        if group.reserves and len(group.seats) < group.planned.maximum:
            clinic.record.blame(f"{group.name}: somebody waits beside an empty seat")


def _check_parts(clinic: Clinic) -> None:
    """At rest everybody in a group has the part that the group says; whoever said yes was heard."""
    standing = clinic.disks["interventions"].of("membership")
    groups = clinic.disks["interventions"].of("group")
    for id, document in standing.items():
        state = document.state
        if state.get("status") == "accepted":
            clinic.record.blame(f"{id} said yes, and was never told whether there is a seat")
        if state.get("status") not in ("seat", "reserve"):
            continue
        if groups[state["group_id"]].state["status"] in ("finished", "cancelled"):
            clinic.record.blame(f"{id} counts on a {state['status']}, and {state['group_id']} is over")
        there = groups[state["group_id"]].state["seats" if state["status"] == "seat" else "reserves"]
        if id not in [one["membership_id"] for one in there]:
            clinic.record.blame(f"{id} counts on a {state['status']} that {state['group_id']} has not given")


def _check_told(clinic: Clinic) -> None:
    """Each person whom a fact concerns is told of it once, and of nothing that is no such fact."""
    told = Counter[tuple[str, str, str]]()
    for _, event in clinic.record.of_type(n.MessagePlanned):
        if event.template in _HEARS.values():
            told[event.recipient_id, event.cause, event.template] += 1
    expected = Counter[tuple[str, str, str]]()
    for kind, template in _HEARS.items():
        for entry, event in clinic.record.of_type(kind):
            people = event.patient_ids if hasattr(event, "patient_ids") else (event.patient_id,)
            expected.update((person, entry["id"], template) for person in set(people))
    for person, _, template in expected - told:
        clinic.record.blame(f"{person} is in a group, and was not told: {template}")
    for person, _, template in told - expected:
        clinic.record.blame(f"{person} was told once too often: {template}")


def _check_missed(clinic: Clinic) -> None:
    """Of whoever did not come to a first meeting and had said nothing, the referrer learns it, once for each group."""
    noted = Counter(
        (event.referral_id, event.group_id) for _, event in clinic.record.of_type(r.ProgressNoted) if event.group_id
    )
    for (referral, group), times in noted.items():
        if times > 1:
            clinic.record.blame(f"{referral} was said {times} times not to have come to {group}")
        clinic.record.happened["a no-show reached the referrer"] += 1
    for _, event in clinic.record.of_type(i.GroupSessionMissed):
        silent = event.before_first and not event.told
        if silent and _waited(clinic, event) and not noted[event.referral_id, event.group_id]:
            clinic.record.blame(f"{event.referral_id} did not come to {event.group_id}, and the referrer does not know")


def _waited(clinic: Clinic, missed: i.GroupSessionMissed) -> bool:
    """Whether they waited for their treatment to begin when it was said that they were missed, and still do."""
    document = clinic.disks["referrals"].of("referral").get(missed.referral_id)
    if document is None or document.state.get("status") != "waitlisted":
        return False
    return datetime.fromisoformat(document.state["status_since"]) + CLOCKS_DIFFER < missed.at

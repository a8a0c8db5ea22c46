"""What must be true of the whole system once it has settled, whatever happened to it on the way."""

from collections import Counter
from typing import Any

import pytest

from tests.journeys.flow import Way
from tests.live.cluster import SERVICES, Cluster
from tests.parts.wait import eventually


async def check_histories(cluster: Cluster) -> None:
    """Every ledger is numbered from 1 without a hole, each event follows the one before, and no id comes twice."""
    for name in SERVICES:
        ids: set[str] = set()
        for subject, events in (await cluster.histories(name)).items():
            assert [event["sequence"] for event in events] == list(range(1, len(events) + 1)), subject
            assert [event["previous"] for event in events] == [None, *(event["id"] for event in events[:-1])], subject
            assert not ids & {event["id"] for event in events}, subject
            ids |= {event["id"] for event in events}


async def check_way(cluster: Cluster, way: Way) -> None:
    """A closed loop has one referral, one finished episode and one complete series, and said each thing once."""
    histories = {name: await cluster.histories(name) for name in SERVICES}
    mine = {
        name: Counter(
            event["type"].removeprefix("carepath.").removesuffix(".v1")
            for events in histories[name].values()
            for event in events
            if event["patient"] == way.patient_id
        )
        for name in ("referrals", "interventions")
    }
    for once in ("submitted", "accepted", "agreed", "outcome_received", "outcome_acknowledged"):
        assert mine["referrals"][f"referral.{once}"] == 1, once
    for once in ("opened", "activated", "ready_to_finish", "finished"):
        assert mine["interventions"][f"episode.{once}"] == 1, once
    assert mine["interventions"]["episode.module_completed"] == 8
    assert mine["interventions"]["measure_series.measure_completed"] == 9


async def told(way: Way) -> dict[str, Counter[str]]:
    """What patient and caregiver find in their inboxes, by template."""
    found = {}
    for id, role in ((way.patient_id, "patient"), (way.caregiver_id, "caregiver")):
        inbox = await way.inbox(id, role)
        assert len({message["id"] for message in inbox}) == len(inbox)
        found[role] = Counter(message["template"] for message in inbox)
    return found


async def check_mails(cluster: Cluster, way: Way) -> None:
    """The mail server's log against the agendas: what counts as sent came once, what was dropped never came."""
    for id in (way.patient_id, way.caregiver_id):
        messages = await _ended(way, id)
        # Behind the message's own id stands that of its agenda.
        taken = Counter(mail.message_id.strip("<>").partition(".")[0] for mail in cluster.mail.messages())
        for message in messages:
            times = taken[message["id"]]
            if message["possibly_sent"]:
                assert times <= 1 or message["critical"], message
            else:
                assert times == (1 if message["status"] == "sent" else 0), message


async def _ended(way: Way, id: str) -> list[dict[str, Any]]:
    """A person's messages, once each e-mail has come to an end."""

    async def look() -> list[dict[str, Any]] | None:
        messages = await way.agenda(id)
        open_still[:] = [message for message in messages if message["status"] in ("queued", "sending")]
        return None if open_still else messages

    open_still: list[dict[str, Any]] = []
    try:
        return await eventually(look, "an end for every e-mail", 150, 0.5)
    except TimeoutError:
        pytest.fail(f"e-mails without an end: {open_still}")

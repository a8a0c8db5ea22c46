"""Rules 7 to 10: filed, sent in order, marked, and picked up when a process died."""

from tests.simulation.planted.fault import Planted

_RELAY = "shared.runtime.relay"
_DISK = "tests.simulation.disk"

_SENT = "await asyncio.gather(*(self._send(id, events) for id, events in unsent.items() if events))"

FAULTS = (
    Planted(
        "not-filed",
        "7",
        _RELAY,
        f"            await self._store.ledger.file(entries)\n        {_SENT}",
        f"            pass\n        {_SENT}",
        "what is sent does not stand in the ledger",
    ),
    Planted(
        "sent-before-filed",
        "7",
        _RELAY,
        f"            await self._store.ledger.file(entries)\n        {_SENT}",
        f"            pass\n        {_SENT}\n        await self._store.ledger.file(entries)",
        "a consumer may hear of an event that the ledger does not have",
    ),
    Planted(
        "all-of-a-key-at-once",
        "7",
        _RELAY,
        "self._send(id, events) for id, events in unsent.items() if events",
        "self._send(id, [event]) for id, events in unsent.items() for event in events",
        "the next event is sent before the one before it was acknowledged",
    ),
    Planted(
        "goes-on-after-a-failed-send",
        "7",
        _RELAY,
        "                return\n            self._acknowledged",
        "                continue\n            self._acknowledged",
        "a failed send is passed over",
    ),
    Planted(
        "mark-clears-whatever-came-since",
        "8",
        _DISK,
        "if found.version == mark.n:",
        "if True:",
        "an outbox with newer events is looked at by nobody",
    ),
    Planted(
        "mark-never-clears",
        "8",
        _DISK,
        "                found.relay_at = None",
        "                pass",
        "a published document is claimed again and again",
    ),
    Planted(
        "mark-goes-back",
        "8",
        _DISK,
        "found.relayed = max(found.relayed, mark.n)",
        "found.relayed = mark.n",
        "a late mark takes back a newer one",
    ),
    Planted(
        "marks-what-was-not-acknowledged",
        "8",
        _RELAY,
        "max(d.relayed, self._acknowledged.get(d.id, 0)))",
        "d.version)",
        "an event counts as published that no broker has",
    ),
    Planted(
        "claim-does-not-move",
        "9",
        _DISK,
        "                document.relay_at = now + 30_000",
        "                pass",
        "what cannot be sent stands in front of all others",
    ),
    Planted(
        "far-relay-time-ignored",
        "9",
        _DISK,
        " or document.relay_at > now + 60_000",
        "",
        "what a process with a fast clock left behind waits for as long as it was fast",
        unseen="A clock hours ahead and a crash right after its save would have to meet.",
        test="tests/runtime/test_store_contract.py",
    ),
    Planted(
        "ledger-read-before-the-document",
        "10",
        "shared.runtime.core",
        "return origin.request is not None and await self._is_accepted(document, origin.request)",
        "if origin.request is None:\n            return False\n"
        "        filed = await self.store.ledger.with_key(document.id, origin.request.key)\n"
        "        document = await self.store.documents.load(document.kind, document.id) or document\n"
        '        kept = [entry["key"] for entry in document.requests]\n'
        '        kept += [entry["idempotencykey"] for entry in document.outbox]\n'
        "        if filed is None and origin.request.key not in kept:\n            return False\n"
        "        return await self._is_accepted(document, origin.request)",
        "an event that is filed between the two reads is in neither",
    ),
)

"""Role x relationship x route: every route of the services, tried by everybody, and what is written of it for people.

After a change that is meant: `python -m pytest tests/architecture/test_access_matrix.py` shows the lines that differ.
"""

from pathlib import Path

from tests.architecture.access_routes import REACH, calls
from tests.architecture.access_things import things
from tests.architecture.access_world import ACTORS, Misunderstood, actor, reaches
from tests.architecture.caregiver_routes import Way
from tests.architecture.caregiver_world import World
from tests.portal import sharing_story as sharing

EVERYBODY, NOBODY_YET = "everybody", "-"
_IN_NEED = {"referrals POST /patients/{patient_id}/break-glass": {"other-team"}}
"""What is meant for strangers."""


def table() -> dict[Way, frozenset[str]]:
    """Who reaches what, as written. Raises `ValueError` for a line that is none."""
    found: dict[Way, frozenset[str]] = {}
    for number, line in enumerate(REACH.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        application, method, path, *who = line.split()
        way, said = Way(application, method, path), _said(who)
        if way in found or not said <= set(ACTORS):
            raise ValueError(f"{REACH.name}:{number}: one line for each route, and names of those who reach it")
        found[way] = said
    return found


def _said(who: list[str]) -> frozenset[str]:
    if who == [EVERYBODY]:
        return frozenset(ACTORS)
    return frozenset() if who == [NOBODY_YET] else frozenset(who)


def line(way: Way, who: frozenset[str]) -> str:
    """As it stands in the file."""
    names = " ".join(name for name in ACTORS if name in who) or NOBODY_YET
    return f"{way} {EVERYBODY if who == frozenset(ACTORS) else names}"


def test_every_route_has_an_entry_and_every_entry_a_route(tmp_path: Path) -> None:
    there, said = {call.way for call in calls(tmp_path)}, table()
    assert not sorted(map(str, there - said.keys())), f"say in {REACH.name} who reaches these"
    assert not sorted(map(str, said.keys() - there)), f"{REACH.name} has lines for routes that are gone"


def test_everybody_reaches_by_every_route_what_is_written_and_nothing_else(world: World, tmp_path: Path) -> None:
    unclear = set[str]()
    found = {call.way: set[str]() for call in calls(tmp_path)}
    luis = sharing.named(world.system, world.treated, "asked-for@people.example")
    sharing.takes_part(world.system, world.treated, luis)
    ids = things(world, luis)
    # Those last for whom the clock moves.
    for name in sorted(ACTORS, key=lambda name: name == "caregiver-expired"):
        with actor(world, name, luis.id) as who:
            for call in calls(tmp_path):
                try:
                    if reaches(world, call, who, ids):
                        found[call.way].add(name)
                except Misunderstood as fault:
                    unclear.add(str(fault))
    seen = [line(way, frozenset(who)) for way, who in found.items()]
    written = [line(way, who) for way, who in table().items()]
    differ = [one for one in seen if one not in written]
    assert not differ, f"{REACH.name} should say, if this is meant:\n" + "\n".join(differ)
    assert not unclear, "\n".join(sorted(unclear))


def test_what_only_one_person_owns_nobody_else_reaches() -> None:
    """Said once more of all lines, so that nobody lets somebody in by copying what a run shows."""
    for way, who in table().items():
        if who == frozenset(ACTORS):
            assert way.path in ("/health/live", "/health/ready", "/asyncapi.json"), f"{way} is open to all"
            continue
        assert "nobody" not in who, f"{way} needs no sign-in"
        of_patient = "{patient_id}" in way.path or "{referral_id}" in way.path or "{episode_id}" in way.path
        if of_patient:
            strangers = {"patient", "referrer", "other-team", "operator", "caregiver-of-another", "caregiver-left"}
            assert not who & strangers - _IN_NEED.get(str(way), set()), str(way)
        if "/ledger" in way.path or way.path == "/heads":
            assert who <= {"referrals", "interventions", "notifications"}, str(way)
        if "/operations/" in way.path:
            assert who <= {"operator"}, str(way)

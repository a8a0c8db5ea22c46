"""What is wrong comes first on the operator's page, each with what to do; who is away takes nothing else along."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.visitor import FormSeen, PageSeen, Visitor
from services.portal.app import portal
from services.portal.settings import PortalSettings
from services.portal.system import HELD_ON_HOME
from shared.contracts.envelope import Envelope
from shared.runtime.auth import User
from shared.runtime.operations import Lag, Late, Operations, Untold
from shared.runtime.store.port import Hold
from tests.portal.cookies import cookie_of
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, visitor
from tests.portal.test_tidy import is_sound

OPERATOR = "operator:op-byrne"
MANY = 200


@contextmanager
def telling(system: Running, service: str, kind: type[Operations] = Operations, **changes: Any) -> Iterator[None]:
    """The service tells what it would tell with other settings."""
    one = system.service(service)
    before = one.operations
    changed = replace(one.settings, **changes)
    one.operations = kind(one.core, one.comparison, one.sources, changed, one.parts.listens_to)
    yield
    one.operations = before


def shown(system: Running, language: str = "en") -> PageSeen:
    page = visitor(system, OPERATOR, language).get("/")
    assert page.status == 200
    is_sound(page)
    return page


class Behind(Operations):
    """A service that has come far behind."""

    async def lags(self) -> list[Lag]:
        oldest = self._core.clock.now() - timedelta(minutes=10, seconds=30)
        return [
            Lag("referrals", reached=True, events=12, held=3, oldest=oldest, all_asked=False),
            Lag("interventions", reached=False),
        ]

    async def untold(self) -> Untold:
        return Untold(100, self._core.clock.now() - timedelta(hours=3, minutes=30), more=True)

    async def late(self) -> list[Late]:
        return [Late("agenda", 100, self._core.clock.now() - timedelta(days=2, hours=12), more=True)]


def test_who_is_behind_is_named_with_what_to_do(system: Running) -> None:
    with telling(system, "notifications", Behind):
        page = shown(system)
        spanish = shown(system, "es")
    assert "All clear" not in page.text
    for words in (
        "notifications is behind referrals: 12 events; the oldest has waited 10 minutes or more. Start Kafka.",
        "notifications cannot ask interventions what is new. Start interventions,",
        "notifications has not told the others: 100 events or more; the oldest has waited 3 hours.",
        "notifications: timers of agenda are late (100 or more), the oldest by 2 days.",
        "3 more wait at held keys.",
        "not known, since it does not answer.",
    ):
        assert words in " ".join(page.text.split())
    assert "notifications va detrás de referrals: 12 eventos" in " ".join(spanish.text.split())


def test_what_is_not_the_same_for_all_services_is_pointed_out(system: Running) -> None:
    clinic = system.clinic.model_copy(update={"name": "Another clinic", "time_zone": "Atlantic/Canary"})
    with telling(system, "interventions", clinic=clinic, kafka="ana:planted@elsewhere:9092", build="another"):
        page = shown(system)
    text = " ".join(page.text.split())
    assert (
        "Not all have read the same clinic file. These differ: referrals, notifications, portal; interventions." in text
    )
    assert "CAREPATH_KAFKA is not the same for all." in text
    assert "interventions: another" in text
    assert "Atlantic/Canary" in text
    assert "planted" not in page.html


def test_how_old_the_newest_backup_is(system: Running, tmp_path: Path) -> None:
    archive = tmp_path / "carepath-1.gz"
    with telling(system, "referrals", backups=tmp_path / "gone"):
        assert "cannot be read (No such file or directory)." in shown(system).text
    with telling(system, "referrals", backups=tmp_path):
        assert f"The folder of backups, {tmp_path}, holds no archive." in shown(system).text
        archive.write_text("x" * 2_500_000)
        page = _aged(system, archive, timedelta(hours=5, minutes=1))
        assert "The newest is 5 hours old: carepath-1.gz" in page.text
        assert "2.5 MB" in page.text
        assert "No backup is known here." not in page.text
        assert "The newest backup is" not in page.text
        assert "The newest backup is 3 days old." in _aged(system, archive, timedelta(days=3, minutes=1)).text


def _aged(system: Running, archive: Path, age: timedelta) -> PageSeen:
    moment = (system.clock.now() - age).timestamp()
    os.utime(archive, (moment, moment))
    return shown(system)


@contextmanager
def held(system: Running, sources: list[str], service: str = "notifications") -> Iterator[None]:
    """Held keys whose source has nothing that could be applied."""
    cursors = system.store(service).cursors
    build = system.service(service).settings.build
    for number, source in enumerate(sources):
        hold = Hold(1, "poison", None, "ValueError: " + "x" * 200, build, 1_700_000_000_000 + number)
        assert system.run(cursors.hold(source, "referrals", 0, hold))
    yield
    for source in sources:
        system.run(cursors.release(source, 0))


def test_the_page_stays_small_and_the_rest_is_a_link_away(system: Running) -> None:
    sources = [f"patient-{number:032x}" for number in range(MANY)]
    with held(system, sources):
        page = shown(system)
        assert len(page.html.encode()) < 100_000
        assert f"notifications holds {MANY} keys." in page.text
        assert f"And {MANY - HELD_ON_HOME} more of notifications" in page.text
        seen = [form.values["source"][0] for form in page.forms if form.name == "retry"]
        [path] = [link for link in page.links if link.startswith("/system/notifications/held")]
        operator = visitor(system, OPERATOR)
        while path:
            page = operator.get(path)
            is_sound(page)
            assert len(page.html.encode()) < 100_000
            seen += [form.values["source"][0] for form in page.forms if form.name == "retry"]
            path = next((link for link in page.links if link.startswith("/system/notifications/held?after=")), "")
        assert seen == sources


def test_a_key_of_the_list_is_passed_over_on_the_list(system: Running) -> None:
    with held(system, ["patient-listed"]):
        operator = visitor(system, OPERATOR)
        operator.get("/system/notifications/held")
        page = operator.submit(operator.page.form("discard", source="patient-listed"), reason="no")
        assert page.status == 422
        assert "at least 5 letters" in page.text
        assert "Held keys of notifications" in page.title
        page = operator.submit(operator.page.form("discard", source="patient-listed"), reason="Made by a test.")
        assert (page.path, page.query) == ("/system/notifications/held", "done=discarded")
        assert "patient-listed" not in page.text
        page = operator.get("/system/notifications/rejected")
        is_sound(page)
        assert "Made by a test." in page.text


@pytest.fixture(scope="module")
def poisoned(system: Running) -> str:
    """Somebody of whom the referrals service tells what no build of the others knows."""
    subject = "patient-strange"
    entries = [
        Envelope(
            id=f"strange-{number}",
            source="carepath/referrals",
            type="carepath.patient.unheard_of.v1",
            subject=subject,
            time=system.clock.now() - timedelta(days=3),
            sequence=number,
            previous=f"strange-{number - 1}" if number > 1 else None,
            correlation="test",
            causation="test",
            actor="system:test",
            data={},
        ).model_dump(mode="json")
        for number in (1, 2, 3)
    ]
    system.run(system.store("referrals").ledger.file(entries))
    system.run(system.service("notifications").inbound.catch_up("referrals", subject))
    return subject


def _of(page: PageSeen, action: str, source: str) -> FormSeen:
    return next(form for form in page.forms if form.action == action and form.values["source"] == [source])


@pytest.mark.parametrize("path", ["/", "/system/notifications/held"])
def test_a_retry_in_vain_says_which_key_and_why(system: Running, poisoned: str, path: str) -> None:
    operator = visitor(system, OPERATOR)
    operator.get(path)
    assert "carepath.patient.unheard_of.v1" in operator.page.text
    assert "2 events wait behind it." in operator.page.text
    page = operator.submit(_of(operator.page, "/system/notifications/held/retry", poisoned))
    assert (page.path, page.query.split("&")[0]) == (path, "done=still-held")
    text = " ".join(page.text.split())
    assert f"Still held: notifications, {poisoned}. This version cannot apply the event." in text
    assert "carepath.patient.unheard_of.v1 is not known to this build" in text
    assert "Still held" not in operator.get(f"{path}?done=still-held&held=notifications/never").text


async def test_while_one_service_is_away_the_others_are_shown(system: Running) -> None:
    page = await _seen_by_another_portal(system, {"interventions": "http://127.0.0.1:9"}, system.secret)
    assert page.status == 200
    is_sound(page)
    assert page.text.count("Does not answer") == 1
    assert "interventions does not answer. Start it," in " ".join(page.text.split())
    assert page.text.count("No timer is late.") == 2
    assert "CAREPATH_KAFKA" in page.text


async def test_services_that_do_not_believe_the_portal_are_named(system: Running) -> None:
    page = await _seen_by_another_portal(system, {}, "another secret that is long enough for it")
    assert page.status == 200
    assert page.text.count("does not let this page ask all that it should. Give it and the portal the same") == 3


async def _seen_by_another_portal(system: Running, instead: dict[str, str], secret: str) -> PageSeen:
    services = {name: system.addresses[name] for name in ("referrals", "interventions", "notifications")}
    settings = PortalSettings(services | instead, secret, system.clinic)
    headers = cookie_of(system, User("op-byrne", "operator"), secure=True, secret=secret)
    transport = httpx.ASGITransport(app=portal(settings, system.clock))
    async with httpx.AsyncClient(transport=transport, base_url="https://portal.example") as client:
        return PageSeen(await client.get("/", headers=headers))


@pytest.mark.parametrize("path", ["/system/notifications/held", "/system/notifications/rejected"])
def test_these_pages_are_for_operators_alone(system: Running, path: str) -> None:
    assert visitor(system, PSYCHOLOGY).get(path).status == 404
    assert Visitor(system.addresses["portal"]).get(path).path == "/sign-in"
    assert visitor(system, OPERATOR).get(path.replace("notifications", "elsewhere")).status == 404

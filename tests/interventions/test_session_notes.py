"""Notes on sessions: for their author alone, and in no place from which they could reach anybody else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.visitor import Visitor
from services.interventions.session_notes import written_by
from shared.contracts.referrals import TreatmentStarted
from shared.runtime.auth import User
from tests.interventions import example as ex
from tests.interventions.service import Http, planned, serving
from tests.portal import sharing_story as sharing
from tests.portal.running import running
from tests.portal.story import PSYCHOLOGY, REFERRER, visitor

ANA, BEN = User("ana", "psychology"), User("ben", "psychology")
ROSA = User("p1", "patient")
PLANTED = "zebra-note-4717 she spoke of the winter"


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


async def met(http: Http, clinician: str | None = "ana") -> str:
    """An episode that began with a first meeting, or without one."""
    episode = await planned(http, ROSA)
    about = {"at": ex.T0, "referral_id": "r1", "patient_id": ROSA.id, "referrer_id": "doc", "clinician_id": clinician}
    await http.hears(TreatmentStarted.model_validate(about))
    return episode


async def writes(http: Http, who: User, episode: str, text: str = PLANTED, **headers: str) -> int:
    return (await http.post(who, f"/episodes/{episode}/notes", {"text": text}, **headers)).status_code


async def test_the_author_reads_what_they_wrote_the_newest_first(http: Http) -> None:
    episode = await met(http)
    for text in ("one", "two"):
        http.clock.moment += ex.after(days=1) - ex.T0
        assert await writes(http, ANA, episode, text) == 201
    assert [one["text"] for one in await http.get(ANA, f"/episodes/{episode}/notes")] == ["two", "one"]


async def test_the_same_press_keeps_one_note(http: Http) -> None:
    episode = await met(http)
    for _ in range(2):
        assert await writes(http, ANA, episode, **{"Idempotency-Key": "once"}) == 201
    assert len(await http.get(ANA, f"/episodes/{episode}/notes")) == 1


@pytest.mark.parametrize(
    ("who", "status"), [(BEN, 404), (ROSA, 403), (User("doc", "referrer"), 403), (User("op", "operator"), 403)]
)
async def test_nobody_else_reads_or_writes_them(http: Http, who: User, status: int) -> None:
    episode = await met(http)
    await writes(http, ANA, episode)
    refused = await http.get(who, f"/episodes/{episode}/notes", status)
    assert PLANTED not in str(refused)
    assert await writes(http, who, episode) == status


async def test_without_a_first_meeting_each_reads_their_own(http: Http) -> None:
    episode = await met(http, None)
    await writes(http, ANA, episode, "of ana")
    await writes(http, BEN, episode, "of ben")
    for who, text in ((ANA, "of ana"), (BEN, "of ben")):
        assert [one["text"] for one in await http.get(who, f"/episodes/{episode}/notes")] == [text]


async def test_erasing_the_patient_erases_the_words(http: Http) -> None:
    episode = await met(http)
    await writes(http, ANA, episode)
    await http.core.vault.erase(ROSA.id)
    assert [one.text for one in await written_by(http.core, ANA.id, episode)] == [None]
    assert await writes(http, ANA, episode) == 409


async def test_the_key_of_the_patient_alone_opens_nothing(http: Http) -> None:
    episode = await met(http)
    await writes(http, ANA, episode)
    [document] = await http.core.store.documents.find("session_note", {"whose": f"ana|{episode}"})
    await http.core.vault.erase(f"note:ana:{ROSA.id}")
    opened = await http.core.vault.open(document.state, document.id)
    assert opened["text"] is None


async def test_a_note_is_no_event(http: Http) -> None:
    episode = await met(http)
    before = await http.core.store.ledger.of_patient(ROSA.id)
    await writes(http, ANA, episode)
    assert await http.core.store.ledger.of_patient(ROSA.id) == before
    [document] = await http.core.store.documents.find("session_note", {"whose": f"ana|{episode}"})
    assert (document.outbox, document.version) == ([], 0)


def test_a_planted_sentence_is_in_no_file_and_on_no_page_but_the_authors(tmp_path: Path) -> None:
    with running(tmp_path) as system:
        rosa, patient = sharing.in_treatment(system)
        luis = sharing.named(system, patient, "luis.notes@people.example")
        sharing.takes_part(system, patient, luis)
        sharing.opens(system, patient, luis, "news", "appointments", "progress", "plan", "scores")
        author = visitor(system, PSYCHOLOGY)
        path = _episode_of(author)
        author.get(path)
        assert author.submit("write-note", text=PLANTED).query == "done=note-written"
        system.settle()
        assert PLANTED in author.get(path).text
        other = visitor(system, "psychology:psy-moreno")
        assert PLANTED not in other.get(path).text
        for reader in (rosa, other, visitor(system, REFERRER), visitor(system, f"caregiver:{luis.id}")):
            for page in ("/", "/inbox", "/privacy", f"/shared/{patient}", f"/patients/{patient}"):
                assert PLANTED not in reader.get(page).text
        for service in ("referrals", "interventions", "notifications"):
            events = system.run(system.store(service).ledger.between("", "9", limit=100_000))
            assert "session-note" not in str(events)
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert PLANTED.encode() not in file.read_bytes(), file.name


def _episode_of(browser: Visitor) -> str:
    """The page of the only treatment."""
    return next(link for link in browser.get("/caseload").links if link.startswith("/episodes/"))

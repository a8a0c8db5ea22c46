"""Somebody whom a patient trusts, for themselves: a course, how they are, support, and a word to the team."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.interventions.carer_reactions import carer_check_of
from services.interventions.domain.caregiver_check.decide import offers
from shared.contracts.clinic_together import Caregivers
from shared.contracts.interventions import caregiver as e
from shared.contracts.referrals import CaregiverAccepted, YoungCarerNoted
from shared.runtime.auth import User
from shared.runtime.errors import Unavailable
from shared.runtime.permissions import Opened
from tests.interventions.example import T0
from tests.interventions.service import CONTENT, Http, serving

LUIS, MARTA, ROSA, ANA = (
    User("care-luis", "caregiver"),
    User("care-marta", "caregiver"),
    User("p1", "patient"),
    User("ana", "psychology"),
)
HOME = f"/caregivers/{LUIS.id}"
FINE = {"answers": {"sleep": "never"}, "safe": "yes"}


class Asked:
    """Says what is open, as referrals would; away while `opened_to` is `None`."""

    def __init__(self, **opened_to: frozenset[str]) -> None:
        self.open: dict[str, frozenset[str]] | None = opened_to

    async def opened(self, patient_id: str, caregiver_id: str) -> Opened:
        if self.open is None:
            raise Unavailable("referrals is away")
        scopes = self.open.get(caregiver_id.removeprefix("care-"))
        named = patient_id == ROSA.id and scopes is not None
        return Opened(named, scopes or frozenset(), email=False)


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as http:
        http.core.permissions = Asked(luis=frozenset())
        await accept(http, LUIS)
        yield http


async def accept(http: Http, who: User, young: bool = False) -> None:
    about: dict[str, Any] = {"at": T0, "patient_id": ROSA.id, "caregiver_id": who.id}
    await http.hears(CaregiverAccepted(**about, language="en", email=False, young=young))


async def create(http: Http, who: User, path: str, body: dict[str, Any]) -> None:
    """A post that makes something new, and must succeed."""
    answer = await http.post(who, path, body)
    assert answer.status_code == 201, answer.text


async def rings(http: Http, kind: str, **later: float) -> list[str]:
    """Let time pass; what was said, by name."""
    http.clock.moment += timedelta(**later)
    for found in await http.core.find(kind, {"caregiver_id": LUIS.id}):
        await http.core.run_timers(kind, found.id)
    names = [type(event).__name__ for _, event in http.said]
    await http.settle()
    return names


async def test_the_course_opens_by_accepting_and_is_resumed_where_they_stopped(http: Http) -> None:
    course = await http.get(LUIS, f"{HOME}/course")
    assert [part["id"] for part in course["parts"]][:3] == ["session-1", "session-2", "session-3"]
    assert course["next"] == "session-1"
    await http.did(LUIS, f"{HOME}/course/flare-ups/in-a-flare")
    course = await http.get(LUIS, f"{HOME}/course?language=es")
    assert course["next"] == "flare-ups"
    [row] = [part for part in course["parts"] if part["id"] == "flare-ups"]
    assert (row["read"], row["done"], row["next_page"]) == (1, False, "when-to-call")
    assert row["title"] == "Cuando hay un brote de dolor"
    await http.did(LUIS, f"{HOME}/course/flare-ups/when-to-call")
    await http.did(LUIS, f"{HOME}/course/flare-ups/when-to-call")
    course = await http.get(LUIS, f"{HOME}/course")
    assert [part["id"] for part in course["parts"] if part["done"]] == ["flare-ups"]
    assert course["next"] == "session-1"


JOINT = {
    "session-1": {"overview": False, "medical": True, "relaxation": True},
    "session-2": {"speaking-listening": True, "mini-practices": True, "imagery": True},
    "session-3": {"activity-rest": True, "pleasant": True, "keeping-up": True},
}
"""The three sessions of the pair, and which of their pages are tried together."""


async def test_there_are_three_sessions_for_the_pair_and_four_parts_for_the_caregiver(http: Http) -> None:
    parts = {part.id: part for part in CONTENT.catalogue.carer_course.shown(young=False)}
    assert list(parts) == [*JOINT, "communication", "flare-ups", "yourself", "where-help"]
    for id, skills in JOINT.items():
        assert {page.id: page.together is not None for page in parts[id].pages} == skills
    for part in parts.values():
        for text in (part.title, *(text for page in part.pages for text in (page.title, page.text))):
            assert text.in_("en") != text.in_("es")


async def test_every_page_of_the_course_can_be_read_in_both_languages(http: Http) -> None:
    for part in CONTENT.catalogue.carer_course.shown(young=False):
        for page in part.pages:
            for language in ("en", "es"):
                path = f"{HOME}/course/{part.id}/{page.id}?language={language}"
                shown = await http.get(LUIS, path)
                assert shown["title"] == page.title.in_(language)
                assert (shown["together"] is None) == (page.together is None)
    await http.get(LUIS, f"{HOME}/course/session-1/elsewhere", status=404)
    assert await http.refused(LUIS, f"{HOME}/course/session-1/elsewhere") == (422, "course-page-unknown")


async def test_the_young_have_a_short_course_of_their_own(http: Http) -> None:
    await http.get(LUIS, f"{HOME}/course/young-carers/not-your-job", status=404)
    about: dict[str, Any] = {"at": T0, "patient_id": ROSA.id, "caregiver_id": LUIS.id}
    await http.hears(YoungCarerNoted(**about, young=True))
    course = await http.get(LUIS, f"{HOME}/course")
    assert (course["young"], course["next"]) == (True, "young-carers")
    parts = {part["id"]: part["minutes"] for part in course["parts"]}
    assert all(id.startswith("young-") for id in parts)
    assert sum(parts.values()) <= 10
    assert (await http.get(LUIS, f"{HOME}/course/young-carers/who-to-tell"))["young"]
    await http.get(LUIS, f"{HOME}/course/session-1/overview", status=404)
    assert (await http.get(LUIS, f"{HOME}/about"))["young"]
    await http.did(LUIS, f"{HOME}/check", {"answers": {"worry": "often"}, "safe": "yes"})
    assert (await http.get(LUIS, f"{HOME}/check"))["offered"], "one heavy answer is enough"
    await create(http, LUIS, f"{HOME}/support", {"kind": "phone"})
    [asked] = await http.get(ANA, "/caregiver-support")
    assert asked["young"]


async def test_nobody_else_reaches_what_is_theirs(http: Http) -> None:
    await accept(http, MARTA)
    await http.did(LUIS, f"{HOME}/check", FINE)
    for path in ("course", "course/session-1/overview", "check"):
        await http.get(MARTA, f"{HOME}/{path}", status=404)
        await http.get(ROSA, f"{HOME}/{path}", status=403)
    for path in ("support", "words"):
        assert await http.get(MARTA, f"{HOME}/{path}") == []
    assert (await http.refused(MARTA, f"{HOME}/check", FINE))[0] == 404
    assert (await http.refused(MARTA, f"{HOME}/support", {"kind": "phone"}))[0] == 404
    stranger = User("care-other", "caregiver")
    assert (await http.refused(stranger, "/caregivers/care-other/support", {"kind": "phone"}))[0] == 404


@pytest.mark.parametrize(
    ("answers", "safe", "young", "offered"),
    [
        ({}, "yes", False, False),
        ({"sleep": "often"}, "yes", False, False),
        ({"sleep": "often", "worry": "always"}, "yes", False, True),
        ({"sleep": "sometimes", "worry": "sometimes", "alone": "sometimes"}, "yes", False, False),
        ({"sleep": "often"}, "yes", True, True),
        ({}, "not_sure", False, True),
        ({}, "no", False, True),
    ],
)
def test_support_is_offered_by_the_clinics_own_rule(answers: Any, safe: str, young: bool, offered: bool) -> None:
    assert offers(Caregivers(), young, answers, safe) is offered


async def test_whoever_is_not_safe_is_called_by_one_after_the_other_until_somebody_takes_it(http: Http) -> None:
    assert await http.refused(LUIS, f"{HOME}/check", {"answers": {}}) == (422, "safe-missing")
    await http.did(LUIS, f"{HOME}/check", {"answers": {}, "safe": "no"})
    assert (await http.get(LUIS, f"{HOME}/check"))["show_help"]
    [asked] = await http.get(ANA, "/caregiver-support")
    assert (asked["urgent"], asked["source"], asked["status"]) == (True, "check", "open")
    clocks = CONTENT.clinic.clocks
    assert await rings(http, "caregiver_support", minutes=clocks.risk_acknowledge_minutes - 1) == []
    assert await rings(http, "caregiver_support", minutes=1) == ["CaregiverSupportWaits"]
    assert await rings(http, "caregiver_support", minutes=clocks.risk_escalate_minutes) == ["CaregiverSupportWaits"]
    assert (await http.core.load("caregiver_support", asked["id"])).state.level == 2
    assert (await http.get(ANA, "/caregiver-support"))[0]["level"] == 2
    await http.did(ANA, f"/caregiver-support/{asked['id']}/take")
    assert await rings(http, "caregiver_support", minutes=clocks.risk_escalate_minutes) == []


async def test_words_that_worry_make_a_request_urgent(http: Http) -> None:
    await create(http, LUIS, f"{HOME}/support", {"kind": "phone", "words": "There is no reason to live."})
    [asked] = await http.get(ANA, "/caregiver-support")
    assert asked["urgent"]


async def test_they_are_asked_again_once_after_a_while(http: Http) -> None:
    days = Caregivers().check_days
    assert await rings(http, "caregiver_check", days=days) == [], "nobody is chased before the first time"
    await http.did(LUIS, f"{HOME}/check", FINE)
    assert await rings(http, "caregiver_check", days=days) == ["CaregiverCheckDue"]
    assert await rings(http, "caregiver_check", days=days) == []


async def test_a_request_is_taken_answered_and_closed_and_overdue_where_nobody_answers(http: Http) -> None:
    await create(http, LUIS, f"{HOME}/support", {"kind": "meeting", "words": "I am tired."})
    [asked] = await http.get(ANA, "/caregiver-support")
    path = f"/caregiver-support/{asked['id']}"
    assert not asked["overdue"]
    assert await http.refused(ANA, f"{path}/answer", {"kind": "phone", "words": "Call us."}) == (
        409, "support-not-taken",
    )  # fmt: skip
    assert await rings(http, "caregiver_support", days=Caregivers().support_days) == ["CaregiverSupportWaits"]
    assert (await http.get(ANA, "/caregiver-support"))[0]["overdue"]
    await http.did(ANA, f"{path}/take")
    assert await http.refused(ANA, f"{path}/close") == (409, "support-not-answered")
    assert await http.refused(ANA, f"{path}/answer", {"kind": "phone"}) == (422, "words-missing")
    await http.did(ANA, f"{path}/answer", {"kind": "phone", "words": "We call on Tuesday."})
    [own] = await http.get(LUIS, f"{HOME}/support")
    assert (own["answer"], own["answer_kind"], own["taken_by"]) == ("We call on Tuesday.", "phone", "ana")
    await http.did(ANA, f"{path}/close")
    assert await http.get(ANA, "/caregiver-support") == []
    assert (await http.refused(LUIS, f"{path}/take"))[0] == 403


async def test_a_word_is_about_somebody_who_trusts_them_and_opens_nothing(http: Http) -> None:
    body = {"about_id": ROSA.id, "text": "She sleeps in her clothes."}
    assert await http.refused(LUIS, f"{HOME}/words", {**body, "about_id": "p2"}) == (422, "person-unknown")
    assert await http.refused(LUIS, f"{HOME}/words", {**body, "text": " "}) == (422, "words-missing")
    await create(http, LUIS, f"{HOME}/words", body)
    [word] = await http.get(ANA, "/caregiver-words")
    assert (word["text"], word["may_tell"], word["worrying"]) == (body["text"], False, False)
    await http.did(ANA, f"/caregiver-words/{word['id']}/read")
    assert await http.get(ANA, "/caregiver-words") == []
    assert len(await http.get(ANA, f"/caregiver-words?about={ROSA.id}")) == 1
    await http.did(ANA, f"/caregiver-words/{word['id']}/reply", {"text": "Thank you."})
    assert [one["reply"] for one in await http.get(LUIS, f"{HOME}/words")] == ["Thank you."]
    assert await http.refused(ANA, f"/caregiver-words/{word['id']}/reply", {"text": "Again."}) == (
        409, "word-replied",
    )  # fmt: skip
    await http.get(ROSA, f"/caregiver-words?about={ROSA.id}", status=403)
    history = await http.get(ROSA, f"/timeline/{ROSA.id}")
    assert "caregiver" not in str(history), "what was told to the team is in nobody else's history"


async def test_a_word_that_worries_calls_the_ladder_until_it_is_read_and_raises_no_alert(http: Http) -> None:
    await create(http, LUIS, f"{HOME}/words", {"about_id": ROSA.id, "text": "She says there is no reason to live."})
    [word] = await http.get(ANA, "/caregiver-words")
    assert word["worrying"]
    assert await rings(http, "caregiver_word", minutes=15) == ["CaregiverWordWorries"]
    await http.did(ANA, f"/caregiver-words/{word['id']}/read")
    assert await rings(http, "caregiver_word", minutes=60) == []
    assert await http.core.find("risk_alert", {"patient_id": ROSA.id}) == [], "an alert would write to the patient"


async def test_without_an_answer_on_who_trusts_whom_nothing_is_taken(http: Http) -> None:
    asks = Asked()
    asks.open = None
    http.core.permissions = asks
    assert (await http.refused(LUIS, f"{HOME}/words", {"about_id": ROSA.id, "text": "x"}))[0] == 503
    assert await http.core.find("caregiver_word", {"caregiver_id": LUIS.id}) == []


async def test_what_they_wrote_is_gone_with_their_key(http: Http) -> None:
    await http.did(LUIS, f"{HOME}/check", {"answers": {"worry": "always"}, "safe": "not_sure"})
    assert all(event.PERSON == "caregiver_id" for event in e.CAREGIVER_EVENTS)
    raw = (await http.core.load("caregiver_check", carer_check_of(LUIS.id))).state
    assert raw.given[0].safe == "not_sure"

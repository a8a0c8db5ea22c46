"""Every step of a referral over HTTP, in stories that together take each of them; and who may ask for it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.referrals.api.steps import STEPS, path
from services.referrals.domain.referral.later import ReceiveOffer, ReceiveOutcome
from services.referrals.domain.referral.table_later import ACTION_OF, ACTIONS
from shared.runtime.auth import User
from tests.referrals.people import REACTION, SUMMARY
from tests.referrals.service import Http, serving
from tests.referrals.test_api import ACCEPT, BYRNE, OKAFOR, PORTAL, REGISTER, SUBMIT, TANAKA

OF_STEPS = [ACTION_OF[command] for command in STEPS]
USERS = {
    "referrer": OKAFOR,
    "psychology": TANAKA,
    "patient": User("patient-rosa", "patient"),
    "caregiver": User("caregiver-luis", "caregiver"),
    "service": PORTAL,
    "operator": BYRNE,
}
BECAUSE = {"rationale": "Because."}
BODIES: dict[str, dict[str, Any]] = {
    "submit": SUBMIT,
    "attach": {"kind": "note", "text": "Sleeps badly."},
    "ask": {"question": "Which medicines?"},
    "answer": {"answer": "None now."},
    "prioritise": {**BECAUSE, "priority": "very_urgent"},
    "accept": ACCEPT,
    "return": BECAUSE,
    "decline": {**BECAUSE, "reason_code": "no_capacity"},
    "redirect": {**BECAUSE, "to": "pain-trauma"},
    "undecided": {"reason_code": "fear_of_being_judged"},
    "not_now": {"reason_code": "life_is_full", "reoffer_at": "2026-05-01T09:00:00Z"},
    "agree": {"preferences": {"mode": "video"}},
    "decline_offer": {"reason_code": "too_soon"},
    "pause": {"reason_code": "medical_reason"},
    "rescreen": {"answers": SUBMIT["answers"]},
    "schedule": {"at": "2026-07-01T09:00:00Z", "mode": "video", "clinician_id": "psy-tanaka"},
    "cancel_appointment": {"reason_code": "patient_asked"},
    "missed": {"reason_code": "ill"},
    "request_cancellation": {"reason_code": "moved_away"},
    "turn_down_cancellation": BECAUSE,
    "send_findings": {"findings": "Grief, and pain that it makes worse."},
    "reopen": BECAUSE,
    "enter_in_error": {"note": "Wrong person."},
}
SYSTEM = {"seat", "four weeks", "meeting", "outcome"}
"""What is no step of people: a seat is held, time passes, an episode ends."""
SENT = ["submit: submitted"]
IN_LINE = [*SENT, "accept: accepted", "agree: waitlisted"]
TO_BOOK = [*IN_LINE, "seat: offered", "take_offer: awaiting_booking"]
STORIES: dict[str, list[str]] = {
    "thrown away": ["discard: entered_in_error"],
    "triage": [
        "attach: draft",
        *SENT,
        "take_on: in_triage",
        "ask: information_requested",
        "answer: submitted",
        "prioritise: submitted",
        "return: returned",
        "reopen: in_triage",
        "decline: declined",
    ],
    "choice": [
        *SENT,
        "accept: accepted",
        "undecided: undecided",
        "warm_handoff: undecided",
        "not_now: not_now",
        "agree: waitlisted",
        "withdraw: withdrawn",
    ],
    "line": [
        *IN_LINE,
        "pause: waitlisted",
        "resume: waitlisted",
        "four weeks: waitlisted",
        "rescreen: waitlisted",
        "seat: offered",
        "decline_offer: waitlisted",
        "request_cancellation: cancellation_requested",
        "turn_down_cancellation: waitlisted",
        "request_cancellation: cancellation_requested",
        "confirm_cancellation: cancelled",
    ],
    "meeting": [
        *TO_BOOK,
        "schedule: scheduled",
        "cancel_appointment: appointment_cancelled",
        "schedule: scheduled",
        "meeting: scheduled",
        "missed: did_not_attend",
        "attended: in_treatment",
        "note_progress: in_treatment",
        "outcome: outcome_sent",
        "acknowledge: loop_closed",
    ],
    "redirect": [*SENT, "redirect: redirected"],
    "error": [*SENT, "enter_in_error: entered_in_error"],
}
ASSESSMENT = [
    *SENT,
    "accept: accepted",
    "agree: awaiting_booking",
    "schedule: scheduled",
    "meeting: scheduled",
    "attended: in_treatment",
    "send_findings: outcome_sent",
]
BY_PATIENT = ["link: submitted"]
DISCARDED = ["discard: entered_in_error"]


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


@pytest.fixture
async def rosa(http: Http) -> User:
    known = {**REGISTER, "consents": ["refer", "share_back"], "new_to_mental_health": True}
    return User(await http.did(OKAFOR, "/patients", known), "patient")


async def _happens(http: Http, id: str, what: str) -> None:
    now = http.clock.now()
    if what == "seat":
        said: dict[str, Any] = {"place_id": "place-video-sessions", "offer_until": now + timedelta(days=7)}
        await http.core.execute("referral", id, ReceiveOffer(now=now, actor=REACTION, **said))
    elif what == "outcome":
        await http.core.execute("referral", id, ReceiveOutcome(now=now, actor=REACTION, summary=SUMMARY))
    else:
        http.clock.moment += timedelta(days=28 if what == "four weeks" else 122)
        await http.core.run_timers("referral", id)


async def _tell(http: Http, rosa: User, id: str, story: list[str]) -> None:
    for line in story:
        name, _, status = line.partition(": ")
        if name in SYSTEM:
            await _happens(http, id, name)
        else:
            [action] = [one for one in ACTIONS if one.name == name]
            who = rosa if action.who == ("patient",) else USERS[next(one for one in action.who if one != "patient")]
            await http.did(who, f"/referrals/{id}/{path(action)}", BODIES.get(name))
        assert (await http.get(PORTAL, f"/referrals/{id}"))["status"] == status, line


@pytest.mark.parametrize("story", STORIES)
async def test_each_step_leads_where_the_table_says(http: Http, rosa: User, story: str) -> None:
    id = await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id})
    await _tell(http, rosa, id, STORIES[story])


async def test_an_assessment_ends_with_findings(http: Http, rosa: User) -> None:
    id = await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id, "kind": "assessment"})
    await _tell(http, rosa, id, ASSESSMENT)
    assert (await http.get(OKAFOR, f"/referrals/{id}"))["findings"] == BODIES["send_findings"]["findings"]


async def test_a_clinician_stands_by_what_a_patient_asked_for(http: Http, rosa: User) -> None:
    id = await http.did(rosa, "/referrals", {"patient_id": rosa.id})
    await http.did(rosa, f"/referrals/{id}/submit", SUBMIT)
    await _tell(http, rosa, id, BY_PATIENT)
    assert (await http.get(TANAKA, f"/referrals/{id}"))["clinician_linked"] is True


async def test_a_patient_discards_what_they_began(http: Http, rosa: User) -> None:
    id = await http.did(rosa, "/referrals", {"patient_id": rosa.id})
    await http.did(rosa, f"/referrals/{id}/discard")
    assert (await http.get(PORTAL, f"/referrals/{id}"))["status"] == "entered_in_error"


async def test_a_clinician_discards_what_they_began(http: Http, rosa: User) -> None:
    await _tell(http, rosa, await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id}), DISCARDED)


def test_the_stories_take_every_step() -> None:
    told = [line for story in (*STORIES.values(), ASSESSMENT, BY_PATIENT, DISCARDED) for line in story]
    assert {line.partition(": ")[0] for line in told} - SYSTEM == {action.name for action in OF_STEPS}
    assert {action.name for action in ACTIONS} - {action.name for action in OF_STEPS} == {
        "draft",
        "continue",
        "receive_offer",
        "begin_in_group",
        "note_missed_group",
        "receive_outcome",
    }


async def test_a_step_is_for_the_roles_of_its_row_and_what_is_not_there_is_not_there(http: Http) -> None:
    for action in OF_STEPS:
        for role, who in USERS.items():
            answer = await http.post(who, f"/referrals/referral-none/{path(action)}", BODIES.get(action.name))
            assert answer.status_code == (404 if role in action.who else 403), (action.name, role)


async def test_a_step_that_needs_no_words_needs_no_body_and_takes_no_other(http: Http) -> None:
    for name in ("take-on", "agree", "withdraw", "warm-handoff", "note-progress", "missed"):
        for body in (None, {}):
            assert (await http.post(TANAKA, f"/referrals/referral-none/{name}", body)).status_code == 404, name
        assert (await http.post(TANAKA, f"/referrals/referral-none/{name}", {"word": 1})).status_code == 422, name


async def test_a_step_that_asks_for_a_choice_is_refused_without_one(http: Http) -> None:
    for name in ("decline", "pause", "schedule", "prioritise", "redirect"):
        assert (await http.post(TANAKA, f"/referrals/referral-none/{name}")).status_code == 422, name


# --- what may be done now ------------------------------------------------------------------------------------------


async def test_what_may_be_done_is_of_a_version_and_not_to_be_kept(http: Http, rosa: User) -> None:
    id = await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id})
    headers = {"Authorization": http._auth(OKAFOR)["Authorization"]}
    told = await http.client.get(f"/referrals/{id}/actions", headers=headers)
    assert (told.headers["ETag"], told.headers["Cache-Control"]) == ('"1"', "no-store")
    seen = {"If-Match": told.headers["ETag"]}
    note = BODIES["attach"]
    assert (await http.post(OKAFOR, f"/referrals/{id}/attach", note, **seen)).status_code == 200
    assert (await http.post(OKAFOR, f"/referrals/{id}/attach", note, **seen)).status_code == 412
    told = await http.client.get(f"/referrals/{id}/actions", headers=headers)
    assert told.headers["ETag"] == '"2"'
    submit = await http.post(OKAFOR, f"/referrals/{id}/submit", SUBMIT, **{"If-Match": told.headers["ETag"]})
    assert submit.status_code == 200


async def test_what_may_be_done_is_told_with_what_it_asks_for(http: Http, rosa: User) -> None:
    id = await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id})
    await http.did(OKAFOR, f"/referrals/{id}/submit", SUBMIT)
    told = {row["action"]: row for row in await http.get(TANAKA, f"/referrals/{id}/actions?language=es")}
    assert (told["decline"]["allowed"], told["decline"]["demands"]) == (True, ["rationale"])
    assert "no_capacity" in [choice["code"] for choice in told["decline"]["reasons"]]
    assert (told["answer"]["allowed"], told["answer"]["why_not"]) == (False, "role-not-allowed")

"""What caregivers are told of themselves: once, discreetly, and only while they take part."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.contracts import referrals as r
from shared.contracts.envelope import Event
from shared.contracts.interventions import caregiver as c
from shared.runtime.auth import User
from shared.runtime.permissions import Opened
from tests.notifications.carer_facts import CARER, LINKED, SUPPORT, WORD
from tests.notifications.people import LUIS, MORNING, ROSA, TANAKA
from tests.notifications.service import Http, serving

LUIS_USER, ROSA_USER = User(LUIS, "caregiver"), User(ROSA, "patient")
LINK = r.CaregiverLinked(
    **LINKED, name="Luis Delgado", email="luis@example.org", relationship="partner", consented=True
)
YES = r.CaregiverAccepted(**LINKED, language="en", email=True)
REPLIED = c.CaregiverWordReplied(**WORD, text="A zebra-word.", replied_by=TANAKA)
ANSWERED = c.CaregiverSupportAnswered(**SUPPORT, kind="phone", words="A zebra-word.", answered_by=TANAKA)
DUE = c.CaregiverCheckDue(**CARER)
TEMPLATES: dict[type[Event], str] = {
    c.CaregiverWordReplied: "carer_word_replied",
    c.CaregiverSupportAnswered: "carer_support_answered",
    c.CaregiverCheckDue: "carer_check_due",
}
TAKES_PART = Opened(named=True, email=True)
LATER = timedelta(minutes=20)


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as service:
        await service.hears(LINK, YES)
        service.answers.open[ROSA, LUIS] = TAKES_PART
        yield service


async def told(http: Http) -> list[str]:
    found: dict[str, Any] = await http.get(LUIS_USER, f"/agendas/{LUIS}/inbox")
    return [one["template"] for one in found["messages"]]


@pytest.mark.parametrize("event", [REPLIED, ANSWERED, DUE], ids=lambda one: type(one).__name__)
async def test_each_is_told_once_and_the_email_says_nothing_of_it(http: Http, event: Event) -> None:
    await http.hears(event)
    await http.passes(LATER, [LUIS, ROSA])
    assert await told(http) == [TEMPLATES[type(event)]]
    [mail] = [file.read_text(encoding="utf-8") for file in http.folder.glob("*.eml")]
    assert "luis@example.org" in mail
    for revealing in ("zebra-word", "support", "care", "pain", "patient", "wrote", "how you are"):
        assert revealing not in mail.lower().replace("carepath", ""), revealing
    await http.passes(timedelta(days=3), [LUIS, ROSA])
    assert len(http.mails()) == 1
    assert (await http.get(ROSA_USER, f"/agendas/{ROSA}/inbox"))["messages"] == []


async def test_who_does_not_wish_for_email_finds_it_in_the_portal_alone(http: Http) -> None:
    await http.hears(r.CaregiverPreferencesChanged(**LINKED, language="en", email=False), REPLIED)
    await http.passes(LATER, [LUIS])
    assert await told(http) == ["carer_word_replied"]
    assert http.mails() == []


ENDS = pytest.mark.parametrize(
    "ends",
    [
        r.CaregiverLeft(**LINKED),
        r.CaregiverUnlinked(**LINKED),
        r.ConsentWithdrawn(at=MORNING, patient_id=ROSA, scope=r.ConsentScope.CAREGIVER, caregiver_ids=(LUIS,)),
    ],
    ids=lambda one: type(one).__name__,
)


@ENDS
async def test_nobody_is_asked_how_they_are_after_the_end(http: Http, ends: Event) -> None:
    http.answers.open.clear()
    await http.hears(ends, DUE)
    await http.passes(LATER, [LUIS])
    assert http.mails() == []
    assert await told(http) == []


@pytest.mark.parametrize("event", [REPLIED, ANSWERED], ids=lambda one: type(one).__name__)
@ENDS
async def test_no_patient_cuts_the_line_between_them_and_the_team(http: Http, ends: Event, event: Event) -> None:
    http.answers.open.clear()
    await http.hears(ends, event)
    await http.passes(LATER, [LUIS])
    assert await told(http) == [TEMPLATES[type(event)]]
    assert len(http.mails()) == int(not isinstance(ends, r.CaregiverLeft)), "whoever left wishes for no e-mail"


async def test_the_record_is_asked_at_the_moment_of_sending(http: Http) -> None:
    """The news that they left is on its way still; the record knows."""
    await http.hears(DUE)
    http.answers.open.clear()
    await http.passes(LATER, [LUIS])
    assert http.mails() == []
    assert await told(http) == []


async def test_without_an_answer_nothing_is_sent_and_it_is_tried_again(http: Http) -> None:
    await http.hears(DUE)
    http.answers.away = True
    await http.passes(LATER, [LUIS])
    assert http.mails() == []
    await http.get(LUIS_USER, f"/agendas/{LUIS}/inbox", status=503)
    http.answers.away = False
    await http.passes(LATER, [LUIS])
    assert len(http.mails()) == 1


async def test_somebody_whom_two_trust_is_told_while_one_of_them_still_does(http: Http) -> None:
    other = {**LINKED, "patient_id": "patient-ana"}
    await http.hears(
        LINK.model_copy(update={"patient_id": "patient-ana"}), r.CaregiverAccepted(**other, language="en", email=True)
    )
    http.answers.open["patient-ana", LUIS] = TAKES_PART
    del http.answers.open[ROSA, LUIS]
    await http.hears(r.CaregiverUnlinked(**LINKED), REPLIED)
    await http.passes(LATER, [LUIS])
    assert len(http.mails()) == 1
    assert await told(http) == ["carer_word_replied"]


async def test_who_has_answered_is_not_asked_again(http: Http) -> None:
    await http.hears(
        DUE, c.CaregiverCheckGiven(**{**CARER, "at": MORNING + timedelta(minutes=1)}, number=2, offered=False)
    )
    await http.passes(LATER, [LUIS])
    assert http.mails() == []

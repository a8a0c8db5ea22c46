"""By which ways people hear of what is new, lived through on the running system, and read in the mail folder."""

import email
import re
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from deploy.provider import Provider
from deploy.reaching import code_sent_to
from tests.journeys.clinic import RunningClinic
from tests.journeys.flow import Way

pytestmark = pytest.mark.asyncio(loop_scope="module")

VIDEO = {"place_id": "place-video-sessions"}
DAY, SOON = timedelta(days=1), timedelta(minutes=11)
TELLS = re.compile(r"psychol|mental|pain|therap|Zanzibar|Quackenbush|wedding", re.IGNORECASE)


async def known(clinic: RunningClinic, tag: str) -> Way:
    """Somebody who was referred."""
    found = Way(clinic.desk, tag)
    await found.refer(consents=("refer", "share_back", "email"))
    await clinic.system.settle()
    return found


async def reached_by(clinic: RunningClinic, found: Way, phone: str, **more: Any) -> None:
    """They choose text messages first, and e-mail after them."""
    body = {"channels": ["sms", "email"], "phone": phone, **more}
    path = f"/agendas/{found.patient_id}/reach"
    await found.act(found.patient, "notifications", path, body)
    await clinic.system.settle()
    code = {"channel": "sms", "code": code_sent_to(mail(clinic), phone, "sms")}
    await found.act(found.patient, "notifications", f"{path}/confirm", code)


async def offered(clinic: RunningClinic, found: Way) -> None:
    """A place by video is held for them."""
    await found.accept()
    await clinic.system.settle()
    await found.act(found.patient, "referrals", f"/referrals/{found.referral_id}/agree", VIDEO)
    await clinic.system.settle()


async def message(found: Way, template: str) -> dict[str, Any]:
    """The one message of that template, as staff see it."""
    [row] = [one for one in await found.agenda(found.patient_id) if one["template"] == template]
    return row


def files(clinic: RunningClinic, row: dict[str, Any]) -> set[str]:
    """In which forms a message lies in the mail folder."""
    return {file.name.removeprefix(row["id"]) for file in mail(clinic).glob(f"{row['id']}.*")}


def mail(clinic: RunningClinic) -> Path:
    return clinic.system.folder / "mail"


def text_message(clinic: RunningClinic, row: dict[str, Any]) -> tuple[str, str]:
    """To which number it went, and what it says."""
    content = (mail(clinic) / f"{row['id']}.sms.txt").read_text(encoding="utf-8")
    to, _, text = content.partition("\n\n")
    return to.removeprefix("To: "), text.strip()


def e_mail(clinic: RunningClinic, row: dict[str, Any]) -> EmailMessage:
    found = email.message_from_bytes((mail(clinic) / f"{row['id']}.eml").read_bytes(), policy=default)
    assert isinstance(found, EmailMessage)
    return found


def words(found: EmailMessage) -> str:
    """What a person reads of it."""
    body = found.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text


async def why(found: Way, row: dict[str, Any]) -> list[str]:
    """How the person is told what was decided about it."""
    path = f"/agendas/{found.patient_id}/messages/{row['id']}/why"
    return [step["text"] for step in await found.see(found.patient, "notifications", path)]


async def asked(found: Way, template: str) -> list[dict[str, Any]]:
    """What psychology reads of that kind about this person."""
    rows = await found.inbox("psy-tanaka", "psychology")
    return [one for one in rows if one["about"] == found.patient_id and one["template"] == template]


async def test_what_is_not_opened_goes_the_next_way_and_then_somebody_calls(clinic: RunningClinic) -> None:
    found = await known(clinic, "unopened")
    await reached_by(clinic, found, "+447700900201", sender_name="Harbour")
    await offered(clinic, found)
    offer = await message(found, "place_offered")
    assert files(clinic, offer) == {".sms.txt"}
    to, text = text_message(clinic, offer)
    assert to == "+447700900201"
    assert text.startswith("Harbour: Wilhelmina, ")
    assert not TELLS.search(text)

    await clinic.pass_time(DAY + SOON)
    assert files(clinic, offer) == {".sms.txt", ".eml"}
    sent = e_mail(clinic, offer)
    assert str(sent["From"]) == "Harbour <hello@harbour.example>"
    assert "A place is held for you" in str(sent["Subject"])
    assert not TELLS.search(f"{sent['Subject']} {words(sent)}")

    assert await asked(found, "message_unread") == []
    await clinic.pass_time(2 * DAY + SOON)
    [call] = await asked(found, "message_unread")
    assert "Please call them" in call["body"]
    assert found.patient_id in call["body"]
    told = await why(found, offer)
    assert told[-1] == "It had not been opened, so our team was asked to call."
    assert "Since it had not been opened, it was to go another way too." in told


async def test_stop_is_heard_and_start_as_well(clinic: RunningClinic) -> None:
    found = await known(clinic, "stops")
    await reached_by(clinic, found, "+447700900202")
    provider = Provider(clinic.desk, clinic.system.secrets.webhook_secret)
    assert await provider.answers("+44 7700 900202", "STOP") == 0, "no number of anybody"
    assert await provider.answers("+447700900202", "Stop.") == 1
    await found.accept()
    await clinic.system.settle()
    assert files(clinic, await message(found, "invitation")) == {".eml"}
    assert await provider.answers("+447700900202", "START") == 1
    await found.act(found.patient, "referrals", f"/referrals/{found.referral_id}/agree", VIDEO)
    await clinic.system.settle()
    assert files(clinic, await message(found, "place_offered")) == {".sms.txt"}


async def test_a_number_that_does_not_exist_is_given_up_and_psychology_told(clinic: RunningClinic) -> None:
    found = await known(clinic, "returned")
    await reached_by(clinic, found, "+447700900203")
    await found.accept()
    await clinic.system.settle()
    invitation = await message(found, "invitation")
    assert files(clinic, invitation) == {".sms.txt"}
    provider = Provider(clinic.desk, clinic.system.secrets.webhook_secret)
    assert await provider.does_not_know("+447700900203") == 1
    await clinic.system.settle()
    assert files(clinic, invitation) == {".sms.txt", ".eml"}
    [told] = await asked(found, "address_returned")
    assert found.patient_id in told["body"]
    assert "Their phone number for text messages does not work." in told["body"]


async def test_the_link_in_an_email_ends_its_kind_and_no_other(clinic: RunningClinic) -> None:
    found = await known(clinic, "unsubscribes")
    await found.accept()
    await clinic.system.settle()
    sent = e_mail(clinic, await message(found, "invitation"))
    link = str(sent["List-Unsubscribe"]).strip("<>")
    assert link in words(sent)
    page = await clinic.desk.client.get(link)
    assert "no more e-mails about news of where things stand" in page.text
    done = await clinic.desk.client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    await found.act(found.patient, "referrals", f"/referrals/{found.referral_id}/agree", VIDEO)
    await clinic.system.settle()
    offer = await message(found, "place_offered")
    assert files(clinic, offer) == set()
    assert "No e-mail was sent, because messages of this kind are kept to the inbox." in await why(found, offer)
    await meet(clinic, found, timedelta(days=2))
    assert files(clinic, await message(found, "appointment_planned_patient")) == {".eml"}


async def meet(clinic: RunningClinic, found: Way, wait: timedelta) -> None:
    """They take the place, and a first meeting is planned."""
    await found.act(found.patient, "referrals", f"/referrals/{found.referral_id}/take-offer")
    await clinic.system.settle()
    at = (clinic.clock.now() + wait).isoformat()
    plan = {"at": at, "mode": "video", "clinician_id": "psy-tanaka"}
    await found.act(found.psychology, "referrals", f"/referrals/{found.referral_id}/schedule", plan)
    await clinic.system.settle()


async def test_words_that_psychology_publishes_are_read_by_the_next_person(clinic: RunningClinic) -> None:
    before, after = await known(clinic, "before"), await known(clinic, "after")
    await before.accept()
    await clinic.system.settle()
    path = "/wordings/invitation/en"
    draft = {
        "email": "We have read about you\n\nThere is a question for you. Please sign in to answer it.",
        "inbox": "What would you like?\n\nWe would be glad to work with you. You decide, and there is no hurry.",
        "because": "we said yes to your referral",
    }
    await before.act(before.psychology, "notifications", f"{path}/draft", draft)
    await before.act(before.psychology, "notifications", f"{path}/publish", {"reword": False})
    await after.accept()
    await clinic.system.settle()
    assert "Would you like to start?" in await headings(before)
    assert "What would you like?" in await headings(after)
    old, new = [e_mail(clinic, await message(one, "invitation")) for one in (before, after)]
    assert str(old["Subject"]) == "There is something new for you"
    assert str(new["Subject"]) == "We have read about you"
    await before.act(before.psychology, "notifications", f"{path}/restore", {"reword": False})


async def headings(found: Way) -> list[str]:
    return [one["heading"] for one in await found.inbox(found.patient_id, "patient")]


async def test_a_reminder_comes_the_day_before_a_meeting(clinic: RunningClinic) -> None:
    found = await known(clinic, "reminded")
    await reached_by(clinic, found, "+447700900206", says_more=True)
    await offered(clinic, found)
    await meet(clinic, found, timedelta(days=4))
    inbox = await found.see(found.patient, "notifications", f"/agendas/{found.patient_id}/inbox")
    assert [one["heading"] for one in inbox["to_come"]] == ["We meet soon"]
    reminder = await message(found, "meeting_reminder")
    await clinic.pass_time(3 * DAY - SOON)
    assert files(clinic, reminder) == set()
    await clinic.pass_time(2 * SOON)
    assert files(clinic, reminder) == {".sms.txt"}
    # What can wait and is due that day may go along, and then it says how many there are.
    said = text_message(clinic, reminder)[1]
    assert said.startswith(("Harbour Clinic, for Wilhelmina: We meet soon.", "Harbour Clinic: Wilhelmina, there are"))
    assert "We meet soon" in await headings(found)

"""The pain team refers somebody, and follows the referral through to its end."""

from datetime import timedelta

import pytest

from tests.portal.acting import LINDQVIST, TANAKA, accept, act, read
from tests.portal.running import Running
from tests.portal.story import ANSWERS, REFERRER, draft, refer, register, visitor

PHQ_9 = {f"PHQ-9-{item}": "1" for item in range(1, 9)}


def _sent(system: Running, **more: str) -> tuple[str, str]:
    """Somebody whose referral is with psychology: patient and referral."""
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    return patient, refer(referrer, patient, **more)


def test_whether_there_is_room_is_told_before_anything_is_sent(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    page = referrer.get(f"/patients/{patient}/refer")
    assert read(system, TANAKA, "/capacity")["sentence"] in page.text
    assert "Online course with a guide" in page.text
    assert "Nothing about the person has been sent yet" in page.text
    assert "/conversation-aid" in page.links
    assert read(system, TANAKA, f"/patients/{patient}/referrals") == []


def test_a_referral_is_written_with_all_that_psychology_should_know(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    draft(referrer, patient, kind="assessment", pathway="pain-trauma", placer="HPC-2026/17")
    assert "This pathway also needs: Letter" in referrer.page.text
    words = {"reason": "Back pain.", "goal": "To walk.", "format": "group", "mode": "in_person"}
    page = referrer.submit(
        "refer", **words, **ANSWERS, **PHQ_9, **{"PHQ-9-9": "0"}, flags=["trauma", "no_work_now"], times=["morning"]
    )
    assert page.query == "done=referred", page.text
    shown = ("Assessment and advice only", "Pain and trauma", "HPC-2026/17", "Trauma, now or in the past")
    for words_shown in (*shown, "Is not working now", "In a group", "At the clinic", "Morning", "Mild signs", "PHQ-9"):
        assert words_shown in page.text
    assert "Takes opioids" not in page.text


def test_a_questionnaire_that_is_begun_must_be_complete(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    draft(referrer, register(referrer))
    words = {"reason": "Back pain.", "goal": "To walk."}
    page = referrer.submit("refer", **words, **ANSWERS, **PHQ_9)
    assert page.status == 422
    assert "#refer-PHQ-9-9" in page.links
    opened = [found for tag, found in page.tags if tag == "details" and "open" in found]
    assert len(opened) == 1
    assert page.form("refer").values["PHQ-9-1"] == ["1"]


def test_who_has_a_referral_under_way_is_led_to_it(system: Running) -> None:
    patient, referral = _sent(system)
    referrer = visitor(system, REFERRER)
    page = referrer.get(f"/patients/{patient}/refer")
    assert "under way already" in page.text
    assert f"/referrals/{referral}" in page.links
    refused = referrer.submit("draft")
    assert refused.status == 409
    assert "already has an open referral" in refused.text
    other = referrer.submit("draft", pathway="pain-trauma")
    assert other.path.endswith("/write")


def test_one_writes_for_a_colleague_only_where_the_clinic_says_so(system: Running) -> None:
    lindqvist = visitor(system, "referrer:dr-lindqvist")
    page = draft(lindqvist, register(lindqvist), on_behalf_of="dr-okafor")
    referral = page.path.split("/")[2]
    shown = visitor(system, REFERRER).get(f"/referrals/{referral}")
    assert "Dr Ada Okafor" in shown.text
    assert "Written by" in shown.text
    assert "Dr Nils Lindqvist" in shown.text
    okafor = visitor(system, REFERRER)
    okafor.get(f"/patients/{register(okafor)}/refer")
    assert "on_behalf_of" not in okafor.page.form("draft").fields


def test_a_referral_is_found_by_either_number_and_by_nobody_else(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    draft(referrer, register(referrer), placer="OWN-4711")
    page = referrer.submit("refer", reason="Pain.", goal="To walk.", **ANSWERS)
    number = read(system, TANAKA, page.path)["number"]
    for typed in (number, "OWN-4711"):
        referrer.get("/")
        assert referrer.submit("find", number=typed).path == page.path
    referrer.get("/")
    assert "no referral of yours with this number" in referrer.submit("find", number="OWN-0").text
    assert "no referral of yours" in referrer.submit("find", number="9" * 80).text
    other = visitor(system, "referrer:dr-lindqvist")
    assert "no referral of yours" in other.submit("find", number="OWN-4711").text
    assert "4711" not in other.page.path + other.page.query


def test_documents_and_questionnaires_are_added_while_it_waits(system: Running) -> None:
    _, referral = _sent(system)
    referrer = visitor(system, REFERRER)
    referrer.get(f"/referrals/{referral}")
    assert "Please write the text" in referrer.submit("attach", kind="letter").text
    page = referrer.submit("attach", kind="letter", text="Scan of May: nothing new.")
    assert page.query == "done=referral-attach"
    assert "Scan of May: nothing new." in page.text
    link = next(link for link in page.links if link.endswith("/measures/4"))
    referrer.get(link)
    assert "Please answer these questions" in referrer.submit("measure").text
    page = referrer.submit("measure", **{f"GAD-7-{item}": "3" for item in range(1, 8)})
    assert page.query == "done=referral-attach"
    assert "21 of 21" in page.text
    assert referrer.get(f"/referrals/{referral}/measures/9").status == 404


def test_the_wait_stands_still_while_the_person_thinks_it_over(system: Running) -> None:
    _, referral = _sent(system)
    accept(system, referral)
    referrer = visitor(system, REFERRER)
    referrer.get(f"/referrals/{referral}")
    page = referrer.submit("undecided", reason_code="fear_of_being_judged", contact="call", note="Ask in person.")
    assert page.query == "done=referral-undecided"
    for words in ("The waiting clock stands still", "Is afraid of being judged", "By a call.", "Ask in person."):
        assert words in page.text
    assert "The person needs time" in referrer.get("/").text


def test_a_day_that_is_over_is_refused_beside_its_field(system: Running) -> None:
    _, referral = _sent(system)
    accept(system, referral)
    referrer = visitor(system, REFERRER)
    referrer.get(f"/referrals/{referral}")
    page = referrer.submit("undecided", reason_code="needs_time", ask_again_at="2020-01-01")
    assert "#undecided-ask_again_at" in page.links
    assert page.form("undecided").values["ask_again_at"] == ["2020-01-01"]
    page = referrer.submit("not-now", reason_code="life_is_full", reoffer_at="soon")
    assert "Please choose a day" in page.text
    later = (system.clock.now() + timedelta(days=40)).date().isoformat()
    page = referrer.submit("not-now", reason_code="life_is_full", reoffer_at=later)
    assert page.query == "done=referral-not-now"


def test_the_appointment_and_the_notes_on_the_way_are_there_to_read(system: Running) -> None:
    _, referral = _sent(system)
    accept(system, referral)
    act(system, TANAKA, f"/referrals/{referral}/agree", place_id="place-video-sessions")
    act(system, TANAKA, f"/referrals/{referral}/take-offer")
    at = system.clock.now() + timedelta(days=3)
    meeting = {"at": at.isoformat(), "mode": "video", "clinician_id": "psy-tanaka"}
    act(system, TANAKA, f"/referrals/{referral}/schedule", **meeting)
    page = visitor(system, REFERRER).get(f"/referrals/{referral}")
    assert "First meeting" in page.text
    assert "By video" in page.text
    assert "Yuki Tanaka" in page.text
    act(system, TANAKA, f"/referrals/{referral}/cancel-appointment", reason_code="clinic_closed")
    referrer = visitor(system, REFERRER)
    assert "Missed or cancelled" in referrer.page.text
    assert "The clinic is closed." in referrer.get(f"/referrals/{referral}").text


def test_a_progress_note_is_read_on_the_page(system: Running) -> None:
    _, referral = _sent(system)
    accept(system, referral)
    act(system, TANAKA, f"/referrals/{referral}/agree", place_id="place-online-course")
    act(system, TANAKA, f"/referrals/{referral}/note-progress", note="Comes every week, sleeps better.")
    assert "Comes every week, sleeps better." in visitor(system, REFERRER).get(f"/referrals/{referral}").text


def test_the_referrer_asks_to_cancel_with_a_reason(system: Running) -> None:
    _, referral = _sent(system)
    referrer = visitor(system, REFERRER)
    referrer.get(f"/referrals/{referral}")
    assert "Please choose a reason" in referrer.submit("request-cancellation").text
    page = referrer.submit("request-cancellation", reason_code="moved_away", note="To the coast.")
    assert page.query == "done=referral-request-cancellation"
    assert "Psychology has not confirmed yet" in page.text
    assert not page.has_form("request-cancellation")


def test_a_mistake_is_marked_with_what_went_wrong(system: Running) -> None:
    _, referral = _sent(system)
    referrer = visitor(system, REFERRER)
    referrer.get(f"/referrals/{referral}")
    assert "#enter-in-error-note" in referrer.submit("enter-in-error").links
    page = referrer.submit("enter-in-error", note="Meant for somebody else.")
    assert "Made in error" in page.text
    assert [form.name for form in page.forms if form.action.startswith("/referrals/")] == []


def test_a_draft_that_is_not_wanted_is_put_away(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    referral = draft(referrer, patient).path.split("/")[2]
    referrer.get(f"/referrals/{referral}")
    page = referrer.submit("discard")
    assert page.query == "done=referral-discard"
    assert not page.has_form("discard")
    assert "was begun and not sent" not in referrer.get(f"/patients/{patient}/refer").text


def test_findings_of_an_assessment_are_read_and_acknowledged(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    draft(referrer, register(referrer), kind="assessment")
    page = referrer.submit("refer", reason="Pain.", goal="To walk.", **ANSWERS)
    accept(system, referral := page.path.removeprefix("/referrals/"))
    act(system, TANAKA, f"/referrals/{referral}/agree")
    at = system.clock.now() + timedelta(seconds=1)
    meeting = {"at": at.isoformat(), "mode": "in_person", "clinician_id": "psy-tanaka"}
    act(system, TANAKA, f"/referrals/{referral}/schedule", **meeting)
    system.clock.offset += timedelta(seconds=2)
    act(system, TANAKA, f"/referrals/{referral}/attended")
    act(system, TANAKA, f"/referrals/{referral}/send-findings", findings="Grief.", recommendation="A grief group.")
    assert "Outcome to read" in referrer.get("/").text
    page = referrer.get(f"/referrals/{referral}")
    assert "Grief." in page.text
    assert "A grief group." in page.text
    assert referrer.submit("acknowledge-outcome").query == "done=referral-acknowledge"


def test_what_was_returned_has_a_list_of_its_own(system: Running) -> None:
    _, referral = _sent(system)
    act(system, TANAKA, f"/referrals/{referral}/return", rationale="Try pacing first.")
    referrer = visitor(system, REFERRER)
    assert "Returned or declined" in referrer.page.text
    page = referrer.get("/mine/returned")
    assert f"/referrals/{referral}" in page.links
    assert referrer.get("/mine/nothing").status == 404
    assert "Try pacing first." in referrer.get(f"/referrals/{referral}").text


@pytest.mark.parametrize("name", ["to_book", "open", "all", "in_treatment"])
def test_each_list_opens_in_both_languages(system: Running, name: str) -> None:
    for language in ("en", "es"):
        page = visitor(system, REFERRER, language).get(f"/mine/{name}")
        assert page.status == 200
        assert page.language == language


def test_a_colleague_who_does_not_act_for_one_is_refused_by_the_service(system: Running) -> None:
    okafor = visitor(system, REFERRER)
    okafor.get(f"/patients/{register(okafor)}/refer")
    form = okafor.page.form("draft")
    form.fields.add("on_behalf_of")
    assert okafor.submit(form, on_behalf_of=LINDQVIST.id).status == 403

"""What a person meets when something they sent is wrong, sent twice, or came too late."""

from tests.portal.running import Running
from tests.portal.story import ANSWERS, PSYCHOLOGY, REFERRER, draft, person, refer, register, visitor


def test_what_was_typed_is_kept_and_every_fault_is_named(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    draft(referrer, register(referrer))
    page = referrer.submit("refer", reason="Back pain.", goal="", **{**ANSWERS, "PEG-2": ""})
    assert page.status == 422
    assert page.title.startswith("Error:")
    assert "hopes to be able to do" in page.text
    assert page.form("refer").values["reason"] == ["Back pain."]
    assert page.form("refer").values["PEG-1"] == ["6"]
    page = referrer.submit("refer", goal="To walk.")
    assert "Please answer this question" in page.text
    assert "#refer-PEG-2" in page.links


def test_a_second_open_referral_leads_to_the_first(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    draft(referrer, patient)
    second = referrer.page.path
    first = refer(referrer, patient)
    referrer.get(second)
    page = referrer.submit("refer", reason="Again.", goal="To walk.", **ANSWERS)
    assert "already has an open referral" in page.text
    assert f"/referrals/{first}" in page.links


def test_pressing_twice_does_it_once(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    referrer.get("/patients/new")
    form = referrer.page.form("register-patient")
    fields = {"consents": ("refer",), **person()}
    first, second = referrer.submit(form, **fields), referrer.submit(form, **fields)
    assert first.path == second.path
    assert second.query == "done=registered"


def test_a_form_used_again_with_other_words_is_not_sent(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    referrer.get("/patients/new")
    form = referrer.page.form("register-patient")
    referrer.submit(form, **person())
    page = referrer.submit(form, **person())
    assert "This form was sent before" in page.text


def test_who_looked_at_an_old_version_sees_the_new_one_first(system: Running) -> None:
    referrer, one, other = visitor(system, REFERRER), visitor(system, PSYCHOLOGY), visitor(system, PSYCHOLOGY)
    referral = refer(referrer, register(referrer))
    one.get(f"/referrals/{referral}")
    other.get(f"/referrals/{referral}")
    one.submit("ask", question="Since when?")
    page = other.submit("return", rationale="Try pacing first.")
    assert page.status == 412
    assert "Somebody changed this meanwhile" in page.text
    assert "Since when?" in page.text
    assert page.form("return").values["rationale"] == ["Try pacing first."]
    assert other.submit("return").query == "done=referral-return"


def test_half_a_trusted_person_is_asked_for_before_anybody_is_registered(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    referrer.get("/patients/new")
    page = referrer.submit("register-patient", **person(), caregiver_name="Luis Ruiz")
    assert page.status == 422
    assert "trusted person's e-mail address" in page.text
    assert "#register-patient-caregiver_email" in page.links


def test_a_name_cannot_become_part_of_the_page(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    patient = register(referrer, name="<script>alert(1)</script>")
    page = referrer.get(f"/patients/{patient}")
    assert "<script>" not in page.html
    assert "<script>alert(1)</script>" in page.text

"""Lists that are longer than a page."""

from datetime import timedelta

import httpx

from shared.runtime.auth import User, issue
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, refer, register, visitor

OTHER = "referrer:dr-lindqvist"
A_PAGE = 50


def _draft(system: Running, patient: str, numbers: range) -> None:
    token = issue(system.secret, User("dr-lindqvist", "referrer"), system.clock.now(), timedelta(hours=1))
    for n in numbers:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"draft-{n}"}
        url = f"{system.addresses['referrals']}/referrals"
        assert httpx.post(url, json={"patient_id": patient}, headers=headers).status_code == 201


def test_a_referrer_with_more_than_a_page_goes_on_to_the_rest(system: Running) -> None:
    referrer = visitor(system, OTHER)
    patient = register(referrer)
    _draft(system, patient, range(A_PAGE))
    assert "/mine/drafts" in referrer.get("/").links
    whole = referrer.get("/mine/drafts")
    assert not [link for link in whole.links if "after=" in link]
    _draft(system, patient, range(A_PAGE, A_PAGE + 1))
    first = referrer.get("/mine/drafts")
    assert "Show more" in first.text
    shown = {link for link in first.links if link.startswith("/referrals/")}
    rest = referrer.get(next(link for link in first.links if "after=" in link))
    more = {link for link in rest.links if link.startswith("/referrals/")}
    assert (len(shown), len(more)) == (A_PAGE, 1)
    assert not shown & more
    assert "Show more" not in rest.text


def test_psychology_opens_a_group_by_itself(system: Running) -> None:
    referral = refer(referrer := visitor(system, REFERRER), register(referrer))
    psychology = visitor(system, PSYCHOLOGY)
    page = psychology.get("/waiting/triage")
    assert page.title.startswith("To decide")
    assert f"/referrals/{referral}" in page.links
    assert psychology.get("/waiting/nothing").status == 404
    assert psychology.get("/waiting/triage?after=nowhere").status == 422
    assert referrer.get("/waiting/triage").status == 404

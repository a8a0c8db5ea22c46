"""How it was: asked on the person's home page some days after the end, read by psychology, and by nobody else."""

from datetime import timedelta

from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, invited, visitor


def test_what_the_person_says_after_the_end_reaches_psychology_and_not_the_pain_team(system: Running) -> None:
    patient, referral = invited(system)
    browser = visitor(system, f"patient:{patient}")
    browser.submit("agree")
    system.settle()
    psychology = visitor(system, PSYCHOLOGY)
    episode = next(link for link in psychology.get(f"/referrals/{referral}").links if link.startswith("/episodes/"))
    psychology.get(episode)
    psychology.submit("finish-episode", end_reason="stopped_by_patient")
    system.settle()
    assert "They will be asked some days after the end." in psychology.get(episode).text
    assert "How was it for you?" not in browser.get("/").text
    assert "There is nothing to answer" in browser.get("/how-it-was").text

    system.clock.offset += timedelta(days=7, minutes=1)
    system.settle()
    browser, psychology = visitor(system, f"patient:{patient}"), visitor(system, PSYCHOLOGY)
    for _ in range(50):
        if "/how-it-was" in browser.get("/").links:
            break
        system.settle()
    page = browser.get("/how-it-was")
    assert "Your pain team does not see them" in page.text
    assert "Please answer at least one" in browser.submit("feedback").text
    sent = browser.submit("feedback", helpful="yes", taken_seriously="partly", words="You listened.")
    assert (sent.path, sent.query) == ("/", "done=feedback-given")
    assert "How was it for you?" not in browser.get("/").text
    assert "You have told us" in browser.get("/how-it-was").text

    page = psychology.get(episode)
    for words in ("What the person said afterwards", "Felt taken seriously about the pain", "In part", "You listened."):
        assert words in page.text
    assert "You listened." in psychology.get("/feedback").text
    assert episode in psychology.get(f"/referrals/{referral}").links
    referrer = visitor(system, REFERRER)
    assert "You listened." not in referrer.get(f"/referrals/{referral}").text
    assert referrer.get("/feedback").status == 404
    assert referrer.get(episode).status == 404

"""`make journey`: one referral from draft to closed loop, done through the portal's pages as people do it.

On a freshly started embedded system, or on a running demo (BASE_URL=...). Each step prints who did what and what they
saw, and then what each person was sent. A step that is missing ends it.
"""

import argparse
import asyncio
import re
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import httpx

from deploy.embedded import CannotStart, Embedded, free_ports
from deploy.visitor import PageSeen, Visitor
from deploy.walk import Somebody, StepMissing, Walk, link_to
from services.interventions import words
from shared.contracts.interventions import ASSESSMENT_QUESTIONS
from shared.runtime.aggregate import derived_id
from shared.runtime.clock import MovedClock
from shared.runtime.logs import configure_logs

REFERRER, PSYCHOLOGY = "referrer:dr-okafor", "psychology:psy-tanaka"
ANSWERS = {"PEG-1": "6", "PEG-2": "7", "PEG-3": "8", **{f"PHQ-4-{item}": "1" for item in (1, 2, 3, 4)}}
MODULES = 8
EXPECTED = {
    "Dr Ada Okafor": ("Your referral was accepted", "A person you referred has started", "An outcome for you to read"),
    "Yuki Tanaka": ("A new referral to triage", "A plan is ready to finish"),
    "Wilma Fairweather": (
        "Would you like to start?",
        "Welcome",
        "We have some questions for you",
        "A new session is open",
        "You are not alone",
        "You have come to the end",
    ),
    "Edda Fairweather": ("Somebody trusts you", "They have started", "They have come to the end"),
}
"""What each of them must have been told by the end."""
CALL = ("Please act now: a person needs you", "Actúe ahora, por favor: alguien le necesita")
"""What whoever is on duty is told, in the language in which they read."""
_PSYCHOLOGIST = re.compile(r'value="psychology:([^"]+)">\s*<button[^>]*><span[^>]*>[^<]*</span>([^<]+?)\s*<')


class Journey(Walk):
    """The way itself. `tag` makes the people new at each run."""

    def __init__(self, address: str, tag: str) -> None:
        super().__init__(address)
        self._tag = tag
        self._patient_id = ""
        self._looked_after = False

    def run(self) -> None:
        """All of it. Raises `StepMissing`."""
        referrer, psychology = self._sign_in("Dr Ada Okafor", REFERRER), self._sign_in("Yuki Tanaka", PSYCHOLOGY)
        patient_id = self._register(referrer)
        referral = self._refer(referrer, patient_id)
        patient = self._sign_in("Wilma Fairweather", f"patient:{patient_id}")
        caregiver_id = derived_id("caregiver", patient_id, f"edda.{self._tag}@people.example")
        self._trust(patient, self._sign_in("Edda Fairweather", f"caregiver:{caregiver_id}"), caregiver_id)
        self._say("Psychology reads the referral and accepts it.", psychology.browser.get(f"/referrals/{referral}"))
        self._say("", self._submit(psychology, "accept", rationale="CBT for pain fits what Wilma hopes for."))
        self._wait(patient, "/", lambda page: page.has_form("agree"), "the invitation")
        self._say("The patient is invited, and would like to start.", patient.browser.page)
        self._say("", self._submit(patient, "agree"))
        self._treat(patient, psychology)
        self._finish(psychology)
        self._wait(referrer, f"/referrals/{referral}", lambda page: page.has_form("acknowledge-outcome"), "the outcome")
        self._say("The referrer reads how it ended, and says so.", referrer.browser.page)
        self._say("", self._submit(referrer, "acknowledge-outcome"))
        self._wait(referrer, f"/referrals/{referral}", lambda page: not page.has_form("acknowledge-outcome"), "the end")
        self._say("The loop is closed.", referrer.browser.page)
        self._check_messages()

    def _check_messages(self) -> None:
        """Everybody was told what they should be."""
        for somebody in self._people:
            for heading in EXPECTED.get(somebody.name, ()):
                self._wait_for_message(somebody, heading)

    def _wait_for_message(self, somebody: Somebody, *heading: str) -> None:
        self._wait(
            somebody, "/inbox", lambda page: any(text.endswith(heading) for _, text in page.headings), f"“{heading[0]}”"
        )

    def _register(self, referrer: Somebody) -> str:
        referrer.browser.get("/patients/new")
        page = self._submit(
            referrer,
            "register-patient",
            name="Wilma Fairweather",
            email=f"wilma.{self._tag}@people.example",
            birth_date="1971-05-17",
            consents=["refer", "share_back", "caregiver", "email"],
            caregiver_name="Edda Fairweather",
            caregiver_email=f"edda.{self._tag}@people.example",
            caregiver_relationship="sibling",
        )
        self._say("The pain clinician registers a patient and the sister whom she trusts.", page)
        self._patient_id = page.path.removeprefix("/patients/")
        return self._patient_id

    def _refer(self, referrer: Somebody, patient_id: str) -> str:
        self._say("The clinician sees whether there is room.", referrer.browser.get(f"/patients/{patient_id}/refer"))
        self._say("The clinician drafts a referral.", self._submit(referrer, "draft"))
        page = self._submit(
            referrer,
            "refer",
            reason="Back pain for four years. Sleeps badly and has stopped seeing friends.",
            goal="To dance at her niece's wedding.",
            priority="urgent",
            **ANSWERS,
        )
        self._say("The clinician sends it.", page)
        return page.path.removeprefix("/referrals/")

    def _trust(self, patient: Somebody, sister: Somebody, caregiver_id: str) -> None:
        self._wait(sister, "/", lambda page: page.has_form("trust-yes"), "that she is asked")
        self._say("The sister is asked whether she would take part, and says yes.", sister.browser.page)
        self._say("", self._submit(sister, "trust-yes", email="yes"))
        page = patient.browser.get(f"/privacy/people/{caregiver_id}")
        self._say("The patient decides what her sister sees, and opens how it goes to her.", page)
        self._say("", self._submit(patient, "open-scope", scope="news"))

    def _treat(self, patient: Somebody, psychology: Somebody) -> None:
        done = 0
        while True:
            page = self._wait(patient, "/", _has_a_step, "a next step")
            if link := link_to(page, "/questions/"):
                page = self._answer(patient, link)
                self._say("The patient answers a questionnaire.", page)
                if page.path.endswith("/support"):
                    self._look_after(psychology)
            elif link := link_to(page, "/programme/"):
                patient.browser.get(link)
                page = self._submit(patient, "complete-module")
                done += 1
                self._say(f"The patient does session {done} of {MODULES}.", page)
            elif done < MODULES:
                self._unlock(psychology)
            else:
                return

    def _answer(self, patient: Somebody, link: str) -> PageSeen:
        page = patient.browser.get(link)
        while page.has_form("answer"):
            is_last = "last question" in page.text
            page = self._submit(patient, "answer", answer="0" if is_last and self._looked_after else "1")
        return page

    def _look_after(self, psychology: Somebody) -> None:
        """An answer said that the patient may be in danger: a clinician takes it on, assesses, and agrees a plan."""
        page = self._wait(psychology, "/", lambda page: link_to(page, "/alerts/") is not None, "the risk alert")
        self._say("Psychology sees the risk alert first, and takes it on.", psychology.browser.page)
        alert = link_to(page, "/alerts/") or ""
        self._is_called(" ".join(psychology.browser.get(alert).text.split()))
        psychology.browser.get(alert)
        self._submit(psychology, "acknowledge-alert")
        asked = dict.fromkeys(ASSESSMENT_QUESTIONS, "no")
        self._submit(psychology, "assess-alert", **asked, concern="low", note="Called her. Her sister is with her.")
        plan = "She is safe at home with her sister, has the crisis numbers, and comes on Friday."
        self._say("", self._submit(psychology, "close-alert", plan=plan))
        self._looked_after = True

    def _is_called(self, alert: str) -> None:
        """Whoever is on duty at this hour was called: the alert says who that is."""
        for id, name in _PSYCHOLOGIST.findall(Visitor(self._address).get("/sign-in").html):
            if f"Being called now{name}" in alert:
                known = next((one for one in self._people if one.name == name), None)
                self._wait_for_message(known or self._sign_in(name, f"psychology:{id}"), *CALL)
                return
        raise StepMissing(f"the alert does not say who is called; it says: {alert}")

    def _unlock(self, psychology: Somebody) -> None:
        episode = self._episode(psychology)
        page = self._wait(psychology, episode, lambda page: page.has_form("unlock-module"), "a session to open early")
        if review := link_to(page, f"{episode}/review"):
            psychology.browser.get(review)
            page = self._submit(psychology, "decide-step", decision="stay", departure_reason="She would like to go on.")
            self._say("Psychology looks at the step of care, and decides.", page)
        page = self._submit(psychology, "unlock-module", reason="She has a visit this week and would like to go on.")
        self._say("Psychology opens the next session early, with a reason.", page)

    def _episode(self, psychology: Somebody) -> str:
        """Where our patient's treatment is shown to psychology."""
        path = f"/patients/{self._patient_id}"
        page = self._wait(psychology, path, lambda page: link_to(page, "/episodes/") is not None, "the treatment")
        return link_to(page, "/episodes/") or ""

    def _finish(self, psychology: Somebody) -> None:
        link = self._episode(psychology)
        self._wait(psychology, link, lambda page: page.has_form("finish-episode"), "an episode that can be finished")
        page = self._submit(
            psychology,
            "finish-episode",
            end_reason="completed",
            recommendation="Keep the daily walk and the flare-up plan. A review in three months.",
        )
        self._say("Psychology finishes the treatment with a recommendation.", page)


def _has_a_step(page: PageSeen) -> bool:
    passing = words.STEPS["getting_ready"][0].en  # an event is on its way, and the page says so
    return page.status == 200 and not page.has_form("agree") and passing not in page.text


async def on_embedded() -> None:
    """The journey on a system of its own, at ten in the morning whatever the hour is."""
    clock = MovedClock()
    today = datetime.combine(datetime.now(UTC).date(), time_of_day(10), UTC)
    clock.offset = today - datetime.now(UTC) if today > datetime.now(UTC) else timedelta(0)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.jsonl"
        with log.open("a", encoding="utf-8") as stream:
            configure_logs("INFO", stream)
            system = Embedded(Path(folder) / "data", ports=free_ports(), clock=clock, quick=True)
            await system.start()
            try:
                await asyncio.to_thread(Journey(system.addresses["portal"], "journey").run)
                mails = len(list((Path(folder) / "data" / "mail").glob("*.eml")))
                print(f"\n{mails} e-mails were written by the local mail channel.")
            finally:
                await system.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base-url", help="address of a running portal; without it, one is started")
    address = parser.parse_args().base_url
    try:
        if address:
            Journey(address.rstrip("/"), f"{int(time.time())}").run()
        else:
            asyncio.run(on_embedded())
    except (StepMissing, CannotStart) as missing:
        sys.exit(f"\nThe journey ends here: {missing}")
    except httpx.HTTPError as fault:
        sys.exit(f"\nThe journey ends here: {address} does not answer ({type(fault).__name__}); is it running?")
    print("\nThe whole way round, and every step was there.")


if __name__ == "__main__":
    main()

"""The whole way round, as the people in it do it over HTTP. The same on every mode: nothing here moves a clock."""

from dataclasses import dataclass
from typing import Any

import httpx

from deploy.people import Desk, Person, Refused
from shared.clinical import MEASURES
from shared.runtime.aggregate import derived_id
from tests.parts.wait import eventually

REFERRER, PSYCHOLOGIST = "dr-okafor", "psy-moreno"
PATIENCE = 90.0


@dataclass
class Way:
    """One patient's way, and everybody who is on it. `tag` keeps one way apart from all others."""

    desk: Desk
    tag: str
    patient_id: str = ""
    referral_id: str = ""
    caregiver_id: str = ""

    @property
    def referrer(self) -> Person:
        return self.desk.person(REFERRER, "referrer")

    @property
    def psychology(self) -> Person:
        return self.desk.person(PSYCHOLOGIST, "psychology")

    @property
    def patient(self) -> Person:
        return self.desk.person(self.patient_id, "patient")

    @property
    def episode_id(self) -> str:
        return derived_id("episode", self.referral_id)

    async def act(self, who: Person, service: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Do it as a person's browser would: the same key again and again until there is an answer."""
        key = derived_id("intention", self.tag, who.user.id, path, repr(sorted((body or {}).items())))

        async def attempt() -> Any:
            try:
                return await who.post(service, path, body, key=key)
            except Refused as refused:
                if refused.status < 500:
                    raise
            except httpx.TransportError:
                pass
            return None

        return await eventually(attempt, f"an answer to {path}", PATIENCE, 0.2)

    async def see(self, who: Person, service: str, path: str, **query: str) -> Any:
        """What this person is shown, once there is something to show."""

        async def look() -> Any:
            try:
                return await who.get(service, path, **query)
            except Refused as refused:
                if refused.status not in (404, 503):
                    raise
            except httpx.TransportError:
                pass
            return None

        return await eventually(look, f"something at {path}", PATIENCE, 0.2)

    async def refer(self, *, consents: tuple[str, ...] = ("refer", "share_back", "email", "caregiver")) -> None:
        """From nothing to a submitted referral, with a caregiver."""
        person = {
            "name": f"Wilhelmina Quackenbush {self.tag}",
            "email": f"{self.tag}@people.example",
            "birth_date": "1971-05-17",
            "consents": list(consents),
        }
        self.patient_id = (await self.act(self.referrer, "referrals", "/patients", person))["id"]
        caregiver = {
            "name": "Edda Quackenbush",
            "email": f"{self.tag}-family@people.example",
            "relationship": "sibling",
        }
        self.caregiver_id = derived_id("caregiver", self.patient_id, caregiver["email"])
        await self.act(self.referrer, "referrals", f"/patients/{self.patient_id}/caregivers", caregiver)
        if "caregiver" in consents:
            await self.trust()
        draft = {"patient_id": self.patient_id}
        self.referral_id = (await self.act(self.referrer, "referrals", "/referrals", draft))["id"]
        request = {
            "reason": "Pain for years, low mood. Zanzibar is where it began.",
            "goal": "To dance at a wedding.",
            "priority": "urgent",
            "answers": {"PEG": {"1": 6, "2": 7, "3": 8}, "PHQ-4": {"1": 1, "2": 1, "3": 2, "4": 1}},
        }
        await self.act(self.referrer, "referrals", f"/referrals/{self.referral_id}/submit", request)

    async def trust(self) -> None:
        """The caregiver takes part, and may hear that treatment starts and ends."""
        path = f"/patients/{self.patient_id}/caregivers/{self.caregiver_id}"
        yes = {"accept": True, "email": True}
        await self.act(self.desk.person(self.caregiver_id, "caregiver"), "referrals", f"{path}/answer", yes)
        await self.act(self.patient, "referrals", f"{path}/scopes", {"scope": "news", "opened": True})

    async def accept(self) -> None:
        reason = {"rationale": "Fits the programme.", "departure": "Seen together in the pain clinic."}
        await self.act(self.psychology, "referrals", f"/referrals/{self.referral_id}/accept", reason)

    async def agree(self) -> None:
        await self.act(self.patient, "referrals", f"/referrals/{self.referral_id}/agree")

    async def next_step(self, *kinds: str) -> dict[str, Any]:
        """The patient's next step, once it is one of `kinds`."""

        async def look() -> dict[str, Any] | None:
            step: dict[str, Any] = await self.see(self.patient, "interventions", f"/episodes/{self.episode_id}/next")
            return step if step["kind"] in kinds else None

        return await eventually(look, f"a next step that is {' or '.join(kinds)}", PATIENCE, 0.1)

    async def treat(self, *, harm: int = 0) -> None:
        """Every questionnaire and module; a clinician opens each module early. `harm` answers PHQ-9's item 9."""
        while (step := await self.next_step("questionnaire", "module", "wait", "await_clinician"))["kind"] != (
            "await_clinician"
        ):
            if step["kind"] == "questionnaire":
                await self.answer(step, harm)
            elif step["kind"] == "module":
                path = f"/episodes/{self.episode_id}/modules/{step['module_id']}/complete"
                await self.act(self.patient, "interventions", path)
            elif step["module_id"] is not None:
                path = f"/episodes/{self.episode_id}/modules/{step['module_id']}/unlock"
                reason = {"reason": "A visit is planned this week."}
                await self.act(self.psychology, "interventions", path, reason)

    async def answer(self, step: dict[str, Any], harm: int = 0) -> None:
        """One questionnaire, whole."""
        easing = {"start": 2, "middle": 1, "end": 0}[step["occasion"]]
        answers = {str(item): easing for item in MEASURES[step["measure"]].items}
        if step["measure"] == "PHQ-9":
            answers["9"] = harm if step["occasion"] == "start" else 0
        body = {"occasion": step["occasion"], "measure": step["measure"], "answers": answers}
        await self.act(self.patient, "interventions", f"/series/{step['series_id']}/answers", body)

    async def finish(self) -> None:
        ending = {"end_reason": "completed", "recommendation": "Keep the daily walk and the flare-up plan."}

        async def ready() -> bool:
            try:
                await self.act(self.psychology, "interventions", f"/episodes/{self.episode_id}/finish", ending)
            except Refused as refused:
                if refused.status == 409:
                    return False
                raise
            return True

        await eventually(ready, "an episode that can be finished", PATIENCE, 0.2)

    async def acknowledge(self) -> None:
        await self.status("outcome_sent")
        await self.act(self.referrer, "referrals", f"/referrals/{self.referral_id}/acknowledge")

    async def status(self, status: str) -> dict[str, Any]:
        """The referral, once it has this status."""

        async def look() -> dict[str, Any] | None:
            found: dict[str, Any] = await self.see(self.referrer, "referrals", f"/referrals/{self.referral_id}")
            return found if found["status"] == status else None

        return await eventually(look, f"a referral that is {status}", PATIENCE, 0.2)

    async def inbox(self, id: str, role: str) -> list[dict[str, Any]]:
        """What stands in somebody's inbox, newest first."""
        found = await self.see(self.desk.person(id, role), "notifications", f"/agendas/{id}/inbox")
        messages: list[dict[str, Any]] = found["messages"]
        return messages

    async def agenda(self, id: str) -> list[dict[str, Any]]:
        """What was planned for somebody and what became of it, as staff see it."""
        found = await self.see(self.psychology, "notifications", f"/agendas/{id}")
        messages: list[dict[str, Any]] = found["messages"]
        return messages

    async def whole_way(self, *, harm: int = 0) -> None:
        """From the first click to the closed loop."""
        await self.refer()
        await self.accept()
        await self.agree()
        await self.treat(harm=harm)
        await self.finish()
        await self.acknowledge()
        await self.status("loop_closed")

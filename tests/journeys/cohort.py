"""A group as the people in it live it, over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import httpx
from icalendar import Calendar

from shared.runtime.aggregate import derived_id
from shared.runtime.auth import issue
from tests.journeys.clinic import RunningClinic
from tests.journeys.flow import Way


@dataclass
class Cohort:
    """One group by video, and those who wait for it."""

    clinic: RunningClinic
    people: list[Way]
    group_id: str = ""
    keys: Iterator[int] = field(default_factory=count)

    @property
    def lead(self) -> Way:
        """Through whom psychology acts; which of them makes no difference."""
        return self.people[0]

    async def wait_for_a_group(self, way: Way) -> None:
        """Referred, accepted, and on the list from which groups are formed."""
        await way.refer(consents=("refer", "share_back", "email"))
        await way.accept()
        await way.act(way.patient, "referrals", f"/referrals/{way.referral_id}/agree", {"place_id": "place-groups"})
        await way.status("waitlisted")

    async def form(self, first_at: datetime) -> None:
        """Psychology forms the group."""
        plan = {
            "programme_id": "cbt-pain",
            "language": "en",
            "mode": "video",
            "where": "https://video.example/room",
            "facilitators": ["psy-moreno", "psy-tanaka"],
            "first_at": first_at.isoformat(),
            "minutes": 90,
            "place_id": "place-groups",
        }
        self.group_id = (await self.lead.act(self.lead.psychology, "interventions", "/groups", plan))["id"]

    async def do(self, what: str, body: dict[str, Any] | None = None) -> None:
        """Psychology does something with the group."""
        path = f"/groups/{self.group_id}/{what}"
        await self.lead.psychology.post("interventions", path, body, key=f"{path}#{next(self.keys)}")
        await self.clinic.system.settle()

    async def page(self) -> dict[str, Any]:
        """The group as psychology sees it."""
        found: dict[str, Any] = await self.lead.psychology.get("interventions", f"/groups/{self.group_id}")
        return found

    async def invite(self, *numbers: int) -> None:
        for number in numbers:
            await self.do("invitations", {"episode_id": self.people[number].episode_id})

    async def answer(self, number: int, accept: bool = True, name: str | None = None) -> None:
        """They say yes, or rather not."""
        body = {"accept": accept, "rules_version": 1, "name": name, "reason_code": None if accept else "too_soon"}
        await self.of(number, "answer", body)

    async def of(self, number: int, what: str, body: dict[str, Any] | None = None) -> None:
        """Somebody does something with their part in it."""
        path = f"/memberships/{self.membership(number)}/{what}"
        await self.people[number].patient.post("interventions", path, body, key=f"{path}#{next(self.keys)}")
        await self.clinic.system.settle()

    async def mine(self, number: int) -> dict[str, Any]:
        """Their part, as they see it."""
        path = f"/memberships/{self.membership(number)}"
        found: dict[str, Any] = await self.people[number].patient.get("interventions", path)
        return found

    def membership(self, number: int) -> str:
        return derived_id("membership", self.people[number].episode_id)

    async def meet(self, session: int, *away: int, told: tuple[int, ...] = ()) -> None:
        """The clock goes to that meeting, and psychology says who was there."""
        page = await self.page()
        begins = datetime.fromisoformat(page["sessions"][session - 1]["at"])
        await self.clinic.pass_time(begins - self.clinic.clock.now() + timedelta(minutes=5))
        missing = {self.membership(number) for number in away}
        page = await self.page()
        expected = [
            one["membership_id"] for one in page["members"] if one["status"] == "seat" and one["since"] <= session
        ]
        absent = [
            {"membership_id": id, "reason_code": "ill", "told": id in {self.membership(one) for one in told}}
            for id in missing
        ]
        present = [id for id in expected if id not in missing]
        await self.do(f"sessions/{session}/attendance", {"present": present, "absent": absent})

    async def standing(self) -> dict[int, str]:
        """How each of them stands in the group: `seat`, `reserve 1`, and so on."""
        by_id = {self.membership(number): number for number in range(len(self.people))}
        members = (await self.page())["members"]
        return {
            by_id[one["membership_id"]]: one["status"] + (f" {one['number']}" if one["number"] else "")
            for one in members
        }

    async def messages(self, number: int, template: str) -> int:
        """How often somebody was told this."""
        return sum(
            row["template"] == template for row in await self.people[number].agenda(self.people[number].patient_id)
        )

    async def calendar(self, number: int) -> dict[str, tuple[datetime, int, str]]:
        """Their calendar: begin, sequence and status of each entry by its UID."""
        desk, patient = self.clinic.desk, self.people[number].patient
        token = issue(desk.token_secret, patient.user, desk.clock.now(), timedelta(minutes=10))
        address = f"{desk.addresses['interventions']}/memberships/{self.membership(number)}/calendar"
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(address, headers={"Authorization": f"Bearer {token}"})
        entries = Calendar.from_ical(answer.text).walk("VEVENT")
        return {str(one["UID"]): (one["DTSTART"].dt, int(one["SEQUENCE"]), str(one["STATUS"])) for one in entries}

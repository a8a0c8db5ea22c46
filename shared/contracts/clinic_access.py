"""Which team treats whom, and what somebody outside it may do in need."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.clinic_staff import StaffMember
from shared.contracts.envelope import Identifier


class Team(BaseModel):
    """Psychology staff who treat together. `staffs` are the places whose patients are theirs; a team that `triages`
    also has everybody who has no place yet. Who is in it is said by the sign-in (claim `teams`), or here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Identifier
    name: str = Field(min_length=1)
    staffs: Literal["all"] | tuple[Identifier, ...] = "all"
    triages: bool = False
    members: tuple[Identifier, ...] = ()


class Access(BaseModel):
    """Without `teams`, all of psychology is one team that staffs every place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    teams: tuple[Team, ...] = ()
    safety_leads: tuple[Identifier, ...] = ()
    """Who hears at once that a record was opened in need, and looks at it; else the first of `risk_ladder`."""
    glass_minutes: int = Field(default=60, ge=5, le=60)
    """For how long such a record is open."""
    review_hours: int = Field(default=72, ge=1, le=72)
    """Until somebody must have looked at it."""

    def teams_of(self, staff_id: str, said: Sequence[str]) -> frozenset[str]:
        """The teams of somebody, by what their sign-in said and by what the clinic's file says."""
        return frozenset(team.id for team in self.teams if team.id in said or staff_id in team.members)

    def treating(self, place_id: str | None) -> frozenset[str]:
        """The teams that have the patients of a place; without a place, those who triage."""
        if place_id is None:
            return frozenset(team.id for team in self.teams if team.triages)
        return frozenset(team.id for team in self.teams if team.staffs == "all" or place_id in team.staffs)

    def fault(self, places: Sequence[str], staff: Sequence[StaffMember]) -> str | None:
        """What is wrong with it, and what to do: nobody may be left without a team."""
        known, everybody = set(places), {one.id for one in staff if one.role == "psychology"}
        if others := sorted(set(self.safety_leads) - everybody):
            return f"access: safety_leads who are not in psychology: {', '.join(others)}; mend it, or `staff`"
        if not self.teams:
            return None
        named = {id for team in self.teams if team.staffs != "all" for id in team.staffs}
        if unknown := sorted(named - known):
            return f"access: teams staff places that are not there: {', '.join(unknown)}; add them, or mend `staffs`"
        if strangers := sorted({id for team in self.teams for id in team.members} - everybody):
            return f"access: members who are not in psychology: {', '.join(strangers)}; mend `members`, or `staff`"
        if alone := sorted(id for id in known if not self.treating(id)):
            return f"access: no team staffs {', '.join(alone)}; add each to the `staffs` of a team"
        if not self.treating(None):
            return "access: no team triages, so nobody sees who is referred; set `triages: true` on one"
        return None

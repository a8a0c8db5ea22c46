"""What the clinic's own sign-in says of its staff, and what it means here. See docs/operating.md."""

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.clinic_staff import StaffRole
from shared.contracts.envelope import Identifier

_CLAIM = Field(min_length=1, max_length=200)


class RoleClaim(BaseModel):
    """`claim` is its name, or the way to it with dots between (`realm_access.roles`); `means` says which of its values
    is which of our roles. What is not listed means nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: str = _CLAIM
    means: dict[str, StaffRole] = Field(min_length=1)


class TeamClaim(BaseModel):
    """The same for teams, each by the name that it has here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: str = _CLAIM
    means: dict[str, Identifier] = Field(min_length=1)


class StaffSignIn(BaseModel):
    """`staff_id` is the claim that holds somebody's id in the clinic's file. They are let in while that file names them
    with one of the roles that the sign-in service says of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    staff_id: str = Field("preferred_username", min_length=1, max_length=200)
    roles: RoleClaim
    teams: TeamClaim | None = None

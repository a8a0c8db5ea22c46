"""Who works at the clinic, and by which ways they are reached."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from shared.contracts.envelope import Identifier
from shared.contracts.notifications import Channel
from shared.contracts.reach import PhoneNumber, PushName
from shared.contracts.referrals import Language

StaffRole = Literal["referrer", "psychology", "operator"]
_ADDRESSES: dict[Channel, str] = {"email": "email", "sms": "phone", "push": "push"}


class StaffMember(BaseModel):
    """Somebody who works with the system. `id` is also the subject of their token. A pain clinician may write for the
    colleagues in `acts_for`. A `phone` stands in the international form, `+447700900123`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Identifier
    name: str
    email: str
    role: StaffRole
    language: Language = "en"
    acts_for: tuple[Identifier, ...] = ()
    called_by: tuple[Channel, ...] = ("email",)
    """In danger; the first is tried first. Their other work comes by e-mail."""
    phone: PhoneNumber | None = None
    push: PushName | None = None

    @model_validator(mode="after")
    def _every_way_has_an_address(self) -> "StaffMember":
        lacking = [way for way in self.called_by if getattr(self, _ADDRESSES[way]) is None]
        if lacking or not self.called_by:
            named = " and ".join(_ADDRESSES[way] for way in lacking) or "one of email, sms, push"
            raise ValueError(f"{self.id}: called_by needs {named}; add it, or take that way out of called_by")
        return self

"""What somebody typed, and what was wrong with it: a page shown again keeps the one and explains the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from fastapi import Request

from services.portal.calls import Intention, Refused

LARGEST_FORM = 64 * 1024
_MOST_FIELDS = 200


class TooLarge(Exception):
    """More was sent than any form of ours can hold."""


class Form:
    """The fields of a form as they were sent."""

    def __init__(self, fields: Mapping[str, list[str]] | None = None) -> None:
        self.fields = dict(fields or {})

    def text(self, name: str) -> str:
        """What stands in a field, without space around it."""
        return self.fields.get(name, [""])[-1].strip()

    def optional(self, name: str) -> str | None:
        """The same, or nothing at all."""
        return self.text(name) or None

    def all(self, name: str) -> list[str]:
        """What was ticked."""
        return [value.strip() for value in self.fields.get(name, [])]

    def number(self, name: str) -> int | None:
        """A whole number, if one stands there."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    @property
    def intention(self) -> Intention:
        return Intention(self.text("key"), self.text("version"))


async def read_form(request: Request) -> Form:
    """The form in the body. Raises `TooLarge`."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            raise TooLarge
    if body.count(b"&") >= _MOST_FIELDS:
        raise TooLarge
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        return Form()
    return Form(fields)


@dataclass(frozen=True)
class Problem:
    """Why a form was not accepted. `fields` names those that it is about, with a code for each; a text for a code may
    name what is in `detail`.
    """

    form: str
    code: str
    title: str = ""
    status: int = 422
    fields: Mapping[str, str] = field(default_factory=dict)
    kept: Form = field(default_factory=Form)
    detail: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, form: str, refused: Refused, kept: Form) -> "Problem":
        fields = _fields(refused)
        return cls(form, refused.code, refused.title, refused.status, fields, kept, refused.detail)

    def lost(self, page: str) -> list[str]:
        """What was written in words, where the page has its form no more: it must not be gone with it."""
        if f'data-form="{self.form}"' in page:
            return []
        typed = [value.strip() for values in self.kept.fields.values() for value in values]
        # What was chosen is a code, and has no space in it.
        return [value for value in typed if " " in value]


_ABOUT = {
    "reason-missing": "reason",
    "goal-missing": "goal",
    "question-missing": "question",
    "answer-missing": "answer",
    "explanation-missing": "explanation",
    "close-reason-invalid": "reason_code",
    "rationale-missing": "rationale",
    "plan-missing": "plan",
    "assessment-missing": "note",
    "recommendation-missing": "recommendation",
    "birth-date-invalid": "birth_date",
    "ask-again-invalid": "ask_again_at",
    "programme-unknown": "programme_id",
    "own-goal-missing": "goal",
    "activity-missing": "activity",
    "performer-unknown": "performer",
    "due-invalid": "due",
    "wanted-by-invalid": "wanted_by",
    "meet-at-invalid": "meet_at",
    "referral-unknown": "referral_id",
    "departure-missing": "departure",
    "departure-reason-missing": "departure_reason",
    "attachment-text-missing": "text",
    "note-missing": "note",
    "not-delegated": "on_behalf_of",
    "pathway-unknown": "pathway",
    "clinician-missing": "step",
    "redirect-unknown": "to",
    "appointment-invalid": "at",
    "clinician-unknown": "clinician_id",
    "findings-missing": "findings",
    "meeting-time-invalid": "at",
    "break-invalid": "weeks",
    "resource-day-invalid": "ends_on",
    "resource-owner-unknown": "owner_id",
    "safe-missing": "safe",
    "person-unknown": "about_id",
    "words-missing": "words",
    "preferences-no-hour-left": "hours",
    "reach-way-missing": "ways",
    "reach-phone-missing": "phone",
    "reach-push-missing": "push",
    "reach-sender-unknown": "sender_name",
    "reach-code-invalid": "code",
}


def _fields(refused: Refused) -> dict[str, str]:
    if refused.code == "invalid":
        places = [str(error.get("where", "")).split(".") for error in refused.errors]
        return {place[1]: f"invalid-{place[1]}" for place in places if len(place) > 1}
    measure = refused.detail.get("measure")
    if measure:
        items = str(refused.detail.get("missing") or refused.detail.get("item") or "1").split(",")
        return {f"{measure}-{item}": refused.code for item in items if item}
    name = _ABOUT.get(refused.code) or refused.detail.get("about")
    return {name: refused.code} if name else {}

"""HTTP in: what the clinic's messages say, written, looked at and published by psychology."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.notifications import access, wording_views
from services.notifications.agendas import wording_id
from services.notifications.domain.evolve import WAITING
from services.notifications.domain.rewording import waits_for
from services.notifications.domain.wording import ChangeWording, DraftWording, PublishWording, RestoreWording
from services.notifications.domain.wording_checks import PARTS
from services.notifications.drafts import Drafts
from services.notifications.sender import reader_of
from services.notifications.texts import LANGUAGES, Texts
from services.notifications.wording_views import WordingPage, WordingRow
from shared.contracts.clinic import Clinic
from shared.contracts.referrals import Language
from shared.runtime.audit import trail
from shared.runtime.errors import NotFound
from shared.runtime.http import Caller, allow

PartText = Annotated[str, StringConstraints(max_length=4_000)]
"""A technical limit, far above any message."""
_PAGE = 200


class Words(BaseModel):
    """A text by its parts. Without an e-mail of its own, it says only that something is new."""

    model_config = ConfigDict(extra="forbid")

    email: PartText = ""
    short: PartText = ""
    inbox: PartText = ""
    because: PartText = ""

    @property
    def text(self) -> str:
        """As templates have it. Browsers end lines in two characters."""
        parts = [(name, getattr(self, name).replace("\r\n", "\n").strip()) for name in PARTS]
        return "\n\n".join(f"[{name}]\n{content}" for name, content in parts if content) or "[inbox]"


class Choice(BaseModel):
    """Whether what waits gets the new words too."""

    model_config = ConfigDict(extra="forbid")

    reword: bool = False


Author = Annotated[Caller, allow("psychology")]


class Wordings:
    """The routes, with this clinic's words."""

    def __init__(self, clinic: Clinic, texts: Texts) -> None:
        self._clinic = clinic
        self._texts = texts
        self._drafts = Drafts(clinic, texts)

    async def every(self, caller: Author) -> list[WordingRow]:
        """All messages that this service can send, with the version of their words."""
        if not access.words_messages(caller.user):
            raise NotFound("wordings")
        ids = [wording_id(template, language) for template in self._texts.names for language in LANGUAGES]
        found = await caller.core.load_many("wording", ids)
        return wording_views.rows(self._drafts, self._texts, {one.id: one.state for one in found})

    async def one(self, template: str, language: Language, caller: Author) -> WordingPage:
        """One of them, its draft, what speaks against publishing it, and how many e-mails wait."""
        found = await caller.core.load_many("wording", [self._id(caller, template, language)])
        waiting = sum((await self._waiting(caller, template, language)).values())
        return wording_views.page(self._drafts, self._texts, template, language, found[0] if found else None, waiting)

    async def draft(self, template: str, language: Language, body: Words, caller: Author) -> Response:
        """Other words, which nobody reads yet."""
        id = self._id(caller, template, language)
        said = {"now": caller.now, "actor": caller.actor, "template": template, "language": language}
        command = DraftWording.model_validate({**said, "text": body.text, "by": caller.user.id})
        return await caller.begin_or_change("wording", id, lambda _: command)

    async def publish(self, template: str, language: Language, body: Choice, caller: Author) -> Response:
        """The draft is what messages say from now on."""
        return await self._change(PublishWording, template, language, body, caller)

    async def restore(self, template: str, language: Language, body: Choice, caller: Author) -> Response:
        """The shipped words hold again."""
        return await self._change(RestoreWording, template, language, body, caller)

    async def _change(
        self, kind: type[ChangeWording], template: str, language: Language, choice: Choice, caller: Caller
    ) -> Response:
        id = self._id(caller, template, language)
        waiting = await self._waiting(caller, template, language) if choice.reword else {}
        said = {"now": caller.now, "actor": caller.actor, "template": template, "language": language}
        who = {"by": caller.user.id, "reword": choice.reword, "recipient_ids": tuple(sorted(waiting))}
        command = kind.model_validate({**said, **who})
        return await caller.begin_or_change("wording", id, lambda _: command)

    def _id(self, caller: Caller, template: str, language: Language) -> str:
        """Where the words are kept. Raises `NotFound` also for those who may not write them."""
        if template not in self._texts.names or not access.words_messages(caller.user):
            raise NotFound(f"wording {template} {language}")
        return wording_id(template, language)

    async def _waiting(self, caller: Caller, template: str, language: Language) -> dict[str, int]:
        """For whom messages of a template wait that they are told in this language, and how many."""
        found: dict[str, int] = {}
        after: str | None = None
        with trail.apart():
            while page := await caller.core.page("agenda", WAITING, "", after=after, limit=_PAGE):
                after = page[-1].key
                for one in page:
                    count = len(waits_for(one.state, template))
                    if count and reader_of(self._clinic, one.state).language == language:
                        found[one.state.recipient_id] = count
        return found


def router(clinic: Clinic, texts: Texts) -> APIRouter:
    """The routes, with this clinic's words."""
    routes = APIRouter(tags=["wordings"])
    wordings = Wordings(clinic, texts)
    one = "/wordings/{template}/{language}"
    routes.add_api_route("/wordings", wordings.every, methods=["GET"])
    routes.add_api_route(one, wordings.one, methods=["GET"])
    for name, change in (("draft", wordings.draft), ("publish", wordings.publish), ("restore", wordings.restore)):
        routes.add_api_route(f"{one}/{name}", change, methods=["POST"])
    return routes

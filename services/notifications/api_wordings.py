"""HTTP in: what the clinic's messages say, written, looked at and published by psychology."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from services.notifications import access, wording_views
from services.notifications.agendas import wording_id
from services.notifications.domain.evolve import WAITING
from services.notifications.domain.rewording import waits_for
from services.notifications.domain.wording import DraftWording, PublishWording, RestoreWording
from services.notifications.domain.wording_checks import PARTS
from services.notifications.drafts import Drafts
from services.notifications.sender import reader_of
from services.notifications.texts import LANGUAGES, Texts
from services.notifications.wording_views import WordingPage, WordingRow
from shared.contracts.clinic import Clinic
from shared.contracts.referrals import Language
from shared.runtime.errors import NotFound
from shared.runtime.http import Caller, allow

_PAGE = 200


class Words(BaseModel):
    """A text by its parts. Without an e-mail of its own, it says only that something is new."""

    model_config = ConfigDict(extra="forbid")

    email: str = ""
    inbox: str = ""
    because: str = ""

    @property
    def text(self) -> str:
        """As templates have it. Browsers end lines in two characters."""
        parts = [(name, getattr(self, name).replace("\r\n", "\n").strip()) for name in PARTS]
        return "\n\n".join(f"[{name}]\n{content}" for name, content in parts if content) or "[inbox]"


class Choice(BaseModel):
    """Whether what waits gets the new words too."""

    model_config = ConfigDict(extra="forbid")

    reword: bool = False


class Wordings:
    """Deciding who may, and for whom something waits."""

    def __init__(self, clinic: Clinic, texts: Texts) -> None:
        self.clinic = clinic
        self.texts = texts
        self.drafts = Drafts(clinic, texts)

    def id_of(self, caller: Caller, template: str, language: Language) -> str:
        """Where the words are kept. Raises `NotFound` also for those who may not write them."""
        if template not in self.texts.names or not access.words_messages(caller.user):
            raise NotFound(f"wording {template} {language}")
        return wording_id(template, language)

    async def waiting(self, caller: Caller, template: str, language: Language) -> dict[str, int]:
        """For whom messages of a template wait that they are told in this language, and how many."""
        found: dict[str, int] = {}
        after: str | None = None
        while page := await caller.core.page("agenda", WAITING, "", after=after, limit=_PAGE):
            after = page[-1].key
            for one in page:
                count = len(waits_for(one.state, template))
                if count and reader_of(self.clinic, one.state).language == language:
                    found[one.state.recipient_id] = count
        return found

    async def chosen(self, caller: Caller, template: str, language: Language, choice: Choice) -> dict[str, object]:
        """What a change is told: by whom, and who is to have the new words though theirs waits already."""
        waiting = await self.waiting(caller, template, language) if choice.reword else {}
        said = {"now": caller.now, "actor": caller.actor, "template": template, "language": language}
        return {**said, "by": caller.user.id, "reword": choice.reword, "recipient_ids": tuple(sorted(waiting))}


def router(clinic: Clinic, texts: Texts) -> APIRouter:
    """The routes, with this clinic's words."""
    routes = APIRouter(tags=["wordings"])
    wordings = Wordings(clinic, texts)

    @routes.get("/wordings")
    async def every(caller: Caller = allow("psychology")) -> list[WordingRow]:
        """All messages that this service can send, with the version of their words."""
        if not access.words_messages(caller.user):
            raise NotFound("wordings")
        ids = [wording_id(template, language) for template in texts.names for language in LANGUAGES]
        found = await caller.core.load_many("wording", ids)
        return wording_views.rows(wordings.drafts, texts, {one.id: one.state for one in found})

    @routes.get("/wordings/{template}/{language}")
    async def one(template: str, language: Language, caller: Caller = allow("psychology")) -> WordingPage:
        """One of them, its draft, what speaks against publishing it, and how many e-mails wait."""
        id = wordings.id_of(caller, template, language)
        found = await caller.core.load_many("wording", [id])
        waiting = sum((await wordings.waiting(caller, template, language)).values())
        return wording_views.page(wordings.drafts, texts, template, language, found[0] if found else None, waiting)

    @routes.post("/wordings/{template}/{language}/draft")
    async def draft(template: str, language: Language, body: Words, caller: Caller = allow("psychology")) -> Response:
        """Other words, which nobody reads yet."""
        id = wordings.id_of(caller, template, language)
        said = {"now": caller.now, "actor": caller.actor, "template": template, "language": language}
        command = DraftWording.model_validate({**said, "text": body.text, "by": caller.user.id})
        return await caller.begin_or_change("wording", id, lambda _: command)

    @routes.post("/wordings/{template}/{language}/publish")
    async def publish(
        template: str, language: Language, body: Choice, caller: Caller = allow("psychology")
    ) -> Response:
        """The draft is what messages say from now on."""
        id = wordings.id_of(caller, template, language)
        command = PublishWording.model_validate(await wordings.chosen(caller, template, language, body))
        return await caller.begin_or_change("wording", id, lambda _: command)

    @routes.post("/wordings/{template}/{language}/restore")
    async def restore(
        template: str, language: Language, body: Choice, caller: Caller = allow("psychology")
    ) -> Response:
        """The shipped words hold again."""
        id = wordings.id_of(caller, template, language)
        command = RestoreWording.model_validate(await wordings.chosen(caller, template, language, body))
        return await caller.begin_or_change("wording", id, lambda _: command)

    return routes

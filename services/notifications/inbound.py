"""What providers tell us later: receipts of text messages and notifications, and words that came back by them.

The form is ours, since each provider has its own: a few lines beside the provider's own hook turn one into the other
(docs/operating.md).
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.notifications.domain.state import AgendaState
from shared.contracts.notifications import Channel

_STOP = frozenset(("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "ALTO", "BAJA", "PARAR", "CANCELAR"))
_START = frozenset(("START", "UNSTOP", "ALTA", "INICIO", "EMPEZAR"))
"""English and Spanish, whichever language the person reads: whoever has had enough writes the word that they know."""


class InboundFault(Exception):
    """It cannot be read. The message says why, and holds nothing of it."""


class Inbound(BaseModel):
    """What all have in common."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Receipt(Inbound):
    """What became of the newest message to `to`. `code` is the provider's own."""

    kind: Literal["receipt"]
    to: str = Field(min_length=1, max_length=100)
    outcome: Literal["delivered", "permanent", "temporary"]
    address_is_wrong: bool = False
    code: str = Field(default="", max_length=40, pattern=r"^[A-Za-z0-9._-]*$")


class Reply(Inbound):
    """Somebody wrote back."""

    kind: Literal["reply"]
    sender: str = Field(min_length=1, max_length=100)
    text: str = Field(max_length=2000)

    @property
    def word(self) -> Literal["stop", "start"] | None:
        """What it asks for, if it is such a word and nothing else."""
        written = self.text.strip(" .!\"'\t\r\n").upper()
        return "stop" if written in _STOP else "start" if written in _START else None


class News(Inbound):
    """One call of a provider."""

    news: list[Annotated[Receipt | Reply, Field(discriminator="kind")]] = Field(max_length=1000)


def read_news(body: bytes) -> list[Receipt | Reply]:
    """Raises `InboundFault`."""
    try:
        return list(News.model_validate_json(body).news)
    except ValidationError as fault:
        places = sorted({".".join(map(str, error["loc"])) or "the whole" for error in fault.errors()})
        raise InboundFault(f"not readable: {', '.join(places)[:200]}") from None


def newest(state: AgendaState, channel: Channel) -> str | None:
    """The message that went by `channel` last, of those that went in it as themselves."""
    went = [
        (one.sent_at or one.planned_at, id)
        for id, one in state.messages.items()
        if one.channel == channel and one.carrier is None and (one.status == "sent" or one.possibly_sent)
    ]
    return max(went)[1] if went else None

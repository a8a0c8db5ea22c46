"""How some invented people wish to be reached, what comes back from their phones, and what psychology words anew.

Phone numbers are from those that are kept for stories.
"""

import re
from pathlib import Path
from typing import Any, NamedTuple

from deploy.cast import Story
from deploy.people import Desk, Person
from deploy.provider import Provider

_FAMILY = "+447700900128"
_SAYS_STOP = "+447700900123"
_IS_WRONG = "+447700900115"

_NEWEST = 3
_CODE = re.compile(r"\b\d{8}\b")

_BY_PHONE = ["sms", "email"]
WAYS: dict[str, dict[str, Any]] = {
    "Viktor Ilic": {"channels": _BY_PHONE, "phone": "+447700900129", "sender_name": "Harbour"},
    "Teresa Campos": {"channels": _BY_PHONE, "phone": _FAMILY},
    "Alex Campos": {"channels": ["sms"], "phone": _FAMILY},
    "Elena Petrova": {"channels": ["push", "email"], "push": "elena-at-home", "says_more": True},
    "Ahmed Saleh": {"channels": _BY_PHONE, "phone": "+447700900113", "says_more": True},
    "Sinead Walsh": {"channels": _BY_PHONE, "phone": "+447700900112"},
    "Noah Fischer": {"channels": _BY_PHONE, "phone": _SAYS_STOP},
    "Peter Novak": {"channels": _BY_PHONE, "phone": _IS_WRONG},
}
"""By name: text messages or notifications first, and for some what others may see of them. Two share a phone."""
PREFERENCES: dict[str, dict[str, Any]] = {
    "Samuel Osei": {"weekly_emails": 1},
    "Clara Rossi": {"hours": {"quiet_from": "18:00", "quiet_to": "09:30"}},
    "Pilar Romero": {"inbox_only": ["encouragement", "people"]},
}
"""By name: how many e-mails are enough, when to be quiet, and which kinds of messages stay in the inbox."""


async def choose(person: Person, name: str) -> None:
    """What this person wishes about the messages to them, if anything. Their inbox must be there."""
    for what, wishes in (("reach", WAYS), ("preferences", PREFERENCES)):
        if name in wishes:
            await person.post("notifications", f"/agendas/{person.user.id}/{what}", wishes[name])


async def confirm(person: Person, name: str) -> None:
    """They write the code that has come to their phone meanwhile."""
    for channel, address in (("sms", "phone"), ("push", "push")):
        to = WAYS.get(name, {}).get(address)
        if to is not None:
            body = {"channel": channel, "code": code_sent_to(person.desk.mail, to, channel)}
            await person.post("notifications", f"/agendas/{person.user.id}/reach/confirm", body)


def code_sent_to(mail: Path, to: str, channel: str) -> str:
    """The newest code in the mail folder for this number or name. Raises `LookupError` where there is none."""
    files = sorted(mail.glob(f"*.{channel}.txt"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for text in (file.read_text(encoding="utf-8") for file in files):
        if text.startswith(f"To: {to}\n") and (code := _CODE.search(text.partition("\n")[2])):
            return code[0]
    raise LookupError(f"no code was sent to {to}")


async def opens_messages(person: Person) -> None:
    """They sign in and read the newest."""
    inbox = await person.get("notifications", f"/agendas/{person.user.id}/inbox")
    for message in inbox["messages"][:_NEWEST]:
        if not message["read"]:
            await person.post("notifications", f"/agendas/{person.user.id}/messages/{message['id']}/read")


async def replies(provider: Provider) -> Story:
    """One number turns out to be wrong, and somebody wants no more text messages."""
    yield 91
    # Once the day's first message has gone there.
    yield 0
    await provider.does_not_know(_IS_WRONG)
    yield 4
    await provider.answers(_SAYS_STOP, "STOP")


class _Words(NamedTuple):
    template: str
    language: str
    inbox: str
    because: str
    email: str = ""


_PUBLISHED = (
    _Words(
        "welcome",
        "en",
        "Good that you are here\n\nThank you for your trust. Your first step stands on your home page. It is a small "
        "one, and you set the pace.\n\nIs something not clear? Call us on {{ phone }}. We like to hear from you.",
        "you said that you want to start",
    ),
    _Words(
        "module_open",
        "es",
        "Su próxima sesión le espera\n\nLa encontrará en su página de inicio. Hágala cuando le venga bien, entera o en "
        "partes.\n\nSi hoy no es un buen día, mañana también vale.",
        "se ha abierto una sesión de su plan",
    ),
)
_DRAFT = _Words(
    "kind_word",
    "en",
    "A hello from all of us\n\nWe have not heard from you for a while, and that is fine. Your place is kept.\n\n"
    "One small step is enough. If you would rather talk, call us on {{ phone }}.",
    "we have not heard from you for a little while",
    email="Your therapy misses you\n\nPlease sign in and go on with your next session.",
)
"""Its e-mail tells too much to whoever sees the mailbox, so it cannot be published."""


async def wordings(desk: Desk, team: tuple[str, ...]) -> Story:
    """Psychology has found own words in each language, and is not done with one more."""
    yield 60
    for number, words in enumerate((*_PUBLISHED, _DRAFT)):
        author = desk.person(team[number % len(team)], "psychology")
        path = f"/wordings/{words.template}/{words.language}"
        body = {"email": words.email, "inbox": words.inbox, "because": words.because}
        await author.post("notifications", f"{path}/draft", body)
        if words is not _DRAFT:
            await author.post("notifications", f"{path}/publish", {"reword": False})


HINTS = (
    ("Viktor Ilic", "text messages first, from a name of his choice", "/inbox/ways"),
    ("Teresa Campos", "in Spanish; shares a phone with Alex Campos, whom she trusts", "/inbox"),
    ("Ahmed Saleh", "a meeting, and a reminder that waits for it", "/inbox/planned"),
    ("Samuel Osei", "one e-mail a week is enough; the rest waits", "/inbox/emails, /inbox"),
    ("Clara Rossi", "quiet hours of her own", "/inbox/emails"),
    ("Pilar Romero", "in Spanish; kind words only in the inbox", "/inbox/emails"),
    ("Noah Fischer", "wrote STOP", "/inbox/ways"),
    ("Peter Novak", "a number that does not exist: it came back", "/inbox"),
    ("Sinead Walsh", "did not open an offer: text message, e-mail, a call", "/inbox"),
    ("Yuki Tanaka", "whom to call; own words, and a draft with a fault", "/inbox, /wordings"),
    ("Ciara Byrne", "how the ways out do", "/"),
)
"""Who shows what about messages, and on which page."""

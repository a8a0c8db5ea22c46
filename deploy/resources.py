"""An invented list of resources: a few in each language, one near its last day, one that is over.

All of it is made up, but for the emergency number: addresses end in `.example` and numbers are kept for stories.
"""

from datetime import timedelta
from typing import NamedTuple

from deploy.cast import Story
from deploy.people import Desk


class _Entry(NamedTuple):
    title: str
    text: str
    topic: str
    language: str = "en"
    for_whom: str = "both"
    link: str | None = None
    phone: str | None = None
    days: int = 300


ENTRIES = (
    _Entry(
        "Harbour walks with benches",
        "A map of short, level paths near the harbour. You can sit down every few minutes.",
        "moving",
        link="https://walks.example/harbour",
    ),
    _Entry(
        "Warm water hour",
        "Quiet time in the warm pool on Tuesdays. Nobody has to swim. Call before you come for the first time.",
        "moving",
        for_whom="patients",
        phone="+44 20 7946 0123",
        days=95,
    ),
    _Entry(
        "Paseos cortos por el puerto",
        "Un mapa de caminos cortos y llanos. Hay bancos para descansar.",
        "moving",
        language="es",
        link="https://walks.example/es/puerto",
    ),
    _Entry(
        "What pain is, in five pictures",
        "Five drawings show why pain can last after the body has healed. It takes ten minutes to read.",
        "understanding_pain",
        link="https://pain-in-pictures.example",
    ),
    _Entry(
        "Qué es el dolor, en cinco dibujos",
        "Cinco dibujos que explican por qué el dolor puede durar. Se lee en diez minutos.",
        "understanding_pain",
        language="es",
        link="https://pain-in-pictures.example/es",
    ),
    _Entry("Calm nights", "Seven short pages on sleeping with pain.", "sleep", link="https://calm-nights.example"),
    _Entry(
        "Harbour evening line",
        "Somebody from our town listens, from six to ten in the evening. You can just talk.",
        "mood",
        phone="+44 20 7946 0456",
    ),
    _Entry(
        "Forms and benefits desk",
        "Two people help you to fill in forms about work and money. It is free. Bring your letters.",
        "money_and_work",
        phone="+44 20 7946 0321",
    ),
    _Entry(
        "Ayuda con papeles",
        "Le ayudan en español con papeles de trabajo y dinero. Es gratis.",
        "money_and_work",
        language="es",
        phone="+44 20 7946 0322",
    ),
    _Entry(
        "Coffee for carers",
        "People who look after somebody meet on the first Monday. You can come once, or each time.",
        "looking_after_yourself",
        for_whom="caregivers",
        link="https://coffee-for-carers.example/harbour",
    ),
    _Entry(
        "Young and helping at home",
        "A page by young people who help a parent in pain. It has ideas for school, friends and time of your own.",
        "young_carers",
        for_whom="caregivers",
        link="https://young-and-helping.example",
    ),
    _Entry(
        "Emergency",
        "If somebody is in danger now, call at once, by day or night. It is free.",
        "urgent_help",
        phone="999",
    ),
)
_WRITTEN = 90
"""How many days after the clinic began: ten before the present."""
_NEAR = _Entry(
    "Summer garden group",
    "A small group looks after the garden of the library. You do as much as your body allows.",
    "peer_groups",
    link="https://library-garden.example",
    days=17,
)
_OVER = _Entry("Autumn talks", "Three evening talks on living with pain.", "understanding_pain", days=6)


async def resources(desk: Desk, owners: tuple[str, ...]) -> Story:
    """Written by psychology ten days ago; each of the team looks after some."""
    yield _WRITTEN
    for number, entry in enumerate((*ENTRIES, _NEAR, _OVER)):
        owner = owners[number % len(owners)]
        last = desk.clock.now().date() + timedelta(days=entry.days)
        body = {**entry._asdict(), "owner_id": owner, "ends_on": last.isoformat()}
        del body["days"]
        await desk.person(owner, "psychology").post("interventions", "/resources", body, key=f"demo-resource-{number}")

"""Psychology writes what messages say: a draft, published with or without changing what waits, or taken back."""

from collections import Counter
from datetime import timedelta
from typing import Any

from shared.contracts.notifications import MessagePlanned
from shared.contracts.wordings import WordingDrafted, WordingPublished
from tests.simulation.loop import START
from tests.simulation.seat import No, Seat
from tests.simulation.words import note

_PLAIN = {
    "en": "There is something new for you\n\nPlease sign in to read it.",
    "es": "Hay algo nuevo para usted\n\nEntre para leerlo, por favor.",
}
_SHORT = {"en": "Please look in. There is something new.", "es": "Entre, por favor. Hay algo nuevo."}
_RACES = ("wording-draft-missing", "wording-shipped-already")


async def write_words(seat: Seat) -> None:
    """One visit: other words for a message that is told often."""
    told = Counter(event.template for _, event in seat.town.clinic.record.of_type(MessagePlanned))
    often = [template for template, _ in told.most_common(12)]
    if not often:
        return
    now = START + timedelta(seconds=seat.town.clinic.loop.time())
    waiting = [event.template for _, event in seat.town.clinic.record.of_type(MessagePlanned) if event.send_at > now]
    published = [(event.template, event.language) for _, event in seat.town.clinic.record.of_type(WordingPublished)]
    for _ in range(4):
        template, language = seat.rng.choice(waiting or often), seat.rng.choice(("en", "es"))
        if published and seat.rng.random() < 0.25:
            template, language = seat.rng.choice(published)
        path = f"/wordings/{template}/{language}"
        page = await seat.see("notifications", path)
        # Where something waits, or was changed before, it matters what becomes of it.
        if page["waiting"] or page["wording"]:
            break
    await _change(seat, path, page, language)


async def _change(seat: Seat, path: str, page: dict[str, Any], language: str) -> None:
    choice = {"reword": seat.rng.random() < (0.7 if page["waiting"] else 0.4)}
    if page["wording"] and seat.rng.random() < 0.4:
        answer = await seat.do("notifications", f"{path}/restore", choice, page["version"])
        _expect(seat, answer, choice["reword"], "restore the shipped words")
        return
    drafted = await seat.do("notifications", f"{path}/draft", _body(seat, page, language), page["version"])
    seat.expect_done(drafted, "write other words")
    if isinstance(drafted, No) or seat.rng.random() < 0.1:
        return
    page = await seat.see("notifications", path)
    if page["faults"]:
        seat.blame(f"cannot publish {path}: {page['faults']}")
    answer = await seat.do("notifications", f"{path}/publish", choice, page["version"])
    _expect(seat, answer, choice["reword"], "publish other words")


def _body(seat: Seat, page: dict[str, Any], language: str) -> dict[str, str]:
    # No two drafts bear the same note.
    number = 1 + sum(1 for _ in seat.town.clinic.record.of_type(WordingDrafted)) * 100 + seat.rng.randint(0, 99)
    shipped, own = page["shipped"], note(number, language)
    email = shipped["email"] or _PLAIN[language]
    parts = {"email": email, "inbox": shipped["inbox"], "short": shipped["short"] or _SHORT[language]}
    joined = {name: f"{text}{' ' if name == 'short' else chr(10)}{own}" for name, text in parts.items()}
    return {**joined, "because": shipped["because"]}


def _expect(seat: Seat, answer: Any, reword: bool, what: str) -> None:
    seat.expect_done(answer, what, *_RACES)
    if isinstance(answer, No):
        return
    record = seat.town.clinic.record
    said = record.events[answer["id"]][answer["version"] - 1]["data"]
    if said.get("reword") != reword:
        seat.blame(f"asked for what waits to {'be reworded' if reword else 'keep its words'}, and it is not so")
    record.happened["words changed for what waits too" if reword else "words changed for what is to come"] += 1

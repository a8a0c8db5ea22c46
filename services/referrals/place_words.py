"""What there is to say of a place: whether there is room, and why somebody stands where they do. It names nobody."""

from datetime import datetime, timedelta
from math import ceil

from services.referrals.domain.place.order import Position, is_paused, is_resting
from services.referrals.words.order import PRIORITIES
from shared.contracts.referrals import CapacityStatus, EntryStatus, Language

_CAPACITY: dict[Language, dict[CapacityStatus, str]] = {
    "en": {
        "capacity": "There are free places now.",
        "no-capacity": "There are no places here at the moment.",
        "waitlist": "All places are taken. There is a waiting list.",
        "additional-assessment-required": "There are free places. We first talk once more, to see if it fits.",
    },
    "es": {
        "capacity": "Ahora hay plazas libres.",
        "no-capacity": "Por ahora aquí no hay plazas.",
        "waitlist": "Todas las plazas están ocupadas. Hay una lista de espera.",
        "additional-assessment-required": "Hay plazas libres. Antes hablamos una vez más para ver si conviene.",
    },
}

_SEAT: dict[Language, dict[EntryStatus, str]] = {
    "en": {"held": "A seat is held until they answer.", "seated": "Has a seat."},
    "es": {"held": "Tiene una plaza reservada hasta que responda.", "seated": "Tiene plaza."},
}

_One = tuple[str, str]
"""What is said of one, and of none or several."""

_LINE: dict[Language, dict[str, _One]] = {
    "en": {
        "waiting": ("Waiting {n} day.", "Waiting {n} days."),
        "paused": ("Waited {n} day, then paused.", "Waited {n} days, then paused."),
        "resting": (
            "An offer came back: passed over for {n} more day.",
            "An offer came back: passed over for {n} more days.",
        ),
        "before": ("{n} person before them in line", "{n} people before them in line"),
        "more_urgent": ("more urgent", "more urgent"),
        "waiting_longer": ("just as urgent and waiting longer", "just as urgent and waiting longer"),
        "waiting_as_long": ("just as urgent and waiting as long", "just as urgent and waiting as long"),
    },
    "es": {
        "waiting": ("Espera desde hace {n} día.", "Espera desde hace {n} días."),
        "paused": ("Esperó {n} día y está en pausa.", "Esperó {n} días y está en pausa."),
        "resting": (
            "Una oferta quedó sin aceptar: no se le ofrece otra durante {n} día más.",
            "Una oferta quedó sin aceptar: no se le ofrece otra durante {n} días más.",
        ),
        "before": ("{n} persona por delante", "{n} personas por delante"),
        "more_urgent": ("más urgente", "más urgentes"),
        "waiting_longer": ("igual de urgente y con más espera", "igual de urgentes y con más espera"),
        "waiting_as_long": ("igual de urgente y con la misma espera", "igual de urgentes y con la misma espera"),
    },
}
_NEXT: dict[Language, str] = {"en": "Next in line.", "es": "Es la siguiente persona."}
_UNTIL_RESUMED: dict[Language, str] = {
    "en": "Passed over until the pause ends.",
    "es": "No se le ofrece plaza hasta que termine la pausa.",
}


def capacity_sentence(code: CapacityStatus, language: Language) -> str:
    """A capacity code, for everybody."""
    return _CAPACITY[language][code]


def seat_sentence(status: EntryStatus, language: Language) -> str:
    """What somebody has who does not wait any more, for staff."""
    return _SEAT[language][status]


def position_sentence(position: Position, now: datetime, language: Language) -> str:
    """Why somebody who waits stands where they do, for staff. Of the others it says only how many, and why before."""
    entry, days = position.entry, position.days_waited
    if is_paused(entry):
        said = [_counted("paused", days, language), _UNTIL_RESUMED[language]]
    elif entry.rest_until is not None and is_resting(entry, now):
        rest = ceil((entry.rest_until - now) / timedelta(days=1))
        said = [_counted("waiting", days, language), _counted("resting", rest, language)]
    else:
        said = [_counted("waiting", days, language), _ahead(position, language)]
    return " ".join([PRIORITIES[language][entry.priority], *said])


def _ahead(position: Position, language: Language) -> str:
    counts = {why: getattr(position, why) for why in ("more_urgent", "waiting_longer", "waiting_as_long")}
    reasons = {why: n for why, n in counts.items() if n}
    if not reasons:
        return _NEXT[language]
    before = _counted("before", sum(reasons.values()), language)
    if len(reasons) == 1:
        [(why, n)] = reasons.items()
        return f"{before}, {_counted(why, n, language)}."
    parts = [f"{n} {_counted(why, n, language)}" for why, n in reasons.items()]
    return f"{before}: {', '.join(parts)}."


def _counted(what: str, n: int, language: Language) -> str:
    one, several = _LINE[language][what]
    return (one if n == 1 else several).format(n=n)

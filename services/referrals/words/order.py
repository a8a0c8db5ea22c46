"""Why a referral stands where it does in a list of psychology, and by what rule the list is in order; for staff.

It says what `lists.py` sorts by, and beside it what a reader would otherwise ask: pauses, and by when something is due.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.referrals.domain.referral import clock
from services.referrals.domain.referral.standings import BEFORE_TREATMENT
from services.referrals.domain.referral.state import ReferralState, Status
from shared.contracts.clinic import Clinic
from shared.contracts.referrals import Language, Priority
from shared.runtime.days import day_in_words

_One = tuple[str, str]

PRIORITIES: dict[Language, dict[Priority, str]] = {
    "en": {Priority.VERY_URGENT: "Very urgent.", Priority.URGENT: "Urgent.", Priority.ROUTINE: "Routine."},
    "es": {Priority.VERY_URGENT: "Muy urgente.", Priority.URGENT: "Urgente.", Priority.ROUTINE: "Ordinaria."},
}
_RULES: dict[Language, dict[str, str]] = {
    "en": {
        "awaiting_triage": "First what is very urgent, then urgent, then routine. Among equals, whoever was sent"
        " first stands first. Paused days do not move anybody back.",
        "waiting_on_referrer": "First open questions and whatever is very urgent, then urgent, then routine referrals"
        " that lack a document. Among equals, whoever was sent first stands first. Paused days"
        " do not move anybody back.",
        "undecided": "Whoever said “not now” stands before whoever needs time. Among equals, whoever was sent first"
        " stands first. Urgency and paused days do not move anybody.",
        "stages": "By where it stands first; what waits for a decision, the most urgent first. Among equals, whoever"
        " was sent first stands first. Paused days do not move anybody back.",
        "returned": "Whoever was answered last stands first.",
        "other": "Whoever was sent first stands first. Urgency and paused days do not move anybody in this list.",
        "place": "First who is very urgent, then urgent, then routine. Among equals, whoever has waited longest stands"
        " first. Paused days do not count. Whoever is paused, or had an offer that came back, gets no seat for"
        " now.",
    },
    "es": {
        "awaiting_triage": "Primero lo muy urgente, luego lo urgente y lo ordinario. Entre iguales va antes quien se"
        " envió antes. Los días en pausa no hacen perder el turno.",
        "waiting_on_referrer": "Primero las preguntas abiertas y lo muy urgente, luego lo urgente y lo ordinario a lo"
        " que falta un documento. Entre iguales va antes quien se envió antes. Los días en"
        " pausa no hacen perder el turno.",
        "undecided": "Quien dijo «ahora no» va antes de quien necesita tiempo. Entre iguales va antes quien se envió"
        " antes. La urgencia y los días en pausa no cambian el turno.",
        "stages": "Primero según en qué punto está; lo que espera una decisión, lo más urgente antes. Entre iguales va"
        " antes quien se envió antes. Los días en pausa no hacen perder el turno.",
        "returned": "Va antes quien recibió la respuesta más reciente.",
        "other": "Va antes quien se envió antes. La urgencia y los días en pausa no cambian el turno en esta lista.",
        "place": "Primero lo muy urgente, luego lo urgente y lo ordinario. Entre iguales va antes quien lleva más"
        " tiempo esperando. Los días en pausa no cuentan. A quien está en pausa, o dejó sin aceptar una"
        " oferta, no se le ofrece plaza por ahora.",
    },
}
_SAID: dict[Language, dict[str, _One]] = {
    "en": {
        "waiting": ("Sent on {day}, waiting for {n} day.", "Sent on {day}, waiting for {n} days."),
        "waited": ("Sent on {day}, waited for {n} day.", "Sent on {day}, waited for {n} days."),
        "sent": ("Sent on {day}.", "Sent on {day}."),
        "paused": ("Paused for {n} day, which is not counted.", "Paused for {n} days, which are not counted."),
    },
    "es": {
        "waiting": ("Enviada el {day}, espera desde hace {n} día.", "Enviada el {day}, espera desde hace {n} días."),
        "waited": ("Enviada el {day}, esperó {n} día.", "Enviada el {day}, esperó {n} días."),
        "sent": ("Enviada el {day}.", "Enviada el {day}."),
        "paused": ("En pausa durante {n} día, que no cuenta.", "En pausa durante {n} días, que no cuentan."),
    },
}
_TARGETS: dict[Language, dict[str, str]] = {
    "en": {
        "triage": "To be decided by {day}.",
        "answer": "To be answered by {day}.",
        "begin": "Treatment should begin by {day}, {weeks} weeks after it was sent.",
        "late": "Longer than all targets.",
        "still": "The clock stands still now, so no target runs.",
    },
    "es": {
        "triage": "Por decidir antes de: {day}.",
        "answer": "Por responder antes de: {day}.",
        "begin": "El tratamiento debería empezar antes de: {day}, {weeks} semanas después del envío.",
        "late": "Espera más que todos los plazos.",
        "still": "El reloj está parado ahora: no corre ningún plazo.",
    },
}


_OF_SEVERAL_STAGES = ("all_open", "awaiting_booking")


def order_sentence(rule: str, language: Language) -> str:
    """The rule of a list, or of the line at a `place`."""
    named = "stages" if rule in _OF_SEVERAL_STAGES else rule
    return _RULES[language].get(named) or _RULES[language]["other"]


def standing_sentence(clinic: Clinic, state: ReferralState, now: datetime, language: Language) -> str:
    """How urgent it is, since when it waits, what was paused, and by when what comes next is due."""
    urgency = [PRIORITIES[language][state.priority]] if state.priority else []
    tense = "waiting" if state.clock_stopped_at is None else "waited"
    return " ".join([*urgency, *_waits(clinic, state, now, language, tense)])


def beside_the_line(clinic: Clinic, state: ReferralState, now: datetime, language: Language) -> str:
    """The same for somebody in the line of a place, which itself says how urgent it is and for how long it waits."""
    return " ".join(_waits(clinic, state, now, language, "sent"))


def _waits(clinic: Clinic, state: ReferralState, now: datetime, language: Language, tense: str) -> list[str]:
    waited = clock.waited(state, now)
    if state.clock_started_at is None or waited is None:
        return []
    sent = _day(state.clock_started_at, ZoneInfo(clinic.time_zone), language)
    said = [_counted(tense, waited.days, language, sent)]
    if paused := clock.paused_for(state, state.clock_stopped_at or now).days:
        said.append(_counted("paused", paused, language))
    return [*said, *_targets(clinic, state, now, language)]


def _targets(clinic: Clinic, state: ReferralState, now: datetime, language: Language) -> list[str]:
    zone, texts = ZoneInfo(clinic.time_zone), _TARGETS[language]
    if state.status is Status.INFORMATION_REQUESTED and state.answer_due:
        return [texts["answer"].format(day=_day(state.answer_due, zone, language))]
    if state.status in (Status.SUBMITTED, Status.IN_TRIAGE) and state.triage_due:
        return [texts["triage"].format(day=_day(state.triage_due, zone, language))]
    if state.status not in BEFORE_TREATMENT or state.clock_stopped_at is not None:
        return []
    if clock.is_paused(state):
        return [texts["still"]]
    due = {weeks: clock.breach_at(state, weeks, now) for weeks in sorted(clinic.waits.breach_weeks)}
    for weeks, moment in due.items():
        if moment is not None and moment > now:
            return [texts["begin"].format(day=_day(moment, zone, language), weeks=weeks)]
    return [texts["late"]]


def _day(moment: datetime, zone: ZoneInfo, language: Language) -> str:
    return day_in_words(moment.astimezone(zone).date(), language)


def _counted(what: str, n: int, language: Language, day: str = "") -> str:
    one, several = _SAID[language][what]
    return (one if n == 1 else several).format(n=n, day=day)

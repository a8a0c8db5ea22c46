"""Practice at home is written down day by day. The number for a day may be corrected; the newer one counts."""

from zoneinfo import ZoneInfo

from services.interventions.domain.practice.commands import LogPractice
from services.interventions.domain.practice.state import PracticeDay, PracticeLogState
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event
from shared.contracts.interventions import PracticeLogged

OLDEST_DAYS = 31
"""How far back a day may be written down. A local choice: what is longer ago is a guess."""


def decide(zone: ZoneInfo, state: PracticeLogState, command: Command) -> list[Event]:
    """What follows from `command`. Days are those of the clinic's calendar."""
    if not isinstance(command, LogPractice):
        raise TypeError(f"a log of practice has no branch for {type(command).__name__}")
    ago = (command.now.astimezone(zone).date() - command.day).days
    if ago < 0:
        raise Rejected("day-to-come")
    if ago > OLDEST_DAYS:
        raise Rejected("day-too-long-ago", days=OLDEST_DAYS)
    if command.times == state.times(command.practice_id, command.day):
        return []
    said = command.model_dump(include={"log_id", "episode_id", "patient_id", "practice_id", "day", "times"})
    return [PracticeLogged(at=command.now, **said)]


def evolve(state: PracticeLogState, event: Event) -> PracticeLogState:
    """The state after `event`."""
    if not isinstance(event, PracticeLogged):
        return state
    logged = PracticeDay(practice_id=event.practice_id, day=event.day, times=event.times)
    others = tuple(one for one in state.days if (one.practice_id, one.day) != (event.practice_id, event.day))
    return PracticeLogState(
        log_id=event.log_id, episode_id=event.episode_id, patient_id=event.patient_id, days=(*others, logged)
    )


def keys(state: PracticeLogState) -> dict[str, str | None]:
    """By what logs are looked up."""
    return {"patient_id": state.patient_id or None, "episode_id": state.episode_id or None}


def person(state: PracticeLogState) -> str | None:
    """Whose practice it is."""
    return state.patient_id or None

"""How a caregiver is themselves: answers that say they carry much offer support, and nobody who is not safe waits."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.interventions.domain.caregiver_check import commands as c
from services.interventions.domain.caregiver_check.state import CaregiverCheckState
from services.interventions.domain.local import days_after
from shared.contracts.clinic_together import Caregivers
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.interventions import caregiver as e
from shared.contracts.interventions.caregiver import CheckAnswer

AGAIN_TIMER = "again"
_HEAVY = ("often", "always")


def decide(settings: Caregivers, zone: ZoneInfo, state: CaregiverCheckState, command: Command) -> list[Event]:
    """What follows from `command`."""
    match command:
        case c.PlanCaregiverCheck():
            return _plan(state, command)
        case c.SetYoungForCheck():
            if not state.caregiver_id or state.young == command.young:
                return []
            return [e.CaregiverCheckPlanned(at=command.now, caregiver_id=state.caregiver_id, young=command.young)]
        case c.GiveCaregiverCheck():
            return _give(settings, state, command)
        case TimerDue():
            due = timers(settings, zone, state).get(command.name)
            is_due = due is not None and due <= command.now
            return [e.CaregiverCheckDue(at=command.now, caregiver_id=state.caregiver_id)] if is_due else []
        case _:
            raise TypeError(f"a caregiver's check has no branch for {type(command).__name__}")


def timers(settings: Caregivers, zone: ZoneInfo, state: CaregiverCheckState) -> dict[str, datetime]:
    """When they are asked again: once after each time that they answered, so that nobody is pressed."""
    if not state.given or state.asked_again:
        return {}
    return {AGAIN_TIMER: days_after(state.given[-1].at, settings.check_days, zone)}


def keys(state: CaregiverCheckState) -> dict[str, str | None]:
    """By what checks are looked up."""
    return {"caregiver_id": state.caregiver_id or None}


def person(state: CaregiverCheckState) -> str | None:
    """Whose answers they are."""
    return state.caregiver_id or None


def offers(settings: Caregivers, young: bool, answers: dict[str, CheckAnswer], safe: str | None) -> bool:
    """Whether support is offered at once: a rule of this clinic without a source, not a score."""
    heavy = sum(answer in _HEAVY for answer in answers.values())
    return safe != "yes" or heavy >= (1 if young else settings.check_answers_to_offer)


def _plan(state: CaregiverCheckState, command: c.PlanCaregiverCheck) -> list[Event]:
    if state.caregiver_id and (state.young or not command.young):
        return []
    return [e.CaregiverCheckPlanned(at=command.now, caregiver_id=command.caregiver_id, young=command.young)]


def _give(settings: Caregivers, state: CaregiverCheckState, command: c.GiveCaregiverCheck) -> list[Event]:
    if not state.caregiver_id:
        raise Rejected("course-not-open")
    if command.safe is None:
        raise Rejected("safe-missing")
    number = len(state.given) + 1
    said = {"at": command.now, "caregiver_id": state.caregiver_id, "number": number}
    given = e.CaregiverCheckGiven.model_validate(
        {
            **said,
            "answers": command.answers,
            "safe": command.safe,
            "offered": offers(settings, state.young, command.answers, command.safe),
            "phone": command.phone or None,
        }
    )
    if command.safe != "no":
        return [given]
    return [given, e.CaregiverNotSafe.model_validate({**said, "young": state.young, "phone": given.phone})]

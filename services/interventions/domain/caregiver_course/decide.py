"""A caregiver's course: free in its order, resumed where they stopped, and without a word about the patient."""

from services.interventions.domain.caregiver_course import commands as c
from services.interventions.domain.caregiver_course.plan import CoursePlan
from services.interventions.domain.caregiver_course.state import CaregiverCourseState
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event
from shared.contracts.interventions import caregiver as e


def decide(plan: CoursePlan, state: CaregiverCourseState, command: Command) -> list[Event]:
    """What follows from `command`."""
    match command:
        case c.OpenCaregiverCourse():
            return _open(state, command)
        case c.SetYoungCarer():
            if not state.caregiver_id or state.young == command.young:
                return []
            return [e.CaregiverCourseYoungSet.model_validate({**_said(state, command), "young": command.young})]
        case c.ReadCaregiverPage():
            return _read(plan, state, command)
        case _:
            raise TypeError(f"a caregiver's course has no branch for {type(command).__name__}")


def keys(state: CaregiverCourseState) -> dict[str, str | None]:
    """By what courses are looked up."""
    return {"caregiver_id": state.caregiver_id or None}


def person(state: CaregiverCourseState) -> str | None:
    """Whose course it is."""
    return state.caregiver_id or None


def _open(state: CaregiverCourseState, command: c.OpenCaregiverCourse) -> list[Event]:
    said = {"at": command.now, "caregiver_id": command.caregiver_id}
    if not state.caregiver_id:
        return [e.CaregiverCourseOpened.model_validate({**said, "young": command.young})]
    # A second patient trusts them: one who says that they are young is enough, so that nobody is overlooked.
    if command.young and not state.young:
        return [e.CaregiverCourseYoungSet.model_validate({**said, "young": True})]
    return []


def _read(plan: CoursePlan, state: CaregiverCourseState, command: c.ReadCaregiverPage) -> list[Event]:
    if not state.caregiver_id:
        raise Rejected("course-not-open")
    pages = plan.pages.get(command.part, ())
    if command.page not in pages:
        raise Rejected("course-page-unknown")
    if f"{command.part}/{command.page}" in state.read:
        return []
    said = {**_said(state, command), "part": command.part}
    events: list[Event] = [e.CaregiverPageRead.model_validate({**said, "page": command.page})]
    left = [one for one in pages if one != command.page and f"{command.part}/{one}" not in state.read]
    if not left and command.part not in state.done:
        events.append(e.CaregiverPartFinished.model_validate(said))
    return events


def _said(state: CaregiverCourseState, command: Command) -> dict[str, object]:
    return {"at": command.now, "caregiver_id": state.caregiver_id}

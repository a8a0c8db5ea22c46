"""What is said of a first meeting: planned, missed, cancelled, held."""

from services.referrals.domain.referral import later as n
from services.referrals.domain.referral.facts import Facts
from services.referrals.domain.referral.saying import ids
from services.referrals.domain.referral.state import ReferralState
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event


def decide(clinic: Clinic, state: ReferralState, command: Command, given: Facts) -> list[Event] | None:
    """The events of a command of this part; `None` for any other command."""
    match command:
        case n.ScheduleAppointment():
            return [_scheduled(clinic, state, command)]
        case n.CancelAppointment():
            called_off = {"reason_code": command.reason_code, "appointment": state.appointment}
            return [e.AppointmentCancelled(**ids(state, command), **called_off)]
        case n.RecordMissed():
            return [e.AppointmentMissed(**ids(state, command), reason_code=command.reason_code)]
        case n.RecordAttended():
            return [_met(state, command)]
        case n.BeginInGroup():
            return [e.TreatmentStarted(**ids(state, command), kind=state.kind, group_id=command.group_id)]
        case n.NoteMissedGroup():
            return _missed_group(state, command)
        case _:
            return None


def _met(state: ReferralState, command: Command) -> Event:
    met = state.appointment.clinician_id if state.appointment else None
    return e.TreatmentStarted(**ids(state, command), kind=state.kind, clinician_id=met)


def _missed_group(state: ReferralState, command: n.NoteMissedGroup) -> list[Event]:
    """Once for each group: the referrer hears that they have not begun, not of every meeting."""
    if any(note.group_id == command.group_id for note in state.progress):
        return []
    missed = {"missed_reason": command.reason_code, "group_id": command.group_id}
    return [e.ProgressNoted(**ids(state, command), occasion="note", **missed)]


def _scheduled(clinic: Clinic, state: ReferralState, command: n.ScheduleAppointment) -> Event:
    if command.at <= command.now:
        raise Rejected("appointment-invalid")
    known = [member.id for member in clinic.staff if member.role == "psychology"]
    if command.clinician_id not in known:
        raise Rejected("clinician-unknown", clinician=command.clinician_id)
    planned = e.Appointment(
        at=command.at, minutes=command.minutes, mode=command.mode, clinician_id=command.clinician_id
    )
    return e.AppointmentScheduled(**ids(state, command), appointment=planned)

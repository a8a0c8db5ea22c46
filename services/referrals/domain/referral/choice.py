"""What is said when the patient chooses: yes, not yet sure, later, or no; and what follows a yes."""

from datetime import timedelta

from services.referrals.domain.referral import clock
from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral.facts import Facts
from services.referrals.domain.referral.saying import ids, user_id
from services.referrals.domain.referral.state import ReferralState, Status
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic, TreatmentPlace
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event


def decide(clinic: Clinic, state: ReferralState, command: Command, given: Facts) -> list[Event] | None:
    """The events of a command of this part; `None` for any other command."""
    match command:
        case c.AgreeReferral():
            return _agreed(clinic, state, command)
        case c.RecordUndecided():
            return [_undecided(clinic, state, command)]
        case c.RecordNotNow():
            if command.reoffer_at <= command.now:
                raise Rejected("ask-again-invalid")
            said = {"reason_code": command.reason_code, "note": command.note or None, "reoffer_at": command.reoffer_at}
            return [e.PatientNotNow(**ids(state, command), **said)]
        case c.HoldWarmHandoff():
            held = {"held_by": user_id(command), "note": command.note or None}
            return [e.WarmHandoffHeld(**ids(state, command), **held)]
        case c.WithdrawReferral():
            booked = state.status in (Status.SCHEDULED, Status.IN_TREATMENT)
            return [e.ReferralWithdrawn(**ids(state, command), reason_code=command.reason_code, booked=booked)]
        case _:
            return None


def after_agreement(
    clinic: Clinic, state: ReferralState, command: Command, wishes: e.Preferences, place_id: str | None
) -> list[Event]:
    """A seat to wait for; or a meeting that is owed, for an assessment; or what needs neither begins."""
    said = ids(state, command)
    if state.kind == "assessment":
        return [e.BookingRequested(**said)]
    place = choose_place(clinic, state.programme_id, wishes, place_id)
    if place is None:
        return [e.TreatmentStarted(**said, kind=state.kind)]
    return [
        e.ReferralWaitlisted(
            **{**said, "place_id": place.id},
            priority=state.priority or e.Priority.ROUTINE,
            # Agreeing ends the pause for thinking it over, so the wait goes on from what it was.
            waiting_since=clock.waiting_since(state, command.now),
            wait=state.wait + 1,
        )
    ]


def choose_place(
    clinic: Clinic, programme_id: str | None, wishes: e.Preferences, place_id: str | None = None
) -> TreatmentPlace | None:
    """The place that was asked for, else the one that fits most of the wishes; the clinic's order breaks ties.

    Raises `Rejected` for a place that does not deliver the programme.
    """
    fitting = [place for place in clinic.places if place.programme_id == programme_id]
    if place_id is not None:
        chosen = next((place for place in fitting if place.id == place_id), None)
        if chosen is None:
            raise Rejected("place-unknown", place=place_id)
        return chosen
    return max(fitting, key=lambda place: _fits(place, wishes), default=None)


def _fits(place: TreatmentPlace, wishes: e.Preferences) -> int:
    return (wishes.format == place.format) + (wishes.mode == place.mode) + (wishes.language in place.languages)


def _agreed(clinic: Clinic, state: ReferralState, command: c.AgreeReferral) -> list[Event]:
    wishes = command.preferences or state.preferences
    agreed = e.ReferralAgreed(**ids(state, command), starts_now=False, preferences=wishes)
    return [agreed, *after_agreement(clinic, state, command, wishes, command.place_id)]


def _undecided(clinic: Clinic, state: ReferralState, command: c.RecordUndecided) -> Event:
    ask_again_at = command.ask_again_at or command.now + timedelta(days=clinic.clocks.ask_again_days)
    if ask_again_at <= command.now:
        raise Rejected("ask-again-invalid")
    reason, concern = _told(command.reason_code)
    return e.PatientUndecided(
        **ids(state, command),
        reason_code=reason,
        concern=concern,
        note=command.note or None,
        ask_again_at=ask_again_at,
        contact=command.contact,
    )


def _told(code: e.Hesitation) -> tuple[e.UndecidedReason, e.Concern | None]:
    """A newer reason goes along with the older one that every reader knows."""
    match code:
        case "bad_experience_before" | "fear_of_being_judged" | "does_not_see_how_it_helps":
            return "other", code
        case _:
            return code, None

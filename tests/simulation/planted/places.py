"""Places, offers and the waiting clock: nobody is lost between a referral and its place."""

from tests.simulation.planted.fault import Planted

_REACTIONS = "services.referrals.reactions"

FAULTS = (
    Planted(
        "seat-not-freed",
        "",
        _REACTIONS,
        "    e.PatientUndecided: _leave,\n",
        "",
        "whoever hesitates keeps their seat, or their position",
    ),
    Planted(
        "seat-kept-for-a-cancellation",
        "",
        _REACTIONS,
        "    e.CancellationRequested: _leave_list,\n",
        "",
        "a seat is held for somebody who will not come",
    ),
    Planted(
        "entry-joined-nowhere",
        "",
        _REACTIONS,
        "    e.ReferralWaitlisted: _join,\n",
        "",
        "a person waits, and stands on no list",
    ),
    Planted(
        "offer-that-never-lapses",
        "",
        "services.referrals.domain.referral.timers",
        '"offer": state.offer_until if state.status is Status.OFFERED else None,',
        '"offer": None,',
        "a seat is held for ever for somebody who does not answer",
    ),
    Planted(
        "clock-not-carried-over",
        "",
        "services.referrals.domain.referral.evolve",
        '{"clock_started_at": event.request.clock_started_at, "pauses": event.request.pauses}',
        '{"clock_started_at": event.at, "pauses": ()}',
        "whoever is sent on waits from the beginning again",
    ),
    Planted(
        "one-seat-for-two",
        "",
        "services.referrals.domain.place.decide",
        "next_in_line(state, seats_free(clinic, state), command.now)",
        "next_in_line(state, seats_free(clinic, state) + 1, command.now)",
        "an offer is made of a seat that somebody has",
    ),
    Planted(
        "seat-of-a-leaver-kept",
        "",
        _REACTIONS,
        "care_plan_of(event.patient_id), command), *_leave(event, cause)]",
        "care_plan_of(event.patient_id), command)]",
        "whoever leaves keeps a seat that others wait for",
    ),
    Planted(
        "list-joined-twice",
        "",
        "services.referrals.domain.place.decide",
        "known = command.referral_id in state.entries",
        "known = False",
        "whoever has a seat already waits for one again",
        unseen="Marks and cursors stand before it: no run says it twice to a place. This is the second lock.",
        test="tests/referrals/test_place.py::test_joining_twice_is_joining_once",
    ),
)

"""What people write into a request, for each step of a referral that they may take."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any, get_args

from shared.contracts import referrals as r
from tests.simulation.loop import START
from tests.simulation.seat import Seat
from tests.simulation.town import TEAM

PATHWAYS = ("pain-psychology", "pain-trauma")
PLACES = ("place-online-course", "place-video-sessions", "place-group-at-the-clinic", "place-groups")
_REASONS: dict[str, Any] = {
    "decline": r.DeclineReason,
    "undecided": r.Hesitation,
    "not_now": r.NotNowReason,
    "withdraw": r.NoReason,
    "decline_offer": r.OfferReason,
    "pause": r.PauseReason,
    "cancel_appointment": r.AppointmentEnd,
    "missed": r.MissedReason,
    "request_cancellation": r.CancelReason,
}
_WRITTEN: dict[str, dict[str, str]] = {
    "ask": {"question": "Since when?"},
    "answer": {"answer": "For nine years."},
    "return": {"rationale": "Please try the pain school first."},
    "decline": {"rationale": "Not for us."},
    "undecided": {"note": "Let me think."},
    "warm_handoff": {"note": "We met at the door."},
    "note_progress": {"note": "Half of it is done."},
    "turn_down_cancellation": {"rationale": "They wish to go on."},
    "reopen": {"rationale": "They asked again."},
    "enter_in_error": {"note": "Meant for somebody else."},
    "send_findings": {"findings": "Grief, and pain that it makes worse.", "recommendation": "Talk to each other."},
}

Fields = Callable[[Random, Seat], dict[str, Any]]


def body(seat: Seat, action: str, view: dict[str, Any]) -> dict[str, Any]:
    """A complete one."""
    reasons = {"reason_code": seat.rng.choice(get_args(_REASONS[action]))} if action in _REASONS else {}
    more = _MORE[action](seat.rng, seat) if action in _MORE else {}
    if action == "redirect":
        more["to"] = seat.rng.choice([*(one for one in PATHWAYS if one != view["pathway"]), "primary-care"])
    return {**reasons, **_WRITTEN.get(action, {}), **more}


def answers(rng: Random) -> dict[str, dict[str, int]]:
    """Complete ones. People who are asked again are not always as they were."""
    worst = rng.choice((4, 10))
    peg = {str(item): rng.randint(0, worst) for item in range(1, 4)}
    return {"PEG": peg, "PHQ-4": {str(item): rng.randint(0, 3) for item in range(1, 5)}}


_WORST = {"PEG": dict.fromkeys("123", 10), "PHQ-4": dict.fromkeys("1234", 3)}
"""How somebody answers who is worse."""


def later(rng: Random, seat: Seat, hours: tuple[int, int]) -> str:
    """A moment so far ahead. People plan by minutes, and never so near that a clock that is wrong would matter."""
    moment = START + timedelta(seconds=round(seat.town.clinic.loop.time()), hours=rng.randint(*hours))
    return moment.isoformat()


def _submit(rng: Random, seat: Seat) -> dict[str, Any]:
    wishes = {"mode": rng.choice([None, *get_args(r.Mode)])}
    asked = {
        "reason": "Pain for years.",
        "goal": "To dance.",
        "priority": rng.choice([one.value for one in r.Priority]),
    }
    return {**asked, "answers": answers(rng), "preferences": wishes}


def _attach(rng: Random, seat: Seat) -> dict[str, Any]:
    if rng.random() < 0.2:
        return {"kind": "measure", "answers": {"PEG": answers(rng)["PEG"]}}
    return {"kind": rng.choice(("letter", "letter", "note")), "text": "As promised."}


def _schedule(rng: Random, seat: Seat) -> dict[str, Any]:
    at = later(rng, seat, (5, 120))
    return {"at": at, "mode": rng.choice(get_args(r.Mode)), "clinician_id": rng.choice(TEAM)}


_MORE: dict[str, Fields] = {
    "submit": _submit,
    "attach": _attach,
    "prioritise": lambda rng, _: {
        "priority": rng.choice([one.value for one in r.Priority]),
        "rationale": "Seen again.",
    },
    "accept": lambda rng, _: {
        "rationale": "Fits the programme.",
        # The second has no place to wait for, and asks short questionnaires.
        "programme_id": rng.choice((*("cbt-pain",) * 8, "relaxation-pain")),
        "step": rng.randint(1, 4),
        "departure": "Seen in person.",
    },
    "redirect": lambda *_: {"rationale": "They can help more."},
    "agree": lambda rng, _: {"place_id": rng.choice([None, *PLACES])},
    "undecided": lambda rng, seat: {
        "ask_again_at": rng.choice([None, later(rng, seat, (4, 240))]),
        "contact": rng.choice(get_args(r.ContactWay)),
    },
    "not_now": lambda rng, seat: {"reoffer_at": later(rng, seat, (24, 900))},
    "rescreen": lambda rng, _: {"answers": answers(rng) if rng.random() < 0.4 else _WORST},
    "schedule": _schedule,
    "note_progress": lambda rng, _: {"occasion": rng.choice(("note", "step_change"))},
}

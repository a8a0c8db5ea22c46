"""Questions to psychology that the tests of referrals share."""

from datetime import timedelta
from typing import Any

from services.referrals import aggregates
from services.referrals.domain.advice import commands as c
from shared.contracts import referrals as e
from tests.referrals.people import CLINIC, NOW, OKAFOR

ADVICE = aggregates.advice(CLINIC)
ADVICE_IDS: dict[str, Any] = {"advice_id": "advice-1", "patient_id": "patient-rosa", "referrer_id": "dr-okafor"}
DUE = NOW + timedelta(days=5)

ASKED = e.AdviceAsked(
    at=NOW,
    **ADVICE_IDS,
    question="She sleeps badly. How can I bring up psychology?",
    topic="how_to_talk",
    may_convert=True,
    answer_due=DUE,
)
UNAUTHORISED = ASKED.model_copy(update={"may_convert": False})
ASKED_BACK = e.AdviceAskedBack(at=NOW, **ADVICE_IDS, question="Has she had support before?", asked_by="psy-tanaka")
EXPLAINED = e.AdviceExplained(at=NOW, **ADVICE_IDS, explanation="Never.", answer_due=DUE)
ANSWERED = e.AdviceAnswered(
    at=NOW, **ADVICE_IDS, answer="Begin with her sleep.", answered_by="psy-tanaka", suggests_referral=True
)
CONVERTED = e.AdviceConverted(
    at=NOW, **ADVICE_IDS, referral_id="referral-1", authority="referrer", converted_by="dr-okafor"
)
CLOSED = e.AdviceClosed(at=NOW, **ADVICE_IDS, reason_code="answered_enough", closed_by="dr-okafor")

THREADS: dict[str, tuple[e.AdviceEvent, ...]] = {
    "none": (),
    "asked": (ASKED,),
    "asked_back": (ASKED, ASKED_BACK),
    "answered": (ASKED, ANSWERED),
    "converted": (ASKED, ANSWERED, CONVERTED),
    "closed": (ASKED, ANSWERED, CLOSED),
}


def question(actor: str = OKAFOR, **changes: Any) -> c.AskAdvice:
    """Dr Okafor's question, but for `changes`."""
    whole = {**ADVICE_IDS, "question": ASKED.question, "topic": ASKED.topic, "may_convert": True}
    return c.AskAdvice(now=NOW, actor=actor, **{**whole, **changes})

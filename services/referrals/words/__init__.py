"""What a status, a reason or a refusal is called to people. Patients get words of their own; nobody gets a code."""

from services.referrals.words.order import beside_the_line, order_sentence, standing_sentence
from services.referrals.words.reasons import contact_sentence, reason_sentence
from services.referrals.words.refusals import why_not_sentence
from services.referrals.words.statuses import outcome_kept_sentence, status_sentence

__all__ = [
    "beside_the_line",
    "contact_sentence",
    "order_sentence",
    "outcome_kept_sentence",
    "reason_sentence",
    "standing_sentence",
    "status_sentence",
    "why_not_sentence",
]

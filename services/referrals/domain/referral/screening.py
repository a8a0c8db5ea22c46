"""The measures that a referral carries, scored here and never by the caller."""

from datetime import datetime

from services.referrals.domain.referral.commands import Answers
from services.referrals.domain.referral.saying import ids
from services.referrals.domain.referral.state import ReferralState
from shared.clinical import AnswerRefused, UnknownMeasure, score
from shared.contracts.clinic import Pathway
from shared.contracts.commands import Command, Rejected
from shared.contracts.referrals import Reading, RiskAnswerReported, TriageFlag


def readings(answers: Answers, taken_at: datetime, template: Pathway) -> tuple[Reading, ...]:
    """One reading for each measure that the pathway asks for, and for those of its further ones that are answered."""
    for measure in answers:
        if measure not in (*template.measures, *template.more_measures):
            raise Rejected("measure-unknown", measure=measure)
    for measure in template.measures:
        if not answers.get(measure):
            raise Rejected("measure-missing", measure=measure)
    given = [measure for measure in (*template.measures, *template.more_measures) if answers.get(measure)]
    return tuple(reading(measure, answers[measure], taken_at) for measure in given)


def reading(measure: str, given: dict[int, int], taken_at: datetime) -> Reading:
    """One complete measure. Raises `Rejected` for an answer that is not a choice, and for a gap."""
    try:
        result = score(measure, given)
    except AnswerRefused as refusal:
        raise Rejected("answer-refused", measure=measure, item=refusal.item or "", kind=refusal.code) from refusal
    except UnknownMeasure as unknown:
        raise Rejected("measure-unknown", measure=measure) from unknown
    if result.value is None or result.total is None:
        items = ",".join(str(item) for item in result.missing)
        raise Rejected("measure-incomplete", measure=measure, missing=items)
    return Reading(
        measure=measure,
        answers=tuple(given[item] for item in sorted(given)),
        total=result.total,
        value=result.value,
        band=result.band,
        taken_at=taken_at,
    )


def all_readings(state: ReferralState) -> tuple[Reading, ...]:
    """Those of the request, of what was attached, and of the time of waiting."""
    return (*state.readings, *(one.reading for one in state.attachments if one.reading))


def all_flags(state: ReferralState) -> tuple[TriageFlag, ...]:
    """What the referrer marked; and concern about self-harm, where a questionnaire's own answer says so."""
    worrying = any(risk_items(one.measure, dict(enumerate(one.answers, start=1))) for one in all_readings(state))
    concern: tuple[TriageFlag, ...] = ("self_harm_concern",) if worrying else ()
    return tuple(dict.fromkeys((*state.flags, *concern)))


def risk_items(measure: str, given: dict[int, int]) -> tuple[int, ...]:
    """The items whose answer says that somebody may be unsafe: the measure itself says which, never a total."""
    return tuple(item for item, value in sorted(given.items()) if score(measure, {item: value}).risk is True)


def risks(state: ReferralState, command: Command, answers: Answers) -> list[RiskAnswerReported]:
    """An answer that says somebody may be unsafe is told at once, whatever becomes of the referral."""
    return [
        RiskAnswerReported(**ids(state, command), measure=measure, item=item, value=given[item])
        for measure, given in answers.items()
        for item in risk_items(measure, given)
    ]

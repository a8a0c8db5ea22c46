"""What triage reads before it decides: what the rules say of a referral, why, and which documents are missing."""

from collections.abc import Callable

from pydantic import BaseModel

from services.referrals.domain.referral.decision import recommendation
from services.referrals.domain.referral.guards import missing_attachments
from services.referrals.domain.referral.screening import all_flags
from services.referrals.domain.referral.standings import AWAITING_TRIAGE
from services.referrals.domain.referral.state import ReferralState
from services.referrals.domain.triage.dry_run import DryRun
from services.referrals.domain.triage.recommend import explain
from shared.contracts.clinic import Clinic
from shared.contracts.referrals import AttachmentKind, Language, Recommendation, TriageFlag
from shared.contracts.triage import RuleSet


class RecommendationView(BaseModel):
    """What the rules say, until triage has decided; then what they said when it did.

    `reasons` are sentences. `flags` are those that the rules saw: what the referrer marked, and concern about self-harm
    where an answer says so. `approved_by` is the staff id of who approved the rules in force; `None`: nobody.
    """

    recommendation: Recommendation | None
    reasons: tuple[str, ...]
    flags: tuple[TriageFlag, ...]
    missing_attachments: tuple[AttachmentKind, ...]
    approved_by: str | None


def recommendation_view(clinic: Clinic, state: ReferralState, language: Language) -> RecommendationView:
    """What triage reads of a referral as it stands."""
    rules = clinic.triage_rules
    said = recommendation(clinic, state) if state.status in AWAITING_TRIAGE else state.recommendation
    template = clinic.pathway(state.pathway, state.template_version)
    return RecommendationView(
        recommendation=said,
        reasons=tuple(explain(rules, said, language)) if said else (),
        flags=all_flags(state),
        missing_attachments=missing_attachments(state, template),
        approved_by=rules.approved_by,
    )


def in_words(result: DryRun, in_force: RuleSet, tried: RuleSet, language: Language) -> DryRun:
    """The result with a sentence for every reason: those of before by the rules in force, those of after by `tried`."""
    before, after = _sentences(in_force, language), _sentences(tried, language)
    changes = (
        change.model_copy(update={"before_why": before(change.before), "after_why": after(change.after)})
        for change in result.changes
    )
    return result.model_copy(update={"changes": tuple(changes)})


def _sentences(rules: RuleSet, language: Language) -> Callable[[Recommendation], tuple[str, ...]]:
    return lambda said: tuple(explain(rules, said, language))

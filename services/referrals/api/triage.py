"""The triage rules: what they say of a referral, those in force, and what others would have said of decided ones."""

from typing import Any

from services.referrals import access, triage_views
from services.referrals.api.router import router
from services.referrals.api.serving import Configured
from services.referrals.domain.referral import lists
from services.referrals.domain.triage.dry_run import Case, DryRun, case_of, dry_run
from shared.contracts.commands import Rejected
from shared.contracts.referrals import Language
from shared.contracts.triage import RuleSet, RulesFault, read_rules
from shared.runtime.http import Caller, allow

MOST_CASES = 2000
"""The decided referrals that a dry-run looks at, those that are still open first and then the newest."""
_STAGES = ("1-", "3-open-2", "3-open-3-cancellation", "3-open-4", "3-open-5", "3-open-6", "3-open-7", "4-over")


@router.get("/referrals/{referral_id}/recommendation")
async def recommended(
    referral_id: str, clinic: Configured, language: Language = "en", caller: Caller = allow("psychology")
) -> triage_views.RecommendationView:
    """What the rules say of one referral, and why. They recommend; a person decides."""
    found = await caller.load("referral", referral_id, may=access.sees_referral)
    return triage_views.recommendation_view(clinic, found.state, language)


@router.get("/triage/rules")
async def rules_in_force(clinic: Configured, caller: Caller = allow("psychology")) -> RuleSet:
    """The rules that this clinic's recommendations come from."""
    return clinic.triage_rules


@router.post("/triage/dry-run")
async def try_rules(
    body: dict[str, Any], clinic: Configured, language: Language = "en", caller: Caller = allow("psychology")
) -> DryRun:
    """What the rules in the body would have recommended. Nothing is kept or changed."""
    try:
        rules = read_rules(body)
    except RulesFault as fault:
        raise Rejected("rules-invalid", faults="\n".join(fault.faults)) from fault
    result = dry_run(rules, await _cases(caller))
    return triage_views.in_words(result, clinic.triage_rules, rules, language)


async def _cases(caller: Caller) -> list[Case]:
    cases: list[Case] = []
    for stage in _STAGES:
        after = None
        while len(cases) < MOST_CASES:
            page = await caller.page("referral", lists.TEAM, stage, after=after, limit=200, may=access.sees_referral)
            cases += [case for case in (case_of(one.state) for one in page.found) if case is not None]
            after = page.next
            if after is None:
                break
    return cases[:MOST_CASES]

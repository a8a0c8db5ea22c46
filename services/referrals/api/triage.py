"""The triage rules: those in force, and what others would have recommended for referrals that have been decided."""

from typing import Any

from fastapi import Request

from services.referrals import access
from services.referrals.api.router import router
from services.referrals.domain.referral import machine
from services.referrals.domain.referral.state import Status
from services.referrals.domain.triage.dry_run import DryRun, case_of, dry_run
from shared.contracts.commands import Rejected
from shared.contracts.triage import RuleSet, RulesFault, read_rules
from shared.runtime.http import Caller, allow

_DECIDED = tuple(status for status in Status if status is not Status.DRAFT and status not in machine.AWAITING_TRIAGE)


@router.get("/triage/rules")
async def rules_in_force(request: Request, caller: Caller = allow("psychology")) -> RuleSet:
    """The rules that this clinic's recommendations come from."""
    rules: RuleSet = request.app.state.service.settings.clinic.triage_rules
    return rules


@router.post("/triage/dry-run")
async def try_rules(body: dict[str, Any], caller: Caller = allow("psychology")) -> DryRun:
    """What the rules in the body would have recommended. Nothing is kept or changed."""
    try:
        rules = read_rules(body)
    except RulesFault as fault:
        raise Rejected("rules-invalid", faults="\n".join(fault.faults)) from fault
    found = [one for status in _DECIDED for one in await caller.find("referral", status=status.value)]
    cases = [case_of(one.state) for one in found if access.sees_referral(caller.user, one.state)]
    return dry_run(rules, [case for case in cases if case is not None])

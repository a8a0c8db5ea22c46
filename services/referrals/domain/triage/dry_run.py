"""What other triage rules would have recommended for referrals that have been decided. Nothing is changed by it."""

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.referrals.domain.referral.state import ReferralState
from services.referrals.domain.triage.recommend import recommend
from shared.contracts.referrals import Priority, Reading, Recommendation, TriageFlag, TriageOutcome
from shared.contracts.triage import RuleSet, urgency_rank

Difference = Literal[
    "more_intensive", "less_intensive", "sooner", "later", "newly_consult", "no_longer_consult"
]  # fmt: skip


class Part(BaseModel):
    """A part of a dry-run."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Case(Part):
    """One decided referral, as triage saw it. `recorded` is what was recommended then, if there were rules."""

    referral_id: str
    readings: tuple[Reading, ...]
    priority: Priority
    flags: tuple[TriageFlag, ...]
    recorded: Recommendation | None
    decided_step: int | None
    outcome: TriageOutcome
    decided_at: AwareDatetime


class Change(Part):
    """One referral for which something else would be recommended. What was decided stands beside it.

    `before_why` and `after_why` are the reasons as sentences, for whoever asks over HTTP.
    """

    referral_id: str
    decided_at: AwareDatetime
    outcome: TriageOutcome
    decided_step: int | None
    before: Recommendation
    after: Recommendation
    differences: tuple[Difference, ...]
    before_why: tuple[str, ...] = ()
    after_why: tuple[str, ...] = ()


class DryRun(Part):
    """The result. A referral may be both more intensive and later, so the counts of differences may exceed `cases`.

    `same` are those whose step, urgency and consult stay, whatever the reasons. `unrecorded` had no recommendation to
    compare with. `not_reproduced` are those recorded under this very version for which these rules say something else,
    reasons included: the rules were edited and `version` was not raised.
    """

    rules_version: int
    cases: int
    unrecorded: int
    same: int
    more_intensive: int
    less_intensive: int
    sooner: int
    later: int
    newly_consult: int
    no_longer_consult: int
    not_reproduced: tuple[str, ...]
    changes: tuple[Change, ...]


def case_of(state: ReferralState) -> Case | None:
    """The referral as triage saw it when it decided, or `None` while it has not."""
    decision = state.decision
    if decision is None:
        return None
    return Case(
        referral_id=state.referral_id,
        readings=decision.readings,
        priority=decision.priority,
        flags=decision.flags,
        recorded=decision.recommendation,
        decided_step=decision.step,
        outcome=decision.outcome,
        decided_at=decision.at,
    )


def dry_run(rules: RuleSet, cases: Iterable[Case]) -> DryRun:
    """Recommend anew for each case and compare with what was recorded. Changes come in the order of their decisions."""
    in_order = sorted(cases, key=lambda case: (case.decided_at, case.referral_id))
    changes: list[Change] = []
    not_reproduced: list[str] = []
    unrecorded = 0
    for case in in_order:
        after = recommend(rules, case.readings, case.priority, case.flags)
        if case.recorded is None:
            unrecorded += 1
            continue
        if case.recorded.rules_version == rules.version and case.recorded != after:
            not_reproduced.append(case.referral_id)
        if found := _differences(case.recorded, after):
            changes.append(_change(case, case.recorded, after, found))
    count = Counter(difference for change in changes for difference in change.differences)
    return DryRun(
        rules_version=rules.version,
        cases=len(in_order),
        unrecorded=unrecorded,
        same=len(in_order) - unrecorded - len(changes),
        more_intensive=count["more_intensive"],
        less_intensive=count["less_intensive"],
        sooner=count["sooner"],
        later=count["later"],
        newly_consult=count["newly_consult"],
        no_longer_consult=count["no_longer_consult"],
        not_reproduced=tuple(not_reproduced),
        changes=tuple(changes),
    )


def _change(case: Case, before: Recommendation, after: Recommendation, differences: tuple[Difference, ...]) -> Change:
    return Change(
        referral_id=case.referral_id,
        decided_at=case.decided_at,
        outcome=case.outcome,
        decided_step=case.decided_step,
        before=before,
        after=after,
        differences=differences,
    )


def _differences(before: Recommendation, after: Recommendation) -> tuple[Difference, ...]:
    found: list[Difference] = []
    if before.consult != after.consult:
        found.append("newly_consult" if after.consult else "no_longer_consult")
    if before.step is not None and after.step is not None and before.step != after.step:
        found.append("more_intensive" if after.step > before.step else "less_intensive")
    # Where one side names no urgency, there is nothing to compare; but naming one where a person must look is sooner.
    comparable = before.consult == after.consult or None not in (before.urgency, after.urgency)
    if comparable and before.urgency != after.urgency:
        found.append("sooner" if _rank(after.urgency) > _rank(before.urgency) else "later")
    return tuple(found)


def _rank(urgency: Priority | None) -> int:
    return -1 if urgency is None else urgency_rank(urgency)

"""What waits for a clinician in this service, in one answer: their first page asks once, and not for each list."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from services.referrals import access, advice_views, care_plan_views, views
from services.referrals.api.advice import CLINICIANS, questions
from services.referrals.api.care_plans import discussions
from services.referrals.api.listing import rows_of
from services.referrals.api.patients import MOST_COUNTED
from services.referrals.api.router import router
from shared.contracts.commands import Rejected
from shared.contracts.referrals import Language
from shared.runtime.http import Caller, allow


class Desk(BaseModel):
    """`lists` are the beginnings of worklists, by name. Of discussions, `to_answer` are asked of the caller, and
    `asked` are those that they began and have not closed. `questions` are for advice.
    """

    lists: dict[views.Worklist, views.ReferralList]
    questions: list[advice_views.AdviceRow]
    to_answer: list[care_plan_views.DiscussionRow]
    asked: list[care_plan_views.DiscussionRow]


@router.get("/desk")
async def desk(
    worklists: Annotated[list[views.Worklist], Query(alias="list", min_length=1, max_length=len(views.STAGES))],
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
    language: Language = "en",
    caller: Caller = allow(*CLINICIANS),
) -> Desk:
    """The beginning of each of these worklists, and what clinicians ask each other. A list itself says more of a row:
    why it stands where it does.
    """
    for one in worklists:
        if one not in views.ALLOWED[caller.user.role]:
            raise Rejected("list-unknown", list=one)
    return Desk(
        lists={one: await _beginning(caller, one, limit, language) for one in worklists},
        questions=await questions(None, language, caller),
        to_answer=await discussions("to_answer", language, caller),
        asked=await discussions("mine", language, caller),
    )


async def _beginning(caller: Caller, worklist: views.Worklist, limit: int, language: Language) -> views.ReferralList:
    key, prefix = views.listed_by(worklist, caller.user)
    total = await caller.count("referral", key, prefix, MOST_COUNTED)
    page = await caller.page("referral", key, prefix, limit=limit, may=access.sees_referral)
    return views.ReferralList(rows=await rows_of(caller, page.found, language), next=page.next, total=total)

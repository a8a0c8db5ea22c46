"""Who is told that a record was opened in need: a part of the one table in `policy.py`. The patient sees it in their
history, and on the page of who looked.
"""

from services.notifications import topics as t
from services.notifications.rule import Rule
from shared.contracts.envelope import Event
from shared.contracts.referrals import GlassBroken, GlassReviewed, GlassReviewOverdue

ACCESS_RULES: dict[type[Event], tuple[Rule, ...]] = {
    GlassBroken: (Rule("safety_leads", "glass_broken", t.GLASS, ("glass_id", "review_by"), critical=True),),
    GlassReviewOverdue: (Rule("safety_leads", "glass_overdue", t.GLASS, ("glass_id",)),),
}

ACCESS_SETTLES: dict[type[Event], tuple[str, ...]] = {GlassReviewed: (t.GLASS,)}

"""Who is told what of caregivers for themselves: a part of the one table in `policy.py`.

Nothing of it goes to patients. Caregivers are asked how they are while they take part. What answers their own request
or word they are told whoever names them still: nobody may cut that line but they themselves. What is about somebody's
safety goes up the ladder, at once and by night as well.
"""

from services.notifications import topics as t
from services.notifications.domain.state import OWN, REPLY
from services.notifications.rule import Rule
from shared.contracts.envelope import Event
from shared.contracts.interventions import caregiver as c
from shared.contracts.referrals import CaregiverAccepted, YoungCarerNoted

URGENT = ("urgent", True)
WHO = ("caregiver_id",)

CARER_RULES: dict[type[Event], tuple[Rule, ...]] = {
    CaregiverAccepted: (Rule("coordinators", "young_carer", t.YOUNG_CARER, only=("young", True)),),
    YoungCarerNoted: (Rule("coordinators", "young_carer", t.YOUNG_CARER, only=("young", True)),),
    c.CaregiverSupportAsked: (
        Rule("coordinators", "carer_support", t.CARER_SUPPORT, ("answer_by", *WHO), unless=URGENT),
        Rule("risk_ladder", "carer_not_safe", t.CARER_SUPPORT, WHO, critical=True, only=URGENT),
    ),
    c.CaregiverSupportWaits: (
        Rule("coordinators", "carer_support_waits", t.CARER_SUPPORT, WHO, unless=URGENT),
        Rule("risk_ladder", "carer_not_safe", t.CARER_SUPPORT, WHO, critical=True, only=URGENT),
    ),
    c.CaregiverWordSent: (Rule("coordinators", "carer_word", t.CARER_WORD, WHO, unless=("worrying", True)),),
    c.CaregiverWordWorries: (Rule("risk_ladder", "carer_word_worries", t.CARER_WORD, WHO, critical=True),),
    # --- what is new for caregivers themselves
    c.CaregiverCheckDue: (Rule("caregiver", "carer_check_due", t.CARER_CHECK, needs=OWN),),
    c.CaregiverSupportAnswered: (Rule("caregiver", "carer_support_answered", t.CARER_OFFER, needs=REPLY),),
    c.CaregiverWordReplied: (Rule("caregiver", "carer_word_replied", t.CARER_REPLY, needs=REPLY),),
}

CARER_SETTLES: dict[type[Event], tuple[str, ...]] = {
    c.CaregiverSupportTaken: (t.CARER_SUPPORT,),
    c.CaregiverSupportAnswered: (t.CARER_SUPPORT,),
    c.CaregiverSupportClosed: (t.CARER_SUPPORT,),
    c.CaregiverWordRead: (t.CARER_WORD,),
    c.CaregiverCheckGiven: (t.CARER_CHECK,),
}

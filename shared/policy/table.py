"""Who may see or do what. The services decide by this table and by nothing beside it; docs/access.md shows it.

What is not here is denied, and reads as if it did not exist. Which step of a referral is possible now, and by whom, is
said by the state machines of `services/referrals/domain`.
"""

from shared.policy.rules import Right, Table, right

REFERRALS: Table = {
    "referrals.patient.read": right("read a patient's record and history", "self registrar team portal"),
    "referrals.patient.keep": right("change consents and trusted people", "self registrar team"),
    "referrals.patient.refer": right("begin a referral for a patient", "self registrar colleague trusted"),
    "referrals.patient.ask": right("ask psychology a question about a patient", "self registrar"),
    "referrals.patient.name": right(
        "read who the patient is of a referral, question or plan that one may see", "self team clinicians portal"
    ),
    "referrals.patient.choose-news": right("answer, choose and leave as somebody who is named", "named"),
    "referrals.patient.shared": right("read what a patient has opened", "trusted"),
    "referrals.patient.preview": right("see what those whom one trusts see", "self"),
    "referrals.patient.scopes": right("ask what is open, before showing or sending it", "interventions notifications"),
    "referrals.referral.read": right("read a referral", "self referrer team asker portal", never="draft-of-others"),
    "referrals.referral.outcome": right(
        "read how treatment went, on a referral that one may see",
        "self referrer team asker portal",
        never="not-shared-back",
    ),
    "referrals.advice.read": right("read and answer a question between clinicians", "referrer team"),
    "referrals.plan.share": right("read and write a care plan", "self registrar referrer team"),
    "referrals.plan.open": right("read what is open of a care plan, after the scope was checked", "self scope"),
    "referrals.discussion.read": right("read what clinicians discuss on a plan", "clinicians psychology"),
    "referrals.place.read": right("read who waits at a place, and why there", "psychology portal"),
    "referrals.place.room": right("read whether a place has room", "patients clinicians psychology portal"),
    "referrals.glass.break": right("open a record of another team in need, for a while", "psychology"),
    "referrals.glass.own": right("read who opened one's own record in need, and why", "self"),
    "referrals.glass.review": right("look at what was opened in need", "safety-lead"),
    "referrals.team.ask": right("ask which team treats whom", "interventions notifications"),
    "referrals.ledger.read": right("read this service's events", "referrals interventions notifications"),
}

INTERVENTIONS: Table = {
    "interventions.treatment.read": right("read a treatment and its questionnaires", "self team portal"),
    "interventions.treatment.take-part": right("complete a module, answer, take a break", "self team"),
    "interventions.treatment.lead": right("open a module early, end a treatment, work on an alert or contact", "team"),
    "interventions.treatment.open": right("read what is open of it, after the scope was checked", "self scope"),
    "interventions.alert.read": right("read a risk alert", "team portal"),
    "interventions.engagement.read": right("read who has to be called, and the contacts", "team portal"),
    "interventions.feedback.read": right("read what somebody said after treatment", "self team"),
    "interventions.feedback.give": right("say how it was", "self"),
    "interventions.group.read": right("read a group with all its people", "psychology portal"),
    "interventions.group.lead": right("move, cancel, and say who was there", "psychology"),
    "interventions.membership.read": right("read one person's part in a group", "self team portal"),
    "interventions.membership.take-part": right("answer, change the name or leave a group", "self team"),
    "interventions.membership.seen": right("read the group of a part that one may see", "member psychology portal"),
    "interventions.resource.read": right(
        "read an entry of what helps nearby", "patients caregivers clinicians psychology", never="retired"
    ),
    "interventions.resource.edit": right("change, renew or retire an entry", "psychology"),
    "interventions.carer.own": right("one's own course, check, request or word", "owner"),
    "interventions.carer.look-after": right("take, answer and close what caregivers ask", "psychology"),
    "interventions.circle.run": right("start and close a circle, invite, appoint, check", "psychology"),
    "interventions.circle.read": right("read that there is a circle, and how it goes", "psychology portal"),
    "interventions.circle.lead": right("lead a circle", "leader"),
    "interventions.circle.own": right("one's own part in a circle, and one's own post", "self"),
    "interventions.circle.list": right("read which circles somebody is in", "self psychology portal"),
    "interventions.circle.leave": right("leave a circle, or lead no more", "self psychology"),
    "interventions.timeline.read": right("read what happened to a patient here", "self team"),
    "interventions.ledger.read": right("read this service's events", "referrals interventions notifications"),
}

NOTIFICATIONS: Table = {
    "notifications.inbox.list": right("read that there are messages, and what of them", "owner portal"),
    "notifications.inbox.open": right("open a message, choose how one is told things", "owner"),
    "notifications.inbox.stop": right("stop a message before it goes", "owner psychology"),
    "notifications.inbox.why": right("read why a message came or did not", "owner psychology operator"),
    "notifications.plan.read": right("read what was planned and sent, never the words", "psychology operator"),
    "notifications.caregiver.write": right("write to a caregiver", "psychology"),
    "notifications.wording.write": right("write what the clinic's messages say", "psychology"),
    "notifications.report.hear": right("hand on what a provider reports", "portal"),
    "notifications.sign-in.use": right("let somebody in by a link that went to them", "portal"),
    "notifications.timeline.read": right("read what was planned and sent because of a patient", "self team"),
    "notifications.ledger.read": right("read this service's events", "notifications"),
}

TABLE: Table = {**REFERRALS, **INTERVENTIONS, **NOTIFICATIONS}


def named(name: str) -> Right:
    """The right of that name. Raises `KeyError`: a service that asks for one that there is not does not start."""
    return TABLE[name]

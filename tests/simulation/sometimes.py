"""What must have happened at least once in a set of runs: a run in which nothing ever went wrong proves nothing."""

from collections import Counter

_EVENTS = {
    "a loop was closed": "carepath.referral.outcome_acknowledged.v1",
    "a referral was declined": "carepath.referral.declined.v1",
    "a referral was withdrawn": "carepath.referral.withdrawn.v1",
    "a question went back to the referrer": "carepath.referral.information_provided.v1",
    "somebody hesitated and was asked again": "carepath.referral.patient_asked_again.v1",
    "triage was reminded": "carepath.referral.triage_overdue.v1",
    "somebody wanted it later, and was asked again": "carepath.referral.reoffered.v1",
    "an offer was taken": "carepath.referral.offer_taken.v1",
    "an offer was declined": "carepath.referral.offer_declined.v1",
    "an offer lapsed": "carepath.referral.offer_lapsed.v1",
    "a wait was too long": "carepath.referral.waiting_breached.v1",
    "somebody who waited was asked how they are": "carepath.referral.rescreen_due.v1",
    "somebody was worse while they waited": "carepath.referral.worse_while_waiting.v1",
    "a waiting clock was paused": "carepath.referral.clock_paused.v1",
    "a waiting clock went on": "carepath.referral.clock_resumed.v1",
    "seats were changed": "carepath.place.seats_changed.v1",
    "a seat came back": "carepath.place.seat_returned.v1",
    "somebody got another place in line": "carepath.place.entry_reordered.v1",
    "an appointment was missed": "carepath.referral.appointment_missed.v1",
    "an appointment was cancelled": "carepath.referral.appointment_cancelled.v1",
    "a step was overdue": "carepath.referral.step_overdue.v1",
    "an answer was overdue": "carepath.referral.information_overdue.v1",
    "a referral lapsed for want of an answer": "carepath.referral.lapsed.v1",
    "a referral went on in another pathway": "carepath.referral.continued.v1",
    "a cancellation was confirmed": "carepath.referral.cancelled.v1",
    "an assessment had its findings": "carepath.referral.findings_sent.v1",
    "a referral was reopened": "carepath.referral.reopened.v1",
    "a referral was entered in error": "carepath.referral.entered_in_error.v1",
    "a question to psychology was answered": "carepath.advice.answered.v1",
    "a question to psychology was late": "carepath.advice.overdue.v1",
    "a question to psychology became a referral": "carepath.advice.converted.v1",
    "a discussion was answered": "carepath.care_plan.discussion_answered.v1",
    "a discussion was late": "carepath.care_plan.discussion_overdue.v1",
    "a goal was changed": "carepath.care_plan.goal_changed.v1",
    "an unread outcome was chased": "carepath.referral.outcome_chased.v1",
    "a treatment was cancelled": "carepath.episode.cancelled.v1",
    "an alert was escalated": "carepath.risk_alert.escalated.v1",
    "an alert was closed": "carepath.risk_alert.closed.v1",
    "a caregiver was told": "carepath.agenda.caregiver_message_due.v1",
    "a message was dropped": "carepath.agenda.message_dropped.v1",
    "a message failed": "carepath.agenda.message_failed.v1",
}
_HAPPENED = {
    "somebody referred themselves": "asked by a patient",
    "a caregiver began a referral": "begun by a caregiver",
    "a process died before a save": "crash_before save",
    "a process died after a save": "crash_after save",
    "a process died before it moved a cursor": "crash_before advance",
    "a process died after it moved a cursor": "crash_after advance",
    "a process died around a mark": "crash_before mark",
    "the answer to a save was lost": "lost_reply save",
    "the answer to a send was lost": "lost_reply send",
    "a sent message was lost": "lose send",
    "a message came twice": "duplicate send",
    "a message came late": "delay send",
    "a broker forgot everything": "forget_everything",
    "a consumer group began anew": "forget_offsets",
    "partitions changed hands": "rebalance",
    "a process stood still": "stall",
    "a clock was wrong": "clock at",
    "a store was full": "store_full",
    "a process was replaced": "stop at",
    "a key was held": "log key_held",
    "a batch was given back": "log batch_given_back",
    "an event was published again": "published again",
    "a process died inside a send of mail": "crash_before mail",
    "somebody pressed a button twice": "pressed twice",
    "a changed page was refused": "stale refused",
    "one key for two intentions was refused": "other body refused",
    "somebody looked where they should not": "peeped",
    "somebody was erased": "erased",
}


def missing(happened: Counter[str]) -> list[str]:
    """What never happened."""
    lacking = [name for name, event in _EVENTS.items() if not happened[event]]
    return lacking + [name for name, part in _HAPPENED.items() if not any(key.startswith(part) for key in happened)]


SOMETIMES = (*_EVENTS, *_HAPPENED)

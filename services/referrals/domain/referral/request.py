"""What is said when a referral is begun, sent, completed and questioned."""

from datetime import timedelta

from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral.facts import Facts
from services.referrals.domain.referral.numbers import number
from services.referrals.domain.referral.saying import ids, triage_due, user_id
from services.referrals.domain.referral.screening import reading, readings, risks
from services.referrals.domain.referral.state import ReferralState
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event

ANSWER_GRACE = timedelta(days=1)
"""What triage has after a late answer. An answer in time leaves the due date alone: the patient waited all along."""


def decide(clinic: Clinic, state: ReferralState, command: Command, given: Facts) -> list[Event] | None:
    """The events of a command of this part; `None` for any other command."""
    match command:
        case c.DraftReferral():
            return _drafted(clinic, command)
        case c.SubmitReferral():
            return _submitted(clinic, state, command, given)
        case c.DiscardDraft():
            return [e.DraftDiscarded(**ids(state, command))]
        case c.ContinueReferral():
            return _continued(clinic, command)
        case c.AttachToReferral():
            return _attached(state, command)
        case c.LinkClinician():
            return [e.ClinicianLinked(**ids(state, command))]
        case c.AskForInformation():
            wait = timedelta(days=given.template.information_days) if given.template else None
            due = command.now + wait if wait else None
            return [e.InformationRequested(**ids(state, command), question=command.question, answer_due=due)]
        case c.ProvideInformation():
            return [_answered(state, command)]
        case _:
            return None


def _drafted(clinic: Clinic, command: c.DraftReferral) -> list[Event]:
    template = clinic.pathway(command.pathway)
    if template is None:
        raise Rejected("pathway-unknown", pathway=command.pathway)
    if command.requester == "referrer" and not _may_write(clinic, command):
        raise Rejected("not-delegated", referrer=command.referrer_id)
    return [
        e.ReferralDrafted(
            at=command.now,
            referral_id=command.referral_id,
            patient_id=command.patient_id,
            referrer_id=command.referrer_id,
            pathway=command.pathway,
            template_version=template.version,
            kind=command.kind,
            requester=command.requester,
            requester_id=command.referrer_id if command.requester == "referrer" else user_id(command),
            author_id=user_id(command),
            placer=command.placer or None,
            number=number(command.referral_id),
            advice_id=command.advice_id,
        )
    ]


def _may_write(clinic: Clinic, command: c.DraftReferral) -> bool:
    """For oneself, or for a colleague whom the clinic says one acts for. A reaction writes for whom it concerns."""
    author = user_id(command)
    if author == command.referrer_id or command.actor.startswith("system:"):
        return True
    return any(member.id == author and command.referrer_id in member.acts_for for member in clinic.staff)


def _submitted(clinic: Clinic, state: ReferralState, command: c.SubmitReferral, given: Facts) -> list[Event]:
    if given.template is None:
        raise Rejected("pathway-unknown", pathway=state.pathway)
    if state.requester != "referrer" and command.actor.startswith("patient:"):
        # How soon is for triage to say; a person who asks for themselves is not made to judge it.
        command = command.model_copy(update={"priority": e.Priority.ROUTINE})
    taken = readings(command.answers, command.now, given.template)
    return [
        e.ReferralSubmitted(
            **ids(state, command),
            pathway=state.pathway,
            reason=command.reason,
            goal=command.goal,
            priority=command.priority,
            readings=taken,
            triage_due=triage_due(clinic, command.priority, command.now),
            flags=tuple(dict.fromkeys(command.flags)),
            preferences=command.preferences,
        ),
        *risks(state, command, command.answers),
    ]


def _continued(clinic: Clinic, command: c.ContinueReferral) -> list[Event]:
    request = command.request
    template = clinic.pathway(request.pathway)
    return [
        e.ReferralContinued(
            at=command.now,
            referral_id=command.referral_id,
            patient_id=command.patient_id,
            referrer_id=command.referrer_id,
            based_on=command.based_on,
            request=request,
            rationale=command.rationale,
            triage_due=triage_due(clinic, request.priority, command.now),
            number=number(command.referral_id),
            template_version=template.version if template else 1,
        )
    ]


def _attached(state: ReferralState, command: c.AttachToReferral) -> list[Event]:
    if any(one.attachment_id == command.attachment_id for one in state.attachments):
        return []
    scored = None
    if command.kind == "measure":
        if len(command.answers) != 1:
            raise Rejected("measure-missing")
        [(measure, answers)] = command.answers.items()
        scored = reading(measure, answers, command.now)
    elif not command.text:
        raise Rejected("attachment-text-missing")
    attachment = e.Attachment(
        attachment_id=command.attachment_id, kind=command.kind, text=command.text or None, reading=scored
    )
    added = e.AttachmentAdded(**ids(state, command), attachment=attachment, added_by=user_id(command))
    return [added, *risks(state, command, command.answers)]


def _answered(state: ReferralState, command: c.ProvideInformation) -> Event:
    due = state.triage_due
    if due is None or due <= command.now:
        due = command.now + ANSWER_GRACE
    return e.InformationProvided(**ids(state, command), answer=command.answer, triage_due=due)

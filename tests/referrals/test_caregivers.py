"""Those whom a patient trusts: every command of theirs and about them, what follows, and why it may be refused."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

from services.referrals import aggregates
from services.referrals.domain.patient import caregivers
from services.referrals.domain.patient import commands as c
from services.referrals.domain.patient.record import CAREGIVER_KEYS
from services.referrals.domain.patient.state import Caregiver, PatientState
from shared.contracts import referrals as e
from shared.contracts.commands import Command, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.referrals import ConsentScope
from tests.given import Given, given
from tests.referrals.people import CLINIC, LUIS, NOW, OKAFOR, PATIENT, REGISTERED, ROSA, TANAKA, TIMER, consent

LUIS_ID, MARTA_ID = "caregiver-luis", "caregiver-marta"
LUIS_SAYS = f"caregiver:{LUIS_ID}"
WHO: dict[str, Any] = {"at": NOW, "patient_id": "patient-rosa", "caregiver_id": LUIS_ID}
DAY = timedelta(days=1)
ANSWER_BY = NOW + 14 * DAY
TODAY = NOW.date()
LONGEST = TODAY + 180 * DAY
SCOPES: tuple[e.CaregiverScope, ...] = get_args(e.CaregiverScope)
SHARED = ConsentScope.CAREGIVER

NAMED = (REGISTERED, LUIS)
AGREED = consent(SHARED, LUIS_ID)
WITHDRAWN = e.ConsentWithdrawn(at=NOW, patient_id="patient-rosa", scope=SHARED, caregiver_ids=(LUIS_ID,))
INVITED = e.CaregiverInvited(**WHO, answer_by=ANSWER_BY)
ACCEPTED = e.CaregiverAccepted(**WHO, language="en", email=True)
DECLINED, LEFT = e.CaregiverDeclined(**WHO), e.CaregiverLeft(**WHO)
LAPSED, UNLINKED = e.CaregiverInvitationLapsed(**WHO), e.CaregiverUnlinked(**WHO)
ASKED = (*NAMED, AGREED, INVITED)
TAKES_PART = (*ASKED, ACCEPTED)

GIVE = c.GiveConsent(now=NOW, actor=ROSA, scope=SHARED)
WITHDRAW = c.WithdrawConsent(now=NOW, actor=ROSA, scope=SHARED)
LEAVE = c.LeaveAsCaregiver(now=NOW, actor=LUIS_SAYS, caregiver_id=LUIS_ID)
UNLINK = c.UnlinkCaregiver(now=NOW, actor=ROSA, caregiver_id=LUIS_ID)


def link(number: int = 0, actor: str = ROSA, **changes: Any) -> c.LinkCaregiver:
    fields = LUIS.model_dump(exclude={"at", "patient_id", "consented"})
    if number:
        fields |= {"caregiver_id": f"caregiver-{number}", "email": f"c{number}@example.org"}
    return c.LinkCaregiver(now=NOW, actor=actor, **{**fields, **changes})


def answer(accept: bool, now: datetime = NOW, **more: Any) -> c.AnswerCaregiver:
    return c.AnswerCaregiver(now=now, actor=LUIS_SAYS, caregiver_id=LUIS_ID, accept=accept, **more)


def wishes(language: Any, email: bool) -> c.ChangeCaregiverPreferences:
    said: dict[str, Any] = {"language": language, "email": email}
    return c.ChangeCaregiverPreferences(now=NOW, actor=LUIS_SAYS, caregiver_id=LUIS_ID, **said)


def open_(scope: e.CaregiverScope = "news", until: date | None = None, now: datetime = NOW) -> c.OpenScope:
    return c.OpenScope(now=now, actor=ROSA, caregiver_id=LUIS_ID, scope=scope, until=until)


def close(scope: e.CaregiverScope = "news") -> c.CloseScope:
    return c.CloseScope(now=NOW, actor=ROSA, caregiver_id=LUIS_ID, scope=scope)


def young(actor: str, is_young: bool = True) -> c.NoteYoungCarer:
    return c.NoteYoungCarer(now=NOW, actor=actor, caregiver_id=LUIS_ID, young=is_young)


def end_of(day: date) -> datetime:
    """The midnight after it, on the clinic's clock."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(CLINIC.time_zone)) + DAY


def opened(scope: e.CaregiverScope = "news", last: date = LONGEST, **who: Any) -> e.ScopeOpened:
    return e.ScopeOpened(**{**WHO, **who}, scope=scope, until=end_of(last))


def closed(reason: e.ScopeEnd, scope: e.CaregiverScope = "news", **who: Any) -> e.ScopeClosed:
    return e.ScopeClosed(**{**WHO, **who}, scope=scope, reason=reason)


def noted(said_by: e.YoungSaidBy, is_young: bool = True, confirms: bool = False) -> e.YoungCarerNoted:
    return e.YoungCarerNoted(**WHO, young=is_young, said_by=said_by, confirms=confirms)


def ring(name: str, now: datetime) -> TimerDue:
    return TimerDue(now=now, actor=TIMER, name=name)


def luis(story: Given) -> Caregiver:
    known = caregivers.find(story.state, LUIS_ID)
    assert known is not None
    return known


def open_now(story: Given, caregiver_id: str = LUIS_ID, now: datetime = NOW) -> set[str]:
    return set(caregivers.open_scopes(story.state, caregiver_id, now))


def two_people() -> Given:
    """Luis reads news until tomorrow, and the plan; Marta news and questionnaires."""
    marta = {"caregiver_id": MARTA_ID}
    named = LUIS.model_copy(update={**marta, "email": "marta@example.org"})
    said = [event.model_copy(update=marta) for event in (INVITED, ACCEPTED)]
    shares = (opened("news", TODAY + DAY), opened("plan"), opened("news", **marta), opened("scores", **marta))
    return given(PATIENT, *TAKES_PART, named, *said, *shares)


# --- named and invited


@pytest.mark.parametrize("consented", [True, False])
def test_whoever_is_named_is_asked_once_the_patient_agrees_that_they_are_told(consented: bool) -> None:
    before = [consent(SHARED)] if consented else []
    linked = LUIS.model_copy(update={"consented": consented})
    after = given(PATIENT, REGISTERED, *before).when(link()).then(linked, *([INVITED] if consented else []))
    assert luis(after).status == ("invited" if consented else "named")
    assert PATIENT.timers(after.state) == ({f"invitation:{LUIS_ID}": ANSWER_BY} if consented else {})
    assert open_now(after) == set()


def test_the_consent_invites_those_who_are_named() -> None:
    given(PATIENT, *NAMED).when(GIVE).then(AGREED, INVITED)


def test_naming_the_same_person_again_says_nothing() -> None:
    given(PATIENT, *NAMED).when(link()).then()
    given(PATIENT, *TAKES_PART).when(link(language=ACCEPTED.language)).then()


def test_new_details_replace_the_old_ones_and_leave_what_was_said_and_what_is_open() -> None:
    renamed = LUIS.model_copy(update={"name": "Luis M.", "language": "en", "consented": True})
    english = LUIS.model_copy(update={"language": "en"})
    story = given(PATIENT, REGISTERED, english, AGREED, INVITED, ACCEPTED, opened())
    after = story.when(link(name="Luis M.")).then(renamed)
    assert (luis(after).name, luis(after).status, open_now(after)) == ("Luis M.", "accepted", {"news"})


def test_new_details_of_one_leave_the_others_as_they_were() -> None:
    story = given(PATIENT, *NAMED).when(link(2, name="Ana")).happened()
    after = story.when(link(2, name="Ana M.")).happened()
    assert [known.name for known in after.state.caregivers] == ["Luis Marin", "Ana M."]


@pytest.mark.parametrize("end", [DECLINED, LAPSED, LEFT])
def test_whoever_said_no_or_nothing_can_be_asked_again_by_naming_them_again(end: Event) -> None:
    after = given(PATIENT, *ASKED, end).when(link()).then(INVITED)
    assert luis(after).status == "invited"


WISHED = e.CaregiverPreferencesChanged(**WHO, language="es", email=False)


@pytest.mark.parametrize(("chosen", "language"), [(ACCEPTED, "en"), (WISHED, "es")])
@pytest.mark.parametrize("ended", [(), (LEFT,), (UNLINKED,), (LEFT, UNLINKED)])
def test_the_language_that_they_chose_stays_however_often_they_are_named_again(
    chosen: Event, language: str, ended: tuple[Event, ...]
) -> None:
    story = given(PATIENT, *TAKES_PART, chosen, *ended)
    other = "es" if language == "en" else "en"
    for name in ("Luis A.", "Luis B."):
        story = story.when(link(name=name, language=other)).happened()
        assert (luis(story).name, luis(story).language) == (name, language)
    assert luis(story.when(UNLINK).happened().when(link(language=other)).happened()).language == language


def test_who_has_chosen_nothing_is_told_things_in_the_language_said_last() -> None:
    story = given(PATIENT, *ASKED, DECLINED).when(link(language="en")).happened()
    assert luis(story).language == "en"
    assert luis(story.when(UNLINK).happened().when(link(language="es")).happened()).language == "es"


def test_a_trusted_person_is_somebody_else_than_the_patient() -> None:
    given(PATIENT, REGISTERED).when(link(email="Rosa@Example.org")).refused("caregiver-invalid")


def test_a_fourth_is_refused_and_a_third_may_still_be_corrected() -> None:
    story = given(PATIENT, REGISTERED)
    for number in (1, 2, 3):
        story = story.when(link(number)).happened()
    story.when(link(4)).refused("caregivers-full", most=3)
    assert len(story.when(link(3, name="New Name")).events()) == 1


# --- an answer, or none


@pytest.mark.parametrize("email", [True, False])
def test_they_say_yes_and_how_they_would_like_to_be_told(email: bool) -> None:
    said = e.CaregiverAccepted(**WHO, language="en", email=email)
    after = given(PATIENT, *ASKED).when(answer(True, language="en", email=email)).then(said)
    assert (luis(after).status, luis(after).language, luis(after).by_email) == ("accepted", "en", email)
    assert PATIENT.timers(after.state) == {}


def test_without_a_word_about_it_the_language_stays_and_no_email_is_wished_for() -> None:
    said = e.CaregiverAccepted(**WHO, language=LUIS.language, email=False)
    given(PATIENT, *ASKED).when(answer(True)).then(said)


def test_they_say_no_and_what_had_been_opened_meanwhile_is_closed() -> None:
    after = given(PATIENT, *ASKED, opened()).when(answer(False)).then(closed("left"), DECLINED)
    assert (luis(after).status, PATIENT.timers(after.state)) == ("declined", {})


def test_an_invitation_lapses_with_what_had_been_opened_meanwhile() -> None:
    story, name = given(PATIENT, *ASKED, opened()), f"invitation:{LUIS_ID}"
    story.when(ring(name, ANSWER_BY - timedelta(seconds=1))).then()
    lapsed = LAPSED.model_copy(update={"at": ANSWER_BY})
    after = story.when(ring(name, ANSWER_BY)).then(closed("ended", at=ANSWER_BY), lapsed)
    assert (luis(after).status, PATIENT.timers(after.state)) == ("lapsed", {})
    after.when(ring(name, ANSWER_BY)).then()


def test_an_answer_counts_until_its_time_is_over_also_if_no_timer_has_rung() -> None:
    assert given(PATIENT, *ASKED).when(answer(True, ANSWER_BY - timedelta(seconds=1))).events()
    given(PATIENT, *ASKED).when(answer(True, ANSWER_BY)).refused("caregiver-answer-closed")


@pytest.mark.parametrize("before", [NAMED, TAKES_PART, (*ASKED, DECLINED), (*ASKED, LAPSED), (*TAKES_PART, LEFT)])
def test_an_answer_needs_an_invitation(before: tuple[Event, ...]) -> None:
    given(PATIENT, *before).when(answer(True)).refused("caregiver-answer-closed")


# --- leaving, removing, wishes


def test_they_leave_by_themselves_and_everything_is_closed() -> None:
    story = given(PATIENT, *TAKES_PART, opened("news"), opened("plan"))
    after = story.when(LEAVE).then(closed("left", "news"), closed("left", "plan"), LEFT)
    assert (luis(after).status, luis(after).by_email, open_now(after)) == ("left", False, set())
    assert PATIENT.timers(after.state) == {}


def test_the_patient_removes_them_and_everything_is_closed_and_their_place_is_free() -> None:
    story = given(PATIENT, *TAKES_PART, opened("news"), opened("plan")).when(link(2)).happened()
    assert PATIENT.keys(story.state)["caregiver_2"] == "caregiver-2"
    after = story.when(UNLINK).then(closed("unlinked", "news"), closed("unlinked", "plan"), UNLINKED)
    assert _places(after.state) == {
        "caregiver_1": "caregiver-2",
        "caregiver_2": None,
        "caregiver_3": None,
    }
    assert open_now(after) == set()
    after.when(UNLINK).then()


def test_whoever_trusts_nobody_holds_no_place() -> None:
    assert _places(given(PATIENT, REGISTERED).state) == dict.fromkeys(CAREGIVER_KEYS)


def _places(state: Any) -> dict[str, str | None]:
    """The keys by which caregivers are found."""
    return {name: value for name, value in PATIENT.keys(state).items() if name in CAREGIVER_KEYS}


def test_they_would_like_to_be_told_otherwise() -> None:
    changed = e.CaregiverPreferencesChanged(**WHO, language="es", email=False)
    after = given(PATIENT, *TAKES_PART).when(wishes("es", False)).then(changed)
    assert (luis(after).language, luis(after).by_email) == ("es", False)
    after.when(wishes("es", False)).then()


@pytest.mark.parametrize("command", [LEAVE, wishes("en", True)])
@pytest.mark.parametrize("before", [NAMED, ASKED, (*ASKED, DECLINED), (*ASKED, LAPSED), (*TAKES_PART, LEFT)])
def test_only_those_who_take_part_leave_or_wish(command: Command, before: tuple[Event, ...]) -> None:
    given(PATIENT, *before).when(command).refused("caregiver-not-accepted")


# --- opening and closing


@pytest.mark.parametrize("scope", SCOPES)
def test_each_thing_is_opened_by_itself_until_a_day(scope: e.CaregiverScope) -> None:
    last = TODAY + 30 * DAY
    after = given(PATIENT, *TAKES_PART).when(open_(scope, last)).then(opened(scope, last))
    assert open_now(after) == {scope}
    assert PATIENT.timers(after.state) == {f"scope:{LUIS_ID}:{scope}": end_of(last)}


def test_without_a_day_it_ends_when_the_clinic_says() -> None:
    given(PATIENT, *TAKES_PART).when(open_()).then(opened(last=LONGEST))


@pytest.mark.parametrize("day", [TODAY - DAY, LONGEST + DAY])
def test_a_day_that_is_past_or_too_far_away_is_refused(day: date) -> None:
    given(PATIENT, *TAKES_PART).when(open_(until=day)).refused("share-until-invalid", days=180)


@pytest.mark.parametrize("day", [TODAY, LONGEST])
def test_today_and_the_last_day_possible_can_be_chosen(day: date) -> None:
    given(PATIENT, *TAKES_PART).when(open_(until=day)).then(opened(last=day))


def test_opened_again_the_newer_day_counts_and_the_same_day_says_nothing() -> None:
    soon = TODAY + DAY
    story = given(PATIENT, *TAKES_PART, opened()).when(open_(until=soon)).then(opened(last=soon))
    assert open_now(story, now=end_of(soon)) == set()
    story.when(open_(until=soon)).then()


def test_it_may_be_opened_to_somebody_who_has_yet_to_answer_and_they_see_it_once_they_say_yes() -> None:
    story = given(PATIENT, *ASKED).when(open_()).then(opened())
    assert open_now(story) == set()
    assert open_now(story.when(answer(True)).happened()) == {"news"}


@pytest.mark.parametrize("before", [(*ASKED, DECLINED), (*ASKED, LAPSED), (*TAKES_PART, LEFT)])
def test_nothing_is_opened_to_somebody_who_does_not_take_part(before: tuple[Event, ...]) -> None:
    given(PATIENT, *before).when(open_()).refused("caregiver-not-accepted")


@pytest.mark.parametrize("before", [NAMED, (*TAKES_PART, WITHDRAWN)])
def test_nothing_is_opened_without_the_consent(before: tuple[Event, ...]) -> None:
    given(PATIENT, *before).when(open_()).refused("caregiver-consent-missing")


def test_one_thing_is_closed_and_the_others_stay_open() -> None:
    story = given(PATIENT, *TAKES_PART, opened("news"), opened("plan"))
    after = story.when(close("plan")).then(closed("closed", "plan"))
    assert open_now(after) == {"news"}
    after.when(close("plan")).then()


def test_it_ends_when_its_last_day_is_over_by_the_clinics_clock() -> None:
    """In summer the clinic's midnight is not that of UTC, and Rosa lives an hour ahead of it."""
    now, over = datetime(2026, 6, 1, 12, 0, tzinfo=UTC), datetime(2026, 6, 3, 23, 0, tzinfo=UTC)
    just_before, name = over - timedelta(seconds=1), f"scope:{LUIS_ID}:news"
    story = given(PATIENT, *TAKES_PART).when(open_(until=date(2026, 6, 3), now=now)).happened()
    assert PATIENT.timers(story.state) == {name: over}
    assert open_now(story, now=just_before) == {"news"}
    assert open_now(story, now=over) == set(), "also while nobody has noticed"
    story.when(ring(name, just_before)).then()
    after = story.when(ring(name, over)).then(closed("ended", at=over))
    assert PATIENT.timers(after.state) == {}
    after.when(ring(name, over)).then()


@pytest.mark.parametrize(("hour", "today"), [(22, date(2026, 6, 1)), (23, date(2026, 6, 2))])
def test_today_is_the_clinics_day(hour: int, today: date) -> None:
    now, story = datetime(2026, 6, 1, hour, 30, tzinfo=UTC), given(PATIENT, *TAKES_PART)
    assert story.when(open_(until=today, now=now)).events()
    story.when(open_(until=today - DAY, now=now)).refused("share-until-invalid")


def test_two_people_see_two_different_things_and_closing_one_leaves_the_other() -> None:
    story = two_people()
    assert (open_now(story), open_now(story, MARTA_ID)) == ({"news", "plan"}, {"news", "scores"})
    after = story.when(close("news")).happened()
    assert (open_now(after), open_now(after, MARTA_ID)) == ({"plan"}, {"news", "scores"})
    after = story.when(LEAVE).happened()
    assert (open_now(after), open_now(after, MARTA_ID)) == (set(), {"news", "scores"})
    assert open_now(story, "caregiver-stranger") == set()


def test_what_ends_leaves_the_others_and_those_of_other_people() -> None:
    over = end_of(TODAY + DAY)
    after = two_people().when(ring(f"scope:{LUIS_ID}:news", over)).then(closed("ended", at=over))
    assert (open_now(after, now=over), open_now(after, MARTA_ID, over)) == ({"plan"}, {"news", "scores"})


# --- the consent for all of it


def test_the_consent_taken_back_closes_everything_to_everybody_at_once() -> None:
    marta = {"caregiver_id": MARTA_ID}
    after = (
        two_people()
        .when(WITHDRAW)
        .then(
            closed("consent_withdrawn", "news"),
            closed("consent_withdrawn", "plan"),
            closed("consent_withdrawn", "news", **marta),
            closed("consent_withdrawn", "scores", **marta),
            WITHDRAWN.model_copy(update={"caregiver_ids": (LUIS_ID, MARTA_ID)}),
        )
    )
    assert (open_now(after), open_now(after, MARTA_ID), PATIENT.timers(after.state)) == (set(), set(), {})
    assert not caregivers.takes_part(after.state, LUIS_ID)


def test_given_again_they_take_part_as_before_and_nothing_is_open_until_it_is_opened_anew() -> None:
    after = given(PATIENT, *TAKES_PART, opened()).when(WITHDRAW).happened().when(GIVE).then(AGREED)
    assert caregivers.takes_part(after.state, LUIS_ID)
    assert open_now(after) == set()
    assert open_now(after.when(open_()).happened()) == {"news"}


def test_while_it_is_taken_back_nobody_can_say_yes() -> None:
    after = given(PATIENT, *ASKED).when(WITHDRAW).then(WITHDRAWN)
    after.when(answer(True)).refused("caregiver-answer-closed")
    assert (luis(after).status, caregivers.takes_part(after.state, LUIS_ID)) == ("invited", False)
    # What waited for them was not sent, so they are asked anew.
    after.when(GIVE).then(AGREED, INVITED)


# --- children and young people

BY: dict[e.YoungSaidBy, str] = {"patient": ROSA, "referrer": OKAFOR, "caregiver": LUIS_SAYS, "psychology": TANAKA}


@pytest.mark.parametrize("said_by", BY)
def test_that_they_are_young_is_said_by_any_of_four_and_closes_the_questionnaires(said_by: e.YoungSaidBy) -> None:
    story = given(PATIENT, *TAKES_PART, opened("scores"), opened("news"))
    after = story.when(young(BY[said_by])).then(closed("closed", "scores"), noted(said_by))
    assert (luis(after).young, luis(after).young_said_by, open_now(after)) == (True, said_by, {"news"})
    after.when(young(BY[said_by])).then()
    after.when(open_("scores")).refused("scope-not-for-young")
    assert after.when(open_("plan")).events()


@pytest.mark.parametrize("takes_back", BY)
@pytest.mark.parametrize("said_by", BY)
def test_only_who_said_it_or_psychology_takes_it_back(said_by: e.YoungSaidBy, takes_back: e.YoungSaidBy) -> None:
    back = given(PATIENT, *TAKES_PART, noted(said_by)).when(young(BY[takes_back], is_young=False))
    if takes_back not in (said_by, "psychology"):
        back.refused("young-not-yours")
        return
    after = back.then(noted(takes_back, is_young=False))
    assert (luis(after).young, luis(after).young_said_by) == (False, None)
    assert after.when(open_("scores")).events()


@pytest.mark.parametrize("again", BY)
def test_said_again_it_stays_with_whoever_said_it_first_unless_psychology_confirms_it(again: e.YoungSaidBy) -> None:
    story = given(PATIENT, *TAKES_PART, noted("patient"))
    after = story.when(young(BY[again])).then(*([noted("psychology", confirms=True)] if again == "psychology" else []))
    back = after.when(young(ROSA, is_young=False))
    if again == "psychology":
        back.refused("young-not-yours")
    else:
        back.then(noted("patient", is_young=False))


def test_that_somebody_is_not_young_is_nothing_new() -> None:
    given(PATIENT, *TAKES_PART).when(young(ROSA, is_young=False)).then()


def test_who_is_named_as_young_is_asked_as_young() -> None:
    asked = INVITED.model_copy(update={"young": True, "young_said_by": "referrer"})
    linked = LUIS.model_copy(update={"consented": True})
    named = given(PATIENT, REGISTERED, consent(SHARED)).when(link(young=True, actor=OKAFOR))
    story = named.then(linked, noted("referrer"), asked)
    story.when(young(ROSA, is_young=False)).refused("young-not-yours")
    after = story.when(answer(True, language="en", email=True)).then(ACCEPTED.model_copy(update={"young": True}))
    after.when(open_("scores")).refused("scope-not-for-young")


def test_who_is_named_as_young_before_the_consent_is_asked_as_young_after_it() -> None:
    story = given(PATIENT, REGISTERED).when(link(young=True)).then(LUIS, noted("patient"))
    story.when(GIVE).then(AGREED, INVITED.model_copy(update={"young": True, "young_said_by": "patient"}))


def test_naming_somebody_again_as_young_closes_the_questionnaires() -> None:
    story = given(PATIENT, *TAKES_PART, opened("scores"), opened("news"))
    after = story.when(link(young=True)).happened()
    assert (luis(after).young_said_by, open_now(after)) == ("patient", {"news"})


def test_removing_and_naming_somebody_again_takes_back_nothing_that_psychology_said() -> None:
    story = given(PATIENT, *TAKES_PART, noted("psychology")).when(UNLINK).happened()
    linked = LUIS.model_copy(update={"language": "en", "consented": True})
    asked = INVITED.model_copy(update={"young": True, "young_said_by": "psychology"})
    after = story.when(link()).then(linked, asked).when(answer(True)).happened()
    after.when(open_("scores")).refused("scope-not-for-young")
    after.when(young(ROSA, is_young=False)).refused("young-not-yours")
    back = after.when(young(TANAKA, is_young=False)).happened()
    assert not luis(back.when(UNLINK).happened().when(link()).happened()).young


def test_a_clinic_may_let_young_people_see_questionnaires() -> None:
    allowed = CLINIC.together.caregivers.model_copy(update={"young_see_scores": True})
    together = CLINIC.together.model_copy(update={"caregivers": allowed})
    record = aggregates.patient(CLINIC.model_copy(update={"together": together}))
    after = given(record, *TAKES_PART, opened("scores")).when(young(ROSA)).then(noted("patient"))
    assert open_now(after) == {"scores"}


# --- whom nobody names

OF_LUIS: tuple[Command, ...] = (
    answer(True),
    LEAVE,
    wishes("en", True),
    open_(),
    close(),
    young(TANAKA),
    young(LUIS_SAYS, is_young=False),
)


@pytest.mark.parametrize("command", OF_LUIS, ids=lambda command: type(command).__name__)
@pytest.mark.parametrize("before", [(REGISTERED,), (*TAKES_PART, opened(), UNLINKED)])
def test_nothing_is_said_by_or_about_somebody_who_is_not_named(command: Command, before: tuple[Event, ...]) -> None:
    given(PATIENT, *before).when(command).refused("caregiver-unknown")


@pytest.mark.parametrize("command", [*OF_LUIS, link(), UNLINK, GIVE], ids=lambda command: type(command).__name__)
def test_nothing_is_recorded_for_somebody_who_is_not_registered(command: Command) -> None:
    given(PATIENT).when(command).refused("not-registered")


@pytest.mark.parametrize(
    "event", [INVITED, ACCEPTED, opened(), closed("closed"), noted("patient"), LEFT], ids=lambda event: event.TYPE
)
def test_what_is_said_of_somebody_who_is_not_named_changes_nothing(event: Event) -> None:
    state: PatientState = given(PATIENT, REGISTERED).state
    assert PATIENT.evolve(state, event) == state


@pytest.mark.parametrize("name", [f"invitation:{MARTA_ID}", f"scope:{MARTA_ID}:news", f"scope:{LUIS_ID}:plan", "other"])
def test_a_timer_of_nothing_says_nothing(name: str) -> None:
    given(PATIENT, *TAKES_PART, opened()).when(ring(name, NOW + 400 * DAY)).then()

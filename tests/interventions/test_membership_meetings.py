"""The meetings of one person's group: who cannot come, who was there, and what they agree to before they meet."""

import pytest

from services.interventions.domain.membership import commands as c
from shared.contracts import interventions as e
from shared.contracts.envelope import Event
from tests.given import Given, given
from tests.interventions import example as ex
from tests.interventions.members import (
    ACCEPTED,
    BACK,
    DECLINED,
    FIRST_DATE,
    INVITED,
    LEFT,
    NEW_DATE,
    RESERVE,
    SEATED,
    YES,
    M,
    attended,
    ended,
    marked,
    missed,
    of,
    of_group,
)

NEW_RULES = next(
    one for one in ex.aggregates(ex.CLINIC, ex.PLANS, ex.SHEETS, group_rules=2) if one.name == "membership"
)


# --- an absence that was told beforehand


def test_they_say_beforehand_that_they_cannot_come() -> None:
    tell = ex.command(c.TellAbsence, number=1, session_at=FIRST_DATE)
    told = of(e.GroupAbsenceTold, number=1, session_at=FIRST_DATE)
    story = given(M, *SEATED).when(tell).then(told)
    story.when(tell).then()
    given(M, *SEATED).when(tell.model_copy(update={"now": FIRST_DATE})).refused("session-begun")
    given(M, INVITED, ACCEPTED, RESERVE).when(tell).refused("not-in-the-group")
    story.when(marked(1, present=False)).then(missed(1, told=True, before_first=True))


def test_a_new_date_asks_anew_whether_they_can_come() -> None:
    told = of(e.GroupAbsenceTold, number=1, session_at=FIRST_DATE)
    story = given(M, *SEATED, told)
    assert story.state.tells(1, FIRST_DATE)
    assert not story.state.tells(1, NEW_DATE)
    story.when(marked(1, present=False, session_at=NEW_DATE)).then(missed(1, told=False, before_first=True))
    again = ex.command(c.TellAbsence, number=1, session_at=NEW_DATE)
    story = story.when(again).then(of(e.GroupAbsenceTold, number=1, session_at=NEW_DATE))
    story.when(marked(1, present=False, session_at=NEW_DATE)).then(missed(1, told=True, before_first=True))


# --- who was there


def test_the_first_meeting_that_they_come_to_is_said_to_be_the_first() -> None:
    story = given(M, *SEATED).when(marked(1, present=False)).then(missed(1, before_first=True))
    story = story.when(marked(2, present=True)).then(attended(2, first=True))
    story = story.when(marked(3, present=True)).then(attended(3))
    story = story.when(marked(4, present=False)).then(missed(4))
    assert (story.state.attended, story.state.missed) == (2, 2)
    story.when(marked(4, present=False)).then()
    story.when(marked(3, present=True)).then()


def test_a_correction_of_why_or_whether_they_told_is_noted() -> None:
    story = given(M, *SEATED, missed(1, before_first=True))
    ill = of(e.GroupAbsenceCorrected, number=1, reason_code="ill", told=False, before_first=True)
    story = story.when(marked(1, present=False, reason_code="ill")).then(ill)
    had_told = of(e.GroupAbsenceCorrected, number=1, reason_code="ill", told=True, before_first=True)
    story = story.when(marked(1, present=False, reason_code="ill", told=True)).then(had_told)
    story.when(marked(1, present=False, reason_code="ill", told=True)).then()
    assert story.state.missed == 1


@pytest.mark.parametrize(
    ("marks", "number", "in_a_row", "row_from"),
    [
        ((missed(1), attended(2), missed(3)), 2, 3, 1),
        ((missed(1), attended(2, True), missed(3), missed(4, 2)), 2, 4, 1),
        ((attended(1, True), attended(2), missed(3), attended(4)), 2, 2, 2),
        ((missed(1), missed(4, 2, 1)), 6, 3, 1),
    ],
)
def test_a_row_of_missed_meetings_is_counted_from_all_of_them(
    marks: tuple[Event, ...], number: int, in_a_row: int, row_from: int
) -> None:
    said = given(M, *SEATED, *marks).when(marked(number, present=False)).events()
    assert [(one.in_a_row, one.row_from) for one in said if isinstance(one, e.GroupSessionMissed)] == [
        (in_a_row, row_from)
    ]


def test_a_correction_that_they_were_there_ends_the_row() -> None:
    story = given(M, *SEATED, missed(1), missed(2, 2), missed(3, 3))
    assert story.state.row_of(3) == (1, 2, 3)
    story = story.when(marked(2, present=True)).then(attended(2, first=True))
    assert [story.state.row_of(one) for one in (1, 2, 3)] == [(1,), (), (3,)]
    assert story.state.row_of(9) == ()


def test_attendance_is_noted_after_the_end_too_and_of_nobody_who_was_only_asked() -> None:
    given(M, *SEATED, ended("finished")).when(marked(8, present=True)).then(attended(8, first=True))
    given(M, INVITED, ACCEPTED).when(marked(1, present=True)).then(attended(1, first=True))
    for before in ((INVITED,), (INVITED, DECLINED), (INVITED, ACCEPTED, RESERVE)):
        given(M, *before).when(marked(1, present=True)).then()


# --- the rules have changed


def changed(*events: Event) -> Given:
    """The part of somebody who agreed to the first version, now that there is a second one."""
    return given(NEW_RULES, *events)


ASK = of_group(c.AskAboutRules, number=3)
ASKED_ABOUT_RULES = of(e.GroupRulesAsked, rules_version=2, number=3)
AGREED = of(e.GroupRulesAgreed, rules_version=2)


def test_whoever_agreed_to_other_rules_is_asked_once_before_they_meet() -> None:
    story = changed(*SEATED).when(ASK).then(ASKED_ABOUT_RULES)
    story.when(of_group(c.AskAboutRules, number=4)).then()
    given(M, *SEATED).when(ASK).then()
    changed(*BACK).when(ASK).then()
    for before in ((INVITED,), (INVITED, ACCEPTED), (INVITED, ACCEPTED, RESERVE), (*SEATED, LEFT)):
        changed(*before).when(ASK).then()


def test_they_agree_to_the_words_that_stand_there_now() -> None:
    agree = ex.command(c.AgreeToRules, rules_version=2)
    story = changed(*SEATED, ASKED_ABOUT_RULES).when(agree).then(AGREED)
    assert story.state.rules_version == 2
    story.when(agree).then()
    story.when(ASK).then()
    old = ex.command(c.AgreeToRules, rules_version=1)
    changed(*SEATED).when(old).refused("group-rules-missing", version=2)
    changed(INVITED).when(YES).refused("group-rules-missing", version=2)

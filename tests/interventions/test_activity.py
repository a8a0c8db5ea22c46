"""What people write in an activity: in part, later, elsewhere, twice. Nothing is lost and nothing is doubled."""

from typing import Any

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from services.interventions.domain.activity.commands import SaveActivity
from services.interventions.domain.sheet import LONGEST_LINE, LONGEST_TEXT
from shared.contracts.interventions import ActivityBegun, ActivityFinished, ActivitySaved, RiskWordsWritten, Written
from tests.given import Given, given
from tests.interventions import example as ex

OF = {"record_id": "a1", "episode_id": "e1", "patient_id": "p1"}
WHERE = {"module_id": "one", "activity_id": "make-a-plan"}
BEGUN = ActivityBegun(at=ex.T0, **OF, **WHERE, worksheet_id="plan", worksheet_version=1)
WALK = Written(field="what", text="Walk to the bakery")


def save(*written: Written, minutes: int = 0, **fields: Any) -> SaveActivity:
    sheet = {"worksheet_id": "plan", "worksheet_version": 1}
    return ex.command(
        SaveActivity, ex.PATIENT, ex.after(minutes=minutes), **OF, **WHERE, **{**sheet, "written": written, **fields}
    )


def saved(*written: Written, minutes: int = 0, **fields: Any) -> ActivitySaved:
    return ActivitySaved(at=ex.after(minutes=minutes), **OF, written=written, **fields)


def begun(*written: Written) -> Given:
    return given(ex.ACTIVITY, BEGUN, saved(*written))


def test_the_first_words_begin_it_and_the_rest_comes_later() -> None:
    first = given(ex.ACTIVITY).when(save(WALK)).then(BEGUN, saved(WALK))
    sure = Written(field="how-sure", number=7)
    later = first.when(save(sure, minutes=30)).then(saved(sure, minutes=30))
    assert later.state.written == (WALK, sure)


def test_sending_it_twice_says_nothing_the_second_time() -> None:
    begun(WALK).when(save(WALK, minutes=1)).then()
    rated = given(ex.ACTIVITY).when(save(rating_before=6, finish=True)).happened()
    rated.when(save(rating_before=6, finish=True, minutes=1)).then()


def test_only_what_changed_is_said() -> None:
    bus = Written(field="what", text="Take the bus")
    days = Written(field="when", chosen=("mon", "thu"))
    begun(WALK, days).when(save(bus, days)).then(saved(bus))


def test_a_field_can_be_cleared() -> None:
    cleared = begun(WALK).when(save(Written(field="what", text="  "))).then(saved(Written(field="what")))
    assert cleared.state.written == ()
    cleared.when(save(Written(field="what"))).then()


def test_ratings_before_and_after_and_the_end() -> None:
    story = given(ex.ACTIVITY).when(save(rating_before=8)).then(BEGUN, saved(rating_before=8))
    done = ActivityFinished(at=ex.after(minutes=20), **OF, **WHERE)
    end = story.when(save(rating_after=4, finish=True, minutes=20)).then(saved(minutes=20, rating_after=4), done)
    assert (end.state.rating_before, end.state.rating_after) == (8, 4)
    changed = Written(field="name", text="Bakery plan")
    end.when(save(changed, minutes=60)).then(saved(changed, minutes=60))


def test_opening_it_without_a_word_begins_it() -> None:
    given(ex.ACTIVITY).when(save()).then(BEGUN)


def test_the_version_of_its_worksheet_stays() -> None:
    story = begun(WALK).when(save(Written(field="name", text="x"), worksheet_version=9))
    assert story.happened().state.worksheet_version == 1


def test_an_activity_without_a_worksheet_takes_ratings_only() -> None:
    plain = {"worksheet_id": None, "worksheet_version": None}
    given(ex.ACTIVITY).when(save(WALK, **plain)).refused("field-unknown", field="what")
    assert len(given(ex.ACTIVITY).when(save(rating_before=3, **plain)).events()) == 2


GOOD = [
    Written(field="what", text="x" * LONGEST_TEXT),
    Written(field="name", text="x" * LONGEST_LINE),
    Written(field="ideas", lines=("one", "two", "three")),
    Written(field="how-sure", number=0),
    Written(field="how-sure", number=10),
    Written(field="minutes", number=240),
    Written(field="who", chosen=("together",)),
    Written(field="when", chosen=("sun", "mon")),
]
BAD = [
    Written(field="what", text="x" * (LONGEST_TEXT + 1)),
    Written(field="name", text="x" * (LONGEST_LINE + 1)),
    Written(field="name", number=3),
    Written(field="ideas", lines=("one", "two", "three", "four")),
    Written(field="ideas", lines=("x" * (LONGEST_LINE + 1),)),
    Written(field="ideas", text="one"),
    Written(field="how-sure", number=11),
    Written(field="how-sure", number=-1),
    Written(field="how-sure", text="7"),
    Written(field="minutes", number=0),
    Written(field="minutes", number=241),
    Written(field="who", chosen=("nobody",)),
    Written(field="who", chosen=("alone", "together")),
    Written(field="when", chosen=("someday",)),
    Written(field="when", chosen=("mon", "mon")),
    Written(field="when", chosen=("mon",), text="mon"),
]


@pytest.mark.parametrize("written", GOOD, ids=str)
def test_what_fits_is_kept(written: Written) -> None:
    assert given(ex.ACTIVITY).when(save(written)).happened().state.written == (written,)


@pytest.mark.parametrize("written", BAD, ids=lambda one: f"{one.field} {str(one)[-40:]}")
def test_what_does_not_fit_is_refused_and_nothing_of_it_is_kept(written: Written) -> None:
    begun().when(save(WALK, written)).refused("field-refused", field=written.field)


def test_a_field_that_the_worksheet_lacks_is_refused() -> None:
    begun().when(save(Written(field="colour", text="blue"))).refused("field-unknown", field="colour")


DARK = Written(field="what", text="Some days I want to die.")


def worry(*words: str, field: str = "what", minutes: int = 0, number: int = 1) -> RiskWordsWritten:
    where = {"activity_id": "make-a-plan", "number": number, "field": field}
    return RiskWordsWritten(at=ex.after(minutes=minutes), **OF, **where, words=words)


def test_words_of_the_clinics_list_are_told_at_once_finished_or_not() -> None:
    given(ex.ACTIVITY).when(save(DARK, number=2)).then(BEGUN, saved(DARK), worry("want to die", number=2))
    line = Written(field="name", text="QUIERO  MORIR")
    ideas = Written(field="ideas", lines=("a walk", "no reason to live", "I want to die"))
    told = (worry("quiero morir", field="name"), worry("no reason to live", "want to die", field="ideas"))
    begun().when(save(line, ideas)).then(saved(line, ideas), *told)


def test_what_stood_there_already_is_not_told_again_and_what_is_new_is() -> None:
    story = begun(DARK)
    story.when(save(DARK, WALK.model_copy(update={"field": "name"}), minutes=1)).then(
        saved(Written(field="name", text=WALK.text), minutes=1)
    )
    worse = Written(field="what", text="I want to die tonight.")
    story.when(save(worse, minutes=1)).then(saved(worse, minutes=1), worry("want to die", minutes=1))
    story.when(save(Written(field="what", text="A better day"))).then(saved(Written(field="what", text="A better day")))


def test_a_word_within_another_is_no_match() -> None:
    harmless = Written(field="what", text="I want to diet.")
    begun().when(save(harmless)).then(saved(harmless))


FIELD = st.sampled_from(
    [
        Written(field="what", text="a"),
        Written(field="what", text="b"),
        Written(field="what"),
        Written(field="how-sure", number=1),
        Written(field="how-sure", number=2),
        Written(field="ideas", lines=("a", "b")),
    ]
)


@any_of(st.lists(st.lists(FIELD, max_size=3, unique_by=lambda one: one.field), max_size=12))
def test_whatever_is_saved_in_whatever_order_the_last_word_of_each_field_stands(saves: list[list[Written]]) -> None:
    story = given(ex.ACTIVITY)
    for one in saves:
        story = story.when(save(*one)).happened().when(save(*one)).then()
    last = {written.field: written for one in saves for written in one}
    expected = {written for written in last.values() if written != Written(field=written.field)}
    assert set(story.state.written) == expected

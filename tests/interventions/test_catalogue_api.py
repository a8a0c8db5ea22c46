"""The catalogue as psychology reads it over HTTP: every version in its order, and words in one language only."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.runtime.auth import User
from tests.interventions.service import CONTENT, Http, serving

ANA = User("ana", "psychology")
CBT = CONTENT.catalogue.programme("cbt-pain")


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


async def test_everything_that_there_is_is_listed(http: Http) -> None:
    found = await http.get(ANA, "/catalogue?language=es")
    assert {(one["id"], one["version"]) for one in found["programmes"]} == {
        (one.id, one.version) for one in CONTENT.catalogue.programmes
    }
    assert [one["step"] for one in found["programmes"]] == sorted(one["step"] for one in found["programmes"])
    for one in found["programmes"]:
        newest = CONTENT.catalogue.programme(one["id"])
        assert one["newest"] == (newest.version == one["version"])
    assert [part["id"] for part in found["course"]] == [part.id for part in CONTENT.catalogue.carer_course.parts]
    assert found["course"][0]["pages"][0]["text"] == CONTENT.catalogue.carer_course.parts[0].pages[0].text.es
    assert {"PEG", "PHQ-9", "GAD-7"} <= set(found["measures"])


async def test_a_programme_says_its_order_gaps_and_questions(http: Http) -> None:
    found = await http.get(ANA, f"/catalogue/programmes/{CBT.id}/{CBT.version}")
    assert [(row["title"], row["gap_days"]) for row in found["order"]] == [
        (CBT.module(place.id).title.en, place.min_days_after_previous) for place in CBT.order
    ]
    asked = {one["occasion"]: one for one in found["asked"]}
    assert asked["start"]["measures"] == list(CBT.measures.start)
    assert asked["middle"]["after"] == CBT.module(CBT.measures.middle_after).title.en
    assert found["clinical_review"] == CBT.clinical_review


@pytest.mark.parametrize("language", ["en", "es"])
async def test_every_module_of_every_version_can_be_read(http: Http, language: str) -> None:
    for programme in CONTENT.catalogue.programmes:
        path = f"/catalogue/programmes/{programme.id}/{programme.version}/modules"
        for number, module in enumerate(programme.modules, start=1):
            found = await http.get(ANA, f"{path}/{number}?language={language}")
            assert (found["number"], found["language"]) == (number, language)
            assert found["content"]["title"] == module.title.in_(language)
            assert set(found["worksheets"]) == {one.id for one in module.activities if one.worksheet}


async def test_what_is_not_there_is_not_found_and_nobody_else_looks(http: Http) -> None:
    for path in ("cbt-pain/99", "nothing/1", "cbt-pain/0", "cbt-pain/1/modules/0", "cbt-pain/1/modules/99"):
        await http.get(ANA, f"/catalogue/programmes/{path}", 404)
    for role in ("patient", "caregiver", "referrer", "operator", "service"):
        for path in ("", "/programmes/cbt-pain/1", "/programmes/cbt-pain/1/modules/1"):
            await http.get(User("x", role), f"/catalogue{path}", 403)

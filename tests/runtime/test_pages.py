"""A list that is longer than a page: each once, in order, and only to those who may see it."""

from base64 import urlsafe_b64encode
from typing import Any

import pytest

from tests.runtime.toy_service import ToyService, problem
from tests.runtime.toys import NAME


async def _filled(toy: ToyService, *slots: str) -> None:
    for slot in slots:
        await toy.created(f"key-{slot}", slot=slot, note=f"{NAME} {slot}")


async def _page(toy: ToyService, role: str = "psychology", id: str = "ana", **query: Any) -> Any:
    answer = await toy.client.get("/tallies", params={"patient": "pat-1", **query}, headers=toy.as_(role, id))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_pages_of_a_list_hold_each_once_and_in_order(toy: ToyService) -> None:
    await _filled(toy, "d", "a", "c", "e", "b")
    first = await _page(toy)
    second = await _page(toy, after=first["next"])
    third = await _page(toy, after=second["next"])
    assert [one["slots"] for one in (first, second, third)] == [["a", "b"], ["c", "d"], ["e"]]
    assert first["notes"] == [f"{NAME} a", f"{NAME} b"]
    assert third["next"] is None


async def test_a_list_that_just_fills_its_pages_has_no_empty_one_at_the_end(toy: ToyService) -> None:
    await _filled(toy, "a", "b")
    assert (await _page(toy))["next"] is None


async def test_what_comes_between_two_pages_moves_nothing(toy: ToyService) -> None:
    await _filled(toy, "b", "d", "f")
    first = await _page(toy)
    await _filled(toy, "a", "e")
    assert (await _page(toy, after=first["next"]))["slots"] == ["e", "f"]


async def test_a_total_is_told_up_to_a_bound(toy: ToyService) -> None:
    assert (await _page(toy))["total"] == 0
    await _filled(toy, "a", "b", "c")
    assert (await _page(toy))["total"] == 3
    await _filled(toy, "d")
    assert (await _page(toy))["total"] is None


async def test_what_a_caller_may_not_see_is_on_no_page(toy: ToyService) -> None:
    await _filled(toy, "a", "b")
    assert (await _page(toy, "patient", "pat-1"))["slots"] == ["a", "b"]
    assert (await _page(toy, "patient", "pat-2"))["slots"] == []


@pytest.mark.parametrize("text", ["pat-2|a", "", "x"])
async def test_a_cursor_of_another_list_is_refused(toy: ToyService, text: str) -> None:
    cursor = urlsafe_b64encode(text.encode()).decode()
    answer = await toy.client.get("/tallies", params={"patient": "pat-1", "after": cursor}, headers=toy.as_())
    problem(answer, 422, "cursor-invalid")


@pytest.mark.parametrize("cursor", ["a", "###", "pat-1|a", "_w", "cGF0LTF8YQ\n", "ключ"])
async def test_what_is_no_cursor_is_refused(toy: ToyService, cursor: str) -> None:
    answer = await toy.client.get("/tallies", params={"patient": "pat-1", "after": cursor}, headers=toy.as_())
    problem(answer, 422, "cursor-invalid")


async def test_a_key_that_has_no_pages_is_a_fault_of_the_program(toy: ToyService) -> None:
    for read in (toy.service.core.page("tally", "slot", "", limit=1), toy.service.core.count("tally", "slot", "", 1)):
        with pytest.raises(ValueError, match="tally has no pages by slot"):
            await read


async def test_a_page_of_erased_people_still_opens(toy: ToyService) -> None:
    await _filled(toy, "a", "b")
    await toy.service.vault.erase("pat-1")
    assert (await _page(toy))["notes"] == [None, None]

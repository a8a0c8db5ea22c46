"""A log line is JSON, carries the correlation from the click to what follows, and never a payload."""

import asyncio
import json
import logging
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import BaseModel

from shared.runtime.auth import User, issue
from shared.runtime.logs import configure_logs, error_text
from tests.runtime.stories import damaged_ledger
from tests.runtime.toy_service import SECRET, toy_service
from tests.runtime.toys import NAME
from tests.runtime.world import World


@pytest.fixture
def lines(quiet: None) -> StringIO:
    stream = StringIO()
    configure_logs("DEBUG", stream)
    return stream


def parsed(stream: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def without_names(stream: StringIO) -> None:
    for part in (*NAME.split("-"), *NAME.split(), SECRET):
        assert part not in stream.getvalue()


class Form(BaseModel):
    age: int


def failed_validation() -> Exception:
    try:
        Form.model_validate({"age": NAME})
    except ValueError as fault:
        return fault
    raise AssertionError


async def test_a_planted_name_is_in_no_line_though_everything_fails(world: World, lines: StringIO) -> None:
    """A refused command, a failing reaction, a failing timer, an event that is no longer valid, a bad message."""
    for build in world.builds:
        build.fails_on.add(2)
    world.builds[0].failing_timers.add("reminder")
    await world.change("tally-1", 1, note=NAME, remind_at=world.clock.now())
    with pytest.raises(RuntimeError):
        await world.change("tally-1", 2, note=NAME)
    world.builds[0].fails_on.clear()
    await world.change("tally-1", 2, note=NAME)
    await world.change("tally-2", 1, note=NAME)
    await world.hear()
    await world.referrals.timers.run()
    with damaged_ledger(world):
        await world.interventions.inbound.catch_up("referrals", "tally-2")
        await world.interventions.store.cursors.get(["tally-2"])
    world.broker.put("carepath.referrals", b"k", f'{{"subject": "{NAME}"'.encode())
    await world.interventions.deliver()
    told = {line["event"] for line in parsed(lines)}
    assert told >= {"event_failed", "key_held", "timer_failed", "message_rejected", "command_decided"}
    without_names(lines)


async def test_a_bug_behind_a_request_is_logged_with_its_place_and_correlation_only(
    tmp_path: Path, toy_events: None, lines: StringIO
) -> None:
    async with toy_service(tmp_path) as toy:
        await toy.client.get("/bug", headers=toy.as_(x_correlation_id="click-7"))
        body = {"amount": NAME, "note": NAME}
        await toy.client.post("/tallies", json=body, headers=toy.as_(idempotency_key="k"))
    (failed,) = [line for line in parsed(lines) if line["event"] == "request_failed"]
    assert (failed["correlation"], failed["error"]) == ("click-7", "RuntimeError")
    assert failed["where"].startswith("toy_service.py:")
    without_names(lines)


async def test_a_click_is_followed_by_one_correlation_into_the_other_service(world: World, lines: StringIO) -> None:
    await world.change("tally-1", 1, key="k")
    await world.hear()
    decided = [line for line in parsed(lines) if line["event"] == "command_decided"]
    assert [line["service"] for line in decided] == ["referrals", "interventions", "interventions"]
    assert {line["correlation"] for line in decided} == {"click-k"}
    event = (await world.ledger("tally-1"))[0]
    assert {line["causation"] for line in decided[1:]} == {event.id}
    assert {line["event_id"] for line in decided[1:]} == {event.id}


def test_a_librarys_line_is_json_as_well_and_loses_the_values_of_its_error(lines: StringIO) -> None:
    try:
        raise failed_validation()
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    logging.getLogger("some.library").warning("it is %s", "late")
    failed, late = parsed(lines)
    assert (failed["event"], failed["error"]) == ("Exception in ASGI application", "Form: age: int_parsing")
    assert (late["event"], late["level"]) == ("it is late", "warning")
    without_names(lines)


def test_a_task_that_nobody_waited_for_tells_no_values(lines: StringIO) -> None:
    async def forgotten() -> None:
        raise failed_validation()

    async def main() -> None:
        task = asyncio.get_running_loop().create_task(forgotten())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        context = {"message": "Task exception was never retrieved", "exception": task.exception()}
        asyncio.get_running_loop().call_exception_handler(context)

    asyncio.run(main())
    without_names(lines)


def test_our_own_errors_are_told_and_a_librarys_only_by_kind() -> None:
    from shared.runtime.errors import Unavailable

    assert error_text(Unavailable("the store is away")) == "Unavailable: the store is away"
    assert error_text(KeyError(NAME)) == "KeyError"
    assert error_text(failed_validation()) == "Form: age: int_parsing"


def test_the_names_of_a_persons_fields_are_told_and_what_is_in_them_is_not(lines: StringIO) -> None:
    structlog.get_logger().error("form_refused", exc_info=failed_validation())
    (line,) = parsed(lines)
    assert line["error"] == "Form: age: int_parsing"
    without_names(lines)


@pytest.mark.parametrize("name", ["password", "token_secret", "Authorization", "set-cookie", "api_key", "MASTER_KEY"])
def test_what_is_called_a_secret_is_left_out_of_every_line(lines: StringIO, name: str) -> None:
    structlog.get_logger().warning("told", **{name: "hunter2"})
    assert parsed(lines)[0][name] == "(left out)"
    assert "hunter2" not in lines.getvalue()


def test_a_password_in_an_address_and_a_token_are_left_out_whoever_writes_the_line(lines: StringIO) -> None:
    token = issue(SECRET, User("ana", "patient"), datetime.now(UTC), timedelta(hours=1))
    structlog.get_logger().warning("store_away", where="mongodb://app:hunter2@mongo:27017", of=[f"x {token}"])
    logging.getLogger("some.library").warning("no answer of smtps://app:hunter2@mail, Bearer %s", token)
    logging.getLogger("uvicorn.error").warning("GET /sign-in/with/%s", token)
    for secret in ("hunter2", token, token.rpartition(".")[2]):
        assert secret not in lines.getvalue()
    ours, librarys, path = parsed(lines)
    assert ours["where"] == "mongodb://(left out)@mongo:27017"
    assert librarys["event"] == "no answer of smtps://(left out)@mail, Bearer (left out)"
    assert path["event"] == "GET /sign-in/with/(left out)"

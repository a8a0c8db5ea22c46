"""Signatures of webhooks: what the provider signed is believed, and nothing else."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.channels.webhooks import TOLERANCE, WebhookRefused, verified
from tests.notifications.people import MORNING

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
NEXT = "whsec_" + base64.b64encode(bytes(range(32, 64))).decode()
BODY = b'{"type": "message.delivered", "id": "message-1"}'
ID = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"
SECOND = timedelta(seconds=1)


def signature(secret: str = SECRET, id: str = ID, at: datetime = MORNING, body: bytes = BODY) -> str:
    """Made here by the words of the specification, apart from the code that checks it."""
    key = base64.b64decode(secret.split("_", 1)[1])
    signed = f"{id}.{int(at.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(at: datetime = MORNING, **changes: str) -> dict[str, str]:
    said = {"id": ID, "timestamp": str(int(at.timestamp())), "signature": signature(at=at)}
    return {f"webhook-{name}": value for name, value in {**said, **changes}.items()}


def refused(code: str, sent: dict[str, str], body: bytes = BODY, *secrets: str, now: datetime = MORNING) -> None:
    with pytest.raises(WebhookRefused) as why:
        verified(sent, body, secrets or (SECRET,), now)
    assert why.value.code == str(why.value) == code


def test_the_example_of_the_specifications_own_libraries_is_believed() -> None:
    sent = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    secret, at = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", datetime.fromtimestamp(1614265330, MORNING.tzinfo)
    assert verified(sent, b'{"test": 2432232314}', [secret], at) == "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_what_was_signed_is_believed_whatever_the_case_of_its_headers() -> None:
    assert verified(headers(), BODY, [SECRET], MORNING) == ID
    assert verified({name.title(): value for name, value in headers().items()}, BODY, [SECRET], MORNING) == ID


@pytest.mark.parametrize("apart", [TOLERANCE, -TOLERANCE])
def test_clocks_may_be_apart_a_little(apart: timedelta) -> None:
    assert verified(headers(), BODY, [SECRET], MORNING + apart) == ID
    beyond = MORNING + apart + (SECOND if apart > timedelta(0) else -SECOND)
    refused("timestamp-outside", headers(), now=beyond)
    assert verified(headers(), BODY, [SECRET], beyond, timedelta(minutes=6)) == ID


def test_an_old_request_sent_again_is_refused_also_with_a_new_time() -> None:
    refused("timestamp-outside", headers(), now=MORNING + timedelta(days=1))
    later = MORNING + timedelta(days=1)
    refused("signature-wrong", headers(timestamp=str(int(later.timestamp()))), now=later)


@given(st.binary(max_size=80))
def test_another_body_is_refused(body: bytes) -> None:
    refused("signature-wrong", headers(), BODY + body + b"x")
    if body != BODY:
        refused("signature-wrong", headers(), body)


def test_another_id_or_secret_is_refused() -> None:
    refused("signature-wrong", headers(id="msg_other"))
    refused("signature-wrong", headers(id="msg_\ud800"))
    refused("signature-wrong", headers(signature=signature(NEXT)))
    refused("signature-wrong", headers(), BODY, NEXT)


def test_without_a_secret_nothing_is_believed() -> None:
    with pytest.raises(WebhookRefused, match="signature-wrong"):
        verified(headers(), BODY, [], MORNING)


def test_while_secrets_are_exchanged_both_count() -> None:
    for secret in (SECRET, NEXT):
        assert verified(headers(signature=signature(secret)), BODY, [NEXT, SECRET], MORNING) == ID
    both = f"{signature(NEXT)} {signature()}"
    for secret in (SECRET, NEXT):
        assert verified(headers(signature=both), BODY, [secret], MORNING) == ID


def test_of_several_signatures_one_that_is_right_is_enough_and_other_kinds_are_passed_over() -> None:
    right, other = signature(), signature(NEXT)
    assert verified(headers(signature=f"v1a,AAAA {other} v2,x  {right} v1,"), BODY, [SECRET], MORNING) == ID
    key_of_another_kind = right.replace("v1,", "v1a,")
    refused("signature-wrong", headers(signature=f"{key_of_another_kind} {other}"))


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_each_header_must_be_there(name: str, value: str | None) -> None:
    sent = headers()
    del sent[name]
    refused("header-missing", sent if value is None else {**sent, name: value})


@pytest.mark.parametrize("time", ["now", "-5", "1e9", "1.5", "0x10", "²", "٣", "9" * 400, "1 2", "1_000"])
def test_a_time_must_be_whole_seconds(time: str) -> None:
    refused("timestamp-malformed", headers(timestamp=time))


@pytest.mark.parametrize(
    "garbage",
    [
        "nonsense",
        "v1",
        "v1,",
        "v1,é\ud800",
        "v1,====",
        ",",
        signature()[3:],
        signature()[:-1],
        signature() + "A",
        "v1 ," * 9,
    ],
)
def test_a_signature_that_is_none_is_wrong(garbage: str) -> None:
    refused("signature-wrong", headers(signature=garbage))


@given(st.dictionaries(st.sampled_from(sorted(headers())), st.text(max_size=60)))
def test_no_headers_make_it_fail_otherwise(changes: dict[str, str]) -> None:
    try:
        assert verified({**headers(), **changes}, BODY, [SECRET], MORNING) == ID
    except WebhookRefused:
        assert changes


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_***", "whsec_é", SECRET[6:], SECRET[:-2], "WHSEC_AAAA"])
def test_a_secret_that_is_none_stops_all(secret: Any) -> None:
    refused("secret-malformed", headers(), BODY, SECRET, secret)


def test_what_is_refused_says_nothing_of_the_request() -> None:
    with pytest.raises(WebhookRefused) as why:
        verified(headers(id="rosa@people.example"), BODY, [SECRET], MORNING)
    assert "rosa" not in repr(why.value)

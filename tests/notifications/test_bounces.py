"""What mail servers report of our e-mails: in every shape, and whatever else somebody may send to that mailbox."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.channels.bounces import Bounce, read_bounce
from tests.notifications.bounce_mails import ADDRESS, ID, MESSAGE_ID, SHAPES, exchange, exim, gmail, mail, postfix

SAID = {
    "postfix": Bounce(ID, None, "5.1.1", "permanent", gave_up=True),
    "exim": Bounce(ID, None, "5.0.0", "permanent", gave_up=True),
    "exchange": Bounce(ID, None, "5.1.10", "permanent", gave_up=True),
    "gmail": Bounce(ID, None, "4.4.1", "temporary", gave_up=False),
    "internationalised": Bounce(ID, None, "5.6.7", "permanent", gave_up=True),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_report_is_read_in_the_shape_of_every_server(shape: str) -> None:
    assert read_bounce(SHAPES[shape]) == SAID[shape]


@pytest.mark.parametrize("end", [b"\n", b"\r"])
@pytest.mark.parametrize("shape", SHAPES)
def test_other_ends_of_lines_say_the_same(shape: str, end: bytes) -> None:
    assert read_bounce(SHAPES[shape].replace(b"\r\n", end)) == SAID[shape]


@pytest.mark.parametrize(
    ("action", "status", "diagnostic", "said"),
    [
        ("failed", "5.7.1", "", ("5.7.1", "permanent", True)),
        ("Failed", "5.1.1 (no such mailbox)", "", ("5.1.1", "permanent", True)),
        # After days of trying a server gives up although the fault was never a permanent one.
        ("failed", "4.4.7", "", ("4.4.7", "temporary", True)),
        ("delayed", "4.2.2", "", ("4.2.2", "temporary", False)),
        ("delayed", "5.0.0", "", ("5.0.0", "temporary", False)),
        ("delivered", "2.0.0", "", ("2.0.0", "delivered", False)),
        ("relayed", "2.1.5", "", ("2.1.5", "delivered", False)),
        ("expanded", "2.0.0", "", ("2.0.0", "delivered", False)),
        ("failed", "2.0.0", "", ("2.0.0", "permanent", True)),
        ("", "5.1.1", "", ("5.1.1", "permanent", True)),
        ("something new", "4.4.1", "", ("4.4.1", "temporary", False)),
        ("failed", "", "smtp; 550 5.2.1 disabled", ("5.2.1", "permanent", True)),
        ("failed", "", "smtp; 450-4.2.1 slow down", ("4.2.1", "temporary", True)),
        ("failed", "", "x-server; version 4.96.2 at 5.1.1.7 said no", (None, "permanent", True)),
        ("failed", "9.9.9", "", (None, "permanent", True)),
        ("delayed", "", "", (None, "temporary", False)),
    ],
)
def test_what_was_done_and_the_code_say_what_became_of_it(
    action: str, status: str, diagnostic: str, said: tuple[str | None, str, bool]
) -> None:
    found = read_bounce(postfix(status, action, diagnostic))
    assert found is not None
    assert (found.message_id, found.status, found.outcome, found.gave_up) == (ID, *said)


@pytest.mark.parametrize(
    ("action", "status"), [("", ""), ("something new", "9.1.1"), ("", "5.1"), ("", "55.1.1"), ("", "5.1.1234")]
)
def test_a_report_that_says_nothing_is_none(action: str, status: str) -> None:
    assert read_bounce(postfix(status, action, "smtp; no")) is None


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("5.1.1", ("delivered", "2.0.0"), "permanent"),
        ("2.0.0", ("failed", "5.1.1"), "permanent"),
        ("2.0.0", ("delayed", "4.4.1"), "temporary"),
        ("2.0.0", ("relayed", "2.1.5"), "delivered"),
    ],
)
def test_of_several_recipients_the_gravest_counts(first: str, second: tuple[str, str], said: str) -> None:
    more = f"smtp; x\n\nFinal-Recipient: rfc822; {ADDRESS}\nAction: {second[0]}\nStatus: {second[1]}"
    found = read_bounce(postfix(first, "failed" if first > "5" else "delivered", more))
    assert found is not None
    assert found.outcome == said


# --- which e-mail of ours it is about


def test_the_id_is_that_of_the_mail_that_came_back_not_of_the_thread() -> None:
    other = MESSAGE_ID.replace(ID, "message-ffff").encode()
    raw = exchange().replace(b"In-Reply-To: " + MESSAGE_ID.encode(), b"In-Reply-To: " + other)
    assert read_bounce(raw) == SAID["exchange"]


@pytest.mark.parametrize("header", ["References", "In-Reply-To"])
def test_where_nothing_came_back_the_thread_says_it(header: str) -> None:
    nothing = postfix(returned="Subject: gone\n")
    assert read_bounce(nothing) is None
    named = f"{header}: <other@mx.example> {MESSAGE_ID}\r\n".encode() + nothing
    assert read_bounce(named) == SAID["postfix"]


def test_a_head_that_came_back_encoded_is_read() -> None:
    head = f"Subject: x\r\nMessage-ID: {MESSAGE_ID}\r\n".encode()
    begin = exim().index(b"Content-type: text/rfc822-headers")
    coded = b"Content-type: text/rfc822-headers\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(head)
    raw = exim()[:begin].replace(b"References:", b"X-Was:") + coded + b"\r\n--1772445603-eximdsn-804289383--\r\n"
    assert read_bounce(raw) == SAID["exim"]


@pytest.mark.parametrize(
    "id",
    ["<rosa@people.example>", "<other-0a1b@harbour.example>", "message-1", "<message-@h.example>", "<message-1>", ""],
)
def test_a_mail_that_is_none_of_ours_is_none_of_ours(id: str) -> None:
    assert read_bounce(postfix().replace(MESSAGE_ID.encode(), id.encode())) is None


@pytest.mark.parametrize("shape", SHAPES)
def test_no_address_comes_out(shape: str) -> None:
    said = repr(read_bounce(SHAPES[shape]))
    assert not [word for word in ("@", "rosa", "people", "harbour") if word in said]


# --- mails that are no such thing

OUT_OF_OFFICE = mail(f"""From: Rosa <{ADDRESS}>
To: hello@harbour.example
Subject: Automatic reply: I am away
Auto-Submitted: auto-replied
In-Reply-To: {MESSAGE_ID}
Content-Type: text/plain; charset=utf-8

I am away. Action: failed
Status: 5.1.1
""")
READ_RECEIPT = exim().replace(b"report-type=delivery-status", b"report-type=disposition-notification")
COMPLAINT = exim().replace(b"report-type=delivery-status", b"report-type=feedback-report")
UNNAMED = exim().replace(b" report-type=delivery-status;", b"")
MIXED = exim().replace(b"multipart/report", b"multipart/mixed")
FORWARDED = (
    b"Subject: Fwd\r\nContent-Type: multipart/mixed; boundary=outer\r\n\r\n"
    b"--outer\r\nContent-Type: message/rfc822\r\n\r\n" + postfix() + b"\r\n--outer--\r\n"
)
SPAM = mail("From: a@b.example\nSubject: Undelivered Mail Returned to Sender\n\nStatus: 5.1.1\nAction: failed\n")


@pytest.mark.parametrize(
    "raw", [OUT_OF_OFFICE, READ_RECEIPT, COMPLAINT, UNNAMED, MIXED, FORWARDED, SPAM, b"", b"\r\n\r\n", b"\x00" * 100]
)
def test_any_other_mail_is_none(raw: bytes) -> None:
    assert read_bounce(raw) is None


# --- mails made to do harm


@pytest.mark.parametrize("shape", SHAPES)
def test_a_report_cut_off_anywhere_is_what_it_was_or_none(shape: str) -> None:
    said = SAID[shape]
    for end in range(0, len(SHAPES[shape]), 7):
        found = read_bounce(SHAPES[shape][:end])
        assert found is None or (found.message_id, found.outcome) == (ID, said.outcome)
        assert found is None or str(said.status).startswith(found.status or "")


@settings(max_examples=300, deadline=None)
@given(
    shape=st.sampled_from(sorted(SHAPES)),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=40)), max_size=8),
)
def test_no_damage_makes_it_fail(shape: str, changes: list[tuple[float, int, bytes]]) -> None:
    raw = SHAPES[shape]
    for place, length, put in changes:
        at = int(place * len(raw))
        raw = raw[:at] + put + raw[at + length :]
    found = read_bounce(raw)
    assert found is None or "@" not in repr(found)


LINES = (
    *("Content-Type: multipart/report; report-type=delivery-status; boundary=x", "--x", "--x--", ""),
    *("Content-Type: message/delivery-status", "Content-Type: message/rfc822", "Action: failed", "Status: 5.1.1"),
    *(f"Message-ID: {MESSAGE_ID}", "Content-Transfer-Encoding: base64", "\t", " =?utf-8?b?//8=?=", "From x"),
    *("Content-Type: text/rfc822-headers; charset=no-such", "Content-Type: multipart/mixed", "Status: é\udcff"),
    *("Content-Type: multipart/report; report-type*=x'y'%ff; boundary*0=x", 'Content-Type: ;;;="', "Message-ID:"),
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(LINES),
        max_size=30,
    )
)
def test_no_mixture_of_its_lines_makes_it_fail(lines: list[str]) -> None:
    found = read_bounce("\n".join(lines).encode("utf-8", "surrogateescape"))
    assert found is None or (found.message_id, found.status) in ((ID, "5.1.1"), (ID, None))


@pytest.mark.parametrize("charset", ["utf-16", "no-such-charset", "x" * 500, "utf-7", "idna"])
def test_a_wrong_charset_changes_nothing(charset: str) -> None:
    raw = exim().replace(b"text/rfc822-headers", f"text/rfc822-headers; charset={charset}".encode())
    assert read_bounce(raw.replace(b"References:", b"X-Was:")) == SAID["exim"]


def test_letters_that_are_none_change_nothing() -> None:
    raw = gmail().replace(b"Subject: Delivery", b"Subject: \xff\xfe\x00").replace(b"From: Mail", b"From: \xc3\x28")
    assert read_bounce(raw.replace(b"X-Original-Message-ID", b"\xff\xfe: x\r\nX-Was")) in (SAID["gmail"], None)


def test_a_huge_mail_is_read_as_far_as_its_report() -> None:
    whole = f"Message-ID: {MESSAGE_ID}\n\n" + "x" * 70 + "\n"
    huge = postfix(returned=whole + ("y" * 76 + "\n") * 200_000)
    assert len(huge) > 15_000_000
    assert read_bounce(huge) == SAID["postfix"]
    assert read_bounce(b"X-Filler: " + b"z" * 20_000_000 + b"\r\n" + postfix()) is None


def test_nesting_without_end_is_none() -> None:
    top = "Content-Type: multipart/report; report-type=delivery-status; boundary=b0\n\n"
    parts = "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(3000))
    assert read_bounce((top + parts).encode()) is None
    letters = "--b0\n" + "Content-Type: message/rfc822\n\n" * 5000
    assert read_bounce((top + letters).encode()) is None


def test_what_would_keep_the_parser_busy_for_minutes_is_not_read() -> None:
    """A sound report but for one thing each, so that only the limit keeps it out."""
    quotes = b'multipart/report; x="' + b'";"' * 800 + b'"; report-type'
    assert read_bounce(postfix().replace(b"multipart/report; report-type", quotes)) is None
    folded = b'multipart/report; x="' + b'"\r\n ;"' * 800 + b'"; report-type'
    assert read_bounce(postfix().replace(b"multipart/report; report-type", folded)) is None
    inner = f"Message-ID: {MESSAGE_ID}\n" + "".join(f"X-{n}: boundary\n" for n in range(100))
    assert read_bounce(postfix(returned=inner)) is None
    many = b"Action: delivered\r\n\r\n" * 10_000
    flood = postfix().replace(b"Reporting-MTA", many + b"Reporting-MTA")
    found = read_bounce(flood)
    assert found is not None
    assert found.outcome == "delivered", "read as far as any report goes"

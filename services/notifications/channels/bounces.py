"""What a mail server reports of an e-mail of ours (RFC 3464), read from a mail that anybody may have sent.

So nothing in it is trusted: only our own message's id and codes come out, no address and no text, and it never fails.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from email.policy import compat32
from email.utils import collapse_rfc2231_value
from itertools import islice
from typing import Literal

Outcome = Literal["permanent", "temporary", "delivered"]

_LARGEST = 256 * 1024
"""What a report says stands at its beginning; what it quotes of our e-mail may be cut off. A technical limit."""
_MOST_PARTS = 60
_LONGEST_TYPE = 2000
_MOST_BLOCKS = 100
"""Far more than any report has. Without limits a mail could be made to take the parser minutes."""

_TYPES = re.compile(rb"^content-type:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_OURS = re.compile(r"<(message-[0-9A-Za-z]{1,64})(?:\.(agenda-[0-9a-z]{1,64}))?@[^<>@\s]+>")
_STATUS = re.compile(r"\s*([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
_IN_DIAGNOSTIC = re.compile(r"\b[245][0-9]{2}[ -]([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_CLASSES: dict[str, Outcome] = {"5": "permanent", "4": "temporary", "2": "delivered"}
_GRAVEST: tuple[Outcome, ...] = ("permanent", "temporary", "delivered")


@dataclass(frozen=True)
class Bounce:
    """What became of the e-mail of the message `message_id`, in that agenda where it was named. `status` is an enhanced
    status code (RFC 3463), where one was told. A server that `gave_up` tries no more, also where the fault was only a
    temporary one.
    """

    message_id: str
    agenda_id: str | None
    status: str | None
    outcome: Outcome
    gave_up: bool


def read_bounce(raw: bytes) -> Bounce | None:
    """The report in `raw`, the gravest of several; `None` for any mail that is none about a message of ours."""
    raw = raw[:_LARGEST].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if _is_made_to_be_slow(raw):
        return None
    try:
        return _read(message_from_bytes(raw, policy=compat32))
    except Exception:
        # The parser fails in many ways on what is not well formed, and deep nesting ends its stack.
        return None


def _is_made_to_be_slow(raw: bytes) -> bool:
    lower = raw.lower()
    parts = lower.count(b"boundary") + lower.count(b"message/")
    return parts > _MOST_PARTS or any(len(one[0]) > _LONGEST_TYPE for one in _TYPES.finditer(raw))


def _read(mail: Message) -> Bounce | None:
    kind = collapse_rfc2231_value(mail.get_param("report-type") or "")
    if mail.get_content_type() != "multipart/report" or kind.strip().lower() != "delivery-status":
        return None
    parts = _parts(mail)
    id = next(filter(None, map(_id_in_original, parts)), None) or _id_in_thread(mail)
    blocks = islice((fields for part in parts for fields in _blocks(part)), _MOST_BLOCKS)
    reports = list(filter(None, map(_report, blocks)))
    if id is None or not reports:
        return None
    outcome, status, gave_up = min(reports, key=lambda one: _GRAVEST.index(one[0]))
    return Bounce(*id, status, outcome, gave_up)


def _parts(whole: Message) -> list[Message]:
    payload = whole.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode("ascii", errors="replace") if isinstance(content, bytes) else ""


def _id_in_original(part: Message) -> tuple[str, str | None] | None:
    """The id in what comes back of our e-mail: the whole of it, or its head."""
    kind = part.get_content_type()
    if kind in ("message/rfc822", "message/global"):
        return next(filter(None, (_id(whole, "Message-ID") for whole in _parts(part))), None)
    if kind in ("text/rfc822-headers", "message/global-headers"):
        nested = _parts(part)
        return _id(nested[0] if nested else message_from_string(_text(part), policy=compat32), "Message-ID")
    return None


def _id_in_thread(mail: Message) -> tuple[str, str | None] | None:
    return _id(mail, "In-Reply-To") or _id(mail, "References")


def _id(mail: Message, header: str) -> tuple[str, str | None] | None:
    found = _OURS.search(str(mail.get(header, "")))
    return (found[1], found[2]) if found else None


def _blocks(part: Message) -> Iterator[Message]:
    """The fields about the whole mail and about each recipient."""
    if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
        return
    for block in _parts(part):
        yield block
        # The parser knows the older type; of the newer one it takes the first block for the head of a mail.
        for rest in _BLANK_LINE.split(_text(block), _MOST_BLOCKS):
            yield message_from_string(rest.strip(), policy=compat32)


def _report(fields: Message) -> tuple[Outcome, str | None, bool] | None:
    """What is said of one recipient; `None` where nothing is. What was done counts for more than a code beside it."""
    action = str(fields.get("Action", "")).partition("(")[0].strip().lower()
    status = _status(fields)
    of_status = _CLASSES[status[0]] if status else None
    if action == "delayed":
        return "temporary", status, False
    if action in ("delivered", "relayed", "expanded"):
        return "delivered", status, False
    if action == "failed":
        return "temporary" if of_status == "temporary" else "permanent", status, True
    return (of_status, status, of_status == "permanent") if of_status and "Status" in fields else None


def _status(fields: Message) -> str | None:
    found = _STATUS.match(str(fields.get("Status", "")))
    found = found or _IN_DIAGNOSTIC.search(str(fields.get("Diagnostic-Code", "")))
    return found[1] if found else None

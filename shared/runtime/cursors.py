"""Cursors of lists: where the next page begins, in letters that any address may hold."""

from base64 import b64decode, urlsafe_b64encode

from shared.contracts.commands import Rejected


def written_cursor(value: str) -> str:
    """What the page after this value is asked for by."""
    return urlsafe_b64encode(value.encode()).decode().rstrip("=")


def read_cursor(cursor: str, prefix: str) -> str:
    """The key value that stands in it. It must be of the list that is asked for. Raises `Rejected`."""
    try:
        value = b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except ValueError as fault:
        raise Rejected("cursor-invalid") from fault
    if not value.startswith(prefix):
        raise Rejected("cursor-invalid")
    return value

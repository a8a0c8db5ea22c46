"""The four errors that a caller can meet. Anything else is a bug."""

from shared.contracts.commands import Rejected

__all__ = ["Conflict", "NotFound", "Rejected", "Unavailable"]


class NotFound(Exception):
    """There is no such thing, or it is not the caller's to see. 404."""


class Conflict(Exception):
    """Somebody else changed it first, or keeps changing it. `version` is the current one, where it is known. 412."""

    def __init__(self, message: str, version: int | None = None) -> None:
        super().__init__(message)
        self.version = version


class Unavailable(Exception):
    """A part that we need does not answer now; trying again later helps. 503."""

"""The tests' side of the mail server: start it, take it away, read its log."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.parts import mail
from tests.parts.child import ChildServer
from tests.parts.server import free_port, listening
from tests.parts.wait import eventually


@dataclass(frozen=True)
class Mail:
    message_id: str | None
    sender: str
    to: tuple[str, ...]
    subject: str | None
    text: str
    raw: str


class MailServer(ChildServer):
    """`kill` and `start` keep the port and the log; `wipe` forgets the log."""

    def __init__(self, delay: float = 2) -> None:
        self.host = "127.0.0.1"
        self.port = port = free_port()
        # By path, not by module name: a dependency may bring a package called `tests` of its own.
        program = [sys.executable, "-P", str(Path(mail.__file__).resolve()), "--port", str(port), "--delay", str(delay)]
        super().__init__(
            "mail",
            f"{self.host}:{port}",
            lambda data: [*program, "--log", str(data / "mail.jsonl")],
            lambda: listening(port),
            patience=20,
        )

    def messages(self, to: str | None = None) -> list[Mail]:
        """What has been taken so far, in order; all of it, or what one recipient got."""
        file = self.data / "mail.jsonl"
        # The part after the last line end is a message still being written.
        complete = file.read_text().split("\n")[:-1] if file.exists() else []
        mails = [read(line) for line in complete]
        return [one for one in mails if to is None or to in one.to]

    async def arrived(self, count: int = 1, to: str | None = None, timeout: float = 10) -> list[Mail]:  # noqa: ASYNC109
        """The messages, once there are at least so many."""
        return await eventually(
            lambda: mails if len(mails := self.messages(to)) >= count else [],
            f"{count} mails" + (f" to {to}" if to else ""),
            timeout,
        )


def read(line: str) -> Mail:
    entry = json.loads(line)
    return Mail(entry["message_id"], entry["from"], tuple(entry["to"]), entry["subject"], entry["text"], entry["raw"])

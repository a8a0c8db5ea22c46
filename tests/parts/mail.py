"""A mail server as a process of its own, whose log is a witness that does not depend on the code under test.

`python -m tests.parts.mail --port P --log FILE` appends one JSON line for each message it takes, on disk before it
answers. A word in the local part of a recipient changes the answer:

    tempfail  refused for now (451)          slow      taken and answered after --delay seconds
    permfail  refused for good (550)         noanswer  taken and written down, but the line goes dead before the answer

It imports nothing of the project, so that it runs from anywhere.
"""

import argparse
import asyncio
import email
import email.policy
import json
import os
import signal
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Catcher:
    def __init__(self, log: Path, delay: float) -> None:
        self.log = log
        self.delay = delay

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        name = local_part(address)
        if "tempfail" in name:
            return "451 4.3.0 try again later"
        if "permfail" in name:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        names = [local_part(address) for address in envelope.rcpt_tos]
        if any("slow" in name for name in names):
            await asyncio.sleep(self.delay)
        append(self.log, entry(envelope))
        if any("noanswer" in name for name in names) and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 OK"


def local_part(address: str) -> str:
    return address.rpartition("@")[0].lower()


def entry(envelope: Envelope) -> dict[str, Any]:
    raw = envelope.original_content or b""
    message = email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    return {
        "message_id": message["Message-ID"],
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "subject": message["Subject"],
        "text": body.get_content() if body else "",
        # Surrogates stand for bytes that are no UTF-8, so that nothing of the original is lost.
        "raw": raw.decode("utf-8", "surrogateescape"),
    }


def append(log: Path, line: dict[str, Any]) -> None:
    with log.open("a", encoding="ascii") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


async def serve(port: int, log: Path, delay: float) -> None:
    catcher = Catcher(log, delay)
    loop = asyncio.get_running_loop()
    # Looking up the name of this machine takes seconds on some machines.
    server = await loop.create_server(
        lambda: SMTP(catcher, hostname="mail.test", enable_SMTPUTF8=True, loop=loop), "127.0.0.1", port
    )
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    async with server:
        await stopped.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--delay", type=float, default=2, help="seconds for a recipient that is slow")
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.log, options.delay))


if __name__ == "__main__":
    main()

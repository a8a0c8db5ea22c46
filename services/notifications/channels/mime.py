"""An e-mail in the form in which it travels: plain text, the same words as simple HTML, and dates as files."""

import html
import re
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import format_datetime, formataddr

from services.notifications.channels.port import Email, PermanentFailure

_ADDRESS = re.compile(r'^[^\s@,;:<>"()\[\]\\]+@[^\s@,;:<>"()\[\]\\]+$')
_FILE_NAMES = {"PUBLISH": "meeting.ics", "CANCEL": "cancelled.ics"}
_LINK = re.compile(r"https?://[^\s<]+")
_SHOWN = 60
"""Signs of a link that are shown: a signed one would fill a screen."""


class _InOnePiece(UnstructuredHeader, BaseHeader):
    """A header with a link or an id: on one line, since not all that read it put its pieces together."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
for _name in ("List-Unsubscribe", "Message-ID"):
    _HEADERS.map_to_type(_name, _InOnePiece)
_POLICY = default.clone(header_factory=_HEADERS)


def compose(email: Email) -> EmailMessage:
    """The message; its Message-ID depends on its ids alone. Raises `PermanentFailure` for a bad address."""
    if not _ADDRESS.match(email.to):
        raise PermanentFailure("address-malformed")
    message = EmailMessage(policy=_POLICY)
    message["From"] = formataddr((email.sender_name, email.sender_email))
    message["To"] = email.to
    message["Subject"] = " ".join(email.subject.split())
    message["Date"] = format_datetime(email.date)
    # Both ids come back in the report of a server that could not deliver it.
    local = f"{email.id}.{email.agenda_id}" if email.agenda_id else email.id
    message["Message-ID"] = f"<{local}@{email.sender_email.rpartition('@')[2]}>"
    message["Content-Language"] = email.language
    # Out-of-office answers would go to a box that nobody reads as an answer.
    message["Auto-Submitted"] = "auto-generated"
    if email.unsubscribe is not None:
        # RFC 8058: a mail program may offer a button for it, which posts the second to the first.
        message["List-Unsubscribe"] = f"<{email.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(email.text, cte="quoted-printable")
    message.add_alternative(_as_html(email), subtype="html", cte="quoted-printable")
    for file in email.calendars:
        message.add_attachment(
            file.content,
            maintype="text",
            subtype="calendar",
            params={"method": file.method, "charset": "utf-8"},
            filename=_FILE_NAMES[file.method],
        )
    return message


def _linked(link: re.Match[str]) -> str:
    whole = html.unescape(link[0])
    shown = whole if len(whole) <= _SHOWN else f"{whole[: _SHOWN - 1]}…"
    return f'<a href="{link[0]}">{html.escape(shown)}</a>'


def _as_html(email: Email) -> str:
    paragraphs = html.escape(email.text.strip()).split("\n\n")
    linked = (_LINK.sub(_linked, text) for text in paragraphs)
    body = "\n".join("<p>" + text.replace("\n", "<br>\n") + "</p>" for text in linked)
    head = f'<meta charset="utf-8"><title>{html.escape(email.subject)}</title>'
    return f'<!doctype html>\n<html lang="{email.language}">\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n'

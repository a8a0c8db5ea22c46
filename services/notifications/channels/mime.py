"""An e-mail in the form in which it travels: plain text, with the same words as simple HTML beside it."""

import html
import re
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from services.notifications.channels.port import Email, PermanentFailure

_ADDRESS = re.compile(r'^[^\s@,;:<>"()\[\]\\]+@[^\s@,;:<>"()\[\]\\]+$')
_LINK = re.compile(r"https?://[^\s<]+")


def compose(email: Email) -> EmailMessage:
    """The message; its Message-ID depends on the e-mail's id alone. Raises `PermanentFailure` for a bad address."""
    if not _ADDRESS.match(email.to):
        raise PermanentFailure("address-malformed")
    message = EmailMessage()
    message["From"] = formataddr((email.sender_name, email.sender_email))
    message["To"] = email.to
    message["Subject"] = " ".join(email.subject.split())
    message["Date"] = format_datetime(email.date)
    message["Message-ID"] = f"<{email.id}@{email.sender_email.rpartition('@')[2]}>"
    message["Content-Language"] = email.language
    # Out-of-office answers would go to a box that nobody reads as an answer.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(email.text, cte="quoted-printable")
    message.add_alternative(_as_html(email), subtype="html", cte="quoted-printable")
    return message


def _as_html(email: Email) -> str:
    paragraphs = html.escape(email.text.strip()).split("\n\n")
    linked = (_LINK.sub(lambda link: f'<a href="{link[0]}">{link[0]}</a>', text) for text in paragraphs)
    body = "\n".join("<p>" + text.replace("\n", "<br>\n") + "</p>" for text in linked)
    head = f'<meta charset="utf-8"><title>{html.escape(email.subject)}</title>'
    return f'<!doctype html>\n<html lang="{email.language}">\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n'

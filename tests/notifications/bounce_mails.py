"""Reports of mail servers, written by hand in the shape in which well-known servers make them."""

from collections.abc import Mapping

ID = "message-0a1b2c3d4e5f60718293"
MESSAGE_ID = f"<{ID}@harbour.example>"
ADDRESS = "rosa@people.example"

_ORIGINAL = f"""From: =?utf-8?q?Cl=C3=ADnica?= <hello@harbour.example>
To: {ADDRESS}
Subject: There is something new for you
Date: Mon, 02 Mar 2026 10:00:00 +0000
Message-ID: {MESSAGE_ID}
Auto-Submitted: auto-generated
MIME-Version: 1.0
"""
_WHOLE = f"""{_ORIGINAL}Content-Type: multipart/alternative; boundary="inner-1"

--inner-1
Content-Type: text/plain; charset="utf-8"

Hello Rosa
--inner-1
Content-Type: text/html; charset="utf-8"

<p>Hello Rosa</p>
--inner-1--
"""


def mail(text: str) -> bytes:
    """As it travels."""
    return text.replace("\n", "\r\n").encode()


def postfix(
    status: str = "5.1.1",
    action: str = "failed",
    diagnostic: str = "smtp; 550 5.1.1 User unknown",
    returned: str = _WHOLE,
) -> bytes:
    """Postfix: the report of each recipient after that of the mail, and the whole mail."""
    return mail(f"""Return-Path: <>
From: MAILER-DAEMON@mx.harbour.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: hello@harbour.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4F1C22E0A1.1772445603/mx.harbour.example"
Message-Id: <20260302100003.AA11@mx.harbour.example>

This is a MIME-encapsulated message.

--4F1C22E0A1.1772445603/mx.harbour.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.harbour.example.

<{ADDRESS}>: host mail.people.example said: {diagnostic}

--4F1C22E0A1.1772445603/mx.harbour.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.harbour.example
X-Postfix-Queue-ID: 4F1C22E0A1
X-Postfix-Sender: rfc822; hello@harbour.example
Arrival-Date: Mon,  2 Mar 2026 10:00:01 +0000 (UTC)

Final-Recipient: rfc822; {ADDRESS}
Original-Recipient: rfc822;{ADDRESS}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.people.example
Diagnostic-Code: {diagnostic}

--4F1C22E0A1.1772445603/mx.harbour.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

{returned}
--4F1C22E0A1.1772445603/mx.harbour.example--
""")


def exim() -> bytes:
    """Exim: the head of the mail alone, and the id also in References."""
    return mail(f"""X-Failed-Recipients: {ADDRESS}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mail.people.example>
To: hello@harbour.example
References: {MESSAGE_ID}
Content-Type: multipart/report; report-type=delivery-status; boundary=1772445603-eximdsn-804289383
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1vx-0001-AA@mail.people.example>

--1772445603-eximdsn-804289383
Content-type: text/plain; charset=us-ascii

A message that you sent could not be delivered to one or more of its recipients.

--1772445603-eximdsn-804289383
Content-type: message/delivery-status

Reporting-MTA: dns; mail.people.example

Action: failed
Final-Recipient: rfc822;{ADDRESS}
Status: 5.0.0
Diagnostic-Code: smtp; 552 5.2.2 Mailbox full

--1772445603-eximdsn-804289383
Content-type: text/rfc822-headers

{_ORIGINAL}
--1772445603-eximdsn-804289383--
""")


def exchange() -> bytes:
    """Exchange: HTML for people beside plain text, and the id in In-Reply-To as well."""
    return mail(f"""From: <postmaster@people.example>
To: <hello@harbour.example>
Subject: Undeliverable: There is something new for you
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="c4a6_="
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-GB
In-Reply-To: {MESSAGE_ID}
References: {MESSAGE_ID}
MIME-Version: 1.0

--c4a6_=
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="d1_="

--d1_=
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

mail.people.example rejected your message to the following email addresses:

--d1_=
Content-Type: text/html; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

<p>Your message wasn't delivered.</p>

--d1_=--

--c4a6_=
Content-Type: message/delivery-status

Reporting-MTA: dns;PEOPLE1.people.example
Received-From-MTA: dns;mx.harbour.example
Arrival-Date: Mon, 2 Mar 2026 10:00:02 +0000

Final-Recipient: rfc822;{ADDRESS}
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found
X-Display-Name: Rosa Delgado

--c4a6_=
Content-Type: message/rfc822

Received: from mx.harbour.example by PEOPLE1.people.example
{_WHOLE}
--c4a6_=--
""")


def gmail() -> bytes:
    """Gmail: a picture beside the text, and a report of a delay."""
    return mail(f"""From: Mail Delivery Subsystem <mailer-daemon@gmail.example>
To: hello@harbour.example
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Delay)
References: {MESSAGE_ID}
In-Reply-To: {MESSAGE_ID}
Message-ID: <69a5.050a@mx.gmail.example>
Content-Type: multipart/report; boundary="0000000000004d"; report-type=delivery-status

--0000000000004d
Content-Type: multipart/related; boundary="0000000000004e"

--0000000000004e
Content-Type: multipart/alternative; boundary="0000000000004f"

--0000000000004f
Content-Type: text/plain; charset="UTF-8"

** Delivery incomplete **

--0000000000004f--
--0000000000004e
Content-Type: image/png; name="icon.png"
Content-Transfer-Encoding: base64
Content-ID: <icon.png>

iVBORw0KGgo=
--0000000000004e--
--0000000000004d
Content-Type: message/delivery-status

Reporting-MTA: dns; gmail.example
Received-From-MTA: dns; hello@harbour.example
Arrival-Date: Mon, 02 Mar 2026 02:00:02 -0800 (PST)
X-Original-Message-ID: {MESSAGE_ID}

Final-Recipient: rfc822; {ADDRESS}
Action: delayed
Status: 4.4.1
Diagnostic-Code: smtp; The recipient server did not accept our requests to connect.
Last-Attempt-Date: Mon, 02 Mar 2026 14:00:02 -0800 (PST)
Will-Retry-Until: Thu, 05 Mar 2026 02:00:02 -0800 (PST)

--0000000000004d
Content-Type: message/rfc822

{_WHOLE}
--0000000000004d--
""")


def internationalised() -> bytes:
    """The newer types for addresses with other letters (RFC 6533)."""
    return mail(f"""From: MAILER-DAEMON@mx.harbour.example
To: hello@harbour.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type="delivery-status"; boundary=b1

--b1
Content-Type: text/plain; charset=utf-8

No se pudo entregar a josé@people.example.

--b1
Content-Type: message/global-delivery-status
Content-Transfer-Encoding: 8bit

Reporting-MTA: dns; mx.harbour.example

Final-Recipient: utf-8; josé@people.example
Action: failed
Status: 5.6.7 (no such letters)

--b1
Content-Type: message/global-headers
Content-Transfer-Encoding: 8bit

{_ORIGINAL}
--b1--
""")


SHAPES: Mapping[str, bytes] = {
    "postfix": postfix(),
    "exim": exim(),
    "exchange": exchange(),
    "gmail": gmail(),
    "internationalised": internationalised(),
}

"""Builds the environment in which pages are made. Everything is escaped unless a template says otherwise; none does."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.portal.assets import ADDRESSES

_HERE = Path(__file__).parent
_NAVIGATION = {
    "patient": (
        ("/", "next"),
        ("/programme", "programme"),
        ("/practice", "practice"),
        ("/plan", "plan"),
        ("/progress", "progress"),
        ("/inbox", "inbox"),
        ("/privacy", "privacy"),
    ),
    "caregiver": (("/", "home"), ("/for-you", "for_you"), ("/inbox", "inbox")),
    "referrer": (("/", "referrals"), ("/patients", "patients"), ("/inbox", "inbox")),
    "psychology": (("/", "work"), ("/places", "places"), ("/triage-rules", "rules"), ("/inbox", "inbox")),
    "operator": (("/", "system"), ("/inbox", "inbox")),
}


def environment() -> Environment:
    """Templates, with the few filters that they need."""
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["blocks"] = blocks
    made.filters["score"] = score
    made.filters["place"] = place
    made.filters["web"] = web
    made.filters["host"] = host
    made.filters["dial"] = dial
    made.globals["navigation"] = _NAVIGATION
    made.globals["assets"] = ADDRESSES
    return made


def blocks(text: str) -> list[tuple[str, list[str]]]:
    """Paragraphs and lists of a text: blank lines part them, and lines of a list begin with "- "."""
    found = []
    for block in filter(None, (part.strip() for part in text.split("\n\n"))):
        lines = block.splitlines()
        if all(line.startswith("- ") for line in lines):
            found.append(("list", [line[2:] for line in lines]))
        else:
            found.append(("text", lines))
    return found


_ADDRESSES = {
    "referral": "/referrals/{}",
    "advice": "/advice/{}",
    "episode": "/episodes/{}",
    "risk": "/alerts/{}",
    "patient": "/patients/{}",
    "group": "/groups/{}",
    "resource": "/resources/{}",
    "caregiver": "/caregivers/{}",
    "glass": "/opened-in-need",
}
_PLACE = re.compile(rf"^(?P<words>[^:]{{1,40}}): (?P<id>(?P<kind>{'|'.join(_ADDRESSES)})-[0-9A-Za-z]+)$")


def place(line: str) -> tuple[str, str] | None:
    """What a line such as `Referral: referral-7f3a` leads to: its words, and an address instead of an id. For
    a patient that is their page, and after `Plan:` their plan.
    """
    found = _PLACE.match(line)
    if found is None:
        return None
    page = "/plan" if (found["kind"], found["words"]) == ("patient", "Plan") else ""
    return found["words"], _ADDRESSES[found["kind"]].format(found["id"]) + page


def web(link: str | None) -> str | None:
    """An address of the web, or nothing: whatever else a service should ever let through gets into no link."""
    return link if link and link.startswith(("https://", "http://")) else None


def is_ours(path: str) -> bool:
    """Whether a path stays on this host: `//elsewhere` and `/\\elsewhere` lead away."""
    return path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable()


def host(link: str) -> str:
    """Where an address leads, as people know it: walks.example."""
    return (urlsplit(link).hostname or "").removeprefix("www.")


def dial(phone: str) -> str:
    """What a telephone dials of a number as people write it."""
    return "".join(sign for sign in phone if sign.isascii() and (sign.isdigit() or sign == "+"))


def score(value: float) -> str:
    """A score without needless digits: 7, 6.3."""
    return f"{value:.1f}".removesuffix(".0")

"""Writes the table of who may see or do what as a page for people: `python -m deploy.access --write`."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from shared.policy.standings import STANDINGS
from shared.policy.table import INTERVENTIONS, NOTIFICATIONS, REFERRALS

PAGE = Path(__file__).parents[1] / "docs" / "access.md"
_HEAD = """# Who may see or do what

Made by `python -m deploy.access --write` from `shared/policy/table.py`, by which the services decide; a test keeps
the two the same.

A request passes three doors, and each is closed unless it is opened:

1. **Who it is.** The portal vouches for people, a service for itself ([operating](operating.md#sign-in)). Else 401.
2. **The role.** Each route names the roles that may knock (`allow(...)`); a service with a route that names none does
   not start. Else 403.
3. **The relationship.** How somebody stands to this one thing, by the table below. Whoever stands in none of "may", or
   in one of "never", is answered as if it did not exist: 404. "Never" beats "may".

Which step of a referral or question is possible now, and by whom, is a fourth: the state machines of
`services/referrals/domain`, shown in [the pathway](pathway.md).
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_standings(), *_rights()]) + "\n"


def _standings() -> Iterator[str]:
    yield "## How somebody can stand to a thing\n"
    yield "| Standing | Who that is |\n|---|---|"
    yield from (f"| {name} | {what} |" for name, what in STANDINGS.items())


def _rights() -> Iterator[str]:
    for service, table in (
        ("Referrals", REFERRALS),
        ("Interventions", INTERVENTIONS),
        ("Notifications", NOTIFICATIONS),
    ):
        yield f"\n## {service}\n"
        yield "| Right | What it is | May | Never |\n|---|---|---|---|"
        for name, one in table.items():
            may, never = (", ".join(sorted(names)) for names in (one.may, one.never))
            yield f"| `{name}` | {one.what} | {may} | {never} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/access.md")
    if parser.parse_args().write:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())


if __name__ == "__main__":
    main()

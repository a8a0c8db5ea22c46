"""Prints a token for an operator of the clinic, for the routes under /operations. It lasts ten minutes.

Run it where the settings of the portal are, which alone says who a person is:
`docker compose exec portal python -m deploy.compose.token <id>`.
"""

import argparse
import os
import sys
from datetime import UTC, datetime, timedelta

from services.portal.settings import load_portal_settings
from shared.contracts.clinic import Clinic
from shared.runtime.auth import User, issue
from shared.runtime.settings import SettingsFault

_LASTS = timedelta(minutes=10)


def operator_token(clinic: Clinic, secret: str, id: str, now: datetime) -> str:
    """Raises `ValueError` unless the clinic's file names `id` as an operator: every action is on record under it."""
    operators = [member.id for member in clinic.staff if member.role == "operator"]
    if id not in operators:
        raise ValueError(f"{id} is no operator of this clinic; operators are: {', '.join(operators) or 'none'}")
    return issue(secret, User(id, "operator"), now, _LASTS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("id", help="the operator's id in the clinic's file")
    try:
        settings = load_portal_settings(os.environ)
        print(operator_token(settings.clinic, settings.token_secret, parser.parse_args().id, datetime.now(UTC)))
    except (SettingsFault, ValueError) as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()

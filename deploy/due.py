"""Lists whom the clinic's rule says need not be kept any longer. It erases nobody: an operator does, one by one.

Run it where the settings of a service are, `docker compose exec referrals python -m deploy.due`, or over the embedded
system while it runs, with `--folder var/demo`. `keep_years` in the clinic's file says how many years after the end.
"""

import argparse
import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from deploy.erase import CannotErase, Place, hindrances, of_folder, of_settings
from shared.runtime.erasures import ErasureListFault
from shared.runtime.settings import SettingsFault


async def due(place: Place) -> list[tuple[str, datetime]]:
    """Ids of patients, with the day of the last thing that their record or a referral knows, the oldest first.

    Nothing of theirs is open and no hold stands. Raises `CannotErase` where there is no rule, or no answer.
    """
    years = place.clinic.keep_years
    if years is None:
        raise CannotErase("the clinic's file has no keep_years, so nobody is ever due; set it to a number of years")
    now = place.clock.now()
    kept = {*place.erasures.people(), *place.erasures.held()}
    found = []
    async with httpx.AsyncClient(timeout=30.0, trust_env=False) as client:
        for patient in await _get(client, place, "/patients"):
            if patient["id"] in kept:
                continue
            last = await _last(client, place, patient["id"])
            if _years_after(last, years) <= now and not await hindrances(place, patient["id"]):
                found.append((patient["id"], last))
    return sorted(found, key=lambda one: one[1])


async def _last(client: httpx.AsyncClient, place: Place, patient: str) -> datetime:
    """When anything was last said of the person's record or of one of their referrals."""
    rows = await _get(client, place, f"/patients/{quote(patient, safe='')}/referrals")
    times = [await _newest(client, place, subject) for subject in (patient, *(row["id"] for row in rows))]
    return max(times)


async def _newest(client: httpx.AsyncClient, place: Place, subject: str) -> datetime:
    heads = await _get(client, place, f"/heads?subject={quote(subject, safe='')}")
    above = max(heads["heads"][subject] - 1, 0)
    events = await _get(client, place, f"/ledger/{quote(subject, safe='')}?above={above}")
    return datetime.fromisoformat(events["events"][-1]["time"])


async def _get(client: httpx.AsyncClient, place: Place, path: str) -> Any:
    address = place.services["referrals"]
    try:
        answer = await client.get(f"{address}{path}", headers={"Authorization": f"Bearer {place.token()}"})
        answer.raise_for_status()
    except httpx.HTTPError as fault:
        raise CannotErase(f"referrals does not answer at {address} ({type(fault).__name__}); start it") from fault
    return answer.json()


def _years_after(moment: datetime, years: int) -> datetime:
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        # The 29th of February.
        return moment.replace(year=moment.year + years, month=3, day=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="the data of the embedded system")
    parser.add_argument("--port", type=int, default=8080, help="with --folder: where its portal is")
    parser.add_argument(
        "--clinic", type=Path, default=Path("deploy/clinic.yaml"), help="with --folder: its clinic's file"
    )
    asked = parser.parse_args()
    try:
        place = of_settings() if asked.folder is None else of_folder(asked.folder, asked.port, asked.clinic)
        found = asyncio.run(due(place))
        print("\n".join(f"{person}  last heard of on {last:%Y-%m-%d}" for person, last in found) or "Nobody is due.")
    except (CannotErase, ErasureListFault, SettingsFault, OSError, ValueError) as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()

"""Erases one person for good, and sets or releases a hold that forbids it. docs/operating.md says when and how.

Run it where the settings of a service are, `docker compose exec referrals python -m deploy.erase PERSON ...`; or with
`--folder var/demo` over the data of the embedded system while it runs. Without `--reason` it only looks.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx

from services.notifications.agendas import agenda_id
from services.referrals.domain.referral.standings import OPEN
from shared.contracts.clinic import Clinic
from shared.runtime.auth import service_token
from shared.runtime.clock import Clock, SystemClock
from shared.runtime.erasures import IN_FOLDER, ErasureList, ErasureListFault, Held
from shared.runtime.errors import Unavailable
from shared.runtime.master_keys import IN_FOLDER as KEYS_IN_FOLDER
from shared.runtime.master_keys import MasterKeys, read_master_keys
from shared.runtime.service import open_store
from shared.runtime.settings import SettingsFault, load_clinic, load_settings
from shared.runtime.vault import Vault

REASONS = ("asked", "kept_long_enough", "entered_in_error")
HOLDS = ("court", "complaint", "duty_to_keep")
IDENTITY = ("in_person", "papers", "signed_in", "not_needed")
"""How it is known that it is this person who asks. `not_needed`: nobody asked, the time to keep it is over."""


class CannotErase(Exception):
    """Nothing was erased. The message says why, and what to do."""


@dataclass(frozen=True)
class Place:
    """The system that somebody is erased from."""

    services: dict[str, str]
    token: Callable[[], str]
    clinic: Clinic
    store: str
    vault: str
    master: MasterKeys
    erasures: ErasureList
    mail: Path
    clock: Clock


@dataclass(frozen=True)
class Order:
    """What an operator orders. `told`: the person knows, for afterwards nobody has their address."""

    person: str
    by: str
    reason: str
    identity: str
    told: bool


async def hindrances(place: Place, person: str) -> list[str]:
    """What must be ended first, each with what to do. Raises `CannotErase` where a service does not answer."""
    found = []
    if person in place.erasures.held():
        found.append("a hold stands; who set it must release it (--release)")
    async with httpx.AsyncClient(timeout=30.0, trust_env=False) as client:

        async def ask(service: str, path: str) -> list[dict[str, str]]:
            return await _ask(client, place, service, path)

        for row in await ask("referrals", f"/patients/{quote(person, safe='')}/referrals"):
            if row["status"] in OPEN:
                found.append(f"referral {row['number'] or row['id']} is open ({row['status']}); end it first")
        for status in ("active", "planned"):
            for row in await ask("interventions", f"/episodes?list={status}"):
                if row["patient_id"] == person:
                    found.append(f"treatment {row['id']} is {status}; end it first")
        for status in ("open", "acknowledged", "assessed"):
            for row in await ask("interventions", f"/risk-alerts?list={status}"):
                if row["patient_id"] == person:
                    found.append(f"risk alert {row['id']} is {status}; psychology must close it first")
        for row in await ask("interventions", f"/circle-members?patient_id={quote(person, safe='')}"):
            if row["status"] in ("joined", "invited"):
                found.append(f"they are in the circle {row['circle_name']}; they leave it first")
    return found


async def _ask(client: httpx.AsyncClient, place: Place, service: str, path: str) -> list[dict[str, str]]:
    address = place.services.get(service)
    if address is None:
        raise CannotErase(f"no address is set for {service}; add it to CAREPATH_SERVICES")
    try:
        answer = await client.get(f"{address}{path}", headers={"Authorization": f"Bearer {place.token()}"})
    except httpx.HTTPError as fault:
        raise CannotErase(
            f"{service} does not answer at {address} ({type(fault).__name__}), so nobody knows what is open; start it"
        ) from fault
    if answer.status_code == httpx.codes.NOT_FOUND:
        # A caregiver has no record there.
        return []
    if answer.is_error:
        raise CannotErase(f"{service} answered {answer.status_code}; its log says why. Nothing was erased")
    rows: list[dict[str, str]] = answer.json()
    return rows


async def erase(place: Place, order: Order) -> str:
    """Destroy the person's key, after a last look. What there is to say. Raises `CannotErase`, `Unavailable`."""
    _check(place.clinic, order)
    if order.reason == "asked" and order.identity == "not_needed":
        raise CannotErase("say how you know that it is this person who asks: --identity in_person, papers or signed_in")
    if not order.told:
        raise CannotErase("tell the person first, since afterwards nobody has their address; then add --told")
    if found := await hindrances(place, order.person):
        raise CannotErase("not yet:\n" + "\n".join(f"  - {one}" for one in found))
    store = open_store(place.vault, "vault")
    await store.engine.open([])
    try:
        vault = Vault(store.keys, place.master, place.clock, erasures=place.erasures)
        if not await vault.knows(order.person):
            raise CannotErase(f"nothing personal is kept about {order.person}; is the id right, was this done before?")
        await vault.erase(order.person, reason=f"{order.reason}:{order.identity}", by=order.by)
    except Held as held:
        raise CannotErase("a hold stands; who set it must release it (--release)") from held
    finally:
        await store.engine.close()
    files = await _clear_mail(place, order.person)
    return (
        f"{order.person} is erased. Processes that run forget the key within 30 seconds. {files} files of messages "
        "that were kept here are gone too. Old backups of the vault hold the key still: destroy them, or restore them "
        "only with the list of erasures in place."
    )


def hold(place: Place, person: str, by: str, reason: str, release: bool) -> str:
    """Set a hold, or release it. What there is to say. Raises `CannotErase`, `OSError`."""
    _check(place.clinic, Order(person, by, reason, "not_needed", True))
    if person in place.erasures.people():
        raise CannotErase(f"{person} was erased before; nothing is left to hold")
    if (person in place.erasures.held()) != release:
        raise CannotErase(f"no hold stands for {person}" if release else f"a hold stands for {person} already")
    place.erasures.add(person, place.clock.now(), "released" if release else "held", reason=reason, by=by)
    return f"{person} {'may be erased again' if release else 'cannot be erased until the hold is released'}"


def _check(clinic: Clinic, order: Order) -> None:
    operators = [member.id for member in clinic.staff if member.role == "operator"]
    if order.by not in operators:
        known = ", ".join(operators) or "none"
        raise CannotErase(f"{order.by or 'nobody'} is no operator of this clinic; --by one of: {known}")


async def _clear_mail(place: Place, person: str) -> int:
    """Where no mail server is set, messages lie in a folder as they would have gone. Theirs go, by the ids of these."""
    if not place.mail.is_dir():
        return 0
    store = open_store(place.store, "notifications")
    await store.engine.open([])
    try:
        document = await store.documents.load("agenda", agenda_id(person))
    finally:
        await store.engine.close()
    messages = document.state.get("messages", {}) if document is not None else {}
    return _remove(place.mail, set(messages))


def _remove(folder: Path, messages: set[str]) -> int:
    theirs = [file for file in folder.iterdir() if file.name.lstrip(".").partition(".")[0] in messages]
    for file in theirs:
        file.unlink()
    return len(theirs)


def of_settings() -> Place:
    """The system of which this process has the settings. Raises `SettingsFault`, `CannotErase`."""
    s = load_settings()
    if s.erasure_list is None:
        raise CannotErase("CAREPATH_ERASURE_LIST is not set; name a file on a disk that is not the vault's")
    clock = SystemClock()
    return Place(
        services=dict(s.services),
        token=service_token(s.token_secret, "erasure", clock.now),
        clinic=s.clinic,
        store=s.store,
        vault=s.vault,
        master=MasterKeys([s.master_key, *s.earlier_master_keys], s.master_key_file),
        erasures=ErasureList(s.erasure_list),
        mail=s.mail_folder,
        clock=clock,
    )


def of_folder(folder: Path, port: int, clinic: Path, clock: Clock | None = None) -> Place:
    """The embedded system over `folder`, whose portal is at `port` and whose services take the next three."""
    from deploy.embedded import PORTS, Secrets

    if not (folder / "secrets.json").exists():
        raise CannotErase(f"{folder} is no folder of a system that was started once")
    secrets, clock = Secrets.of(folder), clock or SystemClock()
    return Place(
        services={name: f"http://127.0.0.1:{port + number}" for number, name in enumerate(PORTS)},
        token=service_token(secrets.token_secret, "erasure", clock.now),
        clinic=load_clinic(clinic),
        store=f"sqlite:{folder}",
        vault=f"sqlite:{folder}",
        master=MasterKeys(read_master_keys((folder / KEYS_IN_FOLDER).read_text("utf-8")), folder / KEYS_IN_FOLDER),
        erasures=ErasureList(folder / IN_FOLDER),
        mail=folder / "mail",
        clock=clock,
    )


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("person", help="the patient's or caregiver's id")
    parser.add_argument("--by", default="", help="your id as an operator in the clinic's file; it stays on the list")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--reason", choices=REASONS, help="erase, and why")
    what.add_argument("--hold", choices=HOLDS, help="forbid it, and why")
    what.add_argument("--release", choices=HOLDS, help="allow it again: the reason of the hold that is over")
    parser.add_argument("--identity", choices=IDENTITY, default="not_needed", help="how the person is known")
    parser.add_argument("--told", action="store_true", help="the person was told")
    parser.add_argument("--folder", type=Path, help="the data of the embedded system")
    parser.add_argument("--port", type=int, default=8080, help="with --folder: where its portal is")
    parser.add_argument(
        "--clinic", type=Path, default=Path("deploy/clinic.yaml"), help="with --folder: its clinic's file"
    )
    return parser.parse_args()


def main() -> None:
    asked = _asked()
    try:
        place = of_settings() if asked.folder is None else of_folder(asked.folder, asked.port, asked.clinic)
        if asked.hold or asked.release:
            print(hold(place, asked.person, asked.by, asked.hold or asked.release, asked.release is not None))
        elif asked.reason:
            order = Order(asked.person, asked.by, asked.reason, asked.identity, asked.told)
            print(asyncio.run(erase(place, order)))
        else:
            found = asyncio.run(hindrances(place, asked.person))
            print("\n".join(["Nothing was changed.", *found]) if found else "Nothing was changed; nothing is open.")
    except (CannotErase, ErasureListFault, SettingsFault, Unavailable, OSError, ValueError) as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()

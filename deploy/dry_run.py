"""`make dry-run RULES=file`: what other triage rules would have recommended for the referrals of a running system.

It asks the referrals service in the name of somebody from psychology, by a token that it signs with the clinic's own
secret, and prints what that answers. Nothing is kept or changed.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from services.referrals.domain.triage.dry_run import Change, DryRun
from services.referrals.domain.triage.recommend import explain
from shared.contracts.referrals import Recommendation
from shared.contracts.triage import RuleSet
from shared.runtime.auth import User, issue
from shared.runtime.settings import SettingsFault, load_clinic, load_rules

_PORTAL = "http://127.0.0.1:8080"
_SECRET = Path("var/demo/secrets.json")
_WHERE = "write SECRET=var/demo/secrets.json for the demo, SECRET=deploy/compose/secrets/token_secret.txt for a clinic"
_COUNTS = (
    ("same", "stay the same"),
    ("more_intensive", "more intensive"),
    ("less_intensive", "less intensive"),
    ("sooner", "sooner"),
    ("later", "later"),
    ("newly_consult", "a person must look now"),
    ("no_longer_consult", "a step in place of a person's look"),
    ("unrecorded", "had no recommendation to compare with"),
)


class CannotTry(Exception):
    """There is nothing to try the rules on. The message says what to do."""


def token(secret: Path, clinic: Path, now: datetime) -> str:
    """A token of somebody from psychology, signed as the portal signs them. Raises `CannotTry` and `SettingsFault`."""
    try:
        text = secret.read_text(encoding="utf-8").strip()
        signs = str(json.loads(text)["token_secret"]) if secret.suffix == ".json" else text
    except (OSError, ValueError, KeyError) as fault:
        raise CannotTry(f"{secret} holds no secret to sign with ({type(fault).__name__}); {_WHERE}") from fault
    member = next((one for one in load_clinic(clinic).staff if one.role == "psychology"), None)
    if member is None:
        raise CannotTry(f"{clinic}, staff: names nobody from psychology; add somebody")
    return issue(signs, User(member.id, member.role), now, timedelta(minutes=5))


def ask(referrals: str, session: str, rules: RuleSet) -> DryRun:
    """What the referrals service answers. Raises `CannotTry`."""
    answer = httpx.post(
        f"{referrals}/triage/dry-run",
        content=rules.model_dump_json(),
        headers={"Authorization": f"Bearer {session}", "Content-Type": "application/json"},
        timeout=120.0,
        trust_env=False,
    )
    if answer.status_code != 200:
        raise CannotTry(
            f"{referrals} answered {answer.status_code}: {answer.text[:300]}; is the referrals service there?"
        )
    return DryRun.model_validate_json(answer.content)


def lines(rules: RuleSet, result: DryRun) -> Iterator[str]:
    """The result for a clinician to read: the counts, then each referral that would change."""
    yield f"Rules of version {rules.version} on {result.cases} referrals that triage has decided:"
    yield ""
    for name, words in _COUNTS:
        yield f"  {getattr(result, name):5}  {words}"
    if result.not_reproduced:
        yield ""
        yield f"Version {rules.version} once said something else for: {', '.join(result.not_reproduced)}."
        yield "So the rules were edited and the version was not raised. Please raise it."
    for change in result.changes:
        yield ""
        yield from _change(rules, change)


def _change(rules: RuleSet, change: Change) -> Iterator[str]:
    step = f" at step {change.decided_step}" if change.decided_step is not None else ""
    yield f"{change.referral_id}, {change.outcome}{step} on {change.decided_at:%Y-%m-%d}"
    yield f"  then: {_said(change.before)} ({', '.join(change.before.reasons) or 'no rule'})"
    yield f"  now:  {_said(change.after)} ({', '.join(change.after.reasons) or 'no rule'})"
    for sentence in explain(rules, change.after, "en"):
        yield f"        - {sentence}"


def _said(recommendation: Recommendation) -> str:
    step = "a person must look" if recommendation.step is None else f"step {recommendation.step}"
    return step if recommendation.urgency is None else f"{step}, {recommendation.urgency.replace('_', ' ')}"


def _beside(portal: str) -> str:
    """Where the referrals service is when nobody says so: on the port after the portal's, as the demo has it."""
    place = urlsplit(portal)
    if place.scheme not in ("http", "https"):
        raise CannotTry(f"{portal} is no address; write one such as BASE_URL={_PORTAL}")
    if place.port is None:
        raise CannotTry(f"say where the referrals service is: REFERRALS=http://... beside BASE_URL={portal}")
    return f"{place.scheme}://{place.hostname}:{place.port + 1}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rules", help="the file of rules, such as deploy/triage/rules-1.yaml")
    parser.add_argument("--base-url", default=_PORTAL, help=f"address of the running portal ({_PORTAL})")
    parser.add_argument("--secret", type=Path, default=_SECRET, help=f"file of what signs tokens ({_SECRET})")
    parser.add_argument("--clinic", type=Path, default=Path("deploy/clinic.yaml"), help="the clinic's file")
    parser.add_argument("--referrals", help="address of the referrals service (the port after the portal's)")
    given = parser.parse_args()
    if not given.rules:
        sys.exit("say which rules to try: make dry-run RULES=deploy/triage/rules-1.yaml")
    try:
        rules = load_rules(Path(given.rules))
        portal = given.base_url.rstrip("/")
        referrals = (given.referrals or _beside(portal)).rstrip("/")
        result = ask(referrals, token(given.secret, given.clinic, datetime.now(UTC)), rules)
    except SettingsFault as fault:
        sys.exit("These rules cannot be tried:\n" + "\n".join(f"  - {one}" for one in fault.faults))
    except CannotTry as fault:
        sys.exit(str(fault))
    except httpx.HTTPError as fault:
        sys.exit(f"{fault.request.url} does not answer ({type(fault).__name__}); is it running? See docs/operating.md")
    print("\n".join(lines(rules, result)))


if __name__ == "__main__":
    main()

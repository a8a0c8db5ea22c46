"""`make dry-run RULES=file`: what other triage rules would have recommended for the referrals of a running system.

It signs in by the portal's development sign-in as somebody from psychology, sends the rules to the referrals service
and prints what it answers. Nothing is kept or changed.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from deploy.visitor import Visitor
from services.referrals.domain.triage.dry_run import Change, DryRun
from services.referrals.domain.triage.recommend import explain
from shared.contracts.referrals import Recommendation
from shared.contracts.triage import RuleSet
from shared.runtime.settings import SettingsFault, load_rules

_PORTAL = "http://127.0.0.1:8080"
_COOKIES = ("carepath", "__Host-carepath")
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


def token(portal: str) -> str:
    """A session of somebody from psychology, from the development sign-in. Raises `CannotTry`."""
    browser = Visitor(portal)
    page = browser.get("/sign-in")
    forms = [form for form in page.forms if form.values.get("person", [""])[0].startswith("psychology:")]
    if not forms:
        raise CannotTry(f"{portal} has no development sign-in for psychology; start it with that switched on")
    browser.submit(forms[0])
    found = next((value for name in _COOKIES if (value := browser.client.cookies.get(name))), None)
    if found is None:
        raise CannotTry(f"{portal} signed nobody in; does its development sign-in work?")
    return found


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
    parser.add_argument("--referrals", help="address of the referrals service (the port after the portal's)")
    given = parser.parse_args()
    if not given.rules:
        sys.exit("say which rules to try: make dry-run RULES=deploy/triage/rules-1.yaml")
    try:
        rules = load_rules(Path(given.rules))
        portal = given.base_url.rstrip("/")
        referrals = (given.referrals or _beside(portal)).rstrip("/")
        result = ask(referrals, token(portal), rules)
    except SettingsFault as fault:
        sys.exit("These rules cannot be tried:\n" + "\n".join(f"  - {one}" for one in fault.faults))
    except CannotTry as fault:
        sys.exit(str(fault))
    except httpx.HTTPError as fault:
        sys.exit(f"{fault.request.url} does not answer ({type(fault).__name__}); is it running? See docs/operating.md")
    print("\n".join(lines(rules, result)))


if __name__ == "__main__":
    main()

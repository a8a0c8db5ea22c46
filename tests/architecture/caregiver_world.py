"""Two patients with something of everything, and somebody whom they trust in each of the ways there are."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import yaml

from deploy.visitor import PageSeen, Visitor
from shared.runtime.auth import User, issue
from tests.architecture.caregiver_routes import SCOPES, Way
from tests.portal import circle_story
from tests.portal import sharing_story as sharing
from tests.portal.acting import act, read
from tests.portal.api import OKAFOR
from tests.portal.running import Running, running
from tests.portal.story import REFERRER, register, visitor

OTHER_TEAM = "psy-elsewhere"
POST = "zebra-post-4716"
WRITTEN = (sharing.GOAL, sharing.OWN_STEP, sharing.TEAM_STEP, sharing.REASON, sharing.TREATED_GOAL, POST)
"""What was written by or about the patients."""
IDS = {
    "referral": "referral_id",
    "episode": "episode_id",
    "series": "series_id",
    "check-in": "check_in_id",
    "circle": "circle_id",
    "circle-member": "member_id",
    "circle-post": "post_id",
}
"""What paths call the id of each kind."""


@dataclass(frozen=True)
class Standing:
    """How somebody stands to a patient: what is open to them, or that they reach nothing at all."""

    name: str
    open: frozenset[str] = frozenset()
    denied: bool = False

    def __str__(self) -> str:
        return self.name


ALL = frozenset(SCOPES)
STANDINGS = (
    Standing("nothing open"),
    *(Standing(f"only {scope}", frozenset({scope})) for scope in SCOPES),
    *(Standing(f"all but {scope}", ALL - {scope}) for scope in SCOPES),
    Standing("everything open", ALL),
    Standing("less than another", frozenset({"news"})),
    Standing("all ended yesterday"),
    Standing("all closed again"),
    Standing("not answered", denied=True),
    Standing("said no", denied=True),
    Standing("left", denied=True),
    Standing("no longer named", denied=True),
    Standing("consent withdrawn", denied=True),
    Standing("another's", denied=True),
)


def standing(name: str) -> Standing:
    """The one of that name."""
    return next(one for one in STANDINGS if one.name == name)


@dataclass
class World:
    """`treated` has news, progress, a plan, scores and a circle; `met` has a first meeting.

    `ids` are of what belongs to the treated person, by the name that paths give it.
    """

    system: Running
    treated: str
    met: str
    ids: Mapping[str, str]
    signed_in: dict[str, Visitor] = field(default_factory=dict)
    client: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False))
    _count: int = 0

    @contextmanager
    def trusting(self, patient: str, how: Standing) -> Iterator[User]:
        """Somebody who stands so to the patient, as long as the test lasts."""
        self._count += 1
        known = f"trusted{self._count}@people.example"
        if how.name == "another's":
            stranger = register(visitor(self.system, REFERRER))
            luis = self._takes_part(stranger, known)
            sharing.opens(self.system, stranger, luis, *SCOPES)
            self.signed_in[luis.id] = visitor(self.system, f"caregiver:{luis.id}")
            yield luis
            return
        luis = sharing.named(self.system, patient, known)
        self.signed_in[luis.id] = visitor(self.system, f"caregiver:{luis.id}")
        try:
            self._arrange(patient, how, luis)
            yield luis
        finally:
            act(self.system, OKAFOR, f"/patients/{patient}/consents", scope="caregiver", granted=True)
            for one in read(self.system, OKAFOR, f"/patients/{patient}")["caregivers"]:
                sharing.forgets(self.system, patient, User(one["caregiver_id"], "caregiver"))

    def _arrange(self, patient: str, how: Standing, luis: User) -> None:
        """Let it come to stand so."""
        system = self.system
        if how.name == "not answered":
            return
        sharing.takes_part(system, patient, luis, accept=how.name != "said no")
        if how.name == "said no":
            return
        until = system.clock.now().date().isoformat() if how.name == "all ended yesterday" else None
        for scope in how.open or SCOPES:
            sharing.opens(system, patient, luis, scope, until=until)
        match how.name:
            case "all ended yesterday":
                system.clock.offset += timedelta(days=1)
                # After a day everybody has been signed out.
                self.signed_in[luis.id] = visitor(system, f"caregiver:{luis.id}")
            case "all closed again" | "nothing open":
                for scope in SCOPES:
                    sharing.closes(system, patient, luis, scope)
            case "left":
                act(system, luis, f"/patients/{patient}/caregivers/{luis.id}/leave")
            case "no longer named":
                sharing.forgets(system, patient, luis)
            case "consent withdrawn":
                act(system, OKAFOR, f"/patients/{patient}/consents", scope="caregiver", granted=False)
            case "less than another":
                other = self._takes_part(patient, "other@people.example")
                sharing.opens(system, patient, other, *SCOPES)

    def _takes_part(self, patient: str, email: str) -> User:
        luis = sharing.named(self.system, patient, email)
        sharing.takes_part(self.system, patient, luis)
        return luis

    def ask(self, who: User, way: Way, patient: str) -> httpx.Response:
        """The real call, about this patient."""
        token = issue(self.system.secret, who, self.system.clock.now(), timedelta(hours=1))
        sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"m-{who.id}-{way}".replace(" ", "")[:120]}
        address = f"{self.system.addresses[way.application]}{self.path(way, who, patient)}"
        query = {"caregiver_id": who.id}
        return self.client.request(way.method, address, params=query, headers={**sent, "If-Match": "*"})

    def browser(self, who: User) -> Visitor:
        """In which they signed in before it came to stand so, where they still are."""
        return self.signed_in[who.id]

    def sees(self, who: User, way: Way, patient: str) -> PageSeen:
        """The page as they see it."""
        return self.browser(who).get(self.path(way, who, patient))

    def tries(self, browser: Visitor, path: str) -> httpx.Response:
        """A form sent from one of their own pages to that path, though no page of theirs has it."""
        token = next(form.values["form_token"] for form in browser.get("/").forms if "form_token" in form.values)
        sent = {"Origin": str(browser.client.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
        return browser.client.post(path, data={"form_token": token}, headers=sent, follow_redirects=False)

    def path(self, way: Way, who: User, patient: str) -> str:
        """With the ids of this patient wherever there is room for them; what is one's own has one's own."""
        known = {
            "patient_id": patient,
            "recipient_id": who.id,
            "caregiver_id": who.id,
            "subject": self.ids["referral_id"],
        }
        known |= {**self.ids, "part": "flare-ups", "page": "in-a-flare", "number": "1", "place": "1"}
        return re.sub(r"{(\w+)}", lambda found: known.get(found[1], "x"), way.path)


@contextmanager
def made(folder: Path) -> Iterator[World]:
    """The world, and its system while the tests last."""
    with running(folder, with_teams(folder)) as system:
        rosa, treated = sharing.in_treatment(system)
        psychology = circle_story.psychologist(system)
        circle_story.asks(system, circle_story.starts(psychology, "Thursday"), psychology, treated)
        rosa.get("/my-circle")
        rosa.submit("answer-circle", shown="none")
        system.settle()
        rosa.get("/my-circle")
        assert rosa.submit("write-message", text=POST).query == "done=circle-message"
        _, met = sharing.with_a_meeting(system)
        world = World(system, treated, met, _ids(system, treated))
        with world.client:
            yield world


def with_teams(folder: Path) -> Path:
    """The shipped clinic, and a second team that treats none of these people."""
    shipped = Path("deploy/clinic.yaml").resolve()
    clinic = yaml.safe_load(shipped.read_text(encoding="utf-8"))
    clinic["triage_rules"] = str(shipped.parent / clinic["triage_rules"])
    members = [one["id"] for one in clinic["staff"] if one["role"] == "psychology"]
    clinic["staff"].append({"id": OTHER_TEAM, "name": "Ines Elsewhere", "email": "i@x.example", "role": "psychology"})
    clinic["access"] = {
        "teams": [
            {"id": "here", "name": "Here", "triages": True, "members": members},
            {"id": "elsewhere", "name": "Elsewhere", "staffs": [], "members": [OTHER_TEAM]},
        ]
    }
    path = folder / "clinic.yaml"
    path.write_text(yaml.safe_dump(clinic, allow_unicode=True), encoding="utf-8")
    return path


def _ids(system: Running, patient: str) -> dict[str, str]:
    found = {}
    for service in ("referrals", "interventions"):
        for entry in system.run(system.store(service).ledger.of_patient(patient)):
            kind, _, _ = str(entry["subject"]).rpartition("-")
            if kind in IDS:
                found[IDS[kind]] = str(entry["subject"])
    return found

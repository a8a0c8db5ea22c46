"""Every message to caregivers, in every way in which they can stand to a patient: sent and shown, or neither.

The patient's record, the agendas and the sender are the real ones.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any, get_args

import pytest

from services.notifications import views
from services.notifications.agendas import agenda_id
from services.notifications.aggregates import aggregates
from services.notifications.channels.port import Email, MayStill
from services.notifications.domain.state import OWN, REPLY
from services.notifications.policy import RULES
from services.notifications.reactions import reactions
from services.notifications.rule import Rule
from services.notifications.sender import Sender
from services.notifications.texts import Texts
from services.referrals.aggregates import patient
from services.referrals.domain.patient import caregivers
from services.referrals.domain.patient import commands as c
from services.referrals.domain.patient.state import PatientState
from services.referrals.shared_views import is_asked
from shared.contracts.commands import Command
from shared.contracts.envelope import Event
from shared.contracts.notifications import MessageClaimed
from shared.contracts.referrals import CaregiverScope, ConsentScope
from shared.runtime.permissions import Opened
from tests.notifications.carer_facts import CARER_FACTS
from tests.notifications.facts import FACTS
from tests.notifications.people import CLINIC
from tests.notifications.test_revocation_race import ENVELOPE, LUIS, ROSA
from tests.referrals.loop import Loop, Subject

START = datetime(2030, 5, 6, 9, tzinfo=UTC)
SCOPES = frozenset(get_args(CaregiverScope))
STANDINGS: dict[str, frozenset[str] | None] = {
    "nothing open": frozenset(),
    **{f"only {scope}": frozenset({scope}) for scope in sorted(SCOPES)},
    **{f"all but {scope}": SCOPES - {scope} for scope in sorted(SCOPES)},
    "everything open": SCOPES,
    "all ended yesterday": frozenset(),
    "all closed again": frozenset(),
    "less than another": frozenset({"progress"}),
    "not answered": None,
    "said no": None,
    "left": None,
    "no longer named": None,
    "consent withdrawn": None,
}
"""What is open then; None where they do not take part."""
TOLD = {
    rule.template: (event, rule)
    for event, rules in RULES.items()
    for rule in rules
    if rule.to in ("caregiver", "caregivers") and rule.template != "caregiver_invitation"
}
"""Every message to those who take part. An invitation is for those who do not yet."""
TEXTS = Texts(CLINIC)


@dataclass
class World:
    """Both services, and the mail server, which takes all; what it took from Luis's agenda is in `handed`."""

    handed: list[str] = field(default_factory=list)
    claimed: list[tuple[MessageClaimed, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        kinds = [patient(CLINIC), *aggregates(CLINIC, TEXTS)]
        self.loop = Loop.of_service(kinds, reactions(CLINIC), Random(1), now=START, saw=self._saw)
        core = SimpleNamespace(
            clock=SimpleNamespace(now=lambda: self.loop.now), permissions=self, execute=self._execute
        )
        self.sender = Sender(CLINIC, TEXTS, self, core)

    async def opened(self, patient_id: str, caregiver_id: str) -> Opened:
        """As the route of the real service answers."""
        state: PatientState = self.loop.state("patient", patient_id)
        known = caregivers.find(state, caregiver_id)
        scopes = caregivers.open_scopes(state, caregiver_id, self.loop.now)
        asked = is_asked(caregiver_id, state, self.loop.now)
        wish = known is not None and known.by_email
        return Opened(caregivers.takes_part(state, caregiver_id), scopes, wish, asked)

    async def send(self, email: Email, may_still: MayStill) -> None:
        await may_still()
        self.handed.append(email.id)

    def stand(self, how: str) -> None:
        """Let it come to stand so between Rosa and Luis."""
        register = {"name": "Rosa", "email": "rosa@example.org", "birth_date": "1980-01-01", "patient_id": ROSA}
        consents = (ConsentScope.REFER, ConsentScope.CAREGIVER)
        self.do(c.RegisterPatient, "referrer:dr-okafor", **register, time_zone="Europe/Madrid", consents=consents)
        self._names(LUIS, "luis@example.org")
        if how == "less than another":
            self._names("caregiver-other", "other@example.org")
            self._takes_part("caregiver-other", SCOPES)
        if how != "not answered":
            self._takes_part(LUIS, STANDINGS[how] or SCOPES, accept=how != "said no", ends=how == "all ended yesterday")
        match how:
            case "all closed again" | "nothing open":
                for scope in sorted(SCOPES):
                    self.do(c.CloseScope, caregiver_id=LUIS, scope=scope)
            case "left":
                self.do(c.LeaveAsCaregiver, f"caregiver:{LUIS}", caregiver_id=LUIS)
            case "no longer named":
                self.do(c.UnlinkCaregiver, caregiver_id=LUIS)
            case "consent withdrawn":
                self.do(c.WithdrawConsent, scope=ConsentScope.CAREGIVER)
        self.loop.now += timedelta(days=1)
        self.settle()
        self.handed.clear()

    def _names(self, caregiver: str, email: str) -> None:
        who = {"name": "Luis", "email": email, "relationship": "partner", "time_zone": "Europe/London"}
        self.do(c.LinkCaregiver, **who, caregiver_id=caregiver)

    def _takes_part(self, caregiver: str, scopes: frozenset[str], accept: bool = True, ends: bool = False) -> None:
        self.do(c.AnswerCaregiver, f"caregiver:{caregiver}", caregiver_id=caregiver, accept=accept, email=True)
        for scope in sorted(scopes) if accept else ():
            until = START.date() if ends else None
            self.do(c.OpenScope, caregiver_id=caregiver, scope=scope, until=until)

    def settle(self) -> None:
        """All is heard, what is due within a day is sent, and no mail is under way any more."""
        until = self.loop.now + timedelta(days=1)
        while True:
            self.loop.settle()
            if self.claimed:
                asyncio.run(self.sender.offer(ENVELOPE, *self.claimed.pop(0)))
            elif (due := self.loop.next_due()) is not None and due <= until:
                self.loop.run_next_timer()
            else:
                return

    def told(self, template: str) -> tuple[int, bool]:
        """How often Luis was sent that, and whether his inbox shows it."""
        state = self.loop.state("agenda", agenda_id(LUIS))
        mine = [id for id, message in state.messages.items() if message.template == template]
        opened = {about: asyncio.run(self.opened(about, LUIS)) for about in views.shared_about(state)}
        inbox = views.inbox(CLINIC, TEXTS, state, 1, None, START, opened)
        shown = any(message.template == template for message in inbox.messages)
        return sum(id in mine for id in self.handed), shown

    def do(self, kind: type[Command], actor: str = f"patient:{ROSA}", **fields: Any) -> None:
        self.loop.send("patient", ROSA, kind(now=self.loop.now, actor=actor, **fields))
        self.loop.settle()

    def _saw(self, subject: Subject, _: Any, events: Any, after: Any) -> None:
        mine = subject == ("agenda", agenda_id(LUIS))
        self.claimed += [(event, after) for event in events if isinstance(event, MessageClaimed) and mine]

    async def _execute(self, name: str, id: str, command: Command, _: object = None) -> None:
        self.loop.send(name, id, command)


def _wanted(rule: Rule, how: str) -> tuple[int, bool]:
    """How often it is sent, and whether it is shown."""
    if rule.needs == REPLY:
        return int(how not in ("not answered", "said no", "left")), True
    open_to_them = STANDINGS[how]
    is_open = open_to_them is not None and (rule.needs == OWN or rule.scope in open_to_them)
    return int(is_open), is_open


def _fact(kind: type[Event], now: datetime) -> Event:
    found = next(one for one in (*FACTS, *CARER_FACTS) if type(one) is kind)
    about = {name: who for name, who in (("patient_id", ROSA), ("caregiver_id", LUIS)) if hasattr(found, name)}
    return found.model_copy(update={"at": now, **about})


def test_they_are_told_in_the_language_that_they_chose() -> None:
    world = World()
    world.stand("everything open")
    luis = {"caregiver_id": LUIS, "language": "es", "email": True}
    world.do(c.ChangeCaregiverPreferences, f"caregiver:{LUIS}", **luis)
    assert world.loop.state("agenda", agenda_id(LUIS)).language == "es"


def test_an_invitation_is_to_be_read_only_by_whoever_is_asked_or_takes_part() -> None:
    for how, takes_part in (
        ("not answered", True),
        ("nothing open", True),
        ("left", False),
        ("no longer named", False),
    ):
        world = World()
        world.stand(how)
        assert world.told("caregiver_invitation")[1] == takes_part, how


def test_each_message_needs_one_scope_or_is_about_the_caregiver() -> None:
    assert TOLD
    for _, rule in TOLD.values():
        assert (rule.needs in (OWN, REPLY)) != (rule.scope in SCOPES), rule.template


@pytest.mark.parametrize("how", STANDINGS)
@pytest.mark.parametrize("template", TOLD)
def test_it_is_sent_once_and_shown_where_it_is_open_and_else_neither(template: str, how: str) -> None:
    kind, rule = TOLD[template]
    world = World()
    world.stand(how)
    world.loop.tell(("source", "one"), _fact(kind, world.loop.now))
    world.settle()
    assert world.told(template) == _wanted(rule, how)

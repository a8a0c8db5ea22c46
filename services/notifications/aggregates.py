"""The aggregates of this service, with the clinic's configuration and words bound in."""

from functools import partial

from services.notifications.domain import evolve, wording
from services.notifications.domain.decide import decide
from services.notifications.domain.state import AgendaState
from services.notifications.drafts import Drafts
from services.notifications.published import with_wordings
from services.notifications.texts import Texts
from shared.contracts import notifications, preferences, reach, sessions
from shared.contracts.clinic import Clinic
from shared.contracts.wordings import AGENDA_EVENTS, WORDING_EVENTS
from shared.runtime.aggregate import Aggregate


def agenda(clinic: Clinic) -> Aggregate:
    """One for each person who may be told something."""
    return Aggregate(
        name="agenda",
        state=AgendaState,
        decide=partial(decide, clinic),
        evolve=evolve.evolve,
        events=(*notifications.EVENTS, *preferences.EVENTS, *reach.EVENTS, *sessions.EVENTS, *AGENDA_EVENTS),
        person=evolve.person,
        timers=evolve.timers,
        keys=partial(evolve.keys, clinic),
        paced=(evolve.SEND,),
        ordered=(*(queue.key for queue in evolve.QUEUES), evolve.WAITING),
        queried=(
            *("email_drawer", "sms_drawer", "push_drawer", "recipient_id", "kind"),
            *("pending", "failed", "possibly_sent"),
        ),
        ready=with_wordings,
    )


def wordings(clinic: Clinic, texts: Texts) -> Aggregate:
    """The clinic's own words, one for each template and language. They are nobody's: no field is personal."""
    return Aggregate(
        name="wording",
        state=wording.WordingState,
        decide=partial(wording.decide, Drafts(clinic, texts).findings),
        evolve=wording.evolve,
        events=WORDING_EVENTS,
        person=lambda _: None,
    )


def aggregates(clinic: Clinic, texts: Texts) -> tuple[Aggregate, ...]:
    """Agenda and wording."""
    return agenda(clinic), wordings(clinic, texts)

"""The aggregate of this service, with the clinic's configuration bound in."""

from functools import partial

from services.notifications.domain import evolve
from services.notifications.domain.decide import decide
from services.notifications.domain.state import AgendaState
from shared.contracts import notifications, preferences, reach
from shared.contracts.clinic import Clinic
from shared.runtime.aggregate import Aggregate


def agenda(clinic: Clinic) -> Aggregate:
    """One for each person who may be told something."""
    return Aggregate(
        name="agenda",
        state=AgendaState,
        decide=partial(decide, clinic),
        evolve=evolve.evolve,
        events=(*notifications.EVENTS, *preferences.EVENTS, *reach.EVENTS),
        person=evolve.person,
        timers=evolve.timers,
        keys=partial(evolve.keys, clinic),
        paced=(evolve.SEND,),
        ordered=tuple(queue.key for queue in evolve.QUEUES),
        queried=("sms_drawer", "push_drawer", "recipient_id", "kind", "pending", "failed", "possibly_sent"),
    )


def aggregates(clinic: Clinic) -> tuple[Aggregate, ...]:
    """The agenda."""
    return (agenda(clinic),)

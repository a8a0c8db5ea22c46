"""The three aggregates of this service, as the runtime takes them."""

from functools import partial

from services.interventions.domain import alert, episode, evolve_episode, series
from services.interventions.domain.plan import Plans
from services.interventions.domain.state import AlertState, EpisodeState, SeriesState
from shared.contracts import interventions as said
from shared.contracts.clinic import Clinic
from shared.runtime.aggregate import Aggregate


def aggregates(clinic: Clinic, plans: Plans) -> tuple[Aggregate, ...]:
    """Bound to this clinic's clocks and to the programmes it can deliver."""
    return (_episode(plans), _series(), _alert(clinic))


def _episode(plans: Plans) -> Aggregate:
    return Aggregate(
        name="episode",
        state=EpisodeState,
        decide=partial(episode.decide, plans),
        evolve=evolve_episode.evolve,
        events=(
            said.EpisodeOpened,
            said.EpisodeActivated,
            said.ModuleUnlocked,
            said.ModuleCompleted,
            said.MeasuresRequested,
            said.MeasureRecorded,
            said.EpisodeReadyToFinish,
            said.EpisodeFinished,
            said.EpisodeCancelled,
        ),
        person=episode.person,
        timers=episode.timers,
        keys=episode.keys,
        queried=("status", "patient_id", "referral_id", "ready"),
    )


def _series() -> Aggregate:
    return Aggregate(
        name="measure_series",
        state=SeriesState,
        decide=series.decide,
        evolve=series.evolve,
        events=(said.MeasuresOpened, said.AnswerRecorded, said.RiskAnswerGiven, said.MeasureCompleted),
        person=series.person,
        keys=series.keys,
        queried=("patient_id", "episode_id"),
    )


def _alert(clinic: Clinic) -> Aggregate:
    return Aggregate(
        name="risk_alert",
        state=AlertState,
        decide=partial(alert.decide, clinic),
        evolve=alert.evolve,
        events=(
            said.RiskAlertRaised,
            said.RiskAlertEscalated,
            said.RiskAlertAcknowledged,
            said.RiskAlertClosed,
        ),
        person=alert.person,
        timers=alert.timers,
        keys=alert.keys,
        queried=("status", "patient_id", "episode_id"),
    )

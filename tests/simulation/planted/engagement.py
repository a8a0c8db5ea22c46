"""Whoever in treatment is not heard from."""

from tests.simulation.planted.fault import Planted

_REACTIONS = "services.interventions.engagement_reactions"
_DECIDE = "services.interventions.domain.engagement.decide"
_LADDER = "services.interventions.domain.engagement.ladder"

FAULTS = (
    Planted(
        "treatment-not-noticed",
        "",
        _REACTIONS,
        "    EpisodeActivated: begin_engagement,\n",
        "",
        "nobody notices whether a treatment goes on",
    ),
    Planted(
        "answers-are-no-activity",
        "",
        _REACTIONS,
        "    AnswerRecorded: note_doing,\n",
        "",
        "whoever answers questions is called quiet",
    ),
    Planted(
        "clinicians-turn-is-quiet",
        "",
        _REACTIONS,
        "    EpisodeReadyToFinish: note_nothing_left,\n",
        "",
        "whoever has done everything is called quiet",
    ),
    Planted(
        "days-before-the-next-module-count",
        "",
        _DECIDE,
        "return events if command.opens_at is None else [",
        "return events if command else [",
        "whoever has nothing to do is called quiet",
    ),
    Planted(
        "active-all-day-long",
        "",
        _DECIDE,
        "day > state.active_on:",
        "day >= state.active_on:",
        "each thing that somebody does is said, not each day",
    ),
    Planted(
        "back-and-nobody-says-so",
        "",
        _DECIDE,
        "if state.away_since is not None:",
        "if state.called:",
        "only whoever was to be called is welcomed back",
    ),
    Planted(
        "quiet-a-day-early",
        "",
        _LADDER,
        "first_quiet_day = state.since + timedelta(days=1)",
        "first_quiet_day = state.since",
        "the day of the activity counts as a day without any",
    ),
    Planted(
        "dropped-after-the-last-step",
        "",
        _LADDER,
        'if state.status != "active" or state.since is None:',
        'if state.status != "active" or state.since is None or state.rung >= len(STEPS):',
        "after the note to the referrer nobody calls any more",
    ),
    Planted(
        "referrer-does-not-hear-of-it",
        "",
        "services.referrals.reactions",
        "    PatientQuiet: _note_quiet,\n",
        "",
        "the referrer is not told",
    ),
    Planted(
        "nobody-told-to-call",
        "",
        "services.notifications.policy",
        'Rule("triage_team", "call_due", t.CALL, WHICH_EPISODE, only=("step", "coach_call")),',
        "",
        "psychology is not told that a call is due",
    ),
)

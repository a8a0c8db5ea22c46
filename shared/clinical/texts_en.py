"""The questionnaires in English, as published.

Titles, PEG's instruction, and the whole of NRS and PGIC are this project's own words: the last two are questions in
general use, without one published form. PHQ-2 is the first two questions of PHQ-9.
"""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from shared.clinical.credits import credit
from shared.clinical.questionnaire import FunctionQuestion, Wording

_STEM = "Over the last 2 weeks, how often have you been bothered by the following problems?"
_STEM_ANY = "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
_PERIOD = "The last 2 weeks"
_HOW_OFTEN = ((0, "Not at all"), (1, "Several days"), (2, "More than half the days"), (3, "Nearly every day"))
_INTERFERENCE = ("Does not interfere", "Completely interferes")

_PHQ_9_ITEMS = (
    "Little interest or pleasure in doing things",
    "Feeling down, depressed, or hopeless",
    "Trouble falling or staying asleep, or sleeping too much",
    "Feeling tired or having little energy",
    "Poor appetite or overeating",
    "Feeling bad about yourself — or that you are a failure or have let yourself or your family down",
    "Trouble concentrating on things, such as reading the newspaper or watching television",
    "Moving or speaking so slowly that other people could have noticed. Or the opposite — being so fidgety or restless "
    "that you have been moving around a lot more than usual",
    "Thoughts that you would be better off dead or of hurting yourself in some way",
)
_GAD_7_ITEMS = (
    "Feeling nervous, anxious or on edge",
    "Not being able to stop or control worrying",
    "Worrying too much about different things",
    "Trouble relaxing",
    "Being so restless that it is hard to sit still",
    "Becoming easily annoyed or irritable",
    "Feeling afraid as if something awful might happen",
)


_two_weeks = partial(Wording, language="en", period=_PERIOD, options=_HOW_OFTEN)

_PEG = Wording(
    measure="PEG",
    language="en",
    title="Your pain this week",
    period="The past week",
    stem="For each question, choose the number from 0 to 10 that fits you best.",
    items=(
        "What number best describes your pain on average in the past week?",
        "What number best describes how, during the past week, pain has interfered with your enjoyment of life?",
        "What number best describes how, during the past week, pain has interfered with your general activity?",
    ),
    anchors=(("No pain", "Pain as bad as you can imagine"), _INTERFERENCE, _INTERFERENCE),
    **credit("PEG"),
)

_NRS = Wording(
    measure="NRS",
    language="en",
    title="How strong your pain is",
    period="The past week",
    stem="Think of the past week as a whole, with its better and its harder days.",
    items=("From 0 to 10, how strong was your pain on average?",),
    anchors=(("No pain", "The worst pain you can imagine"),),
    **credit("NRS"),
)

_PGIC = Wording(
    measure="PGIC",
    language="en",
    title="How things have changed for you",
    period="Since your treatment here began",
    stem="Think of how you were when your treatment here began, and of how you are now.",
    items=("All in all, how do you find yourself today?",),
    options=(
        (1, "Very much better"),
        (2, "Much better"),
        (3, "A little better"),
        (4, "No change"),
        (5, "A little worse"),
        (6, "Much worse"),
        (7, "Very much worse"),
    ),
    **credit("PGIC"),
)

_FUNCTION = FunctionQuestion(
    text="If you checked off any problems, how difficult have these problems made it for you to do your work, take "
    "care of things at home, or get along with other people?",
    options=((0, "Not difficult at all"), (1, "Somewhat difficult"), (2, "Very difficult"), (3, "Extremely difficult")),
)

ENGLISH: Mapping[str, Wording] = MappingProxyType(
    {
        "PEG": _PEG,
        "NRS": _NRS,
        "PGIC": _PGIC,
        "PHQ-2": _two_weeks(
            measure="PHQ-2",
            title="Your mood lately",
            stem=_STEM_ANY,
            items=_PHQ_9_ITEMS[:2],
            **credit("PHQ-2"),
        ),
        "PHQ-4": _two_weeks(
            measure="PHQ-4",
            title="How you have been feeling",
            stem=_STEM,
            items=(*_GAD_7_ITEMS[:2], *_PHQ_9_ITEMS[:2]),
            **credit("PHQ-4"),
        ),
        "PHQ-9": _two_weeks(
            measure="PHQ-9",
            title="Your mood, sleep and energy",
            stem=_STEM_ANY,
            items=_PHQ_9_ITEMS,
            function_question=_FUNCTION,
            **credit("PHQ-9"),
        ),
        "GAD-7": _two_weeks(
            measure="GAD-7",
            title="Worries and feeling on edge",
            stem=_STEM,
            items=_GAD_7_ITEMS,
            **credit("GAD-7"),
        ),
    }
)

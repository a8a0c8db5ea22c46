"""Who wrote each questionnaire and on what terms its text is shown. Never translated, so the same in every language."""

from types import MappingProxyType

_PFIZER = (
    "Developed by Drs Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and colleagues, with an educational grant "
    "from Pfizer Inc. No permission required to reproduce, translate, display or distribute."
)

CITATIONS = MappingProxyType(
    {
        "PEG": (
            "Krebs EE, Lorenz KA, Bair MJ, et al. Development and initial validation of the PEG, a three-item scale "
            "assessing pain intensity and interference. J Gen Intern Med 2009;24(6):733-738."
        ),
        "PHQ-4": (
            "Kroenke K, Spitzer RL, Williams JBW, Löwe B. An ultra-brief screening scale for anxiety and depression: "
            "the PHQ-4. Psychosomatics 2009;50(6):613-621."
        ),
        "PHQ-9": (
            "Kroenke K, Spitzer RL, Williams JBW. The PHQ-9: validity of a brief depression severity measure. "
            "J Gen Intern Med 2001;16(9):606-613."
        ),
        "GAD-7": (
            "Spitzer RL, Kroenke K, Williams JBW, Löwe B. A brief measure for assessing generalized anxiety disorder: "
            "the GAD-7. Arch Intern Med 2006;166(10):1092-1097."
        ),
    }
)

LICENCES = MappingProxyType(
    {
        "PEG": (
            "Described as free to use with citation. Its items derive from the Brief Pain Inventory (BPI), whose terms "
            "a clinic should read before it publishes the text elsewhere."
        ),
        "PHQ-4": _PFIZER,
        "PHQ-9": _PFIZER,
        "GAD-7": _PFIZER,
    }
)

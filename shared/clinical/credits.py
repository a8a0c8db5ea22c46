"""Who wrote each questionnaire and on what terms its text is shown. Never translated, so the same in every language."""

from types import MappingProxyType

_OWN = "The question is in general use; this wording is the project's own, under the licence of the repository."
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
        "NRS": (
            "Numeric rating of pain from 0 to 10. How to read it: Boonstra AM, Stewart RE, Köke AJA, et al. Cut-off "
            "points for mild, moderate, and severe pain on the numeric rating scale. Front Psychol 2016;7:1466."
        ),
        "PHQ-2": (
            "Kroenke K, Spitzer RL, Williams JBW. The Patient Health Questionnaire-2: validity of a two-item "
            "depression screener. Med Care 2003;41(11):1284-1292."
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
        "PGIC": (
            "Patient global impression of change, seven steps. How to read it: Dworkin RH, Turk DC, Wyrwich KW, et al. "
            "Interpreting the clinical importance of treatment outcomes in chronic pain clinical trials: IMMPACT "
            "recommendations. J Pain 2008;9(2):105-121."
        ),
    }
)

LICENCES = MappingProxyType(
    {
        "PEG": (
            "Described as free to use with citation. Its items derive from the Brief Pain Inventory (BPI), whose terms "
            "a clinic should read before it publishes the text elsewhere."
        ),
        "NRS": _OWN,
        "PHQ-2": _PFIZER,
        "PHQ-4": _PFIZER,
        "PHQ-9": _PFIZER,
        "GAD-7": _PFIZER,
        "PGIC": _OWN,
    }
)


def credit(measure: str) -> dict[str, str]:
    """Citation and licence of a measure whose text ships, by the names that `Wording` has for them."""
    return {"citation": CITATIONS[measure], "licence": LICENCES[measure]}

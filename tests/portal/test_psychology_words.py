"""Every code that psychology's pages may meet has words, and every step that only psychology takes has a form."""

import re
from pathlib import Path
from typing import get_args

import yaml

from services.portal.routes import appointments, triage
from services.portal.routes.work import GROUPS
from services.portal.triage import MODES, OCCASIONS
from services.portal.words import words
from services.referrals.domain.referral.table_later import ACTIONS
from services.referrals.domain.triage.dry_run import Difference
from shared.clinical import measure
from shared.contracts.referrals import (
    AttachmentKind,
    Format,
    Mode,
    Preferences,
    ProgressOccasion,
    TimeOfDay,
    TriageFlag,
    TriageOutcome,
)
from shared.contracts.triage import OPERATORS

PORTAL = Path("services/portal")
WITH_OTHERS = {"cancel_appointment", "note_progress", "enter_in_error"}
"""Steps of psychology's pages that somebody else may take too."""
STEPS = {**triage.BODIES, **appointments.BODIES}


def test_every_step_that_only_psychology_takes_has_a_form_and_says_that_it_is_done() -> None:
    only = {action.name for action in ACTIONS if action.who == ("psychology",)}
    assert {name.replace("_", "-") for name in only | WITH_OTHERS} == set(STEPS)
    assert {name for name in STEPS if not words("en").has(f"done.referral-{name}")} == set()
    pages = "".join(path.read_text(encoding="utf-8") for path in (PORTAL / "templates").glob("_*.html"))
    assert {name for name in STEPS if f'f.form("{name}"' not in pages} == set()


def test_choices_are_those_of_the_service() -> None:
    assert set(OCCASIONS) == set(get_args(ProgressOccasion))
    assert set(MODES) == set(get_args(Mode))


def test_every_code_has_words() -> None:
    codes = {
        "triage.flag": get_args(TriageFlag),
        "triage.attachment": get_args(AttachmentKind),
        "triage.format": get_args(Format),
        "triage.mode": get_args(Mode),
        "triage.time": get_args(TimeOfDay),
        "triage.preference": Preferences.model_fields,
        "steps.occasion": get_args(ProgressOccasion),
        "rules.count": get_args(Difference),
        "rules.outcome": get_args(TriageOutcome),
        "rules.condition": OPERATORS,
        "rules.priority": OPERATORS,
        "rules.part_of": [part.name for name in ("PEG", "PHQ-4", "PHQ-9", "GAD-7") for part in measure(name).subscales],
        "work.group": GROUPS,
        "work.none": GROUPS,
    }
    names = {f"{group}.{code}" for group, found in codes.items() for code in found}
    assert {name for name in names if not words("en").has(name)} == set()


def test_no_text_of_psychology_is_left_over() -> None:
    sources = [*PORTAL.rglob("*.html"), *PORTAL.rglob("*.py")]
    used = "".join(path.read_text(encoding="utf-8") for path in sources)
    texts = yaml.safe_load((PORTAL / "texts/en/triage.yaml").read_text(encoding="utf-8"))
    unused = []
    for group, names in texts.items():
        for name, text in names.items():
            inner = text if isinstance(text, dict) and not set(text) <= {"one", "other"} else {"": text}
            for last in inner:
                full = ".".join(filter(None, (group, name, last)))
                begins = rf'"{group}\.{name}\.?"|"{group}\.{name}\.{{|"{group}\." ~'
                if f'"{full}"' not in used and not re.search(begins, used):
                    unused.append(full)
    assert unused == []

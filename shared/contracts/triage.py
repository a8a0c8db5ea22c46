"""The rules that recommend to triage: data that a clinician edits (`deploy/triage/`), checked before it is used.

A rule raises: it asks for a step, or an urgency, of at least so much. So their order never matters. Who reads them:
`services/referrals/domain/triage/`.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StrictFloat,
    StrictInt,
    Tag,
    ValidationError,
    field_validator,
    model_validator,
)

from shared.clinical import Measure, Subscale, UnknownMeasure, measure
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import Language, Priority, TriageFlag

Step = Annotated[StrictInt, Field(ge=1, le=4)]
Operator = Literal["at_least", "below", "equals"]
OPERATORS: tuple[Operator, ...] = ("at_least", "below", "equals")
_KIND = "condition_kind"
_LANGUAGES = {"en": "English", "es": "Spanish"}


class RulesFault(Exception):
    """The rules cannot be used. `faults` says of each mistake which rule it is in and what to do."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class Part(BaseModel):
    """A part of the rules: a key that is not known is a fault, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Compared(Part):
    """What has exactly one of the three operators."""

    at_least: Any = None
    below: Any = None
    equals: Any = None

    @property
    def operator(self) -> Operator:
        """The one that is used."""
        return next(name for name in OPERATORS if getattr(self, name) is not None)

    @property
    def bound(self) -> Any:
        """What is compared with."""
        return getattr(self, self.operator)

    @model_validator(mode="after")
    def _one_operator(self) -> "Compared":
        if sum(getattr(self, name) is not None for name in OPERATORS) != 1:
            raise ValueError(f"a condition compares once; write exactly one of {', '.join(OPERATORS)}")
        return self


class MeasureCondition(Compared):
    """On a measure's published value, or on one `part` of it, such as `anxiety` of PHQ-4. Never holds without it."""

    measure: str
    part: str | None = None
    at_least: StrictFloat | None = None
    below: StrictFloat | None = None
    equals: StrictFloat | None = None

    @model_validator(mode="after")
    def _can_hold(self) -> "MeasureCondition":
        lowest, highest, name = _range(self.measure, self.part)
        if not lowest <= self.bound <= highest:
            raise ValueError(
                f"{name} goes from {lowest} to {highest}, not to {self.bound:g}; write a number in that range"
            )
        if self.operator == "below" and self.bound == lowest:
            raise ValueError(f"nothing is below {lowest} in {name}; write a higher number, or equals: {lowest}")
        return self


class FlagCondition(Part):
    """Holds while the referral carries the flag."""

    flag: TriageFlag


class PriorityCondition(Compared):
    """On the priority that the referrer asked for: `{priority: asked, at_least: urgent}`."""

    priority: Literal["asked"]
    at_least: Priority | None = None
    below: Priority | None = None
    equals: Priority | None = None

    @model_validator(mode="after")
    def _can_hold(self) -> "PriorityCondition":
        if self.below is Priority.ROUTINE:
            raise ValueError("nothing is below routine; write a higher priority, or equals: routine")
        return self


def _kind(given: object) -> str | None:
    """Which condition this is, by the key that only it has."""
    keys = given if isinstance(given, Mapping) else getattr(type(given), "model_fields", ())
    return next((key for key in ("measure", "flag", "priority") if key in keys), None)


Condition = Annotated[
    Annotated[MeasureCondition, Tag("measure")]
    | Annotated[FlagCondition, Tag("flag")]
    | Annotated[PriorityCondition, Tag("priority")],
    Discriminator(
        _kind,
        custom_error_type=_KIND,
        custom_error_message="it is about nothing; begin it with measure, flag or priority",
    ),
]


class Baseline(Part):
    """What is recommended where no rule asks for more."""

    step: Step
    urgency: Priority


class Then(Part):
    """What a rule asks for: at least this step or urgency; or that a person looks before any step is named."""

    step: Step | None = None
    urgency: Priority | None = None
    consult: bool = False

    @model_validator(mode="after")
    def _says_one_thing(self) -> "Then":
        if self.consult and self.step is not None:
            raise ValueError("consult means that no step is recommended; remove step or consult")
        if not self.consult and self.step is None and self.urgency is None:
            raise ValueError("it asks for nothing; write step, urgency or consult: true")
        return self


class Why(Part):
    """The reason for a rule, in a sentence for the clinician who reads the recommendation."""

    en: str
    es: str

    @field_validator("en", "es")
    @classmethod
    def _not_empty(cls, text: str) -> str:
        if not text:
            raise ValueError("is empty; write the reason as one sentence")
        return text


class TriageRule(Part):
    """One rule. It holds when all of its conditions do."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
    when: tuple[Condition, ...]
    then: Then
    why: Why

    @field_validator("when")
    @classmethod
    def _not_always(cls, when: tuple[Condition, ...]) -> tuple[Condition, ...]:
        if not when:
            raise ValueError("it has no condition, so it would hold for everybody; add one, or use baseline for that")
        return when

    def reason(self, language: Language) -> str:
        """Why, in that language."""
        return self.why.es if language == "es" else self.why.en


class RuleSet(Part):
    """All rules of one version. `approved_by` is the staff id of a clinical lead; without it nobody has approved them.

    Raise `version` at every change: it stands in each recommendation, and `make dry-run` tells when it does not fit.
    """

    version: Annotated[StrictInt, Field(ge=1)]
    approved_by: Identifier | None = None
    baseline: Baseline
    rules: tuple[TriageRule, ...]

    @field_validator("rules")
    @classmethod
    def _ids_are_their_own(cls, rules: tuple[TriageRule, ...]) -> tuple[TriageRule, ...]:
        if not rules:
            raise ValueError("there is none; write at least one rule")
        twice = [id for id, count in Counter(rule.id for rule in rules).items() if count > 1]
        if twice:
            raise ValueError(f"more than one rule is called {', '.join(twice)}; give each an id of its own")
        return rules


def urgency_rank(priority: Priority) -> int:
    """0 for routine; the higher, the sooner."""
    return tuple(Priority).index(priority)


def read_rules(data: object) -> RuleSet:
    """The rules in `data`, as YAML or JSON gives them. Raises `RulesFault` with all that is wrong."""
    try:
        return RuleSet.model_validate(data)
    except ValidationError as fault:
        told = [f"{_place(error['loc'], data)}: {_remedy(error)}" for error in fault.errors()]
        raise RulesFault(told) from fault


def _range(measure_id: str, part: str | None) -> tuple[int, int, str]:
    """The lowest and highest value that a measure, or a part of it, can have, and what it is called."""
    try:
        form = measure(measure_id)
    except UnknownMeasure as fault:
        raise ValueError(f"{fault}; write one of these") from fault
    if part is None:
        return *_bounds(form, form), form.id
    found = next((one for one in form.subscales if one.name == part), None)
    if found is None:
        known = ", ".join(one.name for one in form.subscales)
        remedy = f"write one of {known}" if known else "remove part"
        raise ValueError(f"{form.id} has no part {part!r}; {remedy}")
    return *_bounds(form, found), f"{form.id} {part}"


def _bounds(form: Measure, of: Measure | Subscale) -> tuple[int, int]:
    times = len(of.items) if of.rule == "sum" else 1
    return times * form.lowest, times * form.highest


def _place(loc: tuple[int | str, ...], data: object) -> str:
    """Where a fault is, in the words of the file: `rule phq-9-severe, condition 2, at_least`."""
    if loc[:1] != ("rules",) or len(loc) < 2:
        return ".".join(map(str, loc)) or "the rules"
    number = int(loc[1])
    rules = data.get("rules") if isinstance(data, Mapping) else None
    rule = rules[number] if isinstance(rules, list | tuple) and number < len(rules) else None
    id = rule.get("id") if isinstance(rule, Mapping) else None
    words = [f"rule {id}" if isinstance(id, str) else f"rule number {number + 1}"]
    inner = list(loc[2:])
    if inner[:1] == ["when"] and len(inner) > 1:
        words.append(f"condition {int(inner[1]) + 1}")
        inner = inner[3:]
    return ", ".join([*words, *([".".join(map(str, inner))] if inner else [])])


def _remedy(error: Mapping[str, Any]) -> str:
    """What is wrong there and what to do, in place of the validator's own words where those help nobody."""
    kind, last, expected = error["type"], error["loc"][-1:], error.get("ctx", {}).get("expected", "")
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind == "missing":
        language = _LANGUAGES.get(str(last[0])) if "why" in error["loc"] else None
        return f"is missing; write the reason in {language} too" if language else "is missing; write it"
    if kind == "extra_forbidden":
        return "this key is not known here; correct its name or remove it"
    if kind in ("literal_error", "enum"):
        return f"{error['input']!r} is not known; write {expected}"
    if last == ("approved_by",):
        return f"{error['input']!r} is nobody's id; write the clinical lead's, as it stands under staff"
    if kind == "string_pattern_mismatch":
        return f"{error['input']!r} is no id; write small letters, digits and hyphens, such as pain-severe"
    if last in (("at_least",), ("below",), ("equals",)):
        return f"{error['input']!r} is no number; write one, without quotes"
    if last == ("version",):
        return f"{error['input']!r} is no version; write a whole number, one more than the version before"
    if last == ("step",):
        return f"{error['input']!r} is no step; write a whole number from 1 to 4"
    if kind == "tuple_type":
        return "this is no list; begin each entry with a hyphen"
    if kind in ("model_type", "model_attributes_type"):
        return f"{error['input']!r} stands where keys are expected; see deploy/triage/rules-1.yaml for their names"
    return error["msg"] if kind == _KIND else f"{error['msg']}; correct it"

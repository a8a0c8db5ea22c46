"""Triage rules as people read them, and a rule file as somebody pasted it."""

import json
from typing import Any

import yaml

from services.portal.calls import Json
from services.portal.words import Words

_OPERATORS = ("at_least", "below", "equals")


class Unreadable(Exception):
    """What was pasted is no file of rules. `line` says where, if that is known."""

    def __init__(self, line: int | None = None) -> None:
        super().__init__(f"line {line}")
        self.line = line


class _OneOfEachKey(yaml.SafeLoader):
    """Refuses a key that stands twice: YAML itself keeps the last, which would hide a rule."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for number, key in enumerate(keys):
            if key.value in [one.value for one in keys[:number]]:
                raise Unreadable(key.start_mark.line + 1)
        return super().construct_mapping(node, deep)


def read(text: str) -> Json:
    """The file as data, to be checked by the service. Raises `Unreadable`."""
    try:
        # An alias repeats what stands elsewhere: a few lines of them could grow without end.
        for event in yaml.parse(text, yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise Unreadable(event.start_mark.line + 1 if event.start_mark else None)
        found = yaml.load(text, _OneOfEachKey)  # noqa: S506 - it is a SafeLoader
        # Only what JSON can say goes on: a date or an endless number is no part of a rule.
        json.dumps(found, allow_nan=False)
    except yaml.MarkedYAMLError as fault:
        raise Unreadable(fault.problem_mark.line + 1 if fault.problem_mark else None) from fault
    except (yaml.YAMLError, TypeError, ValueError, RecursionError) as fault:
        raise Unreadable from fault
    if not isinstance(found, dict):
        raise Unreadable
    return found


def in_words(rules: Json, t: Words) -> Json:
    """All rules of a version, each with when it holds, what it asks for, and why."""
    return {
        "version": rules["version"],
        "approved_by": rules["approved_by"],
        "baseline": [t(f"step.{rules['baseline']['step']}"), t(f"priority.{rules['baseline']['urgency']}")],
        "rules": [
            {
                "why": rule["why"][t.language],
                "when": [_condition(one, t) for one in rule["when"]],
                "then": _then(rule["then"], t),
            }
            for rule in rules["rules"]
        ],
    }


def recommended(said: Json, t: Words) -> list[str]:
    """What was or would be recommended, in words."""
    step, urgency = said["step"], said["urgency"]
    return [
        t("rules.consult") if step is None else t(f"step.{step}"),
        *([t(f"priority.{urgency}")] if urgency else []),
    ]


def _condition(condition: Json, t: Words) -> str:
    if "flag" in condition:
        return t("rules.condition.flag", flag=t(f"triage.flag.{condition['flag']}"))
    operator = next(name for name in _OPERATORS if condition[name] is not None)
    bound = condition[operator]
    if "priority" in condition:
        return t(f"rules.priority.{operator}", what=t("rules.asked_priority"), bound=t(f"priority.{bound}"))
    what = condition["measure"]
    if condition["part"]:
        what = t("rules.part", measure=what, part=t(f"rules.part_of.{condition['part']}"))
    return t(f"rules.condition.{operator}", what=what, bound=f"{bound:g}")


def _then(then: Json, t: Words) -> list[str]:
    found = [t("rules.consult")] if then["consult"] else []
    if then["step"] is not None:
        found.append(t("rules.at_least_step", step=t(f"step.{then['step']}")))
    if then["urgency"] is not None:
        found.append(t("rules.at_least_urgency", urgency=t(f"priority.{then['urgency']}")))
    return found

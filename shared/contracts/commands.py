"""Commands: what somebody wants to happen. Frozen, validated once at the edge, never on Kafka."""

from pydantic import AwareDatetime, BaseModel, ConfigDict


class Command(BaseModel):
    """`now` is the deciding process's clock; `actor` who wants it, such as `psychology:ana` or `system:timer`."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    now: AwareDatetime
    actor: str


class TimerDue(Command):
    """A timer named `name` in the aggregate's state has passed."""

    name: str


class Rejected(Exception):
    """A rule of the domain says no. `code` is stable kebab-case; `codes.py` has a sentence for people."""

    def __init__(self, code: str, **detail: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail

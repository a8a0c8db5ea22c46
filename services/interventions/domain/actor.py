"""Who acts, as events name them."""

from shared.contracts.commands import Command, TimerDue


def staff_id(actor: str) -> str:
    """`psychology:ana` is `ana`: events name people by their own id."""
    return actor.partition(":")[2] or actor


def decided_by(command: Command) -> str | None:
    """Who wanted it; nobody, where its time had come."""
    return None if isinstance(command, TimerDue) else staff_id(command.actor)

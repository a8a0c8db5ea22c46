"""Who acts, as events name them."""


def staff_id(actor: str) -> str:
    """`psychology:ana` is `ana`: events name people by their own id."""
    return actor.partition(":")[2] or actor

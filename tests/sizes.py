"""How much is tried of what never ends: a part of it each time, the whole with THOROUGH=1 (`make thorough`)."""

import os

THOROUGH = os.environ.get("THOROUGH") == "1"


def part_of(whole: int, part: int) -> int:
    """So many runs, people or cases: `whole` where all is wanted, else `part`."""
    return whole if THOROUGH else part

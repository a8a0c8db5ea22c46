"""Words that more than one of the service's events use."""

from typing import Literal

Occasion = Literal["start", "middle", "end"]

AsideReason = Literal["not_for_me", "too_hard_now", "known_already", "other"]
"""Why a module is left undone. A local list; there is no published one."""

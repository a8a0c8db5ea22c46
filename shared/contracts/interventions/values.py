"""Words that more than one of the service's events use."""

from typing import Literal

Occasion = Literal["start", "middle", "end"]

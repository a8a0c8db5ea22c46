"""What a reader may do with a referral now: the service says so, with reasons to choose from. No rule is here."""

from collections.abc import Mapping
from typing import Any

from services.portal.calls import Json, at
from services.portal.options import Options
from services.portal.visit import Visit


class Allowed:
    """`why_not` tells of each action that is not possible now why that is so."""

    def __init__(self, rows: list[Json]) -> None:
        self._rows: Mapping[str, Json] = {row["action"]: row for row in rows}

    def __contains__(self, action: str) -> bool:
        return bool(self._rows.get(action, {}).get("allowed"))

    def reasons(self, action: str) -> Options:
        """The reasons of which one is chosen, in the reader's words."""
        return [(reason["code"], reason["sentence"]) for reason in self._rows[action]["reasons"]]

    @property
    def why_not(self) -> list[tuple[str, str]]:
        return [(name, row["why_not_sentence"]) for name, row in self._rows.items() if not row["allowed"]]


async def allowed(visit: Visit, referral_id: str) -> Allowed:
    """For whoever visits."""
    rows: list[Any] = await visit.get("referrals", at("referrals", referral_id, "actions"), language=visit.language)
    return Allowed(rows)

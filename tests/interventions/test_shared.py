"""What a patient opened of their treatment, asked at each reading: two people see different things."""

from pathlib import Path

from tests.interventions.service import serving, started
from tests.interventions.test_carers import LUIS, MARTA, ROSA, Asked


async def test_each_sees_what_is_open_to_them_and_closing_acts_on_the_next_reading(tmp_path: Path) -> None:
    async with serving(tmp_path) as http:
        await started(http, ROSA)
        asked = Asked(luis=frozenset({"progress"}), marta=frozenset({"scores"}))
        http.core.permissions = asked
        luis, marta = (f"/patients/{ROSA.id}/shared?caregiver_id={who.id}" for who in (LUIS, MARTA))
        seen = await http.get(LUIS, luis)
        assert set(seen) == {"progress"}
        assert seen == await http.get(ROSA, luis), "the patient sees the same"
        assert set(await http.get(MARTA, marta)) == {"scores"}
        await http.get(MARTA, luis, status=404)
        assert asked.open is not None
        asked.open["luis"] = frozenset()
        assert await http.get(LUIS, luis) == {}
        del asked.open["luis"]
        await http.get(LUIS, luis, status=404)
        asked.open = None
        await http.get(MARTA, marta, status=503)

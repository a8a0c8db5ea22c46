"""What patients have open to somebody at this moment, asked of the one record that decides."""

from shared.runtime.errors import Unavailable
from shared.runtime.http import Caller
from shared.runtime.permissions import Opened


async def opened_to(caller: Caller, recipient_id: str, patient_ids: list[str]) -> dict[str, Opened]:
    """By patient. Raises `Unavailable`: then nothing of it is shown."""
    asked = caller.core.permissions
    if not patient_ids:
        return {}
    if asked is None:
        raise Unavailable("there is nobody to ask what is open")
    return {id: await asked.opened(id, recipient_id) for id in patient_ids}

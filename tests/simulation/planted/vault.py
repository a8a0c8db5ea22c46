"""Personal data: sealed before it is stored, and gone for good after an erasure."""

from tests.simulation.planted.fault import Planted

_VAULT = "shared.runtime.vault"

FAULTS = (
    Planted(
        "name-not-personal",
        "",
        "services.referrals.domain.patient.state",
        "name: Personal[str] = None\n    email: Personal[str] = None\n    birth_date",
        "name: str | None = None\n    email: Personal[str] = None\n    birth_date",
        "a name is stored for everybody to read",
    ),
    Planted(
        "nested-fields-not-sealed",
        "",
        _VAULT,
        "elif name in nesting:",
        "elif False:",
        "what is personal inside of something else is stored for everybody to read",
    ),
    Planted(
        "key-made-again",
        "",
        _VAULT,
        "        entry = await self._keys.get(person)\n",
        "        entry = await self._keys.get(person)\n"
        '        if entry is not None and "key" not in entry:\n'
        "            entry = self._wrapped(person, self._random(32))\n"
        "            await self._keys.replace(person, entry)\n",
        "an erased person is known again after the next change",
    ),
    Planted(
        "key-remembered-for-long",
        "",
        _VAULT,
        "_CACHE_FOR = timedelta(seconds=30)",
        "_CACHE_FOR = timedelta(days=300)",
        "an erased person is still written to",
    ),
    Planted(
        "erased-person-is-an-error",
        "",
        _VAULT,
        "    if key is None:\n        return None\n",
        "    if key is None:\n        raise Erased\n",
        "what holds an erased person's data can no longer be read at all",
    ),
)

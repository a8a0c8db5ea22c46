"""What pages load besides their text: our style, our script, and htmx out of its package.

An address changes with what it leads to, so that browsers may keep it; an older version under it could be kept as well,
which is why only the present addresses last.
"""

import hashlib
from importlib import resources
from pathlib import Path

STATIC = Path(__file__).parent / "static"
HTMX = resources.files("django_htmx").joinpath("static/django_htmx/htmx-2.min.js").read_bytes()


def _address(name: str, content: bytes) -> str:
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:10]}"


ADDRESSES = {
    "style": _address("carepath.css", (STATIC / "carepath.css").read_bytes()),
    "script": _address("refresh.js", (STATIC / "refresh.js").read_bytes()),
    "htmx": _address("htmx.js", HTMX),
}
_LASTING = frozenset(ADDRESSES.values())


def caching(path: str, query: str) -> str:
    """How long a browser may keep what is there. Pages hold what only one person may see; a shared computer must not
    keep them.
    """
    if not path.startswith("/static/"):
        return "no-store"
    return "public, max-age=31536000, immutable" if f"{path}?{query}" in _LASTING else "public, max-age=3600"

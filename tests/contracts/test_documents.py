"""docs/events is written from the code, and says what the code says."""

from pathlib import Path

from deploy.events import DOCS, documents

REMEDY = "run `python -m deploy.events --write`"


def test_the_documents_of_all_events_are_fresh() -> None:
    stale = [str(path) for path, text in documents().items() if not path.exists() or _read(path) != text]
    assert not stale, f"{stale} differ from the code: {REMEDY}"


def test_no_document_is_left_of_an_event_that_is_gone() -> None:
    assert set(DOCS.iterdir()) - documents().keys() == set(), "delete what no event stands for any more"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")

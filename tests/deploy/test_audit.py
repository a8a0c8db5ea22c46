"""The operator's command: what it says and how it ends, over the files of a clinic."""

import asyncio
import subprocess
import sys
from pathlib import Path

from tests.runtime.stores import open_by_words
from tests.runtime.tampering import TAMPERING, everything, put_in_place, written


def _written(folder: Path, tamper: str = "") -> list[str]:
    """A folder with an audit in it; the lines in which its heads are kept."""
    place = ["sqlite", str(folder / "referrals.db")]

    async def work() -> list[str]:
        store = open_by_words(place)
        await store.engine.open([])
        heads = await written(store)
        records = await everything(store)
        await store.engine.close()
        if tamper == "end":
            put_in_place(place, records[:-2])
        elif tamper:
            TAMPERING[tamper][0](records)
            put_in_place(place, records)
        return [f'{{"chain": "{head.chain}", "n": {head.n}, "hash": "{head.hash}"}}' for head in heads]

    return asyncio.run(work())


def _run(folder: Path, *more: str) -> tuple[int, str]:
    call = [sys.executable, "-m", "deploy.audit", "verify", "--store", f"sqlite:{folder}", "--service", "referrals"]
    done = subprocess.run([*call, *more], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_whole_audit_ends_well_and_says_where_its_chains_end(tmp_path: Path) -> None:
    heads = _written(tmp_path)
    end, said = _run(tmp_path)
    assert end == 0, said
    assert "referrals: whole, 20 records in 2 chains" in said
    assert "No heads were given" in said
    kept = tmp_path / "kept.txt"
    kept.write_text(said, encoding="utf-8")
    end, again = _run(tmp_path, "--heads", str(kept))
    assert end == 0
    assert "No heads were given" not in again
    assert len(heads) == 2


def test_a_changed_record_is_named(tmp_path: Path) -> None:
    _written(tmp_path, "edited")
    end, said = _run(tmp_path)
    assert end == 1
    assert "referrals: NOT WHOLE" in said
    assert "record 6: it was changed after it was written" in said


def test_a_cut_is_found_against_a_file_of_heads(tmp_path: Path) -> None:
    heads = _written(tmp_path, "end")
    assert _run(tmp_path)[0] == 0
    kept = tmp_path / "heads.jsonl"
    kept.write_text("\n".join(heads), encoding="utf-8")
    end, said = _run(tmp_path, "--heads", str(kept))
    assert end == 1
    assert "had 10 records at least: its end was cut off" in said


def test_what_cannot_be_read_is_said_with_what_to_do(tmp_path: Path) -> None:
    end, said = _run(tmp_path / "elsewhere")
    assert end == 2
    assert "give the folder of the data by --store" in said

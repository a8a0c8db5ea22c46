"""Finds the recordings that a clinic supplies, in the folder that its file names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from shared.contracts.recordings import MEDIA_TYPES
from shared.contracts.referrals import Language

_NAME = re.compile(rf"([a-z0-9]+(?:-[a-z0-9]+)*)\.({'|'.join(get_args(Language))})\.({'|'.join(MEDIA_TYPES)})")
_HOW = "name it <name>.en.mp3 or <name>.es.mp3 (or .m4a, .ogg), in small letters, digits and hyphens, or take it away"
_NOTES = (".md", ".txt")
_BEGINS = {
    "mp3": re.compile(rb"ID3|\xff[\xe2-\xff]"),
    "m4a": re.compile(rb".{4}ftyp", re.DOTALL),
    "ogg": re.compile(rb"OggS"),
}
_LARGEST = 64 * 1024 * 1024


def put_recordings(clinic: Path, data: dict[str, Any]) -> list[str]:
    """Puts what the folder holds where the clinic's file, at `clinic`, names it under `recordings`.

    The path counts from the clinic's file. Notes may lie beside them. Answers the faults, each with its remedy.
    """
    if data.get("recordings") is None:
        data.pop("recordings", None)
        return []
    named = data.pop("recordings")
    if not isinstance(named, str):
        return [f"{clinic}, key recordings: is no path; write that of a folder, counted from this file"]
    folder = clinic.parent / named
    if not folder.is_dir():
        return [f"{clinic}, key recordings: there is no folder {folder}; correct the path, or make it"]
    found: dict[tuple[str, str], dict[str, str]] = {}
    faults = []
    for file in _files(folder):
        match = _NAME.fullmatch(file.name)
        if match is None or not file.is_file():
            faults.append(f"{file}: nobody would hear this; {_HOW}")
            continue
        name, language, kind = match.groups()
        if fault := _unfit(file, folder, kind):
            faults.append(f"{file}: {fault}")
            continue
        if before := found.get((name, language)):
            faults.append(f"{file}: {Path(before['path']).name} is the same in another format; keep one of the two")
        found[name, language] = {"name": name, "language": language, "kind": kind, "path": str(file.resolve())}
    data["recordings"] = list(found.values())
    return faults


def _unfit(file: Path, folder: Path, kind: str) -> str | None:
    """Why a file of that name is none that is to be heard. What lies elsewhere is not shown by mistake."""
    if not file.resolve().is_relative_to(folder.resolve()):
        return "leads out of the folder; copy the recording itself here"
    if file.stat().st_size > _LARGEST:
        return "is larger than 64 MB; make it shorter, or save it smaller"
    with file.open("rb") as sound:
        begins = sound.read(12)
    if not _BEGINS[kind].match(begins):
        return f"does not begin as a {kind} does; save it as one, or name it by what it is"
    return None


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.iterdir()):
        if not file.name.startswith(".") and file.suffix not in _NOTES:
            yield file

"""Slips and malice in a file that people edit: each takes the text of a sound file and gives one that may not be."""

import re
from collections.abc import Callable
from random import Random

from services.interventions.catalogue.module import Activity, Check, Module, Obstacle, Page, Practice, Session, Step
from services.interventions.catalogue.programme import MeasurePlan, Outline, Place, Source
from services.interventions.catalogue.worksheet import Option, Worksheet, WorksheetField

Mutation = Callable[[Random, str], str | bytes]

_PARTS = (Module, Session, Page, Activity, Step, Practice, Obstacle, Check, Outline, MeasurePlan, Source, Place)
_NAMES = {name for part in (*_PARTS, Worksheet, WorksheetField, Option) for name in part.model_fields}
# Prose has colons too, and what stands there is nobody's slip.
_KEY = re.compile(rf"^(\s*(?:- )?)({'|'.join(sorted(_NAMES))}):(.*)$")

_VALUES = (
    *("", '""', '" "', "-1", "0", "99999999999999999999", "1.5", ".inf", ".nan", "yes", "null", "~", "[]", "{}"),
    *("[a, b]", "{a: b}", "2026-02-31", "2026-02-03", "12:30:45", "no-such-thing", "0x_", "=", "<<", "|", ">-"),
    *("PHQ-99", "[PEG, XYZ]", "{id: nowhere, version: 1}", "9" * 5000, "x" * 5000),
)
_TAGS = (
    *("!!python/object:os.system x", "!!python/object/apply:os.system ['true']", "!!python/name:os.system ''"),
    *("!!binary eA==", "!!set {a}", "!!int ''", "!!bool maybe", "!!timestamp never", "!!float ''", "!own x"),
    *("!!omap [a: b]", "!!python/tuple [a]", "!!map {a: b}x", "!%zz x", "!!python/module:os"),
)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _with_key(rng: Random, text: str) -> tuple[list[str], int, re.Match[str]]:
    """A line that has a key, by chance."""
    for lines in (_lines(text), ["title: lost\n"]):
        found = [(number, match) for number, line in enumerate(lines) if (match := _KEY.match(line.rstrip("\n")))]
        if found:
            return lines, *rng.choice(found)
    raise AssertionError("no key at all")


def _under(lines: list[str], number: int) -> int:
    """Where what belongs to the key of that line ends."""
    depth = len(lines[number]) - len(lines[number].lstrip())
    end = number + 1
    while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > depth):
        end += 1
    return end


def drop_key(rng: Random, text: str) -> str:
    lines, number, _ = _with_key(rng, text)
    return "".join(lines[:number] + lines[_under(lines, number) :])


def double_key(rng: Random, text: str) -> str:
    lines, number, _ = _with_key(rng, text)
    end = _under(lines, number)
    return "".join(lines[:end] + lines[number:end] + lines[end:])


def misspell_key(rng: Random, text: str) -> str:
    lines, number, match = _with_key(rng, text)
    key = match[2]
    place = rng.randrange(len(key))
    lines[number] = f"{match[1]}{key[:place]}{rng.choice('qzÑA')}{key[place + 1 :]}:{match[3]}\n"
    return "".join(lines)


def wrong_value(rng: Random, text: str) -> str:
    """Another type, nothing, a number out of range, a reference to nothing."""
    lines, number, match = _with_key(rng, text)
    value = rng.choice(_VALUES)
    lines[number : _under(lines, number)] = [f"{match[1]}{match[2]}: {value}\n"]
    return "".join(lines)


def drop_language(rng: Random, text: str) -> str:
    lines = _lines(text)
    places = [number for number, line in enumerate(lines) if line.strip().startswith(("en:", "es:"))]
    if not places:
        return drop_key(rng, text)
    number = rng.choice(places)
    return "".join(lines[:number] + lines[_under(lines, number) :])


def indent(rng: Random, text: str) -> str:
    lines = _lines(text)
    number = rng.randrange(len(lines))
    lines[number] = " " + lines[number] if rng.random() < 0.5 else lines[number].removeprefix(" ")
    return "".join(lines)


def tab(rng: Random, text: str) -> str:
    lines = _lines(text)
    number = rng.randrange(len(lines))
    lines[number] = "\t" + lines[number].lstrip(" ")
    return "".join(lines)


def stray_sign(rng: Random, text: str) -> str:
    """A quotation mark that is not closed, a bracket, a colon, and what else slips in."""
    place = rng.randrange(len(text) + 1)
    sign = rng.choice(['"', "'", "[", "]", "{", "}", ": ", "- ", "#", " #", "&a ", "*a", "!", "%", "@", "`", "|", "? "])
    return text[:place] + sign + text[place:]


def cut(rng: Random, text: str) -> str:
    return text[: rng.randrange(len(text))]


def swap_lines(rng: Random, text: str) -> str:
    lines = _lines(text)
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return "".join(lines)


def same_id(rng: Random, text: str) -> str:
    """One id of the file takes the place of another."""
    ids = re.findall(r"\bid: ([a-z0-9-]+)", text)
    return text.replace(f"id: {rng.choice(ids)}", f"id: {rng.choice(ids)}", 1) if ids else text


def cycle(rng: Random, text: str) -> str:
    """A module waits for one that comes later, or for itself."""
    ids = re.findall(r"\{id: ([a-z0-9-]+), ", text)
    if not ids:
        return wrong_value(rng, text)
    return text.replace(f"{{id: {rng.choice(ids)}, ", f"{{id: {rng.choice(ids)}, after: [{rng.choice(ids)}], ", 1)


def other_version(rng: Random, text: str) -> str:
    return re.sub(r"\bversion: \d+", f"version: {rng.choice(['0', '2', '-1', 'one', '1.0', '99'])}", text, count=1)


def windows_lines(rng: Random, text: str) -> bytes:
    return text.replace("\n", rng.choice(["\r\n", "\r"])).encode()


def mark_in_front(rng: Random, text: str) -> bytes:
    return b"\xef\xbb\xbf" + text.encode()


def other_encoding(rng: Random, text: str) -> bytes:
    return ("ñ" + text).encode(rng.choice(["latin-1", "utf-16", "utf-16-le"]), "replace")


def stray_byte(rng: Random, text: str) -> bytes:
    raw = text.encode()
    place = rng.randrange(len(raw) + 1)
    return raw[:place] + rng.choice([b"\x00", b"\x07", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\x1b"]) + raw[place:]


def escape(rng: Random, text: str) -> str:
    """A sign that does not show, or does not exist, written with a “\\”."""
    lines, number, match = _with_key(rng, text)
    sign = rng.choice([r"\0", r"\a", r"\ud800", r"\U00110000", r"\UFFFFFFFF", r"\x1b", r"\uFEFF", r"\q"])
    lines[number : _under(lines, number)] = [f'{match[1]}{match[2]}: "word {sign}"\n']
    return "".join(lines)


def tag(rng: Random, text: str) -> str:
    lines, number, match = _with_key(rng, text)
    kind = rng.choice(_TAGS)
    lines[number : _under(lines, number)] = [f"{match[1]}{match[2]}: {kind}\n"]
    return "".join(lines)


def bomb(rng: Random, text: str) -> str:
    """Some pointers to pointers would be a page of many gigabytes."""
    bombs = ["a: &a [x, x]\n", *(f"{two}: &{two} [*{one}, *{one}]\n" for one, two in ("ab", "bc", "cd", "de", "ef"))]
    return rng.choice(["".join(bombs) + text, text + "".join(bombs), "&a [*a]\n", "a: &a {<<: *a}\n" + text])


def deep(rng: Random, text: str) -> str:
    depth = rng.choice([300, 3_000])
    return text + rng.choice(["[" * depth, "{a: " * depth, "- " * depth, "? " * depth, "&a " * depth, "x: " * depth])


def huge(rng: Random, text: str) -> str:
    return text + f"# {'long ' * 99}\n" * rng.choice([700, 1_400])


def more_documents(rng: Random, text: str) -> str:
    return rng.choice(
        [text + "---\n" + text, "%YAML 9.9\n---\n" + text, f"%YAML {'1' * 5000}.1\n---\n" + text, "...\n"]
    )


EVERY: tuple[Mutation, ...] = (
    *(drop_key, double_key, misspell_key, wrong_value, drop_language, indent, tab, stray_sign, cut, swap_lines),
    *(same_id, cycle, other_version, windows_lines, mark_in_front, other_encoding, stray_byte, escape, tag, bomb),
    *(deep, huge, more_documents),
)
HARMLESS = (windows_lines, mark_in_front)
"""Editors do this by themselves."""
NEVER_SOUND = (drop_language, misspell_key, other_encoding, stray_byte, escape, tag, bomb, deep, huge)
"""Whatever they meet, a catalogue with one of these is refused."""

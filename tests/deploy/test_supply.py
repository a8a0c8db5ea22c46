"""What we depend on: locked with hashes, listed for whoever must know, and never called sound without a look."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from deploy import packages

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,-]+\])?==(\S+)", re.MULTILINE)
SOUND = {"dependencies": [{"name": "jinja2", "version": "3.1.6", "vulns": []}], "fixes": []}
FAULTY = {
    "dependencies": [
        {
            "name": "jinja2",
            "version": "3.1.2",
            "vulns": [
                {"id": "GHSA-h5c8-rqwp-cp95", "fix_versions": ["3.1.3"], "aliases": [], "description": "x"},
                {"id": "GHSA-0000", "fix_versions": [], "aliases": [], "description": "x"},
            ],
        }
    ],
    "fixes": [],
}
SKIPPED = {"dependencies": [{"name": "jinja2", "skip_reason": "Dependency not found on PyPI"}], "fixes": []}


@pytest.mark.parametrize("lock", packages.LOCKS)
def test_every_package_is_locked_to_one_version_with_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = [block for block in re.split(r"^(?=\S)", text, flags=re.MULTILINE) if block.strip()]
    assert len(blocks) > 40
    for block in blocks:
        assert PINNED.match(block), block
        assert "--hash=sha256:" in block, block


def test_the_bill_of_materials_names_all_that_is_locked_to_run(tmp_path: Path) -> None:
    recipe = re.search(r"^sbom:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert recipe is not None
    [line] = [line for line in recipe[1].splitlines() if "cyclonedx-py" in line]
    arguments = line.partition("cyclonedx-py ")[2].replace("var/sbom.json", str(tmp_path / "sbom.json")).split()
    subprocess.run([Path(sys.executable).parent / "cyclonedx-py", *arguments], cwd=ROOT, check=True)
    bill: dict[str, Any] = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))
    locked = set(PINNED.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    assert {(one["name"], one["version"]) for one in bill["components"]} == locked
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert bill["metadata"]["component"]["name"] == project["name"]


def test_known_faults_are_told_with_what_mends_them() -> None:
    code, lines = packages.told([packages.verdict(SOUND), packages.verdict(FAULTY)])
    assert code == 1
    assert lines[:2] == [
        "jinja2 3.1.2: GHSA-h5c8-rqwp-cp95, mended in 3.1.3",
        "jinja2 3.1.2: GHSA-0000, mended in no version yet",
    ]


def test_what_could_not_be_looked_at_is_never_called_sound() -> None:
    assert packages.told([packages.verdict(SOUND)]) == (0, ["No known faults in what is locked."])
    assert packages.told([packages.verdict(SKIPPED)])[0] == 1
    assert packages.told([packages.verdict(SOUND), None])[0] == 1


@pytest.mark.parametrize("answer", [None, packages.verdict(SKIPPED), packages.verdict(SOUND)], ids=str)
@pytest.mark.parametrize(("asked", "code"), [([], 3), (["--if-reachable"], 0)])
def test_without_an_answer_it_says_plainly_that_nothing_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: packages.Verdict | None,
    asked: list[str],
    code: int,
) -> None:
    monkeypatch.setattr(packages, "ask", lambda *_: answer)
    monkeypatch.setattr(sys, "argv", ["audit", *asked])
    with pytest.raises(SystemExit) as ended:
        packages.main()
    assert ended.value.code == code
    assert capsys.readouterr().out.startswith("NOT AUDITED: ")


def test_the_checks_before_a_change_look_where_they_can() -> None:
    assert "python -m deploy.packages --if-reachable" in (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "python -m deploy.packages --if-reachable" not in (ROOT / "Makefile").read_text(encoding="utf-8")

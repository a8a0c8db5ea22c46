"""Recordings that a clinic puts in: found by their names, and nothing that nobody would hear is passed over."""

import shutil
from pathlib import Path

import pytest

from services.interventions.catalogue import CatalogueFault
from services.interventions.content import Content
from shared.contracts.clinic import Clinic
from shared.runtime.settings import SettingsFault, load_clinic
from tests.interventions.catalogue.shelf import CATALOGUE

SOUNDS = {"mp3": b"ID3\x04sound", "m4a": b"\x00\x00\x00\x20ftypM4A sound", "ogg": b"OggSsound"}


class Office:
    """A clinic's file, and a folder of recordings beside it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "clinic.yaml"
        shutil.copytree("deploy/triage", folder / "triage")
        text = Path("deploy/clinic.yaml").read_text(encoding="utf-8")
        self.file.write_text(text.replace("#recordings: recordings", "recordings: recordings"), encoding="utf-8")
        self.recordings = folder / "recordings"
        self.recordings.mkdir()

    def put(self, *names: str) -> None:
        for name in names:
            (self.recordings / name).write_bytes(SOUNDS.get(name.rpartition(".")[2], b"sound"))

    def load(self) -> Clinic:
        return load_clinic(self.file)

    def faults(self) -> list[str]:
        with pytest.raises(SettingsFault) as refused:
            self.load()
        return refused.value.faults


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_clinic_that_names_no_folder_has_none() -> None:
    assert load_clinic(Path("deploy/clinic.yaml")).recordings == ()


def test_what_ships_in_the_folder_is_no_recording(office: Office) -> None:
    shutil.copy("deploy/recordings/README.md", office.recordings)
    office.put(".DS_Store", "who spoke what.txt")
    assert office.load().recordings == ()


def test_a_recording_is_found_by_name_and_language(office: Office) -> None:
    office.put("winding-down.en.mp3", "winding-down.es.m4a", "four-tiny-pauses.es.ogg")
    clinic = office.load()
    spanish = clinic.recording("winding-down", "es")
    assert spanish is not None
    assert (spanish.media_type, Path(spanish.path).name) == ("audio/mp4", "winding-down.es.m4a")
    assert Path(spanish.path).is_absolute()
    assert clinic.recording("four-tiny-pauses", "en") is None
    assert clinic.recording(None, "en") is None
    assert Content(clinic, CATALOGUE)


@pytest.mark.parametrize(
    "name",
    [
        "winding-down.mp3",
        "winding-down.fr.mp3",
        "winding-down.en.wav",
        "Winding down.en.mp3",
        "winding-down.en.mp3.part",
        "x%2f..%2fwinding.en.mp3",
    ],
)
def test_a_file_that_nobody_would_hear_is_told(office: Office, name: str) -> None:
    office.put(name)
    [told] = office.faults()
    assert told.startswith(f"{office.recordings / name}: nobody would hear this; name it <name>.en.mp3")


def test_a_folder_and_a_broken_link_are_no_recordings(office: Office) -> None:
    (office.recordings / "a.en.mp3").mkdir()
    (office.recordings / "b.en.mp3").symlink_to("nowhere")
    assert len(office.faults()) == 2


@pytest.mark.parametrize("kind", SOUNDS)
def test_a_file_that_is_not_what_its_name_says_is_told(office: Office, kind: str) -> None:
    for content in (b"<html><script>", b"", b"\xff\xd8\xff\xe0 a picture", b"RIFF....WAVE"):
        (office.recordings / f"winding-down.en.{kind}").write_bytes(content)
        [told] = office.faults()
        assert f"does not begin as a {kind} does" in told


def test_a_link_out_of_the_folder_and_a_file_without_end_are_told(office: Office, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.mp3").write_bytes(SOUNDS["mp3"])
    (office.recordings / "a.en.mp3").symlink_to(tmp_path / "elsewhere.mp3")
    with (office.recordings / "b.en.mp3").open("wb") as huge:
        huge.write(SOUNDS["mp3"])
        huge.truncate(64 * 1024 * 1024 + 1)
    assert [told.partition(": ")[2].split(";")[0] for told in office.faults()] == [
        "leads out of the folder",
        "is larger than 64 MB",
    ]


def test_two_formats_of_the_same_are_told(office: Office) -> None:
    office.put("winding-down.en.mp3", "winding-down.en.ogg")
    [told] = office.faults()
    assert "winding-down.en.mp3 is the same in another format; keep one of the two" in told


def test_a_recording_that_belongs_to_no_activity_stops_the_start_and_names_the_nearest(office: Office) -> None:
    office.put("winding-dwn.en.mp3")
    with pytest.raises(CatalogueFault) as refused:
        Content(office.load(), CATALOGUE)
    [fault] = refused.value.faults
    assert fault.file.endswith("winding-dwn.en.mp3")
    assert fault.problem == "no activity has a recording winding-dwn"
    assert "such as winding-down" in fault.remedy


@pytest.mark.parametrize("written", ["recordings: nowhere", "recordings: [a]", "recordings: 7"])
def test_a_folder_that_is_not_there_is_told(office: Office, written: str) -> None:
    text = office.file.read_text(encoding="utf-8")
    office.file.write_text(text.replace("recordings: recordings\n", f"{written}\n"), encoding="utf-8")
    [told] = office.faults()
    assert "key recordings: " in told

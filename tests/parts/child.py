"""A server as a child process of the tests, which never outlives them, even when they are killed."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.parts.server import Server
from tests.parts.wait import until


class Child:
    """One process and its group, with its output in a file."""

    def __init__(self, command: Sequence[str], folder: Path, log: Path) -> None:
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        # The leash ends the group when our end of the pipe closes, and that happens however we end. (A death signal
        # by prctl would come when the starting thread ends, and tests start servers from short-lived threads.)
        self.leash = subprocess.Popen(
            ["/bin/sh", "-c", 'cat >/dev/null; kill -s KILL -- "-$1"', "leash", str(self.process.pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        # Drop the leash first: once the group is reaped, its number may belong to somebody else.
        self.leash.kill()
        self.leash.communicate()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class ChildServer(Server):
    """A server in a folder of its own: `prepare(data)` fills an empty one, `command(data)` runs it there."""

    def __init__(
        self,
        name: str,
        address: str,
        command: Callable[[Path], Sequence[str]],
        ready: Callable[[], bool],
        prepare: Callable[[Path], None] = lambda data: None,
        patience: float = 60,
    ) -> None:
        super().__init__(address)
        self.name = name
        self.folder = Path(tempfile.mkdtemp(prefix=f"carepath-{name}-"))
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self._command = command
        self._ready = ready
        self._prepare = prepare
        self._patience = patience
        self._child: Child | None = None

    def start(self) -> None:
        if self._child and self._child.alive:
            return
        try:
            if not self.data.exists():
                self.data.mkdir()
                self._prepare(self.data)
            self._child = child = Child(self._command(self.data), self.folder, self.log)
            until(lambda: self._ready() or not child.alive, f"{self.name} ready", self._patience)
            if not child.alive:
                raise RuntimeError(f"{self.name} ended with {child.process.returncode}")
        except BaseException as error:
            error.add_note(self._end_of_log())
            self.kill()
            raise

    def kill(self) -> None:
        if self._child:
            self._child.kill()
            self._child = None

    def wipe(self) -> None:
        if self._child:
            raise RuntimeError(f"{self.name} must be down before its data go")
        shutil.rmtree(self.data, ignore_errors=True)

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end_of_log(self, lines: int = 25) -> str:
        if not self.log.exists():
            return f"{self.name} wrote no log"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

"""A server in a container, where a Docker engine can run one."""

import os
import shutil
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.parts.server import Server
from tests.parts.wait import until

if TYPE_CHECKING:
    from testcontainers.core.container import DockerContainer

# The helper container that cleans up after testcontainers is one more image to fetch; each server here removes its
# own. Read at import of testcontainers, so it is set before.
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")

PULL_SECONDS = 180


def image_ready(image: str) -> bool:
    """Whether an engine answers and has the image, or gets it in time."""
    if not shutil.which("docker") or not _docker("version", seconds=5):
        return False
    return _docker("image", "inspect", image, seconds=5) or _docker("pull", image, seconds=PULL_SECONDS)


def _docker(*words: str, seconds: float) -> bool:
    try:
        return subprocess.run(["docker", *words], capture_output=True, timeout=seconds).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def bound(container: "DockerContainer", inside: int, outside: int) -> "DockerContainer":
    """One port, on this machine only; `with_bind_ports` would open it to the network, and its type lacks this form."""
    container.ports[f"{inside}/tcp"] = ("127.0.0.1", outside)  # type: ignore[assignment]
    return container


class ContainerServer(Server):
    """`build` makes a fresh container with its port bound; emptying it means taking a new one."""

    def __init__(
        self,
        name: str,
        address: str,
        build: "Callable[[], DockerContainer]",
        ready: Callable[[], bool],
        patience: float = 90,
    ) -> None:
        super().__init__(address)
        self.name = name
        self._build = build
        self._ready = ready
        self._patience = patience
        self._container: DockerContainer | None = None

    def start(self) -> None:
        if self._container:
            self._container.get_wrapped_container().start()
        else:
            self._container = self._build()
            self._container.start()
        container = self._container.get_wrapped_container()
        try:
            until(lambda: self._ready() or not self._running(), f"{self.name} ready", self._patience)
            if not self._running():
                raise RuntimeError(f"{self.name} ended as it started")
        except BaseException as error:
            error.add_note(container.logs(tail=25).decode(errors="replace"))
            self.close()
            raise

    def kill(self) -> None:
        if self._container and self._running():
            container = self._container.get_wrapped_container()
            container.kill()
            container.wait()

    def _running(self) -> bool:
        if not self._container:
            return False
        self._container.reload()
        return self._container.status == "running"

    def wipe(self) -> None:
        self.close()

    def close(self) -> None:
        if self._container:
            self._container.stop()
            self._container = None

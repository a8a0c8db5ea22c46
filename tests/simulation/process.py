"""One process of a service: it lives, stands still, and dies with everything that it had in memory."""

import asyncio
from collections.abc import Coroutine
from contextvars import Context, ContextVar
from random import Random
from typing import Any

from tests.simulation.loop import VirtualLoop, WorldClock, wait

_running: ContextVar["Process | None"] = ContextVar("running", default=None)


class Crash(BaseException):
    """The process is no more. Not an `Exception`: nothing in it may live on by catching this."""


class Process:
    """`name` is unique in a run. Every task that its code starts is its own, and ends with it."""

    def __init__(self, service: str, name: str, clock: WorldClock, rng: Random) -> None:
        self.service = service
        self.name = name
        self.clock = clock
        self.rng = rng
        self.alive = True
        self.ended = asyncio.Event()
        self._stands_until = 0.0
        self._tasks: dict[asyncio.Task[Any], None] = {}

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run `work` as this process's own."""
        token = _running.set(self)
        try:
            return asyncio.get_running_loop().create_task(work)
        finally:
            _running.reset(token)

    def die(self) -> None:
        """At once, wherever it is."""
        self.alive = False
        self.ended.set()
        for task in list(self._tasks):
            task.cancel()

    def stand_still(self, seconds: float) -> None:
        """As a process does that the machine has put aside: nothing in it knows."""
        self._stands_until = asyncio.get_running_loop().time() + seconds

    def go_on(self) -> None:
        self._stands_until = 0.0

    @property
    def stands(self) -> bool:
        return self._stands_until > asyncio.get_running_loop().time()

    async def pause(self, seconds: float) -> None:
        """The time that a call takes. Raises `Crash` if the process has died meanwhile."""
        self.check()
        await wait(seconds)
        while self.stands:
            await wait(1.0)
        self.check()

    def check(self) -> None:
        if not self.alive:
            raise Crash

    def adopt(self, task: asyncio.Task[Any]) -> None:
        self._tasks[task] = None
        task.add_done_callback(lambda done: self._tasks.pop(done, None))
        if not self.alive:
            task.cancel()


def own_tasks(loop: VirtualLoop) -> None:
    """Have the loop give each task to the process whose code starts it, and keep silent about those that crashed."""

    def start(_: asyncio.AbstractEventLoop, work: Any, **rest: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **rest)
        context = rest.get("context")
        process = _running.get() if context is None else context.get(_running)
        if process is not None:
            process.adopt(task)
        return task

    loop.set_task_factory(start)


def running() -> Process | None:
    """The process whose code this is."""
    return _running.get()


def nobodys(work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """Run `work` as no process's own: it goes on whoever dies."""
    return asyncio.get_running_loop().create_task(work, context=Context())

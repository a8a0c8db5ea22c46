"""A server that speaks MongoDB's wire protocol: named in the environment, else MongoDB in a container, else SecantusDB.

SecantusDB is a development dependency that keeps its data in WiredTiger, as MongoDB does. It runs as a process of its
own and the product never imports it.
"""

import shutil
import sys
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from tests.parts.child import ChildServer
from tests.parts.container import ContainerServer, bound, image_ready
from tests.parts.missing import Missing
from tests.parts.server import Server, free_port, given, listening

IMAGE = "mongo:8.0.12"
ADVICE = "install the development requirements (make test does), or start Docker, or set CAREPATH_TEST_MONGO"


def mongo() -> Server:
    """A started server; `address` is the connection string. Raises `Missing` where there can be none."""
    server = given("CAREPATH_TEST_MONGO") or (in_container() if image_ready(IMAGE) else native())
    server.start()
    return server


def in_container() -> Server:
    from testcontainers.core.container import DockerContainer

    port = free_port()
    command = ["mongod", "--replSet", "carepath", "--bind_ip_all"]
    return ContainerServer(
        "mongo",
        url(port),
        lambda: bound(DockerContainer(IMAGE).with_command(command), 27017, port),
        lambda: answers(port),
    )


def native() -> Server:
    # Beside this interpreter first: the tests also run without the environment being activated.
    program = shutil.which("secantusd-py", path=str(Path(sys.executable).parent)) or shutil.which("secantusd-py")
    if not program:
        raise Missing(f"mongo: {ADVICE}")
    port = free_port()
    return ChildServer(
        "mongo",
        url(port),
        lambda data: [program, "--port", str(port), "--storage-path", str(data), "--sync-on-commit"],
        lambda: answers(port),
    )


def url(port: int) -> str:
    # Direct, because a one-member set announces itself under a name that only its own machine knows.
    return f"mongodb://127.0.0.1:{port}/?directConnection=true"


def answers(port: int) -> bool:
    """Whether it takes writes; a fresh replica set is made on the way."""
    if not listening(port):
        return False
    client: MongoClient[dict[str, Any]]
    with MongoClient(url(port), serverSelectionTimeoutMS=1000) as client:
        try:
            hello = client.admin.command("hello")
            if hello.get("isWritablePrimary"):
                return True
            if not hello.get("setName"):
                member = {"_id": 0, "host": "127.0.0.1:27017"}
                client.admin.command("replSetInitiate", {"_id": "carepath", "members": [member]})
        except (OperationFailure, PyMongoError):
            return False
    return False

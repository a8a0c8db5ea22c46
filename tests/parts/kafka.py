"""A real Kafka: the one named in the environment, else a container, else the broker's own jars on this machine's Java.

One broker in KRaft mode. Topics are made by the tests; a forgotten one is an error here, as in production.
"""

import fcntl
import shutil
import subprocess
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from tests.parts.child import ChildServer
from tests.parts.container import ContainerServer, bound, image_ready
from tests.parts.missing import Missing
from tests.parts.server import CACHE, Server, free_port, given, listening

VERSION = "4.3.1"
IMAGE = f"apache/kafka:{VERSION}"
LIBS = CACHE / "kafka" / "libs"
JVM = ("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
ADVICE = "install Java 17 and Maven (deploy/install-parts.sh), or start Docker, or set CAREPATH_TEST_KAFKA"

POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>carepath</groupId><artifactId>kafka-for-tests</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{VERSION}</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>{VERSION}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
"""


def kafka() -> Server:
    """A started server; `address` is the bootstrap address. Raises `Missing` where there can be none."""
    server = given("CAREPATH_TEST_KAFKA") or (in_container() if image_ready(IMAGE) else native())
    server.start()
    return server


def settings(host: str, port: int, controller: int, data: str) -> dict[str, str]:
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "listeners": f"PLAINTEXT://{host}:{port},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.listener.names": "CONTROLLER",
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": data,
        "num.partitions": "4",
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": "0",
        # A killed broker may not register again before its old session ends.
        "broker.session.timeout.ms": "3000",
        "broker.heartbeat.interval.ms": "500",
        "offsets.topic.replication.factor": "1",
        # The internal topics are made on first use, and fifty partitions each would be most of that wait.
        "offsets.topic.num.partitions": "1",
        "transaction.state.log.num.partitions": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
    }


def in_container() -> Server:
    from testcontainers.core.container import DockerContainer

    # The same port inside and outside, so that the one advertised address is right on both sides.
    port = free_port()
    env = {
        "KAFKA_" + key.upper().replace(".", "_"): value
        for key, value in settings("0.0.0.0", port, 9093, "/tmp/kafka-logs").items()
    }
    return ContainerServer(
        "kafka",
        f"127.0.0.1:{port}",
        lambda: bound(DockerContainer(IMAGE).with_envs(**env), port, port),
        lambda: answers(port),
    )


def native() -> Server:
    java = java_command()
    port, controller = free_port(), free_port()
    classes = [java, *JVM, "-cp", f"{LIBS}/*"]

    def prepare(data: Path) -> None:
        lines = (f"{key}={value}\n" for key, value in settings("127.0.0.1", port, controller, str(data)).items())
        properties(data).write_text("".join(lines))
        # Any 16 bytes in this form name a cluster.
        format_storage = [
            "kafka.tools.StorageTool",
            "format",
            "-t",
            "Y2FyZXBhdGgtcGFydHMtMQ",
            "-c",
            str(properties(data)),
        ]
        subprocess.run([*classes, *format_storage], check=True, capture_output=True, timeout=60)

    return ChildServer(
        "kafka",
        f"127.0.0.1:{port}",
        lambda data: [*classes, "kafka.Kafka", str(properties(data))],
        lambda: answers(port),
        prepare,
    )


def properties(data: Path) -> Path:
    return data.with_name("server.properties")


def java_command() -> str:
    """The Java to run the broker with, once its jars are on this machine."""
    java, maven = shutil.which("java"), shutil.which("mvn")
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "kafka.lock").open("w") as lock:
        # Parallel test workers: one fetches, the others wait for it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        fetched = (LIBS / VERSION).exists()
        if not java or not (maven or fetched):
            raise Missing(f"kafka: {ADVICE}")
        if not fetched and maven:
            fetch_jars(maven)
    return java


def fetch_jars(maven: str) -> None:
    folder = LIBS.parent
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "pom.xml").write_text(POM)
    command = [maven, "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={LIBS}"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
    except subprocess.TimeoutExpired:
        raise Missing(f"kafka: Maven did not fetch {VERSION} within 10 minutes; {ADVICE}") from None
    if done.returncode:
        reason = next((line for line in done.stdout.splitlines() if "ERROR" in line), f"exit {done.returncode}")
        raise Missing(f"kafka: Maven cannot fetch {VERSION} ({reason[:200]}); {ADVICE}")
    # Written last: a fetch that was cut off is done again.
    (LIBS / VERSION).touch()


def answers(port: int) -> bool:
    """Whether the broker is registered; the socket is open some time before."""
    if not listening(port):
        return False
    client = AdminClient({"bootstrap.servers": f"127.0.0.1:{port}", "log_level": 0})
    try:
        return bool(client.list_topics(timeout=2).brokers)
    except KafkaException:
        return False

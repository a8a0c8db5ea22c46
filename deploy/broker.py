"""The embedded broker behind `make demo`: Kafka's protocol without a Kafka to install.

The confluent-kafka wheel carries librdkafka, and librdkafka carries a mock cluster that speaks the real protocol on a
real port, in this process. Its Python face only offers `test.mock.num.brokers`: topics appear on use with four
partitions, and joining a group takes three seconds. So on a Linux wheel we call the bundled library itself, through
ctypes, and get no join delay, topics with the partitions we want, and a broker that can be taken down and up.
Anywhere else the simple way remains, without `down` and `up`.

It is for a demonstration and for tests of our own behaviour, never for data: about five megabytes a partition, then
the oldest messages go; admin requests to create topics fail; one group holds one consumer reliably, and a consumer
that comes back to its group waits for the session timeout less a second before it is let in.
"""

import ctypes
import glob
import os.path
from typing import Any, Protocol

import confluent_kafka
from confluent_kafka.admin import AdminClient

BROKER_ID = 1
SIMPLE_PARTITIONS = 4


class Cluster(Protocol):
    """One of the two ways to run the mock cluster; it runs from construction to `close`."""

    address: str

    def create_topic(self, name: str, partitions: int) -> None: ...

    def set_up(self, up: bool) -> None: ...

    def close(self) -> None: ...


class EmbeddedBroker:
    """One broker on a free port of 127.0.0.1; `partitions` is what a topic gets unless its creation says otherwise.

    A topic that is used before it is created gets four partitions, whatever is asked for here: create them first.
    """

    def __init__(self, partitions: int = 4) -> None:
        self.partitions = partitions
        self._cluster: Cluster | None = None

    def start(self) -> str:
        """Start and return the bootstrap address, `127.0.0.1:port`."""
        if self._cluster is None:
            library = bundled_library()
            self._cluster = BundledCluster(library) if library else SimpleCluster()
        return self._cluster.address

    def create_topic(self, name: str, partitions: int | None = None) -> None:
        self._running().create_topic(name, partitions or self.partitions)

    def down(self) -> None:
        """Drop all connections and refuse new ones; messages and committed offsets stay."""
        self._running().set_up(False)

    def up(self) -> None:
        """Listen again, on the same address."""
        self._running().set_up(True)

    def stop(self) -> None:
        if self._cluster is not None:
            self._cluster.close()
            self._cluster = None

    def _running(self) -> Cluster:
        if self._cluster is None:
            raise RuntimeError("the embedded broker is not started")
        return self._cluster


class BundledCluster:
    """The mock cluster through librdkafka's C interface (rdkafka_mock.h)."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        error = ctypes.create_string_buffer(512)
        # A producer only because every client has a kind; it sends nothing. It owns the configuration from here on.
        configuration = library.rd_kafka_conf_new()
        library.rd_kafka_conf_set(configuration, b"log_level", b"0", error, len(error))
        self._client = library.rd_kafka_new(0, configuration, error, len(error))
        if not self._client:
            raise RuntimeError(f"the embedded broker did not start: {error.value.decode()}")
        self._cluster = library.rd_kafka_mock_cluster_new(self._client, 1)
        if not self._cluster:
            library.rd_kafka_destroy(self._client)
            raise RuntimeError("the embedded broker did not start: no mock cluster")
        library.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, 0)
        self.address = library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode()

    def create_topic(self, name: str, partitions: int) -> None:
        self._check(self._library.rd_kafka_mock_topic_create(self._cluster, name.encode(), partitions, 1))

    def set_up(self, up: bool) -> None:
        change = self._library.rd_kafka_mock_broker_set_up if up else self._library.rd_kafka_mock_broker_set_down
        self._check(change(self._cluster, BROKER_ID))

    def close(self) -> None:
        self._library.rd_kafka_mock_cluster_destroy(self._cluster)
        self._library.rd_kafka_destroy(self._client)

    def _check(self, code: int) -> None:
        if code:
            raise RuntimeError(f"embedded broker: {self._library.rd_kafka_err2str(code).decode()}")


class SimpleCluster:
    """The mock cluster that an ordinary client starts beside itself, for as long as that client lives."""

    def __init__(self) -> None:
        self._client: AdminClient | None = AdminClient({"test.mock.num.brokers": 1, "log_level": 0})
        (broker,) = self._client.list_topics(timeout=10).brokers.values()
        self.address = f"{broker.host}:{broker.port}"

    def create_topic(self, name: str, partitions: int) -> None:
        if partitions != SIMPLE_PARTITIONS:
            raise RuntimeError(f"here the embedded broker gives every topic {SIMPLE_PARTITIONS} partitions")
        if self._client is not None:
            # Asking about a topic is what makes it.
            self._client.list_topics(name, timeout=10)

    def set_up(self, up: bool) -> None:
        raise RuntimeError("taking the embedded broker down needs the Linux wheel of confluent-kafka")

    def close(self) -> None:
        self._client = None


def bundled_library() -> ctypes.CDLL | None:
    """The wheel's own librdkafka, or None where its name or its functions are not those of the Linux wheels."""
    package = os.path.dirname(confluent_kafka.__file__)
    found = glob.glob(os.path.join(f"{package}.libs", "librdkafka*.so*"))
    if len(found) != 1:
        return None
    try:
        library = ctypes.CDLL(found[0])
        for name, result, arguments in SIGNATURES:
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError):
        return None
    return library


_pointer, _text, _int = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int

# Without these, ctypes takes every result for a 32-bit number and cuts the pointers in half.
SIGNATURES: list[tuple[str, Any, list[Any]]] = [
    ("rd_kafka_conf_new", _pointer, []),
    ("rd_kafka_conf_set", _int, [_pointer, _text, _text, _text, ctypes.c_size_t]),
    ("rd_kafka_new", _pointer, [_int, _pointer, _text, ctypes.c_size_t]),
    ("rd_kafka_destroy", None, [_pointer]),
    ("rd_kafka_err2str", _text, [_int]),
    ("rd_kafka_mock_cluster_new", _pointer, [_pointer, _int]),
    ("rd_kafka_mock_cluster_destroy", None, [_pointer]),
    ("rd_kafka_mock_cluster_bootstraps", _text, [_pointer]),
    ("rd_kafka_mock_group_initial_rebalance_delay_ms", None, [_pointer, ctypes.c_int32]),
    ("rd_kafka_mock_topic_create", _int, [_pointer, _text, _int, _int]),
    ("rd_kafka_mock_broker_set_down", _int, [_pointer, ctypes.c_int32]),
    ("rd_kafka_mock_broker_set_up", _int, [_pointer, ctypes.c_int32]),
]

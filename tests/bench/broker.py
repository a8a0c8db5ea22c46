"""The embedded broker as a process of its own: prints its address, and ends with its standard input.

`python -m tests.bench.broker PARTITIONS`. For all three systems it is the same, and none of its work counts as theirs.
"""

import sys

from deploy.broker import EmbeddedBroker
from tests.bench.system import NOTIFICATIONS, REFERRALS


def main() -> None:
    broker = EmbeddedBroker()
    address = broker.start()
    for topic in (REFERRALS, NOTIFICATIONS, "carepath.interventions"):
        broker.create_topic(topic, int(sys.argv[1]))
    print(address, flush=True)
    sys.stdin.read()
    broker.stop()


if __name__ == "__main__":
    main()

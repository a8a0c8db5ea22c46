"""Makes the topics of `topics.yaml` before any service starts. At later starts they only get its settings."""

import os
import sys
from concurrent.futures import Future
from pathlib import Path

import yaml
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourceType,
)
from pydantic import BaseModel, ConfigDict, Field, ValidationError

FILE = Path(__file__).with_name("topics.yaml")
_BROKER_SECONDS = 60.0


class Topics(BaseModel):
    """What `topics.yaml` says."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    topics: tuple[str, ...] = Field(min_length=1)
    partitions: int = Field(ge=1)
    replicas: int = Field(ge=1)
    settings: dict[str, str] = {}


def read(path: Path = FILE) -> Topics:
    """The topics to make. Raises `ValidationError` or `yaml.YAMLError`."""
    return Topics.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def make(kafka: str, wanted: Topics) -> list[str]:
    """Make what is missing, apply the settings to all; one line for each topic. Raises `KafkaException`."""
    client = AdminClient({"bootstrap.servers": kafka, "log_level": 0})
    client.list_topics(timeout=_BROKER_SECONDS)
    fresh = [NewTopic(name, wanted.partitions, wanted.replicas, config=wanted.settings) for name in wanted.topics]
    made = {name for name, answer in client.create_topics(fresh).items() if _is_new(answer)}
    settings = [
        ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET) for name, value in wanted.settings.items()
    ]
    for answer in client.incremental_alter_configs(
        [ConfigResource(ResourceType.TOPIC, name, incremental_configs=settings) for name in wanted.topics]
    ).values():
        answer.result()
    found = client.list_topics(timeout=_BROKER_SECONDS).topics
    return [_report(name, name in made, len(found[name].partitions), wanted.partitions) for name in wanted.topics]


def _is_new(answer: Future[None]) -> bool:
    try:
        answer.result()
    except KafkaException as fault:
        if fault.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise
        return False
    return True


def _report(name: str, made: bool, partitions: int, wanted: int) -> str:
    if made:
        return f"{name}: made with {wanted} partitions"
    if partitions == wanted:
        return f"{name}: is there"
    # Another number of partitions moves keys between them, so it is for a person to decide.
    return f"{name}: is there with {partitions} partitions, not {wanted}; it stays so until you change it by hand"


def main() -> None:
    kafka = os.environ.get("CAREPATH_KAFKA", "kafka:9092")
    try:
        print("\n".join(make(kafka, read())))
    except (ValidationError, yaml.YAMLError) as fault:
        sys.exit(f"{FILE} cannot be used: {fault}")
    except KafkaException as fault:
        sys.exit(f"Kafka at {kafka} did not make the topics ({fault.args[0].str()}); start it or mend CAREPATH_KAFKA")


if __name__ == "__main__":
    main()

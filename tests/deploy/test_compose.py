"""`docker-compose.yml` starts what we wrote, with all it needs, and gives nothing away."""

import re
import shutil
import stat
import subprocess
from base64 import b64decode
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType

from deploy.compose import topics
from deploy.compose.token import operator_token
from services.portal.settings import load_portal_settings
from shared.contracts.catalogue import PUBLISHERS, topic_of
from shared.runtime.auth import User, read
from shared.runtime.clock import SystemClock
from shared.runtime.settings import SettingsFault, load_clinic, load_settings
from tests.parts.kafka import IMAGE as KAFKA_IMAGE
from tests.parts.missing import Missing, need
from tests.parts.mongo import IMAGE as MONGO_IMAGE
from tests.parts.wait import until

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docker-compose.yml"
TEXT = FILE.read_text(encoding="utf-8")
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")
OURS = (*PUBLISHERS, "portal")


def without_env_file(text: str) -> dict[str, Any]:
    """What compose makes of the file where there is no .env."""
    loaded: dict[str, Any] = yaml.safe_load(VARIABLE.sub(lambda found: found[2] or "", text))
    return loaded


COMPOSE = without_env_file(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Secrets as an operator gets them; the script is run where the repository is not."""
    folder = tmp_path_factory.mktemp("compose")
    shutil.copy(ROOT / "deploy/compose/make-secrets.sh", folder)
    subprocess.run(["sh", folder / "make-secrets.sh"], check=True, capture_output=True)
    return folder / "secrets"


def as_in_container(name: str, secrets: Path) -> Mapping[str, str]:
    """The environment of a container, its mounted files being where they are on this machine."""
    service = SERVICES[name]
    places = {mount["target"]: str(ROOT / mount["source"]) for mount in service["volumes"]}
    for secret in service["secrets"]:
        places[f"/run/secrets/{secret}"] = str(secrets / Path(COMPOSE["secrets"][secret]["file"]).name)
    return {key: places.get(value, value) for key, value in service["environment"].items()}


@pytest.mark.parametrize("name", OURS)
def test_each_container_runs_its_own_program(name: str) -> None:
    assert SERVICES[name]["command"] == ["python", "-m", f"services.{name}.main"]
    assert find_spec(f"services.{name}.main")


@pytest.mark.parametrize("name", PUBLISHERS)
def test_each_service_has_every_setting_that_it_needs(name: str, secrets: Path) -> None:
    settings = load_settings(as_in_container(name, secrets))
    assert settings.host == "0.0.0.0"
    assert settings.services == {other: f"http://{other}:{settings.port}" for other in PUBLISHERS}
    assert f":{settings.port}/health/ready" in SERVICES[name]["healthcheck"]["test"][-1]
    assert (settings.kafka, settings.smtp) == ("kafka:9092", "smtp://mail:1025")
    assert "replicaSet=carepath" in settings.store


@pytest.mark.parametrize("name", OURS)
def test_the_triage_rules_are_mounted_and_in_the_image_where_the_clinic_file_looks_for_them(name: str) -> None:
    mounted = {mount["target"]: ROOT / mount["source"] for mount in SERVICES[name]["volumes"]}
    clinic = Path(SERVICES[name]["environment"]["CAREPATH_CLINIC"])
    rules = clinic.parent / yaml.safe_load(mounted[str(clinic)].read_text(encoding="utf-8"))["triage_rules"]
    assert (mounted[str(rules.parent)] / rules.name).is_file()
    assert "COPY deploy/triage deploy/triage\n" in (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
    assert "!deploy/triage/*.yaml" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("folder", ["measures", "recordings"])
@pytest.mark.parametrize("name", OURS)
def test_what_a_clinic_supplies_is_mounted_beside_the_clinic_file_and_exists(name: str, folder: str) -> None:
    clinic = Path(SERVICES[name]["environment"]["CAREPATH_CLINIC"])
    [mount] = [one for one in SERVICES[name]["volumes"] if one["target"] == str(clinic.parent / folder)]
    assert mount["read_only"]
    assert (ROOT / mount["source"]).is_dir()


def test_the_portal_gets_no_key_that_opens_personal_data(secrets: Path) -> None:
    environment = as_in_container("portal", secrets)
    assert SERVICES["portal"]["secrets"] == ["token_secret", "sso_client_secret"]
    assert not any(name.startswith(("CAREPATH_MASTER_KEY", "CAREPATH_STORE", "CAREPATH_VAULT")) for name in environment)
    assert "data" not in SERVICES["portal"]["networks"]


def test_the_portal_has_every_setting_that_it_needs(secrets: Path) -> None:
    environment = as_in_container("portal", secrets)
    assert load_portal_settings(environment).services == {name: f"http://{name}:8000" for name in PUBLISHERS}
    issuer = {"CAREPATH_SSO_ISSUER": "https://login.harbour.example"}
    with pytest.raises(SettingsFault) as fault:
        load_portal_settings({**environment, **issuer})
    assert len(fault.value.faults) == 1, "all but the meaning of the claims is there"
    assert "sign_in: is missing" in fault.value.faults[0]
    assert (environment["CAREPATH_HOST"], environment["CAREPATH_PORT"]) == ("0.0.0.0", "8000")


def test_nobody_is_signed_in_without_a_password_and_who_asks_for_it_is_told_why(secrets: Path) -> None:
    environment = dict(as_in_container("portal", secrets))
    assert not load_portal_settings(environment).development_sign_in
    # What somebody writes in .env gets there, so that the portal refuses it in words.
    assert '"${CAREPATH_DEVELOPMENT_SIGN_IN:-no}"' in TEXT
    with pytest.raises(SettingsFault, match="works only in the embedded mode"):
        load_portal_settings(environment | {"CAREPATH_DEVELOPMENT_SIGN_IN": "yes"})


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "topics"])
def test_all_that_runs_on_tells_whether_it_is_ready_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_services_start_after_what_they_need_is_ready_and_the_portal_after_them() -> None:
    ready = {"condition": "service_healthy"}
    for name in PUBLISHERS:
        waits = SERVICES[name]["depends_on"]
        assert waits == {"kafka": ready, "mongo": ready, "topics": {"condition": "service_completed_successfully"}}
    assert SERVICES["portal"]["depends_on"] == dict.fromkeys(PUBLISHERS, ready)


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_can_do_little_harm(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"].split(":")[0] not in ("", "0", "root")
    assert service["tmpfs"]
    assert {"mem_limit", "cpus", "pids_limit"} <= service.keys()


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned(name: str) -> None:
    image, _, tag = SERVICES[name]["image"].rpartition(":")
    assert image
    if "build" in SERVICES[name]:
        assert (ROOT / SERVICES[name]["build"]["dockerfile"]).is_file()
    else:
        assert re.fullmatch(r"v?\d+\.\d+\.\d+", tag)


def test_the_image_has_a_pinned_base_hashed_packages_and_no_root() -> None:
    lines = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^ARG PYTHON_IMAGE=python:3\.12\.\d+-slim", lines, re.M)
    assert set(re.findall(r"^FROM (\S+)", lines, re.M)) == {"${PYTHON_IMAGE}"}
    assert "--require-hashes" in lines
    assert re.search(r"^USER 10001", lines, re.M)


def test_the_same_kafka_and_mongo_are_tested_and_run() -> None:
    assert (SERVICES["kafka"]["image"], SERVICES["mongo"]["image"]) == (KAFKA_IMAGE, MONGO_IMAGE)


def test_only_pages_are_published_and_on_this_machine_only() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"portal": ["127.0.0.1:8080:8000"], "mail": ["127.0.0.1:8025:8025"]}
    for name in ("kafka", "mongo"):
        assert SERVICES[name]["networks"] == ["data"]
    assert COMPOSE["networks"]["data"] == {"internal": True}


def test_no_secret_stands_in_the_file() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD|TOKEN|MASTER_KEY", name):
                assert name.endswith("_FILE")
                assert value.startswith("/run/secrets/")
    ignored = (ROOT / "deploy/compose/secrets/.gitignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith("./deploy/compose/secrets/")


def test_only_named_parts_of_the_repository_can_get_into_the_image() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert not any("secrets" in rule or ".env" in rule for rule in rules)


def test_secrets_are_made_once_and_kept(secrets: Path) -> None:
    before = {path.name: path.read_text(encoding="utf-8") for path in secrets.glob("*.txt")}
    assert before.keys() == {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    assert len(b64decode(before["master_key.txt"], validate=True)) == 32
    assert len(before["token_secret.txt"]) == len(before["sso_client_secret.txt"]) == 64
    subprocess.run(["sh", secrets.parent / "make-secrets.sh"], check=True)
    assert before == {path.name: path.read_text(encoding="utf-8") for path in secrets.glob("*.txt")}
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700


def test_the_example_of_env_tells_every_variable_and_its_default() -> None:
    used = dict(VARIABLE.findall(TEXT))
    told = dict(re.findall(r"^#(\w+)=(.*)$", (ROOT / ".env.example").read_text(encoding="utf-8"), re.M))
    assert used == told


def test_the_topics_are_those_of_the_catalogue_and_keep_two_weeks() -> None:
    wanted = topics.read()
    assert set(wanted.topics) == {topic_of(service) for service in PUBLISHERS}
    assert wanted.partitions == 6
    assert int(wanted.settings["retention.ms"]) >= 14 * 24 * 3600 * 1000
    assert "min.insync.replicas" in wanted.settings


@pytest.mark.kafka
def test_topics_are_made_once_and_their_settings_mended(kafka_address: str) -> None:
    name = f"made-{uuid4().hex[:8]}"
    wanted = topics.read().model_copy(update={"topics": (name,)})
    assert topics.make(kafka_address, wanted) == [f"{name}: made with 6 partitions"]
    assert topics.make(kafka_address, wanted) == [f"{name}: is there"]
    longer = wanted.model_copy(update={"settings": wanted.settings | {"retention.ms": "1300000000"}, "partitions": 9})
    assert "6 partitions, not 9" in topics.make(kafka_address, longer)[0]
    client = AdminClient({"bootstrap.servers": kafka_address})

    def mended() -> bool:
        (answer,) = client.describe_configs([ConfigResource(ResourceType.TOPIC, name)]).values()
        settings = {key: entry.value for key, entry in answer.result().items()}
        return (settings["retention.ms"], settings["min.insync.replicas"]) == ("1300000000", "1")

    # A broker takes a moment to show what it has already answered for.
    until(mended, "the mended settings")


def test_a_token_is_given_to_an_operator_of_the_clinic_only() -> None:
    clinic, now = load_clinic(ROOT / "deploy/clinic.yaml"), SystemClock().now()
    token = operator_token(clinic, "s" * 32, "op-byrne", now)
    assert read("s" * 32, token, now) == User("op-byrne", "operator")
    with pytest.raises(ValueError, match="dr-okafor is no operator of this clinic; operators are: op-byrne"):
        operator_token(clinic, "s" * 32, "dr-okafor", now)


def compose_clients() -> list[list[str]]:
    """Every compose on this machine, the old one and the new one. Raises `Missing` where there is none."""
    found = [["docker-compose"]] if shutil.which("docker-compose") else []
    if shutil.which("docker") and not subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
        found.append(["docker", "compose"])
    if not found:
        raise Missing("compose: install docker-compose (deploy/install-parts.sh)")
    return found


@pytest.mark.parametrize("more", [(), ("deploy/compose/override.example.yml",)], ids=["plain", "override"])
def test_compose_itself_takes_the_file(more: tuple[str, ...]) -> None:
    files = [word for path in ("docker-compose.yml", *more) for word in ("-f", path)]
    for client in need(compose_clients):
        done = subprocess.run([*client, *files, "config"], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert yaml.safe_load(done.stdout)["services"].keys() == SERVICES.keys()

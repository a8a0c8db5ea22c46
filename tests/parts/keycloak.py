"""A real sign-in service: Keycloak, as its distribution on Maven Central runs on this machine's Java.

It begins with one realm, one client and the staff of the demo clinic. What a test changes there it changes by the
service's own administration, as an operator would.
"""

import fcntl
import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import httpx

from tests.parts.child import ChildServer
from tests.parts.missing import Missing
from tests.parts.server import CACHE, free_port

VERSION = "26.5.6"
HOME = CACHE / f"keycloak-{VERSION}"
REALM, CLIENT, SECRET, PASSWORD = "clinic", "carepath", "a-secret-of-the-client-for-tests", "a-password-for-tests"
ADMIN = "admin"
ADVICE = "install Java 17 or newer and Maven (deploy/install-parts.sh)"
_ROLES = {
    "dr-okafor": ("pain-team", "/pain/north"),
    "psy-tanaka": ("psychology", "/psychology"),
    "op-byrne": ("it", None),
    "stranger": ("psychology", None),
}


class Keycloak:
    """A started one. `issuer` is what it calls itself."""

    def __init__(self, portal_url: str) -> None:
        self.port, management = free_port(), free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.issuer = f"{self.address}/realms/{REALM}"
        java, home = java_home(), fetched()
        environment = {
            "JAVA_HOME": str(java),
            "PATH": os.environ["PATH"],
            "KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN,
            "KC_BOOTSTRAP_ADMIN_PASSWORD": PASSWORD,
            "JAVA_OPTS_KC_HEAP": "-Xms128m -Xmx512m",
            "JAVA_OPTS_APPEND": "-XX:TieredStopAtLevel=1",
        }

        def prepare(data: Path) -> None:
            # It writes into its own folder when it starts, so each has a copy.
            for part in ("bin", "conf", "lib", "providers", "themes"):
                shutil.copytree(home / part, data / part)
            (data / "data" / "import").mkdir(parents=True)
            (data / "data" / "import" / f"{REALM}-realm.json").write_text(json.dumps(realm(portal_url)))

        def command(data: Path) -> list[str]:
            options = [
                "start-dev",
                "--import-realm",
                "--http-host=127.0.0.1",
                f"--http-port={self.port}",
                f"--http-management-port={management}",
                "--cache=local",
            ]
            settings = [f"{name}={value}" for name, value in environment.items()]
            return ["env", "-i", *settings, "bash", str(data / "bin" / "kc.sh"), *options]

        self.server = ChildServer("keycloak", self.address, command, self._answers, prepare, patience=240)

    def start(self) -> None:
        """Start it, and return when it answers."""
        self.server.start()

    def close(self) -> None:
        """End it and leave nothing behind."""
        self.server.close()

    def user(self, name: str) -> str:
        """The id of somebody there."""
        [found] = self._admin("GET", "users", params={"username": name, "exact": "true"})
        return str(found["id"])

    def enable(self, name: str, enabled: bool) -> None:
        """Lock somebody out, or let them in again."""
        self._admin("PUT", f"users/{self.user(name)}", json={"enabled": enabled})

    def role(self, name: str, role: str, given: bool) -> None:
        """Give somebody a role, or take it away."""
        described = self._admin("GET", f"roles/{role}")
        path = f"users/{self.user(name)}/role-mappings/realm"
        self._admin("POST" if given else "DELETE", path, json=[described])

    def rotate_key(self) -> None:
        """From now on it signs with a new key."""
        id = self._admin("GET", "")["id"]
        config = {"priority": ["200"], "enabled": ["true"], "active": ["true"], "keySize": ["2048"]}
        made = {
            "name": "newer",
            "providerId": "rsa-generated",
            "providerType": "org.keycloak.keys.KeyProvider",
            "parentId": id,
            "config": config,
        }
        self._admin("POST", "components", json=made)

    def sessions(self, name: str) -> int:
        """In how many places somebody is signed in there."""
        return len(self._admin("GET", f"users/{self.user(name)}/sessions"))

    def _admin(self, method: str, path: str, **more: Any) -> Any:
        asked = {"grant_type": "password", "client_id": "admin-cli", "username": ADMIN, "password": PASSWORD}
        token = httpx.post(f"{self.address}/realms/master/protocol/openid-connect/token", data=asked, trust_env=False)
        headers = {"Authorization": f"Bearer {token.json()['access_token']}"}
        place = f"{self.address}/admin/realms/{REALM}/{path}".rstrip("/")
        answer = httpx.request(method, place, headers=headers, timeout=30, trust_env=False, **more)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def _answers(self) -> bool:
        try:
            answer = httpx.get(f"{self.issuer}/.well-known/openid-configuration", timeout=5, trust_env=False)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200


def realm(portal_url: str) -> dict[str, Any]:
    """As an operator would set it up, by docs/operating.md."""
    client = {
        "clientId": CLIENT,
        "secret": SECRET,
        "standardFlowEnabled": True,
        "directAccessGrantsEnabled": False,
        "redirectUris": [f"{portal_url}/sign-in/staff/back"],
        "attributes": {
            "post.logout.redirect.uris": f"{portal_url}/sign-in",
            "pkce.code.challenge.method": "S256",
        },
        "protocolMappers": [
            _mapper("roles", "oidc-usermodel-realm-role-mapper", "realm_access.roles"),
            _mapper("groups", "oidc-group-membership-mapper", "groups"),
        ],
    }
    users = [
        {
            "username": name,
            "enabled": True,
            "email": f"{name}@harbour.example",
            "emailVerified": True,
            "firstName": name,
            "lastName": "Of the staff",
            "credentials": [{"type": "password", "value": PASSWORD, "temporary": False}],
            "realmRoles": [role],
            "groups": [team] if team else [],
        }
        for name, (role, team) in _ROLES.items()
    ]
    groups = [{"name": "psychology"}, {"name": "pain", "subGroups": [{"name": "north"}]}]
    roles = {"realm": [{"name": name} for name in sorted({role for role, _ in _ROLES.values()})]}
    names = {"realm": REALM, "enabled": True, "sslRequired": "none", "roles": roles, "groups": groups}
    return {**names, "clients": [client], "users": users}


def _mapper(name: str, kind: str, claim: str) -> dict[str, Any]:
    config = {
        "claim.name": claim,
        "multivalued": "true",
        "full.path": "true",
        "jsonType.label": "String",
        "id.token.claim": "true",
        "access.token.claim": "true",
    }
    return {"name": name, "protocol": "openid-connect", "protocolMapper": kind, "config": config}


def java_home() -> Path:
    """The home of the Java that runs it. Raises `Missing`."""
    java = shutil.which("java")
    if java is None:
        raise Missing(f"keycloak: {ADVICE}")
    return Path(java).resolve().parents[1]


def fetched() -> Path:
    """Where its distribution is unpacked. Raises `Missing`."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "keycloak.lock").open("w") as lock:
        # Parallel test workers: one fetches, the others wait for it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (HOME / "fetched").exists():
            maven = shutil.which("mvn")
            if not maven:
                raise Missing(f"keycloak: {ADVICE}")
            _fetch(maven)
    return HOME


def _fetch(maven: str) -> None:
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    artifact = f"-Dartifact=org.keycloak:keycloak-quarkus-dist:{VERSION}:tar.gz"
    command = [maven, "-q", "-B", "dependency:copy", artifact, f"-DoutputDirectory={HOME}"]
    try:
        done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, timeout=600)
    except subprocess.TimeoutExpired:
        raise Missing(f"keycloak: Maven did not fetch {VERSION} within 10 minutes; {ADVICE}") from None
    if done.returncode:
        reason = next((line for line in done.stdout.splitlines() if "ERROR" in line), f"exit {done.returncode}")
        raise Missing(f"keycloak: Maven cannot fetch {VERSION} ({reason[:200]}); {ADVICE}")
    [archive] = HOME.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(HOME, filter="data")
    [unpacked] = [one for one in HOME.iterdir() if one.is_dir()]
    for part in list(unpacked.iterdir()):
        part.rename(HOME / part.name)
    archive.unlink()
    # Written last: a fetch that was cut off is done again.
    (HOME / "fetched").touch()

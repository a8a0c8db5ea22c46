#!/bin/sh
# Installs what the tests with real servers need from the system: a browser and a font for the portal, Java and Maven
# for Kafka and Keycloak, docker-compose to read its file. Everything else comes with `make test`. Run it again at
# will; where all is there it changes nothing.
set -eu

has() { command -v "$1" >/dev/null 2>&1; }

has_browser() { has chromium || has chromium-browser || has google-chrome; }

has_font() { ls /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf >/dev/null 2>&1 || { has fc-list && fc-list | grep -q .; }; }

# The first number of the version; Java 8 and older call themselves 1.x, which is too old just the same.
has_java() { has java && [ "$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)" -ge 17 ] 2>/dev/null; }

has_compose() { has docker-compose || { has docker && docker compose version >/dev/null 2>&1; }; }

missing=
has_browser || missing="$missing chromium"
has_font || missing="$missing fonts-dejavu-core"
has_java || missing="$missing openjdk-17-jre-headless"
has mvn || missing="$missing maven"
has_compose || missing="$missing docker-compose"

if [ -z "$missing" ]; then
    echo "install-parts: nothing is missing"
    exit 0
fi

# Ubuntu's package called chromium only fetches a snap, which a container cannot run.
if ! has apt-get || [ "$(id -u)" -ne 0 ] || ! grep -qx 'ID=debian' /etc/os-release; then
    echo "install-parts: please install (names as in Debian, Java 17 or newer):$missing" >&2
    exit 1
fi

apt-get update
# shellcheck disable=SC2086 # a list of names
DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $missing
echo "install-parts: installed$missing"

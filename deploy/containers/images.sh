#!/usr/bin/env bash
# Makes the images that the container tests need: those that others publish are pulled, or stood in for where they cannot
# be had; then annuity-ledger's own is built. The engine must run (engine.sh).
#
# Prints their names on standard output, as NAME=VALUE lines that compose.yaml and the tests know: KAFKA_IMAGE,
# PYTHON_IMAGE, ANNUITY_LEDGER_IMAGE. Its argument is the Python of an environment that has the product's libraries; the
# one that `make` makes unless given.
#
# A stand-in has a name of its own, so that nobody takes it for what it stands in for.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
python="$(realpath -s "${1:-.venv/bin/python}")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
exec 3>&1 1>&2

version="$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)"
system="$(. /etc/os-release && echo "$ID:$VERSION_CODENAME")"
base="annuity-ledger-standin/$system"
export DOCKER_BUILDKIT=1

# A client that can build with secrets: its own builder (before 23), or buildx.
docker_build() {
    local client
    for client in docker /usr/bin/docker; do
        if "$client" build --help 2> /dev/null | grep -q -- --secret; then
            "$client" build --quiet "$@"
            return
        fi
    done
    echo 'No docker client here builds with BuildKit; install docker.io, or the buildx plugin.'
    return 1
}

# available NAME: whether the image is here or can be pulled.
available() {
    docker image inspect "$1" > /dev/null 2>&1 || timeout 300 docker pull --quiet "$1" > /dev/null 2>&1
}

# The system that this machine runs, with Python, from where its packages come from.
base_standin() {
    docker image inspect "$base" > /dev/null 2>&1 && return
    if ! command -v mmdebstrap > /dev/null; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends mmdebstrap > /dev/null
    fi
    apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI) $(COMPONENT)' 'Created-By: Packages' \
        | awk '$1 == "Debian" || $1 == "Ubuntu" { print "deb", $3, $2, $4 }' | sort -u > "$work/sources.list"
    mmdebstrap --quiet --mode=root --variant=minbase --include=ca-certificates,python3,python3-venv \
        --dpkgopt=path-exclude='/usr/share/doc/*' --dpkgopt=path-exclude='/usr/share/man/*' \
        --dpkgopt=path-exclude='/usr/share/locale/*' --customize-hook='rm -f "$1"/etc/apt/sources.list' \
        "${system#*:}" "$work/base.tar" "$work/sources.list"
    docker import "$work/base.tar" "$base" > /dev/null
    rm "$work/base.tar"
}

# Apache Kafka, from the jars and the Java of the embedded broker.
kafka_standin() {
    local name="annuity-ledger-standin/kafka:${1##*:}"
    base_standin
    cp -r deploy/containers/standins/kafka "$work/kafka"
    "$python" -m deploy.containers.kafka_files "$work/kafka"
    docker_build --build-arg BASE="$base" --tag "$name" "$work/kafka" > /dev/null
    echo "$name"
}

# What pip is told on this machine, for the build: never part of the image.
pip_secrets() {
    local bundle="${PIP_CERT:-${SSL_CERT_FILE:-}}"
    echo '[global]' > "$work/pip.conf"
    "$python" -m pip config list | awk -F "='" ' # what the environment says comes first, and counts
        { name = $1; sub(/.*\./, "", name); value = $2; sub(/\047$/, "", value); gsub(/\\n/, " ", value) }
        name ~ /^(index-url|extra-index-url|trusted-host|proxy|timeout|default-timeout|retries)$/ && !(name in seen) {
            seen[name]; print name " = " value
        }' >> "$work/pip.conf"
    secrets=(--secret "id=pip.conf,src=$work/pip.conf")
    if [[ -n $bundle && -f $bundle ]]; then
        echo 'cert = /run/secrets/ca.pem' >> "$work/pip.conf"
        secrets+=(--secret "id=ca.pem,src=$bundle")
    fi
}

kafka="$(sed -n 's/.*KAFKA_IMAGE:-\(.*\)}$/\1/p' deploy/compose.yaml)"
python_image="$(sed -n 's/^ARG PYTHON_IMAGE=//p' deploy/Dockerfile)"
if ! available "$kafka"; then
    echo "$kafka cannot be pulled: a stand-in is used."
    kafka="$(kafka_standin "$kafka")"
fi
if ! available "$python_image"; then
    echo "$python_image cannot be pulled: a stand-in is used."
    base_standin
    python_image="$base"
fi
pip_secrets
docker_build --file deploy/Dockerfile --build-arg PYTHON_IMAGE="$python_image" "${secrets[@]}" \
    --tag "annuity-ledger:$version" . > /dev/null
printf '%s\n' "KAFKA_IMAGE=$kafka" "PYTHON_IMAGE=$python_image" "ANNUITY_LEDGER_IMAGE=annuity-ledger:$version" >&3

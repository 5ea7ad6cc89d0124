#!/usr/bin/env bash
# Sees to it that a container engine and Compose are there: where none answers, Debian's (or Ubuntu's) are installed and
# dockerd is started in the background. Needs root only for that.
#
# Prints the process id of the dockerd that it started, alone on a line; nothing where one was running already. Whoever
# called it ends that process when it is done. All else goes to standard error.
set -euo pipefail
log="${ENGINE_LOG:-/var/log/dockerd.log}"
exec 3>&1 1>&2

# install NAME...: those of the packages that this system offers; their names differ between releases.
install() {
    if [[ $(id -u) != 0 ]] || ! command -v apt-get > /dev/null; then
        echo "Please install and start a container engine with Compose; it cannot be done from here."
        exit 1
    fi
    local name offered=()
    [[ -n ${updated:-} ]] || apt-get update -qq
    updated=yes
    for name in "$@"; do
        apt-cache show "$name" > /dev/null 2>&1 && offered+=("$name")
    done
    ((${#offered[@]})) || return 0
    echo "Installing ${offered[*]}."
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${offered[@]}" > /dev/null
}

compose() {
    docker compose version > /dev/null 2>&1 || command -v docker-compose > /dev/null
}

if ! docker info > /dev/null 2>&1; then
    command -v dockerd > /dev/null || install docker.io docker-cli docker-buildx
    setsid nohup dockerd > "$log" 2>&1 < /dev/null 3>&- &
    started=$!
    for _ in $(seq 120); do
        docker info > /dev/null 2>&1 && break
        kill -0 "$started" 2> /dev/null || break
        sleep 0.5
    done
    if ! docker info > /dev/null 2>&1; then
        echo "dockerd does not answer; the end of $log:"
        tail -n 20 "$log"
        kill "$started" 2> /dev/null || true
        exit 1
    fi
    echo "$started" >&3
fi

# As a plugin where there is one, or as a command of its own: both read the same file.
compose || install docker-compose-v2
compose || install docker-compose
compose || { echo 'There is no Compose to be had here.'; exit 1; }

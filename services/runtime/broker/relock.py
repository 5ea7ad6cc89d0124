"""Writes `jars.lock` anew: `python -m services.runtime.broker.relock`, part of `make lock`."""

import tempfile
from pathlib import Path

from jgo.maven import Artifact, MavenContext

from services.runtime.broker.lockfile import KAFKA_VERSION, sha256_of

_WANTED = (
    f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}",
    f"org.apache.kafka:kafka-clients:{KAFKA_VERSION}",  # left alone the resolver takes 3.8.0, which breaks the broker
    "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3",  # without it Kafka logs nothing
)
_HEADER = f"""\
# The jars of Apache Kafka {KAFKA_VERSION}, one a line: SHA-256, bytes, Maven coordinate. In class path order.
# Written by `make lock`; do not edit.
"""


def relock() -> str:
    """The text of a new lock file: what `_WANTED` needs at run time, resolved and downloaded afresh."""
    with tempfile.TemporaryDirectory() as cache:
        context = MavenContext(repo_cache=Path(cache), local_repos=[], timeout=60)
        return _HEADER + "".join(_line(artifact) for artifact in _resolve(context))


def _resolve(context: MavenContext) -> list[Artifact]:
    wanted = [context.create_dependency(coordinate) for coordinate in _WANTED]
    for dependency in wanted:
        dependency.scope = "compile"  # else the resolver leaves out what these need themselves
    direct, transitive = context.resolver.resolve(wanted)
    return [dependency.artifact for dependency in [*direct, *transitive] if dependency.scope in {"compile", "runtime"}]


def _line(artifact: Artifact) -> str:
    path = artifact.resolve()
    coordinate = f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}"
    return f"{sha256_of(path)} {path.stat().st_size:>8} {coordinate}\n"


if __name__ == "__main__":
    Path(__file__).with_name("jars.lock").write_text(relock(), encoding="ascii")

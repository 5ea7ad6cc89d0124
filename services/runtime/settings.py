"""What an installation can set, read from the environment.

Every name is prefixed `ANNUITY_LEDGER_` (`ANNUITY_LEDGER_PARTITIONS=12`) but for `KAFKA_BOOTSTRAP_SERVERS`, which other
tools read too. A variable that is set but empty counts as not set. A value that cannot be right is refused when the
settings are made, not where it is used.
"""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from contracts_schema.sizes import REQUEST_BYTES, REQUEST_BYTES_MOST
from services.runtime.credentials import CredentialSettings


def default_cache_dir() -> Path:
    """`annuity-ledger` in $XDG_CACHE_HOME, which is `~/.cache` unless it is set to an absolute path."""
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".cache") / "annuity-ledger"


def default_data_dir() -> Path:
    """`annuity-ledger` in $XDG_STATE_HOME, which is `~/.local/state` unless it is set to an absolute path."""
    base = Path(os.environ.get("XDG_STATE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".local" / "state") / "annuity-ledger"


class Settings(CredentialSettings):
    """One installation's settings; frozen, so that no part of a process sees others than its neighbour does."""

    model_config = SettingsConfigDict(
        env_prefix="ANNUITY_LEDGER_",
        env_ignore_empty=True,
        frozen=True,
        populate_by_name=True,
        hide_input_in_errors=True,  # it may be a password
    )

    bootstrap_servers: str | None = Field(default=None, validation_alias="KAFKA_BOOTSTRAP_SERVERS")
    """The cluster to work on, as `host:port,...`; None means the embedded broker, or a refusal where there is none."""

    topic_prefix: str = Field(default="", pattern=r"^[A-Za-z0-9._-]{0,100}$")
    """Put before every topic, consumer group and transactional id, so that several installations share a cluster."""

    partitions: int = Field(default=12, ge=1)
    """Partitions of every topic keyed by participant. Part of the book: it never changes once `ledger-log` exists."""

    replication_factor: int = Field(default=1, ge=1)
    """Copies kept of each topic when it is created."""

    session_timeout_s: float = Field(default=6, gt=0)
    """Seconds without a heartbeat after which a worker counts as dead and its partitions go to another."""

    transaction_timeout_ms: int = Field(default=15_000, ge=1_000)
    """Milliseconds after which the broker aborts a transaction whose owner is gone."""

    batch_max_records: int = Field(default=10_000, ge=1)
    """At most so many input records make up one transaction; fewer where so many would take long to fold."""

    linger_ms: int | None = Field(default=None, ge=0)
    """Under light load a partition's transactions are so far apart: a transaction costs several round trips, however
    small. None means 8 for each partition of the topics, at most 100: the broker bears the transactions of all."""

    store: Literal["memory", "rocksdb"] = "rocksdb"
    """Where workers keep state: on disk, or in memory alone.

    `rocksdb` is right for most. Requests are answered for 400 days, some 2 KB each: ten million are 20 GB, which no
    worker should need memory for, and which would all be read again whenever a worker starts. On disk a restart reads
    what is lacking, and a request costs a few hundredths more CPU. `memory` is for small books and for containers
    that have no disk: it does without `data_dir`, and a restart reads the changelogs whole.
    """

    data_dir: Path = Field(default_factory=default_data_dir)
    """Holds the databases of `rocksdb`: copies, made again from the changelogs where they are missing. It may be
    shared by all workers of a machine and must be on a disk of the machine's own.
    """

    cache_dir: Path = Field(default_factory=default_cache_dir)
    """Holds what can be had again: the embedded broker's jars, and the logs of its last runs."""

    trusted_submitters: Annotated[tuple[str, ...], NoDecode] = ()
    """Submitters whose `received_at` fixes the trade date under every contract; for all others the record's timestamp
    rules. In the environment: names separated by commas."""

    request_max_bytes: int = Field(default=REQUEST_BYTES, ge=1024, le=REQUEST_BYTES_MOST)
    """The most bytes that intake reads as a request; a larger one is a dead letter, its bytes kept."""

    metrics_port: int | None = Field(default=None, ge=0, le=65_535)
    """Where a worker serves its metrics for Prometheus; unset for none, 0 for any free port. METRICS.md lists them."""

    metrics_address: str = "0.0.0.0"  # noqa: S104 -- see METRICS.md; nothing is served unless a port is set
    """The address they are served at: every one, because in a container nobody could reach 127.0.0.1."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """The least severe level that is logged."""

    log_format: Literal["auto", "console", "json"] = "auto"
    """How: columns for people, or a JSON object a line; `auto` is columns where standard error is a terminal."""

    @property
    def cluster(self) -> str:
        """`bootstrap_servers`, for whoever cannot do without; raises `LookupError` when none are named."""
        if self.bootstrap_servers is None:
            raise LookupError("No broker is named: set KAFKA_BOOTSTRAP_SERVERS.")
        return self.bootstrap_servers

    @field_validator("trusted_submitters", mode="before")
    @classmethod
    def _split_names(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(name for part in value.split(",") if (name := part.strip()))
        return value

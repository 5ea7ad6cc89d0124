"""The rows by their letters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.benchmarks import counting_rows, ledger_rows
from tests.benchmarks.bench import Bench
from tests.benchmarks.close_row import close
from tests.benchmarks.domain_rows import domain
from tests.benchmarks.figures import Figure
from tests.benchmarks.flow_row import flow
from tests.benchmarks.growth_row import growth
from tests.benchmarks.intake_row import intake
from tests.benchmarks.latency_row import latency
from tests.benchmarks.recovery_row import recovery
from tests.benchmarks.replay_row import replay


@dataclass(frozen=True, slots=True)
class Row:
    """What is measured, and how: `run` gives its figures."""

    what: str
    run: Callable[[Bench], Iterator[Figure]]


ROWS = {
    "a": Row("aiokafka alone", counting_rows.raw),
    "b": Row("stock Faust", counting_rows.stock_faust),
    "c": Row("Quix Streams", counting_rows.quix),
    "d": Row("our runtime", counting_rows.ours),
    "k": Row("Kafka Streams", counting_rows.kafka_streams),
    "e": Row("domain core alone", domain),
    "f": Row("ledger worker", ledger_rows.ours),
    "g": Row("intake worker", intake),
    "h": Row("Quix Streams with the domain core", ledger_rows.quix),
    "l": Row("latency", latency),
    "m": Row("growth", growth),
    "n": Row("close of a day", close),
    "p": Row("requests of others during a close", flow),
    "r": Row("recovery", recovery),
    "y": Row("ten years", replay),
}

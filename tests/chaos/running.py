"""A run from beginning to end: broker, workers, senders and faults; then the checks."""

import asyncio
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

from contracts_schema.topics import TOPICS
from services.runtime.broker import EmbeddedBroker
from services.runtime.reading import read_topic
from services.runtime.settings import Settings
from services.runtime.topics import create_topics
from tests.chaos import checking, evidence
from tests.chaos.draining import drain
from tests.chaos.findings import Findings
from tests.chaos.fleet import Fleet
from tests.chaos.injecting import USUAL, Injector
from tests.chaos.plan import SERVICES, Fault, Kind, Trigger
from tests.chaos.sending import Pace, Sender
from tests.chaos.traffic import Traffic, business_days, contract

LEAST_DAYS, MOST_DAYS = 22, 60
_SECONDS_A_FAULT = 5.0
_TERMS_S = 60.0


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is made from. All workers keep their state, if on disk, in one folder, as on one machine. `code`: a
    folder whose `services` the workers run instead of this repository's.
    """

    seed: int
    requests: int
    faults: tuple[Fault, ...]
    store: str = "memory"
    partitions: int = 4
    participants: int = 300
    code: Path | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it. `missed` says what the run should have shown and did not; `died` which workers ended by
    themselves.
    """

    requests: int
    faults: int
    findings: Findings
    failovers: list[float]
    missed: list[str]
    died: list[str]
    logs: Path

    @property
    def clean(self) -> bool:
        """All is as promised, and the run was one."""
        return self.findings.clean and not self.missed and not self.died

    def __str__(self) -> str:
        p50, worst = (median(self.failovers), self.failovers[-1]) if self.failovers else (0.0, 0.0)
        counted = f"requests={self.requests} faults={self.faults} {self.findings}"
        return f"{counted} failover_p50={p50:.1f} failover_max={worst:.1f}"


def run(options: Options) -> Report:
    """Do it all; takes about five seconds a fault, and what the checks take. The workers' logs are kept unless all is
    clean.
    """
    logs = Path(tempfile.mkdtemp(prefix=f"annuity-ledger-chaos-{options.seed}-"))
    with EmbeddedBroker() as broker:
        settings = Settings(bootstrap_servers=broker.bootstrap_servers, topic_prefix="", partitions=options.partitions)
        create_topics(settings, TOPICS)
        store = {"ANNUITY_LEDGER_STORE": options.store, "ANNUITY_LEDGER_DATA_DIR": str(logs / "state")}
        fleet = Fleet(settings, logs, store, options.code)
        try:
            report = _run(options, settings, broker, fleet)
        finally:
            fleet.stop()
    if report.clean:
        shutil.rmtree(logs, ignore_errors=True)
    return report


def _run(options: Options, settings: Settings, broker: EmbeddedBroker, fleet: Fleet) -> Report:
    days = business_days(min(MOST_DAYS, max(LEAST_DAYS, len(options.faults))))
    random = Random(f"traffic {options.seed}")  # noqa: S311 -- to be drawn again from the same seed
    traffic = Traffic(options.requests, options.participants, days, random)
    pace = Pace(len(days), _SECONDS_A_FAULT * len(options.faults) / len(days))
    sender = Sender(settings, traffic, pace)
    injector = Injector(fleet, broker, pace, Random(f"victims {options.seed}"))  # noqa: S311 -- as above
    _send_under_faults(options, settings, sender, injector)
    drained = drain(settings, str(days[-1]), injector.pump)
    fleet.stop()
    return Report(
        sender.sent,
        injector.hit.total(),
        _checked(settings, sender.sent, traffic),
        injector.failovers.seconds(),
        [
            *([] if drained else ["not everything was answered: nothing moved any more"]),
            *_missed(injector, options.faults),
        ],
        fleet.died,
        fleet.logs,
    )


def _send_under_faults(options: Options, settings: Settings, sender: Sender, injector: Injector) -> None:
    for service in SERVICES * USUAL:
        injector.fleet.start(service)
    sender.deliver(contract())
    _await_terms(settings, injector)
    sender.start()
    injector.run(options.faults)
    injector.settle()
    while sender.is_alive():
        injector.pump(0.2)
    if sender.error is not None:
        raise RuntimeError(f"the senders failed, so the run says nothing: {sender.error}")


def _await_terms(settings: Settings, injector: Injector) -> None:
    """Who is trusted to say when a request was received is in the terms."""
    deadline = time.monotonic() + _TERMS_S
    while not asyncio.run(read_topic(settings.cluster, "ledger-log", partition=0)):
        if time.monotonic() > deadline:
            raise TimeoutError("the terms were not taken up")
        injector.pump(0.5)


def _checked(settings: Settings, sent: int, traffic: Traffic) -> Findings:
    found, gathered = Findings(), asyncio.run(evidence.gather(settings))
    checking.check_carried(gathered, sent, traffic.poison, found)
    checking.check_answered(gathered, traffic.contents, traffic.repeats, found)
    checking.check_sequences(gathered, found)
    checking.check_days(gathered, [str(day) for day in traffic.days], found)
    checking.check_replay(gathered, found)
    return found


def _missed(injector: Injector, plan: tuple[Fault, ...]) -> list[str]:
    """Each kind of fault must have happened, each trigger been seen, a third of them while a day was settled."""
    missed = [f"no fault of kind {kind}" for kind in {f.kind for f in plan} if not injector.hit[kind]]
    wanted = Counter(fault.trigger for fault in plan)
    missed += [f"{trigger} was never seen" for trigger in wanted if not injector.seen[trigger]]
    if injector.seen[Trigger.SETTLING] * 3 < len(plan) and len({f.kind for f in plan}) == len(Kind):
        missed.append(f"only {injector.seen[Trigger.SETTLING]} faults while a day was settled")
    return missed

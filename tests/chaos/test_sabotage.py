"""What exactly-once rests on, taken away piece by piece: chaos must see each, or it would see nothing.

Slow, and so no part of a plain test run: `make chaos-sabotage`.
"""

from pathlib import Path

import pytest

from tests.chaos.findings import COUNTERS
from tests.chaos.plan import Fault, Kind, Trigger
from tests.chaos.running import Options, Report, run
from tests.chaos.sabotage import SABOTAGES, patched

SEED = 3


def _hit(kind: Kind, trigger: Trigger, service: str, delay_ms: float = 0.0) -> Fault:
    return Fault(kind, trigger, service, 1.5, delay_ms, 9.0 if kind is Kind.ZOMBIE else 1.0)


FAULTS = (
    _hit(Kind.ZOMBIE, Trigger.TRANSACTION, "ledger"),
    _hit(Kind.KILL, Trigger.CLOSING, "reference", 6.0),
    _hit(Kind.KILL, Trigger.TRANSACTION, "intake", 8.0),
    _hit(Kind.ZOMBIE, Trigger.TRANSACTION, "intake"),
    _hit(Kind.KILL, Trigger.SETTLING, "ledger", 12.0),
    _hit(Kind.ZOMBIE, Trigger.CLOSING, "reference"),
    _hit(Kind.KILL, Trigger.TRANSACTION, "ledger", 10.0),
    _hit(Kind.KILL, Trigger.CLOSING, "reference", 3.0),
    _hit(Kind.ZOMBIE, Trigger.SETTLING, "ledger"),
    _hit(Kind.KILL, Trigger.TRANSACTION, "intake", 14.0),
    _hit(Kind.KILL, Trigger.SETTLING, "ledger", 6.0),
    _hit(Kind.KILL, Trigger.CLOSING, "reference", 10.0),
)
"""Where the pieces are needed: batches in hand of zombies, and kills some milliseconds into a transaction."""

EXPECTED = {
    "no fencing": ("duplicated", "diverged", "disordered"),
    "outcomes and state in two transactions": ("duplicated", "diverged"),
    "restore that ends early": ("duplicated", "diverged", "lost"),
    "group offset as the truth": ("duplicated", "diverged"),
    "day closed without a transaction": ("duplicated", "diverged"),
}

slow = pytest.mark.slow


def _run(code: Path | None) -> Report:
    return run(Options(seed=SEED, requests=4_000, faults=FAULTS, participants=200, code=code))


@slow
@pytest.mark.timeout(600)
def test_the_code_as_it_is_is_clean() -> None:
    report = _run(None)
    assert report.clean, (str(report), report.missed, report.died, dict(report.findings.examples), report.logs)


@slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", SABOTAGES)
def test_what_is_taken_away_shows(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = _run(patched(SABOTAGES[name], tmp_path))
    with capsys.disabled():
        print(f"\n{name}: {report}")  # noqa: T201 -- which counters saw it
    assert any(report.findings.counts[counter] for counter in EXPECTED[name]), (report.missed, report.died, report.logs)


@pytest.mark.parametrize("name", SABOTAGES)
def test_the_patches_fit_the_code(name: str, tmp_path: Path) -> None:
    folder = patched(SABOTAGES[name], tmp_path)
    for file in {patch.file for patch in SABOTAGES[name]}:
        compile((folder / "services" / file).read_text(), file, "exec")
    assert set(EXPECTED[name]) <= set(COUNTERS)

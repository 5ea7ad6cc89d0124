"""A short run under faults, as CI makes it; `make chaos` makes a long one."""

from pathlib import Path

import pytest

from tests.chaos.plan import Kind, Trigger, plan
from tests.chaos.running import Options, run
from tests.chaos.sabotage import SABOTAGES, patched


@pytest.mark.parametrize(("seed", "store"), [(1, "memory"), (2, "rocksdb")])
def test_nothing_is_lost_or_there_twice_in_a_short_run(seed: int, store: str) -> None:
    report = run(Options(seed=seed, requests=3_000, faults=plan(seed, 6), store=store, participants=200))
    assert report.clean, (str(report), report.missed, report.died, dict(report.findings.examples), report.logs)
    assert report.faults == 6


def test_a_plan_follows_from_its_seed() -> None:
    assert plan(7, 30) == plan(7, 30)
    assert plan(7, 30) != plan(8, 30)


def test_a_plan_has_every_kind_and_a_third_while_a_day_is_settled() -> None:
    for seed in range(50):
        for count in (6, 13, 30):
            faults = plan(seed, count)
            assert {fault.kind for fault in faults} == set(Kind)
            assert {fault.trigger for fault in faults} == set(Trigger)
            assert sum(fault.trigger is Trigger.SETTLING for fault in faults) * 3 >= count


@pytest.mark.parametrize("name", SABOTAGES)
def test_a_sabotage_still_finds_the_code_it_changes(name: str, tmp_path: Path) -> None:
    patched(SABOTAGES[name], tmp_path)

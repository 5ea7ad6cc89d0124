"""A store on disk is to a service what one in memory is; and it is made anew whenever there is doubt about it."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.runtime.codec import versioned
from services.runtime.errors import StoreBrokenError, StoreError
from services.runtime.stores.memory import MemoryStore
from services.runtime.stores.rocks import STALE_S, RocksStore
from services.runtime.tables import Table, TableSpec
from tests.runtime.counting import TOTALS

Row = tuple[date | None, int]
DATED: TableSpec[Row] = TableSpec("dated", "dated-log", *versioned(tuple[date | None, int]), index=lambda row: row[0])
SPECS = (DATED, TOTALS)
DAY = date(2024, 2, 28)
days = st.integers(0, 5).map(lambda n: DAY + timedelta(n))
keys = st.sampled_from([f"k{n}" for n in range(12)])


class Stores(RuleBasedStateMachine):
    """The same batches for both; the one on disk is closed and opened in between, and may lack some commits."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.memory = MemoryStore(SPECS)
        self.rocks = RocksStore(SPECS, self.folder, 4)
        self.rocks.begin("o", {})
        self.log: list[tuple[bytes, bytes | None]] = []
        self.changed = False

    @rule(key=keys, day=st.none() | days, number=st.integers(0, 99))
    def put(self, key: str, day: date | None, number: int) -> None:
        """In both."""
        for table in self._tables():
            table.put(key, (day, number))
        self.changed = True

    @rule(key=keys)
    def delete(self, key: str) -> None:
        """In both."""
        for table in self._tables():
            table.delete(key)
        self.changed = True

    @rule(seen=st.booleans())
    def commit(self, *, seen: bool) -> None:
        """In memory; on disk too unless the life ended before it could be written."""
        written, same = (dict(table.changelog()) for table in self._tables())
        assert written == same
        self.log += written.items()
        self.memory.commit({})
        if seen:
            self.rocks.commit({"dated-log": len(self.log)})
        self.changed = False
        if not seen:
            self.new_life()

    @precondition(lambda self: not self.changed)
    @rule()
    def new_life(self) -> None:
        """On disk, reading what is lacking from the changelog."""
        self.rocks.close()
        self.rocks = RocksStore(SPECS, self.folder, 4)
        reached = self.rocks.begin("o", {"dated-log": len(self.log)})
        for key, value in dict(self.log[reached.get("dated-log", 0) :]).items():
            self.rocks.tables["dated"].restore(key, value)
        self.rocks.commit({"dated-log": len(self.log)})

    @invariant()
    def the_same_rows(self) -> None:
        """Whatever was done."""
        one, other = self._tables()
        assert dict(one.items()) == dict(other.items())
        assert len(one) == len(other)
        assert [one.get(f"k{n}") for n in range(12)] == [other.get(f"k{n}") for n in range(12)]
        for prefix, after in (("k", ""), ("k1", "k1"), ("k", "k3")):
            found = one.keys_after(prefix, after, 4)
            assert found == other.keys_after(prefix, after, 4)
            assert found == sorted(key for key in dict(one.items()) if key.startswith(prefix) and key > after)[:4]

    @invariant()
    def the_same_dates(self) -> None:
        """Whatever was done."""
        one, other = self._tables()
        rows = dict(one.items())
        assert one.first() == other.first()
        for day in (None, DAY, DAY + timedelta(2), date.max):
            assert one.count(day) == other.count(day)
            assert sorted(one.until(day, 99)) == sorted(other.until(day, 99))
            assert [rows[key][0] for key in one.until(day, 3)] == [rows[key][0] for key in other.until(day, 3)]

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.rocks.close()
        shutil.rmtree(self.folder)

    def _tables(self) -> tuple[Table[Row], Table[Row]]:
        return self.memory.tables["dated"], self.rocks.tables["dated"]


TestStores = Stores.TestCase
TestStores.settings = settings(max_examples=20, stateful_step_count=25)


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    """What is logged meanwhile."""
    with structlog.testing.capture_logs() as captured:
        yield captured


def fill(folder: Path, origin: str = "o", partitions: int = 4) -> Path:
    """A closed store of one row that follows its changelog to 10; returns its database."""
    store = RocksStore([TOTALS], folder, partitions)
    store.begin(origin, {"count-totals": 10})
    store.tables["totals"].put("a", (1, 1))
    store.commit({"count-totals": 10})
    store.close()
    return folder / "0"


def reopened(folder: Path, origin: str = "o", end: int = 10, partitions: int = 4) -> tuple[dict[str, Any], int]:
    """The rows that are there, and how far they go."""
    store = RocksStore([TOTALS], folder, partitions)
    try:
        reached = store.begin(origin, {"count-totals": end})
        return dict(store.tables["totals"].items()), reached.get("count-totals", 0)
    finally:
        store.close()


def test_what_was_committed_is_there_again(tmp_path: Path) -> None:
    fill(tmp_path)
    assert reopened(tmp_path, end=12) == ({"a": (1, 1)}, 10)


def test_what_was_not_committed_is_not(tmp_path: Path) -> None:
    fill(tmp_path)
    store = RocksStore([TOTALS], tmp_path, 4)
    store.tables["totals"].put("a", (2, 2))
    list(store.tables["totals"].changelog())
    store.close()
    assert reopened(tmp_path) == ({"a": (1, 1)}, 10)


def test_a_store_of_other_topics_is_made_anew(tmp_path: Path, logs: list[Any]) -> None:
    fill(tmp_path)
    assert reopened(tmp_path, origin="p") == ({}, 0)
    assert logs[-1]["reason"] == "it belongs to other topics"


def test_a_store_ahead_of_its_changelog_is_made_anew(tmp_path: Path, logs: list[Any]) -> None:
    fill(tmp_path)
    assert reopened(tmp_path, end=9) == ({}, 0)
    assert logs[-1]["reason"] == "it is ahead of its changelog"


def test_a_store_of_another_partition_count_is_made_anew(tmp_path: Path, logs: list[Any]) -> None:
    fill(tmp_path, partitions=4)
    assert reopened(tmp_path, partitions=5) == ({}, 0)
    assert "another number of partitions" in logs[-1]["reason"]


def test_a_store_left_behind_for_too_long_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    fill(tmp_path)
    later = time.time() + STALE_S + 60
    monkeypatch.setattr(time, "time", lambda: later)
    assert reopened(tmp_path, end=10) == ({"a": (1, 1)}, 10)  # nothing was appended since
    assert reopened(tmp_path, end=11) == ({}, 0)
    assert "what was removed" in logs[-1]["reason"]


def test_catching_up_in_part_does_not_make_a_store_younger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path)
    soon, later = time.time() + STALE_S / 2, time.time() + STALE_S + 60
    monkeypatch.setattr(time, "time", lambda: soon)
    store = RocksStore([TOTALS], tmp_path, 4)
    store.begin("o", {"count-totals": 20})
    store.commit({"count-totals": 15}, whole=False)
    store.close()
    monkeypatch.setattr(time, "time", lambda: later)
    assert reopened(tmp_path, end=20) == ({}, 0)


def test_a_damaged_store_is_made_anew(tmp_path: Path, logs: list[Any]) -> None:
    (fill(tmp_path) / "CURRENT").write_text("?")
    assert reopened(tmp_path) == ({}, 0)
    assert "Corruption" in logs[-1]["reason"]


def test_damage_found_while_reading_ends_the_life_and_the_store(tmp_path: Path) -> None:
    store = RocksStore([TOTALS], tmp_path, 4)
    store.begin("o", {})
    for number in range(1000):
        store.tables["totals"].put(f"k{number}", (number, number))
    store.commit({"count-totals": 1000})
    store._database._rocks.flush()
    store.close()
    for data in (tmp_path / "0").glob("*.sst"):
        content = bytearray(data.read_bytes())
        middle = len(content) // 2
        content[middle : middle + 100] = bytes(100)
        data.write_bytes(content)
    store = RocksStore([TOTALS], tmp_path, 4)
    assert store.begin("o", {"count-totals": 1000}) == {"count-totals": 1000}
    with pytest.raises(StoreBrokenError, match="Corruption"):
        list(store.tables["totals"].items())
    store.close()
    assert reopened(tmp_path, end=1000) == ({}, 0)


def test_a_store_that_is_open_is_left_alone(tmp_path: Path) -> None:
    fill(tmp_path)
    holder = RocksStore([TOTALS], tmp_path, 4)
    assert reopened(tmp_path) == ({}, 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "0.lock", "1", "1.lock"]
    holder.close()


def test_of_the_free_stores_the_one_written_last_is_taken(tmp_path: Path) -> None:
    fill(tmp_path)
    holder = RocksStore([TOTALS], tmp_path, 4)
    other = RocksStore([TOTALS], tmp_path, 4)
    other.begin("o", {})
    holder.close()
    time.sleep(0.05)
    other.tables["totals"].put("b", (2, 2))
    other.commit({"count-totals": 12})
    other.close()
    assert reopened(tmp_path, end=12) == ({"b": (2, 2)}, 12)


def test_databases_that_nobody_uses_any_more_are_removed(tmp_path: Path) -> None:
    fill(tmp_path)
    holder = RocksStore([TOTALS], tmp_path, 4)
    reopened(tmp_path)
    for path in (tmp_path / "1").iterdir():
        os.utime(path, (0, 0))
    reopened(tmp_path)  # which is the one that is taken
    assert (tmp_path / "1").exists()
    for path in (tmp_path / "1").iterdir():
        os.utime(path, (0, 0))
    holder.close()
    assert reopened(tmp_path) == ({"a": (1, 1)}, 10)
    assert not (tmp_path / "1").exists()


def test_a_place_that_cannot_be_written_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="ANNUITY_LEDGER_STORE=memory"):
        RocksStore([TOTALS], tmp_path / "file", 4)

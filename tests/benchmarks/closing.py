"""Closes of row n, as a process of its own: `python -m tests.benchmarks.closing STORE PARTICIPANTS DUE…`.

The ledger's logic on one partition with so many participants in its store, `memory` or `rocksdb`, as after a restore.
Day after day closes, by each of which so many of them have something due; they are settled slice by slice, and after
each slice all that changed is encoded for the changelogs and committed to the store. Broker and reading are not in it.
Prints as JSON, for each close, the seconds of CPU from its entry to its completion, those of the longest transaction,
and how many megabytes of memory were in use before and at most.
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from services.ledger.logic import LEDGER, LedgerLogic
from services.runtime.collecting import collect_seldom
from services.runtime.records import OutputRecord
from services.runtime.service import Partition
from services.runtime.settings import Settings
from services.runtime.stores import Store, open_store
from tests.benchmarks.bench import STATE
from tests.benchmarks.crowd import Crowd, crowd
from tests.benchmarks.figures import WrongResultError
from tests.benchmarks.ledger_log import as_input

_ROWS = 20_000
_MEGABYTE = 1024 * 1024


def main() -> None:
    """Fill, close, print."""
    collect_seldom()
    store_kind, people, *due = sys.argv[1:]
    settings = Settings.model_validate({"partitions": 1, "store": store_kind, "data_dir": STATE})
    of = crowd(int(people), [int(count) for count in due])
    store = open_store(LEDGER, 0, 1, settings)
    try:
        _fill(store, of)
        logic = LedgerLogic(Partition(0, 1, store.tables, settings))
        logic.restored()
        print(json.dumps([_Close(logic, store).found(*each) for each in of.closes()]))  # noqa: T201
    finally:
        store.close()


def _fill(store: Store, of: Crowd) -> None:
    store.begin("bench", {})
    rows: dict[str, Iterable[tuple[str, Any]]]
    rows = {"market": of.market(), "requests": of.answers(), "participants": of.participants()}
    for name, all_of_it in rows.items():
        table = store.tables[name]
        for at, (key, row) in enumerate(all_of_it, 1):
            table.restore(key.encode(), table.spec.encode(row))
            if at % _ROWS == 0:
                store.commit({})
    store.commit({})


class _Close:
    """The fold of a close, and its settling."""

    def __init__(self, logic: LedgerLogic, store: Store) -> None:
        self._logic, self._store = logic, store
        self._written: Counter[str] = Counter()
        self._most = 0

    def found(self, due: int, entries: Iterable[OutputRecord]) -> dict[str, float]:
        """Close the day, and say what it took."""
        inputs = [as_input(offset, record) for offset, record in enumerate(entries)]
        before, longest, began = _in_use(), 0.0, time.process_time()
        self._commit([*self._logic.process(inputs), *self._logic.last()])
        while self._logic.has_work():
            at = time.process_time()
            self._commit(self._logic.background(None))
            longest = max(longest, time.process_time() - at)
        seconds = time.process_time() - began
        if (self._written["confirmations"], self._written["day-closes"]) != (due, 1):
            raise WrongResultError(f"not what was due was done: {self._written}")
        peak = max(self._most, before)
        return {"seconds": seconds, "longest": longest, "before": before / _MEGABYTE, "peak": peak / _MEGABYTE}

    def _commit(self, out: Iterable[OutputRecord]) -> None:
        """What a transaction's content costs; it is held until the commit, and then let go, as its worker does."""
        records = list(out)
        changes = [change for table in self._store.tables.values() for change in table.changelog()]
        self._most = max(self._most, _in_use())
        self._written.update(record.topic for record in records)
        self._store.commit({"changes": len(changes)})


def _in_use() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()

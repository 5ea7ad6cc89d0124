"""Cuts through a ledger that is in the middle of everything, followed by a replay of its log.

The live ledger folds the scenario in batches of any size and settles one participant at a time, now or later.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import pytest

from contracts_schema.topics import OUTCOME_TOPICS
from services.ledger import LEDGER, logic
from services.ledger.logic import LedgerLogic
from services.runtime.cli.comparing import COMPARED
from services.runtime.cli.differing import fields_that_differ, told
from services.runtime.cli.following import Cut, Difference, Following, different_outcomes
from services.runtime.cli.replayed_rows import replayed_row
from services.runtime.cli.replaying import InProcess
from services.runtime.cli.verifying import ROWS
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition
from services.runtime.settings import Settings
from services.runtime.tables import Table
from tests.cli.scenario import folded

ANN = b"C1|ann"
WRITTEN = tuple(topic for topic in COMPARED if topic != "notices")


@dataclass(frozen=True)
class Transaction:
    """What a live ledger committed at once, the position after it, and how many were left to settle."""

    records: list[InputRecord]
    position: int
    to_settle: int


@pytest.fixture(scope="module")
def log() -> list[InputRecord]:
    """The scenario's book."""
    entries = [record for record in folded().written if record.topic == "ledger-log"]
    return [InputRecord("ledger-log", 0, at, r.key, r.value, r.headers, 0) for at, r in enumerate(entries)]


def live(log: list[InputRecord], random: Random, monkeypatch: pytest.MonkeyPatch) -> list[Transaction]:
    """The transactions of a ledger that is busy now and then."""
    monkeypatch.setattr(logic, "SLICE_KEYS", 1)
    partition = Partition(0, 1, {table.name: Table(table) for table in LEDGER.tables}, Settings(partitions=1))
    ledger, ends = LedgerLogic(partition), dict[str, int]()
    done, at = [Transaction([], 0, 0)], 0
    while at < len(log) or ledger.has_work():
        if ledger.has_work() and (at == len(log) or random.random() < 0.4):
            outcomes = ledger.background(True)
        else:
            size = random.randint(1, 6)
            outcomes = [*ledger.process(log[at : at + size]), *ledger.last()]
            at = min(len(log), at + size)
        done.append(Transaction(_committed(partition, outcomes, ends), at, int(str(ledger.note()["to_settle"]))))
    return done


def _committed(partition: Partition, outcomes: Sequence[OutputRecord], ends: dict[str, int]) -> list[InputRecord]:
    records = [*outcomes]
    for table in partition.tables.values():
        records += [OutputRecord(table.spec.changelog, 0, key, value) for key, value in table.changelog()]
        table.commit()
    written = []
    for record in records:
        offset = ends[record.topic] = ends.get(record.topic, -1) + 1
        written.append(InputRecord(record.topic, 0, offset, record.key, record.value, record.headers, 0))
    return written


def cut_through(transactions: list[Transaction], random: Random) -> Cut:
    """Read as `verify` reads: first progress, changelogs, outcomes, last progress, the ledger going on in between."""
    first, rows, outcomes, last = sorted(random.choices(range(len(transactions)), k=4))
    ends = {name: random.randint(first, rows) for name in ROWS}
    ends |= {name: random.randint(rows, outcomes) for name in COMPARED}
    return _cut(transactions, first, last, ends)


def _cut(transactions: list[Transaction], first: int, last: int, ends: dict[str, int]) -> Cut:
    start, end = transactions[first], transactions[last]
    cut = Cut(0, None, start.position, end.position, not start.to_settle)
    for number, transaction in enumerate(transactions):
        for record in transaction.records:
            if number <= ends.get(record.topic, -1):
                (cut.add_row if record.topic in ROWS else cut.add_outcome)(record)
    return cut


def at_rest(transactions: list[Transaction]) -> Cut:
    """Everything that was ever committed."""
    last = len(transactions) - 1
    return _cut(transactions, last, last, dict.fromkeys((*ROWS, *COMPARED), last))


def differences(cut: Cut, log: list[InputRecord]) -> list[Difference]:
    following = Following(cut)
    ledger = InProcess(0, 1, following.take)
    for entry in log[: cut.last]:
        ledger.take(entry)
    following.ended()
    return list(following.differences())


@pytest.mark.parametrize("seed", range(12))
def test_a_ledger_that_does_right_never_differs_wherever_it_is_cut(
    seed: int, log: list[InputRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)  # noqa: S311 -- a test's choices
    transactions = live(log, random, monkeypatch)
    assert max(one.to_settle for one in transactions) > 1
    for _ in range(8):
        cut = cut_through(transactions, random)
        assert differences(cut, log) == [], (cut.first, cut.last, cut.settled)
    assert differences(at_rest(transactions), log) == []


@pytest.mark.parametrize("topic", [*WRITTEN, "ledger-participants", "ledger-requests", "account-values"])
def test_at_rest_whatever_is_lost_changed_or_made_up_differs(
    topic: str, log: list[InputRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    transactions = live(log, Random(1), monkeypatch)  # noqa: S311 -- same
    for at, transaction in enumerate(transactions):
        for record in [record for record in transaction.records if record.topic == topic][:1]:
            others = [one for one in transaction.records if one is not record]
            changed = InputRecord(topic, 0, record.offset, record.key, (record.value or b"") + b" ", record.headers, 0)
            marked = InputRecord(topic, 0, record.offset, record.key, record.value, (("x", b""),), 0)
            for instead in ([], [changed], [record, record], [marked]) if topic in WRITTEN else ([changed],):
                damaged = [*transactions]
                damaged[at] = replace(transaction, records=[*others, *instead])
                if topic not in WRITTEN:
                    damaged = [*transactions, replace(transaction, records=instead)]
                assert (topic, record.key) in [(d.topic, d.key) for d in differences(_rest(damaged, transactions), log)]
            return
    raise AssertionError(f"the scenario writes no {topic}")


def _rest(damaged: list[Transaction], sound: list[Transaction]) -> Cut:
    cut = at_rest(damaged)
    cut.first = cut.last = sound[-1].position
    return cut


def test_what_settling_would_still_bring_is_pending_and_what_the_row_shows_is_not(
    log: list[InputRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    transactions = live(log, Random(3), monkeypatch)  # noqa: S311 -- same
    at = next(n for n, one in enumerate(transactions) if one.to_settle and _settles(one, transactions[n - 1]))
    everything = dict.fromkeys((*ROWS, *COMPARED), at)
    assert differences(_cut(transactions, at, at, everything), log) == []
    without_outcomes = everything | dict.fromkeys(OUTCOME_TOPICS, at - 1)
    found = differences(_cut(transactions, at, at, without_outcomes), log)
    assert {d.key for d in found} == {r.key for r in transactions[at].records if r.topic == "ledger-participants"}
    without_rows = everything | dict.fromkeys(ROWS, at - 1) | dict.fromkeys(OUTCOME_TOPICS, at - 1)
    assert differences(_cut(transactions, at, at, without_rows), log) == []


def _settles(one: Transaction, before: Transaction) -> bool:
    return one.position == before.position and any(record.topic == "confirmations" for record in one.records)


def test_one_participant_alone(log: list[InputRecord], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = at_rest(live(log, Random(1), monkeypatch))  # noqa: S311 -- same
    cut = Cut(0, ANN, whole.first, whole.last)
    for transaction in live(log, Random(1), monkeypatch):  # noqa: S311 -- same
        for record in transaction.records:
            (cut.add_row if record.topic in ROWS else cut.add_outcome)(record)
    own = [entry for entry in log if entry.key == ANN or b"|" not in (entry.key or b"")]
    following = Following(cut)
    ledger = InProcess(0, 1, following.take)
    for entry in own:
        ledger.take(entry)
    following.ended()
    assert list(following.differences()) == []
    assert sum(different_outcomes(series) for series in cut.series.values()) == 0
    assert {key for topic, key in cut.series if topic in OUTCOME_TOPICS} == {ANN}
    assert len(cut.rows) > 4


def test_a_difference_is_told_with_participant_place_and_fields() -> None:
    ours = OutputRecord("confirmations", 2, ANN, b'{"legs":[{"units":"1"}],"paid":null}', (("ce_id", b"1"),))
    theirs = InputRecord("confirmations", 2, 17, ANN, b'{"legs":[{"units":"2"}],"paid":null}', (("ce_id", b"2"),), 0)
    text = told(Difference("confirmations", ANN, 2, 17, 3, ours), ours, theirs)
    assert text.splitlines()[0] == (
        "participant C1|ann: confirmations-2 offset 17 (number 3 under its key) differs in value.legs[0].units, "
        "headers.ce_id"
    )
    gone = told(Difference("ledger-requests", ANN + b"|w1", 2, None, None, None), ours, None)
    assert gone.startswith("participant C1|ann: ledger-requests-2 (row C1|ann|w1) is missing")
    forged = told(Difference("confirmations", ANN, 2, 17, 4, None), None, theirs)
    assert "is there, but the replay has none" in forged


def test_account_values_that_differ_are_told_beside_those_of_the_replay(log: list[InputRecord]) -> None:
    ledger = InProcess()
    for entry in log:
        ledger.take(entry)
    sound = [record for record in ledger.written if (record.topic, record.key) == ("account-values", ANN)][-1]
    assert sound.value is not None
    live = InputRecord(
        "account-values", 0, 7, ANN, sound.value.replace(b'"waiting":', b'"waiting":9'), sound.headers, 0
    )
    garbage = InputRecord("account-values", 0, 7, ANN, b"{", (), 0)
    difference = Difference("account-values", ANN, 0, 7, None, None)
    replayed = replayed_row(ledger.ledger_partition, difference, live)
    assert replayed is not None
    assert (replayed.value, replayed.headers) == (sound.value, sound.headers)
    assert "differs in value.waiting\n" in told(difference, replayed, live)
    assert replayed_row(ledger.ledger_partition, difference, None) is not None
    assert replayed_row(ledger.ledger_partition, difference, garbage) is not None
    nobody = Difference("account-values", b"C1|nobody", 0, 7, None, None)
    assert replayed_row(ledger.ledger_partition, nobody, live) is None


def test_fields_that_differ_are_paths() -> None:
    assert fields_that_differ({"a": [1, {"b": 2}], "c": 1}, {"a": [1, {"b": 3}], "d": 1}) == [
        "value.a[1].b",
        "value.c",
        "value.d",
    ]
    assert fields_that_differ([1], [1, 2]) == ["value"]

"""Whether anything was lost, is there twice, stands in the wrong order, or differs from the replay. Pure."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from contracts_schema.alarms import AlarmCode
from contracts_schema.entries import DayClosedEntry, RequestEntry, read_entry
from contracts_schema.headers import DEAD_LETTER_PREFIX, REPEAT, header
from contracts_schema.reasons import Reason
from contracts_schema.topics import OUTCOME_TOPICS
from services.runtime.cli.comparing import COMPARED, compare
from services.runtime.records import InputRecord
from tests.chaos.evidence import Book, Evidence
from tests.chaos.findings import Findings

ANSWERS = ("confirmations", "rejections")
Contents = Mapping[tuple[str, str], set[str]]
Source = tuple[str, int, int]
Json = dict[str, Any]


def check_carried(evidence: Evidence, sent: int, poison: int, found: Findings) -> None:
    """Every request that was sent is on the ledger log once, or among the dead letters, in the order it arrived in."""
    found.counted("records on the request topics", len(evidence.requests), sent)
    found.counted("dead letters", len(evidence.dead), poison)
    carried = Counter(_source_of_dead(record) for record in evidence.dead)
    for book in evidence.books:
        sources = [_source(entry) for entry in map(_entry, book.log) if isinstance(entry, RequestEntry)]
        carried.update(sources)
        _check_order(f"ledger-log-{book.number}", sources, found)
    for record in evidence.requests:
        source = (record.topic, record.partition, record.offset)
        found.counted(f"{source} on ledger-log", carried.pop(source, 0), 1)
    for source in carried:
        found.found("diverged", f"{source} on ledger-log comes from no request")


def check_answered(evidence: Evidence, contents: Contents, repeats: int, found: Findings) -> None:
    """One unmarked answer for each distinct content of a request id, all but one of them for the reason that the id
    was used already; and one marked outcome for every repeat. What a maturity brings about answers no request.
    """
    answers: Counter[tuple[str, str]] = Counter()
    firsts: Counter[tuple[str, str]] = Counter()
    marked = 0
    for record, message in _messages(evidence):
        if header(record.headers, REPEAT) is not None:
            marked += 1
        elif record.topic in ANSWERS and "request_id" in message:
            request = (message["participant_id"], message["request_id"])
            answers[request] += 1
            firsts[request] += not _id_was_used(message)
    found.counted("outcomes marked as repeats", marked, repeats)
    for request in contents.keys() | answers.keys():
        wanted = len(contents.get(request, ()))
        found.counted(f"answers to {request}", answers[request], wanted)
        if answers[request] == wanted:
            found.counted(f"answers of its own to {request}", firsts[request], 1)


def check_sequences(evidence: Evidence, found: Findings) -> None:
    """Each participant's outcomes are numbered 1, 2, 3, … without a gap, and rise in each topic."""
    numbers: dict[str, list[int]] = defaultdict(list)
    last: dict[tuple[str, str], int] = {}
    for record, message in _messages(evidence):
        if "sequence" not in message or header(record.headers, REPEAT) is not None:
            continue
        person, number = message["participant_id"], message["sequence"]
        if number <= last.get((record.topic, person), 0):
            where = f"{record.topic}-{record.partition} offset {record.offset}"
            found.found("disordered", f"{where}: {person}'s {number} after {last[record.topic, person]}")
        last[record.topic, person] = number
        numbers[person].append(number)
    for person, sequence in numbers.items():
        if sorted(sequence) != list(range(1, len(sequence) + 1)):
            found.found("disordered", f"{person}'s outcomes are numbered {sorted(sequence)[:20]} …")


def check_days(evidence: Evidence, days: Sequence[str], found: Findings) -> None:
    """Every day is closed once in each partition, in order, with the same bytes; no alarm says otherwise."""
    first: dict[str, bytes | None] = {}
    for book in evidence.books:
        closed = [(str(e.date), r.value) for r in book.log if isinstance(e := _entry(r), DayClosedEntry)]
        times = Counter(day for day, _ in closed)
        for day in days:
            found.counted(f"DayClosed {day} in partition {book.number}", times[day], 1)
        order = [day for day, _ in closed]
        if order != sorted(order):
            found.found("disordered", f"days of partition {book.number}: {order}")
        for day, value in closed:
            if first.setdefault(day, value) != value:
                found.found("diverged", f"DayClosed {day} of partition {book.number} is not that of others")
    for alarm in evidence.alarms:
        if json.loads(alarm.value or b"{}").get("code") == AlarmCode.DAY_OUT_OF_ORDER:
            found.found("diverged", f"an alarm: {alarm.value!r}")


def check_replay(evidence: Evidence, found: Findings) -> None:
    """Outcomes and state are, byte for byte, what folding the log again gives."""
    for book in evidence.books:
        if book.broke is not None:
            found.found("diverged", f"the log cannot be replayed: {book.broke}")
        compared = compare((record for record in book.replayed if record.topic in COMPARED), book.outcomes)
        for example in compared.examples:
            found.found("diverged", example, 0)
        found.counts["diverged"] += compared.different
        _check_state(book, found)


def _check_state(book: Book, found: Findings) -> None:
    for changelog, ours in book.replayed_state.items():
        theirs = book.state[changelog]
        for key in ours.keys() | theirs.keys():
            if ours.get(key) != theirs.get(key):
                where = f"{changelog}-{book.number} {key.decode()}"
                found.found("diverged", f"{where}: {theirs.get(key)!r:.300} instead of {ours.get(key)!r:.300}")


def _check_order(where: str, sources: Iterable[Source], found: Findings) -> None:
    last: dict[tuple[str, int], int] = {}
    for topic, partition, offset in sources:
        if offset < last.get((topic, partition), -1):
            found.found("disordered", f"{where}: {topic}-{partition} {offset} after {last[topic, partition]}")
        last[topic, partition] = offset


def _messages(evidence: Evidence) -> Iterator[tuple[InputRecord, Json]]:
    for book in evidence.books:
        for record in book.outcomes:
            if record.topic in OUTCOME_TOPICS:
                yield record, json.loads(record.value or b"{}")


def _entry(record: InputRecord) -> object:
    assert record.value is not None, "the log has no tombstones"
    return read_entry(record.value)


def _source(entry: RequestEntry) -> Source:
    return entry.topic, entry.source_partition, entry.source_offset


def _source_of_dead(record: InputRecord) -> Source:
    topic, partition, offset = (
        (header(record.headers, DEAD_LETTER_PREFIX + name) or b"").decode() for name in ("topic", "partition", "offset")
    )
    return topic, int(partition), int(offset)


def _id_was_used(message: Json) -> bool:
    return any(reason["code"] == Reason.DUPLICATE_REQUEST_ID for reason in message.get("reasons", ()))

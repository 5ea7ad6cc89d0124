"""A replay held against what is live, entry by entry, while the live service moves on and settles when it will.

What is live was read between two looks at the ledger's progress. So a row or an outcome must be one that the replay
comes by no later than the second position, and not an earlier one than the first position makes certain. Work in the
background makes nothing certain by itself: what a close brings a participant may be pending for a while. It is
certain once a later entry of that participant was folded, once the ledger has nothing more to settle, or once the
participant's own row shows it. Only digests of what is live are kept. Pure.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from contracts_schema.topics import OUTCOME_TOPICS
from services.runtime.cli.comparing import COMPARED
from services.runtime.cli.lines import Record
from services.runtime.records import InputRecord, OutputRecord

Place = tuple[str, bytes]
"""A topic and a key."""

CLOSING: Place = ("ledger-market", b"closing")
"""Counts of closes under way: which numbers it goes through depends on when the ledger settles."""

NOT_FOLLOWED = {"ledger-totals", "contract-totals"}
"""Totals under way are likewise; what they come to is written by all partitions to one."""

_DIGEST_BYTES = 16


@dataclass(slots=True)
class Series:
    """The outcomes under one place: the live ones, and how many the replay has come by and how many are certain."""

    digests: list[bytes] = field(default_factory=list)
    offsets: "array[int]" = field(default_factory=lambda: array("q"))
    replayed: int = 0
    certain: int = 0
    ahead: OutputRecord | None = None
    wrong: tuple[int, OutputRecord] | None = None
    unequal: int = 0


@dataclass(slots=True)
class Row:
    """A row: what is live under its key and where it stands, what the replay has there now, whether the replay came by
    the live one where it may stand, and whether it came by it at all.
    """

    live: bytes | None = None
    offset: int = -1
    replayed: bytes | None = None
    reached: bool = True
    found: bool = False


@dataclass(slots=True)
class Cut:
    """What is live in one partition, or of one participant of it. `first` and `last` are the ledger's positions before
    and after it was read; `settled` says that at the first nothing was left to settle.
    """

    number: int
    participant: bytes | None = None
    first: int = 0
    last: int = 0
    settled: bool = True
    series: dict[Place, Series] = field(default_factory=dict)
    rows: dict[Place, Row] = field(default_factory=dict)

    def concerns(self, record: Record) -> bool:
        """Whether the record is compared."""
        return self.participant is None or participant_of(record.key or b"") == self.participant

    def add_outcome(self, record: InputRecord) -> None:
        """The next live outcome of its place."""
        if not self.concerns(record):
            return
        series = self.series.setdefault((record.topic, record.key or b""), Series())
        series.digests.append(digest(record))
        series.offsets.append(record.offset)

    def add_row(self, record: InputRecord) -> None:
        """A newer record of a changelog; one without a value says that the row was removed."""
        if not self.concerns(record):
            return
        place = (record.topic, record.key or b"")
        live = None if record.value is None else digest(record)
        self.rows[place] = Row(live, record.offset, reached=live is None)


@dataclass(frozen=True, slots=True)
class Difference:
    """Something live that is not as replayed. `offset` is of the live record, None where there is none; `number` is
    of the outcome under its topic and key, None for a row.
    """

    topic: str
    key: bytes
    partition: int
    offset: int | None
    number: int | None
    replayed: OutputRecord | None


class Following:
    """Is given the replay's transactions in order (`observed` of `InProcess`), and knows then what differs."""

    def __init__(self, cut: Cut) -> None:
        self._cut = cut
        self._loose: dict[bytes, set[Place]] = {}
        self._past_first = False

    def take(self, entry: InputRecord, records: Sequence[OutputRecord], background: bool) -> None:  # noqa: FBT001 -- an observer
        """A transaction of the replay."""
        self._pass_first(entry.offset)
        certain = not background and not self._past_first
        for record in filter(self._cut.concerns, records):
            if record.topic in COMPARED:
                self._outcome(record)
            elif record.topic not in NOT_FOLLOWED:
                self._row(record, certain=certain)
        if certain and is_of_participant(entry.key):
            self._make_certain(entry.key or b"")

    def ended(self) -> None:
        """The replay has come to the second position."""
        self._pass_first(self._cut.last)
        resting = self._cut.settled and self._cut.first == self._cut.last
        if CLOSING in self._cut.rows and not resting:
            self._cut.rows[CLOSING].reached = True

    def differences(self) -> Iterator[Difference]:
        """The first of each place, in the order of topics and keys."""
        for place in sorted(place for place, row in self._cut.rows.items() if not row.reached):
            row = self._cut.rows[place]
            yield Difference(*place, self._cut.number, row.offset if row.offset >= 0 else None, None, None)
        for place in sorted(place for place, series in self._cut.series.items() if _unequal(series)):
            yield self._first_of(place, self._cut.series[place])

    def _first_of(self, place: Place, series: Series) -> Difference:
        number = self._cut.number
        if series.wrong is not None:
            at, replayed = series.wrong
            return Difference(*place, number, series.offsets[at], at + 1, replayed)
        if len(series.digests) > series.replayed:
            return Difference(*place, number, series.offsets[series.replayed], series.replayed + 1, None)
        return Difference(*place, number, None, len(series.digests) + 1, series.ahead)

    def _pass_first(self, offset: int) -> None:
        if self._past_first or offset < self._cut.first:
            return
        self._past_first = True
        if self._cut.settled:
            for participant in list(self._loose):
                self._make_certain(participant)
            for series in self._cut.series.values():
                series.certain = series.replayed
        self._loose.clear()

    def _outcome(self, record: OutputRecord) -> None:
        series = self._cut.series.setdefault((record.topic, record.key or b""), Series())
        at = series.replayed
        series.replayed += 1
        if at >= len(series.digests):
            series.ahead = series.ahead or record
        elif series.digests[at] != digest(record):
            series.unequal += 1
            series.wrong = series.wrong or (at, record)

    def _row(self, record: OutputRecord, *, certain: bool) -> None:
        place = (record.topic, record.key or b"")
        row = self._cut.rows.setdefault(place, Row())
        row.replayed = None if record.value is None else digest(record)
        equal = row.replayed == row.live
        row.reached = equal or (row.reached and not certain)
        if equal and row.live is not None and not row.found:
            row.found = True
            self._shown_by_row(place)
        if not certain and record.value is not None and not self._past_first:
            self._loose.setdefault(participant_of(place[1]), set()).add(place)

    def _shown_by_row(self, place: Place) -> None:
        """The participant's live row was read before the outcomes: all up to it are there."""
        topic, participant = place
        for series in self._series_of(participant) if topic == "ledger-participants" else ():
            series.certain = max(series.certain, series.replayed)

    def _make_certain(self, participant: bytes) -> None:
        for series in self._series_of(participant):
            series.certain = series.replayed
        for place in self._loose.pop(participant, ()):
            row = self._cut.rows[place]
            row.reached = row.replayed == row.live

    def _series_of(self, participant: bytes) -> Iterator[Series]:
        for topic in OUTCOME_TOPICS:
            series = self._cut.series.get((topic, participant))
            if series is not None:
                yield series


def digest(record: Record) -> bytes:
    """Of value and headers, byte for byte; the key is the place's."""
    hashed = blake2b(record.value or b"", digest_size=_DIGEST_BYTES)
    hashed.update(b"value" if record.value is not None else b"none")
    for name, value in record.headers:
        hashed.update(f"|{len(name)}|{len(value)}|{name}".encode())
        hashed.update(value)
    return hashed.digest()


def is_of_participant(key: bytes | None) -> bool:
    """Whether an entry's key is a participant's; days and terms have the kind of the entry."""
    return key is not None and b"|" in key


def participant_of(key: bytes) -> bytes:
    """The participant's key that a row's key is or begins with; ids have no `|` in them."""
    return b"|".join(key.split(b"|", 2)[:2])


def different_outcomes(series: Series) -> int:
    """How many outcomes of the place differ, are too many, or are missing though they are certain."""
    live = len(series.digests)
    return series.unequal + max(0, live - series.replayed) + max(0, series.certain - live)


def _unequal(series: Series) -> bool:
    return different_outcomes(series) > 0

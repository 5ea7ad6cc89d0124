"""Whether a replay gives every participant the same outcomes: same order, key, value and headers, byte for byte.

Nothing is left out of the comparison. The order between participants is not promised, so records are compared per
topic and key.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import zip_longest

from contracts_schema.topics import OUTCOME_TOPICS
from services.runtime.cli.gathering import read_topics
from services.runtime.cli.lines import Record, record_line
from services.runtime.cli.refolding import Advanced, nothing_advanced, refolded
from services.runtime.records import OutputRecord
from services.runtime.settings import Settings

COMPARED = (*OUTCOME_TOPICS, "day-closes")
NAMED = 5
_SHOWN = 600

Place = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Outcomes compared, position by position per topic and key; `examples` names the first differences."""

    participants: int = 0
    outcomes: int = 0
    equal: int = 0
    different: int = 0
    examples: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """All are equal, and there was something to compare."""
        return self.outcomes > 0 and self.different == 0

    def __add__(self, other: "Comparison") -> "Comparison":
        return Comparison(
            self.participants + other.participants,
            self.outcomes + other.outcomes,
            self.equal + other.equal,
            self.different + other.different,
            (*self.examples, *other.examples)[:NAMED],
        )

    def __str__(self) -> str:
        counts = f"participants={self.participants} outcomes={self.outcomes}"
        return f"{counts} equal={self.equal} different={self.different}"


def compare(replayed: Iterable[Record], found: Iterable[Record]) -> Comparison:
    """Compare what a replay gives with what is on the cluster. Pure; the order within topic and key counts."""
    ours, theirs = _by_place(replayed), _by_place(found)
    places = sorted(ours.keys() | theirs.keys())
    keys = {key for topic, key in places if topic in OUTCOME_TOPICS}
    total = Comparison(participants=len(keys))
    for place in places:
        total += _compared(place, ours.get(place, []), theirs.get(place, []))
    return total


async def compare_with_cluster(
    settings: Settings,
    advanced: Advanced = nothing_advanced,
    written: Callable[[list[OutputRecord]], None] = lambda _records: None,
) -> Comparison:
    """Fold the whole ledger log again and compare with the outcome topics, partition by partition.

    To be asked of a service at rest: outcomes that are still to come differ. `written` is given everything that the
    replay writes.
    """
    total = Comparison()
    for number in range(settings.partitions):
        replayed: list[OutputRecord] = []
        async for records in refolded(settings, number, advanced):
            written(records)
            replayed += records
        found = await read_topics(settings, COMPARED, [number])
        total += compare((record for record in replayed if record.topic in COMPARED), found)
    return total


def _by_place(records: Iterable[Record]) -> dict[Place, list[Record]]:
    places: dict[Place, list[Record]] = {}
    for record in records:
        places.setdefault((record.topic, record.key or b""), []).append(record)
    return places


def _compared(place: Place, ours: list[Record], theirs: list[Record]) -> Comparison:
    pairs = list(zip_longest(ours, theirs))
    unequal = [at for at, (our, their) in enumerate(pairs) if not _same(our, their)]
    examples = tuple(_told(place, at, *pairs[at]) for at in unequal[:NAMED])
    return Comparison(0, len(pairs), len(pairs) - len(unequal), len(unequal), examples)


def _same(our: Record | None, their: Record | None) -> bool:
    if our is None or their is None:
        return False
    return (our.key, our.value, tuple(our.headers)) == (their.key, their.value, tuple(their.headers))


def _told(place: Place, at: int, our: Record | None, their: Record | None) -> str:
    topic, key = place
    where = f"{topic} {key.decode(errors='replace')} number {at + 1}"
    return f"{where}\n  replayed:       {_shown(our)}\n  on the cluster: {_shown(their)}"


def _shown(record: Record | None) -> str:
    return "nothing" if record is None else record_line(record)[:_SHOWN].decode(errors="replace")

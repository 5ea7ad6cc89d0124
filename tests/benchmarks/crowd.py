"""Many participants in a ledger's state, some of whom have something due by one of the days that are to close next.

All have positions in two funds and Fixed Account 2. Of those with something due every other one waits with a deposit to
the three, and the others owe a maintenance fee.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts_schema.values import changed
from services.domain.fee_dates import FeeDates
from services.domain.market import MarketRow
from services.domain.state import Answer, Participant, Waiting
from services.domain.steps import answer_key
from services.runtime.partitioner import partition_of
from services.runtime.records import OutputRecord
from tests.benchmarks.ledger_log import DAYS, Folding, Pen, as_input, fund_deposit

_FIRST = 2
"""The first of `DAYS` that is still open."""


@dataclass(frozen=True)
class Crowd:
    """The log so far, and how many are to have something due by each of the next days."""

    pen: Pen
    log: Sequence[OutputRecord]
    folding: Folding
    people: int
    due: Sequence[int]

    def market(self) -> Iterator[tuple[str, MarketRow]]:
        """What is known of the world."""
        return iter(self.folding.tables["market"].items())

    def participants(self) -> Iterator[tuple[str, Participant]]:
        """Everyone by key; those with something due come first, by its day."""
        template, numbers = self._template(), iter(range(self.people))
        waiting = self._waiting()
        for day, count in self._days():
            for number, _ in zip(numbers, range(count), strict=False):
                person = changed(template, participant_id=f"P{number}", waiting=())
                person = _deposits(person, waiting[day]) if number % 2 else _owes_a_fee(person, day)
                yield person.key, person
        for number in numbers:
            yield f"C1|P{number}", changed(template, participant_id=f"P{number}", waiting=())

    def answers(self) -> Iterator[tuple[str, Answer]]:
        """The acknowledgements of what waits."""
        known = self.folding.tables["requests"]
        for key, person in self.participants():
            if person.waiting:
                request_id = person.waiting[0].request_id
                answer = known.get(answer_key("C1|P0", request_id))
                assert answer is not None, "a request that waits was acknowledged"
                yield answer_key(key, request_id), answer

    def closes(self) -> Iterator[tuple[int, list[OutputRecord]]]:
        """How many have something due by each day, and what the log says when it closes."""
        for day, count in self._days():
            self.pen.close(day)
            yield count, self.pen.drained()

    def _days(self) -> Iterator[tuple[str, int]]:
        return zip(DAYS[_FIRST:], self.due, strict=False)

    def _template(self) -> Participant:
        found = self.folding.tables["participants"].get("C1|P0")
        assert isinstance(found, Participant)
        return found

    def _waiting(self) -> Mapping[str, Waiting]:
        return {waiting.trade_date.isoformat(): waiting for waiting in self._template().waiting}


def crowd(people: int, due: Sequence[int], partitions: int = 1) -> Crowd:
    """A contract with a fee, and so many people of whom so many have something due by each of the next days."""
    number = partition_of("C1|P0", partitions)
    pen, folding = Pen(partitions), Folding(number, partitions)
    pen.contract(maintenance_fee={"amount": "30.00"})
    pen.close(DAYS[0])
    pen.request("deposit-requests", fund_deposit("first", DAYS[1], 0))
    pen.close(DAYS[1])
    for day in DAYS[_FIRST : _FIRST + len(due)]:
        pen.request("deposit-requests", fund_deposit(f"waits-{day}", day, 0))
    log = pen.drained()
    own = [record for record in log if record.partition == number]
    for _ in folding.fold([as_input(offset, record) for offset, record in enumerate(own)]):
        pass
    return Crowd(pen, log, folding, people, due)


def _deposits(person: Participant, waiting: Waiting) -> Participant:
    """With P0's request as its own."""
    entry = waiting.entry.replace(b'"P0"', f'"{person.participant_id}"'.encode())
    return changed(person, waiting=(changed(waiting, entry=entry),))


def _owes_a_fee(person: Participant, day: str) -> Participant:
    (account,) = person.accounts
    return person.with_account(changed(account, fee=FeeDates(date.fromisoformat(day))))

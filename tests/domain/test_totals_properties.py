"""FND-4: a contract's total does not depend on when the ledger counts, on what is asked meanwhile, or on restarts."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from services.ledger import logic
from services.ledger.logic import LedgerLogic
from services.runtime.cli.holdings import holdings
from services.runtime.records import OutputRecord
from tests.domain.books import Book
from tests.domain.books_reviews import review, totals
from tests.domain.lives import Ledger, by_participant
from tests.strategies import Line, histories

DAY = "2021-01-08"
moderate = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def reviewed_histories(draw: st.DrawFn) -> list[Line]:
    """Eight days of a contract that is reviewed on the fifth, and of one or two more days likewise."""
    terms = {"charge_review": review(review_on=draw(st.sampled_from(["01-08", "01-07", "01-11"])))}
    (topic, first), *rest = draw(histories())
    return [(topic, {**first, **terms}), *rest]


class Restarted(Ledger):
    """A ledger that counts participants one at a time, only when told to, and whose owner changes."""

    def slice(self) -> None:
        """One slice of what is to be done, if anything is."""
        if self.logic.has_work():
            self.written += self.logic.background(None)

    def restart(self) -> None:
        """The partition as its next owner finds it in the changelogs."""
        for table in self.partition.tables.values():
            table.commit()
            for key, row in list(table.items()):
                table.restore(key.encode(), table.spec.encode(row))
        self.logic = LedgerLogic(self.partition)
        self.logic.restored()


def told(records: list[OutputRecord]) -> list[OutputRecord]:
    return [record for record in records if record.topic == "contract-totals"]


@moderate
@given(reviewed_histories(), st.lists(st.integers(0, 3), min_size=1), st.integers(1, 3), st.integers(0, 40))
def test_fnd_4_any_interleaving_gives_the_same_totals(
    history: list[Line], slices: list[int], page: int, restarted: int
) -> None:
    book = Book()
    for topic, message in history:
        book.publish(topic, message)
    ledger = Restarted()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logic, "SLICE_KEYS", page)
        for at, record in enumerate(book.log):
            ledger.fold(record)
            for _ in range(slices[at % len(slices)]):
                ledger.slice()
            if at % (restarted + 1) == restarted:
                ledger.restart()
        ledger.settle()
    assert told(ledger.written) == told(book.service.written)
    assert len(told(ledger.written)) == 1
    assert by_participant(ledger.written) == by_participant(book.service.written)
    assert dict(ledger.partition.tables["totals"].items()) == {}


@moderate
@given(histories())
def test_fnd_4_a_total_is_what_its_participants_hold_at_the_close(history: list[Line]) -> None:
    (topic, first), *rest = history
    book = Book()
    book.publish(topic, {**first, "charge_review": review()})
    while not (written := totals(book.publish(*rest.pop(0)))):
        pass
    assume(
        str(book.service._ledger._market.head.last_closed) == DAY
    )  # and not the day after, which waited for this one
    values = list(held(book))
    assert written == [("C1", DAY, f"{sum(values, Decimal('0.00'))}", len([value for value in values if value]))]


def held(book: Book) -> Iterator[Decimal]:
    """What each participant holds at the last closed day."""
    market = book.service._ledger._market
    for participant in dict(book.service.ledger_partition.tables["participants"].items()).values():
        values = [holding.value for holding in holdings(market, participant)]
        yield sum((value for value in values if value is not None), Decimal(0))

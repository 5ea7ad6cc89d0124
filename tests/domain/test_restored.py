"""State comes back from its tables as it was: whoever takes over goes on as if nothing had happened."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.domain.folding import market_of
from services.domain.market import Market
from services.ledger.logic import LedgerLogic
from services.reference.rows import reference_of
from tests.domain.lives import Ledger, by_participant, lived
from tests.strategies import Line, histories

moderate = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@moderate
@given(history=histories(), at=st.integers(0, 200), settled=st.booleans())
def test_a_ledger_restored_in_mid_stream_writes_the_same(history: list[Line], at: int, *, settled: bool) -> None:
    book = lived(history)
    ledger = Ledger()
    for place, record in enumerate(book.log):
        if place == at % len(book.log):
            if settled:
                ledger.settle()
            for table in ledger.partition.tables.values():
                table.commit()
                for key, row in list(table.items()):
                    table.restore(key.encode(), table.spec.encode(row))
            ledger.logic = LedgerLogic(ledger.partition)
            ledger.logic.restored()
        ledger.fold(record)
    ledger.settle()
    assert by_participant(ledger.written) == by_participant(book.service.written)


@moderate
@given(histories())
def test_reference_state_is_what_its_rows_say(history: list[Line]) -> None:
    reference = lived(history).service._reference
    assert reference_of(reference._rows.items()) == reference._state


def test_a_market_of_no_rows_knows_nothing() -> None:
    assert market_of([]) == Market()

"""A statement generator held against annuity-ledger: in process, or on Kafka with ANNUITY_LEDGER_TESTING=container."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from contracts_schema.testing import AnnuityLedger, ledger_for_tests
from deploy.examples.statement_reader.story import QUARTER, WITHDRAWN_ON, told


@pytest.fixture(scope="module")
def ledger() -> Iterator[AnnuityLedger]:
    """A ledger that was told the participant's year."""
    with ledger_for_tests() as ledger:
        told(ledger)
        yield ledger


def test_the_quarter_has_one_confirmation(ledger: AnnuityLedger) -> None:
    first, last = QUARTER
    (withdrawal,) = [done for done in ledger.confirmations("P1") if first <= done.trade_date <= last]
    (leg,) = withdrawal.legs
    assert (withdrawal.kind, withdrawal.trade_date, withdrawal.paid) == ("withdrawal", WITHDRAWN_ON, Decimal("100.00"))
    assert (leg.units, leg.units_after, leg.value_after) == (Decimal(-8), Decimal(52), Decimal("650.00"))


def test_the_quarter_has_the_notices_of_the_maturity(ledger: AnnuityLedger) -> None:
    """18 days before 15 May are 27 April, a Saturday: told at the close of the Friday before."""
    told_of = [(notice.kind, str(notice.date)) for notice in ledger.notices("P1")]
    assert told_of == [("maturity_approaching", "2024-04-26"), ("matured_value_stays", "2024-05-15")]


def test_nothing_is_missing(ledger: AnnuityLedger) -> None:
    """Confirmations, rejections and notices are numbered together, without gaps."""
    counted = [*ledger.confirmations("P1"), *ledger.rejections("P1"), *ledger.notices("P1")]
    assert sorted(each.sequence for each in counted) == [1, 2, 3, 4, 5]

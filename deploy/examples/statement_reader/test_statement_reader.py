"""A statement generator held against annuity-ledger: in process, or on Kafka with ANNUITY_LEDGER_TESTING=container."""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal

import pytest

from contracts_schema.testing import AnnuityLedger, AnnuityLedgerOnBroker, ledger_for_tests
from deploy.examples.statement.__main__ import write_statements
from deploy.examples.statement.records import TOPICS, Record, from_cluster
from deploy.examples.statement_reader.story import KEY, QUARTER, WITHDRAWN_ON, told


@pytest.fixture(scope="module")
def ledger() -> Iterator[AnnuityLedger]:
    """A ledger that was told the participant's year."""
    with ledger_for_tests() as ledger:
        told(ledger)
        yield ledger


def records(ledger: AnnuityLedger) -> Iterable[Record]:
    """What the generator reads: from the cluster by its own code, in process by ours."""
    if isinstance(ledger, AnnuityLedgerOnBroker):
        ledger.confirmations()  # has all in
        return from_cluster(ledger.bootstrap_servers)
    return [
        Record(topic, (one.key or b"").decode(), json.loads(one.value or b""), ("repeat", b"true") in one.headers)
        for topic in TOPICS
        for one in ledger.records(topic)
    ]


@pytest.fixture(scope="module")
def page(ledger: AnnuityLedger, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The participant's statement of the quarter."""
    folder = tmp_path_factory.mktemp("statements")
    assert write_statements(records(ledger), folder, *QUARTER) == 1
    return (folder / f"{KEY.replace('|', '-')}.html").read_text(encoding="utf-8")


def test_the_statement_tells_what_is_held(page: str) -> None:
    """52 units at 12.5 are 650.00, and the matured term is 400.00 still."""
    assert "What you hold: $1,050.00" in page


def test_the_statement_tells_what_happened_in_the_quarter(page: str) -> None:
    assert "2024-06-03: withdrawal (withdrawal)" in page
    assert "2023-05-01: deposit" not in page
    assert "maturity approaching" in page.lower().replace("_", " ")


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

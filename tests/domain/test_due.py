"""What is due by whose close: a date for each kind of thing that time brings, by itself and as the earliest of all."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from contracts_schema.terms import AccountType
from contracts_schema.values import changed
from services.domain.due import due_date
from services.domain.fee_dates import FeeDates
from services.domain.incomes import Income
from services.domain.installment_plans import InstallmentPlan, Payable
from services.domain.particulars import AmlOrder
from services.domain.state import Account, Lot, Participant, RateLock, Waiting
from tests.domain.gaa import lot

OPENED = date(2021, 1, 4)


def account(**more: Any) -> Account:  # noqa: ANN401 -- fields of an account
    return Account(AccountType.PRETAX, OPENED, **more)


def books(*accounts: Account, **more: Any) -> Participant:  # noqa: ANN401 -- fields of a participant
    return Participant("C1", "P1", accounts=accounts, **more)


def waiting(trade_date: date) -> Waiting:
    return Waiting(trade_date, datetime(2021, 1, 4, 15, tzinfo=UTC), "r", b"")


def plan(due: date) -> InstallmentPlan:
    return InstallmentPlan("w", OPENED, due, 60, Decimal("100.00"), Decimal(0), Decimal("6000.00"))


def monthly(**more: Any) -> Income:  # noqa: ANN401 -- fields of an income
    """An annuity of twelve payments from 15 March 2021 on."""
    return Income("i", "period_certain", Decimal("1000.00"), date(2021, 3, 15), 1, payments=12, **more)


def maturing(**more: Any) -> Lot:  # noqa: ANN401 -- fields of a lot
    """A lot that matures on Friday 31 March 2023."""
    return lot("2021-01-05", (("0.02", "2023-03-31"),), **more)


LOCK = RateLock("l", date(2021, 1, 5), date(2021, 2, 19), ("GAA",))
ORDER = AmlOrder("A", OPENED)


def test_nothing_is_due_where_there_is_nothing() -> None:
    assert due_date(Participant("C1", "P1")) is None
    assert due_date(books(account(fee=FeeDates(), payable=Payable()))) is None


def test_gen_1_a_request_is_due_on_its_trade_date() -> None:
    assert due_date(books(waiting=(waiting(date(2021, 1, 6)), waiting(date(2021, 1, 5))))) == date(2021, 1, 5)


def test_wdl_5_a_fee_is_due_on_its_anniversary() -> None:
    assert due_date(books(account(fee=FeeDates(date(2022, 1, 4))))) == date(2022, 1, 4)


def test_wdl_8_an_installment_is_due_on_its_day_unless_an_order_blocks_it() -> None:
    owing = account(payable=Payable((plan(date(2021, 3, 5)), plan(date(2021, 2, 5)))))
    assert due_date(books(owing)) == date(2021, 2, 5)
    assert due_date(books(owing, aml_orders=(ORDER,))) is None
    resumed = account(payable=Payable((plan(date(2021, 2, 5)),), resumed=date(2021, 2, 9)))
    assert due_date(books(resumed)) == date(2021, 2, 9)


def test_inc_3_a_payment_is_due_by_its_number() -> None:
    assert due_date(books(account(incomes=(monthly(),)))) == date(2021, 3, 15)
    assert due_date(books(account(incomes=(monthly(paid=2),)))) == date(2021, 5, 15)  # two months on
    assert due_date(books(account(incomes=(monthly(paid=12),)))) is None  # that was the last
    assert due_date(books(account(incomes=(monthly(),)), aml_orders=(ORDER,))) is None


def test_mat_5_a_lot_is_due_when_it_matures() -> None:
    assert due_date(books(account(lots=(maturing(),)))) == date(2023, 3, 31)


def test_mat_3_a_matured_lot_is_due_the_day_after_while_it_is_undecided() -> None:
    matured = maturing(matured=True, undecided=True)
    assert due_date(books(account(lots=(matured,)))) == date(2023, 4, 1)
    assert due_date(books(account(lots=(changed(matured, undecided=False),)))) is None


def test_mat_1_the_notice_of_a_maturity_is_due_before_it() -> None:
    assert due_date(books(account(lots=(maturing(notice_from=date(2023, 3, 10)),)))) == date(2023, 3, 10)


def test_gaa_7_the_end_of_a_rate_lock_is_due_the_day_after_unless_it_was_used() -> None:
    assert due_date(books(rate_lock=LOCK)) == date(2021, 2, 20)
    assert due_date(books(rate_lock=changed(LOCK, unused=False))) is None


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_mat_6_the_earliest_is_what_counts(order: tuple[int, ...]) -> None:
    """Whatever comes first, the same date is due, and the next one when it is done."""
    kinds = (
        {"fee": FeeDates(date(2022, 1, 4))},
        {"payable": Payable((plan(date(2022, 1, 5)),))},
        {"lots": (maturing(notice_from=date(2022, 1, 6)),)},
        {"incomes": (monthly(not_before=date(2022, 1, 7)),)},
    )
    held: dict[str, Any] = {}
    for at in order:
        held |= kinds[at]
        first = min(order[: order.index(at) + 1])
        assert due_date(books(account(**held))) == date(2022, 1, 4 + first)

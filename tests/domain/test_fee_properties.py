"""Whatever is held a fee takes its dollars pro rata; whatever is owed, installments pay it with interest."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts_schema.contributions import Source
from contracts_schema.cycles import CycleTerms
from contracts_schema.values import changed
from services.domain.cycles import Payments, completed, counted, credited
from services.domain.fees import take_fee
from services.domain.installment_plans import InstallmentPlan
from services.domain.installments import level_payment, next_payment, schedule
from services.domain.numbers import exact
from services.domain.positive import months_after
from services.domain.sources import View
from services.domain.state import Participant
from tests.domain.gaa import day
from tests.domain.holders import holders, valuation, worth

D = Decimal
CENT = D("0.01")
fees = st.decimals("0.01", "50", places=2)


@settings(deadline=None)
@given(holders(), fees)
@exact
def test_wdl_5_a_fee_is_pro_rata_or_all_there_is(holder: Participant, fee: Decimal) -> None:
    """Each position and lot gives its share of the value, but for the cents left over; together they give the fee."""
    (account,) = holder.accounts
    total, taken = worth(holder), take_fee(View(valuation(), account), fee, "a fee")
    if taken is None:
        assert total == 0
        return
    assert taken.charge.amount == taken.taken == min(fee, total) == -sum(leg.dollars for leg in taken.legs)
    held = len(account.positions) + len(account.lots)
    for leg in taken.legs:
        assert abs(taken.taken * leg.value_before / total + leg.dollars) <= CENT * held
        assert leg.value_before + leg.dollars + leg.rounding == leg.value_after
    after = changed(holder, accounts=(taken.account,))
    assert worth(after) == total - taken.taken + sum(leg.rounding for leg in taken.legs)
    assert taken.mva is None


@settings(deadline=None)
@given(holders(), fees)
@exact
def test_wdl_5_an_adjusted_fee_comes_in_whole_or_is_all_there_is(holder: Participant, fee: Decimal) -> None:
    (account,) = holder.accounts
    view = View(valuation(), account)
    taken = take_fee(view, fee, "a fee", adjusted=True)
    if taken is None:
        assert worth(holder) < CENT * 10
        return
    adjusted = D(0) if taken.mva is None else taken.mva.aggregate
    assert taken.taken + adjusted == taken.charge.amount <= fee
    assert taken.charge.amount == fee or not taken.account.lots + taken.account.positions


plans = st.tuples(
    st.decimals("0.60", "5000000", places=2),
    st.integers(1, 60),
    st.sampled_from(["0", "0.01", "0.02", "0.0375", "0.12"]),
)


@settings(deadline=None)
@given(plans, st.dates(day("2021-01-01"), day("2030-12-31")))
@exact
def test_wdl_8_installments_pay_what_is_owed_and_its_interest(of: tuple[Decimal, int, str], start: date) -> None:
    """Level but for the last, which settles the rounding of every month; nothing is left."""
    dollars, months, rate = of
    level = level_payment(dollars, months, D(rate))
    plan = InstallmentPlan("w", start, months_after(start, 1), months, level, D(rate), dollars)
    rows = list(schedule(plan))
    assert [row.number for row in rows] == [*range(1, months + 1)]
    assert [row.due for row in rows] == [months_after(start, number) for number in range(1, months + 1)]
    assert {row.amount for row in rows[:-1]} <= {level}
    assert abs(rows[-1].amount - level) <= CENT * 2 * months
    assert sum(row.amount for row in rows) == dollars + sum(row.interest or D(0) for row in rows)
    assert rows[-1].left == 0
    assert next_payment(plan)[0] == rows[0]


@settings(deadline=None)
@given(
    st.decimals("1.00", "5000000", places=2),
    st.integers(1, 10),
    st.sampled_from([1, 3, 6, 12]),
    st.sampled_from(["0", "0.01", "0.04", "0.12"]),
)
@exact
def test_wdl_6_installments_so_many_months_apart_pay_what_is_owed(
    dollars: Decimal, payments: int, every: int, rate: str
) -> None:
    months, start = payments * every, day("2021-01-29")
    level = level_payment(dollars, months, D(rate), every)
    plan = InstallmentPlan(
        "w", start, months_after(start, every), months, level, D(rate), dollars, every=every, option="FP"
    )
    rows = list(schedule(plan))
    assert [row.due for row in rows] == [months_after(start, number * every) for number in range(1, payments + 1)]
    assert {row.amount for row in rows[:-1]} <= {level}
    assert abs(rows[-1].amount - level) <= CENT * 2 * payments
    assert sum(row.amount for row in rows) == dollars + sum(row.interest or D(0) for row in rows)
    assert rows[-1].left == 0


TERMS = CycleTerms(payments_per_cycle=26)
sources = st.sampled_from([Source.SALARY_REDUCTION, Source.EMPLOYER, Source.ROLLOVER, Source.ROTH_SALARY_REDUCTION])


@given(st.lists(st.tuples(st.integers(0, 2), sources), max_size=200))
def test_acc_3_a_new_account_has_as_many_as_the_one_with_the_most_and_then_its_own(
    deposits: list[tuple[int, Source]],
) -> None:
    """Three accounts, each opened by its first deposit."""
    accounts: dict[int, Payments | None] = {}
    for name, source in deposits:
        if name not in accounts:
            accounts[name] = credited(TERMS, accounts.values())
            most = max((known.number for known in accounts.values() if known is not None), default=0)
            assert accounts[name] == Payments(most)
        before = accounts[name]
        accounts[name] = counted(TERMS, before, source)
        made = 0 if before is None else before.made
        assert accounts[name] == changed(before, made=made + (source is not Source.ROLLOVER))  # type: ignore[type-var]
        assert completed(TERMS, accounts[name]) == (accounts[name].number) // 26  # type: ignore[union-attr]

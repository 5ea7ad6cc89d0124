"""GEN-5, GEN-7, TRF-6, WDL-3: what holds of every transfer and withdrawal, whatever is held at whatever factors."""

from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts_schema.requests import TransferRequest, WithdrawalRequest
from contracts_schema.terms import AccountType
from contracts_schema.values import changed
from services.domain.cases import Case
from services.domain.guaranteed import lot_index
from services.domain.market import Market, Valuation
from services.domain.numbers import exact
from services.domain.positions import value_at
from services.domain.state import Account, Lot, Participant, Position
from services.domain.transfers import transfer
from services.domain.verdicts import Done, Verdict
from services.domain.withdrawals import withdrawal
from tests.domain import books
from tests.domain.gaa import LOTS, TRADE, day, flat, gaa_terms, held, leg, still

D = Decimal
CENT = D("0.01")
PRICES = {"F1": "12.345678", "F2": "0.987654", "F3": "101.500000"}


@cache
def closed() -> tuple[Market, tuple[Lot, ...]]:
    """The market with 28 April 2021 closed at odd prices, and one lot of every kind."""
    book = held(None, **dict.fromkeys(LOTS, "1.00"))
    book.close(TRADE, flat("6"), **PRICES)
    return book.service._ledger._market, book.lots()


@st.composite
def holders(draw: st.DrawFn) -> Participant:
    """A participant with any units of any options and lots; interest makes the lots' values odd."""
    units = st.decimals("0.000001", "20000", places=6)
    positions = tuple(Position(name, draw(units)) for name in draw(st.sets(st.sampled_from(["F1", "F2", "F3"]))))
    chosen = draw(st.sets(st.sampled_from(range(len(closed()[1])))))
    rates = st.decimals("0", "0.09", places=4)
    lots = tuple(_earning(closed()[1][at], draw(units), draw(rates)) for at in sorted(chosen))
    account = Account(AccountType.PRETAX, day("2021-01-04"), (), positions, lots, lots_made=9)
    return Participant("C1", "P1", accounts=(account,))


def _earning(lot: Lot, units: Decimal, rate: Decimal) -> Lot:
    return changed(lot, units=units, steps=(changed(lot.steps[0], rate=rate),))


def valuation() -> Valuation:
    terms = closed()[0].terms_on("C1", day(TRADE))
    assert terms is not None
    return Valuation(closed()[0], terms, day(TRADE))


@exact
def withdraw(holder: Participant, **what: object) -> Verdict:
    request = WithdrawalRequest.model_validate(books.withdrawal("w", TRADE, **what))
    return withdrawal(Case(valuation(), holder, request))


@exact
def move(holder: Participant, legs: list[books.Json], to: list[books.Json], **what: object) -> Verdict:
    request = TransferRequest.model_validate(books.transfer("t", TRADE, legs, to, **what))
    return transfer(Case(valuation(), holder, request))


@exact
def worth(holder: Participant) -> Decimal:
    """The value of everything, each position and lot to the cent, before any adjustment."""
    (account,), at = holder.accounts, valuation()
    values = [value_at(lot.units, lot_index(lot, at.day, 12)) for lot in account.lots]
    for position in account.positions:
        option = at.terms.option_named(position.option)
        assert option is not None
        values.append(value_at(position.units, at.index(option)))
    return sum(values, D(0))


def check(holder: Participant, done: Done) -> None:
    """Every leg: before + dollars + rounding = after, by at most a cent; the books: what left is gone (GEN-7)."""
    legs = done.body["legs"]
    for each in legs:
        assert each.value_before + each.dollars + each.rounding == each.value_after
        assert each.units_before + each.units == each.units_after >= 0
        assert abs(each.rounding) <= CENT
    assert done.body["rounding"] == sum((each.rounding for each in legs), D(0))
    assert worth(done.participant) == worth(holder) + sum(each.dollars + each.rounding for each in legs)
    block = done.body["mva"]
    aggregate = sum((line.adjustment for line in block.lines), D(0)) if block else D(0)
    assert aggregate == (block.aggregate if block else D(0))
    assert done.body["debits"] == done.body["credits"]


quantities: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({"full": True}),
    st.decimals("0.0001", "100", places=4).map(lambda percent: {"percent": str(percent)}),
    st.tuples(st.decimals("0.01", "100000", places=2), st.sampled_from(["net", "gross"])).map(
        lambda pair: {"amount": str(pair[0]), "amount_type": pair[1]}
    ),
)


@given(holders(), quantities)
def test_gen_7_a_withdrawal_neither_makes_nor_loses_a_cent(holder: Participant, quantity: dict[str, Any]) -> None:
    verdict = withdraw(holder, **quantity)
    if isinstance(verdict, Done):
        check(holder, verdict)
        taken = -sum(each.dollars for each in verdict.body["legs"])
        mva = verdict.body["mva"].aggregate if verdict.body["mva"] else D(0)
        assert taken == verdict.body["gross"]
        assert taken + mva == verdict.body["paid"]
    else:
        assert next(found.code for found in verdict) in {"INSUFFICIENT_VALUE", "NOTHING_TO_WITHDRAW"}


@given(holders(), st.decimals("0.01", "50000", places=2))
def test_wdl_3_a_net_withdrawal_pays_that_dollar_or_there_is_less(holder: Participant, amount: Decimal) -> None:
    verdict = withdraw(holder, amount=str(amount))
    if isinstance(verdict, Done):
        assert verdict.body["paid"] == amount
    else:
        (reason,) = verdict
        assert D(reason.numbers["available_after_mva"]) < amount


@given(holders())
def test_wdl_1_full_leaves_nothing_at_all(holder: Participant) -> None:
    verdict = withdraw(holder, full=True)
    if isinstance(verdict, Done):
        (account,) = verdict.participant.accounts
        assert (account.positions, account.lots) == ((), ())
        assert verdict.body["gross"] == worth(holder)
    else:
        assert worth(holder) < CENT


@given(holders(), st.decimals("0.01", "50000", places=2), st.integers(1, 99))
def test_trf_6_what_arrives_is_what_was_asked_for(holder: Participant, amount: Decimal, percent: int) -> None:
    to = books.shares(FA2=str(percent), F2=str(100 - percent))
    verdict = move(holder, [leg("GAA", amount=str(amount))], to)
    if isinstance(verdict, Done):
        check(holder, verdict)
        bought = sum(each.dollars for each in verdict.body["legs"] if each.dollars > 0)
        mva = verdict.body["mva"].aggregate
        assert bought == amount == verdict.body["gross"] + mva


@given(holders(), st.decimals("0.01", "5000", places=2))
def test_there_and_back_changes_nothing_but_rounding_lines(holder: Participant, amount: Decimal) -> None:
    """From one fund to another and back the same day: each way dollars keep, and the rounding lines say the rest."""
    there = move(holder, [leg("F1", amount=str(amount))], books.shares(F3="100"))
    if isinstance(there, Done):
        back = move(there.participant, [leg("F3", amount=str(amount))], books.shares(F1="100"))
        assert isinstance(back, Done)
        rounding = there.body["rounding"] + back.body["rounding"]
        assert worth(back.participant) == worth(holder) + rounding
        assert abs(rounding) <= 4 * CENT


def test_gen_5_value_does_not_depend_on_how_often_it_is_looked_at() -> None:
    """P2 asks for too much every day for three months, P1 for nothing: both end with the same dollars of everything.

    50.00 in F1 at 10, then 12.345678; 30.00 in Fixed Account 2 at 2%; 20.00 in a five-year term at 3%.
    """
    book = books.Book(gaa_terms())
    offer = books.offering("JAN", "2021-01-04", "2021-01-08", still(5, "2026-01-08", "0.03"))
    book.publish("guaranteed-offerings", offer)
    for who in ("P1", "P2"):
        allocation = books.shares(F1="50", FA2="30", GAA_5="20")
        deposit = books.deposit("d", "2021-01-04", "100.00", allocation=allocation, participant_id=who)
        book.deposit(deposit)
    for on in books.business_days("2021-01-04", "2021-04-06"):
        book.withdraw(books.withdrawal(f"w-{on}", on, amount="999.00", participant_id="P2"))
        book.close(on, flat("3"), F1="10.000000" if on < "2021-04-01" else PRICES["F1"])
    for who in ("P1", "P2"):
        book.withdraw(books.withdrawal("all", "2021-04-07", full=True, participant_id=who))
    first, second = book.close("2021-04-07", flat("3"), F1=PRICES["F1"])
    assert first.message["legs"] == second.message["legs"]
    assert first.message["paid"] == second.message["paid"] == "112.03"  # 61.73 + 30.15 + 20.15
    assert second.message["sequence"] == first.message["sequence"] + 64

"""Participants with any units of any options and lots, what is asked of them, and what holds of every answer."""

from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from contracts_schema.requests import TransferRequest, WithdrawalRequest
from contracts_schema.terms import AccountType
from contracts_schema.values import changed
from services.domain.cases import Case
from services.domain.guaranteed import lot_index
from services.domain.market import Market
from services.domain.numbers import exact
from services.domain.positions import value_at
from services.domain.state import Account, Lot, Participant, Position
from services.domain.transfers import transfer
from services.domain.valuation import Valuation
from services.domain.verdicts import Done, Verdict
from services.domain.withdrawals import withdrawal
from tests.domain import books
from tests.domain.gaa import LOTS, TRADE, day, flat, held

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
        values.append(value_at(position.units, at.index(option, account)))
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

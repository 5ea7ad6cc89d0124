"""GEN-5, GEN-7, TRF-6, WDL-3: what holds of every transfer and withdrawal, whatever is held at whatever factors."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.domain.state import Participant
from services.domain.verdicts import Done
from tests.domain import books
from tests.domain.gaa import flat, gaa_terms, leg, still
from tests.domain.holders import CENT, PRICES, check, holders, move, quantities, withdraw, worth

D = Decimal


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

"""What holds of every maturity, and of every request for what was reinvested at one (MAT-3, MAT-4, GEN-7)."""

from collections import defaultdict
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from contracts_schema.requests import TransferRequest, WithdrawalRequest
from contracts_schema.values import changed
from services.domain.dispatch import verdict
from services.domain.market import Market
from services.domain.numbers import exact
from services.domain.state import Participant
from services.domain.verdicts import Done, Verdict
from tests.domain.books import Json, request, shares
from tests.domain.gaa import day
from tests.domain.lives import lived
from tests.domain.maturities import IN_MARCH, close, contract, reinvested
from tests.strategies import Line, histories

D = Decimal
MATURITIES = {"maturity_transfer", "maturity_payment", "reinvested"}
moderate = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
amounts = st.decimals("0.01", "1020", places=2).map(str)
yields = st.sampled_from(["2", "4", "6"])
kinds = st.sampled_from(["net", "gross"])


@moderate
@given(histories())
def test_gen_7_what_matures_goes_somewhere_to_the_cent(history: list[Line]) -> None:
    """All units of the lot go, and what it was worth at its maturity arrives or is paid, less what comes off (MAT-2);
    nothing is adjusted.
    """
    for outcome in lived(history).outcomes:
        message = outcome.message
        if outcome.topic == "confirmations" and message["kind"] in MATURITIES:
            out, *others = message["legs"]
            arrived = sum((D(leg["dollars"]) for leg in others), D(message["paid"] or 0))
            off = sum((D(charge["amount"]) for charge in message["charges"]), D(0))
            assert -D(out["dollars"]) == D(message["gross"]) == arrived + off == D(out["value_before"])
            assert (out["index_date"], D(out["units_after"])) == (out["maturity"], D(0))
            assert message["mva"] is None


@moderate
@given(histories())
def test_mat_3_each_lot_matures_once(history: list[Line]) -> None:
    """It is elected, paid out or reinvested, or its value stays and is told to."""
    ends: dict[tuple[str, str, str], int] = defaultdict(int)
    for outcome in lived(history).outcomes:
        message = outcome.message
        lot = message.get("details", {}).get("matured_lot" if message.get("kind") in MATURITIES else "lot")
        if message.get("kind") in MATURITIES | {"matured_value_stays"}:
            ends[outcome.key, message["account"], lot] += 1
    assert all(count == 1 for count in ends.values())


@cache
def in_the_window(later: str) -> tuple[Market, Participant]:
    """P1 with a lot reinvested on 10 February, worth 1,009.18 on 17 March, and $100.00 of a fund."""
    book = reinvested(years=1, later=later, terms=contract(lock_in_days=0), GAA="1000.00", F2="100.00")
    close(book, IN_MARCH, later)
    found = book.participant()
    assert found is not None
    return book.service._ledger._market, found


def as_deposited(holder: Participant) -> Participant:
    """The same, but for the lot, which is as if it had been deposited."""
    (account,) = holder.accounts
    return holder.with_account(changed(account, lots=(changed(account.lots[0], reinvested=None),)))


@exact
def asked(market: Market, holder: Participant, **what: object) -> Verdict:
    common = request("r", f"{IN_MARCH}T10:00:00-04:00", account="pretax")
    model = TransferRequest if "to" in what else WithdrawalRequest
    body = common | {name.rstrip("_"): value for name, value in what.items()}
    return verdict(market, holder, model.model_validate(body), day(IN_MARCH), day(IN_MARCH))


GAA: Json = {"from_": [{"option": "GAA", "term": 1}], "reason": "in_service"}


@given(yields, amounts, kinds)
def test_mat_4_a_dollar_request_pays_that_dollar_and_what_is_left_is_the_rest(
    later: str, amount: str, kind: str
) -> None:
    market, holder = in_the_window(later)
    done = asked(market, holder, amount=amount, amount_type=kind, **GAA)
    assume(isinstance(done, Done))
    assert isinstance(done, Done)
    body = done.body
    assert amount == str(body["paid"] if kind == "net" else body["gross"])
    assert body["gross"] + body["mva"].aggregate == body["paid"]
    assert body["debits"] == body["credits"]
    assert abs(D("1009.18") - body["gross"] - body["legs"][-1].value_after) <= D("0.02")
    assert all(lot.reinvested is None for lot in done.participant.accounts[0].lots)


@given(yields, amounts, kinds)
def test_mat_4_what_is_free_is_what_was_reinvested_unless_the_lot_goes_as_a_whole(
    later: str, amount: str, kind: str
) -> None:
    """But for the dollars between what a part and the whole pay: at most the adjustment of the interest, 18 cents."""
    market, holder = in_the_window(later)
    done = asked(market, holder, amount=amount, amount_type=kind, **GAA)
    assume(isinstance(done, Done))
    assert isinstance(done, Done)
    free = sum((line.taken for line in done.body["mva"].lines if line.rule == "MAT-4"), D(0))
    whole = done.body["gross"] == D("1009.18")
    assert free == D("1009.18") if whole else free <= 1000 or done.body["gross"] >= D("1009.00")
    assert free >= min(done.body["gross"], D(1000))


@given(amounts, kinds)
def test_mat_4_the_provision_never_costs_where_yields_have_risen(amount: str, kind: str) -> None:
    """No more is taken, no less is paid, than of a lot that was deposited."""
    market, holder = in_the_window("6")
    with_it = asked(market, holder, amount=amount, amount_type=kind, **GAA)
    without = asked(market, as_deposited(holder), amount=amount, amount_type=kind, **GAA)
    assert isinstance(with_it, Done) or not isinstance(without, Done)
    if isinstance(with_it, Done) and isinstance(without, Done):
        assert with_it.body["gross"] <= without.body["gross"]
        assert with_it.body["paid"] >= without.body["paid"]


@given(yields, amounts, kinds)
def test_mat_4_transfers_and_withdrawals_of_it_take_the_same(later: str, amount: str, kind: str) -> None:
    market, holder = in_the_window(later)
    paid = asked(market, holder, amount=amount, amount_type=kind, **GAA)
    leg = [{"option": "GAA", "term": 1, "amount": amount}]
    moved = asked(market, holder, from_=leg, to=shares(F1="100"), amount_type=kind)
    assert isinstance(paid, Done) == isinstance(moved, Done)
    if isinstance(paid, Done) and isinstance(moved, Done):
        assert paid.body["gross"] == moved.body["gross"]
        assert paid.body["mva"].lines == moved.body["mva"].lines


@pytest.mark.parametrize("later", ["2", "4", "6"])
def test_mat_4_all_of_it_pays_the_whole_value_at_any_yields(later: str) -> None:
    market, holder = in_the_window(later)
    done = asked(market, holder, full=True, **GAA)
    assert isinstance(done, Done)
    assert (done.body["gross"], done.body["paid"]) == (D("1009.18"), D("1009.18"))

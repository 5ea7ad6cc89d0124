"""ACC-2: the Individual Account Reserve is what E-FA2 §7 says it is, after whatever came and went.

Net deposits, plus interest, plus what units gained, plus experience credits, less what was surrendered with the
adjustment taken into account, and less fees. Gains are reckoned here, from the units held and by the rules' words.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domain.books import Book, Json, business_days, deposit, offering, request, shares, withdrawal
from tests.domain.books_fees import charging
from tests.domain.gaa import flat, gaa_terms, still

D = Decimal
DAYS = tuple(business_days("2021-01-04", "2021-01-20"))
GUARANTEED = "0.05"
CONFIRMED = "confirmations"
ALLOCATION = shares(F1="30", FA2="30", GAA_3="40")

amounts = st.decimals("1", "5000", places=2).map(str)
deposits = amounts.map(lambda amount: ("deposit", {"amount": amount}))
credits_ = amounts.map(lambda amount: ("credit", {"amount": amount}))
quantities = st.sampled_from([{"full": True}, {"percent": "12.5"}]) | st.builds(
    lambda amount, kind: {"amount": amount, "amount_type": kind}, amounts, st.sampled_from(["net", "gross"])
)
withdrawals = quantities.map(lambda quantity: ("withdrawal", quantity))
asked = st.lists(st.one_of(deposits, credits_, withdrawals), max_size=2)
prices = st.decimals("5", "20", places=6)
days = st.tuples(asked, prices, st.sampled_from(["3", "5", "8"]))


def ask(book: Book, request_id: str, day: str, what: tuple[str, Json]) -> None:
    kind, quantity = what
    if kind == "deposit":
        book.deposit(deposit(request_id, day, **quantity, allocation=ALLOCATION))
    elif kind == "credit":
        order = {"kind": "experience_credit", "account": "pretax", "allocation": ALLOCATION, **quantity}
        book.instruct(request(request_id, day, instruction=order))
    else:
        book.withdraw(withdrawal(request_id, day, **quantity))


def index_of(day: str) -> Callable[[str], Decimal]:
    """Dollars per unit on a day: 2% in Fixed Account 2 since the first day, 5% in a lot since its own."""

    def grown(rate: str, since: str) -> Decimal:
        return (1 + D(rate)) ** (D((date.fromisoformat(day) - date.fromisoformat(since)).days) / 365)

    return lambda lot_since: grown("0.02", DAYS[0]) if not lot_since else grown(GUARANTEED, lot_since)


def worth(book: Book, day: str, price: Decimal) -> Decimal:
    """The value on a day, at a price of the fund, of what is held now."""
    account, index = book.account(), index_of(day)
    lots = sum((lot.units * index(lot.deposited.isoformat()) for lot in account.lots), D(0))
    return account.units_of("F1") * price + account.units_of("FA2") * index("") + lots


def moved(message: Json) -> Decimal:
    """What a confirmation adds to the reserve."""
    charges = sum((D(charge["amount"]) for charge in message["charges"]), D(0))
    adjusted = D(message["mva"]["aggregate"]) if message["mva"] is not None else D(0)
    return D(message["received"] or 0) - charges - D(message["paid"] or 0) + adjusted


Day = tuple[list[tuple[str, Json]], Decimal, str]
"""What is asked, the fund's price and the yields."""


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(days, min_size=len(DAYS), max_size=len(DAYS)), st.sampled_from([charging, gaa_terms]))
def test_acc_2_the_reserve_is_reconciled(story: list[Day], contract: Callable[..., Json]) -> None:
    """With a fee on full withdrawals and without, to a cent for every leg."""
    book = Book(contract() | {"premium_tax_percent": "2"})
    book.publish("guaranteed-offerings", offering("G", DAYS[0], DAYS[-1], still(3, "2024-01-31", GUARANTEED)))
    book.deposit(deposit("first", DAYS[0], "1000.00", allocation=ALLOCATION))
    reserve, legs, before = D(0), 0, (DAYS[0], D(0))
    for number, (day, (wanted, price, percent)) in enumerate(zip(DAYS, story, strict=True)):
        reserve += worth(book, day, price) - worth(book, *before) if number else D(0)
        for at, what in enumerate(wanted):
            ask(book, f"r{number}-{at}", day, what)
        confirmed = [each.message for each in book.close(day, flat(percent), F1=str(price)) if each.topic == CONFIRMED]
        reserve += sum(map(moved, confirmed), D(0))
        legs += sum(len(message["legs"]) for message in confirmed)
        before = (day, price)
        assert abs(worth(book, day, price) - reserve) <= D("0.01") * (legs + 1), day

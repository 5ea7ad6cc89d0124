"""WDL-7: the day of a payment that an order deferred comes, and the owner is told.

The lot of `gaa.held`: old_3 at .9500 on Wednesday 28 April 2021; prices are 10.
"""

from datetime import date

from services.domain.installments import installment_due
from tests.domain.books import Book, Json, Outcome, business_days, deposit, request, shares
from tests.domain.gaa import TRADE, flat, gaa_terms, held, withdrawn
from tests.domain.maturities import WEDNESDAY, contract, electing, maturing
from tests.domain.maturities import close as matured

THURSDAY = "2021-04-29"


def ordered(months: int = 6, **more: object) -> Json:
    return gaa_terms(deferral_orders=[{"from_day": TRADE, "through": THURSDAY, "months": months}], **more)


def through(book: Book, first: str, last: str) -> list[Outcome]:
    return [outcome for day in business_days(first, last) for outcome in book.close(day, flat("6"))]


def due_of(book: Book) -> date | None:
    participant = book.participant()
    assert participant is not None
    return installment_due(participant, book.account())


def told(outcomes: list[Outcome]) -> list[tuple[str, str, str, str]]:
    """(day, when it was told, of which request, dollars) of every deferred payment whose day came."""
    found = (outcome.message for outcome in outcomes if outcome.message.get("kind") == "deferred_payment_due")
    return [(each["date"], each["decided_at"][:10], each["details"]["of"], each["details"]["amount"]) for each in found]


def test_wdl_7_the_day_of_a_deferred_payment_is_told() -> None:
    """1,000.00 × .95 of 28 April, six months later; once, and nothing moves."""
    book = held(ordered(), old_3="1000.00")
    withdrawn(book, full=True, payee="bank-1")
    assert due_of(book) == date(2021, 10, 28)
    assert through(book, THURSDAY, "2021-10-27") == []
    (notice,) = book.close("2021-10-28", flat("6"))
    message = notice.message
    assert (notice.topic, message["account"], message["rules"]) == ("notices", "pretax", ["WDL-7"])
    assert (message["date"], message["decided_at"][:10]) == ("2021-10-28", "2021-10-28")
    assert message["details"] == {"of": f"w-{TRADE}", "amount": "950.00", "payee": "bank-1"}
    assert due_of(book) is None
    assert through(book, "2021-10-29", "2021-11-02") == []


def test_wdl_7_a_day_that_is_no_business_day_is_told_of_at_the_next_close() -> None:
    """One month after Thursday 29 April is a Saturday, and Monday 31 May is Memorial Day. The factor is .9500."""
    book = held(ordered(1), through=TRADE, old_3="1000.00")
    withdrawn(book, THURSDAY, amount="100.00", amount_type="gross")
    assert told(through(book, "2021-04-30", "2021-06-02")) == [("2021-05-29", "2021-06-01", f"w-{THURSDAY}", "95.00")]


def test_wdl_7_each_is_told_on_its_own_day_and_what_is_paid_at_once_is_not() -> None:
    """Of 600.00 in F1 and 400.00 in the lot a tenth each day: 38.00 are deferred of the first, of the second
    100 × 360/900 × .95 = 38.00 too.
    """
    book = held(ordered(1), F1="600.00", old_3="400.00")
    for day in (TRADE, THURSDAY):
        withdrawn(book, day, amount="100.00", amount_type="gross")
    assert due_of(book) == date(2021, 5, 28)
    assert told(through(book, "2021-04-30", "2021-06-02")) == [
        ("2021-05-28", "2021-05-28", f"w-{TRADE}", "38.00"),
        ("2021-05-29", "2021-06-01", f"w-{THURSDAY}", "38.00"),
    ]


def test_dep_9_nothing_is_paid_while_an_order_blocks_the_participant() -> None:
    """95.00 due on 28 May are told of at the close of 9 June, the day on which the order is lifted."""
    book = held(ordered(1, aml={"submitters": ["acme"]}, statement_date={"month_day": "06-01"}), old_3="1000.00")
    withdrawn(book, TRADE, amount="100.00", amount_type="gross")
    through(book, THURSDAY, "2021-05-26")
    book.instruct(request("hold", "2021-05-27", instruction={"kind": "aml_hold", "order": "A-1"}))
    assert due_of(book) is None
    assert [outcome.message["kind"] for outcome in through(book, "2021-05-27", "2021-06-08")] == ["annual_statement"]
    book.instruct(request("release", "2021-06-09", instruction={"kind": "aml_release", "order": "A-1"}))
    assert due_of(book) == date(2021, 6, 9)
    assert told(through(book, "2021-06-09", "2021-06-10")) == [("2021-05-28", "2021-06-09", f"w-{TRADE}", "95.00")]
    assert due_of(book) is None


def test_wdl_7_a_maturity_that_is_paid_out_is_told_of_too() -> None:
    """1,000.00 of Wednesday 10 February, one month later."""
    order = {"from_day": WEDNESDAY, "through": WEDNESDAY, "months": 1}
    book = maturing(terms=contract() | {"deferral_orders": [order]})
    book.instruct(electing("e", "2021-02-09", withdraw=True))
    matured(book, WEDNESDAY)
    outcomes = [outcome for day in business_days("2021-02-11", "2021-03-11") for outcome in matured(book, day)]
    assert told(outcomes) == [("2021-03-10", "2021-03-10", "e", "1000.00")]


def test_wdl_7_installments_that_begin_later_are_told_by_their_payments_alone() -> None:
    """$300,000.00 of Fixed Account 2 on 28 April: a month's deferral, then installments from 28 June on."""
    orders = [{"from_day": TRADE, "through": TRADE, "months": 1}]
    book = Book(gaa_terms(deferral_orders=orders, installments={"months": 2, "rate": "0"}, effective_from="2021-04-26"))
    book.deposit(deposit("d", "2021-04-26", "300000.00", allocation=shares(FA2="100")))
    through(book, "2021-04-26", "2021-04-27")
    withdrawn(book, TRADE, full=True)
    outcomes = through(book, THURSDAY, "2021-07-28")
    assert [(outcome.message["kind"], outcome.message["trade_date"]) for outcome in outcomes] == [
        ("installment_paid", "2021-06-28"),
        ("installment_paid", "2021-07-28"),
    ]

"""DEP-6 to DEP-9 of every history: what was accepted is never more than a limit lets, and all is decided once."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts_schema.entries import RequestEntry, read_entry
from tests.domain.books import Book, Json, at, business_days, cancelling, deposit, fund, shares, terms
from tests.domain.books_orders import hold, release
from tests.domain.lives import by_participant, refolded

D = Decimal
moderate = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LIMIT, CATCH_UP, MONEY_ORDERS = D(1000), D(300), D(500)
CONTRACT = terms(
    fund("F1"),
    effective_from="2021-12-28",
    accounts=["pretax", "employer", "roth"],
    contribution_limits={"by_year": [{"year": 2021, "limit": str(LIMIT), "catch_up": str(CATCH_UP)}]},
    payments={"money_order_limit": str(MONEY_ORDERS), "money_order_months": 1},
)
DAYS = ("2021-12-28", "2021-12-29", "2021-12-30", "2021-12-31", "2022-01-03", "2022-01-04", "2022-01-28", "2022-01-31")
LAST = "2022-02-01"
"""Business days on both sides of a year's end, and of the same day a month later."""

KINDS: st.SearchStrategy[Json] = st.sampled_from(
    [
        *[{"account": "pretax", "source": "salary_reduction"}, {"account": "roth", "source": "roth_salary_reduction"}]
        * 3,
        {"account": "pretax", "source": "rollover"},
        {"account": "roth", "source": "salary_reduction"},
    ]
)
FORMS: st.SearchStrategy[Json] = st.sampled_from([{}, {}, {"payment_form": "money_order"}, {"catch_up": True}])
CLOCKS = st.sampled_from(["09:00:00", "12:00:00", "16:00:00", "16:00:01"])


@st.composite
def asked(draw: st.DrawFn, number: int, day: str) -> Json:
    """A deposit mostly; now and then an order, its release, or a cancellation."""
    received, request_id = at(day, draw(CLOCKS)), f"r{number}"
    what = draw(st.sampled_from(["deposit"] * 9 + ["hold", "release", "cancel"]))
    if what == "hold":
        return hold(request_id, received)
    if what == "release":
        return release(request_id, received)
    if what == "cancel":
        return cancelling(request_id, received, f"r{draw(st.integers(0, max(0, number - 1)))}")
    amount = str(draw(st.decimals("0.01", "700", places=2)))
    return deposit(request_id, received, amount, allocation=shares(F1="100"), **draw(KINDS), **draw(FORMS))


@st.composite
def lives(draw: st.DrawFn) -> Book:
    """What is asked on some of the days, every business day closed, and every order lifted before the last close."""
    book, number = Book(CONTRACT, rates=False), 0
    for day in business_days(DAYS[0], DAYS[-1]):
        for _ in range(draw(st.integers(0, 5)) if day in DAYS else 0):
            message = draw(asked(number, day))
            book.publish("account-instructions" if "instruction" in message else "deposit-requests", message)
            number += 1
        book.close(day)
    book.instruct(release("lifted", at(LAST, "08:00:00")))
    book.close(LAST)
    return book


def accepted(book: Book) -> list[tuple[Json, Json]]:
    """Deposits that were confirmed: what was asked, and the confirmation, in their order."""
    requests = {entry.request["request_id"]: entry.request for entry in requests_of(book)}
    return [(requests[each["request_id"]], each) for each in confirmed(book) if each["kind"] == "deposit"]


def requests_of(book: Book) -> list[RequestEntry]:
    entries = [read_entry(record.value or b"") for record in book.log]
    return [entry for entry in entries if isinstance(entry, RequestEntry)]


def confirmed(book: Book) -> list[Json]:
    return [outcome.message for outcome in book.outcomes if outcome.topic == "confirmations" and not outcome.repeated]


def counts(request: Json) -> bool:
    return request["source"] in {"salary_reduction", "roth_salary_reduction"}


@moderate
@given(lives())
def test_dep_7_what_was_accepted_of_a_year_is_never_more_than_its_limit(book: Book) -> None:
    totals: dict[str, Decimal] = defaultdict(D)
    for request, confirmation in accepted(book):
        if counts(request):
            year = confirmation["trade_date"][:4]
            totals[year] += D(request["amount"])
            assert totals[year] <= LIMIT + (CATCH_UP if request.get("catch_up") else 0)
            assert D(confirmation["details"]["contributed_this_year"]) == totals[year]


@moderate
@given(lives())
def test_dep_7_what_was_rejected_would_have_been_more(book: Book) -> None:
    by_year: dict[str, list[tuple[int, Decimal]]] = defaultdict(list)
    for request, confirmation in accepted(book):
        if counts(request):
            by_year[confirmation["trade_date"][:4]].append((confirmation["sequence"], D(request["amount"])))
    for outcome in book.outcomes:
        for reason in outcome.message.get("reasons", []):
            if reason["code"] == "CONTRIBUTION_LIMIT_EXCEEDED":
                numbers, sequence = reason["numbers"], outcome.message["sequence"]
                used = sum((dollars for at_, dollars in by_year[numbers["year"]] if at_ < sequence), D(0))
                assert D(numbers["used"]) == used
                assert used + D(numbers["requested"]) > D(numbers["limit"])


@moderate
@given(lives())
def test_dep_8_money_orders_of_a_month_are_never_more_than_their_limit(book: Book) -> None:
    """By trade date, in the month that ends on it; the same day of the month before has left."""
    orders: list[tuple[date, Decimal]] = []
    for request, confirmation in accepted(book):
        if request.get("payment_form") == "money_order":
            day = date.fromisoformat(confirmation["trade_date"])
            orders.append((day, D(request["amount"])))
            year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
            month_before = date(year, month, min(day.day, 30 if month == 11 else 31))
            assert sum(dollars for each, dollars in orders if each > month_before) <= MONEY_ORDERS


@moderate
@given(lives())
def test_dep_6_no_other_money_is_in_the_roth_account(book: Book) -> None:
    units = {"pretax": D(0), "employer": D(0), "roth": D(0)}
    for request, confirmation in accepted(book):
        assert (request["account"] == "roth") == request["source"].startswith("roth")
        units[request["account"]] += sum(D(leg["units"]) for leg in confirmation["legs"])
    books = book.participant()
    held = {} if books is None else {account.type.value: account.units_of("F1") for account in books.accounts}
    assert units == {**dict.fromkeys(units, D(0)), **held}


@moderate
@given(lives())
def test_dep_9_every_request_is_decided_once_when_every_order_is_lifted(book: Book) -> None:
    books = book.participant()
    assert books is None or (books.held, books.waiting, books.aml_orders) == ((), (), ())
    decided = [o.message["request_id"] for o in book.outcomes if o.topic in {"confirmations", "rejections"}]
    assert sorted(decided) == sorted(entry.request["request_id"] for entry in requests_of(book))
    assert by_participant(refolded(book.log).written) == by_participant(book.service.written)


def test_limits_orders_and_holds_all_come_up() -> None:
    seen: set[str] = set()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(lives())
    def look(book: Book) -> None:
        for outcome in book.outcomes:
            seen.add(outcome.message.get("kind", ""))
            seen.update(reason["code"] for reason in outcome.message.get("reasons", []))

    look()
    wanted = {"CONTRIBUTION_LIMIT_EXCEEDED", "MONEY_ORDERS_EXCEED", "SOURCE_NOT_FOR_ACCOUNT", "HELD_BY_AML_ORDER"}
    assert wanted | {"CANCELLED", "held_by_aml_order", "aml_hold_released", "deposit"} <= seen

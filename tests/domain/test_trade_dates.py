"""GEN-1 and GEN-2: business days of the exchange, and the trade date of an instant and of a request."""

from datetime import date, datetime, time

import pytest

from services.runtime.calendar import ExchangeCalendar
from tests.domain.books import Book, at, business_days, deposit, fixed_account_2, fund, only, opening, shares, terms
from tests.domain.tabled import rows

F1 = shares(F1="100")


@pytest.mark.parametrize("row", rows("trade_dates", "what"))
def test_gen_2_trade_date(row: dict[str, str]) -> None:
    calendar = ExchangeCalendar()
    traded = calendar.trade_date(datetime.fromisoformat(row["received_at"]))
    assert traded.isoformat() == row["trade_date"]
    assert calendar.closes_at(traded).time() == time.fromisoformat(row["closes_at"])


def test_gen_1_business_days_of_a_week_with_a_holiday() -> None:
    # Good Friday 2021 is 2 April.
    assert list(business_days("2021-03-29", "2021-04-06")) == [
        "2021-03-29", "2021-03-30", "2021-03-31", "2021-04-01", "2021-04-05", "2021-04-06",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2021-01-04T15:59:59-05:00", date(2020, 12, 31)),
        ("2021-01-04T16:00:00-05:00", date(2021, 1, 4)),
        ("2021-11-26T13:00:00-05:00", date(2021, 11, 26)),
        ("2021-04-04T12:00:00-04:00", date(2021, 4, 1)),
    ],
)
def test_gen_1_last_close(now: str, last: date) -> None:
    assert ExchangeCalendar().last_closed(datetime.fromisoformat(now)) == last


@pytest.mark.parametrize(
    ("submitter", "received", "recorded", "trade_date"),
    [
        # acme is authorised to say when it received a request; what it says rules, however late it sends it.
        ("acme", at("2021-01-04", "15:59:59"), at("2021-01-04", "18:00:00"), "2021-01-04"),
        ("acme", at("2021-01-04", "16:00:00"), at("2021-01-04", "18:00:00"), "2021-01-04"),
        ("acme", at("2021-01-04", "16:00:01"), at("2021-01-04", "18:00:00"), "2021-01-05"),
        # For plain the broker's stamp rules: no received_at buys an earlier price, nor a later one.
        ("plain", at("2021-01-04", "15:59:59"), at("2021-01-04", "16:00:01"), "2021-01-05"),
        ("plain", at("2021-01-04", "09:00:00"), at("2021-01-04", "15:59:59"), "2021-01-04"),
        ("plain", at("2021-01-04", "16:00:01"), at("2021-01-04", "16:00:00"), "2021-01-04"),
    ],
)
def test_gen_2_received_at_rules_only_for_trusted_submitters(
    submitter: str, received: str, recorded: str, trade_date: str
) -> None:
    book = Book(terms())
    message = deposit("d1", received, "100.00", allocation=F1, submitted_by=submitter)
    acknowledged = only(book.deposit(message, recorded), "acknowledgements")
    assert acknowledged.message["trade_date"] == trade_date


def test_gen_2_a_deployment_may_trust_a_submitter_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNUITY_LEDGER_TRUSTED_SUBMITTERS", "plain")
    book = Book(terms())
    message = deposit("d1", at("2021-01-04", "15:59:59"), "100.00", allocation=F1, submitted_by="plain")
    acknowledged = only(book.deposit(message, at("2021-01-04", "18:00:00")), "acknowledgements")
    assert acknowledged.message["trade_date"] == "2021-01-04"


def test_gen_2_a_request_for_a_closed_day_trades_at_the_next_close() -> None:
    book = Book(terms())
    book.close("2021-01-04", F1="10.000000")
    late = deposit("d1", at("2021-01-04", "10:00:00"), "100.00", allocation=F1)
    assert only(book.deposit(late, at("2021-01-05", "12:00:00"))).message["trade_date"] == "2021-01-05"
    confirmed = only(book.close("2021-01-05", F1="12.500000"))
    assert confirmed.message["trade_date"] == "2021-01-05"
    assert confirmed.message["legs"][0]["units"] == "8.000000"  # 100 / 12.5, the price nobody knew yet


def test_gen_2_trades_at_the_price_of_its_own_close_and_no_other() -> None:
    book = Book(terms())
    book.deposit(deposit("d1", at("2021-01-04", "16:00:01"), "100.00", allocation=F1))
    assert book.close("2021-01-04", F1="10.000000") == []
    confirmed = only(book.close("2021-01-05", F1="8.000000"))
    assert confirmed.message["legs"][0]["units"] == "12.500000"  # 100 / 8
    assert confirmed.message["decided_at"] == "2021-01-05T16:00:00-05:00"


def test_gen_2_what_is_decided_at_once_bears_the_time_of_its_receipt() -> None:
    book = Book(terms(fund("F1"), fixed_account_2()))
    book.close("2021-01-04")
    opened = only(book.instruct(opening("o1", at("2021-01-05", "09:30:00")), at("2021-01-05", "11:00:00")))
    assert opened.message["decided_at"] == "2021-01-05T14:30:00Z"

"""FND-1, FND-2, FND-3: unit values reckoned from share prices and the charges of each class."""

import pytest

from contracts_schema.entries import DayClosedEntry, read_entry
from contracts_schema.headers import header
from tests.domain.books import Book, deposit, fund, only, shares, terms
from tests.domain.books_funds import price, priced, reckoned, schedule, shares_held, told

THURSDAY, FRIDAY, MONDAY = "2021-01-07", "2021-01-08", "2021-01-11"


def test_fnd_2_friday_bears_a_day_of_charges_and_monday_three() -> None:
    book = priced()
    book.publish("fund-prices", price("F1", FRIDAY, "20.10"))
    book.publish("fund-prices", price("F1", MONDAY, "20.10"))
    assert told(book, THURSDAY) == {"F1|A": ("-", "10.000000")}
    # 1 + 0.10/20 - 0.0125/365 = 1.005 - 0.0000342466 = 1.0049657534
    assert told(book, FRIDAY) == {"F1|A": ("1.0049658", "10.049658")}
    # 1 + 0 - 3 x 0.0000342466 = 0.9998972603; 10.049658 x 0.9998973 = 10.049658 - 0.0010321 = 10.0486259
    assert told(book, MONDAY) == {"F1|A": ("0.9998973", "10.048626")}
    monday = reckoned(book, MONDAY)["F1|A"]
    assert (monday.days, str(monday.previous), str(monday.e)) == (3, FRIDAY, "0.00010273972602739726")


def test_fnd_2_a_holiday_weekend_is_four_days() -> None:
    # Monday 18 January 2021 is Martin Luther King's day. 4 x 0.0125/365 = 0.0001369863; 1 - that = 0.9998630137
    book = priced(since="2021-01-15")
    book.publish("fund-prices", price("F1", "2021-01-19"))
    assert told(book, "2021-01-19") == {"F1|A": ("0.9998630", "9.998630")}
    assert reckoned(book, "2021-01-19")["F1|A"].days == 4


def test_fnd_2_days_of_an_unexpected_closure_count() -> None:
    # A hurricane kept the exchange closed on Monday and Tuesday, 29 and 30 October 2012: Friday to Wednesday is five
    # days. 5 x 0.0125/365 = 0.0001712329; 1 - that = 0.9998287671
    book = priced(schedule(since="2012-10-01"), since="2012-10-26")
    book.publish("fund-prices", price("F1", "2012-10-31"))
    assert told(book, "2012-10-31") == {"F1|A": ("0.9998288", "9.998288")}


def test_fnd_2_a_new_charge_reaches_the_days_from_its_own_on() -> None:
    # From Sunday on 0.73%: Saturday 0.0125, Sunday and Monday 2 x 0.0073, together 0.0271/365 = 0.0000742466
    book = priced(schedule(), schedule(since="2021-01-10", daily_asset_charge="0.0073"))
    for day in (FRIDAY, MONDAY):
        book.publish("fund-prices", price("F1", day))
    assert told(book, MONDAY)["F1|A"][0] == "0.9999258"  # 1 - 0.0000742466 = 0.9999257534
    parts = reckoned(book, MONDAY)["F1|A"].charges
    assert [(part.days, str(part.effective_from)) for part in parts] == [(1, "2021-01-01"), (2, "2021-01-10")]


def test_fnd_2_the_adjustment_charge_is_borne_by_listed_funds_only() -> None:
    # F1: 0.0125/365 = 0.0000342466. F2, listed at 0.50%: 0.0175/365 = 0.0000479452.
    listed = schedule(adjustments=[{"fund": "F2", "charge": "0.0050"}])
    book = priced(listed, funds=("F1", "F2"))
    for option in ("F1", "F2"):
        book.publish("fund-prices", price(option, FRIDAY))
    assert told(book, FRIDAY) == {"F1|A": ("0.9999658", "9.999658"), "F2|A": ("0.9999521", "9.999521")}


def test_fnd_3_two_charge_classes_have_unit_values_of_their_own() -> None:
    # A: 1.25%. B: 0.80% and 0.10% more for services, 0.009/365 = 0.0000246575; 1.005 - that = 1.0049753425
    book = priced(schedule(), schedule("B", daily_asset_charge="0.0080", additional_services="0.0010"))
    book.publish("fund-prices", price("F1", FRIDAY, "20.10"))
    assert told(book, FRIDAY) == {"F1|A": ("1.0049658", "10.049658"), "F1|B": ("1.0049753", "10.049753")}


def test_fnd_3_contracts_not_on_the_daily_asset_charge_bear_two_charges() -> None:
    # 0.75% for mortality and expense risks and 0.25% administrative: 0.01/365 = 0.0000273973; 1 - that = 0.9999726027
    book = priced(schedule(mortality_and_expense="0.0075", administrative="0.0025"))
    book.publish("fund-prices", price("F1", FRIDAY))
    assert told(book, FRIDAY) == {"F1|A": ("0.9999726", "9.999726")}


@pytest.mark.parametrize(
    ("by_share", "more", "factor", "unit_value"),
    [
        ("19.00", {"distribution": "1.20"}, "1.0099658", "10.099658"),  # (19 + 1.20 - 20)/20 = 0.01
        ("20.20", {"tax": "0.04"}, "1.0079658", "10.079658"),  # (20.20 - 20 - 0.04)/20 = 0.008
        ("19.00", {"distribution": "1.20", "tax": "0.10"}, "1.0049658", "10.049658"),  # (20.20 - 20 - 0.10)/20 = 0.005
        ("19.00", {}, "0.9499658", "9.499658"),  # (19 - 20)/20 = -0.05; 0.95 - 0.0000342466 = 0.9499657534
        ("20.00", {}, "0.9999658", "9.999658"),
    ],
    ids=["a distribution", "taxes", "a distribution and taxes on it", "a negative net return", "nothing but charges"],
)
def test_fnd_1_a_factor_by_share(by_share: str, more: dict[str, str], factor: str, unit_value: str) -> None:
    book = priced()
    book.publish("fund-prices", price("F1", FRIDAY, by_share, **more))
    assert told(book, FRIDAY) == {"F1|A": (factor, unit_value)}


def test_fnd_1_a_factor_by_the_shares_held() -> None:
    # (1,010,000 - 1,000,000 - 500)/1,000,000 - 0.0000342466 = 0.0094657534
    book = priced()
    letters = {"a": "1010000", "b": "1000000", "c": "500", "d": "1000000"}
    book.publish("fund-prices", shares_held("F1", FRIDAY, **letters))
    assert told(book, FRIDAY) == {"F1|A": ("1.0094658", "10.094658")}


def test_fnd_1_every_input_of_the_formula_is_told() -> None:
    book = priced(schedule(additional_services="0.0010", adjustments=[{"fund": "F1", "charge": "0.0011"}]))
    book.publish("fund-prices", price("F1", FRIDAY, "19.00", distribution="1.20", tax="0.10"))
    found = reckoned(book, FRIDAY)["F1|A"]
    assert [str(number) for number in (found.a, found.b, found.c, found.d)] == ["20.20", "20.00", "0.10", "20.00"]
    assert str(found.e) == "0.00004000000000000000"  # (0.0125 + 0.0010 + 0.0011)/365 = 0.0146/365
    assert found.model_dump(mode="json", exclude_none=True) | {"a": "", "b": "", "c": "", "d": ""} == {
        "version": 1,
        "kind": "unit_value_reckoned",
        "fund": "F1",
        "charge_class": "A",
        "valuation_date": "2021-01-08",
        "previous": "2021-01-07",
        "days": 1,
        "way": "price",
        "price": "19.00",
        "distribution": "1.20",
        **dict.fromkeys("abcd", ""),
        "e": "0.00004000000000000000",
        "charges": [
            {
                "days": 1,
                "effective_from": "2021-01-01",
                "daily_asset_charge": "0.0125",
                "additional_services": "0.0010",
                "adjustment": "0.0011",
            }
        ],
        "net_investment_factor": "1.0049600",  # 1 + (20.20 - 20 - 0.10)/20 - 0.00004
        "prior_unit_value": "10.000000",
        "unit_value": "10.049600",
        "rules": ["FND-1", "FND-2", "FND-3"],
    }


def test_fnd_1_a_unit_value_is_told_once_with_the_close_of_its_day() -> None:
    book = priced()
    before = len(book.service.written)
    book.publish("fund-prices", price("F1", FRIDAY))
    topics = [record.topic for record in book.service.written[before:]]
    assert topics == ["ledger-log", "remittance-lines", "unit-values", "day-closes"]
    (record,) = [each for each in book.service.written[before:] if each.topic == "unit-values"]
    assert (record.partition, record.key) == (0, b"F1|A")
    assert header(record.headers, "ce_type") == b"annuity-ledger.unit_value_reckoned"
    assert header(record.headers, "ce_id") == b"unit_value_reckoned|F1|A|2021-01-08"
    assert header(record.headers, "ce_time") == b"2021-01-08T16:00:00-05:00"


def test_fnd_1_the_first_value_is_of_the_charge_schedule() -> None:
    book = priced(schedule(first_unit_value="25.000000"))
    assert told(book, THURSDAY) == {"F1|A": ("-", "25.000000")}
    assert reckoned(book, THURSDAY)["F1|A"].way == "first"
    book.publish("fund-prices", price("F1", FRIDAY, "20.40"))
    assert told(book, FRIDAY) == {"F1|A": ("1.0199658", "25.499145")}  # 25 x (1 + 0.40/20 - 0.0000342466)


def test_fnd_1_a_class_begins_when_its_first_schedule_does_and_leaves_the_others_alone() -> None:
    book = priced(schedule(), schedule("B", FRIDAY, first_unit_value="1.000000"))
    assert [*told(book, THURSDAY)] == ["F1|A"]
    for day in (FRIDAY, MONDAY):
        book.publish("fund-prices", price("F1", day))
    assert told(book, FRIDAY) == {"F1|A": ("0.9999658", "9.999658"), "F1|B": ("-", "1.000000")}
    assert told(book, MONDAY)["F1|B"] == ("0.9998973", "0.999897")


def test_fnd_1_requests_trade_at_the_value_reckoned_and_every_partition_is_told_it() -> None:
    book = priced()
    book.deposit(deposit("d1", FRIDAY, "100.50", allocation=shares(F1="100")))
    confirmed = only(book.publish("fund-prices", price("F1", FRIDAY, "20.10")), "confirmations")
    leg = confirmed.message["legs"][0]
    assert (leg["index"], leg["units"]) == ("10.049658", "10.000340")  # 100.50 / 10.049658 = 10.0003403
    days = [read_entry(record.value or b"") for record in book.log]
    (value,) = [each for day in days if isinstance(day, DayClosedEntry) and str(day.date) == FRIDAY
                for each in day.unit_values]  # fmt: skip
    assert (value.fund, value.charge_class, str(value.net_investment_factor)) == ("F1", "A", "1.0049658")


def test_fnd_3_contracts_of_two_classes_trade_at_their_own_values() -> None:
    book = Book(terms(fund("F1")), terms(fund("F1"), contract_id="C2", charge_class="B"), rates=False)
    book.publish("charge-classes", schedule())
    book.publish("charge-classes", schedule("B", first_unit_value="12.500000"))
    for contract in ("C1", "C2"):
        book.deposit(deposit("d1", "2021-01-04", "100.00", allocation=shares(F1="100"), contract_id=contract))
    outcomes = book.publish("fund-prices", price("F1", "2021-01-04"))
    confirmed = {o.key: o.message["legs"][0]["units"] for o in outcomes if o.topic == "confirmations"}
    assert confirmed == {"C1|P1": "10.000000", "C2|P1": "8.000000"}

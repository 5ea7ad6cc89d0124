"""MVA-1 through requests: Appendix I by Treasury rate and spread, what a close waits for, what is refused.

The deposit is on 3 February 2021, into a term to 11 November 2023. In February the Treasury rate is 3% and the spread
1% at every maturity; from March on 4.2% and 1.8%. On Wednesday 28 April x = 927: (1.04/1.06)^(927/365) -> .9528.
"""

import pytest

from tests.domain.books import FUNDS, Book, Json, Outcome, business_days, guaranteed, offering, only, shares, withdrawal
from tests.domain.books import yields as rates
from tests.domain.gaa import TRADE, flat, gaa_terms, leg, put, still, transferred

ONE = {"method": "one", "yield_source": "constant_maturity", "yield_series": "CMT", "spread_series": "CORP"}
FIRST_DAY = "2021-01-29"
CONTRACT = gaa_terms(effective_from=FIRST_DAY, options=(*FUNDS, guaranteed(mva=ONE)))


def spread(day: str) -> Json:
    return {**rates(day, *flat("1" if day < "2021-03-01" else "1.8")), "series": "CORP"}


def treasury(day: str) -> tuple[tuple[int, str], ...]:
    return flat("3" if day < "2021-03-01" else "4.2")


def close(book: Book, day: str) -> list[Outcome]:
    """Close a day: its spread, then its Treasury rate and prices."""
    return book.publish("market-yields", spread(day)) + book.close(day, treasury(day))


def holding(amount: str, deposited: str = "2021-02-03", through: str = "2021-04-27") -> Book:
    """A book in which P1 holds dollars in the one term."""
    book = Book(CONTRACT, rates=False)
    book.publish("guaranteed-offerings", offering("FEB", "2021-02-01", "2021-02-26", still(3, "2023-11-11")))
    for day in business_days(FIRST_DAY, through):
        if day == deposited:
            put(book, "put", day, amount, option="GAA", term=3, percent="100")
        close(book, day)
    return book


def withdrawn(book: Book, day: str = TRADE, **what: object) -> Outcome:
    book.withdraw(withdrawal(f"w-{day}", day, **what))
    return only(close(book, day))


def test_mva_5_appendix_i_by_method_one() -> None:
    """A check for $2,000 takes $2,099.08."""
    message = withdrawn(holding("5000.00"), amount="2000.00").message
    assert (message["gross"], message["mva"]["aggregate"], message["paid"]) == ("2099.08", "-99.08", "2000.00")
    assert (message["mva"]["method"], message["mva"]["applied"]) == ("one", True)
    assert {"MVA-1", "MVA-3", "MVA-4", "MVA-5", "MVA-6"} <= set(message["rules"])
    assert "MVA-2" not in message["rules"]


def test_mva_1_the_confirmation_shows_rates_and_spreads_with_their_fridays() -> None:
    (line,) = withdrawn(holding("5000.00"), amount="2000.00").message["mva"]["lines"]
    assert (line["rule"], line["count_from"], line["days"], line["factor"]) == ("MVA-1", "2021-04-28", 927, "0.9528")
    assert (line["deposit_yield"], line["deposit_spread"]) == ("0.030000000000", "0.010000000000")
    assert (line["current_yield"], line["current_spread"]) == ("0.042000000000", "0.018000000000")
    fridays = ["2021-02-05", "2021-02-12", "2021-02-19", "2021-02-26"]
    for used, series in (("deposit_yields", "CMT"), ("deposit_spreads", "CORP")):
        assert [(each["for_date"], each["series"]) for each in line[used]] == [(friday, series) for friday in fridays]
    (current,) = line["current_spreads"]
    assert current == {
        "series": "CORP",
        "for_date": "2021-04-23",
        "published_on": "2021-04-23",
        "rate": "0.018000000000",
        "basis": "1y 1.8%, 10y 1.8%, at 2.539726y",
    }


def test_mva_1_of_a_transfer() -> None:
    book = holding("5000.00", through="2021-06-01")
    book.publish("market-yields", spread("2021-06-02"))
    outcome = transferred(book, [leg("GAA", all=True)], shares(F1="100"), day="2021-06-02")
    assert outcome.message["mva"]["method"] == "one"
    assert outcome.message["mva"]["lines"][0]["days"] == 892


def test_mva_1_before_the_first_friday_of_the_month() -> None:
    """Deposited on the 3rd, withdrawn on Friday the 5th: 29 January's rates on both sides, so that nothing changes."""
    message = withdrawn(holding("5000.00", through="2021-02-04"), "2021-02-05", amount="100.00").message
    (line,) = message["mva"]["lines"]
    assert [used["for_date"] for used in line["deposit_yields"]] == ["2021-02-02"]
    assert [used["for_date"] for used in line["current_yields"]] == ["2021-01-29"]
    assert (line["rule"], line["factor"], message["gross"]) == ("MVA-1", "1.0000", "100.00")


def test_mva_1_without_a_previous_friday_on_the_books_there_is_no_factor() -> None:
    book = Book(gaa_terms(effective_from="2021-02-01", options=(*FUNDS, guaranteed(mva=ONE))), rates=False)
    book.publish("guaranteed-offerings", offering("FEB", "2021-02-01", "2021-02-26", still(3, "2023-11-11")))
    put(book, "put", "2021-02-01", "100.00", option="GAA", term=3, percent="100")
    close(book, "2021-02-01")
    (reason,) = withdrawn(book, "2021-02-02", amount="1.00").message["reasons"]
    assert (reason["code"], reason["rules"]) == ("YIELD_NOT_KNOWN", ["MVA-1", "MVA-4"])
    assert reason["numbers"] == {"lot": "GAA-1", "series": "CMT, CORP", "trade_date": "2021-02-02"}
    assert "spread" in reason["message"]


def test_mva_8_at_maturity_the_method_is_still_named() -> None:
    book = Book(CONTRACT, rates=False)
    book.publish("guaranteed-offerings", offering("FEB", "2021-02-01", "2021-02-26", still(1, "2021-03-03")))
    put(book, "put", "2021-02-03", "100.00", option="GAA", term=1, percent="100")
    for day in business_days(FIRST_DAY, "2021-03-03"):
        close(book, day)
    message = withdrawn(book, "2021-03-04", full=True).message
    assert (message["paid"], message["mva"]["method"], message["mva"]["applied"]) == ("100.00", "one", False)
    assert message["mva"]["lines"][0]["deposit_spreads"] is None


def test_mva_4_a_day_closes_only_with_its_spread() -> None:
    """Or when somebody answers for there being none; the last one published before then counts."""
    book = holding("5000.00", through="2021-04-22")
    book.withdraw(withdrawal("w", "2021-04-23", amount="100.00"))
    assert book.close("2021-04-23", treasury("2021-04-23")) == []
    none = {"authorised_by": "rates-desk", "reason": "the index was not computed"}
    out = book.publish("market-yields", {"series": "CORP", "date": "2021-04-23", "not_published": none})
    assert only([each for each in out if each.topic != "day-closes"]).message["paid"] == "100.00"
    for day in ("2021-04-26", "2021-04-27"):
        close(book, day)
    (line,) = withdrawn(book, TRADE, amount="100.00").message["mva"]["lines"]
    (used,) = line["current_spreads"]
    assert (used["for_date"], used["published_on"]) == ("2021-04-23", "2021-04-22")


@pytest.mark.parametrize(
    "mva",
    [
        {**ONE, "spread_series": None},
        {**ONE, "yield_source": "treasury_notes"},
        {**ONE, "method": "two"},
        {**ONE, "yield_weekday": 0},
        {**ONE, "yield_weeks": 5},
        {**ONE, "equal_lots": "none"},
    ],
)
def test_mva_1_terms_that_make_no_method(mva: Json) -> None:
    alarm = only(Book().publish("contract-terms", gaa_terms(options=(guaranteed(mva=mva),))), "alarms")
    assert alarm.message["code"] == "MALFORMED"

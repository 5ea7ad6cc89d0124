"""MVA-9: consecutive terms that earn and mature alike share the most favourable factor.

On 28 April 2021 the yield is 6%; terms to 6 January 2024 (x = 983) whose deposit period yield is 4%, 8% or 6% have the
factors .9500 (as `old_3` of `gaa`), (1.08/1.06)^(983/365) = 1.051629 -> 1.0516, and 1.0000.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import pytest

from contracts_schema.values import changed
from services.domain.favouring import most_favourable
from services.domain.mva import Adjustment
from services.domain.state import Lot
from services.runtime.records import OutputRecord
from tests.domain import gaa
from tests.domain.books import (
    FUNDS,
    Book,
    Json,
    Outcome,
    business_days,
    fixed_account_2,
    guaranteed,
    guaranteed_term,
    offering,
    opening,
    shares,
    withdrawal,
    yields,
)
from tests.domain.gaa import TRADE, flat, gaa_terms, leg, put, still, transferred, withdrawn
from tests.domain.lives import refolded

D = Decimal
MATURITY = "2024-01-06"
FIRST = ("2021-01-04", "2021-01-08")  # to Friday
SECOND = ("2021-01-11", "2021-01-15")  # from Monday to Friday
THIRD = ("2021-01-19", "2021-01-22")  # from Tuesday, after a Monday on which the exchange is closed
ALIKE = still(3, MATURITY, "0.01")
Yield = Callable[[str], str]


def by_weeks(first: str, second: str, third: str) -> Yield:
    """The flat yield of each day: one for each of the first three weeks, 6% from then on."""
    return lambda day: (
        first if day < "2021-01-11" else second if day < "2021-01-18" else third if day < "2021-01-25" else "6"
    )


def holding(lots: Sequence[tuple[tuple[str, str], Json]], yield_on: Yield, contract: Json | None = None) -> Book:
    """A book in which P1 holds $1,000 in each term, deposited on the first day of its period, 27 April closed."""
    book = Book(contract or gaa_terms())
    for at, (period, term) in enumerate(lots):
        book.publish("guaranteed-offerings", offering(f"PERIOD-{at}", *period, term))
    book.instruct(opening("open", "2021-01-04"))
    for day in business_days("2021-01-04", "2021-04-27"):
        for period, term in lots:
            if period[0] == day:
                put(book, f"put-{day}", day, "1000.00", option="GAA", term=term["years"], percent="100")
        book.close(day, flat(yield_on(day)))
    return book


def factors(outcome: Outcome) -> dict[str, tuple[str, str | None, str]]:
    """(factor, favoured lot, rule) by lot."""
    lines = outcome.message["mva"]["lines"]
    return {line["lot"]: (line["factor"], line["favoured_lot"], line["rule"]) for line in lines}


OWN_FIRST = ("0.9500", None, "MVA-2")
OWN_SECOND = ("1.0516", None, "MVA-2")
FAVOURED = ("1.0516", "GAA-2", "MVA-9")


def test_mva_9_the_more_favourable_of_two_adjacent_periods() -> None:
    outcome = withdrawn(holding([(FIRST, ALIKE), (SECOND, ALIKE)], by_weeks("4", "8", "6")), full=True)
    assert factors(outcome) == {"GAA-1": FAVOURED, "GAA-2": OWN_SECOND}
    assert {"MVA-2", "MVA-9", "MVA-6"} <= set(outcome.message["rules"])


def test_mva_9_a_favoured_line_is_the_reckoning_of_the_other_lot() -> None:
    """$1,000 at 1% for 113 days, 1,003.09; of which 500 gross at 1.0516 pay 525.80."""
    book = holding([(FIRST, ALIKE), (SECOND, ALIKE)], by_weeks("4", "8", "6"))
    outcome = withdrawn(book, amount="500.00", amount_type="gross", legs=[leg("GAA", 3)])
    (line,) = outcome.message["mva"]["lines"]
    assert (line["lot"], line["deposit_date"], line["deposit_yield"]) == ("GAA-1", "2021-01-04", "0.080000000000")
    assert [used["for_date"] for used in line["deposit_yields"]] == ["2021-01-15"]
    assert (line["days"], line["taken"], line["adjustment"]) == (983, "500.00", "25.80")
    assert [lot.lot for lot in book.lots()] == ["GAA-1", "GAA-2"]
    assert book.lots()[1].units == D("1000.000000"), "the second lot only lent its factor"


def test_mva_9_for_transfers_too() -> None:
    book = holding([(FIRST, ALIKE), (SECOND, ALIKE)], by_weeks("4", "8", "6"))
    outcome = transferred(book, [leg("GAA", 3, all=True)], shares(F1="100"))
    assert factors(outcome) == {"GAA-1": FAVOURED, "GAA-2": OWN_SECOND}


@pytest.mark.parametrize(
    "second",
    [
        (SECOND, still(3, MATURITY, "0.0101")),  # another rate
        (SECOND, still(3, "2024-01-08", "0.01")),  # another maturity
        (SECOND, guaranteed_term(3, ("0.01", "2022-01-15"), ("0.01", MATURITY))),  # the same rate in other steps
        (("2021-01-12", "2021-01-15"), ALIKE),  # Monday lies between
        (THIRD, ALIKE),  # a week lies between
    ],
)
def test_mva_9_not_alike_or_not_consecutive(second: tuple[tuple[str, str], Json]) -> None:
    outcome = withdrawn(holding([(FIRST, ALIKE), second], by_weeks("4", "8", "8")), full=True)
    assert [favoured for _, favoured, _ in factors(outcome).values()] == [None, None]
    assert factors(outcome)["GAA-1"] == OWN_FIRST
    assert "MVA-9" not in outcome.message["rules"]


def test_mva_9_a_holiday_is_no_gap_and_the_length_does_not_matter() -> None:
    """From Friday 15 January to Tuesday the 19th no exchange is open; the terms are called two and three years long."""
    lots = [(SECOND, ALIKE), (THIRD, still(2, MATURITY, "0.01"))]
    outcome = withdrawn(holding(lots, by_weeks("6", "4", "8")), full=True)
    assert factors(outcome) == {"GAA-1": FAVOURED, "GAA-2": OWN_SECOND}


def test_mva_9_three_in_a_chain() -> None:
    """The first and the third are not adjacent, but both are to the second."""
    lots = [(FIRST, ALIKE), (SECOND, ALIKE), (THIRD, ALIKE)]
    outcome = withdrawn(holding(lots, by_weeks("4", "6", "8")), full=True)
    favoured = ("1.0516", "GAA-3", "MVA-9")
    assert factors(outcome) == {"GAA-1": favoured, "GAA-2": favoured, "GAA-3": OWN_SECOND}


def test_mva_9_only_terms_that_are_held_make_a_chain() -> None:
    """Nothing was deposited in the second period: the first and the third stand by themselves."""
    lots = [(FIRST, ALIKE), (THIRD, ALIKE)]
    outcome = withdrawn(holding(lots, by_weeks("4", "6", "8")), full=True)
    assert factors(outcome) == {"GAA-1": OWN_FIRST, "GAA-2": OWN_SECOND}


def test_mva_9_at_a_tie_each_has_its_own() -> None:
    outcome = withdrawn(holding([(FIRST, ALIKE), (SECOND, ALIKE)], by_weeks("4", "4", "6")), full=True)
    assert factors(outcome) == {"GAA-1": OWN_FIRST, "GAA-2": OWN_FIRST}
    assert "MVA-9" not in outcome.message["rules"]


def test_mva_9_before_the_aggregate_is_looked_at() -> None:
    """On a death the aggregate of .9500 would not count; with the 1.0516 of the second it is positive (MVA-7)."""
    lots = [(FIRST, still(3, MATURITY)), (SECOND, still(3, MATURITY))]
    death = {"amount": "1051.60", "reason": "death", "event_date": "2021-04-01"}
    message = withdrawn(holding(lots, by_weeks("4", "8", "6")), **death, legs=[leg("GAA", 3)]).message
    assert (message["gross"], message["paid"]) == ("1000.00", "1051.60")
    assert (message["mva"]["aggregate"], message["mva"]["applied"]) == ("51.60", True)


# Several lots of one term: under Method One they differ by the month of deposit.


def over_two_months(equal_lots: str | None = None, *more: tuple[tuple[str, str], Json]) -> Book:
    """A deposit period from 25 January to 12 February; $1,000 on 27 January (4%) and on 3 February (8%)."""
    mva = {"method": "one", "yield_source": "constant_maturity", "yield_series": "CMT", "spread_series": "CORP"}
    option = guaranteed(mva=mva if equal_lots is None else mva | {"equal_lots": equal_lots})
    book = Book(gaa_terms(options=(*FUNDS, fixed_account_2(), option)))
    for at, (period, term) in enumerate([(("2021-01-25", "2021-02-12"), ALIKE), *more]):
        book.publish("guaranteed-offerings", offering(f"PERIOD-{at}", *period, term))
    book.instruct(opening("open", "2021-01-04"))
    deposits = {"2021-01-27", "2021-02-03", *(period[0] for period, _ in more)}
    for series in ("CMT", "CORP"):
        percent = "4" if series == "CMT" else "0"
        book.publish("market-yields", {**yields("2021-01-01", *flat(percent)), "series": series})
    for day in business_days("2021-01-04", TRADE):
        if day in deposits:
            put(book, f"put-{day}", day, "1000.00", option="GAA", term=3, percent="100")
        if day == TRADE:
            book.withdraw(withdrawal("w", TRADE, full=True))
        book.publish("market-yields", {**yields(day, *flat("0")), "series": "CORP"})
        book.close(day, flat({"01": "4", "02": "8"}.get(day[5:7], "6")))
    return book


def last(book: Book) -> Outcome:
    return book.outcomes[-2]  # the last is the day's own


def test_mva_9_several_lots_of_one_term() -> None:
    favoured = ("1.0516", "GAA-2", "MVA-9")
    assert factors(last(over_two_months())) == {"GAA-1": favoured, "GAA-2": ("1.0516", None, "MVA-1")}


def test_mva_9_each_lot_of_a_term_by_itself_where_the_terms_say_so() -> None:
    expected = {"GAA-1": ("0.9500", None, "MVA-1"), "GAA-2": ("1.0516", None, "MVA-1")}
    assert factors(last(over_two_months("each"))) == expected


def test_mva_9_consecutive_terms_share_whatever_is_said_of_lots_of_one_term() -> None:
    """A third lot, from the next period, also in February: its factor is for both others, not theirs for each other."""
    book = over_two_months("each", (("2021-02-16", "2021-02-19"), ALIKE))
    assert factors(last(book)) == {
        "GAA-1": ("1.0516", "GAA-3", "MVA-9"),
        "GAA-2": ("1.0516", None, "MVA-1"),
        "GAA-3": ("1.0516", None, "MVA-1"),
    }


def test_mva_9_terms_logged_before_there_was_a_choice_leave_each_lot_to_itself() -> None:
    """A replay decides as it was decided: what the log of the first release does not say was "each"."""
    log = [without_the_choice(record) for record in over_two_months().log]
    lines = [record for record in refolded(log).written if record.topic == "confirmations"]
    message = json.loads(lines[-1].value or b"")
    assert [line["factor"] for line in message["mva"]["lines"]] == ["0.9500", "1.0516"]


def without_the_choice(record: OutputRecord) -> OutputRecord:
    entry = json.loads(record.value or b"")
    if entry["type"] == "terms":
        del entry["terms"]["options"][-1]["mva"]["equal_lots"]
    return OutputRecord(record.topic, record.partition, record.key, json.dumps(entry).encode(), record.headers)


# The function by itself.


def adjustment_of(factors: dict[str, str | None]) -> Callable[[Lot], Adjustment | None]:
    def adjustment(lot: Lot) -> Adjustment | None:
        factor = factors[lot.lot]
        return None if factor is None else Adjustment(lot, "MVA-2", D(factor), D(factor))

    return adjustment


@pytest.mark.parametrize(
    ("factors", "expected"),
    [
        ({"A": "0.9", "B": "1.1", "C": "1.2"}, ("A", "1.2", "C")),
        ({"A": "0.9", "B": "1.1", "C": "1.1"}, ("A", "1.1", "B")),  # of equals the first
        ({"A": "1.1", "B": "0.9", "C": "1.1"}, ("A", "1.1", None)),
        ({"A": "0.9", "B": None, "C": "1.1"}, ("A", "1.1", "C")),  # what cannot be told favours nobody
        ({"A": "0.9", "B": None, "C": None}, ("A", "0.9", None)),
        ({"A": None, "B": "1.1", "C": "1.1"}, None),  # its own must be known
    ],
)
def test_mva_9_the_largest_factor(factors: dict[str, str | None], expected: tuple[str, str, str | None] | None) -> None:
    lots = [changed(gaa.lot("2021-01-05"), lot=name) for name in "ABC"]
    found = most_favourable(lots[0], lots[1:], adjustment_of(factors))
    assert (found and (found.lot.lot, str(found.factor), found.favoured)) == expected


def test_the_maturity_of_these_examples() -> None:
    assert (date.fromisoformat(MATURITY) - date.fromisoformat(TRADE)).days == 983

"""MVA-6: the sidebar's examples of the aggregate MVA, through requests that draw two guaranteed terms.

$1,000 gross of two terms that hold as much takes $500 of each. On 28 April 2021 the yield is 6%; the factors are, for
terms of 4%, (1.04/1.06)^(1186/365) = .939983 -> .9400 and (1.04/1.06)^(387/365) = .980006 -> .9800, for terms of 8%,
(1.08/1.06)^(387/365) = 1.020017 -> 1.0200 and (1.08/1.06)^(1138/365) = 1.060007 -> 1.0600.
"""

import pytest

from tests.domain.books import Book, Json, Outcome, business_days, offering, opening, shares
from tests.domain.gaa import flat, gaa_terms, leg, percent_on, put, still, transferred, withdrawn

OFFERS = (
    offering("JAN-1", "2021-01-04", "2021-01-08", still(1, "2022-05-20"), still(3, "2024-07-27")),
    offering("JAN-2", "2021-01-11", "2021-01-15", still(2, "2022-05-20"), still(5, "2024-06-09")),
)
"""In the first week, at 4%, terms of a year and three; in the second, at 8%, of two and five."""


def holding(*lots: tuple[str, int], contract: Json | None = None) -> Book:
    """A book in which P1 holds $1,000 in each term, by day of deposit and length, 27 April closed."""
    book = Book(contract or gaa_terms())
    for offer in OFFERS:
        book.publish("guaranteed-offerings", offer)
    book.instruct(opening("open", "2021-01-04"))
    for day in business_days("2021-01-04", "2021-04-27"):
        for on, term in lots:
            if on == day:
                put(book, f"put-{day}-{term}", day, "1000.00", option="GAA", term=term, percent="100")
        book.close(day, flat(percent_on(day)))
    return book


def adjustments(outcome: Outcome) -> list[tuple[str, str]]:
    """(taken, adjustment) of each lot, in the order drawn."""
    return [(line["taken"], line["adjustment"]) for line in outcome.message["mva"]["lines"]]


@pytest.mark.parametrize(
    ("lots", "first", "second", "aggregate", "paid"),
    [
        ([("2021-01-11", 2), ("2021-01-04", 3)], "10.00", "-30.00", "-20.00", "980.00"),
        ([("2021-01-11", 5), ("2021-01-04", 1)], "30.00", "-10.00", "20.00", "1020.00"),
    ],
)
def test_mva_6_the_sidebars_withdrawal_of_1000_dollars(
    lots: list[tuple[str, int]], first: str, second: str, aggregate: str, paid: str
) -> None:
    outcome = withdrawn(holding(*lots), amount="1000.00", amount_type="gross")
    assert sorted(adjustments(outcome)) == sorted([("500.00", first), ("500.00", second)])
    block = outcome.message["mva"]
    assert (block["aggregate"], block["applied"], block["not_applied_by"]) == (aggregate, True, None)
    assert (outcome.message["gross"], outcome.message["paid"]) == ("1000.00", paid)
    assert "MVA-6" in block["rules"]


def test_mva_6_of_a_transfer_is_over_all_legs() -> None:
    """$500 of each of two legs: +10 and -30; 980 arrive."""
    book = holding(("2021-01-11", 2), ("2021-01-04", 3))
    legs = [leg("GAA", 2, amount="500.00"), leg("GAA", 3, amount="500.00")]
    outcome = transferred(book, legs, shares(F1="100"), amount_type="gross")
    assert adjustments(outcome) == [("500.00", "10.00"), ("500.00", "-30.00")]
    assert (outcome.message["mva"]["aggregate"], outcome.dollars()["F1"]) == ("-20.00", "980.00")

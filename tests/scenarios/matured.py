"""Stories of maturity: MAT-1 to MAT-6, TRF-3, GEN-8, and ten years of one lot."""

from tests.domain.books import Json, guaranteed_term, offering, shares
from tests.domain.gaa import leg, still
from tests.domain.maturities import SATURDAY, WEDNESDAY, percent_on
from tests.scenarios.adjusted import move, out
from tests.scenarios.kept import instruct
from tests.scenarios.story import Story, lean, put

FEBRUARY = offering("FEB", "2021-02-01", "2021-02-26", still(1, "2022-03-17", "0.1"), still(3, "2024-03-17", "0.1"))


def january(maturity: str, *years: int) -> Json:
    """A deposit period whose terms all mature on one day of February, without interest until then."""
    return offering("JAN", "2021-01-04", "2021-01-08", *(still(length, maturity) for length in years))


def maturity_reinvested() -> Story:
    asked = (
        put("P1", "2021-01-05", "1000.00", "deposit", GAA_1="100"),
        put("P2", "2021-01-05", "1000.00", "deposit", GAA_5="100"),
        put("P3", "2021-01-05", "1000.00", "deposit", GAA_1="100"),
        move("P1", [leg("GAA", 1, all=True)], "2021-03-17", "all-of-it"),
        out("P3", "2021-03-17", "first", amount="400.00"),
        out("P3", "2021-03-18", "second", amount="100.00"),
    )
    offers = (january(SATURDAY, 1, 5), FEBRUARY)
    return Story(lean(), offers, asked, last="2021-03-18", percent=percent_on)


def maturity_elected() -> Story:
    order = {"kind": "maturity_election", "account": "pretax", "lot": "GAA-1"}
    asked = (
        put("P1", "2021-01-05", "1000.00", "deposit", GAA_3="100"),
        put("P2", "2021-01-05", "1000.00", "deposit", GAA_3="100"),
        put("P3", "2021-01-05", "1000.00", "deposit", GAA_3="100"),
        instruct("P1", "2021-02-09", "split", **order, to=shares(FA2="60", GAA_1="40")),
        instruct("P2", "2021-02-10", "pay-out", **order, withdraw=True),
        instruct("P3", "2021-02-11", "too-late", **order, to=shares(FA2="100")),
    )
    return Story(lean(), (january(WEDNESDAY, 3), FEBRUARY), asked, last="2021-02-11", percent=percent_on)


def after_closing() -> Story:
    asked = (
        put("P1", "2021-01-05", "1000.00", "deposit", GAA_3="100"),
        put("P1", "2021-02-11", "1000.00", "closed", GAA_1="100"),
    )
    contract = lean(closes_on=WEDNESDAY)
    return Story(contract, (january(WEDNESDAY, 3), FEBRUARY), asked, last="2021-02-11", percent=percent_on)


def nothing_on_offer() -> Story:
    offer = offering("JAN", "2021-01-04", "2021-01-08", still(3, WEDNESDAY, "0.03"))
    asked = (
        put("P1", "2021-01-05", "1000.00", "deposit", GAA_3="100"),
        out("P1", "2021-03-17", full=True),
    )
    return Story(lean(minimum="0.03"), (offer,), asked, last="2021-03-17", percent=percent_on)


YIELDS = {
    2021: "4", 2022: "4.5", 2023: "5", 2024: "6", 2025: "5.5", 2026: "5", 2027: "4", 2028: "3", 2029: "3", 2030: "3.5",
    2031: "4",
}  # fmt: skip
"""Flat yields by year; from February 2031 on they are 5%."""


def over_ten_years(day: str) -> str:
    return "5" if day >= "2031-02-01" else YIELDS[int(day[:4])]


def ten_years() -> Story:
    ten = guaranteed_term(10, ("0.05", "2026-01-31"), ("0.045", "2031-01-05"))
    again = guaranteed_term(10, ("0.035", "2041-01-31"))
    offers = (
        offering("2021-JAN", "2021-01-04", "2021-01-29", ten),
        offering("2031-JAN", "2031-01-02", "2031-01-31", still(5, "2036-01-31", "0.03"), again),
    )
    asked = (
        put("P1", "2021-01-05", "10000.00", "deposit", GAA_10="100"),
        out("P1", "2024-03-13", "at-6-percent", amount="1000.00"),
        out("P1", "2028-06-14", "at-3-percent", amount="2000.00", amount_type="gross"),
        out("P1", "2031-02-12", "free", amount="1500.00"),
        out("P1", "2031-03-12", "not-free", amount="500.00"),
    )
    contract = lean() | {"options": [lean()["options"][-1]]}
    return Story(contract, offers, asked, last="2031-03-12", percent=over_ten_years)

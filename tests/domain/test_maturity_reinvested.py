"""MAT-3, GEN-8, NTC-3: what becomes of a matured term that nobody directs."""

from datetime import date
from decimal import Decimal

import pytest

from contracts_schema.reference import GuaranteedOffering
from services.domain.maturity import next_term
from tests.domain.books import (
    Book,
    Json,
    deposit,
    fixed_account_2,
    guaranteed,
    guaranteed_term,
    offering,
    only,
    opening,
)
from tests.domain.gaa import gaa_terms, put, still
from tests.domain.maturities import (
    IN_MARCH,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    close,
    close_through,
    contract,
    maturing,
    moved,
    reinvested,
)


def offered(*years: int) -> Json:
    """A deposit period of February that offers these lengths, each maturing in March of its year."""
    terms = (guaranteed_term(length, ("0.1", f"{2021 + length}-03-17")) for length in years)
    return offering("FEB", "2021-02-01", "2021-02-26", *terms)


def test_mat_3_and_ntc_3_the_confirmation_tells_the_new_rates_and_terms() -> None:
    """The day after the maturity, for until midnight an election counted; dated the day of the maturity."""
    steps = guaranteed_term(3, ("0.05", "2022-03-17"), ("0.0475", "2024-03-17"))
    book = maturing(WEDNESDAY, offering("FEB", "2021-02-01", "2021-02-26", steps))
    assert close(book, WEDNESDAY) == []
    outcome = only(close(book, THURSDAY))
    done = outcome.message
    assert (done["kind"], done["trade_date"], done["decided_at"]) == (
        "reinvested",
        THURSDAY,
        "2021-02-11T16:00:00-05:00",
    )
    assert (done["request_id"], done["submitted_by"], done["account"], done["mva"]) == (None, None, "pretax", None)
    assert (done["gross"], done["debits"], done["credits"]) == ("1000.00", "1000.00", "1000.00")
    assert moved(outcome) == [("GAA-1", "-1000.00", WEDNESDAY), ("GAA-2", "1000.00", WEDNESDAY)]
    assert done["rules"] == [
        "MAT-3",
        "MAT-4",
        "NTC-3",
        "MAT-6",
        "GAA-2",
        "MVA-8",
        "TRF-3",
        "DEP-5",
        "GAA-1",
        "GEN-7",
    ]
    assert done["details"] == {
        "matured_lot": "GAA-1",
        "matured_term": "3",
        "maturity": WEDNESDAY,
        "new_lot": "GAA-2",
        "new_term": "3",
        "new_maturity": "2024-03-17",
        "new_rates": "0.05 through 2022-03-17, 0.0475 through 2024-03-17",
        "deposit_period": "2021-02-01 to 2021-02-26",
        "free_of_adjustment": "the first request, through the last business day of 2021-03",
    }
    assert book.account().transfers == 0  # TRF-3


@pytest.mark.parametrize(
    ("years", "chosen"),
    [
        ((1, 3, 5), 3),  # the same duration
        ((1, 2, 5), 2),  # else the next shortest: the longest below
        ((1, 10), 1),
        ((4, 5, 10), 4),  # else the next longest
    ],
)
def test_mat_3_unclassified_the_same_length_else_shorter_else_longer(years: tuple[int, ...], chosen: int) -> None:
    book = maturing(WEDNESDAY, offered(*years))
    close_through(book, WEDNESDAY, THURSDAY)
    (lot,) = book.lots()
    assert (lot.years, lot.maturity) == (chosen, date(2021 + chosen, 3, 17))


@pytest.mark.parametrize(
    ("years", "matured", "chosen"),
    [
        ((1, 2, 3, 5), 3, 1),  # short: the shortest there is up to three years, though it may be different
        ((2, 3, 5), 1, 2),
        ((3, 4, 7), 5, 4),  # long: the shortest of more than three
        ((7, 10), 4, 7),
        ((5, 7), 3, None),  # never from short to long, nor the other way
        ((1, 3), 10, None),
    ],
)
def test_mat_3_and_gaa_3_classified_the_shortest_of_the_classification(
    years: tuple[int, ...], matured: int, chosen: int | None
) -> None:
    found = next_term(GuaranteedOffering.model_validate(offered(*years)), matured, classified=True)
    assert (found and found.years) == chosen


def test_gaa_2_the_new_term_earns_from_the_day_of_the_maturity() -> None:
    """From Wednesday 10 February to Wednesday 17 March 35 days at 10%: 1,000 × 1.1^(35/365) = 1,009.18."""
    book = reinvested(years=1)
    (lot,) = book.lots()
    assert (lot.deposited, lot.units) == (date(2021, 2, 10), Decimal(1000))
    book.withdraw(_full("w"))
    assert only(close(book, IN_MARCH), "confirmations").message["gross"] == "1009.18"


def _full(request_id: str) -> Json:
    received = f"{IN_MARCH}T10:00:00-04:00"
    common = {"contract_id": "C1", "participant_id": "P1", "submitted_by": "acme", "received_at": received}
    return {"request_id": request_id, **common, "account": "pretax", "full": True, "reason": "in_service"}


def test_mat_5_a_maturity_on_a_saturday_before_a_holiday_is_reinvested_on_tuesday_as_of_saturday() -> None:
    """From Saturday 13 February 32 days at 10% to 17 March: 1,000 × 1.1^(32/365) = 1,008.39."""
    book = maturing(SATURDAY, through="2021-02-12")
    outcome = only(close(book, TUESDAY))
    assert outcome.message["trade_date"] == TUESDAY
    assert moved(outcome) == [("GAA-1", "-1000.00", SATURDAY), ("GAA-2", "1000.00", SATURDAY)]
    assert "MAT-5" in outcome.message["rules"]
    close_through(book, "2021-02-17", "2021-03-16")
    book.withdraw(_full("w"))
    assert only(close(book, IN_MARCH), "confirmations").message["paid"] == "1008.39"


def test_mat_6_the_deposit_period_is_the_one_open_at_the_maturity() -> None:
    """The period that ends on Saturday the 13th offers two years, the one of Tuesday, when it is done, one."""
    first = offering("FEB-1", "2021-02-08", SATURDAY, still(2, "2023-02-28"))
    book = maturing(SATURDAY, first, offering("FEB-2", "2021-02-14", "2021-02-26", still(1, "2022-02-28")))
    close_through(book, WEDNESDAY, TUESDAY)
    (lot,) = book.lots()
    assert (lot.offering, lot.years) == ("FEB-1", 2)


def test_mat_3_nothing_on_offer_the_value_stays_and_is_told_once() -> None:
    book = maturing(WEDNESDAY, offering("MAR", "2021-03-01", "2021-03-31", still(3, "2024-03-31")))
    assert close(book, WEDNESDAY) == []
    notice = only(close(book, THURSDAY)).message
    assert (notice["kind"], notice["date"], notice["rules"]) == (
        "matured_value_stays",
        WEDNESDAY,
        ["MAT-3", "MAT-5", "MAT-6"],
    )
    assert notice["details"]["value_at_maturity"] == "1000.00"
    assert close_through(book, "2021-02-12", "2021-03-12") == []  # not reinvested when something is on offer again
    (lot,) = book.lots()
    assert (lot.matured, lot.undecided, lot.units) == (True, False, Decimal(1000))


def test_mat_3_a_term_that_is_drawn_on_the_day_of_its_maturity_is_reinvested_for_the_rest() -> None:
    book = maturing()
    book.withdraw(_full("w") | {"received_at": f"{WEDNESDAY}T10:00:00-05:00", "full": None, "amount": "400.00"})
    paid = only(close(book, WEDNESDAY)).message
    assert (paid["paid"], paid["mva"]["lines"][0]["rule"]) == ("400.00", "MVA-8")
    assert only(close(book, THURSDAY)).message["gross"] == "600.00"


def test_mat_3_each_of_several_lots_is_reinvested_by_itself() -> None:
    """Two lots of one term, and one of the employer's account: three new lots, though all earn alike."""
    book = maturing(through="2021-01-05")
    put(book, "second", "2021-01-06", "500.00", option="GAA", term=3, percent="100")
    book.instruct(opening("employer", "2021-01-06", account="employer"))
    share = [{"option": "GAA", "term": 3, "percent": "100"}]
    book.deposit(deposit("match", "2021-01-06", "70.00", account="employer", allocation=share))
    close_through(book, "2021-01-06", WEDNESDAY)
    outcomes = close(book, THURSDAY)
    assert [(o.message["account"], o.message["details"]["new_lot"], o.message["gross"]) for o in outcomes] == [
        ("pretax", "GAA-3", "1000.00"),
        ("pretax", "GAA-4", "500.00"),
        ("employer", "GAA-2", "70.00"),
    ]


def test_mat_4_money_of_the_same_day_into_the_same_term_is_another_lot() -> None:
    """A deposit of the maturity date into the term that the matured value goes to has no provision of its own."""
    book = maturing()
    put(book, "same-day", WEDNESDAY, "50.00", option="GAA", term=3, percent="100")
    close_through(book, WEDNESDAY, THURSDAY)
    found = [(lot.lot, lot.deposited, lot.units, lot.reinvested is None) for lot in book.lots()]
    assert found == [
        ("GAA-2", date(2021, 2, 10), Decimal(50), True),
        ("GAA-3", date(2021, 2, 10), Decimal(1000), False),
    ]


CLOSED = contract(closes_on=WEDNESDAY)


def test_gen_8_after_closing_a_matured_value_goes_to_fixed_account_2() -> None:
    """At its index of the maturity, so that no interest is lost: 1.02^(37/365) = 1.002009405772, 997.994624 units."""
    book = maturing(terms=CLOSED)
    assert close(book, WEDNESDAY) == []
    outcome = only(close(book, THURSDAY))
    assert moved(outcome) == [("GAA-1", "-1000.00", WEDNESDAY), ("FA2", "1000.00", WEDNESDAY)]
    assert outcome.message["rules"] == [
        "MAT-3",
        "GEN-8",
        "NTC-3",
        "MAT-6",
        "GAA-2",
        "MVA-8",
        "TRF-3",
        "FIX-6",
        "FIX-7",
        "GEN-7",
    ]
    assert "free_of_adjustment" not in outcome.message["details"]
    assert book.units("FA2") == Decimal("997.994624")
    assert book.lots() == ()


def test_gen_8_of_a_saturday_fixed_account_2_has_no_index_so_it_is_tuesdays() -> None:
    """1.02^(43/365) = 1.002335635614: 997.669807 units."""
    book = maturing(SATURDAY, terms=CLOSED, through="2021-02-12")
    assert moved(only(close(book, TUESDAY)))[1] == ("FA2", "1000.00", TUESDAY)
    assert book.units("FA2") == Decimal("997.669807")


def test_gen_8_until_the_closing_date_a_maturity_is_reinvested() -> None:
    book = maturing(terms=contract(closes_on=THURSDAY))
    close(book, WEDNESDAY)
    assert only(close(book, THURSDAY)).message["details"]["new_lot"] == "GAA-2"


def test_gen_8_the_contract_may_go_on_reinvesting() -> None:
    book = maturing(terms=contract(closes_on=WEDNESDAY, after_closing="reinvest"))
    close(book, WEDNESDAY)
    assert only(close(book, THURSDAY)).message["details"]["new_lot"] == "GAA-2"


@pytest.mark.parametrize(
    "fixed",
    [(), (fixed_account_2(opens_on="2021-03-17"),), (fixed_account_2(closes_on="2021-02-01"),)],
    ids=["none", "not open yet", "closed"],
)
def test_gen_8_where_fixed_account_2_takes_nothing_the_value_stays(fixed: tuple[Json, ...]) -> None:
    options = (*gaa_terms()["options"][:3], *fixed, guaranteed(closes_on=WEDNESDAY))
    book = maturing(terms=gaa_terms(options=options))
    close(book, WEDNESDAY)
    assert only(close(book, THURSDAY)).message["kind"] == "matured_value_stays"


def test_gen_8_a_fixed_account_2_new_since_the_maturity_takes_it_at_its_first_index() -> None:
    """It is an option from Thursday on: on that day its index is 1."""
    three = gaa_terms()["options"][:3]
    book = maturing(terms=gaa_terms(options=(*three, guaranteed(closes_on=WEDNESDAY))))
    options = (*three, guaranteed(closes_on=WEDNESDAY), fixed_account_2())
    book.publish("contract-terms", gaa_terms(options=options, version=2, effective_from=THURSDAY))
    close(book, WEDNESDAY)
    assert moved(only(close(book, THURSDAY)))[1] == ("FA2", "1000.00", THURSDAY)
    assert book.units("FA2") == Decimal(1000)


def test_gen_6_the_terms_of_the_close_decide_whether_it_stays() -> None:
    book = maturing(through="2021-02-08")
    later = contract(at_maturity="stays") | {"version": 2, "effective_from": WEDNESDAY}
    assert book.publish("contract-terms", later) == []
    close(book, "2021-02-09")
    assert only(close(book, WEDNESDAY)).message["kind"] == "matured_value_stays"


def test_wdl_2_the_new_lot_stands_with_the_lots_of_its_own_period() -> None:
    book: Book = reinvested(years=1)
    (lot,) = book.lots()
    assert (lot.offering, lot.period_start, lot.locked_through) == ("FEB", date(2021, 2, 1), date(2021, 5, 27))

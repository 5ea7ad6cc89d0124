"""MAT-4, TRF-3, GAA-4: what was reinvested by itself may go once, free of adjustment, until the end of the next month.

Unless they say otherwise the tests are about $1,000.00 reinvested on Wednesday 10 February 2021 for one year at 10%,
with yields of 4% until the end of that month. On Wednesday 17 March the lot, barred by GAA-4 until 28 May, is worth
1,009.18; x is 365, so at yields of 6% its factor is 1.04/1.06 = .9811, at 2% it is 1.04/1.02 = 1.0196.
"""

from decimal import Decimal

import pytest

from tests.domain.books import Book, Json, Outcome, only, request, shares
from tests.domain.gaa import leg, put
from tests.domain.maturities import (
    FEBRUARY,
    IN_MARCH,
    WEDNESDAY,
    close,
    close_through,
    contract,
    electing,
    into,
    lines,
    maturing,
    reinvested,
)

F1, FA2 = shares(F1="100"), shares(FA2="100")
ALL, SOME = [leg("GAA", 1, all=True)], [leg("GAA", 1, percent="10")]


def eastern(day: str, clock: str = "10:00:00") -> str:
    """New York time in summer, which begins on 14 March."""
    return f"{day}T{clock}-04:00"


def transferring(book: Book, legs: list[Json], to: list[Json] = F1, day: str = IN_MARCH, /, **more: object) -> None:
    body = {"account": "pretax", "from": legs, "to": to, **more}
    book.transfer(request(f"t-{day}-{len(book.outcomes)}", eastern(day), **body))


def transferred(book: Book, legs: list[Json], to: list[Json] = F1, /, **more: object) -> Outcome:
    transferring(book, legs, to, IN_MARCH, **more)
    return only(close(book, IN_MARCH))


def withdrawn(book: Book, day: str = IN_MARCH, later: str = "6", /, **what: object) -> Outcome:
    book.withdraw(request(f"w-{day}", eastern(day), **{"account": "pretax", "reason": "in_service", **what}))
    return only(close(book, day, later))


def free(book: Book) -> bool:
    """Whether the provision is still there to be used."""
    return any(lot.reinvested is not None for lot in book.lots())


def test_mat_4_the_whole_lot_goes_with_its_interest_though_it_is_locked_in() -> None:
    """1,009.18 arrive, nothing is adjusted; of the twelve free transfers none is used up (TRF-3)."""
    book = reinvested(years=1)
    outcome = transferred(book, ALL)
    done = outcome.message
    assert (done["gross"], done["credits"], done["free_transfers_left"]) == ("1009.18", "1009.18", 12)
    assert lines(outcome) == [("GAA-2", "MAT-4", "1009.18", "1.0000", "0.00")]
    assert (done["mva"]["aggregate"], done["mva"]["applied"]) == ("0.00", False)
    assert done["rules"] == [
        "GEN-2",
        "TRF-1",
        "TRF-3",
        "GAA-2",
        "WDL-2",
        "WDL-3",
        "MAT-4",
        "MVA-8",
        "MVA-6",
        "GEN-7",
    ]
    assert book.lots() == ()
    assert book.account().transfers == 0


def test_mat_4_a_full_withdrawal_takes_the_interest_to_the_date() -> None:
    outcome = withdrawn(reinvested(years=1), full=True)
    assert (outcome.message["paid"], lines(outcome)) == (
        "1009.18",
        [("GAA-2", "MAT-4", "1009.18", "1.0000", "0.00")],
    )


@pytest.mark.parametrize("amount", ["0.01", "400.00", "1000.00"])
def test_mat_4_a_part_up_to_what_was_reinvested_goes_free_whatever_its_size(amount: str) -> None:
    book = reinvested(years=1)
    outcome = withdrawn(book, amount=amount)
    assert (outcome.message["paid"], lines(outcome)) == (amount, [("GAA-2", "MAT-4", amount, "1.0000", "0.00")])
    assert not free(book)


def test_mat_4_what_goes_beyond_bears_the_adjustment_unless_the_lot_goes_as_a_whole() -> None:
    """5.00 of interest cost 5.00/.9811 = 5.10; gross 1,005.00 pay 1,000 + 5.00 × .9811 = 1,004.91."""
    net = withdrawn(reinvested(years=1), amount="1005.00")
    assert (net.message["gross"], net.message["paid"]) == ("1005.10", "1005.00")
    assert lines(net) == [
        ("GAA-2", "MAT-4", "1000.00", "1.0000", "0.00"),
        ("GAA-2", "MVA-2", "5.10", "0.9811", "-0.10"),
    ]
    assert (net.message["mva"]["aggregate"], net.message["mva"]["applied"]) == ("-0.10", True)
    gross = withdrawn(reinvested(years=1), amount="1005.00", amount_type="gross")
    assert (gross.message["gross"], gross.message["paid"]) == ("1005.00", "1004.91")


@pytest.mark.parametrize("amount", ["1009.01", "1009.10", "1009.17"])
def test_mat_4_between_what_the_part_and_the_whole_pay_it_is_paid_as_of_the_whole(amount: str) -> None:
    """In part the lot pays less than 1,000 + 9.18 × .9811 = 1,009.01, as a whole 1,009.18."""
    outcome = withdrawn(reinvested(years=1), amount=amount)
    assert (outcome.message["paid"], outcome.message["gross"]) == (amount, amount)


def test_mat_4_more_than_the_whole_lot_is_insufficient() -> None:
    refused = withdrawn(reinvested(years=1), amount="1009.19")
    assert refused.codes == ["INSUFFICIENT_VALUE"]
    assert refused.message["reasons"][0]["numbers"] == {
        "requested": "1009.19",
        "available": "1009.18",
        "available_after_mva": "1009.18",
    }


def test_mat_4_a_part_may_pay_more_than_the_whole_where_yields_have_fallen() -> None:
    """At 2% the interest pays 1.0196: 9.30 of it cost 9.12. All of it would go as a whole, and pay 1,009.18."""
    outcome = withdrawn(reinvested(years=1, later="2"), IN_MARCH, "2", amount="1009.30")
    assert lines(outcome) == [
        ("GAA-2", "MAT-4", "1000.00", "1.0000", "0.00"),
        ("GAA-2", "MVA-2", "9.12", "1.0196", "0.18"),
    ]
    assert outcome.message["paid"] == "1009.30"
    refused = withdrawn(reinvested(years=1, later="2"), IN_MARCH, "2", amount="1009.36")
    assert refused.codes == ["INSUFFICIENT_VALUE"]


def test_mat_4_only_the_first_request_is_free() -> None:
    """A tenth, 100.92, goes free; the rest is barred, and a withdrawal of it is adjusted."""
    book = reinvested(years=1)
    assert lines(transferred(book, SOME)) == [("GAA-2", "MAT-4", "100.92", "1.0000", "0.00")]
    transferring(book, SOME, F1, "2021-03-18")
    assert only(close(book, "2021-03-18")).codes == ["LOCKED_IN"]
    outcome = withdrawn(book, "2021-03-19", amount="100.00")
    assert [(rule, factor) for _, rule, _, factor, _ in lines(outcome)] == [("MVA-2", "0.9811")]


def test_mat_4_of_two_requests_of_a_day_the_first_received_is_free() -> None:
    book = reinvested(years=1)
    for request_id, clock in (("second", "10:00:01"), ("first", "10:00:00")):
        what = {"account": "pretax", "reason": "in_service", "amount": "100.00"}
        book.withdraw(request(request_id, eastern(IN_MARCH, clock), **what))
    first, second = close(book, IN_MARCH)
    assert (first.message["request_id"], lines(first)[0][1]) == ("first", "MAT-4")
    assert lines(second)[0][1] == "MVA-2"


def test_mat_4_rejections_do_not_use_it_up() -> None:
    book = reinvested(years=1)
    assert withdrawn(book, amount="9999.00").codes == ["INSUFFICIENT_VALUE"]
    assert free(book)
    assert lines(withdrawn(book, "2021-03-18", full=True))[0][1] == "MAT-4"


def test_mat_4_a_transfer_whose_fee_eats_it_up_does_not_use_it_up() -> None:
    """The fund makes it count; a fee of $10.00 is more than the $9.00 that would arrive: nothing moves."""
    terms = contract() | {"transfers": {"free_per_year": 0, "fee": "10.00"}}
    book = reinvested(years=1, terms=terms, GAA="1000.00", F2="100.00")
    legs = [leg("GAA", 1, amount="5.00"), leg("F2", amount="4.00")]
    assert transferred(book, legs).codes == ["FEE_EXCEEDS_TRANSFER"]
    assert free(book)


def test_mat_4_a_request_that_takes_nothing_of_the_lot_does_not_use_it_up() -> None:
    book = reinvested(years=1, GAA="1000.00", F2="100.00")
    transferred(book, [leg("F2", all=True)])
    assert free(book)


def test_mat_4_a_withdrawal_pro_rata_over_everything_uses_it_up() -> None:
    """110.92 of 1,009.18 and 100.00: 100.92 and 10.00, the lot's part free."""
    book = reinvested(years=1, GAA="1000.00", F2="100.00")
    outcome = withdrawn(book, amount="110.92")
    assert outcome.dollars() == {"F2": "-10.00", "GAA": "-100.92"}
    assert lines(outcome) == [("GAA-2", "MAT-4", "100.92", "1.0000", "0.00")]
    assert not free(book)


@pytest.mark.parametrize(
    ("received", "rule"),
    [
        ("2021-03-31T16:00:00-04:00", "MAT-4"),  # the last business day of the month after the maturity's
        ("2021-03-31T16:00:01-04:00", "MVA-2"),  # trades on Thursday, 1 April
    ],
)
def test_mat_4_until_the_last_business_day_of_the_next_month(received: str, rule: str) -> None:
    book = reinvested(through="2021-03-30", years=1)
    what = {"account": "pretax", "reason": "in_service", "full": True}
    book.withdraw(request("w", received, **what))
    outcome = only([*close(book, "2021-03-31"), *close(book, "2021-04-01")], "confirmations")
    assert lines(outcome)[0][1] == rule


def test_mat_4_the_month_after_is_that_of_the_maturity_and_not_of_its_processing() -> None:
    """Matured on Saturday, 27 February, and reinvested on Monday, 1 March: the last day is 31 March all the same."""
    period = FEBRUARY | {"period_end": "2021-02-28"}
    book = maturing("2021-02-27", period, through="2021-02-26", years=1)
    outcome = only(close(book, "2021-03-01")).message
    assert outcome["details"]["free_of_adjustment"] == "the first request, through the last business day of 2021-03"
    close_through(book, "2021-03-02", "2021-03-31")
    assert [rule for _, rule, *_ in lines(withdrawn(book, "2021-04-01", full=True))] == ["MVA-2"]


def test_mat_4_what_was_elected_has_no_such_provision() -> None:
    book = maturing(years=1)
    book.instruct(electing("e1", WEDNESDAY, **into(GAA_1="100")))
    close_through(book, WEDNESDAY, "2021-03-16")
    assert transferred(book, ALL).codes == ["LOCKED_IN"]


def test_gaa_4_of_a_barred_lot_what_was_reinvested_may_go_and_its_interest_with_the_whole_only() -> None:
    """Gross 1,000.00 goes; a cent of the interest is barred until 26 February + 91 days = 28 May."""
    assert transferred(reinvested(years=1), [leg("GAA", 1, amount="1000.00")]).message["gross"] == "1000.00"
    for amount_type in ("gross", "net"):
        refused = transferred(reinvested(years=1), [leg("GAA", 1, amount="1000.01")], amount_type=amount_type)
        assert (refused.codes, refused.message["possible_from"]) == (["LOCKED_IN"], "2021-05-28")
        (reason,) = refused.message["reasons"]
        assert reason["numbers"] == {
            "requested": "1000.01",
            "available": "1000.00",
            "available_after_mva": "1000.00",
            "locked_in": "9.18",
            "trade_date": IN_MARCH,
        }


def test_trf_3_a_transfer_of_what_was_reinvested_is_never_charged() -> None:
    book = reinvested(years=1, terms=contract() | {"transfers": {"free_per_year": 0, "fee": "10.00"}})
    done = transferred(book, [leg("GAA", 1, amount="500.00")]).message
    assert (done["charges"], done["credits"], done["free_transfers_left"]) == ([], "500.00", 0)
    assert "TRF-3" in done["rules"]


def test_trf_3_and_trf_6_a_request_of_which_any_part_counts_counts() -> None:
    """500.00 of the lot go free; the fund's 50.00 make the request the first of the year, for $10.00."""
    terms = contract() | {"transfers": {"free_per_year": 0, "fee": "10.00"}}
    book = reinvested(years=1, terms=terms, GAA="1000.00", F2="100.00")
    done = transferred(book, [leg("GAA", 1, amount="500.00"), leg("F2", amount="50.00")]).message
    assert [charge["amount"] for charge in done["charges"]] == ["10.00"]
    assert "TRF-2" in done["rules"]
    assert book.account().transfers == 1


def test_trf_3_a_part_beyond_what_was_reinvested_counts() -> None:
    """After 28 May, but within the window of an April maturity: the interest on top of the reinvested counts."""
    book = reinvested(years=1, terms=contract(lock_in_days=0))
    done = transferred(book, [leg("GAA", 1, amount="1001.00")]).message
    assert [line["rule"] for line in done["mva"]["lines"]] == ["MAT-4", "MVA-2"]
    assert (done["free_transfers_left"], book.account().transfers) == (11, 1)


def test_trf_3_a_transfer_on_the_day_of_maturity_is_not_counted() -> None:
    book = maturing()
    body = {"account": "pretax", "from": [leg("GAA", 3, all=True)], "to": FA2}
    book.transfer(request("t", WEDNESDAY, **body))
    done = only(close(book, WEDNESDAY)).message
    assert (done["gross"], done["free_transfers_left"]) == ("1000.00", 12)
    assert {"TRF-3", "MVA-8"} <= set(done["rules"])
    assert close(book, "2021-02-11") == []  # nothing is left to reinvest


def test_trf_3_the_free_ones_left_are_those_of_the_year() -> None:
    book = reinvested(years=1, GAA="1000.00", F2="100.00")
    transferring(book, [leg("F2", all=True)])
    transferring(book, SOME)
    assert [o.message["free_transfers_left"] for o in close(book, IN_MARCH)] == [11, 11]


def test_mat_4_two_lots_in_their_windows_are_each_judged_by_itself() -> None:
    """Oldest first, the first lot of 1,009.18 goes as a whole, of the second of 504.59 only 100.00, both free."""
    book = maturing(years=1, through="2021-01-05")
    put(book, "second", "2021-01-06", "500.00", option="GAA", term=1, percent="100")
    close_through(book, "2021-01-06", "2021-03-16")
    outcome = withdrawn(book, amount="1109.18", **{"from": [leg("GAA", 1)]})
    assert lines(outcome) == [
        ("GAA-3", "MAT-4", "1009.18", "1.0000", "0.00"),
        ("GAA-4", "MAT-4", "100.00", "1.0000", "0.00"),
    ]
    assert not free(book)
    assert [lot.lot for lot in book.lots()] == ["GAA-4"]


def test_mva_7_a_death_takes_what_was_reinvested_free_and_the_rest_positive_only() -> None:
    """At 6% the interest beyond would cost; on death a negative aggregate does not count: gross 1,005.00 pays it."""
    death = {"reason": "death", "event_date": "2021-03-01"}
    outcome = withdrawn(reinvested(years=1), amount="1005.00", amount_type="gross", **death)
    assert (outcome.message["paid"], outcome.message["mva"]["not_applied_by"]) == ("1005.00", "MVA-7")


def test_mat_4_units_left_are_worth_what_is_left() -> None:
    """1,009.18 - 500.00 = 509.18."""
    book = reinvested(years=1)
    outcome = withdrawn(book, amount="500.00").message
    assert outcome["legs"][0]["value_after"] == "509.18"
    assert book.lots()[0].units == Decimal(outcome["legs"][0]["units_after"])

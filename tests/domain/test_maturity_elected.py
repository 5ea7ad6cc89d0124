"""MAT-2, MAT-6: what the owner wants of a term at its maturity, when it counts, and when it cannot be had."""

import json
from decimal import Decimal

import pytest

from contracts_schema.entries import RequestEntry, read_entry, write_entry
from services.runtime.records import OutputRecord
from tests.domain.books import Json, at, cancelling, deposit, fund, offering, only, opening, shares, withdrawal
from tests.domain.gaa import put, still
from tests.domain.lives import Ledger
from tests.domain.maturities import (
    SATURDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    close,
    close_through,
    contract,
    electing,
    evening,
    into,
    maturing,
    moved,
)

F1 = into(F1="100")
MIDNIGHT, AFTER = at(WEDNESDAY, "23:59:59"), at(THURSDAY, "00:00:00")


def test_mat_2_an_election_is_confirmed_and_followed_at_the_maturity_without_adjustment() -> None:
    """$600.00 at 10 a unit, $400.00 into a year at 10% that begins on the day of the maturity."""
    book = maturing()
    elected = only(book.instruct(electing("e1", WEDNESDAY, **into(F1="60", GAA_1="40")))).message
    assert (elected["kind"], elected["trade_date"], elected["rules"]) == (
        "maturity_elected",
        WEDNESDAY,
        ["GEN-2", "MAT-2"],
    )
    assert elected["details"] == {"lot": "GAA-1", "maturity": WEDNESDAY, "F1": "60", "GAA 1y": "40"}
    outcome = only(close(book, WEDNESDAY))
    done = outcome.message
    assert (done["kind"], done["request_id"], done["submitted_by"]) == ("maturity_transfer", None, None)
    assert (done["trade_date"], done["gross"], done["debits"], done["credits"]) == (
        WEDNESDAY,
        "1000.00",
        "1000.00",
        "1000.00",
    )
    assert moved(outcome) == [
        ("GAA-1", "-1000.00", WEDNESDAY),
        ("F1", "600.00", WEDNESDAY),
        ("GAA-2", "400.00", WEDNESDAY),
    ]
    assert (done["mva"], done["charges"], done["free_transfers_left"]) == (None, [], None)
    assert done["rules"] == ["MAT-2", "MAT-6", "GAA-2", "MVA-8", "TRF-3", "DEP-5", "GAA-1", "GEN-7"]
    assert done["details"] == {
        "matured_lot": "GAA-1",
        "matured_term": "3",
        "maturity": WEDNESDAY,
        "elected_by": "e1",
    }
    (lot,) = book.lots()
    assert (lot.deposited.isoformat(), lot.years, lot.reinvested) == (WEDNESDAY, 1, None)
    assert book.units("F1") == Decimal(60)
    assert book.account().transfers == 0


def test_mat_2_the_matured_value_may_be_paid_out() -> None:
    book = maturing()
    elected = only(book.instruct(electing("e1", WEDNESDAY, withdraw=True, payee="the owner")))
    assert elected.message["details"] == {
        "lot": "GAA-1",
        "maturity": WEDNESDAY,
        "withdrawn": "all",
        "payee": "the owner",
    }
    paid = only(close(book, WEDNESDAY)).message
    assert (paid["kind"], paid["gross"], paid["paid"], paid["mva"]) == ("maturity_payment", "1000.00", "1000.00", None)
    assert paid["rules"] == ["MAT-2", "MAT-6", "GAA-2", "MVA-8", "WDL-14", "GEN-7"]
    assert paid["details"]["payee"] == "the owner"
    assert book.lots() == ()


def test_mat_2_a_payment_needs_no_payee() -> None:
    book = maturing()
    elected = only(book.instruct(electing("e1", WEDNESDAY, withdraw=True)))
    assert elected.message["details"] == {"lot": "GAA-1", "maturity": WEDNESDAY, "withdrawn": "all"}
    assert "payee" not in only(close(book, WEDNESDAY)).message["details"]


def test_mva_10_a_payment_at_maturity_lowers_the_adjusted_purchase_total() -> None:
    """1,000.00 out of 1,000.00 leave none of the total; out of 4,000.00 a quarter of it goes."""
    guaranteed_on_death = contract() | {"death_benefit": "greater_of_purchases"}
    alone = maturing(terms=guaranteed_on_death)
    beside = maturing(terms=guaranteed_on_death, GAA="1000.00", F2="3000.00")
    for book, left in ((alone, "0.00"), (beside, "3000.00")):
        book.instruct(electing("e1", WEDNESDAY, withdraw=True))
        close(book, WEDNESDAY)
        assert book.account().purchases == Decimal(left)


@pytest.mark.parametrize("closed_first", [False, True])
def test_gen_2_an_election_of_the_evening_gets_the_next_closes_price(*, closed_first: bool) -> None:
    """Received at 20:00 of the maturity date, it counts; but Wednesday's price, 10, was known by then: it gets
    Thursday's, 20, and the new term its own day, whether Wednesday is closed on the log by then or not.
    """
    book = maturing()
    if closed_first:
        assert close(book, WEDNESDAY) == []
    taken = only(book.instruct(electing("e1", evening(WEDNESDAY), **into(F1="50", GAA_1="50"))))
    assert taken.topic == ("confirmations" if closed_first else "acknowledgements")
    if not closed_first:
        assert close(book, WEDNESDAY) == []
    outcome = close(book, THURSDAY, F1="20.000000")[-1]
    assert moved(outcome) == [
        ("GAA-1", "-1000.00", WEDNESDAY),
        ("F1", "500.00", THURSDAY),
        ("GAA-2", "500.00", WEDNESDAY),
    ]
    assert book.units("F1") == Decimal(25)


@pytest.mark.parametrize(
    ("received", "kind"),
    [(MIDNIGHT, "maturity_transfer"), (AFTER, "reinvested")],
    ids=["on time", "too late"],
)
def test_mat_6_elections_are_received_by_midnight_in_new_york(received: str, kind: str) -> None:
    book = maturing()
    close(book, WEDNESDAY)
    answer = only(book.instruct(electing("e1", received, **F1)))
    if received == AFTER:
        assert answer.codes == ["ELECTION_TOO_LATE"]
        (reason,) = answer.message["reasons"]
        assert reason["rules"] == ["MAT-2", "MAT-6"]
        assert reason["numbers"] == {"lot": "GAA-1", "maturity": WEDNESDAY, "received_on": THURSDAY}
    assert only(close(book, THURSDAY)).message["kind"] == kind


def test_mat_2_a_later_election_replaces_an_earlier_one() -> None:
    book = maturing(through="2021-02-08")
    only(book.instruct(electing("e1", "2021-02-09", **F1)))
    close(book, "2021-02-09")
    only(book.instruct(electing("e2", WEDNESDAY, withdraw=True)))
    paid = only(close(book, WEDNESDAY)).message
    assert (paid["kind"], paid["details"]["elected_by"]) == ("maturity_payment", "e2")


def test_mat_2_an_election_of_the_evening_is_too_late_to_replace_one_that_is_followed() -> None:
    """The first is followed at Wednesday's close; whoever waited for its prices may not take it back."""
    book = maturing()
    only(book.instruct(electing("e1", WEDNESDAY, **F1)))
    only(book.instruct(electing("e2", evening(WEDNESDAY), withdraw=True)), "acknowledgements")
    assert only(close(book, WEDNESDAY)).message["details"]["elected_by"] == "e1"
    assert only(close(book, THURSDAY)).codes == ["LOT_NOT_HELD"]


def test_mat_2_an_election_that_waits_may_be_cancelled() -> None:
    book = maturing()
    only(book.instruct(electing("e1", evening(WEDNESDAY), **F1)), "acknowledgements")
    book.instruct(cancelling("c1", evening(WEDNESDAY), "e1"))
    assert close(book, WEDNESDAY) == []
    assert only(close(book, THURSDAY)).message["kind"] == "reinvested"


def test_mat_5_a_maturity_on_a_saturday_before_a_holiday_is_processed_on_tuesday() -> None:
    """An election of the Saturday's last second counts, and gets Tuesday's price; the new term begins on Saturday."""
    book = maturing(SATURDAY, through="2021-02-12")
    only(book.instruct(electing("e1", at(SATURDAY, "23:59:59"), **into(F1="50", GAA_1="50"))))
    outcome = only(close(book, TUESDAY, F1="20.000000"))
    assert moved(outcome) == [
        ("GAA-1", "-1000.00", SATURDAY),
        ("F1", "500.00", TUESDAY),
        ("GAA-2", "500.00", SATURDAY),
    ]
    assert outcome.message["rules"][:3] == ["MAT-2", "MAT-5", "MAT-6"]


def test_mat_6_an_election_of_the_holiday_is_too_late_for_the_saturday() -> None:
    book = maturing(SATURDAY, through="2021-02-12")
    assert only(book.instruct(electing("e1", "2021-02-15", **F1))).codes == ["ELECTION_TOO_LATE"]
    assert only(close(book, TUESDAY)).message["kind"] == "reinvested"


def test_mat_2_an_election_that_comes_to_hand_after_it_would_have_been_followed_is_too_late() -> None:
    """Nothing is on offer, so the value stays from Thursday on; its sender's word that it was received on Wednesday
    does not open that again.
    """
    book = maturing(WEDNESDAY, offering("MAR", "2021-03-01", "2021-03-31", still(3, "2024-03-31")))
    close(book, WEDNESDAY)
    assert only(close(book, THURSDAY)).message["kind"] == "matured_value_stays"
    late = electing("e1", MIDNIGHT, **F1)
    assert only(book.instruct(late, recorded=at("2021-02-12"))).codes == ["ELECTION_TOO_LATE"]


def test_mat_3_what_cannot_be_had_at_maturity_counts_as_no_instructions() -> None:
    """Ten years are not offered in February: all of it, the half that was to go to a fund included, is reinvested once
    no other election can come, and the owner is told why.
    """
    book = maturing()
    only(book.instruct(electing("e1", WEDNESDAY, **into(F1="50", GAA_10="50"))))
    assert close(book, WEDNESDAY) == []
    done = only(close(book, THURSDAY)).message
    assert done["kind"] == "reinvested"
    assert done["details"]["election_not_followed"] == "e1: TERM_NOT_OFFERED"
    (lot,) = book.lots()
    assert (lot.years, lot.reinvested is not None) == (3, True)


def test_mat_2_what_can_be_had_in_the_evening_is_elected_anew() -> None:
    book = maturing()
    only(book.instruct(electing("e1", WEDNESDAY, **into(GAA_10="100"))))
    close(book, WEDNESDAY)
    only(book.instruct(electing("e2", evening(WEDNESDAY), **F1)))
    assert only(close(book, THURSDAY)).message["details"]["elected_by"] == "e2"


def test_gaa_2_of_a_term_drawn_before_its_maturity_the_rest_is_elected() -> None:
    """Two days before maturity x counts from the very Wednesday it ends on, so the factor is 1: 600 are left."""
    book = maturing(through="2021-02-05")
    book.withdraw(withdrawal("w", "2021-02-08", amount="400.00"))
    assert close(book, "2021-02-08")[0].message["mva"]["lines"][0]["factor"] == "1.0000"
    close(book, "2021-02-09")
    book.instruct(electing("e1", WEDNESDAY, **F1))
    assert only(close(book, WEDNESDAY)).message["gross"] == "600.00"


def test_mat_6_requests_come_after_what_was_elected() -> None:
    """A withdrawal of the day finds the fund that the matured value went to, and no guaranteed term."""
    book = maturing()
    book.withdraw(withdrawal("w", WEDNESDAY, full=True))
    book.instruct(electing("e1", WEDNESDAY, **F1))  # it waits behind the withdrawal, and goes first all the same
    elected, transferred, withdrawn = close(book, WEDNESDAY)
    assert [o.message["kind"] for o in (elected, transferred)] == ["maturity_elected", "maturity_transfer"]
    assert withdrawn.dollars() == {"F1": "-1000.00"}


def test_mat_6_elected_maturities_come_before_automatic_ones_and_never_share_a_lot() -> None:
    """Two terms mature on one day, into the same new term: the one reinvested by itself may be left without adjustment
    (MAT-4), the elected one may not, so each is a lot of its own.
    """
    book = maturing(WEDNESDAY, through="2021-01-05")
    put(book, "second", "2021-01-06", "500.00", option="GAA", term=3, percent="100")
    close_through(book, "2021-01-06", "2021-02-09")
    book.instruct(electing("e1", evening(WEDNESDAY), lot="GAA-2", **into(GAA_3="100")))
    close(book, WEDNESDAY)
    _, elected, automatic = close(book, THURSDAY)
    assert [o.message["details"]["matured_lot"] for o in (elected, automatic)] == ["GAA-2", "GAA-1"]
    assert [(lot.lot, lot.units, lot.reinvested is None) for lot in book.lots()] == [
        ("GAA-3", Decimal(500), True),
        ("GAA-4", Decimal(1000), False),
    ]


def test_mat_2_each_account_has_elections_of_its_own() -> None:
    book = maturing(through="2021-01-05")
    book.instruct(opening("employer", "2021-01-06", account="employer"))
    share = [{"option": "GAA", "term": 3, "percent": "100"}]
    book.deposit(deposit("match", "2021-01-06", "70.00", account="employer", allocation=share))
    close_through(book, "2021-01-06", "2021-02-09")
    only(book.instruct(electing("e1", WEDNESDAY, account="employer", **F1)))
    elected = only(close(book, WEDNESDAY)).message
    assert (elected["account"], elected["gross"]) == ("employer", "70.00")
    assert only(close(book, THURSDAY)).message["account"] == "pretax"


@pytest.mark.parametrize(
    ("wish", "more", "codes"),
    [
        (F1, {"lot": "no-such-lot"}, ["LOT_NOT_HELD"]),
        (F1, {"account": "employer"}, ["UNKNOWN_ACCOUNT"]),
        (into(F9="100"), {}, ["UNKNOWN_OPTION"]),
        (into(GAA="50", F1_3="50"), {}, ["TERM_NEEDED", "TERM_NOT_EXPECTED"]),
    ],
)
def test_gen_3_an_election_not_in_good_order(wish: Json, more: dict[str, str], codes: list[str]) -> None:
    book = maturing()
    assert only(book.instruct(electing("e1", WEDNESDAY, **more, **wish))).codes == codes


def test_gen_3_an_election_of_nobody_authorised() -> None:
    book = maturing()
    order = electing("e1", WEDNESDAY, **F1) | {"submitted_by": "nobody"}
    only(book.instruct(order, recorded=at(WEDNESDAY)))
    assert "SUBMITTER_NOT_AUTHORISED" in only(book.outcomes, "rejections").codes


@pytest.mark.parametrize("wish", [{}, {"withdraw": True, "to": shares(F1="100")}])
def test_gen_3_an_election_says_one_thing(wish: Json) -> None:
    assert only(maturing().instruct(electing("e1", WEDNESDAY, **wish))).codes == ["ONE_QUANTITY_NEEDED"]


def test_gen_8_nothing_is_elected_into_what_takes_nothing_at_the_maturity() -> None:
    terms = contract(closes_on=WEDNESDAY)
    book = maturing(terms=terms | {"options": [fund("F1", opens_on=THURSDAY), *terms["options"][1:]]})
    refused = only(book.instruct(electing("e1", WEDNESDAY, **into(GAA_1="50", F1="50"))))
    assert refused.codes == ["OPTION_CLOSED", "OPTION_NOT_OPEN"]
    assert [reason["numbers"]["trade_date"] for reason in refused.message["reasons"]] == [WEDNESDAY, WEDNESDAY]
    only(book.instruct(electing("e2", WEDNESDAY, **into(F2="100"))))
    assert only(close(book, WEDNESDAY)).message["kind"] == "maturity_transfer"


STAYS = contract(at_maturity="stays")


def test_mat_2_a_contract_whose_matured_value_stays_follows_elections_too() -> None:
    book = maturing(terms=STAYS)
    book.instruct(electing("e1", WEDNESDAY, **F1))
    assert only(close(book, WEDNESDAY)).message["kind"] == "maturity_transfer"


def test_mat_3_where_it_stays_and_the_election_cannot_be_followed_it_stays() -> None:
    book = maturing(terms=STAYS)
    book.instruct(electing("e1", WEDNESDAY, **into(GAA_10="100")))
    assert close(book, WEDNESDAY) == []
    assert only(close(book, THURSDAY)).message["kind"] == "matured_value_stays"


def test_mat_6_where_it_stays_an_election_of_the_evening_counts_too() -> None:
    book = maturing(terms=STAYS)
    book.instruct(electing("e1", evening(WEDNESDAY), **F1))
    assert only(close(book, WEDNESDAY)).message["kind"] == "matured_value_stays"
    elected, transferred = close(book, THURSDAY)
    assert (elected.message["kind"], transferred.message["kind"]) == ("maturity_elected", "maturity_transfer")


def test_mat_6_entries_without_a_day_of_receipt_count_by_their_trade_date() -> None:
    """No release before elections wrote that day; what trades on the maturity date was received on it at the latest."""
    book = maturing()
    book.instruct(electing("e1", WEDNESDAY, **F1))
    ledger = Ledger()
    for record in book.log:
        entry = read_entry(record.value or b"")
        if isinstance(entry, RequestEntry):
            entry = entry.model_copy(update={"day_recorded": None, "day_received": None})
        ledger.fold(OutputRecord(record.topic, record.partition, record.key, write_entry(entry), record.headers))
    kinds = [json.loads(record.value or b"")["kind"] for record in ledger.written]
    assert kinds.count("maturity_elected") == 1

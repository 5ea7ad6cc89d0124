"""WDL-5: the maintenance fee of an anniversary, pro rata over all options, without adjustment."""

from datetime import date
from decimal import Decimal

import pytest

from contracts_schema.fees import MaintenanceFee
from services.domain.due import due_date
from services.domain.fees import next_anniversary
from tests.domain.books import Book, Json, business_days, deposit, fund, guaranteed, only, shares, withdrawal
from tests.domain.books_fees import ANNIVERSARY, EVE, charging, close, close_through, year_on
from tests.domain.gaa import LOTS, drawn, gaa_terms, held
from tests.scenarios.story import not_published

D = Decimal


def test_wdl_5_fifty_dollars_pro_rata_over_all_options_on_the_anniversary() -> None:
    """600.00 of F1, 400.00 of a lot: 30.00 and 20.00. The lot's factor would be .9626; a fee bears no adjustment."""
    book = year_on(F1="600.00", old_3="400.00")
    outcome = only(close(book))
    message = outcome.message
    assert (outcome.topic, message["kind"], message["request_id"]) == ("confirmations", "maintenance_fee", None)
    assert (message["account"], message["trade_date"]) == ("pretax", ANNIVERSARY)
    assert outcome.dollars() == {"F1": "-30.00", "GAA": "-20.00"}
    (charge,) = message["charges"]
    assert (charge["what"], charge["amount"], charge["rules"]) == ("maintenance_fee", "50.00", ["WDL-5"])
    assert (message["gross"], message["mva"], message["debits"], message["credits"]) == (
        "50.00",
        None,
        "50.00",
        "50.00",
    )
    assert message["rules"] == ["WDL-5", "MAT-6", "WDL-1", "GEN-7"]
    assert message["details"] == {"anniversary": ANNIVERSARY, "owed_by": "pretax", "fee": "50.00"}
    assert (book.units("F1"), book.lots()[0].units) == (D("57.000000"), D("380.000000"))


def test_wdl_5_the_interest_of_the_year_is_value_too() -> None:
    """400 × 1.02 = 408.00 and 600.00: 50 × 600/1008 = 29.761, 50 × 408/1008 = 20.238; the odd cent is the largest's."""
    book = year_on(F1="600.00", FA2="400.00")
    assert only(close(book)).dollars() == {"F1": "-29.77", "FA2": "-20.23"}


def test_wdl_5_the_terms_may_let_a_fee_bear_the_adjustment() -> None:
    """From Wednesday 5 January x = 731: (1.04/1.06)^(731/365) = .962570. 600 + 400 × .9626 = 985.04 pay; 50/985.04 of
    each is 30.46 and 20.30, and 20.30 × .9626 = 19.54.
    """
    book = year_on(charging(adjusted=True), F1="600.00", old_3="400.00")
    outcome = only(close(book))
    assert outcome.dollars() == {"F1": "-30.46", "GAA": "-20.30"}
    assert drawn(outcome) == {"old_3": ("20.30", "0.9626", "-0.76")}
    message = outcome.message
    assert (message["gross"], message["charges"][0]["amount"]) == ("50.76", "50.00")
    assert (message["debits"], message["credits"]) == ("50.76", "50.76")


def test_wdl_5_without_a_yield_an_adjusted_fee_is_taken_unadjusted() -> None:
    """No yield of the lot's was ever published: a request would be refused, a fee is not."""
    book = Book(charging(adjusted=True))
    offer = {"series": "G", "offering_id": "A", "period_start": "2021-01-04", "period_end": "2021-01-08"}
    term = {"years": 3, "maturity": "2024-01-06", "steps": [{"rate": "0", "through": "2024-01-06"}]}
    book.publish("guaranteed-offerings", {**offer, "terms": [term]})
    book.deposit(deposit("d", "2021-01-04", "1000.00", allocation=shares(GAA_3="100")))
    told = []
    for day in business_days("2021-01-04", ANNIVERSARY):
        book.publish("market-yields", not_published(day))
        told += book.close(day)
    assert told[-1].dollars() == {"GAA": "-50.00"}
    assert told[-1].message["mva"] is None


def test_wdl_5_every_year_again_and_once_a_year() -> None:
    book = year_on(charging(options=(fund("F1"),)), F1="600.00")
    assert only(close(book)).message["charges"][0]["amount"] == "50.00"
    assert close_through(book, "2022-01-05", "2023-01-03") == []
    again = only(close(book, "2023-01-04"))
    assert (again.dollars(), book.units("F1")) == ({"F1": "-50.00"}, D("50.000000"))


def test_wdl_5_an_account_that_holds_less_gives_what_there_is() -> None:
    """31.00 of 50.00; then nothing is held, and nothing is due any more until money comes in."""
    book = year_on(F1="31.00")
    outcome = only(close(book))
    assert (outcome.dollars(), outcome.message["charges"][0]["amount"]) == ({"F1": "-31.00"}, "31.00")
    participant = book.participant()
    assert participant is not None
    assert due_date(participant) is None
    assert close_through(book, "2022-01-05", "2022-01-06") == []
    book.deposit(deposit("again", "2022-01-07", "80.00", allocation=shares(F1="100")))
    close(book, "2022-01-07")
    participant = book.participant()
    assert participant is not None
    assert due_date(participant) == date(2023, 1, 4)


def test_wdl_5_an_account_that_was_emptied_owes_nothing() -> None:
    book = year_on(charging(on_full_withdrawal=False), through="2021-12-30", F1="600.00")
    book.withdraw(withdrawal("w", "2021-12-31", full=True))
    assert only(close(book, "2021-12-31")).message["paid"] == "600.00"
    assert close_through(book, EVE, ANNIVERSARY) == []
    participant = book.participant()
    assert participant is not None
    assert due_date(participant) is None


def test_wdl_5_contracts_without_a_fee_owe_nothing_and_nobody_is_due() -> None:
    book = held(F1="600.00")
    participant = book.participant()
    assert participant is not None
    assert due_date(participant) is None
    assert book.account().fee is None


@pytest.mark.parametrize(
    ("opened", "after", "leap_day", "expected"),
    [
        ("2021-01-04", "2021-01-04", "february_28", "2022-01-04"),
        ("2021-01-04", "2022-01-03", "february_28", "2022-01-04"),
        ("2021-01-04", "2022-01-04", "february_28", "2023-01-04"),
        ("2021-12-31", "2022-01-03", "february_28", "2022-12-31"),
        ("2020-02-29", "2020-02-29", "february_28", "2021-02-28"),
        ("2020-02-29", "2020-02-29", "march_1", "2021-03-01"),
        ("2020-02-29", "2021-02-28", "march_1", "2021-03-01"),
        ("2020-02-29", "2021-02-28", "february_28", "2022-02-28"),
        ("2020-02-29", "2023-12-31", "march_1", "2024-02-29"),
        ("2021-01-06", "2021-01-04", "february_28", "2022-01-06"),
    ],
)
def test_wdl_5_the_next_anniversary(opened: str, after: str, leap_day: str, expected: str) -> None:
    """That of 29 February is on the 28th in other years, or on 1 March where the terms say so."""
    fee = MaintenanceFee.model_validate({"amount": "30.00", "leap_day": leap_day})
    assert next_anniversary(date.fromisoformat(opened), date.fromisoformat(after), fee) == date.fromisoformat(expected)


@pytest.mark.parametrize("fee", [{"amount": "50.01"}, {"amount": "0.00"}, {"roth_percent": "100.01"}])
def test_wdl_5_a_fee_is_at_most_50_dollars(fee: Json) -> None:
    alarm = only(Book().publish("contract-terms", charging(**fee)), "alarms")
    assert alarm.message["code"] == "MALFORMED"


def test_gen_6_a_fee_that_comes_later_is_of_those_who_come_later() -> None:
    """E-FA2 §4(f): the reserve's provisions, a charge on each anniversary among them, change for new participants."""
    book = held(gaa_terms(), through="2021-01-04", F1="600.00")
    book.publish("contract-terms", charging() | {"version": 2, "effective_from": "2021-01-06"})
    close(book, "2021-01-05")
    for person in ("P1", "P2"):
        allocation = shares(F1="100")
        book.deposit(deposit(f"d-{person}", "2021-01-06", "100.00", participant_id=person, allocation=allocation))
    close(book, "2021-01-06")
    first, second = book.participant("P1"), book.participant("P2")
    assert first is not None
    assert second is not None
    assert (due_date(first), due_date(second)) == (None, date(2022, 1, 6))


def test_gen_6_a_fee_cannot_be_given_to_participants_who_have_none() -> None:
    later = charging() | {"version": 2, "applies_to": "new_and_existing"}
    alarm = only(Book(gaa_terms()).publish("contract-terms", later))
    assert (alarm.message["code"], alarm.message["rules"]) == ("NOT_AVAILABLE", ["WDL-5"])
    other = only(Book(charging(per="participant")).publish("contract-terms", later))
    assert (other.message["code"], other.message["rules"]) == ("NOT_AVAILABLE", ["WDL-5"])
    assert Book(charging(amount="30.00")).publish("contract-terms", later) == []


def test_wdl_5_the_endorsement_takes_the_fee_away_from_all() -> None:
    """E-FA2 §7: no charge ($0) on each anniversary, for new and existing accounts."""
    book = year_on(F1="600.00")
    none = gaa_terms() | {"version": 2, "applies_to": "new_and_existing", "effective_from": ANNIVERSARY}
    late = only(book.publish("contract-terms", none))
    assert late.message["code"] == "EFFECTIVE_TOO_LATE"
    book = year_on(through="2021-12-30", F1="600.00")
    assert book.publish("contract-terms", none) == []
    assert close_through(book, "2021-12-31", ANNIVERSARY) == []
    participant = book.participant()
    assert participant is not None
    assert due_date(participant) is None


def test_wdl_5_of_a_classified_option_each_classification_is_one() -> None:
    """Three lots of 300, 300 and 400 in two classifications: 50 × 600/1000 of the short one, from its oldest."""
    book = year_on(charging(options=(guaranteed(classified=True),)), old_3="300.00", new_3="300.00", new_5="400.00")
    outcome = only(close(book))
    assert [(leg["term"], leg["maturity"], leg["dollars"]) for leg in outcome.message["legs"]] == [
        (3, LOTS["old_3"][2], "-30.00"),
        (5, LOTS["new_5"][2], "-20.00"),
    ]

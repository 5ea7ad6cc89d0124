"""FND-4, NTC-5: what a review comes to: the tier reached, the new schedule, the notice to the contract holder."""

import pytest

from tests.domain.books import Book, Json, Outcome, fund_value, only, terms
from tests.domain.books_reviews import TIERS, deposit, notices, review, reviewed, schedule


def begun(*contracts: Json, charge: str = "0.0100") -> Book:
    """The contracts, each charge class of theirs at 1%."""
    book = Book(*contracts, rates=False)
    for contract in contracts:
        assert book.publish("charge-classes", schedule(contract["charge_class"], charge)) == []
    return book


def closed(book: Book, day: str, *classes: str) -> list[Outcome]:
    for charge_class in classes:
        book.publish("fund-values", fund_value("F1", day, charge_class=charge_class))
    return book.close(day)


def through_friday(book: Book, *classes: str) -> list[Outcome]:
    """Close the days from Monday 4 to Friday 8 January 2021, the day of the review."""
    return [each for day in range(4, 9) for each in closed(book, f"2021-01-0{day}", *classes)]


def charges(book: Book, charge_class: str = "A") -> list[tuple[str, str]]:
    """The schedules of a class: from which day, which daily asset charge."""
    versions = book.service._reference._state.charge_schedules[charge_class]
    return [(str(each.effective_from), str(each.daily_asset_charge)) for each in versions]


def test_fnd_4_the_tier_of_the_total_says_the_new_charge_and_ntc_5_tells_it() -> None:
    # 700.00 + 300.00 = 1,000.00, which is in the tier from 1,000.00: 0.80% instead of 1.00%, 30 days after 8 January.
    book = begun(reviewed())
    book.deposit(deposit("d1", "2021-01-04", "700.00"))
    book.deposit(deposit("d2", "2021-01-04", "300.00", person="P2"))
    (notice,) = notices(through_friday(book))
    assert notice["contract_id"] == "C1"
    assert notice["date"] == "2021-01-08"
    assert notice["rules"] == ["FND-4", "NTC-5"]
    assert "DAC §1.18" in notice["clause"]
    assert notice["charge"] == {
        "charge_class": "A",
        "contracts": ["C1"],
        "basis": "total_assets",
        "total": "1000.00",
        "participants": 2,
        "average": "500.00",
        "tier_from": "1000.00",
        "old_charge": "0.0100",
        "new_charge": "0.0080",
        "effective_from": "2021-02-07",
    }
    assert charges(book) == [("2021-01-01", "0.0100"), ("2021-02-07", "0.0080")]


def test_fnd_4_a_cent_less_stays_in_the_tier_below() -> None:
    book = begun(reviewed())
    book.deposit(deposit("d1", "2021-01-04", "999.99"))
    (notice,) = notices(through_friday(book))
    assert (notice["charge"]["tier_from"], notice["charge"]["new_charge"]) == ("0.00", "0.0100")
    assert charges(book) == [("2021-01-01", "0.0100")]


def test_ntc_5_a_charge_that_stays_is_told_without_a_day_and_no_schedule_is_made() -> None:
    book = begun(reviewed(), charge="0.0080")
    book.deposit(deposit("d1", "2021-01-04", "4999.99"))
    (notice,) = notices(through_friday(book))
    told = notice["charge"]
    assert (told["old_charge"], told["new_charge"], told["effective_from"]) == ("0.0080", "0.0080", None)
    assert charges(book) == [("2021-01-01", "0.0080")]


def test_fnd_4_the_average_balance_is_of_those_who_hold_anything() -> None:
    # 9,000.00 of four who hold anything: 2,250.00 on average, in the tier from 1,000.00; the total would reach 0.50%.
    book = begun(reviewed(charge_review=review(basis="average_balance")))
    for number, amount in enumerate(("4000.00", "3000.00", "1999.99", "0.01"), 1):
        book.deposit(deposit("d1", "2021-01-04", amount, person=f"P{number}"))
    book.deposit(deposit("d1", "2021-01-11", "100.00", person="P5"))
    (notice,) = notices(through_friday(book))
    told = notice["charge"]
    assert (told["total"], told["participants"], told["average"]) == ("9000.00", 4, "2250.00")
    assert (told["tier_from"], told["new_charge"]) == ("1000.00", "0.0080")


def test_fnd_4_an_average_is_to_the_cent_half_up() -> None:
    # 100.01 of two: 50.005, to the cent 50.01, from which the second tier begins.
    tiers = [TIERS[0], {"from_amount": "50.01", "daily_asset_charge": "0.0090"}]
    book = begun(reviewed(charge_review=review(basis="average_balance", tiers=tiers)))
    book.deposit(deposit("d1", "2021-01-04", "100.00"))
    book.deposit(deposit("d1", "2021-01-04", "0.01", person="P2"))
    (notice,) = notices(through_friday(book))
    assert (notice["charge"]["average"], notice["charge"]["new_charge"]) == ("50.01", "0.0090")


def test_fnd_4_nobody_holds_anything() -> None:
    book = begun(reviewed(charge_review=review(basis="average_balance")))
    (notice,) = notices(through_friday(book))
    told = notice["charge"]
    assert (told["total"], told["participants"], told["average"], told["tier_from"]) == ("0.00", 0, "0.00", "0.00")


def test_fnd_4_contracts_of_a_holder_and_class_are_added_up() -> None:
    # 600.00 under C1 and 400.00 under C2 reach together what neither does alone; C2 is reviewed in June.
    book = begun(reviewed("C1"), reviewed("C2", charge_review=review(review_on="06-30")))
    book.deposit(deposit("d1", "2021-01-04", "600.00"))
    book.deposit(deposit("d1", "2021-01-04", "400.00", contract_id="C2"))
    (notice,) = notices(through_friday(book, "A-C2"))
    assert notice["charge"]["contracts"] == ["C1", "C2"]
    assert (notice["charge"]["total"], notice["charge"]["participants"]) == ("1000.00", 2)
    assert charges(book) == [("2021-01-01", "0.0100"), ("2021-02-07", "0.0080")]
    assert charges(book, "A-C2") == [("2021-01-01", "0.0100")]


@pytest.mark.parametrize(
    ("terms_of_day", "day"),
    [
        ({"effective_after_days": 1}, "2021-01-12"),  # 9 January, and Monday the 11th are frozen by Friday's close
        ({"effective_after_days": 3}, "2021-01-12"),
        ({"effective_after_days": 4}, "2021-01-12"),
        ({"effective_after_days": 5}, "2021-01-13"),
        ({"effective_on": "02-07"}, "2021-02-07"),
        ({"effective_on": "02-06"}, "2022-02-06"),
        ({"effective_on": "04-01"}, "2021-04-01"),
        ({"effective_on": "01-09", "effective_after_days": 1}, "2021-01-12"),
    ],
)
def test_fnd_4_the_day_from_which_a_new_charge_holds(terms_of_day: Json, day: str) -> None:
    book = begun(reviewed(charge_review=review(**terms_of_day)))
    book.deposit(deposit("d1", "2021-01-04", "1000.00"))
    (notice,) = notices(through_friday(book))
    assert notice["charge"]["effective_from"] == day
    assert charges(book)[1] == (day, "0.0080")


def test_fnd_4_the_rest_of_the_schedule_stays_as_it_was_then() -> None:
    # On 7 February the schedule of 1 February is in force: its additional services stay.
    book = begun(reviewed())
    later = schedule(charge="0.0110", effective_from="2021-02-01", additional_services="0.0010", maximum="0.0125")
    book.publish("charge-classes", later)
    book.deposit(deposit("d1", "2021-01-04", "1000.00"))
    (notice,) = notices(through_friday(book))
    assert (notice["charge"]["old_charge"], notice["charge"]["new_charge"]) == ("0.0110", "0.0080")
    new = book.service._reference._state.charge_schedules["A"][-1]
    assert (str(new.additional_services), str(new.maximum), str(new.effective_from)) == (
        "0.0010",
        "0.0125",
        "2021-02-07",
    )


def test_fnd_4_a_review_comes_again_the_next_year() -> None:
    book = begun(reviewed(charge_review=review(review_on="01-04")))
    book.deposit(deposit("d1", "2021-01-04", "1000.00"))
    assert [notice["date"] for notice in notices(book.close_through("2021-01-04", "2022-01-05"))] == [
        "2021-01-04",
        "2022-01-04",
    ]
    assert list(book.service._reference._state.reviews) == ["2022-01-04|ACME|457"]


def test_fnd_4_a_contract_without_a_review_has_none() -> None:
    book = begun(terms(reviewed()["options"][0]))
    book.deposit(deposit("d1", "2021-01-04", "1000.00"))
    assert notices(through_friday(book)) == []
    assert not [outcome for outcome in book.outcomes if outcome.topic == "contract-totals"]


def test_fnd_4_a_tier_above_the_maximum_of_the_class_is_refused_with_the_terms() -> None:
    # A tier of 1.00% and 0.30% of additional services are 1.30%, and at most 1.25% may be charged.
    book = Book()
    book.publish("charge-classes", schedule(charge="0.0050", additional_services="0.0030", maximum="0.0125"))
    alarm = only(book.publish("contract-terms", reviewed()), "alarms")
    assert (alarm.message["code"], alarm.message["rules"]) == ("CHARGE_ABOVE_MAXIMUM", ["FND-4", "FND-3"])
    assert "0.0130 is above its maximum, 0.0125" in alarm.message["message"]


def test_fnd_4_a_class_without_a_daily_asset_charge_has_none_to_review() -> None:
    book = Book()
    other = {"charge_class": "A", "effective_from": "2021-01-01", "mortality_and_expense": "0.0075"}
    assert book.publish("charge-classes", {**other, "administrative": "0.0025"}) == []
    alarm = only(book.publish("contract-terms", reviewed()), "alarms")
    assert (alarm.message["code"], alarm.message["rules"]) == ("CONFLICTING_VALUE", ["FND-4"])


def test_fnd_4_tiers_within_the_maximum_of_the_class_are_taken() -> None:
    book = Book()
    book.publish("charge-classes", schedule(charge="0.0050", maximum="0.0100"))
    assert book.publish("contract-terms", reviewed()) == []
    assert book.publish("contract-terms", terms(reviewed()["options"][0], contract_id="C2", charge_class="A")) == []

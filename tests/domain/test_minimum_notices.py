"""NTC-4, FIX-5: the holder is told the one-year minimum of Fixed Account 2 before the calendar year begins."""

from tests.domain.books import Book, Json, declared, fixed_account_2, fund, one_year_minimum, only, terms
from tests.domain.books_closing import ordered, policy, release
from tests.domain.books_reviews import notices

FA2 = terms(fund("F1"), fixed_account_2())


def running(*contracts: Json) -> Book:
    """Contract C1 with Fixed Account 2 at 2%, of which the minimum of 2021 is 1%; Monday 4 January 2021 is closed."""
    book = Book(*(contracts or (FA2,)), rates=False)
    for contract in contracts or (FA2,):
        book.publish("credited-rates", declared("0.02", contract_id=contract["contract_id"]))
        book.publish("credited-rates", one_year_minimum("0.0100", contract_id=contract["contract_id"]))
    book.close("2021-01-04")
    return book


def test_ntc_4_the_minimum_of_the_coming_year_is_told_when_it_is_accepted() -> None:
    # Tuesday 5 January is frozen: the declared rate of that day is told beside the minimum of 2022.
    book = running()
    told = only(book.publish("credited-rates", one_year_minimum("0.0125", 2022)), "contract-notices")
    assert told.key == "C1"
    assert told.message == {
        "version": 1,
        "kind": "one_year_minimum",
        "notice_id": told.message["notice_id"],
        "contract_id": "C1",
        "date": "2021-01-04",
        "rules": ["FIX-5", "NTC-4"],
        "clause": told.message["clause"],
        "charge": None,
        "minimum": {
            "option": "FA2",
            "year": 2022,
            "rate": "0.0125",
            "contract_minimum": "0.01",
            "declared": "0.02",
        },
    }
    assert "NTC-4: E-FA2 §6(d)(2)" in told.message["clause"]


def test_ntc_4_the_minimum_of_the_year_that_runs_is_not_of_a_coming_one() -> None:
    book = Book(FA2, rates=False)
    assert book.publish("credited-rates", one_year_minimum("0.0100", 2021)) == []
    assert len(notices(book.publish("credited-rates", one_year_minimum("0.0100", 2022)))) == 1


def test_ntc_4_the_same_minimum_again_is_not_told_again_and_another_one_is() -> None:
    book = running()
    first = notices(book.publish("credited-rates", one_year_minimum("0.0125", 2022)))
    assert book.publish("credited-rates", one_year_minimum("0.0125", 2022)) == []
    second = notices(book.publish("credited-rates", one_year_minimum("0.0150", 2022)))
    third = notices(book.publish("credited-rates", one_year_minimum("0.0125", 2022)))
    told = [*first, *second, *third]
    assert [notice["minimum"]["rate"] for notice in told] == ["0.0125", "0.0150", "0.0125"]
    assert len({notice["notice_id"] for notice in told}) == 3


def test_ntc_4_a_minimum_that_is_refused_is_not_told() -> None:
    # Below the contract's 1%; and for 2021 when Friday the 31st is closed and Monday 3 January 2022 frozen.
    book = running()
    assert notices(book.publish("credited-rates", one_year_minimum("0.0099", 2022))) == []
    assert len(notices(book.publish("credited-rates", one_year_minimum("0.0110", 2022)))) == 1
    book.close_through("2021-01-05", "2021-12-31")
    assert notices(book.publish("credited-rates", one_year_minimum("0.0120", 2022))) == []
    assert len(notices(book.publish("credited-rates", one_year_minimum("0.0120", 2023)))) == 1


def test_ntc_4_on_the_last_day_of_the_year_it_is_still_in_advance() -> None:
    # Thursday 30 December is closed, Friday 31 December frozen: 2022 begins the day after.
    book = running()
    book.publish("credited-rates", one_year_minimum("0.0110", 2022))
    book.close_through("2021-01-05", "2021-12-30")
    (told,) = notices(book.publish("credited-rates", one_year_minimum("0.0120", 2022)))
    assert (told["date"], told["minimum"]["rate"]) == ("2021-12-30", "0.0120")


def test_ntc_4_a_minimum_that_came_before_the_terms_is_told_with_them() -> None:
    book = running()
    later = terms(fund("F1"), fixed_account_2(), contract_id="C2", charge_class="A", effective_from="2021-03-01")
    assert book.publish("credited-rates", one_year_minimum("0.0130", 2022, contract_id="C2")) == []
    (told,) = notices(book.publish("contract-terms", later))
    assert (told["contract_id"], told["minimum"]["year"], told["minimum"]["rate"]) == ("C2", 2022, "0.0130")
    assert told["minimum"]["declared"] is None
    assert notices(book.publish("contract-terms", {**later, "version": 2, "effective_from": "2021-04-01"})) == []


def test_ntc_4_each_contract_is_told_its_own() -> None:
    book = running(FA2, terms(fund("F1"), fixed_account_2(contract_minimum="0.02"), contract_id="C2"))
    assert notices(book.publish("credited-rates", one_year_minimum("0.0150", 2022, contract_id="C2"))) == []
    (told,) = notices(book.publish("credited-rates", one_year_minimum("0.0250", 2022, contract_id="C2")))
    assert (told["contract_id"], told["minimum"]["contract_minimum"]) == ("C2", "0.02")


def test_ntc_4_a_minimum_that_is_held_is_told_when_it_is_released() -> None:
    book = running()
    assert ordered(book, policy("2021-01-05", one_year_minimums=[{"highest": "0.03"}])) == []
    for rate in ("0.5", "0.04"):
        held = book.publish("credited-rates", one_year_minimum(rate, 2022))
        assert [outcome.message["code"] for outcome in held] == ["HELD_FOR_RELEASE"]
    assert ordered(book, release("declared_rate|C1|FA2|2022", "0.04"))[0].topic == "alarms"
    told = only(ordered(book, release("one_year_minimum|C1|FA2|2022", "0.04")), "contract-notices")
    assert told.message["minimum"]["rate"] == "0.04"
    assert ordered(book, release("one_year_minimum|C1|FA2|2022", "0.04")) == []

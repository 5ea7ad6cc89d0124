"""NTC-1: as of which close the annual notice is, for every statement date, and who is reached by its terms."""

from datetime import date

import pytest

from contracts_schema.statement_date import StatementDate
from contracts_schema.terms import ContractTerms
from services.domain.statement_dates import Close, StatementClose, statement_at
from tests.domain.books import Book, Json, fixed_account_2, fund, only
from tests.domain.books_statements import holding, put, stating, told


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("month_day", "expected"),
    [
        ("01-15", ("2021-01-15", "2021-01-15")),  # a Friday
        ("01-16", ("2021-01-16", "2021-01-15")),
        ("01-17", ("2021-01-17", "2021-01-15")),
        ("01-18", ("2021-01-18", "2021-01-15")),  # Martin Luther King's day: closed
        ("01-19", ("2021-01-19", "2021-01-19")),
        ("01-20", ("2021-01-20", "2021-01-20")),
    ],
)
def test_ntc_1_values_are_as_of_the_last_business_day_on_or_before(month_day: str, expected: tuple[str, str]) -> None:
    outcomes = holding(stating(month_day)).close_through("2021-01-04", "2021-01-21")
    assert told(outcomes) == [("P1", *expected, "600.00")]
    (notice,) = (outcome.message for outcome in outcomes if outcome.topic == "notices")
    assert (notice["date"], notice["decided_at"]) == (expected[0], f"{expected[1]}T16:00:00-05:00")


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (60, ("2021-01-18", "2021-01-15")),
        (3, ("2021-01-18", "2021-01-15")),
        (2, ("2021-01-18", "2021-01-19")),
        (0, ("2021-01-18", "2021-01-19")),
    ],
)
def test_ntc_1_values_no_older_than_the_terms_want(most: int, expected: tuple[str, str]) -> None:
    """Friday is three days before Monday the 18th. The notice is never dated before its values."""
    outcomes = holding(stating("01-18", values_at_most_days=most)).close_through("2021-01-04", "2021-01-21")
    assert told(outcomes) == [("P1", *expected, "600.00")]
    (notice,) = (outcome.message for outcome in outcomes if outcome.topic == "notices")
    assert notice["date"] == max(expected)


def test_ntc_1_every_year_and_once_a_year() -> None:
    """31 December is a Friday in 2021, a Saturday in 2022, a Sunday in 2023: as of Friday the 29th."""
    book = holding(stating("12-31", fund("F1")))
    assert told(book.close_through("2021-01-04", "2024-01-05")) == [
        ("P1", "2021-12-31", "2021-12-31", "600.00"),
        ("P1", "2022-12-31", "2022-12-30", "600.00"),
        ("P1", "2023-12-31", "2023-12-29", "600.00"),
    ]


@pytest.mark.parametrize(
    ("month_day", "leap_day", "year", "expected"),
    [
        ("02-29", "february_28", 2021, "2021-02-28"),
        ("02-29", "march_1", 2021, "2021-03-01"),
        ("02-29", "february_28", 2024, "2024-02-29"),
        ("02-29", "march_1", 2024, "2024-02-29"),
        ("02-28", "march_1", 2021, "2021-02-28"),
        ("12-31", "february_28", 2021, "2021-12-31"),
    ],
)
def test_ntc_1_the_statement_date_of_a_year(month_day: str, leap_day: str, year: int, expected: str) -> None:
    named = StatementDate.model_validate({"month_day": month_day, "leap_day": leap_day})
    assert named.of_year(year) == day(expected)


@pytest.mark.parametrize(
    "named",
    [
        {"month_day": "02-30"},
        {"month_day": "13-01"},
        {"month_day": "2021-12-31"},
        {"month_day": 1231},
        {"month_day": "12-31", "values_at_most_days": 61},
        {"month_day": "12-31", "leap_day": "none"},
    ],
)
def test_ntc_1_terms_that_name_no_day_of_the_year_are_refused(named: Json) -> None:
    """Nor more than 60 days before."""
    alarm = only(Book().publish("contract-terms", stating() | {"statement_date": named}), "alarms")
    assert alarm.message["code"] == "MALFORMED"


def version(number: int, since: str, month_day: str | None, **more: object) -> Json:
    """A later version with another statement date, or none."""
    named = None if month_day is None else {"month_day": month_day}
    return stating() | {"version": number, "effective_from": since, "statement_date": named, **more}


def test_gen_6_a_later_version_reaches_everybody_whoever_it_is_for() -> None:
    """Nobody does anything after 4 January; the version is for new participants, but that does not protect from being
    told (E-FA2 §4 lists what is).
    """
    book = holding(version(1, "2021-01-01", None))
    put(book, "2021-01-04", "P2", "70.00")
    book.close_through("2021-01-04", "2021-01-08")
    assert book.publish("contract-terms", version(2, "2021-01-14", "01-14")) == []
    assert told(book.close_through("2021-01-11", "2021-01-19")) == [
        ("P1", "2021-01-14", "2021-01-14", "600.00"),
        ("P2", "2021-01-14", "2021-01-14", "70.00"),
    ]


def test_gen_6_a_version_does_not_reach_back() -> None:
    """In force from Saturday the 16th: the 15th is no statement date yet, the 16th is, as of the 15th."""
    for month_day, expected in (("01-15", []), ("01-16", [("P1", "2021-01-16", "2021-01-15", "600.00")])):
        book = holding(version(1, "2021-01-01", None))
        book.close_through("2021-01-04", "2021-01-13")
        assert book.publish("contract-terms", version(2, "2021-01-16", month_day)) == []
        assert told(book.close_through("2021-01-14", "2021-01-22")) == expected


def test_gen_6_a_contract_that_stops_naming_a_date_stops_telling() -> None:
    book = holding(stating())
    book.close_through("2021-01-04", "2021-01-08")
    assert book.publish("contract-terms", version(2, "2021-01-15", None)) == []
    assert told(book.close_through("2021-01-11", "2021-01-19")) == []


def test_ntc_1_another_date_leaves_no_year_without_a_notice() -> None:
    """From 1 February: told on 15 January, next on 30 June. Not from 5 January on 4 January, which has been."""
    book = holding(stating())
    book.close_through("2021-01-04", "2021-01-05")
    alarm = only(book.publish("contract-terms", version(2, "2021-01-12", "01-11")))
    assert (alarm.message["code"], alarm.message["rules"]) == ("NOT_AVAILABLE", ["NTC-1"])
    assert "2021 would have no annual notice" in alarm.message["message"]
    assert book.publish("contract-terms", version(2, "2021-01-12", "01-12")) == []
    assert book.publish("contract-terms", version(3, "2021-02-01", "06-30")) == []
    assert told(book.close_through("2021-01-06", "2021-07-01")) == [
        ("P1", "2021-01-12", "2021-01-12", "600.00"),
        ("P1", "2021-06-30", "2021-06-30", "600.00"),
    ]


def test_contracts_without_a_statement_date_have_no_notices() -> None:
    book = holding(version(1, "2021-01-01", None))
    assert told(book.close_through("2021-01-04", "2022-01-18")) == []
    participant = book.participant()
    assert participant is not None
    assert participant.stated is None


def terms_of(*versions: Json) -> list[ContractTerms]:
    return [ContractTerms.model_validate(each) for each in versions]


ON_MONDAY = stating("01-18", fixed_account_2())
FRIDAY = Close(day("2021-01-15"), day("2021-01-18"))
"""The exchange meant to open on Monday."""


def test_ntc_1_an_exchange_that_did_not_open_as_announced() -> None:
    """Then the notice is as of Tuesday, for on Friday nobody knew: 18 January, told as of the 19th."""
    tuesday = Close(day("2021-01-19"), day("2021-01-20"))
    versions = terms_of(ON_MONDAY)
    assert statement_at(versions, FRIDAY, None) is None
    assert statement_at(versions, tuesday, FRIDAY) == StatementClose(day("2021-01-19"), day("2021-01-18"))


def test_ntc_1_what_comes_before_the_first_close_is_told_to_nobody() -> None:
    assert statement_at(terms_of(stating("01-14")), FRIDAY, None) is None
    assert statement_at(terms_of(stating("01-15")), FRIDAY, None) == StatementClose(FRIDAY.day, FRIDAY.day)
    assert statement_at(terms_of(stating("01-15", effective_from="2021-01-16")), FRIDAY, None) is None


def test_ntc_1_two_versions_dates_at_one_close_are_one_notice_of_the_later() -> None:
    """15 January by the one, Saturday the 16th by the other from that day on."""
    versions = terms_of(stating(), version(2, "2021-01-16", "01-16"))
    assert statement_at(versions, FRIDAY, None) == StatementClose(FRIDAY.day, day("2021-01-16"))

"""MAT-3, MAT-5, MAT-6, MVA-8: a term that matures when nothing is on offer: its value stays, with a notice."""

from decimal import Decimal

import pytest

from tests.domain.books import (
    Book,
    Json,
    Outcome,
    at,
    business_days,
    guaranteed,
    offering,
    only,
    opening,
    shares,
    withdrawal,
)
from tests.domain.gaa import flat, gaa_terms, leg, put, still, transferred

SATURDAY, MONDAY = "2021-05-08", "2021-05-10"
FROM_ONE_YEAR: Json = {"from": [leg("GAA", 1)]}


def maturing(
    maturity: str = SATURDAY, rate: str = "0.05", amount: str = "1000.00", later: str | None = None, **terms: object
) -> Book:
    """P1 deposits on 5 January 2021 into a term that matures in May, on the 12th into one that does later, if any.

    The minimum is 1%; every day through Friday 7 May is closed, at yields of 4% in January and 6% from then on.
    """
    options = (*gaa_terms()["options"][:4], guaranteed(minimum_rate="0" if rate == "0" else "0.01"))
    book = Book(gaa_terms(options=options, **terms))
    book.publish("guaranteed-offerings", offering("JAN", "2021-01-04", "2021-01-08", still(1, maturity, rate)))
    if later is not None:
        book.publish("guaranteed-offerings", offering("JAN-2", "2021-01-11", "2021-01-15", still(1, later, rate)))
    book.instruct(opening("open", "2021-01-04"))
    deposits = ["2021-01-05", *(["2021-01-12"] if later is not None else [])]
    for day in business_days("2021-01-04", "2021-05-07"):
        if day in deposits:
            put(book, f"put-{day}", day, amount, option="GAA", term=1, percent="100")
        book.close(day, flat("4" if day < "2021-02-01" else "6"))
    return book


def notices(outcomes: list[Outcome]) -> list[Json]:
    return [outcome.message for outcome in outcomes if outcome.topic == "notices"]


def test_mat_5_a_term_that_ends_on_a_saturday_is_processed_on_monday_at_saturdays_value() -> None:
    """123 days at 5%: 1,000 × 1.05^(123/365) = 1,016.58 on Saturday, whatever Monday brings."""
    book = maturing()
    assert not book.lots()[0].matured
    outcome = only(book.close(MONDAY, flat("6")))
    notice = outcome.message
    assert (outcome.topic, notice["kind"], notice["date"], notice["account"]) == (
        "notices",
        "matured_value_stays",
        SATURDAY,
        "pretax",
    )
    assert notice["rules"] == ["MAT-3", "MAT-5", "MAT-6"]
    assert notice["details"] == {
        "lot": "GAA-1",
        "option": "GAA",
        "term": "1",
        "deposited": "2021-01-05",
        "value_at_maturity": "1016.58",
        "rate_from_maturity": "0.01",
    }
    assert notice["decided_at"] == "2021-05-10T16:00:00-04:00"
    assert book.lots()[0].matured


def test_mat_3_the_value_stays_and_earns_the_minimum() -> None:
    """Two days at 1% to Monday: 1,016.577524 × 1.01^(2/365) = 1,016.632952; no adjustment any more (MVA-8)."""
    book = maturing()
    book.withdraw(withdrawal("w", at(MONDAY), full=True))
    outcome = only(book.close(MONDAY, flat("9")), "confirmations").message
    (line,) = outcome["mva"]["lines"]
    assert (outcome["paid"], line["rule"], line["factor"], line["taken"], line["adjustment"]) == (
        "1016.63",
        "MVA-8",
        "1.0000",
        "1016.63",
        "0.00",
    )
    assert outcome["legs"][0]["index"] == "1.016632951892"


def test_mat_6_requests_of_the_day_come_before_notices() -> None:
    """What is taken on Monday is not said to stay; of what is left the notice says what it was at maturity."""
    book = maturing()
    book.withdraw(withdrawal("w", at(MONDAY), full=True))
    assert notices(book.close(MONDAY, flat("6"))) == []
    book = maturing()
    book.withdraw(withdrawal("w", at(MONDAY), amount="508.32"))
    confirmed, notice = book.close(MONDAY, flat("6"))
    assert (confirmed.topic, confirmed.message["sequence"], notice.message["sequence"]) == ("confirmations", 4, 5)
    assert notice.message["details"]["value_at_maturity"] == "508.29"  # (1000 - 508.32/1.016632951892) units


def test_mat_6_a_notice_is_sent_once() -> None:
    book = maturing()
    assert len(notices(book.close(MONDAY, flat("6")))) == 1
    assert notices(book.close_through("2021-05-11", "2021-05-28", flat("6"))) == []


@pytest.mark.parametrize(
    ("maturity", "days", "rule", "factor"),
    [
        ("2021-05-10", None, "MVA-8", "1.0000"),  # matures on the trade date itself
        ("2021-05-11", 0, "MVA-2", "1.0000"),  # Tuesday, before the Wednesday that x counts from
        ("2021-05-12", 0, "MVA-2", "1.0000"),
        ("2021-05-13", 1, "MVA-2", "0.9999"),  # (1.04/1.06)^(1/365) = 0.999948
        ("2021-05-16", 4, "MVA-2", "0.9998"),  # Sunday: (1.04/1.06)^(4/365) = 0.999791
    ],
)
def test_mva_3_a_term_that_matures_in_the_week_of_withdrawal(
    maturity: str, days: int | None, rule: str, factor: str
) -> None:
    book = maturing(maturity, rate="0")
    book.withdraw(withdrawal("w", at(MONDAY), amount="100.00"))
    outcome = only(book.close(MONDAY, flat("6")), "confirmations")
    (line,) = outcome.message["mva"]["lines"]
    assert (line["days"], line["rule"], line["factor"]) == (days, rule, factor)


def test_gaa_5_a_matured_term_may_go_into_a_new_one_of_the_same_length() -> None:
    """While it runs, from one year into one year is barred; matured, its value may be put to work again."""
    book = maturing(maturity="2021-05-12", rate="0")
    book.publish("guaranteed-offerings", offering("MAY", "2021-05-11", "2021-05-14", still(1, "2022-05-31")))
    to = shares(GAA_1="100")
    book.close(MONDAY, flat("6"))
    assert transferred(book, [leg("GAA", 1, all=True)], to, day="2021-05-11").codes == ["SAME_TERM"]
    outcome = transferred(book, [leg("GAA", 1, all=True)], to, day="2021-05-12")
    assert outcome.message["gross"] == "1000.00"
    (new,) = book.lots()
    assert (new.offering, new.matured, new.units) == ("MAY", False, Decimal("1000.000000"))


def test_wdl_2_matured_lots_are_drawn_after_those_that_still_run() -> None:
    """Gross 1,100 of two one-year terms: the newer, at (1.04/1.06)^(233/365) = 0.987913, goes first and whole."""
    book = maturing(maturity=MONDAY, rate="0", later="2021-12-31")
    book.withdraw(withdrawal("w", at(MONDAY), amount="1100.00", amount_type="gross", **FROM_ONE_YEAR))
    confirmed = only(book.close(MONDAY, flat("6")))
    lines = [(line["lot"], line["taken"], line["factor"]) for line in confirmed.message["mva"]["lines"]]
    assert lines == [("GAA-2", "1000.00", "0.9879"), ("GAA-1", "100.00", "1.0000")]
    assert {"MVA-2", "MVA-8"} <= set(confirmed.message["rules"])
    assert confirmed.message["mva"]["applied"] is True
    (notice,) = notices(book.close("2021-05-11", flat("6")))  # on the day of maturity an election could still come
    assert notice["details"]["value_at_maturity"] == "900.00"


def test_mat_3_the_index_of_the_notice_has_the_places_of_the_terms() -> None:
    """At six places 1.05^(123/365) is 1.016578: of a million dollars 1,016,578.00, at twelve 1,016,577.52."""
    for scales, told in (({"index": 6}, "1016578.00"), ({}, "1016577.52")):
        book = maturing(amount="1000000.00", scales=scales)
        assert only(book.close(MONDAY, flat("6"))).message["details"]["value_at_maturity"] == told

"""FIX-6: before the close a correction replaces; after it the same is silently nothing and another value is refused."""

import json
from datetime import date

import pytest

from services.domain.close_control import CloseControl
from services.domain.closing import Reference
from services.domain.referencing import close_through, told_late
from services.reference.rows import changed_rows, reference_of
from tests.domain.books import (
    Book,
    business_days,
    declared,
    fixed_account_2,
    fund,
    fund_value,
    guaranteed,
    guaranteed_term,
    offering,
    one_year_minimum,
    only,
    terms,
    yields,
)
from tests.domain.books_closing import (
    CALENDAR,
    Message,
    by_percent,
    closed_through,
    days,
    folded_into,
    ordered,
    policy,
    reference,
    release,
    to_close,
    utc,
)
from tests.domain.books_funds import price, schedule

MONDAY, TUESDAY, WEDNESDAY = "2021-01-04", "2021-01-05", "2021-01-06"
CONTRACT = terms(fund("F1"), fund("F2"), fixed_account_2(contract_minimum="0.01"), guaranteed())
Q1 = offering("G1", "2021-01-01", "2021-03-31", guaranteed_term(3, ("0.02", "2024-03-31")))
POLICY = policy(closes="by_command")
ACCEPTED: dict[str, Message] = {
    "terms": ("contract-terms", CONTRACT),
    "a charge schedule": ("charge-classes", schedule(first_unit_value="10.000000")),
    "a policy": ("closing-orders", POLICY),
    "a declared rate": ("credited-rates", declared("0.02")),
    "a one-year minimum": ("credited-rates", one_year_minimum("0.01")),
    "an offering": ("guaranteed-offerings", Q1),
    "a unit value": ("fund-values", fund_value("F1", MONDAY)),
    "a price": ("fund-prices", price("F2", MONDAY)),
    "yields": ("market-yields", yields(MONDAY, (3, "0.20"))),
    "an order to close": ("closing-orders", to_close(MONDAY)),
}
OTHERWISE: dict[str, Message] = {
    "terms": ("contract-terms", CONTRACT | {"version": 2}),
    "a charge schedule": ("charge-classes", schedule(first_unit_value="11.000000")),
    "a policy": ("closing-orders", policy()),
    "a declared rate": ("credited-rates", declared("0.03")),
    "a one-year minimum": ("credited-rates", one_year_minimum("0.015")),
    "an offering": (
        "guaranteed-offerings",
        Q1 | {"offering_id": "G2", "period_start": "2020-10-01", "period_end": "2020-12-31"},
    ),
    "a unit value": ("fund-values", fund_value("F1", MONDAY, "10.000001")),
    "a price": ("fund-prices", price("F2", MONDAY, "20.01")),
    "yields": ("market-yields", yields(MONDAY, (3, "0.21"))),
}
BOTH = (("fund-values", fund_value("F1", MONDAY)), ("market-yields", yields(MONDAY, (3, "0.20"))))
ORDERS = tuple(("closing-orders", to_close(day)) for day in (MONDAY, WEDNESDAY))


def closed() -> Book:
    """Everything published, and Monday closed by command."""
    book = Book()
    for message in ACCEPTED.values():
        assert [outcome.topic for outcome in book.publish(*message) if outcome.topic == "alarms"] == []
    assert days(book) == [MONDAY]
    return book


@pytest.mark.parametrize("what", ACCEPTED)
def test_fix_6_the_same_again_before_the_close_is_silently_nothing(what: str) -> None:
    book = Book()
    for name, message in ACCEPTED.items():
        if name != "an order to close":
            book.publish(*message)
    if what != "an order to close":
        assert book.publish(*ACCEPTED[what]) == []
    assert days(book) == []
    ordered(book, to_close(MONDAY))
    assert days(book) == [MONDAY]


@pytest.mark.parametrize("what", ACCEPTED)
def test_fix_6_the_same_again_after_the_close_is_silently_nothing(what: str) -> None:
    book = closed()
    assert book.publish(*ACCEPTED[what]) == []
    assert days(book) == [MONDAY]


@pytest.mark.parametrize("what", OTHERWISE)
def test_fix_6_another_after_the_close_is_refused_and_alarmed_and_what_was_closed_stays(what: str) -> None:
    book = closed()
    log = list(book.log)
    alarm = only(book.publish(*OTHERWISE[what]), "alarms").message
    assert alarm["code"] == "EFFECTIVE_TOO_LATE"
    assert json.loads(alarm["refused"]) == OTHERWISE[what][1]
    assert book.log == log
    assert book.publish(*ACCEPTED[what]) == []  # and what was accepted is still known


def test_gen_6_terms_effective_on_a_closed_day_or_on_the_frozen_day_are_refused() -> None:
    book = closed()
    for day in (MONDAY, TUESDAY):
        later = CONTRACT | {"version": 2, "effective_from": day}
        assert only(book.publish("contract-terms", later), "alarms").message["code"] == "EFFECTIVE_TOO_LATE"
    assert book.publish("contract-terms", CONTRACT | {"version": 2, "effective_from": WEDNESDAY}) == []


def test_fix_6_a_correction_back_to_the_first_value_counts_and_the_corrected_one_is_refused_after_the_close() -> None:
    book = Book(terms(fund("F1"), fund("F2")))
    for unit_value in ("10.000000", "12.500000", "10.000000"):
        assert book.publish("fund-values", fund_value("F1", MONDAY, unit_value)) == []
    book.publish("fund-values", fund_value("F2", MONDAY))
    assert '"unit_value":"10.000000"' in (book.log[-1].value or b"").decode()
    again = only(book.publish("fund-values", fund_value("F1", MONDAY, "12.500000")), "alarms").message
    assert again["code"] == "EFFECTIVE_TOO_LATE"


def test_fix_5_a_minimum_corrected_before_its_year_replaces() -> None:
    book = Book(terms(fund("F1"), fixed_account_2()))
    for rate in ("0.03", "0.02"):
        assert [o.topic for o in book.publish("credited-rates", one_year_minimum(rate, 2022))] == ["contract-notices"]
    book.close_through(MONDAY, "2021-12-31")
    assert '"one_year_minimum":"0.02"' in (book.log[-1].value or b"").decode()


def test_fix_6_the_same_again_is_known_of_the_last_ten_closed_days_and_of_an_earlier_one_refused_as_it_may_be() -> None:
    first, second = (("fund-values", fund_value("F1", day)) for day in (MONDAY, TUESDAY))
    state = reference(("contract-terms", terms(fund("F1"))), ("market-yields", yields(MONDAY, (3, "0.2"))))
    known = through(state, MONDAY, "2021-01-15")  # Monday 4 January and the nine business days after it
    assert [folded_into(known, message).alarms for message in (first, second)] == [(), ()]
    later = through(known, "2021-01-19", "2021-01-19")  # the 18th is a holiday
    (alarm,) = folded_into(later, first).alarms
    assert alarm.code == "EFFECTIVE_TOO_LATE"
    assert alarm.message.endswith(
        "(last closed 2021-01-19); only 10 closed days are known, so this may be the same again"
    )
    assert folded_into(later, second).alarms == ()
    (other,) = folded_into(later, ("fund-values", fund_value("F1", TUESDAY, "11"))).alarms
    assert other.message.endswith("which is closed (last closed 2021-01-19)")


def through(state: Reference, first: str, last: str) -> Reference:
    """Every business day from the first to the last closed, with a unit value of 10 dollars."""
    for day in business_days(first, last):
        state = folded_into(state, ("fund-values", fund_value("F1", day))).state
        state = close_through(state, date.fromisoformat(day), CALENDAR).state
    assert str(state.last_closed) == last
    return state


def test_what_was_ordered_and_told_is_kept_in_reference_s_state_and_state_without_it_can_be_read() -> None:
    """GEN-1: a restart tells no late close again, 120 minutes after it or later."""
    bands = policy("2021-01-05", guaranteed_rates=[{"highest": "0.01"}], unit_values=by_percent("20"))
    second = offering("G2", "2021-04-01", "2021-06-30", guaranteed_term(3, ("0.02", "2024-06-30")))
    item = "guaranteed_rate|G|G2|3|2024-06-30"
    state = closed_through(
        MONDAY, ("contract-terms", terms(fund("F1"), guaranteed())), ("closing-orders", bands), *BOTH, *ORDERS,
        ("guaranteed-offerings", second), ("guaranteed-offerings", second | {"offering_id": "G3"}),
        ("closing-orders", release(item, "0.02")),
    )  # fmt: skip
    told = told_late(state, utc("2021-01-05T23:00:00"), CALENDAR).state
    control = told.control
    assert (len(control.policies), len(control.released), len(control.offerings)) == (1, 1, 1)
    assert (control.ordered, control.told_late) == ((date(2021, 1, 6),), date(2021, 1, 5))
    rows = {key: row for key, row in changed_rows(Reference(), told) if row is not None}
    assert reference_of(rows.items()) == told
    del rows["control"]
    assert reference_of(rows.items()).control == CloseControl()

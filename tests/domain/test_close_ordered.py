"""GEN-1: days close by themselves or by command, as the policy in force on them says; orders that do nothing say so."""

import pytest

from contracts_schema.alarms import AlarmCode
from tests.domain.books import Book, Json, fund, fund_value, only, terms
from tests.domain.books_closing import by_percent, days, ordered, policy, release, to_close

MONDAY, TUESDAY, WEDNESDAY = "2021-01-04", "2021-01-05", "2021-01-06"


def book_of(*orders: Json) -> Book:
    book = Book(terms(fund("F1")))
    for order in orders:
        assert ordered(book, order) == []
    return book


def refused(book: Book, order: Json) -> tuple[str, str]:
    """Code and message of the alarm that an order brings about."""
    found = only(ordered(book, order), "alarms").message
    return found["code"], found["message"]


def test_gen_1_without_a_policy_a_day_closes_by_itself_whatever_its_values() -> None:
    book = book_of()
    book.close(MONDAY)
    book.close(TUESDAY, F1="10000.000000")
    assert days(book) == [MONDAY, TUESDAY]


def test_gen_1_by_command_a_complete_day_waits_for_its_order() -> None:
    book = book_of(policy(closes="by_command"))
    book.close(MONDAY)
    book.close(TUESDAY)
    assert days(book) == []
    assert ordered(book, to_close(TUESDAY)) == []
    assert days(book) == []  # Tuesday may close, but Monday is first
    assert ordered(book, to_close(MONDAY)) == []
    assert days(book) == [MONDAY, TUESDAY]


def test_gen_1_an_order_does_not_close_a_day_that_is_not_complete_or_held() -> None:
    book = book_of(policy(closes="by_command", unit_values=by_percent("20")))
    assert ordered(book, to_close(MONDAY)) == []
    assert days(book) == []
    book.close(MONDAY)
    assert days(book) == [MONDAY]
    ordered(book, to_close(TUESDAY))
    book.close(TUESDAY, F1="12.000001")
    assert days(book) == [MONDAY]
    ordered(book, release(f"unit_value|F1|A|{TUESDAY}", "12.000001"))
    assert days(book) == [MONDAY, TUESDAY]


def test_gen_1_an_order_given_twice_or_for_a_closed_day_is_nothing() -> None:
    book = book_of(policy(closes="by_command"), to_close(TUESDAY), to_close(TUESDAY, by="bob"), to_close(MONDAY))
    book.close(MONDAY)
    assert ordered(book, to_close(MONDAY)) == []
    assert days(book) == [MONDAY]


def test_gen_6_a_policy_is_in_force_from_its_day_until_the_next() -> None:
    book = book_of(policy(TUESDAY, closes="by_command"), policy(WEDNESDAY, unit_values=by_percent("20")))
    book.close(MONDAY)
    book.close(TUESDAY, F1="20.000000")  # no band on Tuesday
    assert days(book) == [MONDAY]
    ordered(book, to_close(TUESDAY))
    assert days(book) == [MONDAY, TUESDAY]
    assert only(book.close(WEDNESDAY, F1="24.000001")).message["code"] == "HELD_FOR_RELEASE"


def test_gen_6_a_policy_for_a_closed_day_comes_too_late_and_the_same_again_is_nothing() -> None:
    first = policy(MONDAY, closes="by_command")
    book = book_of(first, to_close(MONDAY))
    book.close(MONDAY)
    assert refused(book, policy(MONDAY)) == (
        AlarmCode.EFFECTIVE_TOO_LATE,
        "a closing policy is for 2021-01-04, which is closed (last closed 2021-01-04)",
    )
    assert ordered(book, first) == []
    assert ordered(book, policy(TUESDAY)) == []  # frozen, but not closed: how it closes may still change
    book.close(TUESDAY)
    assert days(book) == [MONDAY, TUESDAY]


def test_gen_6_a_policy_for_the_same_day_replaces_and_alarms_what_it_holds() -> None:
    book = book_of(policy(TUESDAY, closes="by_command"))
    book.close(MONDAY)
    book.close(TUESDAY, F1="13.000000")
    told = only(ordered(book, policy(TUESDAY, unit_values=by_percent("20")))).message
    assert (told["code"], told["item"]) == ("HELD_FOR_RELEASE", f"unit_value|F1|A|{TUESDAY}")
    assert ordered(book, policy(TUESDAY, unit_values=by_percent("30"))) == []
    assert days(book) == [MONDAY, TUESDAY]


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (to_close("2021-01-09"), AlarmCode.NOT_A_BUSINESS_DAY),
        (to_close("2023-01-04"), AlarmCode.TOO_FAR_AHEAD),
        (policy("2023-01-04"), AlarmCode.TOO_FAR_AHEAD),
        (release("unit_value|F1|A|2021-01-05", "10"), AlarmCode.NOTHING_HELD),
        ({"kind": "close", "date": TUESDAY}, AlarmCode.MALFORMED),
        ({"kind": "policy", "effective_from": TUESDAY}, AlarmCode.MALFORMED),
        (policy(TUESDAY, closes="never"), AlarmCode.MALFORMED),
        (policy(TUESDAY, late_after_minutes=0), AlarmCode.MALFORMED),
        (policy(TUESDAY, late_after_minutes=10081), AlarmCode.MALFORMED),
        (policy(TUESDAY, unit_values=[{"percent": "0"}]), AlarmCode.MALFORMED),
        (policy(TUESDAY, unit_values=[*by_percent("20"), *by_percent("30")]), AlarmCode.MALFORMED),
        (policy(TUESDAY, declared_rates=[{"option": "FA2"}]), AlarmCode.MALFORMED),
        (policy(TUESDAY, yields=[{"lowest": "2", "highest": "1"}]), AlarmCode.MALFORMED),
        (release("unit_value|F1|A|2021-01-05", "10", reason=""), AlarmCode.MALFORMED),
    ],
)
def test_gen_1_an_order_that_does_nothing_is_refused_with_an_alarm(order: Json, code: AlarmCode) -> None:
    book = book_of()
    book.close(MONDAY)
    assert refused(book, order)[0] == code
    assert book.publish("fund-values", fund_value("F1", TUESDAY)) != []
    assert days(book) == [MONDAY, TUESDAY]

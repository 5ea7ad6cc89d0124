"""GEN-2: a request that waits may be cancelled until its trade date's close, and not by who knows the prices."""

import pytest

from tests.domain.books import Book, allocating, at, cancelling, deposit, only, opening, shares, terms

F1 = shares(F1="100")
DEPOSIT = deposit("d1", at("2021-01-05", "10:00:00"), "100.00")


def waiting() -> Book:
    """P1's deposit d1 waits for Tuesday's close."""
    book = Book(terms())
    book.instruct(opening("o1", "2021-01-04", allocation=F1))
    book.close("2021-01-04")
    book.deposit(DEPOSIT)
    return book


@pytest.mark.parametrize("clock", ["10:00:00", "15:59:59", "16:00:00"])
def test_gen_2_cancelled_in_time(clock: str) -> None:
    book = waiting()
    rejected, confirmed = book.instruct(cancelling("c1", at("2021-01-05", clock), "d1"))
    assert (rejected.topic, rejected.message["request_id"], rejected.codes) == ("rejections", "d1", ["CANCELLED"])
    assert rejected.message["trade_date"] == "2021-01-05"
    assert rejected.message["reasons"][0]["numbers"] == {"cancelled_by": "c1"}
    assert (confirmed.message["kind"], confirmed.message["request_id"]) == ("request_cancelled", "c1")
    assert confirmed.message["details"] == {"cancelled": "d1"}
    assert [outcome.message["sequence"] for outcome in (rejected, confirmed)] == [2, 3]
    assert book.close("2021-01-05") == []
    assert book.account().positions == ()


def test_gen_2_a_cancelled_request_sent_again_is_answered_with_its_rejection() -> None:
    book = waiting()
    rejected, _ = book.instruct(cancelling("c1", at("2021-01-05"), "d1"))
    repeat = only(book.deposit(DEPOSIT))
    assert (repeat.value, repeat.repeated) == (rejected.value, True)


def test_gen_2_too_late_to_cancel_after_the_cutoff_though_the_day_is_not_closed() -> None:
    book = waiting()
    rejected = only(book.instruct(cancelling("c1", at("2021-01-05", "16:00:01"), "d1")), "rejections")
    assert rejected.codes == ["TOO_LATE_TO_CANCEL"]
    numbers = rejected.message["reasons"][0]["numbers"]
    assert numbers == {"trades_on": "2021-01-05", "cancellation_trades_on": "2021-01-06"}
    assert only(book.close("2021-01-05")).message["request_id"] == "d1"


def test_gen_2_too_late_for_an_untrusted_submitter_by_the_brokers_stamp() -> None:
    book = waiting()
    order = cancelling("c1", at("2021-01-05", "15:00:00"), "d1", submitted_by="plain")
    rejected = only(book.instruct(order, at("2021-01-05", "16:00:01")), "rejections")
    assert rejected.codes == ["TOO_LATE_TO_CANCEL"]


@pytest.mark.parametrize("cancels", ["d1", "d9", "c1", "o1"])
def test_gen_2_nothing_there_to_cancel(cancels: str) -> None:
    book = waiting()
    book.close("2021-01-05")  # d1 is decided, o1 was, d9 never came, c1 is the cancellation itself
    before = book.account()
    rejected = only(book.instruct(cancelling("c1", at("2021-01-06"), cancels)), "rejections")
    assert rejected.codes == ["NOTHING_TO_CANCEL"]
    assert rejected.message["reasons"][0]["numbers"] == {"cancels": cancels}
    assert book.account() == before


def test_gen_2_a_participant_cannot_cancel_for_another() -> None:
    book = waiting()
    order = cancelling("c1", at("2021-01-05"), "d1", participant_id="P2")
    assert only(book.instruct(order), "rejections").codes == ["NOTHING_TO_CANCEL"]
    assert only(book.close("2021-01-05")).message["request_id"] == "d1"


def test_gen_3_a_cancellation_needs_a_submitter_of_the_contract() -> None:
    book = waiting()
    order = cancelling("c1", at("2021-01-05"), "d1", submitted_by="stranger")
    assert only(book.instruct(order), "rejections").codes == ["SUBMITTER_NOT_AUTHORISED"]
    nothing = cancelling("c2", at("2021-01-05"), "d9", submitted_by="stranger")
    assert only(book.instruct(nothing), "rejections").codes == ["SUBMITTER_NOT_AUTHORISED", "NOTHING_TO_CANCEL"]
    assert only(book.close("2021-01-05")).message["request_id"] == "d1"


def test_gen_2_what_waits_for_an_unknown_contract_can_be_cancelled() -> None:
    book = Book()
    book.deposit(deposit("d1", "2021-01-05", "1.00"))
    rejected, confirmed = book.instruct(cancelling("c1", "2021-01-05", "d1"))
    assert (rejected.codes, confirmed.message["kind"]) == (["CANCELLED"], "request_cancelled")


def test_gen_2_cancelling_one_leaves_the_others_in_their_order() -> None:
    book = waiting()
    book.instruct(allocating("a1", at("2021-01-05", "11:00:00"), shares(F2="100")))
    book.deposit(deposit("d2", at("2021-01-05", "12:00:00"), "10.00"))
    book.instruct(cancelling("c1", at("2021-01-05", "13:00:00"), "a1"))
    first, second = book.close("2021-01-05")
    assert [outcome.message["request_id"] for outcome in (first, second)] == ["d1", "d2"]
    assert second.dollars() == {"F1": "10.00"}
    # With what waited gone, deposits to fixed options are decided at once again.
    fixed = deposit("d3", at("2021-01-06"), "1.00", allocation=shares(FA2="100"))
    assert only(book.deposit(fixed)).topic == "confirmations"

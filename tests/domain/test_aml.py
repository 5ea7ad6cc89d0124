"""DEP-9 and NTC-7: an order blocks a participant: every request is held, not rejected, until it is lifted."""

from datetime import date

import pytest

from tests.domain.books import (
    Book,
    Json,
    Outcome,
    allocating,
    at,
    cancelling,
    deposit,
    only,
    opening,
    request,
    shares,
    terms,
    transfer,
    withdrawal,
)
from tests.domain.books_orders import closing, hold, release

F1, FA2 = shares(F1="100"), shares(FA2="100")


def opened(**more: object) -> Book:
    """P1 holds 100.00 of F1 at 10; Monday 4 January is closed, Tuesday is frozen."""
    book = Book(terms(**more))
    book.instruct(opening("o1", "2021-01-04", allocation=F1))
    book.deposit(deposit("d1", "2021-01-04", "100.00"))
    book.close("2021-01-04")
    return book


def blocked(**more: object) -> Book:
    """The same, blocked since Tuesday by the order OFAC-1."""
    book = opened(**more)
    book.instruct(hold("h1", at("2021-01-05", "09:00:00")))
    return book


def test_dep_9_ntc_7_an_order_is_confirmed_and_the_owner_told() -> None:
    book = opened()
    confirmed, notice = book.instruct(hold("h1", at("2021-01-05", "09:00:00")))
    assert (confirmed.message["kind"], confirmed.message["rules"]) == ("aml_hold_placed", ["DEP-9"])
    assert confirmed.message["details"] == {"order": "OFAC-1", "requests": "none"}
    assert (confirmed.message["trade_date"], confirmed.message["sequence"]) == ("2021-01-05", 3)
    assert (notice.topic, notice.message["kind"]) == ("notices", "held_by_aml_order")
    assert notice.message["rules"] == ["DEP-9", "NTC-7"]
    assert (notice.message["date"], notice.message["sequence"]) == ("2021-01-05", 4)
    assert notice.message["details"] == {"order": "OFAC-1", "held_since": "2021-01-05", "requests": "none"}


REQUESTS: list[tuple[str, Json]] = [
    ("deposit-requests", deposit("r1", "2021-01-05", "10.00")),
    ("deposit-requests", deposit("r1", "2021-01-05", "10.00", allocation=FA2)),
    ("transfer-requests", transfer("r1", "2021-01-05", [{"option": "F1", "all": True}], FA2)),
    ("withdrawal-requests", withdrawal("r1", "2021-01-05", amount="10.00")),
    ("account-instructions", allocating("r1", "2021-01-05", FA2)),
    ("account-instructions", opening("r1", "2021-01-05", "employer")),
    ("account-instructions", closing("r1", "2021-01-05")),
]
KINDS = ["deposit", "deposit", "transfer", "withdrawal", "allocation_changed", "account_opened", None]


@pytest.mark.parametrize(
    ("topic", "message", "kind"), [(*each, kind) for each, kind in zip(REQUESTS, KINDS, strict=True)]
)
def test_dep_9_every_request_is_held_until_it_is_lifted(topic: str, message: Json, kind: str | None) -> None:
    book = blocked()
    acknowledged, notice = book.publish(topic, message)
    assert acknowledged.topic == "acknowledgements"
    assert acknowledged.message["waits_for"] == "the release of AML order OFAC-1"
    assert acknowledged.message["rules"] == ["GEN-2", "DEP-9"]
    assert notice.message["details"] == {"order": "OFAC-1", "held_since": "2021-01-05", "requests": "r1"}
    assert notice.message["rules"] == ["DEP-9", "NTC-7"]
    assert book.close_through("2021-01-05", "2021-01-07") == []
    confirmed = only(book.instruct(release("x1", "2021-01-08")))
    assert (confirmed.message["kind"], confirmed.message["rules"]) == ("aml_hold_released", ["DEP-9"])
    assert confirmed.message["details"] == {"order": "OFAC-1", "requests": "r1", "trade_from": "2021-01-08"}
    traded = only(book.close("2021-01-08"))
    assert (traded.message["request_id"], traded.message["trade_date"]) == ("r1", "2021-01-08")
    if kind is None:
        assert traded.codes == ["ACCOUNT_NOT_EMPTY"]
    else:
        assert traded.message["kind"] == kind


def test_dep_9_released_requests_trade_at_the_next_close_at_its_prices_and_in_their_order() -> None:
    # Bought at 20 on the 8th, not at the 10 of the days between: 40.00 buys 2 units, 60.00 buys 3.
    book = blocked()
    book.deposit(deposit("r2", at("2021-01-05", "11:00:00"), "60.00"))
    book.deposit(deposit("r1", at("2021-01-06", "11:00:00"), "40.00"))
    book.close_through("2021-01-05", "2021-01-07")
    book.instruct(release("x1", at("2021-01-08", "15:00:00")))
    book.deposit(deposit("r0", at("2021-01-08", "09:00:00"), "20.00"))
    traded = book.close("2021-01-08", F1="20.000000")
    assert [each.message["request_id"] for each in traded] == ["r2", "r1", "r0"]
    assert [each.message["legs"][0]["units"] for each in traded] == ["3.000000", "2.000000", "1.000000"]


def test_dep_9_a_release_after_the_cutoff_trades_at_the_day_after() -> None:
    """Else whoever lifts the order could choose between prices that are known."""
    book = blocked()
    book.deposit(deposit("r1", "2021-01-05", "10.00"))
    book.close("2021-01-05")
    book.instruct(release("x1", at("2021-01-06", "16:00:01")))
    assert book.close("2021-01-06") == []
    assert only(book.close("2021-01-07")).message["trade_date"] == "2021-01-07"


def test_dep_9_a_request_of_a_later_day_keeps_it() -> None:
    book = blocked()
    book.deposit(deposit("r1", at("2021-01-05", "16:00:01"), "10.00"))
    book.instruct(release("x1", at("2021-01-05", "15:00:00")))
    assert book.close("2021-01-05") == []
    assert only(book.close("2021-01-06")).message["request_id"] == "r1"


def test_pitfall_dep_9_what_waits_when_an_order_comes_is_held_too() -> None:
    book = opened()
    book.deposit(deposit("r1", at("2021-01-05", "09:00:00"), "10.00"))
    confirmed, notice = book.instruct(hold("h1", at("2021-01-05", "10:00:00")))
    assert confirmed.message["details"]["requests"] == notice.message["details"]["requests"] == "r1"
    assert book.close("2021-01-05") == []
    books = book.participant()
    assert books is not None
    assert ([each.request_id for each in books.held], books.waiting) == (["r1"], ())
    book.instruct(release("x1", "2021-01-06"))
    assert only(book.close("2021-01-06")).message["request_id"] == "r1"


def test_dep_9_an_order_is_decided_at_once_in_log_order() -> None:
    """Held is whatever is not decided when it comes, though it was received after the cutoff."""
    book = opened()
    book.deposit(deposit("r1", at("2021-01-05", "09:00:00"), "10.00"))
    book.instruct(hold("h1", at("2021-01-05", "16:00:01")))
    assert book.close("2021-01-05") == []


def test_dep_9_several_orders_block_until_the_last_is_lifted() -> None:
    book = blocked()
    _, notice = book.instruct(hold("h2", "2021-01-06", "STATE-7"))
    assert notice.message["details"] == {"order": "OFAC-1, STATE-7", "held_since": "2021-01-05", "requests": "none"}
    book.deposit(deposit("r1", "2021-01-06", "10.00"))
    book.close_through("2021-01-05", "2021-01-06")
    first = only(book.instruct(release("x1", "2021-01-07")))
    assert first.message["details"] == {"order": "OFAC-1", "still_held_by": "STATE-7"}
    assert book.close("2021-01-07") == []
    book.instruct(release("x2", "2021-01-08", "STATE-7"))
    assert only(book.close("2021-01-08")).message["request_id"] == "r1"


def test_dep_9_an_order_is_given_once_and_lifted_once() -> None:
    book = blocked()
    twice = only(book.instruct(hold("h2", "2021-01-06")), "rejections")
    assert twice.codes == ["AML_ORDER_IN_FORCE"]
    assert twice.message["reasons"][0]["numbers"] == {"order": "OFAC-1", "since": "2021-01-05"}
    book.instruct(release("x1", "2021-01-06"))
    again = only(book.instruct(release("x2", "2021-01-06")), "rejections")
    assert again.codes == ["NO_SUCH_AML_ORDER"]
    assert again.message["reasons"][0]["numbers"] == {"order": "OFAC-1"}
    assert [each.message["kind"] for each in book.instruct(hold("h3", "2021-01-06"))] == [
        "aml_hold_placed",
        "held_by_aml_order",
    ]


@pytest.mark.parametrize(
    ("aml", "submitter", "rules"),
    [
        ({}, "acme", None),
        ({}, "stranger", ["GEN-3"]),
        ({"submitters": ["compliance"]}, "acme", ["GEN-3", "DEP-9"]),
        ({"submitters": ["compliance"]}, "compliance", None),
    ],
)
def test_dep_9_who_may_give_and_lift_orders_is_a_contract_term(
    aml: Json, submitter: str, rules: list[str] | None
) -> None:
    book = opened(aml=aml)
    first = book.instruct(hold("h1", "2021-01-05", submitted_by=submitter))[0]
    assert first.topic == ("confirmations" if rules is None else "rejections")
    if rules is not None:
        assert (first.codes, first.message["rules"]) == (["SUBMITTER_NOT_AUTHORISED"], rules)


def test_dep_9_an_order_for_a_contract_that_is_not_known_is_rejected_at_once() -> None:
    rejected = only(opened().instruct(hold("h1", "2021-01-05", contract_id="C9")))
    assert rejected.codes == ["UNKNOWN_CONTRACT"]


def test_dep_9_somebody_without_an_account_can_be_blocked() -> None:
    book = Book(terms())
    book.instruct(hold("h1", "2021-01-04", participant_id="P7"))
    book.instruct(opening("o1", "2021-01-04", participant_id="P7"))
    assert book.close("2021-01-04") == []
    books = book.participant("P7")
    assert books is not None
    assert (books.accounts, [each.since for each in books.aml_orders]) == ((), [date(2021, 1, 4)])
    book.instruct(release("x1", "2021-01-05", participant_id="P7"))
    assert only(book.close("2021-01-05")).message["kind"] == "account_opened"


def test_dep_9_others_are_not_blocked() -> None:
    book = blocked()
    book.deposit(deposit("r1", "2021-01-05", "10.00", participant_id="P2", allocation=F1))
    assert only(book.close("2021-01-05")).key == "C1|P2"


def test_dep_9_what_is_not_in_good_order_is_rejected_all_the_same() -> None:
    assert only(blocked().deposit(deposit("r1", "2021-01-05", "-1"))).codes == ["AMOUNT_NOT_POSITIVE"]


def test_dep_9_a_quote_is_given_and_says_that_requests_are_held() -> None:
    book = blocked()
    book.deposit(deposit("r1", "2021-01-05", "10.00"))
    quote = only(book.withdraw(withdrawal("q1", "2021-01-05", amount="10.00", mode="quote")), "quotes")
    assert (quote.message["of"], quote.message["paid"]) == ("withdrawal", "10.00")
    assert quote.message["notes"] == [
        "not reckoned with: 1 of the participant's requests that wait",
        "requests are held by AML order OFAC-1",
    ]


def test_dep_9_a_held_request_cannot_be_cancelled_until_it_is_released() -> None:
    book = blocked()
    book.deposit(deposit("r1", "2021-01-05", "10.00"))
    rejected = only(book.instruct(cancelling("c1", "2021-01-05", "r1")), "rejections")
    assert rejected.codes == ["HELD_BY_AML_ORDER"]
    assert rejected.message["reasons"][0]["numbers"] == {"order": "OFAC-1"}
    assert only(book.instruct(cancelling("c2", "2021-01-05", "r9"))).codes == ["NOTHING_TO_CANCEL"]
    book.close("2021-01-05")
    book.instruct(release("x1", "2021-01-06"))
    cancelled, confirmed = book.instruct(cancelling("c3", at("2021-01-06", "16:00:00"), "r1"))
    assert (cancelled.codes, confirmed.message["kind"]) == (["CANCELLED"], "request_cancelled")
    assert book.close("2021-01-06") == []


def told(outcome: Outcome) -> tuple[str, bool]:
    return outcome.topic, outcome.repeated


def test_dep_9_a_repeat_of_a_held_request_gets_its_acknowledgement_again() -> None:
    book = blocked()
    message = deposit("r1", "2021-01-05", "10.00")
    first = book.deposit(message)[0]
    again = only(book.deposit(message))
    assert (again.value, told(again)) == (first.value, ("acknowledgements", True))
    assert only(book.deposit(deposit("r1", "2021-01-05", "11.00"))).codes == ["DUPLICATE_REQUEST_ID"]


def test_dep_9_no_more_is_held_than_the_broker_takes() -> None:
    # As of what waits: 512 KiB, eight requests of about 60 KiB. One waited before the order came.
    book = opened()
    big = [deposit(f"r{n}", "2021-01-05", "1.00", ignored=["x" * 1_000] * 60) for n in range(9)]
    book.deposit(big[0])
    book.instruct(hold("h1", "2021-01-05"))
    answers = [book.deposit(message)[0] for message in big[1:]]
    assert [answer.topic for answer in answers] == ["acknowledgements"] * 7 + ["rejections"]
    assert answers[-1].codes == ["TOO_MANY_WAITING"]
    assert answers[-1].message["reasons"][0]["numbers"]["waiting"] == "8"


def test_dep_9_a_hold_and_its_release_between_two_closes_change_nothing() -> None:
    book = opened()
    book.deposit(deposit("r1", at("2021-01-05", "09:00:00"), "10.00"))
    book.instruct(hold("h1", at("2021-01-05", "10:00:00")))
    book.instruct(release("x1", at("2021-01-05", "11:00:00")))
    assert only(book.close("2021-01-05")).message["trade_date"] == "2021-01-05"
    fixed = deposit("r2", "2021-01-06", "1.00", allocation=FA2)
    assert only(book.deposit(fixed)).topic == "confirmations"  # at once, as before


def test_gen_3_an_order_has_a_name() -> None:
    message = request("h1", "2021-01-05", instruction={"kind": "aml_hold"})
    assert only(opened().instruct(message)).codes == ["MISSING_FIELD"]

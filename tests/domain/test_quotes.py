"""Quotes: what a request would do now, at the last close; nothing changes or is counted (GEN-2).

The lots of `gaa.held`: in the week of Wednesday 28 April 2021 old_2 is at .9528, old_3 at .9500, mid_5 at 1.1000;
prices are 10. The last closed day is Tuesday the 27th.
"""

from typing import Any

import pytest

from contracts_schema.entries import RequestEntry
from services.domain.quoting import is_quote
from tests.domain.books import Book, Json, Outcome, deposit, only, request, shares, terms, transfer, withdrawal
from tests.domain.gaa import TRADE, drawn, flat, gaa_terms, held, leg

TO_F1 = shares(F1="100")
QUOTE = {"mode": "quote"}


def quoted(outcomes: list[Outcome]) -> Json:
    """The one quote that there must be, answered at once."""
    outcome = only(outcomes)
    assert outcome.topic == "quotes", outcome.message
    return outcome.message


def codes(message: Json) -> list[str]:
    return [reason["code"] for reason in message["reasons"]]


def of_a_transfer(request_id: str = "q", amount: str = "2000.00", **more: object) -> Json:
    return transfer(request_id, TRADE, [leg("GAA", 2, amount=amount)], TO_F1, **more)


def test_a_transfer_of_two_thousand_dollars_line_by_line() -> None:
    """At .9528 it would take 2,099.08: 2,099.08 × .9528 = 2,000.003 -> 2,000.00 (TRF-6)."""
    book = held(old_2="5000.00")
    outcome = only(book.transfer(of_a_transfer(**QUOTE)))
    message = outcome.message
    assert (outcome.topic, message["kind"], message["of"]) == ("quotes", "quote", "transfer")
    assert (message["outcome_id"], message["topic"]) == ("C1|P1|q|quote", "transfer-requests")
    assert (message["as_of_close"], message["quoted_at"]) == ("2021-04-27", "2021-04-28T15:00:00Z")
    assert (message["gross"], message["mva"]["aggregate"], message["free_transfers_left"]) == ("2099.08", "-99.08", 11)
    assert outcome.dollars() == {"GAA": "-2099.08", "F1": "2000.00"}
    assert [line["factor"] for line in message["mva"]["lines"]] == ["0.9528"]
    assert {"TRF-1", "TRF-6", "MVA-2", "MVA-6"} <= set(message["rules"])
    assert (message["reasons"], message["notes"]) == ([], [])
    assert dict(outcome.headers)["ce_type"] == b"annuity-ledger.quote"


REQUESTS: list[Any] = [
    pytest.param("transfer", {"from": [leg("GAA", percent="50")], "to": TO_F1}, id="a transfer"),
    pytest.param("withdraw", {"reason": "in_service", "amount": "1234.56"}, id="net"),
    pytest.param("withdraw", {"reason": "in_service", "full": True}, id="full"),
    pytest.param("deposit", {"amount": "10.00", "source": "employer", "allocation": shares(F2="100")}, id="a deposit"),
    pytest.param("withdraw", {"reason": "in_service", "amount": "9999.00"}, id="more than there is"),
]


@pytest.mark.parametrize(("how", "what"), REQUESTS)
def test_nothing_changes_and_what_is_executed_in_the_same_week_at_the_same_values_is_what_was_quoted(
    how: str, what: Json
) -> None:
    book = held(F1="1000.00", old_2="1000.00", mid_5="1000.00")
    before = book.participant()
    figures = quoted(getattr(book, how)(request("q", TRADE, account="pretax", **what, **QUOTE)))
    assert book.participant() == before
    getattr(book, how)(request("x", TRADE, account="pretax", **what))
    outcome = only(book.close(TRADE, flat("6")))
    assert before is not None
    assert outcome.message["sequence"] == before.sequence + 1, "a quote is not counted"
    same = ("gross", "paid", "received", "debits", "credits", "charges", "free_transfers_left", "rules")
    if outcome.topic == "rejections":
        assert (codes(figures), figures["of"]) == (outcome.codes, None)
        assert figures["reasons"][0]["numbers"] == outcome.message["reasons"][0]["numbers"]
        return
    assert {name: figures[name] for name in same} == {name: outcome.message[name] for name in same}
    assert [leg["dollars"] for leg in figures["legs"]] == [leg["dollars"] for leg in outcome.message["legs"]]
    if figures["mva"] is not None:
        assert figures["mva"]["lines"] == outcome.message["mva"]["lines"]


def test_a_withdrawal_line_by_line() -> None:
    """Gross 300 pro rata of three terms of 1,000: 95.28 + 95.00 + 110.00 = 300.28."""
    book = held(old_2="1000.00", old_3="1000.00", mid_5="1000.00")
    outcome = only(book.withdraw(withdrawal("q", TRADE, amount="300.00", amount_type="gross", **QUOTE)))
    message = outcome.message
    assert (message["of"], message["gross"], message["paid"]) == ("withdrawal", "300.00", "300.28")
    assert drawn(Outcome("confirmations", "", b"", (), message)) == {
        "old_2": ("100.00", "0.9528", "-4.72"),
        "old_3": ("100.00", "0.9500", "-5.00"),
        "mid_5": ("100.00", "1.1000", "10.00"),
    }


def test_why_a_request_would_be_rejected_and_from_when_not() -> None:
    """On 20 April the terms of the third week are barred until 23 April (22 January + 91 days, GAA-4)."""
    book = held(through="2021-04-19", new_5="1000.00")
    message = quoted(book.transfer(transfer("q", "2021-04-20", [leg("GAA", 5, all=True)], TO_F1, **QUOTE)))
    assert (message["of"], codes(message), message["possible_from"]) == (None, ["LOCKED_IN"], "2021-04-23")
    assert (message["rules"], message["legs"], message["submitted_by"]) == (["GAA-4"], [], None)


def test_a_repeat_gets_the_same_quote_though_much_has_changed() -> None:
    book = held(old_2="5000.00")
    first = only(book.transfer(of_a_transfer(**QUOTE)))
    book.withdraw(withdrawal("w", TRADE, full=True))
    book.close(TRADE, flat("9"))
    again = only(book.transfer(of_a_transfer(**QUOTE)))
    assert (again.topic, again.value, again.repeated, first.repeated) == ("quotes", first.value, True, False)


def test_an_id_is_of_a_quote_or_of_another_request() -> None:
    """To execute what was quoted takes an id of its own; and so does another quote."""
    book = held(old_2="5000.00")
    book.transfer(of_a_transfer(**QUOTE))
    message = quoted(book.transfer(of_a_transfer(amount="2001.00", **QUOTE)))
    assert (codes(message), message["as_of_close"]) == (["DUPLICATE_REQUEST_ID"], None)
    assert only(book.transfer(of_a_transfer())).codes == ["DUPLICATE_REQUEST_ID"]


def test_nothing_of_what_waits_is_overtaken_or_reckoned_with() -> None:
    book = held(old_2="5000.00")
    only(book.withdraw(withdrawal("w", TRADE, full=True)), "acknowledgements")
    message = quoted(book.transfer(of_a_transfer(**QUOTE)))
    assert message["gross"] == "2099.08"
    assert message["notes"] == ["not reckoned with: 1 of the participant's requests that wait"]
    books = book.participant()
    assert books is not None
    assert [waiting.request_id for waiting in books.waiting] == ["w"]


def test_what_is_not_in_good_order_is_told_as_a_quote() -> None:
    book = held(old_2="5000.00")
    message = quoted(book.transfer(of_a_transfer(amount="-1.00", **QUOTE)))
    assert (codes(message), message["of"]) == (["AMOUNT_NOT_POSITIVE"], None)


def test_a_participant_who_is_not_known_has_no_quote_but_a_reason() -> None:
    book = held(old_2="5000.00")
    message = quoted(book.withdraw(withdrawal("q", TRADE, full=True, participant_id="P2", **QUOTE)))
    assert codes(message) == ["UNKNOWN_PARTICIPANT"]


def test_before_any_day_is_closed_there_are_no_values() -> None:
    message = quoted(Book(terms()).deposit(deposit("q", "2021-01-04", "100.00", allocation=TO_F1, **QUOTE)))
    assert (codes(message), message["as_of_close"]) == (["NOTHING_CLOSED"], None)


def test_instructions_are_not_quoted() -> None:
    order = {"kind": "allocation", "account": "pretax", "allocation": TO_F1}
    outcome = only(held(gaa_terms(), F1="1.00").instruct(request("q", TRADE, instruction=order, **QUOTE)))
    assert (outcome.topic, outcome.codes) == ("rejections", ["NOT_AVAILABLE"])


def test_entries_of_the_first_release_are_no_quotes() -> None:
    """There a quote was a defect, told as a rejection, which is counted; a replay tells it so."""
    entry: Json = {"topic": "deposit-requests", "source_partition": 0, "source_offset": 1, "fingerprint": "f"}
    entry |= {"recorded_at": "2021-01-04T15:00:00Z", "trade_date_recorded": "2021-01-04", "received_at_trusted": False}
    entry |= {"request": QUOTE}
    assert not is_quote(RequestEntry.model_validate(entry))
    assert is_quote(RequestEntry.model_validate(entry | {"day_recorded": "2021-01-04"}))

"""Remittances and their control figures (GEN-3): complete, or out of balance by the day's close.

Each line is decided on its own; the notices say only what was received. Days are of January 2021, whose 4th and 5th are
a Monday and a Tuesday.
"""

from tests.domain.books import Book, Json, Outcome, at, deposit, only, opening, shares, terms

MON, TUE, WED = "2021-01-04", "2021-01-05", "2021-01-06"
F1 = shares(F1="100")


def line(number: int, amount: str = "100.00", day: str = MON, **more: object) -> Json:
    """A line of remittance R1, each of its own participant; of three lines and $300.00 unless said otherwise."""
    said: Json = {"remittance_id": "R1", "remittance_count": 3, "remittance_total": "300.00", "allocation": F1}
    return deposit(f"R1-{number}", day, amount, **{"participant_id": f"P{number}", **said, **more})


def notices(outcomes: list[Outcome]) -> list[Json]:
    return [outcome.message for outcome in outcomes if outcome.topic == "remittance-notices"]


def received(book: Book, *lines: Json) -> list[Json]:
    """The notices that lines bring about."""
    return [notice for each in lines for notice in notices(book.deposit(each))]


def test_gen_3_the_line_that_reaches_count_and_total_makes_it_complete() -> None:
    book = Book(terms())
    # 100.00 + 99.99 + 100.01 = 300.00
    assert received(book, line(1), line(2, "99.99")) == []
    found = only(book.deposit(line(3, "100.01")), "remittance-notices")
    assert found.key == "C1|acme|R1"
    assert found.message == {
        "version": 1,
        "kind": "remittance_complete",
        "notice_id": "C1|acme|R1|1",
        "contract_id": "C1",
        "submitted_by": "acme",
        "remittance_id": "R1",
        "date": MON,
        "decided_at": at(MON),
        "rules": ["GEN-3"],
        "reasons": [],
        "lines_received": 3,
        "total_received": "300.00",
        "counts": [3],
        "totals": ["300.00"],
        "lines_unreadable": 0,
        "lines_conflicting": 0,
    }
    assert dict(found.headers)["ce_time"] == b"2021-01-04T10:00:00-05:00"
    assert dict(found.headers)["ce_type"] == b"annuity-ledger.remittance_complete"
    assert notices(book.close(MON)) == []


def test_gen_3_what_is_missing_at_the_days_close_is_told() -> None:
    book = Book(terms())
    assert received(book, line(1), line(2, "50.00")) == []
    (notice,) = notices(book.close(MON))
    assert notice["kind"] == "remittance_out_of_balance"
    assert notice["reasons"] == ["LINES_MISSING", "TOTAL_DIFFERS"]
    assert (notice["date"], notice["decided_at"]) == (MON, "2021-01-04T16:00:00-05:00")
    assert (notice["lines_received"], notice["counts"]) == (2, [3])
    assert (notice["total_received"], notice["totals"]) == ("150.00", ["300.00"])


def test_a_remittance_is_told_of_again_only_when_more_of_it_comes() -> None:
    book = Book(terms())
    received(book, line(1))
    assert [n["notice_id"] for n in notices(book.close(MON))] == ["C1|acme|R1|1"]
    assert received(book, line(2, day=TUE)) == []
    assert [(n["notice_id"], n["lines_received"]) for n in notices(book.close(TUE))] == [("C1|acme|R1|2", 2)]
    assert notices(book.close(WED)) == []
    (complete,) = received(book, line(3, day="2021-01-07"))
    assert (complete["kind"], complete["notice_id"]) == ("remittance_complete", "C1|acme|R1|3")
    assert notices(book.close("2021-01-07")) == []


def test_a_repeat_of_a_line_counts_once() -> None:
    book = Book(terms())
    assert received(book, line(1), line(1), line(1) | {"received_at": at(MON, "11:00:00")}, line(2)) == []
    (complete,) = received(book, line(3))
    assert complete["lines_received"] == 3
    assert received(book, line(2), line(3)) == []
    assert notices(book.close(MON)) == []


def test_another_line_under_the_same_id_is_not_counted_and_is_told_once() -> None:
    book = Book(terms())
    received(book, line(1), line(1, "1.00"), line(1, "1.00"), line(1, "2.00"), line(2))
    (notice,) = notices(book.close(MON))
    assert (notice["lines_received"], notice["total_received"], notice["lines_conflicting"]) == (2, "200.00", 2)
    (complete,) = received(book, line(3, day=TUE))
    assert (complete["kind"], complete["lines_conflicting"]) == ("remittance_complete", 2)


def test_the_same_id_of_another_participant_is_another_line() -> None:
    book = Book(terms())
    (complete,) = received(book, line(1), line(1, participant_id="P2"), line(1, participant_id="P3"))
    assert complete["lines_received"] == 3


def test_a_line_counts_whatever_the_ledger_decides_about_it() -> None:
    book = Book(terms())
    book.instruct(opening("o1", MON, participant_id="P1"))
    lines = [line(1), line(2, allocation=shares(NONE="100")), line(3, source="bequest")]
    (complete,) = received(book, *lines)
    assert (complete["kind"], complete["total_received"]) == ("remittance_complete", "300.00")
    rejected = [outcome for outcome in (*book.outcomes, *book.close(MON)) if outcome.topic == "rejections"]
    assert sorted(code for outcome in rejected for code in outcome.codes) == ["INVALID_VALUE", "UNKNOWN_OPTION"]


def test_a_line_whose_amount_cannot_be_read_counts_without_one() -> None:
    book = Book(terms())
    received(book, line(1), line(2), line(3, "1,00"))
    (notice,) = notices(book.close(MON))
    assert notice["reasons"] == ["TOTAL_DIFFERS"]
    assert (notice["lines_received"], notice["lines_unreadable"], notice["total_received"]) == (3, 1, "200.00")


def test_what_is_no_request_at_all_is_missed() -> None:
    book = Book(terms())
    dead = {name: value for name, value in line(3).items() if name != "participant_id"}
    assert [outcome.topic for outcome in book.deposit(dead)] == ["dead-letters"]
    received(book, line(1), line(2))
    (notice,) = notices(book.close(MON))
    assert notice["reasons"] == ["LINES_MISSING", "TOTAL_DIFFERS"]


def test_too_many_lines_are_told_at_the_close_of_the_day_they_came() -> None:
    book = Book(terms())
    (complete,) = received(book, line(1), line(2), line(3), line(4, "0.01"))
    assert complete["lines_received"] == 3
    (notice,) = notices(book.close(MON))
    assert notice["reasons"] == ["TOO_MANY_LINES", "TOTAL_DIFFERS"]
    assert (notice["lines_received"], notice["total_received"]) == (4, "300.01")


def test_lines_that_state_different_figures_never_make_it_complete() -> None:
    book = Book(terms())
    assert received(book, line(1), line(2, remittance_count=4), line(3, remittance_total="301.00")) == []
    (notice,) = notices(book.close(MON))
    assert notice["reasons"] == ["COUNTS_CONFLICT", "TOTALS_CONFLICT"]
    assert (notice["counts"], notice["totals"]) == ([3, 4], ["300.00", "301.00"])


def test_of_figures_that_conflict_five_are_kept() -> None:
    book = Book(terms())
    received(book, *(line(number, remittance_count=number, remittance_total="300.0") for number in range(1, 9)))
    (notice,) = notices(book.close(MON))
    assert (notice["counts"], notice["totals"]) == ([1, 2, 3, 4, 5], ["300.0"])


def bare(number: int, amount: str, **more: object) -> Json:
    """A line that states no figures but those given."""
    unstated = ("remittance_count", "remittance_total")
    return {name: value for name, value in line(number, amount).items() if name not in unstated} | more


def test_the_figures_may_stand_on_the_last_line_only() -> None:
    book = Book(terms())
    assert received(book, bare(1, "5"), bare(2, "2.5")) == []
    # 5.00 + 2.50 + 0.01 = 7.51
    (complete,) = received(book, bare(3, "0.01", remittance_count=3, remittance_total="7.51"))
    assert complete["total_received"] == "7.51"


def test_a_count_or_a_total_alone_is_enough() -> None:
    book = Book(terms())
    by_count = received(book, bare(1, "5.00", remittance_count=2), bare(2, "2.50"))
    assert [(n["kind"], n["totals"]) for n in by_count] == [("remittance_complete", [])]
    by_total = received(
        book, *(bare(n, "5.00", remittance_id="R2", remittance_total="10.00", request_id=f"R2-{n}") for n in (1, 2))
    )
    assert [(n["kind"], n["counts"]) for n in by_total] == [("remittance_complete", [])]
    assert received(book, bare(3, "none", remittance_id="R2")) == [], "it adds nothing, and is told once"
    assert notices(book.close(MON)) == []


def test_nothing_is_told_of_a_remittance_that_states_no_figures() -> None:
    book = Book(terms())
    assert received(book, bare(1, "5.00"), bare(2, "5.00", remittance_count="2", remittance_total="ten")) == []
    assert notices(book.close(MON)) == []


def test_quotes_and_deposits_of_no_remittance_are_no_lines() -> None:
    book = Book(terms())
    received(book, line(1, mode="quote"), line(2, remittance_id="not an id"), line(3, submitted_by=""))
    assert [record.topic for record in book.service.written if record.topic == "remittance-lines"] == []


def test_a_submitters_remittance_is_not_anothers() -> None:
    book = Book(terms())
    assert received(book, line(1), line(2), line(3, submitted_by="plain")) == []
    found = notices(book.close(MON))
    assert [(n["submitted_by"], n["lines_received"]) for n in found] == [("acme", 2), ("plain", 1)]


def test_what_is_received_after_the_close_belongs_to_the_next() -> None:
    book = Book(terms())
    received(book, line(1, day=at(MON, "15:59:59")), line(2, day=at(MON, "16:00:01"), remittance_id="R2"))
    assert [n["remittance_id"] for n in notices(book.close(MON))] == ["R1"]
    assert [n["remittance_id"] for n in notices(book.close(TUE))] == ["R2"]


def test_a_line_of_a_day_that_is_closed_already_belongs_to_the_next_close() -> None:
    book = Book(terms())
    book.close(MON)
    assert (
        received(book, line(1), line(2, remittance_id="R2", remittance_count=1, remittance_total="100.00"))[0]["date"]
        == TUE
    )
    (notice,) = notices(book.close(TUE))
    assert (notice["remittance_id"], notice["date"]) == ("R1", TUE)


def test_the_earliest_close_to_come_of_its_lines_is_the_remittances() -> None:
    book = Book(terms())
    received(book, line(1, day=TUE), line(2, day=MON))
    assert [n["lines_received"] for n in notices(book.close(MON))] == [2]
    assert notices(book.close(TUE)) == []


def test_a_received_at_in_the_future_is_not_believed() -> None:
    book = Book(terms())
    book.deposit(line(1, day="2021-03-01"), recorded=at(MON))
    assert [n["lines_received"] for n in notices(book.close(MON))] == [1]


def test_notices_of_remittances_are_not_in_a_participants_sequence() -> None:
    book = Book(terms())
    book.instruct(opening("o1", MON, allocation=F1))
    (notice,) = received(book, line(1, remittance_count=1, remittance_total="100.00"))
    assert "sequence" not in notice
    confirmed = [o.message["sequence"] for o in book.close(MON) if o.topic == "confirmations"]
    assert confirmed == [2]

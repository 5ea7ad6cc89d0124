"""DEP-9 together with what else a close brings: maturities, elections, limits, rate locks, and very long holds."""

from tests.domain.books import Book, Json, at, deposit, fund, offering, only, opening, request, shares, terms
from tests.domain.books_orders import hold, release
from tests.domain.gaa import flat, gaa_terms, percent_on, still

F1 = shares(F1="100")
WEDNESDAY = "2021-02-10"
PERIODS = (
    offering("JAN", "2021-01-04", "2021-01-08", still(1, WEDNESDAY)),
    offering("FEB", "2021-02-01", "2021-02-26", still(1, "2022-02-28")),
)


def maturing(**gaa: object) -> Book:
    """P1 holds 1,000.00 in a term that matures on Wednesday 10 February 2021; all through the 8th is closed."""
    contract = gaa_terms()
    contract["options"][-1] |= {"maturity_notice_days": 0, **gaa}
    book = Book(contract)
    for offer in PERIODS:
        book.publish("guaranteed-offerings", offer)
    book.deposit(deposit("d1", "2021-01-05", "1000.00", allocation=shares(GAA_1="100")))
    close(book, "2021-01-04", "2021-02-08")
    return book


def close(book: Book, first: str, last: str) -> list[Json]:
    """Close days; what was confirmed, told or rejected."""
    return [outcome.message for outcome in book.close_through(first, last, flat(percent_on("2021-02-01")))]


def elect(request_id: str, received: str, **wish: object) -> Json:
    order = {"kind": "maturity_election", "account": "pretax", "lot": "GAA-1", **wish}
    return request(request_id, received, instruction=order)


def test_pitfall_dep_9_a_hold_with_a_waiting_request_and_a_maturity() -> None:
    """The maturity runs at its close, and the next reinvests; the request stays held through both."""
    book = maturing()
    book.deposit(deposit("r1", at(WEDNESDAY, "09:00:00"), "50.00", allocation=F1))
    book.instruct(hold("h1", at(WEDNESDAY, "10:00:00")))
    (reinvested,) = close(book, "2021-02-09", "2021-02-12")
    assert (reinvested["kind"], reinvested["trade_date"]) == ("reinvested", "2021-02-11")
    assert reinvested["details"]["new_maturity"] == "2022-02-28"
    assert [lot.matured for lot in book.lots()] == [False]
    book.instruct(release("x1", "2021-02-16"))
    (traded,) = close(book, "2021-02-16", "2021-02-16")
    assert (traded["request_id"], traded["trade_date"]) == ("r1", "2021-02-16")


def test_pitfall_dep_9_nothing_is_paid_out_at_a_maturity_to_somebody_blocked() -> None:
    book = maturing()
    book.instruct(elect("e1", "2021-02-09", withdraw=True))
    book.instruct(hold("h1", at("2021-02-09", "11:00:00")))
    book.close("2021-02-09", flat("6"))
    (reinvested,) = close(book, WEDNESDAY, "2021-02-11")
    assert (reinvested["kind"], reinvested["paid"]) == ("reinvested", None)
    assert reinvested["details"]["election_not_followed"] == "e1: HELD_BY_AML_ORDER"
    assert {"MAT-3", "DEP-9"} <= set(reinvested["rules"])


def test_pitfall_dep_9_a_payment_elected_is_made_where_the_order_is_lifted_in_time() -> None:
    book = maturing()
    book.instruct(elect("e1", "2021-02-09", withdraw=True))
    book.instruct(hold("h1", at("2021-02-09", "11:00:00")))
    assert close(book, "2021-02-09", WEDNESDAY) == []
    book.instruct(release("x1", "2021-02-11"))
    (paid,) = close(book, "2021-02-11", "2021-02-11")
    assert (paid["kind"], paid["paid"]) == ("maturity_payment", "1000.00")


def test_pitfall_dep_9_a_blocked_payment_stays_where_the_contract_reinvests_nothing() -> None:
    book = maturing(at_maturity="stays")
    book.instruct(elect("e1", "2021-02-09", withdraw=True))
    book.instruct(hold("h1", at("2021-02-09", "11:00:00")))
    (stays,) = close(book, "2021-02-09", "2021-02-11")
    assert stays["kind"] == "matured_value_stays"
    assert [(lot.matured, lot.undecided) for lot in book.lots()] == [(True, False)]


def test_pitfall_dep_9_an_election_into_other_options_is_followed() -> None:
    """Nothing leaves the contract by it."""
    book = maturing()
    book.instruct(elect("e1", "2021-02-09", to=F1))
    book.instruct(hold("h1", at("2021-02-09", "11:00:00")))
    (moved,) = close(book, "2021-02-09", WEDNESDAY)
    assert (moved["kind"], moved["trade_date"]) == ("maturity_transfer", WEDNESDAY)


def test_pitfall_dep_9_an_election_that_is_held_comes_too_late_for_its_maturity() -> None:
    book = maturing()
    book.instruct(hold("h1", at("2021-02-09", "09:00:00")))
    book.instruct(elect("e1", "2021-02-09", to=F1))
    (reinvested,) = close(book, "2021-02-09", "2021-02-12")
    assert reinvested["kind"] == "reinvested"
    book.instruct(release("x1", "2021-02-16"))
    (rejected,) = close(book, "2021-02-16", "2021-02-16")
    assert [reason["code"] for reason in rejected["reasons"]] == ["LOT_NOT_HELD"]


def test_pitfall_dep_9_a_released_deposit_counts_in_the_year_in_which_it_trades() -> None:
    # Received in 2021, released on 3 January 2022: against the 20,500.00 of 2022, of which it leaves 500.00.
    limits = {"by_year": [{"year": 2021, "limit": "100.00"}, {"year": 2022, "limit": "20500.00"}]}
    book = Book(terms(fund("F1"), effective_from="2021-12-30", contribution_limits=limits), rates=False)
    book.instruct(hold("h1", "2021-12-30"))
    book.deposit(deposit("r1", "2021-12-30", "20000.00", allocation=F1))
    book.close_through("2021-12-30", "2021-12-31")
    book.instruct(release("x1", "2022-01-03"))
    confirmed = only(book.close("2022-01-03"))
    assert confirmed.message["details"]["contributed_this_year"] == "20000.00"


def test_pitfall_dep_9_a_rate_lock_covers_what_was_received_under_it() -> None:
    """GAA-7: by the day of receipt, which a hold does not move. January's 5% against 4% when it trades."""
    contract = gaa_terms()
    contract["options"][-1] |= {"rate_lock": True}
    book = Book(contract)
    book.publish("guaranteed-offerings", offering("JAN", "2021-01-04", "2021-01-29", still(3, "2024-01-31", "0.05")))
    book.publish("guaranteed-offerings", offering("MAR", "2021-03-01", "2021-03-31", still(3, "2024-03-31", "0.04")))
    book.instruct(opening("o1", "2021-01-04"))
    book.close("2021-01-04", flat("6"))
    book.instruct(request("l1", "2021-01-05", instruction={"kind": "rate_lock_election"}))  # through 19 February
    book.instruct(hold("h1", "2021-01-05"))
    external = {"source": "external_transfer", "allocation": shares(GAA_3="100")}
    book.deposit(deposit("r1", "2021-01-06", "1000.00", **external))
    book.close_through("2021-01-05", "2021-03-01", flat("6"))
    book.instruct(release("x1", "2021-03-02"))
    confirmed = only(book.close("2021-03-02", flat("6")))
    assert confirmed.message["legs"][0]["maturity"] == "2024-01-31"
    assert confirmed.message["details"]["rate_lock"] == "l1"


def test_pitfall_dep_9_a_request_held_longer_than_ids_are_kept_is_not_taken_twice() -> None:
    """Ids are kept 400 days: its answer is gone, and sent again with a new received_at it is no stale request."""
    book = Book(terms(fund("F1")), rates=False)
    book.instruct(hold("h1", "2021-01-04"))
    message = deposit("r1", "2021-01-04", "10.00", allocation=F1)
    book.deposit(message)
    book.close_through("2021-01-04", "2022-03-31")
    requests = book.service.ledger_partition.tables["requests"]
    assert requests.get("C1|P1|r1") is None
    late = {**message, "received_at": at("2022-04-01")}
    again = only(book.deposit(late))
    assert (again.topic, again.repeated) == ("acknowledgements", True)
    assert again.message["waits_for"] == "the release of AML order OFAC-1"
    assert only(book.deposit({**late, "amount": "11.00"})).codes == ["DUPLICATE_REQUEST_ID"]
    book.instruct(release("x1", "2022-04-01"))
    assert only(book.deposit(late)).repeated  # and still while it waits for its close
    assert only(book.close("2022-04-01")).message["received"] == "10.00"
    assert only(book.deposit(late, at("2022-04-04"))).message["kind"] == "deposit"


def test_pitfall_dep_9_an_answer_lasts_until_the_released_request_trades() -> None:
    """Kept on the day of the release, of 4 January 2021, for the last time; the request trades two closes later."""
    book = Book(terms(fund("F1")), rates=False)
    book.instruct(hold("h1", "2021-01-04"))
    message = deposit("r1", "2021-01-04", "10.00", allocation=F1)
    first = book.deposit(message)[0]
    book.close_through("2021-01-04", "2022-02-15")  # 407 days before is 2021-01-04
    book.instruct(release("x1", at("2022-02-16", "16:00:01")))
    assert book.close("2022-02-16") == []
    again = only(book.deposit({**message, "received_at": at("2022-02-17")}))
    assert (again.value, again.repeated) == (first.value, True)
    assert only(book.close("2022-02-17")).message["received"] == "10.00"


def test_pitfall_dep_9_a_request_released_after_a_year_is_not_stale() -> None:
    book = Book(terms(fund("F1")), rates=False)
    book.instruct(hold("h1", "2021-01-04"))
    book.deposit(deposit("r1", "2021-01-04", "10.00", allocation=F1))
    book.close_through("2021-01-04", "2021-12-31")
    book.instruct(release("x1", "2022-01-03"))
    assert only(book.close("2022-01-03")).topic == "confirmations"


def test_pitfall_dep_9_nothing_is_due_for_what_is_held() -> None:
    """A close is completed though requests are held: settling does not come back to them."""
    book = Book(terms(fund("F1")), rates=False)
    book.instruct(hold("h1", "2021-01-04"))
    book.deposit(deposit("r1", "2021-01-04", "10.00", allocation=F1))
    book.close("2021-01-04")
    (completed,) = [outcome for outcome in book.outcomes if outcome.topic == "day-closes"]
    assert (completed.message["date"], completed.message["settled"]) == ("2021-01-04", 0)

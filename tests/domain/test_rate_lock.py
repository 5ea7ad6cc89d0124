"""GAA-7, NTC-6, GEN-8: the rate lock, elected on Monday 11 January 2021, covers 45 days: through Thursday 25 February.

January's deposit period offers 2 years at 3%, 3 at 5%, 5 at 5/4.75/4.75/4.5/4.5%, 7 at 4% and one year that is over on
5 February; February's 1 year at 2%, 2 at 3%, 3 at 4% and 5 at 4.7%.
"""

from typing import Any

import pytest

from contracts_schema.reference import GuaranteedOffering
from services.domain.rate_lock import Offered
from services.domain.state import Lot
from tests.domain.books import (
    FUNDS,
    Book,
    Json,
    Outcome,
    at,
    business_days,
    deposit,
    fixed_account_2,
    guaranteed,
    guaranteed_term,
    offering,
    only,
    opening,
    request,
    shares,
)
from tests.domain.gaa import day, flat, gaa_terms, still

STEPPED = guaranteed_term(5, ("0.05", "2022-01-29"), ("0.0475", "2024-01-29"), ("0.045", "2026-01-29"))
JANUARY = offering(
    "JAN",
    "2021-01-04",
    "2021-01-29",
    still(1, "2021-02-05", "0.05"),
    still(2, "2023-01-29", "0.03"),
    still(3, "2024-01-29", "0.05"),
    STEPPED,
    still(7, "2028-01-29", "0.04"),
)
FEBRUARY = offering(
    "FEB",
    "2021-02-01",
    "2021-02-26",
    still(1, "2022-02-26", "0.02"),
    still(2, "2023-02-26", "0.03"),
    still(3, "2024-02-26", "0.04"),
    still(5, "2026-02-26", "0.047"),
)
ELECTED, LAST = "2021-01-11", "2021-02-25"
IN_FEBRUARY = "2021-02-10"


def lockable(**more: object) -> Json:
    return gaa_terms(options=(*FUNDS, fixed_account_2(), guaranteed(rate_lock=True, **more)))


def electing(request_id: str, received: str, **more: object) -> Json:
    return request(request_id, received, instruction={"kind": "rate_lock_election"}, **more)


def book_of(contract: Json, *offers: Json) -> Book:
    """P1 has an account; the days before the election are closed."""
    book = Book(contract)
    for offer in offers:
        book.publish("guaranteed-offerings", offer)
    book.instruct(opening("open", "2021-01-04"))
    book.close_through("2021-01-04", "2021-01-08", flat("4"))
    return book


def locked(through: str = "2021-02-09", **more: object) -> Book:
    """The same with the lock, and every day through one closed."""
    book = book_of(lockable(**more), JANUARY, FEBRUARY)
    assert only(book.instruct(electing("lock", ELECTED))).message["kind"] == "rate_lock_granted"
    book.close_through(ELECTED, through, flat("4"))
    return book


def external(received: str, *, source: str = "external_transfer", **percentages: str) -> Json:
    return deposit("d", received, "1000.00", source=source, allocation=shares(**percentages))


def received(book: Book, message: Json, closes: str = IN_FEBRUARY) -> Outcome:
    """The confirmation of a deposit, at once or at the close."""
    outcomes = [*book.deposit(message), *book.close_through(closes, closes, flat("4"))]
    return next(outcome for outcome in outcomes if outcome.topic in {"confirmations", "rejections"})


def lot_of(book: Book) -> Lot:
    (lot,) = book.lots()
    return lot


def test_gaa_7_a_lock_is_granted_with_the_rates_that_it_locks() -> None:
    """11 January + 45 days = 25 February. 1.05 × 1.0475² × 1.045² = 1.258142…, whose fifth root is 1.046998."""
    outcome = only(book_of(lockable(), JANUARY).instruct(electing("lock", ELECTED)))
    message = outcome.message
    assert (outcome.topic, message["kind"], message["trade_date"]) == ("confirmations", "rate_lock_granted", ELECTED)
    assert message["rules"] == ["GEN-2", "GAA-7", "NTC-6"]
    assert message["details"] | {"GAA_term_1": "", "GAA_term_2": "", "GAA_term_7": ""} == {
        "elected": ELECTED,
        "covers_through": LAST,
        "GAA_deposit_period": "2021-01-04 to 2021-01-29",
        "GAA_term_1": "",
        "GAA_term_2": "",
        "GAA_term_3": "0.05 through 2024-01-29; level 0.050000",
        "GAA_term_5": "0.05 through 2022-01-29, 0.0475 through 2024-01-29, 0.045 through 2026-01-29; level 0.046998",
        "GAA_term_7": "",
    }


def test_gaa_7_the_level_equivalent_of_the_rules_example() -> None:
    """5/4.75/4.75/4.5/4.5 = 4.6998%; one rate is its own."""
    offers = GuaranteedOffering.model_validate(JANUARY)
    levels = {term.years: str(Offered(offers, term).level) for term in offers.terms}
    assert levels[5].startswith("0.046998")
    assert (levels[3], levels[2]) == ("0.050000000000", "0.030000000000")


def test_gaa_7_the_greater_rate_is_the_locked_one() -> None:
    """5% of January against 4%: a lot of January's period in every respect, but that interest begins now."""
    book = locked()
    outcome = received(book, external(IN_FEBRUARY, GAA_3="100"))
    lot = lot_of(book)
    assert (lot.offering, lot.deposited, lot.maturity) == ("JAN", day(IN_FEBRUARY), day("2024-01-29"))
    assert (lot.period_start, lot.period_end) == (day("2021-01-04"), day("2021-01-29"))
    assert lot.locked_through == day("2021-04-29")  # 29 January + 90 days
    assert (str(lot.units), [str(step.rate) for step in lot.steps]) == ("1000.000000", ["0.05"])
    assert outcome.message["details"] == {
        "source": "external_transfer",
        "rate_lock": "lock",
        "GAA_term_3_locked": "level 0.050000, deposit period 2021-01-04 to 2021-01-29",
        "GAA_term_3_current": "level 0.040000, deposit period 2021-02-01 to 2021-02-26",
    }
    assert "GAA-7" in outcome.message["rules"]


TERMS: list[Any] = [
    pytest.param("GAA_5", "FEB", "level 0.046998", "level 0.047000", id="4.7% is more than 4.6998%"),
    pytest.param("GAA_2", "FEB", "level 0.030000", "level 0.030000", id="ties go to the current period"),
    pytest.param("GAA_7", "JAN", "level 0.040000", "not offered", id="only the locked period has it"),
    pytest.param("GAA_1", "FEB", "not offered", "level 0.020000", id="the locked one is over"),
]


@pytest.mark.parametrize(("term", "period", "then", "now"), TERMS)
def test_gaa_7_the_greater_of_two_rates_for_the_same_term(term: str, period: str, then: str, now: str) -> None:
    book = locked()
    details = received(book, external(IN_FEBRUARY, **{term: "100"})).message["details"]
    name = term.replace("_", "_term_")
    assert lot_of(book).offering == period
    assert details[f"{name}_locked"].startswith(then)
    assert details[f"{name}_current"].startswith(now)


def test_gaa_7_money_of_other_sources_is_not_covered() -> None:
    book = locked()
    outcome = received(book, external(IN_FEBRUARY, source="rollover", GAA_3="100"))
    assert lot_of(book).offering == "FEB"
    assert "GAA-7" not in outcome.message["rules"]


def test_gaa_7_a_transfer_into_other_options_does_not_use_the_lock() -> None:
    """Half of one into a fund is no matter of the lock either."""
    book = locked()
    assert "rate_lock" not in received(book, external(IN_FEBRUARY, F1="100")).message["details"]
    participant = book.participant()
    assert participant is not None
    assert participant.rate_lock is not None
    assert participant.rate_lock.unused
    both = deposit("both", "2021-02-11", "1000.00", source="external_transfer", allocation=shares(F1="50", GAA_3="50"))
    details = received(book, both, "2021-02-11").message["details"]
    assert set(details) == {"source", "rate_lock", "GAA_term_3_locked", "GAA_term_3_current"}


@pytest.mark.parametrize(
    ("at_receipt", "period"),
    [
        pytest.param(at(LAST, "10:00:00"), "JAN", id="on the last day"),
        pytest.param(at(LAST, "23:59:59"), "JAN", id="on its evening, which trades on the 26th"),
        pytest.param(at("2021-02-26", "00:00:01"), "FEB", id="after midnight"),
    ],
)
def test_gaa_7_covered_is_what_is_received_by_the_last_day(at_receipt: str, period: str) -> None:
    book = locked("2021-02-24")
    book.deposit(external(at_receipt, GAA_3="100"))
    book.close_through(LAST, "2021-02-26", flat("4"))
    assert lot_of(book).offering == period


def test_gaa_7_what_was_received_before_the_election_is_not_covered() -> None:
    """Its record comes later: received on 8 January, it trades on the 11th, when January's is the current period too;
    only the confirmation tells.
    """
    book = book_of(lockable(), JANUARY)
    book.instruct(electing("lock", ELECTED))
    message = external(at("2021-01-08", "17:00:00"), GAA_3="100")
    assert "rate_lock" not in received(book, message, ELECTED).message["details"]


def test_gaa_7_one_lock_at_a_time() -> None:
    book = locked("2021-02-24")
    refused = only(book.instruct(electing("again", LAST)))
    assert (refused.codes, refused.message["possible_from"]) == (["RATE_LOCK_IN_FORCE"], "2021-02-26")
    assert refused.message["reasons"][0]["numbers"] == {
        "elected": ELECTED,
        "covers_through": LAST,
        "received_on": LAST,
    }
    book.close(LAST, flat("4"))
    granted = only(book.instruct(electing("anew", "2021-02-26")))
    assert granted.message["details"]["covers_through"] == "2021-04-12"  # 26 February + 45 days
    assert granted.message["details"]["GAA_deposit_period"] == "2021-02-01 to 2021-02-26"


def test_gaa_7_the_days_are_a_term() -> None:
    book = locked(rate_lock_days=30)  # 11 January + 30 days = 10 February
    participant = book.participant()
    assert participant is not None
    assert participant.rate_lock is not None
    assert participant.rate_lock.through == day("2021-02-10")


def notices(book: Book, first: str, last: str) -> list[Json]:
    out = [outcome for on in business_days(first, last) for outcome in book.close(on, flat("4"))]
    return [outcome.message for outcome in out if outcome.topic == "notices"]


def test_ntc_6_a_lock_that_ends_unused_is_told_at_the_next_close() -> None:
    book = locked("2021-02-24")
    assert notices(book, LAST, LAST) == []
    (told,) = notices(book, "2021-02-26", "2021-02-26")
    assert (told["kind"], told["date"], told["account"]) == ("rate_lock_ended", LAST, None)
    assert (told["rules"], told["decided_at"]) == (["GAA-7", "NTC-6"], "2021-02-26T16:00:00-05:00")
    assert told["details"] == {"elected_by": "lock", "elected": ELECTED, "covered_through": LAST}
    assert notices(book, "2021-03-01", "2021-03-02") == [], "once"


def test_ntc_6_a_lock_that_was_used_ends_without_a_word() -> None:
    book = locked()
    received(book, external(IN_FEBRUARY, GAA_5="100"))  # though the current rate was the greater
    assert notices(book, "2021-02-11", "2021-03-02") == []


def test_gaa_7_received_in_time_but_known_only_after_the_end() -> None:
    """The notice was given already; in March no deposit period is open but the locked one."""
    book = locked("2021-03-01")
    outcome = only(book.deposit(external(at(LAST), GAA_3="100"), recorded=at("2021-03-02")))
    assert (outcome.message["trade_date"], lot_of(book).offering) == ("2021-03-02", "JAN")


def test_gaa_7_a_quote_knows_the_lock() -> None:
    message = external(IN_FEBRUARY, GAA_3="100") | {"mode": "quote"}
    quote = only(locked().deposit(message))
    assert quote.message["details"]["rate_lock"] == "lock"
    assert [leg["maturity"] for leg in quote.message["legs"]] == ["2024-01-29"]


REFUSED: list[Any] = [
    pytest.param(gaa_terms(), [JANUARY], {}, ["RATE_LOCK_NOT_GIVEN"], id="the contract has none"),
    pytest.param(lockable(), [FEBRUARY], {}, ["NO_DEPOSIT_PERIOD"], id="no deposit period is open"),
    pytest.param(lockable(closes_on="2021-01-11"), [JANUARY], {}, ["OPTION_CLOSED"], id="closed (GEN-8)"),
    pytest.param(lockable(), [JANUARY], {"submitted_by": "x"}, ["SUBMITTER_NOT_AUTHORISED"], id="not authorised"),
    pytest.param(lockable(), [JANUARY], {"participant_id": "P2"}, ["UNKNOWN_PARTICIPANT"], id="nobody known"),
]


@pytest.mark.parametrize(("contract", "offers", "more", "codes"), REFUSED)
def test_gaa_7_what_cannot_be_locked(contract: Json, offers: list[Json], more: Json, codes: list[str]) -> None:
    book = book_of(contract, *offers)
    book.instruct(electing("lock", ELECTED, **more), recorded=at(ELECTED))
    book.close(ELECTED, flat("4"))
    (outcome,) = (outcome for outcome in book.outcomes if outcome.topic == "rejections")
    assert outcome.codes == codes


def test_gaa_7_options_that_cannot_be_locked_are_left_out() -> None:
    """A second guaranteed option that is closed; the lock is one for the contract all the same."""
    other = guaranteed(option="OLD", rate_lock=True, closes_on="2021-01-11", rate_lock_days=60)
    contract = gaa_terms(options=(*FUNDS, fixed_account_2(), guaranteed(rate_lock=True), other))
    message = only(book_of(contract, JANUARY).instruct(electing("lock", ELECTED))).message
    assert message["details"]["covers_through"] == LAST
    assert "OLD_deposit_period" not in message["details"]

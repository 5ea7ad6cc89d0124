"""MVA-7: when the aggregate counts only if it is positive, for every reason, and what is taken and paid then.

Everybody holds two lots of one length: A, the oldest, of $1,000 at .9500, and B of $1,000 at 1.1000 (as `old_3` and
`mid_5` of `gaa`); on 28 April 2021 something is withdrawn of them. C1 is a contract as most are; ALWAYS has no six
months for deaths; NY has disability too.
"""

from datetime import date

import pytest

from services.domain.positive import months_after
from tests.domain.books import (
    FUNDS,
    Book,
    Json,
    Outcome,
    business_days,
    deposit,
    guaranteed,
    offering,
    only,
    shares,
    terms,
    withdrawal,
)
from tests.domain.gaa import TRADE, flat, gaa_terms, held, leg, percent_on, still, withdrawn

OFFERS = (
    offering("JAN-1", "2021-01-04", "2021-01-08", still(5, "2024-01-06")),
    offering("JAN-2", "2021-01-11", "2021-01-15", still(5, "2026-06-02")),
)
CONTRACTS: dict[str, Json] = {
    "C1": {},
    "ALWAYS": {"positive_only_death": "always"},
    "NY": {"positive_only_disability": True},
}
LAST_DAY, TOO_LATE = "2020-10-28", "2020-10-27"  # six months to the day before `TRADE`, and a day more
DEATH: Json = {"reason": "death", "event_date": "2021-03-31"}
NET_1200 = {"amount": "1200.00"}

Counts = tuple[str, str, str, bool]
"""Value taken, aggregate (what it would be where it does not count), paid, whether it counts."""

ORDINARY = ("1227.27", "-27.27", "1200.00", True)  # 1,000 of A pay 950, 227.27 of B pay 250
ONLY_POSITIVE = ("1200.00", "-30.00", "1200.00", False)  # 1,000 of A would lose 50, 200 of B would win 20

QUANTITIES: dict[str, tuple[Json, Counts]] = {
    "the rule's own example, positive": ({"amount": "1720.00"}, ("1700.00", "20.00", "1720.00", True)),
    "the rule's own example, negative": (NET_1200, ONLY_POSITIVE),
    "net within A": ({"amount": "950.00"}, ("950.00", "-47.50", "950.00", False)),
    "net of all the value and more": ({"amount": "2049.99"}, ("1999.99", "50.00", "2049.99", True)),
    "gross, negative": ({"amount": "1400.00", "amount_type": "gross"}, ("1400.00", "-10.00", "1400.00", False)),
    "gross, nothing": ({"amount": "1500.00", "amount_type": "gross"}, ("1500.00", "0.00", "1500.00", True)),
    "gross, positive": ({"amount": "1600.00", "amount_type": "gross"}, ("1600.00", "10.00", "1610.00", True)),
    "a percentage, negative": ({"percent": "60"}, ("1200.00", "-30.00", "1200.00", False)),
    "a percentage, positive": ({"percent": "90"}, ("1800.00", "30.00", "1830.00", True)),
    "full, positive": ({"full": True}, ("2000.00", "50.00", "2050.00", True)),
}
"""On a death a month before. Net 2,049.99: 950 of A, 1,099.99/1.1 = 999.99 of B."""

REASONS: dict[str, tuple[str, Json, Counts]] = {
    "in service": ("C1", {"reason": "in_service"}, ORDINARY),
    "separation": ("C1", {"reason": "separation"}, ORDINARY),
    "hardship": ("C1", {"reason": "hardship"}, ORDINARY),
    "systematic": ("C1", {"reason": "systematic"}, ORDINARY),
    "nonlifetime income": ("C1", {"reason": "nonlifetime_income"}, ORDINARY),
    "lifetime income": ("C1", {"reason": "lifetime_income"}, ONLY_POSITIVE),
    "lifetime income, long after an event": (
        "C1",
        {"reason": "lifetime_income", "event_date": "2019-01-01"},
        ONLY_POSITIVE,
    ),
    "death on the day": ("C1", {"reason": "death", "event_date": TRADE}, ONLY_POSITIVE),
    "death, on the last day of the six months": ("C1", {"reason": "death", "event_date": LAST_DAY}, ONLY_POSITIVE),
    "death, a day later": ("C1", {"reason": "death", "event_date": TOO_LATE}, ORDINARY),
    "death, a day later, where it always counts so": (
        "ALWAYS",
        {"reason": "death", "event_date": TOO_LATE},
        ONLY_POSITIVE,
    ),
    "disability, where no term says so": ("C1", {"reason": "disability", "event_date": LAST_DAY}, ORDINARY),
    "disability": ("NY", {"reason": "disability", "event_date": LAST_DAY}, ONLY_POSITIVE),
    "disability, a day later": ("NY", {"reason": "disability", "event_date": TOO_LATE}, ORDINARY),
    "disability, where deaths always count so": (
        "ALWAYS",
        {"reason": "disability", "event_date": LAST_DAY},
        ORDINARY,
    ),
    "an event date in service": ("NY", {"reason": "in_service", "event_date": LAST_DAY}, ORDINARY),
}
"""Contract and request of a withdrawal of net $1,200."""

ENDS_OF_MONTHS: dict[tuple[str, str], Counts] = {
    ("2020-10-31", "2021-04-30"): ONLY_POSITIVE,  # April has no 31st: its last day is the last
    ("2020-10-30", "2021-04-30"): ONLY_POSITIVE,
    ("2020-10-29", "2021-04-30"): ORDINARY,
    ("2020-10-31", "2021-05-03"): ORDINARY,
}
"""Date of death and trade date. B's x is still 1,861 on Friday 30 April; on 3 May both factors are others."""
ENDS = {f"died {died}, paid {on}": (died, on) for died, on in ENDS_OF_MONTHS}


def name_of(case: str) -> str:
    return case.replace(" ", "-").replace(",", "")


def enter(book: Book, contract: str, person: str) -> None:
    who = {"contract_id": contract, "participant_id": person}
    share = [{"option": "GAA", "term": 5, "percent": "100"}]
    book.deposit(deposit("A", "2021-01-05", "1000.00", allocation=share, **who))
    book.deposit(deposit("B", "2021-01-12", "1000.00", allocation=share, **who))


def ask(book: Book, contract: str, person: str, day: str = TRADE, **what: object) -> None:
    who = {"contract_id": contract, "participant_id": person}
    chosen = {"from": [leg("GAA", 5)]}
    book.withdraw(withdrawal("w", day, **{**chosen, **what, **who}))


@pytest.fixture(scope="module")
def decided() -> dict[str, Outcome]:
    """The outcome of every case, by participant."""
    versions = []
    for contract, more in CONTRACTS.items():
        mva = {"yield_source": "constant_maturity", "yield_series": "CMT", **more}
        versions.append(gaa_terms(contract_id=contract, options=(*FUNDS, guaranteed(mva=mva))))
    book = Book(*versions, rates=False)
    for offer in OFFERS:
        book.publish("guaranteed-offerings", offer)
    cases = [("C1", case) for case in (*QUANTITIES, *ENDS)]
    cases += [(contract, case) for case, (contract, _, _) in REASONS.items()]
    for contract, case in cases:
        enter(book, contract, name_of(case))
    for day in business_days("2021-01-04", "2021-05-03"):
        if day == TRADE:
            ask_all(book)
        for case, (died, on) in ENDS.items():
            if on == day:
                ask(book, "C1", name_of(case), day, **NET_1200, reason="death", event_date=died)
        book.close(day, flat(percent_on(day)))
    outcomes = [each for each in book.outcomes if each.message.get("request_id") == "w"]
    return {each.message["participant_id"]: each for each in outcomes if each.topic != "acknowledgements"}


def ask_all(book: Book) -> None:
    for case, (quantity, _) in QUANTITIES.items():
        ask(book, "C1", name_of(case), **quantity, **DEATH)
    for case, (contract, why, _) in REASONS.items():
        ask(book, contract, name_of(case), **NET_1200, **why)


def counts(outcome: Outcome) -> Counts:
    """What a confirmation says; it must balance, and what it pays is the dollars asked for."""
    message, block = outcome.message, outcome.message["mva"]
    assert message["debits"] == message["credits"]
    assert (block["not_applied_by"] is None) == block["applied"]
    return message["gross"], block["aggregate"], message["paid"], block["applied"]


@pytest.mark.parametrize("case", QUANTITIES)
def test_mva_7_every_quantity(case: str, decided: dict[str, Outcome]) -> None:
    assert counts(decided[name_of(case)]) == QUANTITIES[case][1]
    assert "MVA-7" in decided[name_of(case)].message["rules"]


@pytest.mark.parametrize("case", REASONS)
def test_mva_7_every_reason(case: str, decided: dict[str, Outcome]) -> None:
    outcome, (_, why, expected) = decided[name_of(case)], REASONS[case]
    assert counts(outcome) == expected
    assert ("MVA-7" in outcome.message["rules"]) == (expected == ONLY_POSITIVE)
    assert outcome.message["details"] == why
    assert outcome.message["mva"]["not_applied_by"] == ("MVA-7" if expected == ONLY_POSITIVE else None)
    assert ("INC-1" in outcome.message["rules"]) == why["reason"].endswith("income")


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("lifetime_income", ("950.00", "-47.50", "950.00", False)),
        ("nonlifetime_income", ("1000.00", "-50.00", "950.00", True)),
    ],
)
def test_inc_1_what_leaves_a_term_to_fund_income_is_adjusted_by_mva_7(reason: str, expected: Counts) -> None:
    """Net 950 of 1,000 at .9500: for a lifetime option 950 × .05 = 47.50 would be lost and does not count."""
    outcome = withdrawn(held(old_3="1000.00"), amount="950.00", reason=reason)
    assert counts(outcome) == expected
    assert "INC-1" in outcome.message["rules"]


@pytest.mark.parametrize(("died", "on"), ENDS_OF_MONTHS)
def test_mva_7_six_months_from_the_end_of_a_month(died: str, on: str, decided: dict[str, Outcome]) -> None:
    applied = counts(decided[name_of(f"died {died}, paid {on}")])[-1]
    assert applied is ENDS_OF_MONTHS[died, on][-1]


@pytest.mark.parametrize(
    ("day", "last"),
    [
        ("2021-06-15", "2021-12-15"),
        ("2021-07-01", "2022-01-01"),
        ("2020-08-28", "2021-02-28"),
        ("2020-08-31", "2021-02-28"),
        ("2019-08-31", "2020-02-29"),
        ("2020-10-31", "2021-04-30"),
        ("2020-12-31", "2021-06-30"),
        ("2021-02-28", "2021-08-28"),  # and not the 31st: six months to the day
        ("2020-02-29", "2020-08-29"),
    ],
)
def test_mva_7_six_calendar_months(day: str, last: str) -> None:
    assert months_after(date.fromisoformat(day), 6) == date.fromisoformat(last)


def test_mva_7_the_value_itself_is_paid_where_all_of_it_would_lose() -> None:
    """$1,000 at .9500: full pays 1,000.00; so does net 1,000.00, more than the 950.00 that the factor would leave."""
    for quantity in ({"full": True}, {"amount": "1000.00"}):
        book = held(old_3="1000.00")
        assert counts(withdrawn(book, **quantity, **DEATH)) == ("1000.00", "-50.00", "1000.00", False)
        assert book.lots() == ()


@pytest.mark.parametrize(
    ("lot", "amount", "payable"),
    [("old_3", "1000.01", "1000.00"), ("mid_5", "1100.01", "1100.00")],
)
def test_mva_7_a_cent_more_than_there_is_either_way(lot: str, amount: str, payable: str) -> None:
    """What could be had is the value where the factor would lose, and what the factor pays where it wins."""
    (reason,) = withdrawn(held(None, **{lot: "1000.00"}), amount=amount, **DEATH).message["reasons"]
    assert (reason["code"], reason["numbers"]["available_after_mva"]) == ("INSUFFICIENT_VALUE", payable)


def test_mva_7_pro_rata_over_options_too() -> None:
    """F1 of 1,000 and a lot of 1,000 at .9500, net 390: 200 of each would pay 390; at par 195 of each do."""
    ordinary = withdrawn(held(F1="1000.00", old_3="1000.00"), amount="390.00")
    assert counts(ordinary) == ("400.00", "-10.00", "390.00", True)
    outcome = withdrawn(held(F1="1000.00", old_3="1000.00"), amount="390.00", **DEATH)
    assert counts(outcome) == ("390.00", "-9.75", "390.00", False)  # 195 × .95 = 185.25
    assert outcome.dollars() == {"F1": "-195.00", "GAA": "-195.00"}


def test_mva_7_the_aggregate_is_over_all_legs() -> None:
    """Net 500, in halves from .9500 and 1.1000: 263.16 and 227.27 taken, -13.16 and +22.73, together +9.57."""
    legs = [leg("GAA", 3, percent="50"), leg("GAA", 5, percent="50")]
    outcome = withdrawn(held(old_3="1000.00", mid_5="1000.00"), amount="500.00", legs=legs, **DEATH)
    assert counts(outcome) == ("490.43", "9.57", "500.00", True)


def test_mva_7_a_negative_aggregate_never_counts_not_even_where_a_leg_has_too_little_at_par() -> None:
    """Net 5,000: 10% from 480 at 1.1000, which pays 528.00; 90% from 5,000 at .9500.

    With factors 454.55 and 4,736.84 would be taken, an aggregate of 45.45 - 236.84. At par the first leg has 480.00 of
    its 500.00.
    """
    legs = [leg("GAA", 5, percent="10"), leg("GAA", 3, percent="90")]
    ordinary = withdrawn(held(old_3="5000.00", mid_5="480.00"), amount="5000.00", legs=legs)
    assert counts(ordinary) == ("5191.39", "-191.39", "5000.00", True)
    (reason,) = withdrawn(held(old_3="5000.00", mid_5="480.00"), amount="5000.00", legs=legs, **DEATH).message[
        "reasons"
    ]
    assert (reason["code"], reason["field"]) == ("INSUFFICIENT_VALUE", "from[0]")
    assert reason["numbers"] == {"requested": "500.00", "available": "480.00", "available_after_mva": "480.00"}


def test_mva_7_nothing_guaranteed_is_nothing_to_adjust() -> None:
    outcome = withdrawn(held(F1="1000.00"), full=True, **DEATH)
    assert (outcome.message["paid"], outcome.message["mva"]) == ("1000.00", None)
    assert "MVA-7" not in outcome.message["rules"]


def test_mva_7_a_contract_without_guaranteed_terms_has_no_adjustment_to_waive() -> None:
    book = Book(terms(*FUNDS), rates=False)
    book.deposit(deposit("d", "2021-01-04", "100.00", allocation=shares(F1="100")))
    book.close("2021-01-04")
    book.withdraw(withdrawal("w", "2021-01-05", full=True, **DEATH | {"event_date": "2021-01-01"}))
    assert only(book.close("2021-01-05")).message["paid"] == "100.00"


def test_mva_7_a_line_says_what_it_would_have_been() -> None:
    outcome = withdrawn(held(old_3="1000.00"), amount="100.00", reason="lifetime_income")
    (line,) = outcome.message["mva"]["lines"]
    assert (line["rule"], line["factor"], line["days"]) == ("MVA-2", "0.9500", 983)
    assert (line["taken"], line["adjustment"]) == ("100.00", "-5.00")
    assert outcome.message["mva"]["rules"][-2:] == ["MVA-6", "MVA-7"]

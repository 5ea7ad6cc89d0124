"""Bad withdrawals are rejected whole, with code, rule and the numbers; nothing moves (GEN-3, WDL-1, WDL-11)."""

import pytest

from services.domain.state import Participant
from tests.domain.books import Json, Outcome, only, request, withdrawal
from tests.domain.gaa import TRADE, flat, held, leg, withdrawn

Reason = tuple[str, str, str | None, dict[str, str]]
"""Code, rules, field and numbers."""
Decided = tuple[dict[str, Outcome], Participant, Participant]


def short(where: str | None, requested: str, available: str, payable: str) -> Reason:
    """More was asked for than there is, or than it pays."""
    numbers = {"requested": requested, "available": available, "available_after_mva": payable}
    return "INSUFFICIENT_VALUE", "WDL-11", where, numbers


CASES: dict[str, tuple[dict[str, object], list[Reason]]] = {
    "net, a cent above what all pays": ({"amount": "3050.01"}, [short(None, "3050.01", "3000.00", "3050.00")]),
    "gross, a cent above the value": (
        {"amount": "3000.01", "amount_type": "gross"},
        [short(None, "3000.01", "3000.00", "3050.00")],
    ),
    "net, more than a term pays": (
        {"amount": "950.01", "from": [leg("GAA", 3)]},
        [short(None, "950.01", "1000.00", "950.00")],
    ),
    "shares of legs, two of which hold too little": (
        {
            "amount": "5000.00",
            "from": [leg("F1", percent="50"), leg("GAA", 3, percent="30"), leg("GAA", 5, percent="20")],
        },
        [short("from[0]", "2500.00", "1000.00", "1000.00"), short("from[1]", "1500.00", "1000.00", "950.00")],
    ),
    "a share of a percentage above its leg": (
        {"percent": "80", "from": [leg("F1", percent="70"), leg("GAA", 3, percent="30")]},
        [short("from[0]", "1120.00", "1000.00", "1000.00")],
    ),
    "a term not held": (
        {"full": True, "from": [leg("GAA", 4)]},
        [("TERM_NOT_HELD", "GAA-6 WDL-11", "from[0].term", {"option": "GAA", "term": "4", "held": "3, 5"})],
    ),
    "options not held, not known, and a term of a fund": (
        {"full": True, "from": [leg("F2"), leg("F9"), leg("F1", 3)]},
        [
            ("OPTION_NOT_HELD", "WDL-11", "from[0].option", {"option": "F2"}),
            ("UNKNOWN_OPTION", "GEN-3", "from[1].option", {"option": "F9"}),
            ("TERM_NOT_EXPECTED", "GAA-1", "from[2].term", {"option": "F1"}),
        ],
    ),
    "overlapping legs": (
        {"full": True, "from": [leg("GAA", 3), leg("GAA")]},
        [("OPTION_NAMED_TWICE", "GEN-3", "from[0].option", {"option": "GAA"})],
    ),
    "a percentage worth less than half a cent": (
        {"percent": "0.0001"},
        [("NOTHING_TO_WITHDRAW", "WDL-1 WDL-11", None, {"available": "3000.00"})],
    ),
    "a death that nobody dates": (
        {"full": True, "reason": "death"},
        [("EVENT_DATE_NEEDED", "GEN-3 MVA-7", "event_date", {"withdrawn_for": "death"})],
    ),
    "a disability after the trade date": (
        {"full": True, "reason": "disability", "event_date": "2021-04-29"},
        [
            (
                "EVENT_IN_FUTURE",
                "GEN-3 MVA-7",
                "event_date",
                {"event_date": "2021-04-29", "trade_date": "2021-04-28"},
            )
        ],
    ),
    "an account that is not open": (
        {"full": True, "account": "employer"},
        [("UNKNOWN_ACCOUNT", "ACC-1", "account", {"account": "employer"})],
    ),
    "a submitter who may not": (
        {"full": True, "submitted_by": "stranger"},
        [("SUBMITTER_NOT_AUTHORISED", "GEN-3", "submitted_by", {"submitted_by": "stranger"})],
    ),
}
"""What the withdrawal says, and the reasons in their order."""

OF_FORM: dict[str, tuple[dict[str, object], list[str]]] = {
    "nothing": ({"amount": "0.00"}, ["AMOUNT_NOT_POSITIVE amount GEN-3"]),
    "less than nothing": ({"amount": "-1.00"}, ["AMOUNT_NOT_POSITIVE amount GEN-3"]),
    "a negative percentage": ({"percent": "-5"}, ["AMOUNT_NOT_POSITIVE percent GEN-3"]),
    "101 percent": ({"percent": "101"}, ["PERCENT_OUT_OF_RANGE None GEN-3"]),
    "no quantity": ({}, ["ONE_QUANTITY_NEEDED None GEN-3"]),
    "two quantities": ({"amount": "1.00", "full": True}, ["ONE_QUANTITY_NEEDED None GEN-3"]),
    "101 percent in legs": (
        {"amount": "1.00", "from": [leg("F1", percent="60"), leg("GAA", percent="41")]},
        ["PERCENTAGES_NOT_100 None DEP-2"],
    ),
    "a percentage on one leg only": (
        {"amount": "1.00", "from": [leg("F1", percent="100"), leg("GAA")]},
        ["PERCENTAGES_NOT_100 None DEP-2"],
    ),
    "all of it by percentages": (
        {"full": True, "from": [leg("F1", percent="60"), leg("GAA", percent="40")]},
        ["ONE_QUANTITY_NEEDED None GEN-3"],
    ),
    "a leg twice": ({"full": True, "from": [leg("GAA", 3), leg("GAA", 3)]}, ["OPTION_NAMED_TWICE None GEN-3"]),
    "no legs": ({"full": True, "from": []}, ["INVALID_VALUE from GEN-3"]),
    "no account": ({"full": True, "account": None}, ["ONE_QUANTITY_NEEDED None GEN-3"]),
    "withholding of nothing": ({"full": True, "withholding": {}}, ["ONE_QUANTITY_NEEDED withholding GEN-3"]),
    "an account twice": (
        {"full": True, "account": None, "accounts": ["pretax", "pretax"]},
        ["OPTION_NAMED_TWICE None GEN-3"],
    ),
}
"""What the withdrawal says; code, field and rules of each defect that the form alone shows."""


@pytest.fixture(scope="module")
def decided() -> Decided:
    """Every case asked of one participant on one day: outcomes by case, and the books before and after.

    P1 holds 1,000 each in F1, in old_3 at .9500 and in mid_5 at 1.1000.
    """
    book = held(F1="1000.00", old_3="1000.00", mid_5="1000.00")
    before = book.participant()
    for name, what in [(name, CASES[name][0]) for name in CASES] + [(name, OF_FORM[name][0]) for name in OF_FORM]:
        book.withdraw(withdrawal(name.replace(" ", "-"), TRADE, **what))
    book.close(TRADE, flat("6"))
    after = book.participant()
    assert before is not None
    assert after is not None
    rejections = [outcome for outcome in book.outcomes if outcome.topic == "rejections"]
    return {outcome.message["request_id"].replace("-", " "): outcome for outcome in rejections}, before, after


@pytest.mark.parametrize("name", CASES)
def test_rejected_with_every_reason_and_its_numbers(name: str, decided: Decided) -> None:
    found = [
        (reason["code"], " ".join(reason["rules"]), reason["field"], reason["numbers"])
        for reason in decided[0][name].message["reasons"]
    ]
    assert found == CASES[name][1]


@pytest.mark.parametrize("name", OF_FORM)
def test_rejected_at_once_for_its_form(name: str, decided: Decided) -> None:
    reasons = decided[0][name].message["reasons"]
    assert [f"{each['code']} {each['field']} {' '.join(each['rules'])}" for each in reasons] == OF_FORM[name][1]


def test_nothing_moved(decided: Decided) -> None:
    _, before, after = decided
    assert before.accounts == after.accounts
    assert after.sequence == before.sequence + len(CASES) + len(OF_FORM)


def test_a_participant_nobody_knows() -> None:
    outcome = withdrawn(held(F1="1.00"), full=True, participant_id="P9")
    assert (outcome.codes, outcome.key) == (["UNKNOWN_PARTICIPANT"], "C1|P9")


def test_wdl_11_an_empty_account() -> None:
    """All of nothing is nothing to withdraw; a dollar of nothing is more than there is."""
    (reason,) = withdrawn(held(), full=True).message["reasons"]
    assert (reason["code"], reason["numbers"]) == ("NOTHING_TO_WITHDRAW", {"available": "0.00"})
    (reason,) = withdrawn(held(), amount="1.00").message["reasons"]
    assert reason["numbers"] == {"requested": "1.00", "available": "0.00", "available_after_mva": "0.00"}


def test_mva_4_a_yield_that_was_never_published_refuses_the_whole_withdrawal() -> None:
    """In the first week on the books there is no week before, and so no current yield."""
    book = held(through="2021-01-06", F1="100.00", old_2="1000.00", old_3="1000.00")
    outcome = withdrawn(book, "2021-01-07", amount="10.00")
    found: list[Json] = outcome.message["reasons"]
    assert [(each["code"], each["rules"]) for each in found] == [("YIELD_NOT_KNOWN", ["MVA-2", "MVA-4"])] * 2
    assert found[0]["numbers"] == {"lot": "GAA-1", "series": "CMT", "trade_date": "2021-01-07"}
    assert withdrawn(book, "2021-01-08", amount="10.00", legs=[leg("F1")]).message["paid"] == "10.00"


def test_the_second_of_two_finds_what_the_first_left() -> None:
    """Both trade on one day, in the order received: 700 of 1,000, then 300.01 is a cent too much."""
    book = held(F1="1000.00")
    for request_id, amount in (("a", "700.00"), ("b", "300.01")):
        fields = {"account": "pretax", "reason": "in_service", "amount": amount}
        book.withdraw(request(request_id, TRADE, **fields))
    first, second = book.close(TRADE, flat("6"))
    assert first.message["paid"] == "700.00"
    (reason,) = second.message["reasons"]
    assert reason["numbers"] == {"requested": "300.01", "available": "300.00", "available_after_mva": "300.00"}
    assert only([second]).message["possible_from"] is None

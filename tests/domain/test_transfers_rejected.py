"""Bad transfers are rejected whole, with code, rule and the numbers; nothing moves (GEN-3, TRF-1, GAA-5, WDL-11)."""

import pytest

from services.domain.state import Participant
from tests.domain.books import FUNDS, Json, Outcome, fixed_account_2, fund, guaranteed, offering, shares, transfer
from tests.domain.gaa import flat, gaa_terms, held, leg, still

DAY = "2021-05-05"  # x of old_3 is 976: (1.04/1.06)^(976/365) = 0.950341 -> .9503
OPTIONS = (*FUNDS, fixed_account_2(), guaranteed(), fund("F4", closes_on=DAY), fund("F5", opens_on="2021-05-10"))
TO_F1, TO_F2 = shares(F1="100"), shares(F2="100")
F1_ALL = leg("F1", all=True)
Reason = tuple[str, str, str | None, dict[str, str]]
"""Code, rules, field and numbers."""


def short(where: str, requested: str, available: str, payable: str) -> Reason:
    """More was asked for than there is, or than it pays."""
    numbers = {"requested": requested, "available": available, "available_after_mva": payable}
    return "INSUFFICIENT_VALUE", "WDL-11", where, numbers


CASES: dict[str, tuple[list[Json], list[Json], dict[str, object], list[Reason]]] = {
    "more than there is": (
        [leg("F1", amount="1000.01")],
        TO_F2,
        {},
        [short("from[0]", "1000.01", "1000.00", "1000.00")],
    ),
    "more than it pays after the adjustment": (
        [leg("GAA", 3, amount="950.31")],
        TO_F2,
        {},
        [short("from[0]", "950.31", "1000.00", "950.30")],
    ),
    "gross, more than its value": (
        [leg("GAA", 3, amount="1000.01")],
        TO_F2,
        {"amount_type": "gross"},
        [short("from[0]", "1000.01", "1000.00", "950.30")],
    ),
    "more units than there are": (
        [leg("F1", units="100.000001")],
        TO_F2,
        {},
        [
            (
                "INSUFFICIENT_VALUE",
                "WDL-11",
                "from[0].units",
                {"requested_units": "100.000001", "held_units": "100.000000"},
            )
        ],
    ),
    "both legs hold too little": (
        [leg("F1", amount="1000.01"), leg("GAA", amount="2000.00")],
        TO_F2,
        {},
        [
            short("from[0]", "1000.01", "1000.00", "1000.00"),
            short("from[1]", "2000.00", "1000.00", "950.30"),
        ],
    ),
    "from an option into itself": (
        [F1_ALL],
        TO_F1,
        {},
        [("SAME_OPTION", "TRF-1", "to[0]", {"option": "F1"})],
    ),
    "from a guaranteed term into the same": (
        [leg("GAA", 3, all=True)],
        shares(GAA_3="100"),
        {},
        [("SAME_TERM", "TRF-1 GAA-5", "to[0]", {"option": "GAA 3y"})],
    ),
    "from all guaranteed terms into one of them": (
        [leg("GAA", all=True)],
        shares(F2="50", GAA_3="50"),
        {},
        [("SAME_TERM", "TRF-1 GAA-5", "to[1]", {"option": "GAA 3y"})],
    ),
    "a term not held": (
        [leg("GAA", 7, amount="1.00")],
        TO_F2,
        {},
        [("TERM_NOT_HELD", "GAA-6 WDL-11", "from[0].term", {"option": "GAA", "term": "7", "held": "3"})],
    ),
    "an option not held": (
        [leg("F3", amount="1.00")],
        TO_F2,
        {},
        [("OPTION_NOT_HELD", "WDL-11", "from[0].option", {"option": "F3"})],
    ),
    "unknown options on both sides": (
        [leg("F8", amount="1.00")],
        shares(F9="100"),
        {},
        [
            ("UNKNOWN_OPTION", "GEN-3", "from[0].option", {"option": "F8"}),
            ("UNKNOWN_OPTION", "GEN-3", "to[0].option", {"option": "F9"}),
        ],
    ),
    "into an option closed from this day": (
        [F1_ALL],
        shares(F2="50", F4="50"),
        {},
        [("OPTION_CLOSED", "DEP-3 TRF-1 GEN-8", None, {"closed_from": DAY, "option": "F4", "trade_date": DAY})],
    ),
    "into an option not yet open": (
        [F1_ALL],
        shares(F5="100"),
        {},
        [("OPTION_NOT_OPEN", "GEN-8", None, {"opens_on": "2021-05-10", "option": "F5", "trade_date": DAY})],
    ),
    "into a term not offered": (
        [F1_ALL],
        shares(GAA_5="100"),
        {},
        [("TERM_NOT_OFFERED", "DEP-5", None, {"option": "GAA", "term": "5", "offered": "3, 7", "offering": "MAY"})],
    ),
    "into the guaranteed account without a term": (
        [F1_ALL],
        shares(GAA="100"),
        {},
        [("TERM_NEEDED", "DEP-5 GAA-1", "to[0].term", {"option": "GAA"})],
    ),
    "a term of a fund": (
        [leg("F1", 3, all=True)],
        [{"option": "F2", "term": 3, "percent": "100"}],
        {},
        [
            ("TERM_NOT_EXPECTED", "GAA-1", "from[0].term", {"option": "F1"}),
            ("TERM_NOT_EXPECTED", "GAA-1", "to[0].term", {"option": "F2"}),
        ],
    ),
    "units of a fixed option": (
        [leg("FA2", units="1")],
        TO_F1,
        {},
        [("UNITS_ONLY_OF_FUNDS", "DEP-4", "from[0].units", {"option": "FA2"})],
    ),
    "units of a guaranteed term": (
        [leg("GAA", 3, units="1")],
        TO_F1,
        {},
        [("UNITS_ONLY_OF_FUNDS", "DEP-4", "from[0].units", {"option": "GAA"})],
    ),
    "a term that another leg takes with all others": (
        [leg("GAA", percent="10"), leg("GAA", 3, amount="1.00")],
        TO_F1,
        {},
        [("OPTION_NAMED_TWICE", "GEN-3", "from[1].option", {"option": "GAA"})],
    ),
    "units worth less than half a cent": (
        [leg("F1", units="0.000499")],
        TO_F2,
        {},
        [("NOTHING_TO_WITHDRAW", "WDL-1 WDL-11", "from[0]", {"option": "F1"})],
    ),
    "a percentage worth less than half a cent": (
        [leg("GAA", percent="0.0004")],
        TO_F2,
        {},
        [("NOTHING_TO_WITHDRAW", "WDL-1 WDL-11", "from[0]", {"option": "GAA"})],
    ),
    "everything wrong is told": (
        [leg("F3", amount="1.00"), leg("GAA", 7, units="1")],
        shares(F4="50", F9="50"),
        {},
        [
            ("OPTION_NOT_HELD", "WDL-11", "from[0].option", {"option": "F3"}),
            ("TERM_NOT_HELD", "GAA-6 WDL-11", "from[1].term", {"option": "GAA", "term": "7", "held": "3"}),
            ("UNITS_ONLY_OF_FUNDS", "DEP-4", "from[1].units", {"option": "GAA"}),
            ("UNKNOWN_OPTION", "GEN-3", "to[1].option", {"option": "F9"}),
            ("OPTION_CLOSED", "DEP-3 TRF-1 GEN-8", None, {"closed_from": DAY, "option": "F4", "trade_date": DAY}),
        ],
    ),
    "an account that is not open": (
        [F1_ALL],
        TO_F2,
        {"account": "employer"},
        [("UNKNOWN_ACCOUNT", "ACC-1", "account", {"account": "employer"})],
    ),
    "a participant nobody knows": (
        [F1_ALL],
        TO_F2,
        {"participant_id": "P9"},
        [("UNKNOWN_PARTICIPANT", "GEN-3 ACC-1", "participant_id", {"participant_id": "P9"})],
    ),
    "a submitter who may not": (
        [F1_ALL],
        TO_F2,
        {"submitted_by": "stranger"},
        [("SUBMITTER_NOT_AUTHORISED", "GEN-3", "submitted_by", {"submitted_by": "stranger"})],
    ),
}
"""Legs, where to, what else the request says, and the reasons in their order."""

OF_FORM: dict[str, tuple[list[Json], list[Json], list[str]]] = {
    "a negative percentage": ([leg("F1", percent="-5")], TO_F2, ["AMOUNT_NOT_POSITIVE from.0.percent"]),
    "no percentage": ([leg("F1", percent="0")], TO_F2, ["AMOUNT_NOT_POSITIVE from.0.percent"]),
    "101 percent of an option": ([leg("F1", percent="101")], TO_F2, ["PERCENT_OUT_OF_RANGE from.0"]),
    "an amount of nothing": ([leg("F1", amount="0.00")], TO_F2, ["AMOUNT_NOT_POSITIVE from.0.amount"]),
    "no quantity": ([leg("F1")], TO_F2, ["ONE_QUANTITY_NEEDED from.0"]),
    "two quantities": ([leg("F1", amount="1.00", percent="5")], TO_F2, ["ONE_QUANTITY_NEEDED from.0"]),
    "a leg twice": ([leg("F1", amount="1.00"), leg("F1", all=True)], TO_F2, ["OPTION_NAMED_TWICE None"]),
    "101 percent in legs": ([F1_ALL], shares(F2="60", F3="41"), ["PERCENTAGES_NOT_100 to"]),
    "99 percent in legs": ([F1_ALL], shares(F2="60", F3="39"), ["PERCENTAGES_NOT_100 to"]),
    "101 percent in one leg": ([F1_ALL], shares(F2="101"), ["PERCENT_OUT_OF_RANGE to"]),
    "no legs": ([], TO_F2, ["INVALID_VALUE from"]),
    "nowhere to": ([F1_ALL], [], ["INVALID_VALUE to"]),
}
"""Legs, where to, and code and field of each defect that the form alone shows."""


@pytest.fixture(scope="module")
def decided() -> tuple[dict[str, Outcome], Participant, Participant]:
    """Every case asked of one participant on one day: outcomes by case, and the books before and after."""
    book = held(gaa_terms(options=OPTIONS), F1="1000.00", FA2="1000.00", old_3="1000.00")
    book.publish(
        "guaranteed-offerings", offering("MAY", "2021-05-03", DAY, still(3, "2024-05-31"), still(7, "2028-05-31"))
    )
    book.close_through("2021-04-28", "2021-05-04", flat("6"))
    before = book.participant()
    for name, (legs, to, more, _) in CASES.items():
        book.transfer(transfer(name.replace(" ", "-"), DAY, legs, to, **more))
    for name, (legs, to, _) in OF_FORM.items():
        book.transfer(transfer(name.replace(" ", "-"), DAY, legs, to))
    book.close(DAY, flat("6"))
    after = book.participant()
    assert before is not None
    assert after is not None
    rejections = [outcome for outcome in book.outcomes if outcome.topic == "rejections"]
    return {outcome.message["request_id"].replace("-", " "): outcome for outcome in rejections}, before, after


Decided = tuple[dict[str, Outcome], Participant, Participant]


@pytest.mark.parametrize("name", CASES)
def test_rejected_with_every_reason_and_its_numbers(name: str, decided: Decided) -> None:
    found = [
        (reason["code"], " ".join(reason["rules"]), reason["field"], reason["numbers"])
        for reason in decided[0][name].message["reasons"]
    ]
    assert found == CASES[name][3]


@pytest.mark.parametrize("name", OF_FORM)
def test_rejected_at_once_for_its_form(name: str, decided: Decided) -> None:
    reasons = decided[0][name].message["reasons"]
    assert [f"{reason['code']} {reason['field']}" for reason in reasons] == OF_FORM[name][2]
    assert all(reason["rules"] and reason["clause"] for reason in reasons)


def test_the_sum_of_the_percentages_is_told(decided: Decided) -> None:
    (reason,) = decided[0]["101 percent in legs"].message["reasons"]
    assert "101" in reason["message"]


def test_nothing_moved(decided: Decided) -> None:
    _, before, after = decided
    assert before.accounts == after.accounts
    assert after.waiting == ()
    ours = [name for name in CASES if name != "a participant nobody knows"]
    assert after.sequence == before.sequence + len(ours) + len(OF_FORM), "each is counted, and nothing else"


def test_an_opening_day_is_when_it_would_succeed(decided: Decided) -> None:
    assert decided[0]["into an option not yet open"].message["possible_from"] == "2021-05-10"
    assert decided[0]["more than there is"].message["possible_from"] is None

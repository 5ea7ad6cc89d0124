"""FIX-6: bad reference data is refused with an alarm, and what was in force stays."""

import pytest

from contracts_schema.alarms import AlarmCode as Code
from tests.domain.books import (
    Book,
    Json,
    declared,
    deposit,
    fixed_account_2,
    fund,
    fund_value,
    guaranteed,
    guaranteed_term,
    offering,
    one_year_minimum,
    only,
    shares,
    terms,
    yields,
)

Message = tuple[str, Json]
THREE_YEARS = guaranteed_term(3, ("0.02", "2024-06-30"))
FIRST_QUARTER = offering("G1", "2021-01-01", "2021-03-31", guaranteed_term(3, ("0.02", "2024-03-31")))


def running() -> Book:
    """A contract with a fund, Fixed Account 2 and the GAA; Monday is closed, Tuesday 5 January 2021 is frozen."""
    book = Book(terms(fund("F1"), fixed_account_2(contract_minimum="0.01"), guaranteed(minimum_rate="0.01")))
    book.publish("guaranteed-offerings", FIRST_QUARTER)
    book.close("2021-01-04", cmt=((3, "0.20"),))
    return book


def value(day: str = "2021-01-05", unit_value: object = "10.5", **more: object) -> Message:
    return "fund-values", fund_value("F1", day) | {"unit_value": unit_value} | more


def curve(day: str, *points: tuple[int, str]) -> Message:
    return "market-yields", yields(day, *points)


def rate(message: Json, **more: object) -> Message:
    return "credited-rates", message | more


def version(*options: Json, **more: object) -> Message:
    return "contract-terms", terms(*options, contract_id="C2", effective_from="2021-01-06") | more


def offer(offering_id: str, start: str, end: str, term: Json = THREE_YEARS) -> Message:
    return "guaranteed-offerings", offering(offering_id, start, end, term)


MALFORMED: list[tuple[str, Message]] = [
    ("a value of zero", value(unit_value="0")),
    ("a negative value", value(unit_value="-10")),
    ("a value of seven places", value(unit_value="10.0000001")),
    ("a value of ten digits", value(unit_value="1000000000")),
    ("a value as a JSON number", value(unit_value=10.5)),
    ("a value NaN", value(unit_value="NaN")),
    ("a value with a field unknown", value(nav="1")),
    ("a value and a factor", value(net_investment_factor="1")),
    ("a value of no day", value("2021-01-32")),
    ("a value of the year 9999", value("9999-12-31")),
    ("a factor of letters that make it zero", value(unit_value=None, factor_inputs=dict.fromkeys("abde", "1"))),
    ("a factor of nothing held", value(unit_value=None, factor_inputs=dict.fromkeys("abde", "0"))),
    ("a factor beyond all measure", value(unit_value=None, factor_inputs={"a": "1", "b": "0", "d": "0.001", "e": "0"})),
    ("yields of nothing", curve("2021-01-05")),
    ("yields out of order", curve("2021-01-05", (5, "1"), (3, "1"))),
    ("a rate of 100%", rate(declared("1", "2021-01-06"))),
    ("a rate as a JSON number", rate(declared("0", "2021-01-06"), rate=0.03)),
    ("a rate of no kind", rate(declared("0.03", "2021-01-06"), kind="guessed")),
    ("terms with a negative floor", version(fixed_account_2(contract_minimum="-0.01"))),
    ("terms with more than 4% premium tax", version(premium_tax_percent="4.01")),
    ("terms with more than 6% sales charge", version(sales_charge_percent="6.01")),
    ("terms with a fee of more than $10", version(transfers={"fee": "10.01"})),
    ("terms with a negative fee", version(transfers={"fee": "-0.01"})),
    ("terms with an option twice", version(fund("F1"), fund("F1"))),
    ("terms of no options", version(options=[])),
    ("terms with a field unknown", version(colour="blue")),
    ("terms without a title", version(title="")),
    ("an offering that ends before it starts", offer("G2", "2021-06-30", "2021-04-01")),
    (
        "an offering of two rates for a year",
        offer("G2", "2021-04-01", "2021-06-30", guaranteed_term(1, ("0.02", "2021-12-31"), ("0.01", "2022-06-30"))),
    ),
    (
        "an offering of steps out of order",
        offer("G2", "2021-04-01", "2021-06-30", guaranteed_term(3, ("0.02", "2023-12-31"), ("0.01", "2022-06-30"))),
    ),
]
REFUSED: list[tuple[str, Message, Code, list[str]]] = [
    *((what, message, Code.MALFORMED, ["FIX-6"]) for what, message in MALFORMED),
    ("a value of a closed day", value("2021-01-04", "11"), Code.EFFECTIVE_TOO_LATE, ["FND-1"]),
    ("a value before the first day", value("2020-12-31"), Code.EFFECTIVE_TOO_LATE, ["FND-1"]),
    ("a value of a Saturday", value("2021-01-09"), Code.NOT_A_BUSINESS_DAY, ["GEN-1", "FND-1"]),
    ("a value of Good Friday", value("2021-04-02"), Code.NOT_A_BUSINESS_DAY, ["GEN-1", "FND-1"]),
    ("a value two years ahead", value("2023-01-04"), Code.TOO_FAR_AHEAD, ["FND-1"]),
    ("yields of a closed day", curve("2021-01-04", (3, "0.30")), Code.EFFECTIVE_TOO_LATE, ["MVA-4"]),
    ("yields two years ahead", curve("2023-01-04", (3, "0.30")), Code.TOO_FAR_AHEAD, ["MVA-4"]),
    ("a rate for a frozen day", rate(declared("0.03", "2021-01-05")), Code.EFFECTIVE_TOO_LATE, ["FIX-6"]),
    ("a rate below its floor", rate(declared("0.0099", "2021-01-06")), Code.RATE_BELOW_FLOOR, ["FIX-5", "FIX-6"]),
    ("a negative rate", rate(declared("-0.01", "2021-01-06")), Code.RATE_BELOW_FLOOR, ["FIX-5", "FIX-6"]),
    ("this year's minimum, changed", rate(one_year_minimum("0.02", 2021)), Code.EFFECTIVE_TOO_LATE, ["FIX-5"]),
    ("a minimum below its floor", rate(one_year_minimum("0.009", 2023)), Code.RATE_BELOW_FLOOR, ["FIX-5", "FIX-6"]),
    ("terms for a frozen day", version(effective_from="2021-01-05"), Code.EFFECTIVE_TOO_LATE, ["GEN-6"]),
    ("an offering in a frozen day", offer("G0", "2020-10-01", "2020-12-31"), Code.EFFECTIVE_TOO_LATE, ["GAA-1"]),
    ("an offering announced otherwise", offer("G1", "2021-04-01", "2021-06-30"), Code.CONFLICTING_VALUE, ["GAA-1"]),
    ("an offering that overlaps", offer("G2", "2021-03-31", "2021-06-30"), Code.OFFERING_OVERLAPS, ["GAA-1"]),
    (
        "an offering below the minimum",
        offer("G2", "2021-04-01", "2021-06-30", guaranteed_term(3, ("0.0099", "2024-06-30"))),
        Code.RATE_BELOW_FLOOR,
        ["GAA-1"],
    ),
]


def facts(book: Book) -> tuple[object, ...]:
    """Everything that could have changed: the log, the participant, and what the ledger knows of the market."""
    return len(book.log), book.participant(), tuple(book.service.ledger_partition.tables["market"].items())


@pytest.mark.parametrize(("message", "code", "rules"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_fix_6_refused_with_an_alarm_and_nothing_changes(message: Message, code: Code, rules: list[str]) -> None:
    book = running()
    book.deposit(deposit("d1", "2021-01-05", "100.00", allocation=shares(F1="100")))
    before = facts(book)
    outcomes = book.publish(*message)
    alarm = only(outcomes, "alarms")
    assert (alarm.key, alarm.message["code"], alarm.message["rules"]) == (code.value, code.value, rules)
    assert (alarm.message["topic"], alarm.message["message"] != "") == (message[0], True)
    assert [o.topic for o in outcomes] == (["alarms", "dead-letters"] if code is Code.MALFORMED else ["alarms"])
    assert facts(book) == before
    confirmed = only(book.close("2021-01-05", cmt=((3, "0.21"),)), "confirmations")  # the next day closes as ever
    assert confirmed.dollars() == {"F1": "100.00"}


def test_every_alarm_code_is_shown() -> None:
    elsewhere = {
        Code.NOT_AVAILABLE,  # test_availability
        Code.NO_PRIOR_UNIT_VALUE,  # test_funds
        Code.FACTOR_IMPOSSIBLE,  # test_unit_values_refused
        Code.CHARGE_ABOVE_MAXIMUM,  # test_charge_classes
        Code.DAY_OUT_OF_ORDER,  # test_waiting
        Code.HELD_FOR_RELEASE,  # test_close_held
        Code.NOTHING_HELD,  # test_close_ordered
        Code.CLOSE_LATE,  # test_close_late
        Code.CHARGE_NOT_RESET,  # test_charge_review_refused
    }
    assert {row[2] for row in REFUSED} | elsewhere == set(Code)


def test_fix_6_an_alarm_shows_what_was_refused() -> None:
    book = running()
    alarm = only(book.publish("credited-rates", b'{"kind": "declared", "rate": ' + b"9" * 5_000), "alarms").message
    assert alarm["message"].startswith("message: Invalid JSON")
    assert alarm["refused"].startswith('{"kind": "declared"')
    assert len(alarm["refused"]) == 2_000

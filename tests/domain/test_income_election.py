"""INC-1, INC-3, FIX-3, LIM-6: annuity options elected for fixed payments, by hand to the cent.

ä is the present value of 1 paid at the beginning of every period at 3.5% a year, v = 1.035^(-1/12): for ten years of
months (1 - 1.035^-10)/(1 - v) = .291081186…/.002862680… = 101.681348. On 28 April 2021 prices are 10, `old_3` of
`gaa.held` pays at .9500 and `mid_5` at 1.1000.
"""

from decimal import Decimal

import pytest

from contracts_schema.terms import ContractTerms
from services.domain.annuities import level_payment, present_value
from services.domain.numbers import cents, exact
from tests.domain.books import Book, Json, only, shares
from tests.domain.books_charges import early
from tests.domain.books_income import elected, election, paying
from tests.domain.books_loans import owing
from tests.domain.gaa import TRADE, drawn, flat, gaa_terms, held, leg, transferred, withdrawn
from tests.domain.test_loans import numbers

D = Decimal
OF_F1: Json = {"amount": "100.00", "from": [leg("F1")]}


@pytest.mark.parametrize(
    ("years", "frequency", "months", "payment"),
    [
        (3, "monthly", 1, "29.19"),
        (5, "monthly", 1, "18.12"),
        (10, "monthly", 1, "9.83"),
        (20, "monthly", 1, "5.75"),
        (30, "monthly", 1, "4.45"),
        (3, "quarterly", 3, "87.33"),
        (3, "semiannual", 6, "173.91"),
    ],
)
def test_fix_3_payments_of_1000_dollars_at_the_guaranteed_rate(
    years: int, frequency: str, months: int, payment: str
) -> None:
    """As the usual tables of option 3 at 3.5% have them, which count from the first payment on."""
    assert str(cents(exact(level_payment)(D(1000), D("0.035"), 0, years * 12 // months, months))) == payment
    outcome = elected(held(paying(), F1="1000.00"), years=years, frequency=frequency)
    assert outcome.message["details"]["payment"] == payment


def test_inc_3_an_amount_without_interest_is_paid_back_as_it_is() -> None:
    assert present_value(D(0), 36, 1) == 36
    assert level_payment(D(3600), D(0), 30, 36, 1) == D("100")


def test_inc_3_an_election_applies_the_amount_and_tells_the_payments() -> None:
    """Three payments a year apart: 1 + 1/1.035 + 1/1.035² = 2.899694; 12,000/2.899694 = 4,138.37."""
    book = held(paying(), F1="9000.00", F2="6000.00")
    outcome = elected(book, amount="12000.00", years=3, frequency="annual", payee="P1's bank")
    message = outcome.message
    assert (outcome.topic, message["kind"], message["account"]) == ("confirmations", "income_elected", "pretax")
    assert outcome.dollars() == {"F1": "-7200.00", "F2": "-4800.00"}
    assert (message["gross"], message["applied"], message["paid"]) == ("12000.00", "12000.00", None)
    assert message["debits"] == message["credits"] == "12000.00"
    assert message["details"] == {
        "annuity": "period_certain",
        "payments": "fixed",
        "frequency": "annual",
        "first_payment": TRADE,
        "payee": "P1's bank",
        "years": "3",
        "number_of_payments": "3",
        "rate": "0.035",
        "payment": "4138.37",
    }
    assert message["rules"] == ["GEN-2", "WDL-1", "INC-3", "FIX-3", "GEN-7"]
    assert message["annuity_units"] is None
    assert book.units("F1") == D("180.000000")


def test_fix_3_the_amount_earns_the_rate_until_the_first_payment() -> None:
    """30 days: 10,000 × 1.035^(30/365) = 10,028.315…, over 101.681348 = 98.62."""
    outcome = elected(held(paying(), F1="10000.00"), first_payment="2021-05-28")
    assert outcome.message["details"]["payment"] == "98.62"


def test_fix_3_a_higher_rate_is_a_term_and_a_lower_one_is_refused() -> None:
    """1,000 at 5% for ten years of months: 10.51."""
    outcome = elected(held(paying(fixed_rate="0.05"), F1="1000.00"))
    assert outcome.message["details"]["payment"] == "10.51"
    alarm = only(Book().publish("contract-terms", paying(fixed_rate="0.0349")), "alarms")
    assert "no less than 0.035 (FIX-3)" in alarm.message["message"]


@pytest.mark.parametrize(("years", "done"), [(2, False), (3, True), (30, True), (31, False)])
def test_inc_3_option_3_is_of_3_to_30_years(years: int, done: bool) -> None:  # noqa: FBT001
    outcome = elected(held(paying(), F1="1000.00"), years=years)
    assert outcome.topic == ("confirmations" if done else "rejections")
    if not done:
        assert outcome.codes == ["YEARS_OUT_OF_RANGE"]
        assert numbers(outcome) == {"years": str(years), "shortest": "3", "longest": "30"}
        assert outcome.message["rules"] == ["INC-3"]


def test_inc_3_the_first_payment_is_not_of_a_day_before_the_trade_date() -> None:
    book = held(paying(), F1="1000.00")
    outcome = elected(book, first_payment="2021-04-27")
    assert outcome.codes == ["FIRST_PAYMENT_TOO_SOON"]
    assert numbers(outcome)["earliest"] == TRADE


def test_inc_1_guaranteed_terms_are_left_for_lifetime_income_by_a_positive_aggregate_only() -> None:
    """Net 190 of a term at .9500 takes 190.00: the aggregate of -9.50 does not count for a lifetime option (MVA-7)."""
    outcome = elected(held(paying(), old_3="1000.00"), annuity="lifetime", amount="190.00")
    assert drawn(outcome) == {"old_3": ("190.00", "0.9500", "-9.50")}
    message = outcome.message
    assert (message["gross"], message["applied"], message["mva"]["not_applied_by"]) == ("190.00", "190.00", "MVA-7")
    assert message["debits"] == message["credits"] == "190.00"
    assert {"INC-1", "MVA-7"} < set(message["rules"])
    assert message["details"] == {
        "annuity": "lifetime",
        "payments": "fixed",
        "frequency": "monthly",
        "first_payment": TRADE,
    }


def test_inc_1_guaranteed_terms_are_left_for_option_3_with_either_adjustment() -> None:
    """Net 190 at .9500 takes 200.00; 190/101.681348 = 1.87 a month."""
    outcome = elected(held(paying(), old_3="1000.00"), amount="190.00")
    assert drawn(outcome) == {"old_3": ("200.00", "0.9500", "-10.00")}
    message = outcome.message
    assert (message["gross"], message["applied"], message["details"]["payment"]) == ("200.00", "190.00", "1.87")
    assert message["debits"] == message["credits"] == "200.00"
    assert "INC-1" in message["rules"]
    assert "MVA-7" not in message["rules"]


def test_mva_7_a_positive_aggregate_counts_for_lifetime_income() -> None:
    """1,000.00 at 1.1000 come to 1,100.00."""
    message = elected(held(paying(), mid_5="1000.00"), annuity="lifetime").message
    assert (message["gross"], message["applied"], message["mva"]["applied"]) == ("1000.00", "1100.00", True)


def test_inc_3_percentages_of_legs_and_of_the_account() -> None:
    """Half of 3,000, of which 60% from F1 and 40% from F2."""
    legs = [leg("F1", percent="60"), leg("F2", percent="40")]
    book = held(paying(), F1="1000.00", F2="2000.00")
    assert elected(book, **{"percent": "50", "from": legs}).dollars() == {"F1": "-900.00", "F2": "-600.00"}
    assert elected(book, "2021-04-29", percent="10").dollars() == {"F1": "-10.00", "F2": "-140.00"}


@pytest.mark.parametrize(
    ("contract", "order", "codes"),
    [
        (gaa_terms(), {}, ["INCOME_NOT_GIVEN"]),
        (paying(), {"amount": "1000.01"}, ["INSUFFICIENT_VALUE"]),
        (paying(), {"amount": "1.00", "from": [leg("F2")]}, ["OPTION_NOT_HELD"]),
        (paying(), {"amount": "1.00", "from": [leg("F9")]}, ["UNKNOWN_OPTION"]),
        (paying(), {"amount": "0.50"}, ["NOTHING_TO_APPLY"]),
        (paying(), {"account": "employer"}, ["UNKNOWN_ACCOUNT"]),
        (paying(), {"years": 2, "first_payment": "2021-04-27"}, ["YEARS_OUT_OF_RANGE", "FIRST_PAYMENT_TOO_SOON"]),
    ],
)
def test_inc_3_elections_that_are_refused(contract: Json, order: Json, codes: list[str]) -> None:
    """0.50/101.68 is less than half a cent a month."""
    book = held(contract, F1="1000.00")
    assert elected(book, **order).codes == codes
    assert book.units("F1") == D("100.000000")


def test_inc_3_nothing_is_applied_of_an_empty_account() -> None:
    book = held(paying(), F1="1000.00")
    withdrawn(book, full=True)
    assert elected(book, "2021-04-29", annuity="lifetime").codes == ["NOTHING_TO_APPLY"]


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"amount": "1.00", "percent": "1"}, "ONE_QUANTITY_NEEDED"),
        ({"percent": "100.01"}, "PERCENT_OUT_OF_RANGE"),
        ({"years": None}, "INVALID_VALUE"),
        ({"payments": "variable"}, "INVALID_VALUE"),
        ({"funds": shares(F1="100")}, "INVALID_VALUE"),
        ({"from": [leg("F1", percent="100"), leg("F2")], "amount": "1.00"}, "PERCENTAGES_NOT_100"),
        ({"from": [leg("F1", percent="100")]}, "ONE_QUANTITY_NEEDED"),
        ({"from": [leg("F1"), leg("F1")]}, "OPTION_NAMED_TWICE"),
    ],
)
def test_elections_not_in_good_order(order: Json, code: str) -> None:
    assert only(held(paying(), F1="1000.00").instruct(election("e", TRADE, **order))).codes == [code]


def test_terms_of_income_not_in_good_order() -> None:
    for income in (
        {"shortest_years": 5, "longest_years": 4},
        {"variable": {"charge_class": "ANN", "options": ["FA2"]}},
        {"variable": {"charge_class": "ANN", "options": ["F9"]}},
    ):
        assert only(Book().publish("contract-terms", paying(**income)), "alarms").message["code"] == "MALFORMED"


def test_wdl_9_a_loan_outstanding_keeps_value_from_being_applied() -> None:
    book = held({**paying(), "loans": {}}, F1="1000.00")
    owing(book, "300.00")
    refused = elected(book)
    assert refused.codes == ["LOAN_OUTSTANDING"]
    assert numbers(refused)["available"] == "700.00"
    outcome = elected(book, "2021-04-29", amount="700.00")
    assert outcome.message["details"]["kept_for_loans"] == "300.00"
    assert "WDL-9" in outcome.message["rules"]


@pytest.mark.parametrize(("option", "rules"), [("FA2", {"LIM-6", "INC-3"}), ("F1", {"TRF-1"}), ("GAA", {"TRF-1"})])
def test_lim_6_nothing_is_transferred_once_an_annuity_option_is_elected(option: str, rules: set[str]) -> None:
    """From the fixed options by LIM-6, from the others because they may only be left before (TRF-1)."""
    book = held(paying(), F1="1000.00", FA2="1000.00", old_3="1000.00")
    elected(book, **OF_F1)
    outcome = transferred(book, [leg(option, amount="10.00")], shares(F2="100"), "2021-04-29")
    (found,) = [each for each in outcome.message["reasons"] if each["code"] == "INCOME_ELECTED"]
    assert set(found["rules"]) == rules
    assert found["numbers"] == {"option": option, "elected_on": TRADE}


def test_lim_6_the_terms_may_leave_funds_to_be_transferred() -> None:
    book = held(paying(transfers_after_election="funds"), F1="1000.00", FA2="1000.00")
    elected(book, **OF_F1)
    assert transferred(book, [leg("F1", amount="10.00")], shares(F2="100"), "2021-04-29").topic == "confirmations"
    barred = transferred(book, [leg("FA2", amount="10.00")], shares(F2="100"), "2021-04-30")
    assert "INCOME_ELECTED" in barred.codes


def test_gen_6_annuity_options_change_for_participants_covered_from_then_on() -> None:
    """P1 was covered when option 3 paid for 3 years; a version that asks for 5 is for others."""
    book = held(paying(), F1="1000.00")
    version = {**paying(shortest_years=5), "version": 2, "effective_from": "2021-04-29"}
    assert book.publish("contract-terms", version) == []
    book.close(TRADE, flat("6"))
    assert elected(book, "2021-04-29", years=3).topic == "confirmations"
    book = held(paying(), F1="1000.00")
    assert book.publish("contract-terms", {**version, "applies_to": "new_and_existing"}) == []
    book.close(TRADE, flat("6"))
    assert elected(book, "2021-04-29", years=3).codes == ["YEARS_OUT_OF_RANGE"]


def test_a_contract_may_say_its_income_terms() -> None:
    terms = ContractTerms.model_validate(paying(variable={"charge_class": "ANN", "options": ["F1"]}))
    assert terms.income is not None
    assert terms.income.variable is not None
    assert (str(terms.income.fixed_rate), terms.income.variable.notice_days) == ("0.035", 30)


def test_mva_4_a_yield_that_was_never_published_refuses_the_election() -> None:
    """In the first week on the books there is no week before, and so no current yield."""
    book = held(paying(), through="2021-01-06", old_2="1000.00")
    assert elected(book, "2021-01-07", amount="10.00").codes == ["YIELD_NOT_KNOWN"]


@pytest.mark.parametrize("due", ["annuitisation", "withdrawal"])
def test_dep_1_premium_tax_that_is_due_comes_off_what_is_applied(due: str) -> None:
    """2% of the 1,000.00 taken; net 490 takes 500.00, of which the tax is 10.00. 980/101.681348 = 9.64 a month."""
    contract = {**paying(), "premium_tax_percent": "2", "premium_tax_due": due}
    message = elected(held(contract, F1="1000.00")).message
    assert (message["gross"], message["applied"], message["details"]["payment"]) == ("1000.00", "980.00", "9.64")
    assert [(charge["what"], charge["amount"]) for charge in message["charges"]] == [("premium_tax", "20.00")]
    assert message["debits"] == message["credits"] == "1000.00"
    assert "DEP-1" in message["rules"]
    net = elected(held(contract, F1="1000.00"), amount="490.00").message
    assert (net["gross"], net["applied"]) == ("500.00", "490.00")


@pytest.mark.parametrize(("exempt", "applied"), [([], "950.00"), (["nonlifetime_income"], "1000.00")])
def test_wdl_4_the_early_withdrawal_charge_is_that_of_a_withdrawal_for_income(exempt: list[str], applied: str) -> None:
    """5% of 1,000.00, unless the contract's terms exempt the reason."""
    contract = {**paying(), "early_withdrawal_charge": early("5", exempt_reasons=exempt)}
    assert elected(held(contract, F1="1000.00")).message["applied"] == applied


def test_wdl_14_a_charge_rounded_once_may_lack_the_last_cent_of_what_is_to_be_applied() -> None:
    """5% of 10.08 is .504, of both together 1.01: each leaves 9.58, both 19.15: halves of 19.16 are too much."""
    halves = [leg("F1", percent="50"), leg("F2", percent="50")]
    book = held({**paying(), "early_withdrawal_charge": early("5")}, F1="10.08", F2="10.08")
    refused = elected(book, **{"amount": "19.16", "from": halves})
    assert refused.codes == ["INSUFFICIENT_VALUE"]
    assert numbers(refused)["available_after_charges"] == "19.15"

"""WDL-4, WDL-14: the early withdrawal charge, and what is taken for a net amount where it comes off.

The lots of `gaa.held`: old_2 at .9528, old_3 at .9500, mid_5 at 1.1000, new_3 and new_5 at 1.0000; prices are 10.
"""

from decimal import Decimal

from tests.domain.books import (
    Book,
    declared,
    deposit,
    fund,
    only,
    request,
    shares,
    terms,
    withdrawal,
)
from tests.domain.books_charges import by_years, charging, early, figures, off
from tests.domain.gaa import TRADE, drawn, flat, gaa_terms, held, leg, withdrawn

D = Decimal


def test_wdl_14_the_rules_own_net_amount() -> None:
    """2000/(.9528 − .05) = 2215.3301; 5% of 2215.33 is 110.7665; 2000.00 + 110.77 − 2215.33 = −104.56."""
    book = held(charging(), old_2="5000.00")
    outcome = withdrawn(book, amount="2000.00")
    assert figures(outcome) == ("2215.33", "-104.56", "110.77", "2000.00")
    assert (outcome.message["debits"], book.lots()[0].units) == ("2215.33", D("2784.670000"))
    (charge,) = outcome.message["charges"]
    assert (charge["basis"], charge["rules"]) == ("5% of 2215.33", ["WDL-4", "WDL-14"])
    assert {"WDL-1", "WDL-3", "WDL-4", "WDL-14", "MVA-5", "MVA-6", "GEN-7"} <= set(outcome.message["rules"])
    assert outcome.message["details"]["early_withdrawal_charge"] == "5%: installment account of 0 completed years"


def test_wdl_14_the_rules_own_full_withdrawal_after_its_fee() -> None:
    """Of the 9,950.00 that a fee of 50.00 leaves of 10,000.00: 9950 × .0472 = 469.64, 5% = 497.50."""
    outcome = withdrawn(held(charging(), old_2="9950.00"), full=True)
    assert figures(outcome) == ("9950.00", "-469.64", "497.50", "8982.86")


def test_wdl_14_gross_and_percent_fix_the_value_taken() -> None:
    """1,000 of a lot at .9500: −50.00 and 5% of 1,000.00; 12.5% of 4,000.00 is 500.00: −25.00 and −25.00."""
    book = held(charging(), old_3="5000.00")
    assert figures(withdrawn(book, amount="1000.00", amount_type="gross")) == ("1000.00", "-50.00", "50.00", "900.00")
    assert figures(withdrawn(book, "2021-04-29", percent="12.5")) == ("500.00", "-25.00", "25.00", "450.00")


def test_pitfall_adjustment_and_charge_on_a_net_amount_over_two_lots_and_a_fund() -> None:
    """WDL-14: a third each at 1, .95 and 1.10 leaves .95 + .90 + 1.05 of a dollar: net 580 is a fifth of 2,900.

    The charge is of the value taken alone: were it of what is paid, or the MVA solved for first, 580.00 would not come.
    """
    outcome = withdrawn(held(charging(), F1="1000.00", old_3="1000.00", mid_5="1000.00"), amount="580.00")
    assert figures(outcome) == ("600.00", "10.00", "30.00", "580.00")
    assert drawn(outcome) == {"old_3": ("200.00", "0.9500", "-10.00"), "mid_5": ("200.00", "1.1000", "20.00")}


def test_wdl_14_cents_left_over_are_the_adjustment() -> None:
    """Net 500: s = 500/2900, 172.41 each, 5% of 517.23 is 25.86; 172.41 + 163.79 + 189.65 − 25.86 lacks a cent."""
    outcome = withdrawn(held(charging(), F1="1000.00", old_3="1000.00", mid_5="1000.00"), amount="500.00")
    assert figures(outcome) == ("517.23", "8.63", "25.86", "500.00")
    assert drawn(outcome) == {"old_3": ("172.41", "0.9500", "-8.61"), "mid_5": ("172.41", "1.1000", "17.24")}


def test_wdl_14_without_adjustment_a_cent_more_is_taken() -> None:
    """Net 500 of F1 1,000 and F2 500: 500/.95 = 526.3157. Of 526.31 the charge is 26.32 (26.3155) and 499.99 is left,
    of 526.32 it is 26.32 (26.316) and 500.00 is left: two thirds of that are 350.88.
    """
    outcome = withdrawn(held(charging(), F1="1000.00", F2="500.00"), amount="500.00")
    assert figures(outcome) == ("526.32", "0.00", "26.32", "500.00")
    assert outcome.dollars() == {"F1": "-350.88", "F2": "-175.44"}


def test_wdl_4_the_base_may_be_the_value_after_adjustment() -> None:
    """1,000 at .9500 are 950.00, 5% of them 47.50. Net 500: 500/(.95 × .95) = 554.02; 526.32 after, charge 26.32."""
    after = charging(charge={"base": "after_adjustment"})
    full = withdrawn(held(after, old_3="1000.00"), full=True)
    assert figures(full) == ("1000.00", "-50.00", "47.50", "902.50")
    assert full.message["charges"][0]["basis"] == "5% of 950.00"
    assert figures(withdrawn(held(after, old_3="1000.00"), amount="500.00")) == ("554.02", "-27.70", "26.32", "500.00")


def test_wdl_4_after_adjustment_the_base_at_par_is_the_value_taken() -> None:
    """On death 1,000 at .9500 are paid at par (MVA-7): 5% of 1,000.00."""
    book = held(charging(charge={"base": "after_adjustment"}), old_3="1000.00")
    outcome = withdrawn(book, full=True, reason="death", event_date="2021-04-01")
    assert figures(outcome) == ("1000.00", "-50.00", "50.00", "950.00")
    assert outcome.message["mva"]["not_applied_by"] == "MVA-7"


def test_wdl_4_an_account_opened_for_a_lump_sum_bears_that_charge() -> None:
    """500.00 of each: 5% of the account of installments is 25.00, 3% of the other 15.00."""
    charge = {"installment": by_years((0, "5")), "lump_sum": by_years((0, "3"))}
    book = held(gaa_terms(early_withdrawal_charge=charge), F1="500.00")
    order = {"kind": "open_account", "account": "employer", "payments": "lump_sum"}
    book.instruct(request("lump", "2021-04-28", instruction=order))
    book.deposit(deposit("d", "2021-04-28", "500.00", account="employer", allocation=shares(F1="100")))
    book.close("2021-04-28", flat("6"))
    assert off(withdrawn(book, "2021-04-29", full=True)) == {"early_withdrawal_charge": "25.00"}
    outcome = withdrawn(book, "2021-04-30", full=True, account="employer")
    assert off(outcome) == {"early_withdrawal_charge": "15.00"}


def test_wdl_4_a_quote_of_an_account_opened_since_the_last_close() -> None:
    """As of the close of the 27th the employer account, opened on the 28th, is in its first year, and holds nothing."""
    book = held(charging(), F1="500.00")
    book.instruct(request("o", TRADE, instruction={"kind": "open_account", "account": "employer"}))
    message = withdrawal("q", TRADE, mode="quote", account="employer", amount="10.00")
    quote = only(book.withdraw(message), "quotes")
    assert quote.codes == ["INSUFFICIENT_VALUE"]
    assert quote.message["reasons"][0]["numbers"]["available"] == "0.00"


def test_wdl_4_reasons_may_be_exempt() -> None:
    book = held(charging(charge={"exempt_reasons": ["death", "separation"]}), F1="1000.00")
    outcome = withdrawn(book, amount="100.00", reason="separation")
    assert figures(outcome) == ("100.00", "0.00", "0.00", "100.00")
    assert outcome.message["details"]["early_withdrawal_charge"] == "none on separation"
    assert "WDL-4" in outcome.message["rules"]
    assert figures(withdrawn(book, "2021-04-29", amount="95.00")) == ("100.00", "0.00", "5.00", "95.00")


def test_wdl_4_options_may_be_exempt() -> None:
    """Half of F1 and F2: only F2's half bears 10%. Net 190 leaves 1 and .90 of a dollar: 100.00 of each."""
    book = held(charging("10", charge={"exempt_options": ["F1"]}), F1="1000.00", F2="1000.00")
    outcome = withdrawn(book, amount="190.00")
    assert figures(outcome) == ("200.00", "0.00", "10.00", "190.00")
    assert outcome.message["charges"][0]["basis"] == "10% of 100.00"


def test_wdl_4_fixed_plus_account_2_bears_none_in_any_contract() -> None:
    """DAC §6.04: of 1,000.00 in F1 and as much in Fixed Plus Account II only F1's half of 100.00 bears 5%."""
    plus = {"kind": "fixed_plus_account_2", "option": "FP2"}
    book = Book(terms(fund("F1"), plus, early_withdrawal_charge=early()), rates=False)
    book.publish("credited-rates", declared("0.03", option="FP2"))
    book.deposit(deposit("d", "2021-01-04", "2000.00", allocation=shares(F1="50", FP2="50")))
    book.close("2021-01-04")
    book.withdraw(withdrawal("w", "2021-01-05", amount="100.00", amount_type="gross", **{"from": HALVES}))
    outcome = only(book.close("2021-01-05"))
    assert figures(outcome) == ("100.00", "0.00", "2.50", "97.50")
    assert outcome.message["charges"][0]["basis"] == "5% of 50.00"


HALVES = [leg("F1", percent="50"), leg("FP2", percent="50")]


def test_wdl_4_the_same_for_roth() -> None:
    """ROTH, Withdrawal Charges: 5% of what the Roth account pays, as of any other."""
    contract = charging(accounts=["pretax", "roth"])
    book = held(contract, F1="1000.00")
    into_roth = {"account": "roth", "source": "roth_salary_reduction", "allocation": shares(F1="100")}
    book.deposit(deposit("d", TRADE, "500.00", **into_roth))
    book.close(TRADE, flat("6"))
    assert figures(withdrawn(book, "2021-04-29", account="roth", full=True)) == ("500.00", "0.00", "25.00", "475.00")


def test_wdl_4_contracts_without_a_schedule_have_none_at_all() -> None:
    """E-FA2 §10: nothing is deducted, and nothing is said of a charge."""
    outcome = withdrawn(held(F1="1000.00"), full=True)
    assert figures(outcome) == ("1000.00", "0.00", "0.00", "1000.00")
    assert "WDL-4" not in outcome.message["rules"]
    assert outcome.message["details"] == {"reason": "in_service"}


def test_wdl_4_more_than_is_left_is_refused() -> None:
    """1,000.00 at .9500 less 5%: 900.00 is all there is."""
    book = held(charging(), old_3="1000.00")
    refused = withdrawn(book, amount="900.01")
    assert refused.codes == ["INSUFFICIENT_VALUE"]
    numbers = {"requested": "900.01", "available": "1000.00"}
    numbers |= {"available_after_mva": "950.00", "available_after_charges": "900.00"}
    assert refused.message["reasons"][0]["numbers"] == numbers
    assert figures(withdrawn(book, "2021-04-29", amount="900.00")) == ("1000.00", "-50.00", "50.00", "900.00")


def test_wdl_4_a_charge_that_leaves_nothing_is_refused() -> None:
    """100% of the value after adjustment; of a charge before it more would come off than is paid."""
    for base in ("value_taken", "after_adjustment"):
        book = held(charging("100", charge={"base": base}), old_3="1000.00")
        assert withdrawn(book, full=True).codes == ["NOTHING_TO_WITHDRAW"]
        assert withdrawn(book, "2021-04-29", amount="1.00").codes == ["INSUFFICIENT_VALUE"]


def test_wdl_14_legs_with_percentages_are_charged_together() -> None:
    """Net 1,000, 60% of F1 and 40% of old_3: 600/.95 = 631.58, 400/.90 = 444.44; 5% of 1076.02 is 53.80."""
    book = held(charging(), F1="2000.00", old_3="2000.00")
    legs = [leg("F1", percent="60"), leg("GAA", 3, percent="40")]
    outcome = withdrawn(book, amount="1000.00", legs=legs)
    assert figures(outcome) == ("1076.02", "-22.22", "53.80", "1000.00")
    assert outcome.dollars() == {"F1": "-631.58", "GAA": "-444.44"}


def test_wdl_14_a_charge_rounded_once_may_lack_the_last_cent() -> None:
    """5% of 10.08 is .504, of both together 1.01: each leaves 9.58, both 19.15: halves of 19.16 are too much."""
    halves = [leg("F1", percent="50"), leg("F2", percent="50")]
    book = held(charging(), F1="10.08", F2="10.08")
    refused = withdrawn(book, amount="19.16", legs=halves)
    assert refused.codes == ["INSUFFICIENT_VALUE"]
    assert refused.message["reasons"][0]["numbers"]["available_after_charges"] == "19.15"
    assert figures(withdrawn(book, "2021-04-29", amount="19.15", legs=halves)) == ("20.16", "0.00", "1.01", "19.15")


def test_wdl_14_a_charge_rounded_once_may_leave_a_cent_too_many() -> None:
    """5% of 10.10 is .505, .51 each: each leaves 9.59, but both 19.19 (1.01 off 20.20); of 20.19 it leaves 19.18."""
    halves = [leg("F1", percent="50"), leg("F2", percent="50")]
    outcome = withdrawn(held(charging(), F1="10.10", F2="10.10"), amount="19.18", legs=halves)
    assert figures(outcome) == ("20.19", "0.00", "1.01", "19.18")
    assert outcome.dollars() == {"F1": "-10.09", "F2": "-10.10"}


def test_mva_10_a_guaranteed_death_benefit_is_paid_after_its_charge() -> None:
    """Deposits of 1,000.00 at par less 5% are 950.00: 50.00 is added, so that no less than the purchases is paid."""
    book = held(charging(death_benefit="greater_of_purchases"), old_3="1000.00")
    outcome = withdrawn(book, full=True, reason="death", event_date="2021-04-01")
    assert figures(outcome) == ("1000.00", "-50.00", "50.00", "1000.00")
    assert outcome.message["guarantee"] == "50.00"


def test_wdl_10_what_may_come_back_is_what_was_payable() -> None:
    """1,000.00 less 5% is payable; of the 95.00 withheld the owner may put back as much from elsewhere."""
    contract = charging(reinvestment={})
    book = held(contract, F1="1000.00")
    outcome = withdrawn(book, full=True, withholding={"percent": "10"})
    assert (outcome.message["payable"], outcome.message["paid"]) == ("950.00", "855.00")
    kept = book.account().full_withdrawal
    assert kept is not None
    assert kept.paid == D("950.00")


def test_gen_6_surrender_value_changes_for_participants_covered_from_then_on() -> None:
    """E-FA2 §4(h): version 2 charges 5%, but P1 was covered before it."""
    change = {"version": 2, "effective_from": "2021-04-29", "early_withdrawal_charge": early()}
    for applies_to, charge in (("new", "0.00"), ("new_and_existing", "50.00")):
        book = held(F1="1000.00")
        book.publish("contract-terms", gaa_terms(**change, applies_to=applies_to))
        book.close(TRADE, flat("6"))
        assert figures(withdrawn(book, "2021-04-29", full=True))[2] == charge

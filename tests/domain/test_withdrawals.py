"""WDL-1, WDL-2, WDL-3, WDL-14 (without charge and tax): what a withdrawal takes and pays, by hand to the cent.

The lots of `gaa.held`: old_2 at .9528, old_3 at .9500, mid_5 at 1.1000, new_3 and new_5 at 1.0000; prices are 10.
"""

from decimal import Decimal

import pytest

from tests.domain.books import Outcome, deposit, guaranteed, only, shares, withdrawal
from tests.domain.gaa import TRADE, drawn, flat, gaa_terms, held, leg, withdrawn

D = Decimal
GAA = [leg("GAA")]


def paid(outcome: Outcome) -> tuple[str, str, str]:
    """(value taken, aggregate adjustment, paid) of a withdrawal; it must balance, leg by leg."""
    message = outcome.message
    assert outcome.topic == "confirmations", message
    assert message["debits"] == message["credits"]
    assert sum(D(each["dollars"]) for each in message["legs"]) == -D(message["gross"])
    return message["gross"], message["mva"]["aggregate"] if message["mva"] else "0.00", message["paid"]


@pytest.mark.parametrize(
    ("name", "term", "taken", "adjustment"),
    [("old_2", 2, "2099.08", "-99.08"), ("old_3", 3, "2105.26", "-105.26"), ("mid_5", 5, "1818.18", "181.82")],
)
def test_wdl_3_a_check_for_2000_dollars(name: str, term: int, taken: str, adjustment: str) -> None:
    """2000/.9528 (Appendix I), 2000/.9500 and 2000/1.1000."""
    book = held(None, **{name: "5000.00"})
    outcome = withdrawn(book, amount="2000.00", legs=[leg("GAA", term)])
    assert paid(outcome) == (taken, adjustment, "2000.00")
    assert book.lots()[0].units == 5000 - D(taken)
    rules = {"GEN-2", "WDL-1", "WDL-2", "WDL-3", "WDL-14", "GAA-2", "MVA-2", "MVA-3", "MVA-4", "MVA-5", "MVA-6"}
    assert set(outcome.message["rules"]) == rules | {"GEN-7"}


def test_wdl_3_gross_percent_and_full_pay_the_part_times_its_factor() -> None:
    gross = withdrawn(held(old_3="5000.00"), amount="1000.00", amount_type="gross")
    assert paid(gross) == ("1000.00", "-50.00", "950.00")
    percent = withdrawn(held(old_3="5000.00"), percent="12.5")
    assert paid(percent) == ("625.00", "-31.25", "593.75")
    book = held(old_3="5000.00")
    full = withdrawn(book, full=True)
    assert paid(full) == ("5000.00", "-250.00", "4750.00")
    assert book.lots() == ()


def test_wdl_1_pro_rata_over_every_option_before_the_adjustment() -> None:
    """A third of 3,000 each in F1, old_3 and mid_5: net 610 is a fifth, 200 + 190 + 220."""
    book = held(F1="1000.00", old_3="1000.00", mid_5="1000.00")
    outcome = withdrawn(book, amount="610.00")
    assert paid(outcome) == ("600.00", "10.00", "610.00")
    assert drawn(outcome) == {"old_3": ("200.00", "0.9500", "-10.00"), "mid_5": ("200.00", "1.1000", "20.00")}
    assert outcome.dollars() == {"F1": "-200.00", "GAA": "-200.00 -200.00"}
    assert (book.units("F1"), [lot.units for lot in book.lots()]) == (D("80.000000"), [D("800.000000")] * 2)


def test_wdl_1_cents_left_over_go_to_the_largest_adjusted_lot() -> None:
    """Net 500: s = 500/3050 = .163934, 163.93 of each; 163.93 + 155.73 + 180.32 are two cents short."""
    outcome = withdrawn(held(F1="1000.00", old_3="1000.00", mid_5="1000.00"), amount="500.00")
    assert paid(outcome) == ("491.79", "8.21", "500.00")
    assert drawn(outcome) == {"old_3": ("163.93", "0.9500", "-8.18"), "mid_5": ("163.93", "1.1000", "16.39")}


def test_wdl_1_without_adjustments_they_go_to_the_largest_option() -> None:
    """A hundred of three equal funds: the contract's first takes the odd cent, in whatever order they are named."""
    funds = {"F1": "1000.00", "F2": "1000.00", "F3": "1000.00"}
    expected = {"F1": "-33.34", "F2": "-33.33", "F3": "-33.33"}
    assert withdrawn(held(None, **funds), amount="100.00").dollars() == expected
    legs = [leg("F3"), leg("F2"), leg("F1")]
    assert withdrawn(held(None, **funds), amount="100.00", legs=legs).dollars() == expected


def test_wdl_2_the_rules_own_example_pays_295() -> None:
    """Three-year old at .95, three-year new and five-year at 1.00, $1,000 each, gross $300: over every term alike."""
    outcome = withdrawn(held(old_3="1000.00", new_3="1000.00", new_5="1000.00"), amount="300.00", amount_type="gross")
    assert paid(outcome) == ("300.00", "-5.00", "295.00")
    assert [taken for taken, _, _ in drawn(outcome).values()] == ["100.00", "100.00", "100.00"]


def test_wdl_2_the_option_named_as_a_whole_is_every_term_of_it() -> None:
    book = held(F1="1000.00", old_3="1000.00", new_3="1000.00", new_5="1000.00")
    outcome = withdrawn(book, amount="300.00", amount_type="gross", legs=GAA)
    assert paid(outcome) == ("300.00", "-5.00", "295.00")
    assert book.units("F1") == D("100.000000")


def test_gaa_6_a_chosen_duration_is_drawn_oldest_first() -> None:
    """Net 1,100 of the three-year terms: 1,000 × .95, then 150 of the new one; the five-year term is not touched."""
    book = held(old_3="1000.00", new_3="1000.00", new_5="1000.00")
    outcome = withdrawn(book, amount="1100.00", legs=[leg("GAA", 3)])
    assert paid(outcome) == ("1150.00", "-50.00", "1100.00")
    assert drawn(outcome) == {"old_3": ("1000.00", "0.9500", "-50.00"), "new_3": ("150.00", "1.0000", "0.00")}


def test_wdl_1_pro_rata_over_chosen_legs_over_the_end_of_a_lot() -> None:
    """F1 of 2,000 and three-year terms of 100 at .95 and 1,900 at 1.00, net 395: .05 pays 195, then 4,000 a share.

    s = .05 + 200/4000 = .1: 200 of each, 100 × .95 + 100 × 1.00 of the terms.
    """
    book = held(F1="2000.00", old_3="100.00", new_3="1900.00")
    outcome = withdrawn(book, amount="395.00", legs=[leg("GAA", 3), leg("F1")])
    assert paid(outcome) == ("400.00", "-5.00", "395.00")
    assert drawn(outcome) == {"old_3": ("100.00", "0.9500", "-5.00"), "new_3": ("100.00", "1.0000", "0.00")}
    assert outcome.dollars() == {"F1": "-200.00", "GAA": "-100.00 -100.00"}


def test_legs_with_percentages_are_drawn_each_for_its_own() -> None:
    """Net 1,000: 60% from F1, 25% from a lot at .95 (263.16 taken), 15% from one at 1.10 (136.36 taken)."""
    book = held(F1="1000.00", old_3="1000.00", mid_5="1000.00")
    legs = [leg("F1", percent="60"), leg("GAA", 3, percent="25"), leg("GAA", 5, percent="15")]
    outcome = withdrawn(book, amount="1000.00", legs=legs)
    assert paid(outcome) == ("999.52", "0.48", "1000.00")
    assert drawn(outcome) == {"old_3": ("263.16", "0.9500", "-13.16"), "mid_5": ("136.36", "1.1000", "13.64")}


def test_legs_with_percentages_of_a_percentage_and_its_odd_cent() -> None:
    """1.0001% of 1,000.00 + 500.05 is 15.00 (15.002), in halves 7.50; of 15.01 the contract's first takes 7.51."""
    halves = [leg("F2", percent="50"), leg("F1", percent="50")]
    book = held(F1="1000.00", F2="500.05")
    assert withdrawn(book, percent="1.0001", legs=halves).dollars() == {"F2": "-7.50", "F1": "-7.50"}
    again = withdrawn(book, "2021-04-29", amount="15.01", legs=halves)
    assert again.dollars() == {"F2": "-7.50", "F1": "-7.51"}


def test_mva_8_systematic_distributions_are_not_adjusted_where_the_terms_say_so() -> None:
    options = gaa_terms()["options"]
    mva = {**options[4]["mva"], "waived_for_systematic": True}
    waiving = gaa_terms(options=(*options[:4], guaranteed(mva=mva)))
    outcome = withdrawn(held(waiving, old_3="1000.00"), amount="100.00", reason="systematic")
    assert paid(outcome) == ("100.00", "0.00", "100.00")
    (line,) = outcome.message["mva"]["lines"]
    assert (line["rule"], line["factor"], line["days"]) == ("MVA-8", "1.0000", None)
    assert outcome.message["mva"]["applied"] is False
    assert {"MVA-8", "MVA-6"} <= set(outcome.message["rules"])
    assert "MVA-2" not in outcome.message["rules"]
    ordinary = withdrawn(held(waiving, old_3="1000.00"), amount="100.00", reason="hardship")
    assert paid(ordinary) == ("105.26", "-5.26", "100.00")
    not_waiving = withdrawn(held(old_3="1000.00"), amount="100.00", reason="systematic")
    assert paid(not_waiving) == ("105.26", "-5.26", "100.00")


def test_wdl_1_full_leaves_no_dust() -> None:
    """0.05 units at a price of 0.09 are worth 0.00 (0.0045): they go with everything else, and their leg says so."""
    book = held(F1="0.50", F2="1000.00")
    book.withdraw(withdrawal("w", TRADE, full=True))
    outcome = only(book.close(TRADE, flat("6"), F1="0.090000"))
    assert paid(outcome) == ("1000.00", "0.00", "1000.00")
    dust, _ = outcome.message["legs"]
    assert (dust["option"], dust["units"], dust["dollars"], dust["rounding"]) == ("F1", "-0.050000", "0.00", "0.00")
    assert book.account().positions == ()


def test_wdl_1_dust_alone_is_nothing_to_withdraw() -> None:
    book = held(F1="0.50")
    book.withdraw(withdrawal("w", TRADE, full=True))
    outcome = only(book.close(TRADE, flat("6"), F1="0.090000"))
    assert (outcome.codes, book.units("F1")) == (["NOTHING_TO_WITHDRAW"], D("0.050000"))


def test_withdrawals_are_of_one_individual_account() -> None:
    """The accounts of one participant do not help each other; `accounts` with one name says the same as `account`."""
    book = held(F1="100.00")
    book.deposit(deposit("d", TRADE, "500.00", account="employer", allocation=shares(F1="100")))
    book.close(TRADE, flat("6"))
    assert withdrawn(book, "2021-04-29", amount="100.01").codes == ["INSUFFICIENT_VALUE"]
    outcome = withdrawn(book, "2021-04-30", amount="100.01", account=None, accounts=["employer"], payee="the plan")
    assert (outcome.message["account"], paid(outcome)) == ("employer", ("100.01", "0.00", "100.01"))
    assert outcome.message["details"] == {"reason": "in_service", "payee": "the plan"}
    assert (book.units("F1"), book.units("F1", "employer")) == (D("10.000000"), D("39.999000"))

"""WDL-13: withdrawals over several accounts, in the order named; of all of them one aggregate and one charge.

The lots of `gaa.held`: old_2 at .9528, old_3 at .9500, mid_5 at 1.1000, new_3 and new_5 at 1.0000; prices are 10.
"""

from decimal import Decimal

import pytest

from tests.domain.books import Book, Json, Outcome, business_days, deposit, only, withdrawal
from tests.domain.books_charges import by_years, charging, figures, off
from tests.domain.gaa import LOTS, TRADE, flat, gaa_terms, leg, percent_on, weeks_of_january, withdrawn
from tests.domain.maturities import IN_MARCH, close, reinvested

D = Decimal
BOTH: Json = {"account": None, "accounts": ["pretax", "employer"], "reason": "contract_surrender"}


def holding(contract: Json | None = None, *, pretax: Json, employer: Json) -> Book:
    """P1's two accounts with dollars in lots and options by name, every day before the trade date closed."""
    book = Book(contract or gaa_terms())
    for offer in weeks_of_january():
        book.publish("guaranteed-offerings", offer)
    for day in business_days("2021-01-04", "2021-04-27"):
        for account, dollars in (("pretax", pretax), ("employer", employer)):
            for name, amount in dollars.items():
                on, years, _ = LOTS.get(name, ("2021-01-04", None, ""))
                share = {"option": name} if years is None else {"option": "GAA", "term": years}
                if on == day:
                    message = {"account": account, "allocation": [{**share, "percent": "100"}]}
                    book.deposit(deposit(f"{account}-{name}", day, amount, **message))
        book.close(day, flat(percent_on(day)))
    return book


def taken(outcome: Outcome) -> list[tuple[str, str, str]]:
    """(account, option, dollars) of every leg."""
    assert outcome.topic == "confirmations", outcome.message
    return [(leg["account"], leg["option"], leg["dollars"]) for leg in outcome.message["legs"]]


def test_wdl_13_dollars_are_taken_of_the_first_account_until_it_is_empty() -> None:
    book = holding(pretax={"F1": "300.00", "F2": "100.00"}, employer={"F1": "1000.00"})
    outcome = withdrawn(book, amount="500.00", **BOTH)
    assert taken(outcome) == [("pretax", "F1", "-300.00"), ("pretax", "F2", "-100.00"), ("employer", "F1", "-100.00")]
    assert (outcome.message["account"], outcome.message["accounts"]) == (None, ["pretax", "employer"])
    assert {"WDL-13", "WDL-14"} <= set(outcome.message["rules"])
    details = {"reason": "contract_surrender", "pretax_payable": "400.00", "employer_payable": "100.00"}
    assert outcome.message["details"] == details
    assert (book.account().positions, book.units("F1", "employer")) == ((), D("90.000000"))


def test_wdl_13_the_order_is_the_requests() -> None:
    book = holding(pretax={"F1": "300.00"}, employer={"F1": "1000.00"})
    outcome = withdrawn(book, amount="300.00", **{**BOTH, "accounts": ["employer", "pretax"]})
    assert taken(outcome) == [("employer", "F1", "-300.00")]
    assert outcome.message["accounts"] == ["employer", "pretax"]


def test_wdl_13_net_over_the_end_of_an_account() -> None:
    """Pre-tax 1,000 at .9500 pays 950.00; the other 600.00 are .9528 of 629.72 (629.7229): −50.00 and −29.72."""
    book = holding(pretax={"old_3": "1000.00"}, employer={"old_2": "1000.00"})
    outcome = withdrawn(book, amount="1550.00", **BOTH)
    assert figures(outcome) == ("1629.72", "-79.72", "0.00", "1550.00")
    lines = [(line["account"], line["taken"], line["adjustment"]) for line in outcome.message["mva"]["lines"]]
    assert lines == [("pretax", "1000.00", "-50.00"), ("employer", "629.72", "-29.72")]
    assert book.lots("pretax") == ()
    assert book.lots("employer")[0].units == D("370.280000")


def test_wdl_13_gross_over_the_end_of_an_account() -> None:
    book = holding(pretax={"old_3": "1000.00"}, employer={"old_2": "1000.00"})
    outcome = withdrawn(book, amount="1500.00", amount_type="gross", **BOTH)
    assert figures(outcome) == ("1500.00", "-73.60", "0.00", "1426.40")  # 50.00 and 500 × .0472 = 23.60


def test_wdl_13_a_percentage_or_all_is_of_each_account() -> None:
    """A tenth of 300.00 and of 1,000.00; then all that is left of both."""
    book = holding(pretax={"F1": "300.00"}, employer={"F1": "1000.00"})
    assert taken(withdrawn(book, percent="10", **BOTH)) == [("pretax", "F1", "-30.00"), ("employer", "F1", "-100.00")]
    outcome = withdrawn(book, "2021-04-29", full=True, **BOTH)
    assert (figures(outcome)[3], book.account().positions, book.account("employer").positions) == ("1170.00", (), ())


def test_wdl_13_the_charge_is_of_the_entire_amount_withdrawn() -> None:
    """5% of 10.10 is .505, of both accounts' 20.20 it is 1.01: one charge, not two of .51; pre-tax bears .51."""
    book = holding(charging(), pretax={"F1": "10.10"}, employer={"F1": "10.10"})
    outcome = withdrawn(book, full=True, **BOTH)
    assert figures(outcome) == ("20.20", "0.00", "1.01", "19.19")
    (charge,) = outcome.message["charges"]
    assert charge["basis"] == "5% of 20.20"
    details = outcome.message["details"]
    assert (details["pretax_payable"], details["employer_payable"]) == ("9.59", "9.60")
    assert details["pretax_early_withdrawal_charge"] == "5%: installment account of 0 completed years"


def test_wdl_13_net_with_a_charge_over_two_accounts_of_different_percentages() -> None:
    """Pre-tax (a lump sum at 10%) 900.00 of 1,000.00; 400.00 more at 5% are 421.05 (421.0526), charge 21.05."""
    charge = {"installment": by_years((0, "5")), "lump_sum": by_years((0, "10"))}
    book = holding(gaa_terms(early_withdrawal_charge=charge), pretax={}, employer={"F1": "1000.00"})
    order = {"kind": "open_account", "account": "pretax", "payments": "lump_sum"}
    opened = {"request_id": "o", "contract_id": "C1", "participant_id": "P1", "submitted_by": "acme"}
    book.instruct({**opened, "received_at": f"{TRADE}T09:00:00-04:00", "instruction": order})
    book.deposit(deposit("d", TRADE, "1000.00", allocation=[{"option": "F1", "percent": "100"}]))
    book.close(TRADE, flat("6"))
    outcome = withdrawn(book, "2021-04-29", amount="1300.00", **BOTH)
    assert (off(outcome), outcome.message["gross"]) == ({"early_withdrawal_charge": "21.05 100.00"}, "1421.05")
    assert taken(outcome) == [("pretax", "F1", "-1000.00"), ("employer", "F1", "-421.05")]


def test_mva_6_the_aggregate_is_of_the_request_whatever_accounts() -> None:
    """On death only a positive one counts (MVA-7): −50.00 of pre-tax and +100.00 of employer make +50.00, and count."""
    death = {**BOTH, "reason": "death", "event_date": "2021-04-01"}
    book = holding(pretax={"old_3": "1000.00"}, employer={"mid_5": "1000.00"})
    assert figures(withdrawn(book, full=True, **death)) == ("2000.00", "50.00", "0.00", "2050.00")
    book = holding(pretax={"old_3": "1000.00"}, employer={"mid_5": "200.00"})
    outcome = withdrawn(book, full=True, **death)
    assert (outcome.message["paid"], outcome.message["mva"]["not_applied_by"]) == ("1200.00", "MVA-7")


def test_wdl_13_insufficient_value_is_that_of_all_accounts() -> None:
    book = holding(pretax={"F1": "300.00"}, employer={"old_3": "1000.00"})
    refused = withdrawn(book, amount="1250.01", **BOTH)
    assert refused.codes == ["INSUFFICIENT_VALUE"]
    numbers = {"requested": "1250.01", "available": "1300.00", "available_after_mva": "1250.00"}
    assert refused.message["reasons"][0]["numbers"] == numbers
    refused = withdrawn(book, "2021-04-29", amount="1300.01", amount_type="gross", **BOTH)
    assert refused.codes == ["INSUFFICIENT_VALUE"]
    assert withdrawn(book, "2021-04-30", amount="1250.00", **BOTH).message["paid"] == "1250.00"


def test_wdl_13_an_option_chosen_is_one_that_some_account_holds() -> None:
    """F2 is the employer account's alone; F3 nobody's."""
    book = holding(pretax={"F1": "300.00"}, employer={"F1": "300.00", "F2": "100.00"})
    outcome = withdrawn(book, amount="50.00", legs=[leg("F2")], **BOTH)
    assert taken(outcome) == [("employer", "F2", "-50.00")]
    assert withdrawn(book, "2021-04-29", amount="50.00", legs=[leg("F3")], **BOTH).codes == ["OPTION_NOT_HELD"]


def test_wdl_13_legs_with_percentages_are_each_taken_of_the_accounts_in_order() -> None:
    """300.00 of each fund: of F1 100.00 are the pre-tax account's; of F2 it has none."""
    book = holding(pretax={"F1": "100.00"}, employer={"F1": "1000.00", "F2": "1000.00"})
    halves = [leg("F1", percent="50"), leg("F2", percent="50")]
    outcome = withdrawn(book, amount="600.00", legs=halves, **BOTH)
    assert taken(outcome) == [("pretax", "F1", "-100.00"), ("employer", "F1", "-200.00"), ("employer", "F2", "-300.00")]


def test_wdl_13_one_account_may_be_surrendered_too() -> None:
    outcome = withdrawn(holding(pretax={"F1": "300.00"}, employer={}), full=True, reason="contract_surrender")
    assert (outcome.message["account"], outcome.message["legs"][0]["account"]) == ("pretax", None)
    assert "WDL-13" in outcome.message["rules"]


def test_acc_1_every_account_must_be_there() -> None:
    book = holding(pretax={"F1": "300.00"}, employer={})
    assert withdrawn(book, amount="10.00", **BOTH).codes == ["UNKNOWN_ACCOUNT"]
    stranger = withdrawal("w", "2021-04-29", **{**BOTH, "amount": "10.00"}, participant_id="P2")
    book.withdraw(stranger)
    assert only(book.close("2021-04-29", flat("6"))).codes == ["UNKNOWN_PARTICIPANT"]


@pytest.mark.parametrize("accounts", [["pretax", "pretax"]])
def test_wdl_13_an_account_is_named_once(accounts: list[str]) -> None:
    book = holding(pretax={"F1": "300.00"}, employer={})
    message = withdrawal("w", TRADE, **{**BOTH, "accounts": accounts, "amount": "10.00"})
    assert only(book.withdraw(message), "rejections").codes == ["OPTION_NAMED_TWICE"]


def test_wdl_10_each_account_may_come_back_as_what_it_paid() -> None:
    """Of 300.00 and 1,000.00 less 5%: 285.00 and 950.00."""
    book = holding(charging(reinvestment={}), pretax={"F1": "300.00"}, employer={"F1": "1000.00"})
    withdrawn(book, full=True, **BOTH)
    found = [book.account(name).full_withdrawal for name in ("pretax", "employer")]
    assert [each and each.paid for each in found] == [D("285.00"), D("950.00")]


@pytest.mark.parametrize(
    ("what", "legs", "used"),
    [
        ({"full": True}, [("employer", "F1", "-200.00"), ("pretax", "GAA", "-1009.18")], "1209.18"),
        ({"amount": "1209.18"}, [("employer", "F1", "-200.00"), ("pretax", "GAA", "-1009.18")], "1209.18"),
        ({"amount": "700.00"}, [("employer", "F1", "-200.00"), ("pretax", "GAA", "-500.00")], "700.00"),
    ],
)
def test_mat_4_the_provision_is_that_of_each_accounts_lots(
    what: Json, legs: list[tuple[str, str, str]], used: str
) -> None:
    """The pre-tax lot of `reinvested` goes free, as a whole with its interest, after the employer account's fund."""
    book = reinvested(through="2021-03-15", years=1)
    into_fund = {"account": "employer", "allocation": [{"option": "F1", "percent": "100"}]}
    book.deposit(deposit("d", "2021-03-16", "200.00", **into_fund))
    close(book, "2021-03-16")
    message = withdrawal("w", f"{IN_MARCH}T10:00:00-04:00", **{**BOTH, "accounts": ["employer", "pretax"], **what})
    book.withdraw(message)
    outcome = only(close(book, IN_MARCH))
    assert (taken(outcome), figures(outcome)[3]) == (legs, used)
    (line,) = outcome.message["mva"]["lines"]
    assert (line["account"], line["rule"], line["adjustment"]) == ("pretax", "MAT-4", "0.00")
    assert all(lot.reinvested is None for lot in book.lots())

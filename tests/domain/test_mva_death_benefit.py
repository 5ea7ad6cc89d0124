"""MVA-10: a death benefit that is no less than the adjusted purchase total, and its adjustment.

The lots of `gaa.held`: old_3 at .9500 and mid_5 at 1.1000 on 28 April 2021; F1 was bought at 10.
"""

from decimal import Decimal

import pytest

from contracts_schema.outcomes import Confirmation
from contracts_schema.terms import AccountType
from services.domain.death_benefit import less_withdrawn
from services.domain.state import Account
from services.runtime.cli.explaining import text
from tests.domain.books import Book, Json, Outcome, only, shares, withdrawal
from tests.domain.gaa import TRADE, day, flat, gaa_terms, held, leg, transferred, withdrawn

D = Decimal
GUARANTEED = gaa_terms(death_benefit="greater_of_purchases")
RESTORING = gaa_terms(death_benefit="greater_of_purchases", deferral_restores_mva=True)
LONG_AGO = "2019-06-30"
DEATH: Json = {"reason": "death", "event_date": "2021-04-01", "full": True}
LATE: Json = DEATH | {"event_date": LONG_AGO}
DEFERRED: Json = LATE | {"reason": "death_deferred"}


def paid(book: Book, f1: str, on: str = TRADE, **what: object) -> Outcome:
    """The outcome of a withdrawal at a price of F1."""
    book.withdraw(withdrawal(f"w-{on}", on, **what))
    return only(book.close(on, flat("6"), F1=f1))


def told(outcome: Outcome) -> tuple[str, str | None, str | None, str]:
    """(value taken, aggregate that counts, guarantee, paid); the confirmation must balance."""
    message = outcome.message
    assert outcome.topic == "confirmations", message
    assert message["debits"] == message["credits"]
    block = message["mva"]
    counted = block["aggregate"] if block and block["not_applied_by"] is None else None
    return message["gross"], counted, message["guarantee"], message["paid"]


@pytest.mark.parametrize(
    ("f1", "what", "expected"),
    [
        ("6.000000", DEATH, ("1600.00", None, "400.00", "2000.00")),  # 600 + 1,000, and no less than 2,000
        ("12.000000", DEATH, ("2200.00", None, None, "2200.00")),  # 1,200 + 1,000 is more
        ("10.000000", DEATH, ("2000.00", None, None, "2000.00")),
        ("9.999900", DEATH, ("1999.99", None, "0.01", "2000.00")),
        ("12.000000", LATE, ("2200.00", None, None, "2200.00")),  # whenever it is paid
        ("12.000000", DEFERRED, ("2200.00", None, None, "2200.00")),
        ("6.000000", LATE | {"reason": "in_service"}, ("1600.00", "-50.00", None, "1550.00")),
        ("6.000000", LATE | {"reason": "disability"}, ("1600.00", "-50.00", None, "1550.00")),
        ("6.000000", LATE | {"reason": "lifetime_income"}, ("1600.00", None, None, "1600.00")),  # MVA-7
    ],
)
def test_mva_10_the_greater_of_purchases_and_value(
    f1: str, what: Json, expected: tuple[str, str | None, str | None, str]
) -> None:
    """$1,000 each in F1 and at .9500: the value counts without the loss of 50."""
    outcome = paid(held(GUARANTEED, F1="1000.00", old_3="1000.00"), f1, **what)
    assert told(outcome) == expected
    on_death = what["reason"].startswith("death")
    assert ("MVA-10" in outcome.message["rules"]) == on_death
    assert outcome.message["details"].get("adjusted_purchase_total") == ("2000.00" if on_death else None)


@pytest.mark.parametrize(
    ("f1", "expected"),
    [("8.000000", ("1800.00", "100.00", "100.00", "2000.00")), ("9.500000", ("1950.00", "100.00", None, "2050.00"))],
)
def test_mva_10_a_positive_aggregate_belongs_to_the_value(f1: str, expected: tuple[str, str, str | None, str]) -> None:
    """$1,000 each in F1 and at 1.1000, which pays 1,100."""
    assert told(paid(held(GUARANTEED, F1="1000.00", mid_5="1000.00"), f1, **DEATH)) == expected


@pytest.mark.parametrize(
    ("f1", "what", "expected"),
    [
        ("6.000000", DEFERRED, ("1600.00", "-50.00", "450.00", "2000.00")),
        ("12.000000", DEFERRED, ("2200.00", "-50.00", None, "2150.00")),
        ("12.000000", LATE, ("2200.00", None, None, "2200.00")),  # not deferred
    ],
)
def test_mva_10_deferral_brings_the_ordinary_adjustment_back_where_the_terms_say_so(
    f1: str, what: Json, expected: tuple[str, str | None, str | None, str]
) -> None:
    assert told(paid(held(RESTORING, F1="1000.00", old_3="1000.00"), f1, **what)) == expected


@pytest.mark.parametrize(
    ("died", "expected"),
    [("2020-10-28", ("1000.00", None, None, "1000.00")), ("2020-10-27", ("1000.00", "-50.00", None, "950.00"))],
)
def test_mva_7_without_a_guarantee_a_deferred_payment_is_a_payment(
    died: str, expected: tuple[str, str | None, str | None, str]
) -> None:
    """Six months count to the trade date, also of a payment that was deferred."""
    assert told(withdrawn(held(old_3="1000.00"), **DEFERRED | {"event_date": died})) == expected


def test_mva_10_a_withdrawal_lowers_the_total_in_proportion_to_the_value_taken() -> None:
    """400 of 2,000 taken leaves 1,600 of the total; then F1's 80 units are worth 480 and the lot 800."""
    book = held(GUARANTEED, F1="1000.00", old_3="1000.00")
    assert told(withdrawn(book, amount="400.00", amount_type="gross")) == ("400.00", "-10.00", None, "390.00")
    assert book.account().purchases == D("1600.00")
    assert told(paid(book, "6.000000", "2021-04-29", **DEATH)) == ("1280.00", None, "320.00", "1600.00")


def test_mva_10_it_is_the_value_taken_that_counts_and_not_what_it_pays() -> None:
    """Net 190 at .9500 takes 200 of 2,000."""
    book = held(GUARANTEED, F1="1000.00", old_3="1000.00")
    withdrawn(book, amount="190.00", legs=[leg("GAA")])
    assert book.account().purchases == D("1800.00")


def test_mva_10_the_share_is_of_the_value_of_the_day() -> None:
    """At a price of 30 F1's 100 units are worth 3,000, everything 4,000: 1,000 taken is a quarter of the total."""
    book = held(GUARANTEED, F1="1000.00", old_3="1000.00")
    quarter: Json = {"amount": "1000.00", "amount_type": "gross", "from": [leg("F1")]}
    paid(book, "30.000000", **quarter)
    assert book.account().purchases == D("1500.00")


@pytest.mark.parametrize(
    ("taken", "value", "left"),
    [("1.00", "3.00", "66.67"), ("2.00", "3.00", "33.33"), ("3.00", "3.00", "0.00"), ("0.00", "0.00", "0.00")],
)
def test_mva_10_the_total_is_kept_to_the_cent(taken: str, value: str, left: str) -> None:
    account = Account(AccountType.PRETAX, day(TRADE), purchases=D("100.00"))
    assert less_withdrawn(account, D(taken), D(value)).purchases == D(left)


def test_mva_10_the_gross_deposit_counts() -> None:
    """Of $1,000 a sales charge of 6% is taken: 940 are invested, 1,000 guaranteed."""
    contract = gaa_terms(death_benefit="greater_of_purchases", sales_charge_percent="6")
    assert told(withdrawn(held(contract, F1="1000.00"), **DEATH)) == ("940.00", None, "60.00", "1000.00")


def test_mva_10_a_transfer_changes_no_total() -> None:
    book = held(GUARANTEED, F1="1000.00", old_3="1000.00")
    transferred(book, [leg("GAA", all=True)], shares(F2="100"))
    assert book.account().purchases == D("2000.00")


def test_mva_10_a_part_of_an_account_pays_what_it_is_worth() -> None:
    """All of F1 at 6, or half of everything: 600, and 800 without the loss of 25."""
    of_f1 = paid(held(GUARANTEED, F1="1000.00", old_3="1000.00"), "6.000000", **DEATH | {"from": [leg("F1")]})
    assert told(of_f1) == ("600.00", None, None, "600.00")
    half = {"reason": "death", "event_date": LONG_AGO, "percent": "50"}
    outcome = paid(held(GUARANTEED, F1="1000.00", old_3="1000.00"), "6.000000", **half)
    assert told(outcome) == ("800.00", None, None, "800.00")
    assert outcome.message["mva"]["not_applied_by"] == "MVA-10"


def test_mva_10_a_guarantee_is_paid_of_nothing_too() -> None:
    """0.05 units at a price of 0.09 are worth 0.00; the 50 cents paid for them are guaranteed."""
    book = held(GUARANTEED, F1="0.50")
    assert told(paid(book, "0.090000", **DEATH)) == ("0.00", None, "0.50", "0.50")
    assert (book.account().positions, book.account().purchases) == ((), D("0.00"))


def test_mva_10_without_a_guarantee_no_total_is_kept() -> None:
    book = held(F1="1000.00")
    assert book.account().purchases == D("0.00")
    assert told(paid(book, "6.000000", **DEATH)) == ("600.00", None, None, "600.00")


@pytest.mark.parametrize(("before", "after"), [("value", "greater_of_purchases"), ("greater_of_purchases", "value")])
def test_mva_10_a_guarantee_cannot_come_or_go_later(before: str, after: str) -> None:
    book = Book(gaa_terms(death_benefit=before))
    later = gaa_terms(version=2, effective_from="2021-06-01", death_benefit=after)
    alarm = only(book.publish("contract-terms", later), "alarms")
    assert (alarm.message["code"], alarm.message["rules"]) == ("NOT_AVAILABLE", ["MVA-10"])


def test_mva_10_only_a_guarantee_can_be_changed_by_deferral() -> None:
    alarm = only(Book().publish("contract-terms", gaa_terms(deferral_restores_mva=True)), "alarms")
    assert alarm.message["code"] == "MALFORMED"


def test_mva_10_explained() -> None:
    outcome = paid(held(GUARANTEED, F1="1000.00", old_3="1000.00"), "6.000000", **DEATH)
    found = text(Confirmation.model_validate_json(outcome.value)).splitlines()
    assert "  adjusted_purchase_total: 2000.00" in found
    assert "  it does not count: only a positive aggregate does here   (MVA-10)" in found
    assert "  death benefit guarantee 400.00: paid is the adjusted purchase total   (MVA-10)" in found
    assert found.index("  paid 2000.00") > found.index("  value taken 1600.00")

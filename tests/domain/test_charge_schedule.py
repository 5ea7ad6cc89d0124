"""WDL-4: by what the early withdrawal charge goes down, and terms that make no schedule."""

from datetime import date
from decimal import Decimal

import pytest

from contracts_schema.terms import AccountType, ContractTerms
from services.domain.early_withdrawal import Leaving, years_completed
from services.domain.state import Account
from tests.domain.books import Book, Json, only
from tests.domain.books_charges import by_years
from tests.domain.gaa import gaa_terms

D = Decimal


@pytest.mark.parametrize(
    ("since", "day", "years"),
    [
        ("2021-01-04", "2022-01-03", 0),
        ("2021-01-04", "2022-01-04", 1),
        ("2021-01-04", "2031-01-03", 9),
        ("2021-01-04", "2031-01-04", 10),
        ("2020-02-29", "2021-02-27", 0),
        ("2020-02-29", "2021-02-28", 1),
        ("2020-02-29", "2024-02-28", 3),
        ("2020-02-29", "2024-02-29", 4),
        ("2021-12-31", "2022-01-01", 0),
        ("2021-01-04", "2020-12-31", 0),
    ],
)
def test_wdl_4_account_years_are_completed_on_the_anniversary(since: str, day: str, years: int) -> None:
    assert years_completed(date.fromisoformat(since), date.fromisoformat(day)) == years


def leaving(day: str, charge: Json, **account: object) -> Leaving:
    contract = ContractTerms.model_validate(gaa_terms(early_withdrawal_charge=charge))
    opened: dict[str, object] = {"type": AccountType.PRETAX, "opened": date(2021, 1, 4)}
    return Leaving(contract, Account(**{**opened, **account}), date.fromisoformat(day))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "percent"),
    [("2021-01-04", "5"), ("2022-01-03", "5"), ("2022-01-04", "4"), ("2025-12-31", "4"), ("2026-01-04", "0")],
)
def test_wdl_4_the_schedule_goes_by_completed_account_years(day: str, percent: str) -> None:
    """5% in the first year, 4% in the second to fifth, none from the fifth anniversary on."""
    schedule = by_years((0, "5"), (1, "4"), (5, "0"))
    assert leaving(day, {"installment": schedule}).charged == D(percent)


def test_wdl_4_each_kind_of_payment_has_its_schedule() -> None:
    charge = {"installment": by_years((0, "5")), "lump_sum": by_years((0, "3.5"))}
    assert leaving("2021-04-28", charge).told == "5%: installment account of 0 completed years"
    lump = leaving("2021-04-28", charge, lump_sum=True)
    assert (lump.charged, lump.told) == (D("3.5"), "3.5%: lump sum account of 0 completed years")
    assert leaving("2021-04-28", {"lump_sum": by_years((0, "3.5"))}).charged == 0
    assert leaving("2021-04-28", charge, type=AccountType.ROTH).charged == D(5), "the same for Roth"


@pytest.mark.parametrize(
    "charge",
    [
        {},
        {"installment": by_years((1, "5"))},
        {"installment": by_years((0, "5"), (2, "4"), (2, "3"))},
        {"installment": by_years((0, "101"))},
        {"installment": by_years((0, "5")), "exempt_options": ["F9"]},
        {"installment": {"basis": "account_years", "steps": []}},
    ],
)
def test_wdl_4_terms_that_make_no_schedule_are_refused(charge: Json) -> None:
    alarm = only(Book().publish("contract-terms", gaa_terms(early_withdrawal_charge=charge)), "alarms")
    assert alarm.message["code"] == "MALFORMED"

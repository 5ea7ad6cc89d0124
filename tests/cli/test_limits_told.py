"""Limits as `explain` tells them: what was allowed, what was taken and what is left."""

from services.runtime.cli.explaining import text
from services.runtime.cli.reading_outcomes import outcome_of
from tests.cli.test_explaining_withdrawals import explained
from tests.domain.books import Book, deposit, only, withdrawal
from tests.domain.books_limits import book_of, contract, fixed_plus, moved, resting

FIRST = "2021-01-04"


def told(book: Book, day: str, amount: str, **more: object) -> str:
    """The line about limits of a transfer that was made."""
    moved(book, day, amount, **more)
    outcome = outcome_of(next(r for r in reversed(book.service.written) if r.topic == "confirmations"))
    assert outcome is not None
    lines = text(outcome).splitlines()  # type: ignore[arg-type]  # neither an alarm nor a close
    return next(line.strip() for line in lines if " limit" in line or line.strip().startswith("limit"))


def test_lim_7_what_a_limit_allowed_and_leaves() -> None:
    """50% of 10,000 is 5,000; after 3,000 of them 50% × 7,000 − 3,000 = 500."""
    assert told(book_of(contract(), FIRST, FA2="10000.00"), "2021-01-05", "3000.00") == (
        "limit of FA2: 50% of 10000.00 (value of 2021-01-05) − 0.00 used: 5000.00 available, 3000.00 taken, "
        "500.00 left   (LIM-3, LIM-7)"
    )


def test_lim_2_what_nothing_limits() -> None:
    book = book_of(contract(fixed_plus(), resting()), FIRST, FP="1000.00")
    assert told(book, "2021-01-05", "900.00", option="FP") == (
        "FP without a limit: 900.00 of 1000.00 (value of 2021-01-05) taken; now without a limit   (LIM-2, LIM-7)"
    )


def test_wdl_6_whose_the_limit_is_where_there_are_several_accounts() -> None:
    """10% of 10,000 each: 20% × 9,000 − 1,000 are left of either."""
    book = book_of(contract(fixed_plus(), resting()), FIRST, FP="10000.00")
    more = [{"option": "FP", "percent": "100"}]
    book.deposit(deposit("more", "2021-01-05", "10000.00", account="employer", source="employer", allocation=more))
    book.close("2021-01-05")
    several = {"account": None, "accounts": ["employer", "pretax"], "percent": "10"}
    book.withdraw(withdrawal("w", "2021-01-06", **several))
    lines = explained(only(book.close("2021-01-06"))).splitlines()
    allowed = "20% of 10000.00 (value of 2021-01-06) − 0.00 used: 2000.00 available, 1000.00 taken, 800.00 left"
    for account in ("employer", "pretax"):
        assert f"  limit of {account} FP: {allowed}   (LIM-2, WDL-6, LIM-7)" in lines

"""Fixed options as they are shown and explained: the rate in effect when money was applied, and the anniversary."""

import io

from rich.console import Console

from services.domain.folding import market_of
from services.domain.market import Market
from services.runtime.cli.explaining import text
from services.runtime.cli.participant_view import participant_view
from services.runtime.cli.reading_outcomes import outcome_of
from tests.domain.books import Book, declared, deposit, shares
from tests.domain.books_fixed import fixed_book, fixed_plus

APPLIED = fixed_plus(rate_basis="when_applied", anniversary={"years": 1})


def book() -> Book:
    """500.00 at 4% on 4 January 2021, 500.00 at 3% on 4 January 2022, the anniversary of a bonus after one year."""
    found = fixed_book(APPLIED, rate="0.04")
    found.publish("credited-rates", declared("0.03", "2022-01-04", option="FP"))
    for request_id, day in (("d1", "2021-01-04"), ("d2", "2022-01-04")):
        found.deposit(deposit(request_id, day, "500.00", allocation=shares(FP="100")))
    found.close_through("2021-01-04", "2022-01-04")
    return found


def shown(of: Book, market: Market | None = None) -> str:
    out = io.StringIO()
    participant = of.participant()
    assert participant is not None
    known = market or market_of(of.service.ledger_partition.tables["market"].items())
    Console(file=out, width=200, markup=False).print(participant_view(known, participant))
    return "\n".join(" ".join(line.replace("│", " ").split()) for line in out.getvalue().splitlines())


def test_fix_7_a_position_for_each_rate_in_effect_when_money_was_applied() -> None:
    found = shown(book()).splitlines()
    assert "pretax FP 500.000000 1.040000000000 520.00 at the rate of 2021-01-04" in found
    assert "pretax FP 500.000000 1.000000000000 500.00 at the rate of 2022-01-04" in found
    assert "account pretax: value 1020.00" in found


def test_fix_7_values_that_are_not_known() -> None:
    assert "pretax FP 500.000000 ? ? at the rate of 2021-01-04" in shown(book(), Market())


def test_fix_4_fix_7_a_leg_says_which_rate_it_earns() -> None:
    written = book().service.written
    outcome = outcome_of(next(r for r in written if r.topic == "confirmations" and b'"d2"' in (r.value or b"")))
    assert outcome is not None
    told = text(outcome)  # type: ignore[arg-type]  # neither an alarm nor a close
    assert (
        """\
  FP (fixed plus account)
    500.000000 units × 1.000000000000 (index of 2022-01-04) = 500.00 dollars
    applied while the rate declared from 2022-01-04 was in effect, and earns it   (FIX-7)
    earns more than the declared rate since 2022-01-04   (FIX-4)
    before 0 units, value 0.00
    after  500.000000 units, value 500.00
"""
        in told
    )

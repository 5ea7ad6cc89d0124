"""What came off a withdrawal, what was withheld of it and whose it was: written out, as one line, and in a quote."""

from services.runtime.cli.explaining import text
from services.runtime.cli.one_line import one_line
from services.runtime.cli.reading_outcomes import outcome_of
from services.runtime.records import OutputRecord
from tests.domain.books import Json, Outcome, deposit, only, withdrawal
from tests.domain.books_charges import charging
from tests.domain.gaa import TRADE, flat, held, withdrawn

TEN: Json = {"withholding": {"percent": "10"}, "birth_date": "1990-01-01"}


def record_of(outcome: Outcome) -> OutputRecord:
    return OutputRecord(outcome.topic, 0, outcome.key.encode(), outcome.value, outcome.headers)


def explained(outcome: Outcome) -> str:
    found = outcome_of(record_of(outcome))
    assert found is not None
    return text(found)  # type: ignore[arg-type]  # neither an alarm nor a close


def section(written: str, title: str) -> list[str]:
    """The lines under a heading."""
    lines = written.splitlines()
    start = lines.index(title) + 1
    end = lines.index("", start)
    return [line.strip() for line in lines[start:end]]


RESULT = [
    "value taken 2215.33",
    "market value adjustment -104.56",
    "charges -110.77",
    "payable 2000.00",
    "tax withheld -200.00   (WDL-12)",
    "paid 1800.00",
    "debits 2215.33 = credits 2215.33   (GEN-7)",
]


def test_a_charge_and_tax_withheld() -> None:
    outcome = withdrawn(held(charging(), old_2="5000.00"), amount="2000.00", **TEN)
    written = explained(outcome)
    assert section(written, "Charges") == ["early withdrawal charge: 5% of 2215.33 = 110.77   (WDL-4, WDL-14)"]
    assert section(written, "Result") == RESULT
    assert section(written, "Details") == [
        "reason: in_service",
        "early_withdrawal_charge: 5%: installment account of 0 completed years",
        "tax_penalty: may be 10%: withdrawn before age 59½",
        "age_59_and_a_half: 2049-07-01",
    ]
    told = "withdrawal paid 1800.00 (MVA -104.56) (early withdrawal charge 110.77, withheld 200.00): GAA/2 -2215.33"
    assert one_line(record_of(outcome)).plain.endswith(told)


def test_a_quote_tells_the_same() -> None:
    book = held(charging(), through=TRADE, old_2="5000.00")
    quote = only(book.withdraw(withdrawal("q", "2021-04-29", mode="quote", amount="2000.00", **TEN)), "quotes")
    assert section(explained(quote), "Result") == RESULT


def test_whose_it_is_where_there_are_several_accounts() -> None:
    book = held(old_3="1000.00")
    book.deposit(deposit("d", TRADE, "1000.00", account="employer", allocation=[{"option": "F1", "percent": "100"}]))
    book.close(TRADE, flat("6"))
    outcome = withdrawn(book, "2021-04-29", full=True, account=None, accounts=["employer", "pretax"])
    written = explained(outcome)
    assert "\naccounts employer, pretax in this order, submitted by acme, trade date 2021-04-29" in written
    assert "  employer: F1 (fund)\n" in written
    assert "  pretax: GAA lot GAA-1: term of 3 years, matures 2024-01-06\n" in written
    assert "  pretax: lot GAA-1 of GAA: 3 years, deposited 2021-01-05, matures 2024-01-06\n" in written
    told = "withdrawal paid 1950.00 (MVA -50.00): employer F1 -1000.00, pretax GAA/3 -1000.00"
    assert one_line(record_of(outcome)).plain.endswith(told)

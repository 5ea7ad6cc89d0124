"""Fees, and what is paid later: written out, and as one line."""

from services.runtime.cli.one_line import one_line
from tests.cli.test_explaining_withdrawals import explained, record_of, section
from tests.domain.books_fees import ANNIVERSARY, charging, close, year_on
from tests.domain.books_installments import FIRST, full_installments, holding, paying
from tests.domain.books_installments import withdrawn as paid_out
from tests.domain.books_limits import book_of
from tests.domain.gaa import gaa_terms, held, withdrawn


def test_a_schedule_of_installments_is_written_out() -> None:
    book = holding("400000.00", paying(months=3))
    outcome = paid_out(book)
    written = explained(outcome)
    assert section(written, "Payments") == [
        "2021-02-05 installment 1: 100330.50 (interest 495.47, left 200164.97)",
        "2021-03-05 installment 2: 100330.50 (interest 330.59, left 100165.06)",
        "2021-04-05 installment 3: 100330.49 (interest 165.43, left 0.00)",
    ]
    assert "  paid 0.00\n  owed in installments 300000.00   (WDL-8)\n" in written
    first = book.close_through("2021-01-06", "2021-02-05")[0]
    assert section(explained(first), "Payments") == [
        "2021-02-05 installment 1: 100330.50 (interest 495.47, left 200164.97)"
    ]
    assert one_line(record_of(first)).plain.endswith("unasked: installment paid 100330.50")


def test_installments_of_a_fixed_plus_account_name_it() -> None:
    """50,000.00 in two months without interest; and beside 300,000.00 of Fixed Account 2 in one."""
    terms = {"payments": 2, "every_months": 1, "rate": "0"}
    book = book_of(full_installments(terms, installments={"months": 1, "rate": "0"}), FIRST, FP="50000.00")
    written = explained(paid_out(book, full=True))
    assert section(written, "Payments") == [
        "2021-02-05 installment 1 of FP: 25000.00 (interest 0.00, left 25000.00)",
        "2021-03-05 installment 2 of FP: 25000.00 (interest 0.00, left 0.00)",
    ]
    assert "  owed in installments 50000.00   (WDL-6)\n" in written
    both = book_of(full_installments(terms, installments={}), FIRST, FP="50000.00", FA2="300000.00")
    assert "  owed in installments 350000.00   (WDL-6, WDL-8)\n" in explained(paid_out(both, full=True))


def test_a_payment_put_off_says_until_when() -> None:
    order = {"from_day": "2021-04-28", "through": "2021-04-28"}
    outcome = withdrawn(held(gaa_terms(deferral_orders=[order]), F1="600.00", mid_5="500.00"), amount="110.00")
    assert section(explained(outcome), "Payments")[-1].startswith("2021-10-28 deferred ")


def test_a_fee_that_came_first_is_no_part_of_what_came_off_the_value_taken() -> None:
    written = explained(withdrawn(held(charging(), old_2="10000.00"), full=True))
    assert section(written, "Charges") == ["maintenance fee: 50.00, full withdrawal = 50.00   (WDL-5)"]
    assert section(written, "Result") == [
        "value taken 9950.00",
        "market value adjustment -469.64",
        "paid 9480.36",
        "debits 10000.00 = credits 10000.00   (GEN-7)",
    ]


def test_the_fee_of_an_anniversary_answers_no_request() -> None:
    (fee,) = close(year_on(F1="600.00"))
    written = explained(fee)
    assert "maintenance fee, answers no request" in written
    assert section(written, "Details") == [f"anniversary: {ANNIVERSARY}", "owed_by: pretax", "fee: 50.00"]

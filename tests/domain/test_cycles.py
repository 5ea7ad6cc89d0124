"""ACC-3: purchase payment cycles, counted per Individual Account; the first number of a new account is the largest."""

import pytest

from tests.domain.books import NEW_YEAR, Book, Json, Outcome, deposit, only, opening, shares, terms, withdrawal

F1 = shares(F1="100")
DAY = {"allocation": F1}


def counting(**cycles: object) -> Json:
    return terms(cycles={"payments_per_cycle": 26, **cycles})


def pay(book: Book, times: int, account: str = "pretax", **more: object) -> Outcome:
    """So many deposits on one day; the confirmation of the last."""
    before = len(book.outcomes)
    for number in range(times):
        book.deposit(deposit(f"{account}-{before}-{number}", NEW_YEAR, "1.00", account=account, **{**DAY, **more}))
    return book.outcomes[-1]


def count(book: Book, account: str = "pretax") -> tuple[int, int] | None:
    """(credited, made) of an account."""
    payments = book.account(account).payments
    return None if payments is None else (payments.credited, payments.made)


def counted(outcome: Outcome) -> tuple[str, str]:
    return outcome.message["details"]["payments"], outcome.message["details"]["completed_cycles"]


def closed(book: Book) -> list[Outcome]:
    return book.close(NEW_YEAR)


def test_acc_3_30_payments_credited_at_26_a_cycle_complete_the_next_cycle_after_22_more() -> None:
    """30 // 26 = 1; 30 + 21 = 51, 51 // 26 = 1; 30 + 22 = 52, 52 // 26 = 2."""
    book = Book(counting())
    pay(book, 30)
    closed(book)
    opened = only(book.instruct(opening("o", "2021-01-05", "employer")))
    assert counted(opened) == ("30", "1")
    assert "ACC-3" in opened.message["rules"]
    for number in range(22):
        book.deposit(deposit(f"e{number}", "2021-01-05", "1.00", account="employer", source="employer", **DAY))
    told = [counted(outcome) for outcome in book.close("2021-01-05")]
    assert (told[0], told[20], told[21]) == (("31", "1"), ("51", "1"), ("52", "2"))
    assert (count(book), count(book, "employer")) == ((0, 30), (30, 22))


def test_acc_3_an_account_that_its_first_deposit_opens_is_credited_before_that_counts() -> None:
    """25 of the other account, and its own first one: 26 complete a cycle."""
    book = Book(counting())
    pay(book, 25)
    closed(book)
    book.deposit(deposit("e", "2021-01-05", "1.00", account="employer", **DAY))
    (confirmed,) = book.close("2021-01-05")
    assert counted(confirmed) == ("26", "1")
    assert {"ACC-1", "ACC-3"} <= set(confirmed.message["rules"])


def test_acc_3_from_then_on_only_its_own_payments_count() -> None:
    book = Book(counting())
    pay(book, 30)
    closed(book)
    book.instruct(opening("o", "2021-01-05", "employer"))
    book.deposit(deposit("p", "2021-01-05", "1.00", **DAY))
    book.close("2021-01-05")
    assert (count(book), count(book, "employer")) == ((0, 31), (30, 0))


def test_acc_3_the_first_account_of_a_participant_starts_at_zero() -> None:
    book = Book(counting())
    assert counted(only(book.instruct(opening("o", NEW_YEAR)))) == ("0", "0")
    assert count(book) == (0, 0)


@pytest.mark.parametrize(
    ("source", "made"),
    [("salary_reduction", 1), ("employer", 1), ("rollover", 0), ("external_transfer", 0)],
)
def test_acc_3_installments_are_of_the_sources_that_the_terms_name(source: str, made: int) -> None:
    book = Book(counting())
    pay(book, 1, source=source)
    closed(book)
    assert count(book) == (0, made)


def test_acc_3_the_sources_are_a_contract_term() -> None:
    book = Book(counting(installment_sources=["rollover"], payments_per_cycle=1))
    pay(book, 1)
    pay(book, 2, source="rollover")
    assert [counted(outcome) for outcome in closed(book)] == [("0", "0"), ("1", "1"), ("2", "2")]


def test_acc_3_an_account_of_a_lump_sum_counts_no_payments_and_is_credited_none() -> None:
    book = Book(counting())
    pay(book, 30)
    closed(book)
    lump = opening("o", "2021-01-05", "employer")
    opened = only(book.instruct(lump | {"instruction": {**lump["instruction"], "payments": "lump_sum"}}))
    assert "payments" not in opened.message["details"]
    book.deposit(deposit("e", "2021-01-05", "1.00", account="employer", **DAY))
    (confirmed,) = book.close("2021-01-05")
    assert "ACC-3" not in confirmed.message["rules"]
    assert count(book, "employer") is None


def test_acc_3_contracts_without_cycles_count_nothing() -> None:
    book = Book(terms())
    pay(book, 2)
    (outcome, _) = closed(book)
    assert count(book) is None
    assert "ACC-3" not in outcome.message["rules"]
    assert "payments" not in outcome.message["details"]


def test_acc_3_cycles_that_come_later_are_not_available() -> None:
    """Payments before them were not counted."""
    book = Book(terms())
    alarm = only(book.publish("contract-terms", counting() | {"version": 2}))
    assert (alarm.message["code"], alarm.message["rules"]) == ("NOT_AVAILABLE", ["ACC-3"])
    why = "payments are counted from the first one on, and those before it were not"
    assert alarm.message["message"] == f"cycles cannot change so by a later version (ACC-3): {why}"
    assert Book(counting()).publish("contract-terms", counting() | {"version": 2}) == []


SCHEDULE = [{"completed": 0, "percent": "5"}, {"completed": 1, "percent": "3"}, {"completed": 2, "percent": "0"}]


def charging(kind: str = "installment") -> Json:
    """5% at first, 3% after one cycle of 26 payments, nothing after two."""
    return counting() | {"early_withdrawal_charge": {kind: {"basis": "cycles", "steps": SCHEDULE}}}


@pytest.mark.parametrize(
    ("payments", "paid", "told"),
    [
        (25, "9.50", "5%: installment account of 0 completed cycles"),
        (26, "9.70", "3%: installment account of 1 completed cycles"),
        (51, "9.70", "3%: installment account of 1 completed cycles"),
        (52, "10.00", "0%: installment account of 2 completed cycles"),
    ],
)
def test_wdl_4_a_schedule_by_completed_cycles(payments: int, paid: str, told: str) -> None:
    """Gross 10.00 less 5%, 3% or nothing."""
    book = Book(charging())
    pay(book, payments)
    closed(book)
    book.withdraw(withdrawal("w", "2021-01-05", amount="10.00", amount_type="gross"))
    outcome = only(book.close("2021-01-05"))
    assert outcome.message["paid"] == paid
    assert outcome.message["details"]["early_withdrawal_charge"] == told
    assert "WDL-4" in outcome.message["rules"]


def test_wdl_4_the_roth_account_is_charged_by_cycles_of_its_own() -> None:
    """ROTH: 30 payments are one cycle, 3%; with 22 more to the Roth account it has two, and no charge on 10.00."""
    book = Book(charging() | {"accounts": ["pretax", "roth"]})
    pay(book, 30)
    closed(book)
    roth = {"account": "roth", "source": "roth_salary_reduction"}
    for number in range(22):
        book.deposit(deposit(f"r{number}", "2021-01-05", "1.00", **roth, **DAY))
    book.close("2021-01-05")
    assert (count(book), count(book, "roth")) == ((0, 30), (30, 22))
    for account in ("pretax", "roth"):
        order = {"account": account, "amount": "10.00", "amount_type": "gross"}
        book.withdraw(withdrawal(f"w-{account}", "2021-01-06", **order))
    assert [outcome.message["paid"] for outcome in book.close("2021-01-06")] == ["9.70", "10.00"]


@pytest.mark.parametrize("wrong", [charging("lump_sum"), {**charging(), "cycles": None}])
def test_wdl_4_only_installments_complete_cycles(wrong: Json) -> None:
    alarm = only(Book().publish("contract-terms", wrong), "alarms")
    assert alarm.message["code"] == "MALFORMED"

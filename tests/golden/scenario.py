"""The history whose log, outcomes and state are kept for each release: a little of everything the release can do.

Deposits that wait and deposits decided at once, a transfer and withdrawals with an adjustment, rejections with and
without a trade date, a repeat, a cancellation, a maturity; at the end something still waits and a close is unsettled.
"""

from contracts_schema.entries import DayClosedEntry, read_entry
from services.runtime.records import OutputRecord
from tests.domain import books
from tests.domain.gaa import flat, gaa_terms, leg, still, weeks_of_january
from tests.domain.lives import Ledger

_FIRST, _TRADE, _LAST = "2021-01-04", "2021-02-10", "2021-02-12"
_TRACED = {"submitted_by": "plain"}


def history() -> list[OutputRecord]:
    """The ledger log of the history."""
    book = books.Book(gaa_terms(options=(*books.FUNDS, books.fixed_account_2(), books.guaranteed(lock_in_days=0))))
    for offer in (*weeks_of_january(), books.offering("SHORT", "2021-01-25", "2021-01-29", still(1, "2021-02-10"))):
        book.publish("guaranteed-offerings", offer)
    book.instruct(books.opening("open", _FIRST, allocation=books.shares(F1="50", FA2="50")))
    book.deposit(books.deposit("mixed", _FIRST, "1000.01"))
    book.deposit(books.deposit("no such option", _FIRST, "10.00", allocation=books.shares(GHOST="100")))
    for day in books.business_days(_FIRST, "2021-02-09"):
        _on(book, day)
        book.close(day, flat("4" if day < "2021-01-18" else "6"))
    _trading(book)
    book.close(_TRADE, flat("6"))
    book.deposit(books.deposit("waits", "2021-02-11", "5.00"))
    book.close("2021-02-11", flat("6"))
    book.deposit(books.deposit("still waits", _LAST, "7.77", participant_id="P2"))
    return book.log


def _on(book: books.Book, day: str) -> None:
    lots = {"2021-01-05": ("GAA", 2), "2021-01-12": ("GAA", 5), "2021-01-26": ("GAA", 1)}
    if day in lots:
        option, term = lots[day]
        share = {"option": option, "term": term, "percent": "100"}
        book.deposit(books.deposit(f"lot-{day}", day, "500.00", allocation=[share]))


def _trading(book: books.Book) -> None:
    book.transfer(books.transfer("moves", _TRADE, [leg("GAA", 2, amount="100.00")], books.shares(F2="60", FA2="40")))
    book.withdraw(books.withdrawal("pays", _TRADE, amount="200.00", **{"from": [leg("GAA", 5)]}))
    book.withdraw(books.withdrawal("too much", _TRADE, amount="99999.00"))
    book.withdraw(books.withdrawal("wrong", _TRADE, amount="-1"))
    book.deposit(books.deposit("regretted", _TRADE, "1.00"))
    book.instruct(books.cancelling("regrets", _TRADE, "regretted"))
    book.withdraw(books.withdrawal("pays", _TRADE, amount="200.00", **{"from": [leg("GAA", 5)]}))


def folded(log: list[OutputRecord]) -> Ledger:
    """The ledger after the log, everything settled but what the last close brings."""
    ledger = Ledger()
    last = max(at for at, record in enumerate(log) if isinstance(read_entry(record.value or b""), DayClosedEntry))
    for at, record in enumerate(log):
        ledger.fold(record)
        if at < last:
            ledger.settle()
        for table in ledger.partition.tables.values():
            table.commit()
    return ledger

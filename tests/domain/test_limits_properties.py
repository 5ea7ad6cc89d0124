"""LIM-1..5, LIM-7, WDL-6, whatever is asked on whatever day: what is used never exceeds what the limit allows, told
here in the rules' words alone; and on the day that a rejection names the request as made succeeds.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from contracts_schema.entries import DayClosedEntry, TermsEntry, read_entry
from contracts_schema.requests import TransferRequest, WithdrawalRequest
from contracts_schema.terms import AccountType
from services.domain.cases import Case
from services.domain.folding import with_day, with_terms
from services.domain.market import Market
from services.domain.numbers import exact
from services.domain.state import Account, Participant, Position
from services.domain.transfers import transfer
from services.domain.valuation import Valuation
from services.domain.verdicts import Done, Verdict
from services.domain.withdrawals import withdrawal
from tests.domain.books import shares
from tests.domain.books import transfer as transferring
from tests.domain.books import withdrawal as withdrawing
from tests.domain.books_limits import book_of, contract, fixed_account, fixed_plus, resting
from tests.domain.gaa import leg

D = Decimal
SINCE, LAST = "2023-12-27", "2025-03-31"
LARGER = {"from_day": "2024-11-01", "through": "2024-11-30", "percent": "60"}
PERCENT = {"FA": 10, "FP": 20, "FA2": 50}
Uses = list[tuple[str, date, Decimal]]


@cache
def market() -> Market:
    """Fifteen months closed, a leap day and two turns of the year in them; fixed options earn 5%. All its days are
    there, as on each of them: what the ledger keeps at last no longer has the first ones.
    """
    options = (fixed_account(), fixed_plus(), resting(temporary=[LARGER]))
    book = book_of(contract(*options, since=SINCE), SINCE, "0.05")
    book.close_through("2023-12-28", LAST)
    found = Market()
    for entry in (read_entry(record.value or b"") for record in book.log):
        if isinstance(entry, TermsEntry):
            found, _ = with_terms(found, entry)
        elif isinstance(entry, DayClosedEntry):
            found, _ = with_day(found, entry)
    return found


def holder(units: dict[str, Decimal]) -> Participant:
    positions = tuple(Position(option, held) for option, held in units.items())
    return Participant("C1", "P1", accounts=(Account(AccountType.PRETAX, date(2023, 12, 27), (), positions),))


class Asked(NamedTuple):
    """Dollars of an option, to be transferred or withdrawn."""

    option: str
    amount: Decimal
    out: bool


@exact
def ask(books: Participant, day: date, received: date, wanted: Asked) -> Verdict:
    terms = market().terms_on("C1", day)
    assert terms is not None
    at, amount = Valuation(market(), terms, day), str(wanted.amount)
    if wanted.out:
        message = withdrawing("w", SINCE, amount=amount, **{"from": [leg(wanted.option)]})
        return withdrawal(Case(at, books, WithdrawalRequest.model_validate(message), received))
    message = transferring("t", SINCE, [leg(wanted.option, amount=amount)], shares(F1="100"))
    return transfer(Case(at, books, TransferRequest.model_validate(message), received))


def allowed(books: Participant, uses: Uses, when: tuple[date, date], option: str, *, out: bool) -> Decimal | None:
    """What may leave an option; None for everything. Withdrawals share the limit of FP, and have no waiver."""
    day, received = when
    if out and option != "FP":
        return None
    base_day = max(each for each in market().closed if each <= received)
    index = market().days[base_day].fixed_indexes[f"C1|{option}"]
    base = cents(books.accounts[0].units_of(option) * index)
    if option == "FP" and base <= 1000 and not out:
        return None
    percent = 60 if option == "FA2" and (day.year, day.month) == (2024, 11) else PERCENT[option]
    used = sum((dollars for name, on, dollars in uses if name == option and counts(option, on, day)), D(0))
    return max(D(0), cents(base * percent / 100) - used)


def counts(option: str, on: date, day: date) -> bool:
    if option != "FP":
        return on.year == day.year
    leaves = (on.year + 1, 2, 28) if (on.month, on.day) == (2, 29) else (on.year + 1, on.month, on.day)
    return leaves > (day.year, day.month, day.day)


def cents(value: Decimal) -> Decimal:
    return value.quantize(D("0.01"), ROUND_HALF_UP)


asking = st.tuples(
    st.integers(0, 60),  # business days since the one before
    st.integers(0, 3),  # business days from the receipt to the trade date
    st.sampled_from(["FA", "FP", "FA2"]),
    st.one_of(
        st.sampled_from(["all", "a cent more"]),
        st.decimals("0.01", "800", places=2),
    ),
    st.booleans(),  # withdrawn, not transferred
)


@given(
    st.fixed_dictionaries({name: st.decimals("500", "9000", places=6) for name in PERCENT}),
    st.lists(asking, min_size=1, max_size=12),
)
def test_lim_7_used_never_exceeds_what_the_limit_allows(
    units: dict[str, Decimal], steps: list[tuple[int, int, str, Decimal | str, bool]]
) -> None:
    """Percent × base less what was used: 10%, 20%, 50% (in November 2024 60%); transfers of all up to $1,000 in FP."""
    books, uses, place = holder(units), Uses(), 1
    for later, waited, option, wanted, out in steps:
        place = min(place + later, len(market().closed) - 1)
        day, received = market().closed[place], market().closed[max(0, place - waited)]
        available = allowed(books, uses, (day, received), option, out=out)
        amount = wanted if isinstance(wanted, Decimal) else (available or D(0)) + D("0.01") * (wanted != "all")
        if not amount:
            continue
        verdict = ask(books, day, received, Asked(option, amount, out))
        if isinstance(verdict, Done):
            assert available is None or amount <= available
            uses += [(option, day, amount)] if option == "FP" or not out else []
            books = verdict.participant
            continue
        codes = {found.code.value for found in verdict}
        if codes == {"LIMIT_EXCEEDED"}:
            assert available is not None
            assert amount > available == D(verdict[0].numbers["available"])
            check_date(books, Asked(option, amount, out), verdict[0].possible_from)
        else:
            assert codes <= {"INSUFFICIENT_VALUE", "OPTION_NOT_HELD"}


def check_date(books: Participant, wanted: Asked, possible_from: date | None) -> None:
    """LIM-5: asked again at the first close of that date or after it, the request succeeds."""
    if possible_from is not None and possible_from <= market().closed[-1]:
        day = next(each for each in market().closed if each >= possible_from)
        assert isinstance(ask(books, day, day, wanted), Done)

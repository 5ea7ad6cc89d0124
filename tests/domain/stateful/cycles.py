"""Purchase payment cycles (ACC-3), and what a charge's schedule counts (WDL-4); added up from what was confirmed."""

from datetime import date

from tests.domain.books import Json
from tests.domain.stateful.days import anniversary
from tests.domain.stateful.sums import Person


def _terms(person: Person) -> Json | None:
    terms: Json | None = person.days.contract.terms["cycles"]
    return terms


def credited(person: Person, account: str) -> None:
    """An installment account is opened: it is credited the payments of the one that has the most."""
    if _terms(person) is not None and not person.lump_sum.get(account):
        person.payments[account] = max(person.payments.values(), default=0)


def paid(person: Person, account: str, source: str) -> None:
    """A deposit, which is one payment where it is an installment; those of lump sums count none."""
    terms = _terms(person)
    if terms is not None and account in person.payments and source in terms["installment_sources"]:
        person.payments[account] += 1


def told(person: Person, message: Json) -> None:
    """What an account counts, on confirmations of deposits and openings."""
    details, terms, account = message.get("details") or {}, _terms(person), message["account"]
    expected: tuple[str | None, str | None] = (None, None)
    if terms is not None and account in person.payments:
        number = person.payments[account]
        expected = str(number), str(number // terms["payments_per_cycle"])
    found = (details.get("payments"), details.get("completed_cycles"))
    assert found == expected, ("ACC-3: payments and completed cycles", found, expected, message)


def completed(person: Person, account: str, schedule: Json, day: date) -> int:
    """What is completed by a day: cycles, or years since the account's effective date."""
    if schedule["basis"] == "cycles":
        terms = _terms(person)
        assert terms is not None, "a contract with such a schedule counts cycles"
        return int(person.payments[account] // terms["payments_per_cycle"])
    opened = person.opened[account]
    return day.year - opened.year - (anniversary(opened, day.year - opened.year) > day)

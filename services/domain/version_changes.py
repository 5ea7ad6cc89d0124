"""What a later version of a contract's terms cannot change, because what it needs of the time before was not kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from contracts_schema.terms import ContractTerms


class Change(NamedTuple):
    """A term that cannot change so, its rule, and why for whoever published it."""

    term: str
    rule: str
    why: str


def not_to_change(known: list[ContractTerms], terms: ContractTerms) -> Iterator[Change]:
    """What a version changes of the ones before it that it cannot."""
    yield from _charge_class(known, terms)
    yield from _death_benefit(known, terms)
    yield from _limits(known, terms)
    yield from _fee(known, terms)
    yield from _cycles(known, terms)
    yield from _statement_date(known, terms)


def _charge_class(known: list[ContractTerms], terms: ContractTerms) -> Iterator[Change]:
    if any(version.charge_class != terms.charge_class for version in known):
        why = "units held are worth the unit values of their class, and exchanging them is not available"
        yield Change("charge_class", "FND-4", why)


def _death_benefit(known: list[ContractTerms], terms: ContractTerms) -> Iterator[Change]:
    if any(version.death_benefit != terms.death_benefit for version in known):
        yield Change("death_benefit", "MVA-10", "the adjusted purchase total counts from the first deposit on")


def _limits(known: list[ContractTerms], terms: ContractTerms) -> Iterator[Change]:
    """Contributions are totalled while there are limits."""
    before = [version for version in known if version.effective_from < terms.effective_from]
    latest = max(before, key=lambda version: (version.effective_from, version.version), default=terms)
    begins_a_year = (terms.effective_from.month, terms.effective_from.day) == (1, 1)
    if terms.contribution_limits is not None and latest.contribution_limits is None and not begins_a_year:
        why = "what was contributed before it in the year was not totalled; limits begin on 1 January"
        yield Change("contribution_limits", "DEP-7", why)


def _fee(known: list[ContractTerms], terms: ContractTerms) -> Iterator[Change]:
    """Accounts know the day of their next fee from the deposit on that came under one. A fee, or another one's bearer,
    reaches those that come later; what the endorsement protects (E-FA2 §4) it could not be given to the others.
    """
    fee = terms.maintenance_fee
    if fee is None or not terms.reaches_existing:
        return
    if any(each.maintenance_fee is None or each.maintenance_fee.per != fee.per for each in known):
        why = "a fee that the contract had not, or had per another, reaches new participants only"
        yield Change("maintenance_fee", "WDL-5", why)


def _cycles(known: list[ContractTerms], terms: ContractTerms) -> Iterator[Change]:
    if terms.cycles is not None and any(version.cycles is None for version in known):
        yield Change("cycles", "ACC-3", "payments are counted from the first one on, and those before it were not")


def _statement_date(known: list[ContractTerms], terms: ContractTerms) -> Iterator[Change]:
    """Every year has its notice: another statement date cannot begin between itself and the one that it replaces."""
    since = terms.effective_from
    before = [version for version in known if version.effective_from < since]
    latest = max(before, key=lambda version: (version.effective_from, version.version), default=terms)
    old, new = latest.statement_date, terms.statement_date
    if old is not None and new is not None and new.of_year(since.year) < since <= old.of_year(since.year):
        yield Change("statement_date", "NTC-1", f"{since.year} would have no annual notice")

"""What a participant's accounts are worth on a day, by the sums kept here (GEN-4), and what is taken pro rata."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from tests.domain.books import Json
from tests.domain.stateful.sums import CENT, ZERO, D, Person, Place, Term, cents, day_of

NEAR = D("0.001")
"""By how much of a dollar a share may be off where a value was at the edge of a cent."""
LONGEST_SHORT = 3
Source = tuple[str, str]
"""An option, and the classification or the term that counts as one beside it."""


def holds(person: Person, account: str) -> bool:
    """Whether anything is in an account."""
    return any(units for place, units in person.units.items() if place[0] == account)


def worth(person: Person, account: str, day: date) -> Decimal:
    """An account's value before any adjustment."""
    return sum((value_of(person, place, day) for place in person.units if place[0] == account), ZERO)


def value_of(person: Person, place: Place, day: date) -> Decimal:
    """What there is of an option or a lot, to the cent."""
    account, name, since = place
    units, kinds = person.units[place], person.days.contract.options
    if not units:
        return ZERO
    if name not in kinds:
        after = D(kinds[str(person.days.contract.guaranteed)]["minimum_rate"])
        return cents(units * next(person.terms[account, name].indexes(day, after)))
    if kinds[name]["kind"] == "fund":
        return cents(units * person.days.prices[name, day])
    return cents(units * person.days.index(name, day, None if since is None else day_of(since)))


def source_of(person: Person, place: Place) -> Source:
    """WDL-1: an option, a classification of guaranteed terms, or each of them where there are none."""
    account, name, _ = place
    contract = person.days.contract
    if name in contract.options:
        return name, ""
    term, guaranteed = person.terms[account, name], str(contract.guaranteed)
    if contract.options[guaranteed]["classified"]:
        return guaranteed, "short" if term.years <= LONGEST_SHORT else "long"
    return guaranteed, f"{term.years} {term.offers[0]['offering_id']}"


def pro_rata(person: Person, account: str, legs: list[Json], day: date) -> None:
    """WDL-1, WDL-2, DEP-2: of every source the same share, cents left over of the largest; oldest lots first within."""
    taken: dict[Place, Decimal] = defaultdict(D)
    for leg in legs:
        taken[account, leg.get("lot") or leg["option"], leg.get("applied_since")] -= D(leg["dollars"])
    values: dict[Source, Decimal] = defaultdict(D)
    of_source: dict[Source, Decimal] = defaultdict(D)
    for place in [place for place, units in person.units.items() if place[0] == account and units]:
        values[source_of(person, place)] += value_of(person, place, day)
        of_source[source_of(person, place)] += taken[place]
    total, dollars = sum(values.values(), ZERO), sum(taken.values(), ZERO)
    assert sum(of_source.values(), ZERO) == dollars <= total + NEAR, ("WDL-1: of what is held", legs)
    largest = max(values.values())
    for source, value in values.items():
        exact, spare = dollars * value / total, largest - value <= CENT or total - dollars < len(values)
        lacks = exact - of_source[source]
        assert lacks < CENT + NEAR, ("WDL-1: too little of a source", source, exact, legs)
        assert spare or lacks > -NEAR, ("WDL-1, DEP-2: too much of a source", source, exact, legs)
        assert lacks > -len(values) * CENT, ("WDL-1: far too much of a source", source, exact, legs)
    _oldest_first(person, taken, day)


def _oldest_first(person: Person, taken: dict[Place, Decimal], day: date) -> None:
    lots = [place for place in taken if (place[0], place[1]) in person.terms and taken[place]]
    for place in lots:
        for other in [each for each in person.units if each[:2] in person.terms and each[0] == place[0]]:
            if source_of(person, other) == source_of(person, place) and _older(person, other, place):
                rest = value_of(person, other, day) - taken.get(other, ZERO)
                assert abs(rest) <= CENT, ("WDL-2: an older lot is left", place, other, rest)


def _older(person: Person, one: Place, other: Place) -> bool:
    """By deposit period, then by day of deposit; not where the period is not known for sure."""
    first, second = person.terms[one[:2]], person.terms[other[:2]]
    if _started(first)[-1] < _started(second)[0]:
        return True
    return len(first.offers) == 1 and first.offers == second.offers and first.deposited < second.deposited


def _started(term: Term) -> list[str]:
    return sorted(offer["period_start"] for offer in term.offers)

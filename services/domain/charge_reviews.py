"""Reviews of charges under way: when one begins, and what of it is kept until every partition has told (FND-4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from contracts_schema.charge_review import ChargeReview
from contracts_schema.contract_notices import ChargeReviewed
from contracts_schema.terms import ContractTerms


@dataclass(frozen=True, slots=True)
class Told:
    """What one partition told of a contract: dollars, and participants who hold anything."""

    total: Decimal
    participants: int


@dataclass(frozen=True, slots=True)
class Result:
    """What a review came to for a contract; or why its charge stays as it is, for operations to decide."""

    contract_id: str
    charge: ChargeReviewed | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A review of a holder's contracts of a class as of a day.

    All `contracts` are added up; it sets the charge of those that are `reviewed`, whose review is of that day. `told`
    is by `contract|partition`. It is done when there are `results`, and kept until the next, so that a total told
    again, or told otherwise, can be told from a new one.
    """

    day: date
    holder: str
    contract_class: str
    contracts: tuple[str, ...]
    reviewed: tuple[str, ...]
    partitions: int | None = None
    told: Mapping[str, Told] = field(default_factory=dict)
    results: tuple[Result, ...] = ()

    @property
    def key(self) -> str:
        """Of the day and whose contracts; identifiers have no `|` in them."""
        return f"{self.day}|{self.holder}|{self.contract_class}"

    @property
    def complete(self) -> bool:
        """Whether every partition has told of every contract."""
        return self.partitions is not None and len(self.told) == self.partitions * len(self.contracts)


Reviews = Mapping[str, Review]
"""By their keys."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A day that closes, the one closed before, the business day that its close announced, and the next one."""

    day: date
    previous: date | None
    announced: date | None
    following: date


def reviews_begun(
    known: Reviews, in_force: Iterable[ContractTerms], closing: Closing
) -> tuple[Reviews, tuple[str, ...]]:
    """The reviews with those that begin with a close, and the contracts to be totalled for them.

    A review that is done goes when the next of the same contracts begins.
    """
    new = [review for review in _of_groups(in_force, closing) if review.reviewed]
    if not new:
        return known, ()
    again = {(review.holder, review.contract_class) for review in new}
    kept = {
        key: review
        for key, review in known.items()
        if not review.results or (review.holder, review.contract_class) not in again
    }
    totals = tuple(sorted(contract for review in new for contract in review.contracts))
    return {**kept, **{review.key: review for review in new}}, totals


def _of_groups(in_force: Iterable[ContractTerms], closing: Closing) -> Iterator[Review]:
    """The contracts of each holder and class, and which of them are to be reviewed at the close."""
    under = [(terms.charge_review, terms.contract_id) for terms in in_force if terms.charge_review is not None]
    under.sort(key=lambda each: (each[0].contract_holder, each[0].contract_class, each[1]))
    for (holder, class_), found in groupby(under, key=lambda each: (each[0].contract_holder, each[0].contract_class)):
        group = list(found)
        contracts = tuple(contract for _, contract in group)
        reviewed = tuple(contract for review, contract in group if is_due(review, closing))
        yield Review(closing.day, holder, class_, contracts, reviewed)


def is_due(review: ChargeReview, closing: Closing) -> bool:
    """Whether a review is as of the day that closes: it is the last business day on or before the day of the year, or
    the first on or after it.

    Each day of the year falls to one close: on or before, to that whose next business day lies after it, as that was
    announced; where an announced day was then no business day, its own falls to the close after it.
    """
    day = closing.day
    if review.as_of == "on_or_after":
        first = day if closing.previous is None else closing.previous + timedelta(days=1)
        return next_of_year(review.review_on, first) <= day
    return next_of_year(review.review_on, closing.announced or day) < closing.following


def next_of_year(month_day: str, first: date) -> date:
    """The first day of that month and day, not before a day."""
    found = date.fromisoformat(f"{first.year}-{month_day}")
    return found if found >= first else date.fromisoformat(f"{first.year + 1}-{month_day}")


def effective_day(review: ChargeReview, day: date, frozen: date) -> date:
    """When a charge that was reviewed as of a day takes effect: as the terms say, and not on a frozen day."""
    earliest = day + timedelta(days=review.effective_after_days)
    wanted = earliest if review.effective_on is None else next_of_year(review.effective_on, earliest)
    return max(wanted, frozen + timedelta(days=1))

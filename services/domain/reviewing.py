"""The review of charges: totals are gathered, and when all are in the tier says the new Daily Asset Charge (FND-4).

It takes effect as a version of its schedule that is otherwise as the one before, as though operations had published it
on `charge-classes`. Where that cannot be, the charge stays and operations are told: they can publish one themselves.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from contracts_schema.alarms import AlarmCode
from contracts_schema.charge_review import ChargeReview, ChargeTier
from contracts_schema.contract_notices import ChargeReviewed, ContractTotal
from contracts_schema.terms import ContractTerms
from contracts_schema.types import plain
from contracts_schema.unit_values import ChargeSchedule
from contracts_schema.values import Value
from services.domain.charge_reviews import Result, Review, Told, effective_day
from services.domain.charging import take_charge_schedule
from services.domain.closing import Reference, terms_on
from services.domain.daily_charges import schedule_on
from services.domain.numbers import ZERO, cents
from services.domain.refusing import Accepted, Refusal


def take_total(state: Reference, total: ContractTotal) -> Accepted | Refusal:
    """What one partition holds under a contract; the last of them concludes its review."""
    review = _of(state, total)
    if review is None:
        return _conflict(total, "no review of it is under way")
    if review.partitions not in (None, total.partitions) or not 0 <= total.partition < total.partitions:
        return _conflict(total, f"partition {total.partition} of {total.partitions}, where others say otherwise")
    place, told = f"{total.contract_id}|{total.partition}", Told(total.total, total.participants)
    known = review.told.get(place)
    if known is not None:
        message = f"partition {total.partition} told {plain(known.total)} before, of {known.participants} participants"
        return (state, ()) if known == told else _conflict(total, message)
    review = replace(review, partitions=total.partitions, told={**review.told, place: told})
    if review.complete:
        return _concluded(state, review), ()
    return _with(state, review), ()


def _of(state: Reference, total: ContractTotal) -> Review | None:
    of_day = (review for review in state.reviews.values() if review.day == total.date)
    return next((review for review in of_day if total.contract_id in review.contracts), None)


def _with(state: Reference, review: Review) -> Reference:
    return replace(state, reviews={**state.reviews, review.key: review})


def _conflict(total: ContractTotal, message: str) -> Refusal:
    what = f"total {plain(total.total)} of contract {total.contract_id} on {total.date}"
    return Refusal(AlarmCode.CONFLICTING_VALUE, ("FND-4",), f"{what}: {message}")


class _Sums(Value, frozen=True):
    """What is held under the contracts that are added up, by how many."""

    total: Decimal
    participants: int

    @property
    def average(self) -> Decimal:
        """Dollars per participant who holds anything, to the cent; zero where nobody does."""
        return cents(self.total / self.participants) if self.participants else ZERO

    def tier(self, review: ChargeReview) -> ChargeTier:
        """The tier that a contract's terms give for them."""
        return review.tier_of(self.total if review.basis == "total_assets" else self.average)


def _concluded(state: Reference, review: Review) -> Reference:
    """The state with the new charges, and what the review came to for each contract."""
    told, before = review.told.values(), state
    sums = _Sums(sum((each.total for each in told), ZERO), sum(each.participants for each in told))
    results: list[Result] = []
    for terms in terms_on(before, review.day):
        if terms.contract_id in review.reviewed:
            new = _new_schedule(before, review, terms, sums)
            taken = new if isinstance(new, str) else take_charge_schedule(state, new.schedule)
            if isinstance(taken, (str, Refusal)):
                reason = taken if isinstance(taken, str) else taken.message
                results.append(Result(terms.contract_id, refused=reason))
            else:
                assert isinstance(new, _New), "what is taken is a schedule"
                results.append(Result(terms.contract_id, _told(review, terms, sums, new)))
                state = taken[0]
    return _with(state, replace(review, results=tuple(results)))


class _New(Value, frozen=True):
    """A schedule as a review makes it, and the charge of the one that it follows; it may be that one itself."""

    schedule: ChargeSchedule
    old_charge: Decimal


def _new_schedule(state: Reference, review: Review, terms: ContractTerms, sums: _Sums) -> _New | str:
    """The schedule that a contract's review makes, or why it makes none."""
    charge, day = _wanted(state, review, terms, sums)
    if (conflict := _shared_otherwise(state, review, terms, sums)) is not None:
        return conflict
    known = schedule_on(state.charge_schedules, terms.charge_class, day)
    if known is None or known.daily_asset_charge is None:
        return f"charge class {terms.charge_class} has no daily asset charge on {day}"
    if known.daily_asset_charge == charge:
        return _New(known, charge)
    new = known.model_copy(update={"daily_asset_charge": charge, "effective_from": day})
    return _New(new, known.daily_asset_charge)


def _wanted(state: Reference, review: Review, terms: ContractTerms, sums: _Sums) -> tuple[Decimal, date]:
    """The charge that a contract's tiers give, and the day from which."""
    assert terms.charge_review is not None, "it is under review"
    assert state.frozen is not None, "the day of the review is closed"
    day = effective_day(terms.charge_review, review.day, state.frozen)
    return sums.tier(terms.charge_review).daily_asset_charge, day


def _shared_otherwise(state: Reference, review: Review, terms: ContractTerms, sums: _Sums) -> str | None:
    """Why the charges of a class cannot be set: it is another contract's too, whose review does not say the same."""
    wanted = _wanted(state, review, terms, sums)
    for other in terms_on(state, review.day):
        if other.charge_class != terms.charge_class:
            continue
        if other.contract_id not in review.reviewed or _wanted(state, review, other, sums) != wanted:
            return f"charge class {terms.charge_class} is also that of {other.contract_id}, which is not reviewed alike"
    return None


def _told(review: Review, terms: ContractTerms, sums: _Sums, new: _New) -> ChargeReviewed:
    assert terms.charge_review is not None, "it is under review"
    charge = new.schedule.daily_asset_charge
    assert charge is not None, "a review sets one"
    return ChargeReviewed(
        charge_class=terms.charge_class,
        contracts=review.contracts,
        basis=terms.charge_review.basis,
        total=sums.total,
        participants=sums.participants,
        average=sums.average,
        tier_from=sums.tier(terms.charge_review).from_amount,
        old_charge=new.old_charge,
        new_charge=charge,
        effective_from=None if charge == new.old_charge else new.schedule.effective_from,
    )

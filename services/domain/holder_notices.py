"""Notices to contract holders: what a message that was accepted gives cause to tell (NTC-4, NTC-5).

They follow from the state before and after it alone, so that each is told once, whatever came first: the rate or the
terms of its contract.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from contracts_schema.alarms import AlarmCode
from contracts_schema.closing_orders import ClosingOrder, ReleaseOrder
from contracts_schema.contract_notices import ContractNotice, ContractTotal, YearMinimum
from contracts_schema.options import FixedAccount2Option
from contracts_schema.parsing import AnyReference
from contracts_schema.reference import CreditedRate, OneYearMinimum
from contracts_schema.rules import clauses
from contracts_schema.terms import ContractTerms
from services.domain.charge_reviews import Result, Review
from services.domain.closing import Calendar, Reference, day_to_close, declared_on
from services.domain.fixed import floor_of
from services.domain.plausibility import held
from services.domain.refusing import Refusal

OF_REVIEW = ("FND-4", "NTC-5")
OF_MINIMUM = ("FIX-5", "NTC-4")

Place = str
"""Topic and offset of the message, which make the notices of rates different where a rate is corrected."""


Change = tuple[Reference, Reference]
"""The state before a message and after it."""


def notices_of(change: Change, message: AnyReference, place: Place, calendar: Calendar) -> tuple[ContractNotice, ...]:
    """What is to be told once a message is accepted."""
    before, after = change
    if isinstance(message, ContractTotal):
        return tuple(_reviewed(review, result) for review, result in _concluded(change) if result.charge)
    contract_id = _of_minimums(message)
    if contract_id is None:
        return ()
    known = set(_minimums(before, contract_id, calendar))
    return tuple(
        _minimum(after, contract_id, each, place)
        for each in _minimums(after, contract_id, calendar)
        if each not in known
    )


def not_reset(before: Reference, after: Reference) -> Iterator[Refusal]:
    """That a review could not set charges, and why; somebody has to look at them."""
    found = [
        f"the review of {result.contract_id} as of {review.day} sets no charge: {result.refused}"
        for review, result in _concluded((before, after))
        if result.refused is not None
    ]
    if found:
        yield Refusal(AlarmCode.CHARGE_NOT_RESET, ("FND-4",), "; ".join(found))


def _concluded(change: Change) -> Iterator[tuple[Review, Result]]:
    """What reviews came to with a message."""
    before, after = change
    if before.reviews is after.reviews:
        return
    for key, review in after.reviews.items():
        if review.results and not (key in before.reviews and before.reviews[key].results):
            yield from ((review, result) for result in review.results)


def _reviewed(review: Review, result: Result) -> ContractNotice:
    """NTC-5: the charges were reviewed, and stay or change."""
    return ContractNotice(
        kind="charge_reviewed",
        notice_id=f"{result.contract_id}|charge_reviewed|{review.day}",
        contract_id=result.contract_id,
        date=review.day,
        rules=OF_REVIEW,
        clause=clauses(OF_REVIEW),
        charge=result.charge,
    )


def _of_minimums(message: AnyReference) -> str | None:
    """The contract of which a message may make minimums known; None for all others."""
    if isinstance(message, ContractTerms):
        return message.contract_id
    if isinstance(message, CreditedRate) and isinstance(message.root, OneYearMinimum):
        return message.root.contract_id
    if isinstance(message, ClosingOrder) and isinstance(message.root, ReleaseOrder):
        kind, *names = message.root.item.split("|")
        return names[0] if kind == "one_year_minimum" else None
    return None


def _minimums(state: Reference, contract_id: str, calendar: Calendar) -> Iterator[OneYearMinimum]:
    """The minimums of coming years of a contract's Fixed Account 2, as far as the contract is known to have it; without
    those that are held, for they may yet be discarded.
    """
    options = {
        option.option
        for terms in state.terms
        if terms.contract_id == contract_id
        for option in terms.options
        if isinstance(option, FixedAccount2Option)
    }
    coming = day_to_close(state, calendar) if options else None
    waiting = {one.place[1:] for one in held(state, calendar) if one.place[0] == "one_year_minimum"} if options else ()
    for key, rate in state.minimums.items():
        contract, option, year = key.split("|")
        if (contract, option, year) in waiting:
            continue
        if coming is not None and contract == contract_id and option in options and int(year) > coming.year:
            yield OneYearMinimum(
                kind="one_year_minimum", contract_id=contract, option=option, year=int(year), rate=rate
            )


def _minimum(state: Reference, contract_id: str, minimum: OneYearMinimum, place: Place) -> ContractNotice:
    """NTC-4: the minimum of a coming year, told before it begins; another one before then is told anew."""
    key = f"{contract_id}|{minimum.option}"
    return ContractNotice(
        kind="one_year_minimum",
        notice_id=f"{key}|one_year_minimum|{minimum.year}|{place}",
        contract_id=contract_id,
        date=state.last_closed,
        rules=OF_MINIMUM,
        clause=clauses(OF_MINIMUM),
        minimum=YearMinimum(
            option=minimum.option,
            year=minimum.year,
            rate=minimum.rate,
            contract_minimum=_contract_minimum(state, minimum),
            declared=declared_on(state, key, state.frozen or date(minimum.year, 1, 1)),
        ),
    )


def _contract_minimum(state: Reference, minimum: OneYearMinimum) -> Decimal:
    """What the contract guarantees for the whole of the year, as terms are known now."""
    versions = [terms for terms in state.terms if terms.contract_id == minimum.contract_id]
    versions.sort(key=lambda terms: (terms.effective_from, terms.version))
    floor = floor_of(versions, minimum.option, date(minimum.year, 12, 31))
    assert floor is not None, "the contract has the option"
    return floor

"""Announcements: versions of contract terms, and offerings of guaranteed terms (GEN-6, GAA-1).

Both go to every partition of the ledger log once they are accepted, and can never be taken back.
"""

from __future__ import annotations

from dataclasses import replace

from contracts_schema.alarms import AlarmCode
from contracts_schema.entries import OfferingEntry, TermsEntry
from contracts_schema.options import FixedOption, FundOption, GuaranteedOption, Option
from contracts_schema.reference import GuaranteedOffering
from contracts_schema.terms import ContractTerms
from services.domain.availability import unavailable_in_terms
from services.domain.charging import wrong_phase
from services.domain.closing import Calendar, Reference, terms_on
from services.domain.plausibility import steps_held
from services.domain.refusing import Accepted, Refusal, frozen
from services.domain.review_tiers import tiers_above_maximum
from services.domain.version_changes import not_to_change


def take_terms(state: Reference, terms: ContractTerms) -> Accepted | Refusal:
    """A version of a contract's terms: later than all known ones, built throughout, and true to what is held."""
    known = [version for version in state.terms if version.contract_id == terms.contract_id]
    if terms in known:
        return state, ()
    late = frozen(state, terms.effective_from, f"version {terms.version} of contract {terms.contract_id}", "GEN-6")
    refusal = _not_newer(known, terms) or _not_built(known, terms) or _not_kept(known, terms) or late
    refusal = refusal or wrong_phase(state, terms) or tiers_above_maximum(state, terms)
    return refusal or (replace(state, terms=(*state.terms, terms)), (TermsEntry(terms=terms),))


def take_offering(state: Reference, offer: GuaranteedOffering, calendar: Calendar) -> Accepted | Refusal:
    """GAA-1: announced once, before its deposit period begins, one period of a series after the other.

    One with a rate outside its band is kept, and takes the place of one of that name that was; it is announced when
    it is released.
    """
    of_series = [known for known in state.offerings if known.series == offer.series]
    if offer in of_series or offer in state.control.offerings:
        return state, ()
    if any(known.offering_id == offer.offering_id for known in of_series):
        message = f"offering {offer.offering_id} was announced otherwise; what is announced is guaranteed"
        return Refusal(AlarmCode.CONFLICTING_VALUE, ("GAA-1",), message)
    for known in of_series:
        if known.period_start <= offer.period_end and offer.period_start <= known.period_end:
            message = f"deposit period of {offer.offering_id} overlaps that of {known.offering_id}"
            return Refusal(AlarmCode.OFFERING_OVERLAPS, ("GAA-1",), message)
    late = frozen(state, offer.period_start, f"offering {offer.offering_id}", "GAA-1")
    refusal = late or _below_minimum(state, offer)
    if refusal is not None:
        return refusal
    others = without_kept(state, offer.series, offer.offering_id)
    if steps_held(others, offer, calendar):
        kept = (*others.control.offerings, offer)
        return replace(others, control=replace(others.control, offerings=kept)), ()
    return replace(others, offerings=(*state.offerings, offer)), (OfferingEntry(offering=offer),)


def without_kept(state: Reference, series: str, offering_id: str) -> Reference:
    """The state without the offering of that name among those that wait for a release."""
    kept = state.control.offerings
    others = tuple(known for known in kept if (known.series, known.offering_id) != (series, offering_id))
    return state if len(others) == len(kept) else replace(state, control=replace(state.control, offerings=others))


def _not_newer(known: list[ContractTerms], terms: ContractTerms) -> Refusal | None:
    latest = max((version.version for version in known), default=0)
    if terms.version > latest:
        return None
    message = f"contract {terms.contract_id} has version {latest} already, and it is not version {terms.version}'s turn"
    return Refusal(AlarmCode.CONFLICTING_VALUE, ("GEN-6",), message)


def _not_built(known: list[ContractTerms], terms: ContractTerms) -> Refusal | None:
    unbuilt, changes = unavailable_in_terms(terms), (*not_to_change(known, terms),)
    if not unbuilt and not changes:
        return None
    needed = (f"{name} needs rule {rule}, which is not available" for name, rule in unbuilt)
    kept = (f"{change.term} cannot change so by a later version ({change.rule}): {change.why}" for change in changes)
    rules = (*(rule for _, rule in unbuilt), *(change.rule for change in changes))
    return Refusal(AlarmCode.NOT_AVAILABLE, rules, "; ".join([*needed, *kept]))


def _not_kept(known: list[ContractTerms], terms: ContractTerms) -> Refusal | None:
    lost = {_identity(option) for version in known for option in version.options} - set(map(_identity, terms.options))
    if not lost:
        return None
    message = f"what may be held keeps its meaning; options missing or made another: {sorted(lost)}"
    return Refusal(AlarmCode.CONFLICTING_VALUE, ("GEN-6", "GEN-7"), message)


def _identity(option: Option) -> tuple[str, str, str]:
    """What must stay the same for units held to stay what they are: an option is closed by a date, not left out."""
    if isinstance(option, FixedOption):
        return option.option, option.kind, f"{option.rate_basis}, {_bonus(option)}"
    return option.option, option.kind, option.fund if isinstance(option, FundOption) else option.series


def _bonus(option: FixedOption) -> str:
    """What the histories of accounts past their anniversary are reckoned with (FIX-4)."""
    if option.anniversary is None:
        return "no anniversary"
    after, bonus = option.anniversary, option.anniversary.bonus.normalize()
    return f"{bonus:f} more after {after.years} years, not before {after.not_before}"


def _below_minimum(state: Reference, offer: GuaranteedOffering) -> Refusal | None:
    lowest = min(step.rate for term in offer.terms for step in term.steps)
    for terms in terms_on(state, offer.period_start):
        for option in terms.options:
            if isinstance(option, GuaranteedOption) and option.series == offer.series and lowest < option.minimum_rate:
                message = f"{lowest} is below the minimum of {terms.contract_id}, {option.minimum_rate}"
                return Refusal(AlarmCode.RATE_BELOW_FLOOR, ("GAA-1",), message)
    return None

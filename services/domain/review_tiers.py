"""What of a review's tiers can be seen to be wrong as soon as terms are published (FND-4)."""

from __future__ import annotations

from contracts_schema.alarms import AlarmCode
from contracts_schema.terms import ContractTerms
from services.domain.charging import above_maximum
from services.domain.closing import Reference
from services.domain.refusing import Refusal


def tiers_above_maximum(state: Reference, terms: ContractTerms) -> Refusal | None:
    """A tier that the last known schedule of the contract's charge class could never take: above its maximum, or of a
    class that is not on the Daily Asset Charge.
    """
    versions = state.charge_schedules.get(terms.charge_class, ())
    if terms.charge_review is None or not versions:
        return None
    if versions[-1].daily_asset_charge is None:
        message = f"charge class {terms.charge_class} has no daily asset charge that a review could set"
        return Refusal(AlarmCode.CONFLICTING_VALUE, ("FND-4",), message)
    for tier in terms.charge_review.tiers:
        refusal = above_maximum(versions[-1].model_copy(update={"daily_asset_charge": tier.daily_asset_charge}))
        if refusal is not None:
            return Refusal(
                refusal.code, ("FND-4", *refusal.rules), f"the tier from {tier.from_amount}: {refusal.message}"
            )
    return None

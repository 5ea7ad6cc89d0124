"""What operations have ordered about the close, and the offerings that are kept until they say what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts_schema.closing_orders import ClosingPolicy, ReleaseOrder
from contracts_schema.reference import GuaranteedOffering


@dataclass(frozen=True, slots=True)
class CloseControl:
    """Policies, days ordered to close that are not closed yet, releases, offerings held out of force.

    `told_late` is the last day that was told to be late: none is told twice. Releases are few, for a person gives
    each, and never dropped: one that comes again must be known.
    """

    policies: tuple[ClosingPolicy, ...] = ()
    ordered: tuple[date, ...] = ()
    released: tuple[ReleaseOrder, ...] = ()
    offerings: tuple[GuaranteedOffering, ...] = ()
    told_late: date | None = None


def policy_on(control: CloseControl, day: date) -> ClosingPolicy | None:
    """The policy in force on a day; None where none is yet, when a day closes by itself and there are no bands."""
    in_force = [policy for policy in control.policies if policy.effective_from <= day]
    return max(in_force, key=lambda policy: policy.effective_from, default=None)


def is_released(control: CloseControl, item: str, value: Decimal) -> bool:
    """Whether this value of an item was released; another of the same item was not by that."""
    return any((order.item, order.value) == (item, value) for order in control.released)

"""Purchase payment cycles: what an account counts of its payments, and the cycles they complete (ACC-3).

The endorsement credits an account newly opened with "the same number of payments" as the one with the most. Decided:
payments credited to that one count among them, or a third account would get less than an account has.
"""

from __future__ import annotations

from collections.abc import Iterable

from contracts_schema.contributions import Source
from contracts_schema.cycles import CycleTerms
from contracts_schema.values import Value, changed


class Payments(Value, frozen=True):
    """Installment payments of an account: those credited when it was opened, and those made to it since."""

    credited: int = 0
    made: int = 0

    @property
    def number(self) -> int:
        """How many it counts."""
        return self.credited + self.made


def credited(terms: CycleTerms | None, existing: Iterable[Payments | None]) -> Payments | None:
    """What an account starts with beside existing ones: the number of the one that has the most."""
    if terms is None:
        return None
    return Payments(max((payments.number for payments in existing if payments is not None), default=0))


def counted(terms: CycleTerms | None, payments: Payments | None, source: Source) -> Payments | None:
    """The payments with a deposit of a source among them, where it is an installment."""
    if terms is None or source not in terms.installment_sources:
        return payments
    known = payments or Payments()
    return changed(known, made=known.made + 1)


def completed(terms: CycleTerms, payments: Payments | None) -> int:
    """Cycles that are complete."""
    return 0 if payments is None else payments.number // terms.payments_per_cycle

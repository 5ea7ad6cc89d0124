"""What the books keep of an annuity option that was elected (INC-3, INC-4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts_schema.values import Value


class AnnuityUnits(Value, frozen=True):
    """Annuity units of a fund option: each payment is worth that many."""

    option: str
    units: Decimal


class Income(Value, frozen=True):
    """An annuity: the request that elected it, and the dollars applied to it.

    It pays `payments` times, every `months` months from `first` on, `payment` dollars or what the annuity units are
    worth by the unit values of `charge_class`; `paid` of the payments were made. A lifetime option has no payments
    here. What came due while an order blocked the participant is due from `not_before` on (DEP-9).
    """

    request_id: str
    annuity: str
    applied: Decimal
    first: date
    months: int
    payments: int = 0
    paid: int = 0
    payment: Decimal | None = None
    units: tuple[AnnuityUnits, ...] = ()
    charge_class: str | None = None
    payee: str | None = None
    not_before: date | None = None

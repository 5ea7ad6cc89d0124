"""Additional services to a plan, which the company and the contract holder agree on in writing (DAC §1.17)."""

from __future__ import annotations

from decimal import Decimal

from contracts_schema.types import Identifier, Message, MinimumRate


class AdditionalServices(Message):
    """How the cost of additional services is borne, besides an increase of the Daily Asset Charge (FND-3).

    Costs may be deducted from Individual Accounts by instructions of the `submitters`; none named: of whoever may
    submit (FND-6). `rate_reduction` is what the declared rate of Fixed Plus Account II is reduced by, as an annual
    rate; what is credited is never below the option's floors (FND-5).
    """

    submitters: tuple[Identifier, ...] = ()
    rate_reduction: MinimumRate = Decimal(0)

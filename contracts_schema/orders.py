"""Orders about an account or a participant: closing an account, deducting a cost, blocking (ACC-1, FND-6, DEP-9)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from contracts_schema.shares import Incoming
from contracts_schema.terms import AccountType
from contracts_schema.types import Identifier, PositiveMoney


class CloseAccount(Incoming):
    """Closes an Individual Account that holds nothing and for which nothing waits; opening it again reopens it."""

    kind: Literal["close_account"]
    account: AccountType


class ServiceCost(Incoming):
    """Deducts the cost of an additional service from an account, pro rata over all its options (FND-6). `service` says
    which, as the separate agreement calls it.
    """

    kind: Literal["service_cost"]
    account: AccountType
    amount: PositiveMoney
    service: Annotated[str, Field(min_length=1, max_length=128)]


class AmlHold(Incoming):
    """An order that blocks the participant: every request is held until it is lifted (DEP-9). `order` names it."""

    kind: Literal["aml_hold"]
    order: Identifier


class AmlRelease(Incoming):
    """Lifts an order; with the last one the requests held are released (DEP-9)."""

    kind: Literal["aml_release"]
    order: Identifier

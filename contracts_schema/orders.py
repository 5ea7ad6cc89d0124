"""Orders about an account or a participant: closing an account, and blocking somebody (ACC-1, DEP-9)."""

from __future__ import annotations

from typing import Literal

from contracts_schema.shares import Incoming
from contracts_schema.terms import AccountType
from contracts_schema.types import Identifier


class CloseAccount(Incoming):
    """Closes an Individual Account that holds nothing and for which nothing waits; opening it again reopens it."""

    kind: Literal["close_account"]
    account: AccountType


class AmlHold(Incoming):
    """An order that blocks the participant: every request is held until it is lifted (DEP-9). `order` names it."""

    kind: Literal["aml_hold"]
    order: Identifier


class AmlRelease(Incoming):
    """Lifts an order; with the last one the requests held are released (DEP-9)."""

    kind: Literal["aml_release"]
    order: Identifier

"""What was taken out of limited options, and moved into and out of capped funds: the history that limits look at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal

from contracts_schema.limits import UseKind
from contracts_schema.values import Value, changed

DAYS_KEPT = 366
"""No window reaches back farther: 12 months, of a leap year too, with the day that they began on."""


class Use(Value, frozen=True):
    """Dollars that left an option on a trade date, and by what; `purchase` is what transfers put into a fund."""

    option: str
    day: date
    amount: Decimal
    kind: UseKind | Literal["purchase"]


Uses = tuple[Use, ...]


def with_uses(uses: Uses, new: Iterable[Use]) -> Uses:
    """The history with what is new of a trade date, in order, without what no window can need any more.

    Uses of a kind that follow one another on a day are one, so that a busy day takes no room.
    """
    for use in new:
        kept = tuple(known for known in uses if (use.day - known.day).days <= DAYS_KEPT)
        last = next((known for known in reversed(kept) if known.option == use.option), None)
        if last is not None and (last.day, last.kind) == (use.day, use.kind):
            more = changed(last, amount=last.amount + use.amount)
            uses = tuple(more if known is last else known for known in kept)
        else:
            uses = (*kept, use)
    return uses

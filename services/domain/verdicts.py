"""What a rule says of a request: done, with the new books and what to confirm, or the reasons why not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.rules import clauses
from contracts_schema.types import plain
from contracts_schema.values import Value
from services.domain.state import Participant


class Done(Value, frozen=True):
    """The participant as it is afterwards, and the confirmation's kind, content and rules."""

    participant: Participant
    kind: str
    rules: tuple[str, ...]
    body: Mapping[str, Any] = {}


Refused = tuple[Finding, ...]
Verdict = Done | Refused


def finding(
    reason: Reason,
    *,
    message: str | None = None,
    rules: tuple[str, ...] | None = None,
    where: str | None = None,
    possible_from: date | None = None,
    **numbers: Decimal | int | str | date,
) -> Finding:
    """One reason of a rejection, with the numbers that were compared."""
    cited = rules if rules is not None else reason.rules
    return Finding(
        code=reason,
        rules=cited,
        clause=clauses(cited),
        message=message or reason.meaning,
        field=where,
        numbers={name: plain(n) if isinstance(n, Decimal) else str(n) for name, n in numbers.items()},
        possible_from=possible_from,
    )


def cited(*rules: str) -> tuple[str, ...]:
    """Rule ids, each once, in the order first applied."""
    return tuple(dict.fromkeys(rules))

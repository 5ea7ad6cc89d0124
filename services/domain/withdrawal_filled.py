"""What the parts of a withdrawal give, at their factors or at par (MVA-7)."""

from __future__ import annotations

from contracts_schema.requests import WithdrawalRequest
from services.domain.cases import Case
from services.domain.positive import Draws, counts_only_positive, par_stands
from services.domain.withdrawal_parts import Filled, Part, drawn_to_the_cent, filled


def filled_at_factors_or_par(
    case: Case[WithdrawalRequest], parts: list[Part]
) -> tuple[list[Filled | None], list[Part], str | None]:
    """What the parts give; and the parts so filled, at par where an adjustment counts only when positive (MVA-7)."""
    fills, only_positive = filled(case, parts), counts_only_positive(case.terms, case.request, case.day)
    if only_positive is None:
        return fills, parts, None
    level = [part.level() for part in parts]
    at_par = filled(case, level)
    short = [draw for part, fill in zip(parts, fills, strict=True) if fill is None for draw in part.everything()]
    stands = par_stands(_to_the_cent(parts, fills), _draws(at_par), short)
    return (at_par, level, only_positive) if stands else (fills, parts, only_positive)


def _to_the_cent(parts: list[Part], fills: list[Filled | None]) -> Draws:
    """What is drawn at the factors, with the cents left over on its adjustment: they are of the aggregate that counts.

    Where no lot is adjusted there may be a cent too little, but then no aggregate either.
    """
    given = [fill for fill in fills if fill is not None]
    draws = drawn_to_the_cent(parts, given) if len(given) == len(fills) else None
    return _draws(fills) if draws is None else [draws]


def _draws(fills: list[Filled | None]) -> Draws:
    return [None if fill is None else fill.draws for fill in fills]

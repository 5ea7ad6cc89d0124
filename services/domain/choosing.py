"""What a request chooses to draw on: an option, and of its terms a length or a classification (GAA-3, GAA-6).

Contracts without classifications let a guaranteed term be chosen, contracts with them a classification, and each kind
nothing else: so says the prospectus of both, transfers and withdrawals alike. Within what is chosen the oldest goes
first (WDL-2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from contracts_schema.options import GuaranteedOption
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import TransferFrom
from contracts_schema.terms import ContractTerms
from contracts_schema.withdrawing import WithdrawalFrom
from services.domain.guaranteed import classification_of, held_lots
from services.domain.state import Account, Lot
from services.domain.verdicts import finding

Chosen = TransferFrom | WithdrawalFrom
"""A leg that says what it is drawn from."""


def narrowed(leg: Chosen) -> bool:
    """Whether a leg chooses among the guaranteed terms of its option."""
    return leg.term is not None or leg.classification is not None


def chosen_lots(account: Account, leg: Chosen) -> list[Lot]:
    """The lots that a leg chooses, oldest first (GAA-6)."""
    return [
        lot
        for lot in held_lots(account, leg.option)
        if leg.term in (None, lot.years) and leg.classification in (None, classification_of(lot.years))
    ]


def rules_of_choice(terms: ContractTerms, drawn: Iterable[str], legs: Sequence[Chosen]) -> tuple[str, ...]:
    """The rules of classifications behind what was drawn of options, for legs that may have chosen one."""
    options = [terms.option_named(name) for name in drawn]
    classified = any(isinstance(option, GuaranteedOption) and option.classified for option in options)
    chosen = any(leg.classification is not None for leg in legs)
    return (*(("GAA-3",) if classified else ()), *(("GAA-6",) if chosen else ()))


def choice_defects(terms: ContractTerms, account: Account, leg: Chosen, where: str) -> Iterator[Finding]:
    """Options the contract does not have, choices it does not let one make, nothing held (GEN-3, GAA-6, WDL-11)."""
    option = terms.option_named(leg.option)
    if option is None:
        yield finding(Reason.UNKNOWN_OPTION, where=where + ".option", option=leg.option)
        return
    classified = isinstance(option, GuaranteedOption) and option.classified
    if leg.classification is not None and not classified:
        yield finding(Reason.CLASSIFICATION_NOT_EXPECTED, where=where + ".classification", option=leg.option)
    if leg.term is not None and classified:
        yield finding(Reason.TERM_NOT_CHOSEN, where=where + ".term", option=leg.option)
    elif isinstance(option, GuaranteedOption):
        yield from _lots_not_held(account, leg, where)
    else:
        if leg.term is not None:
            yield finding(Reason.TERM_NOT_EXPECTED, where=where + ".term", option=leg.option)
        if not account.holds(leg.option):
            yield finding(Reason.OPTION_NOT_HELD, where=where + ".option", option=leg.option)


def _lots_not_held(account: Account, leg: Chosen, where: str) -> Iterator[Finding]:
    lots = held_lots(account, leg.option)
    if not lots:
        yield finding(Reason.OPTION_NOT_HELD, where=where + ".option", option=leg.option)
    elif chosen_lots(account, leg):
        return
    elif leg.term is None:
        reason, chosen = Reason.CLASSIFICATION_NOT_HELD, str(leg.classification)
        yield finding(reason, where=where + ".classification", option=leg.option, classification=chosen)
    else:
        held = ", ".join(str(years) for years in sorted({lot.years for lot in lots}))
        yield finding(Reason.TERM_NOT_HELD, where=where + ".term", option=leg.option, term=str(leg.term), held=held)


def overlapping(legs: Sequence[Chosen]) -> Iterator[Finding]:
    """An option drawn as a whole and by a part of it in the same request would be drawn twice."""
    whole = {leg.option for leg in legs if not narrowed(leg)}
    for at, leg in enumerate(legs):
        if narrowed(leg) and leg.option in whole:
            yield finding(Reason.OPTION_NAMED_TWICE, where=f"from[{at}].option", option=leg.option)

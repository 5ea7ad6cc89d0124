"""What an account may not do once an annuity option was elected (LIM-6, INC-3, TRF-1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contracts_schema.options import FundOption, GuaranteedOption
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import TransferFrom
from contracts_schema.terms import ContractTerms
from services.domain.state import Account
from services.domain.verdicts import finding


def transfers_barred(terms: ContractTerms, account: Account, legs: Sequence[TransferFrom]) -> Iterator[Finding]:
    """No transfers from fixed options; nor, unless the terms leave them, from funds and guaranteed terms, which may be
    transferred "before an Annuity option is elected".
    """
    if account.annuitised is None:
        return
    left = terms.income is not None and terms.income.transfers_after_election == "funds"
    for at, leg in enumerate(legs):
        option = terms.option_named(leg.option)
        in_funds = isinstance(option, FundOption | GuaranteedOption)
        if option is None or (in_funds and left):
            continue
        yield finding(
            Reason.INCOME_ELECTED,
            rules=("TRF-1",) if in_funds else ("LIM-6", "INC-3"),
            where=f"from[{at}].option",
            option=leg.option,
            elected_on=account.annuitised,
        )

"""Where transfers may go, by what they leave (TRF-1), and the least they bring into guaranteed terms (TRF-4).

What TRF-4 leaves open: what arrives in a guaranteed option, before the fee and in all its terms together, is compared;
of a request that leaves nothing but guaranteed terms, and so brings nothing from other options, nothing is.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from contracts_schema.limits import Destinations
from contracts_schema.options import FixedOption, FundOption, GuaranteedOption, Option
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import TransferRequest
from contracts_schema.terms import ContractTerms
from services.domain.allocation import Shares, split
from services.domain.limits import RULE_OF_KIND
from services.domain.numbers import ZERO
from services.domain.verdicts import finding

WORDS: dict[Destinations, str] = {
    "funds": "funds",
    "funds_and_fixed_account_2": "funds and Fixed Account 2",
    "any": "any option",
}


def destination_defects(terms: ContractTerms, request: TransferRequest) -> Iterator[Finding]:
    """What of a request leads from an option to one where nothing of it may go. What leads back into the same option
    is told by that (SAME_OPTION).
    """
    for leg in request.from_:
        source = terms.option_named(leg.option)
        allowed, rules = ("any", ()) if source is None else _allowed(terms, source)
        for at, share in enumerate(request.to):
            option = terms.option_named(share.option)
            back = share.option == leg.option and share.term is None
            if option is not None and not back and not _reaches(allowed, option):
                yield finding(
                    Reason.DESTINATION_NOT_ALLOWED,
                    rules=rules,
                    where=f"to[{at}].option",
                    option=share.option,
                    leaves=leg.option,
                    allowed=WORDS[allowed],
                )


def _allowed(terms: ContractTerms, source: Option) -> tuple[Destinations, tuple[str, ...]]:
    if isinstance(source, FixedOption):
        return source.limit.destinations, ("TRF-1", RULE_OF_KIND[source.kind])
    return terms.transfers.destinations, ("TRF-1",)


def _reaches(allowed: Destinations, option: Option) -> bool:
    if allowed == "any" or isinstance(option, FundOption):
        return True
    return allowed == "funds_and_fixed_account_2" and option.kind == "fixed_account_2"


def too_little(terms: ContractTerms, request: TransferRequest, shares: Shares, arriving: Decimal) -> Iterator[Finding]:
    """Guaranteed options in which less would arrive from others than the contract's minimum (TRF-4)."""
    least = terms.transfers.minimum_into_guaranteed
    if least is None or all(isinstance(terms.option_named(leg.option), GuaranteedOption) for leg in request.from_):
        return
    into: dict[str, Decimal] = {}
    for share, part in zip(shares, split(terms, shares, arriving), strict=True):
        if isinstance(terms.option_named(share.option), GuaranteedOption):
            into[share.option] = into.get(share.option, ZERO) + part
    for name, dollars in into.items():
        if dollars < least:
            yield finding(Reason.BELOW_MINIMUM_INTO_GUARANTEED, option=name, arriving=dollars, minimum=least)

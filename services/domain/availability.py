"""What is not built yet, by rule id: a request or a contract that needs it is refused, never half-served.

Requests are told by a defect on the log, so that a replay decides them as they were decided; contract
terms that need an unbuilt rule never reach the log.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracts_schema.entries import Defect
from contracts_schema.income_election import IncomeElection
from contracts_schema.reasons import Reason
from contracts_schema.requests import AccountInstruction, AnyRequest
from contracts_schema.terms import ContractTerms, UnbuiltTerms

Missing = tuple[str, str]
"""A field (or term) and the rule that would decide it."""

LIFE_IN_UNITS = ("lifetime", "variable")
"""The first payment that its annuity units would be counted from follows from tables of lives."""
UNBUILT_TERM_RULES: dict[str, str] = {}
"""Of each term of `UnbuiltTerms` the rule that would decide it."""


def unavailable_in_request(request: AnyRequest) -> tuple[Defect, ...]:
    """One NOT_AVAILABLE defect per field whose rule is not built, an as-of date's with its own code."""
    found = tuple(_not_available(field, rule) for field, rule in _missing_in_request(request))
    if request.as_of is None:
        return found
    reason = Reason.AS_OF_NOT_AVAILABLE
    return (Defect(code=reason, rules=reason.rules, message=reason.meaning, field="as_of"), *found)


def unavailable_in_terms(terms: ContractTerms) -> tuple[Missing, ...]:
    """The terms whose rules are not built, with the rule of each; none where the contract can be served."""
    fields = UnbuiltTerms.model_fields
    return tuple(
        (f"unbuilt.{name}", rule)
        for name, rule in UNBUILT_TERM_RULES.items()
        if getattr(terms.unbuilt, name) != fields[name].default
    )


def _not_available(field: str, rule: str) -> Defect:
    message = f"{field}: decided by rule {rule}, which is not available in this version"
    return Defect(code=Reason.NOT_AVAILABLE, rules=(rule,), message=message, field=field)


def _missing_in_request(request: AnyRequest) -> Iterator[Missing]:
    if request.mode == "quote" and isinstance(request, AccountInstruction):
        yield "mode", "GEN-2"
    if isinstance(request, AccountInstruction):
        yield from _missing_in_instruction(request)


def _missing_in_instruction(request: AccountInstruction) -> Iterator[Missing]:
    instruction = request.instruction
    if isinstance(instruction, IncomeElection) and (instruction.annuity, instruction.payments) == LIFE_IN_UNITS:
        yield "instruction.payments", "INC-4"

"""Contract terms as the ledger log and the services' state hold them: fields they were written without are given the
meaning that they had then, for a replay decides as was decided. Terms are written whole, so that a field is absent
only where it did not exist yet; its default is for terms that are published from now on.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, TypeAdapter

from contracts_schema.terms import ContractTerms

GUARANTEED_BEFORE: dict[str, object] = {"at_maturity": "stays", "maturity_notice_days": 0}
"""What a guaranteed option logged before these fields were there meant: what the release before them did."""
MVA_BEFORE: dict[str, object] = {"equal_lots": "each"}
"""The same of the terms of an adjustment."""
NOT_WRITTEN: dict[str, object] = {"opens_on": None, "closes_on": None}
"""What is null is not written: where published terms have something by default, logged ones without it have none."""
LIMIT_BEFORE: dict[str, object] = {"limit": {"window": "not_available"}}
"""What Fixed Account 2 logged before it had a limit meant: nothing could be transferred out of it."""


BUILT_SINCE = {
    "contribution_limits",
    "early_withdrawal_charge",
    "loans",
    "premium_tax_due",
    "rate_lock",
    "reinvestment_privilege",
    "maintenance_fee",
    "cycles",
    "installments",
    "charge_review",
    "statement_date",
}
"""Terms of rules that were not built, and were written as such, in the release before."""


def _as_meant(terms: object) -> object:
    if not isinstance(terms, dict):
        return terms
    unbuilt = {name: value for name, value in terms.get("unbuilt", {}).items() if name not in BUILT_SINCE}
    return {**terms, "unbuilt": unbuilt, "options": [_option_as_meant(option) for option in terms.get("options", ())]}


def _option_as_meant(option: dict[str, Any]) -> dict[str, Any]:
    if option.get("kind") != "guaranteed":
        none = NOT_WRITTEN if option.get("kind") == "fund" else {**NOT_WRITTEN, "anniversary": None}
        limit = LIMIT_BEFORE if option.get("kind") == "fixed_account_2" else {}
        return {**none, **limit, **option}
    return {**GUARANTEED_BEFORE, **option, "mva": {**MVA_BEFORE, **option.get("mva", {})}}


LoggedTerms = Annotated[ContractTerms, BeforeValidator(_as_meant)]
"""Terms as the ledger log and the services' state hold them."""

_logged: TypeAdapter[ContractTerms] = TypeAdapter(LoggedTerms)


def read_logged_terms(value: bytes) -> ContractTerms:
    """Terms from the JSON that the ledger's state holds; ValueError for anything else."""
    return _logged.validate_json(value)

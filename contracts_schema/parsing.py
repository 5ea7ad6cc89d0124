"""From JSON to messages, with what is wrong with them in our own codes and words.

This is the one place that knows how the models report errors; the domain sees messages, defects and text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from contracts_schema.closing_orders import ClosingOrder
from contracts_schema.contract_notices import ContractTotal
from contracts_schema.entries import Defect, RequestEntry
from contracts_schema.reasons import Reason
from contracts_schema.reference import CreditedRate, FundValue, GuaranteedOffering, MarketYields
from contracts_schema.remittances import Count, RemittanceLine
from contracts_schema.requests import REQUEST_MODELS, AnyRequest
from contracts_schema.sizes import DIGITS_MOST
from contracts_schema.terms import ContractTerms
from contracts_schema.types import Identifier, Instant, Money, PositiveMoney
from contracts_schema.unit_values import ChargeSchedule, FundPrice

T = TypeVar("T")
AnyReference = (
    ContractTerms
    | ChargeSchedule
    | FundValue
    | FundPrice
    | CreditedRate
    | GuaranteedOffering
    | MarketYields
    | ClosingOrder
    | ContractTotal
)
REFERENCE_MODELS: dict[str, type[AnyReference]] = {
    "contract-terms": ContractTerms,
    "charge-classes": ChargeSchedule,
    "fund-values": FundValue,
    "fund-prices": FundPrice,
    "credited-rates": CreditedRate,
    "guaranteed-offerings": GuaranteedOffering,
    "market-yields": MarketYields,
    "closing-orders": ClosingOrder,
    "contract-totals": ContractTotal,
}
REASON_OF_ERROR = {
    "missing": Reason.MISSING_FIELD,
    "not_a_decimal_string": Reason.AMOUNT_NOT_A_STRING,
    "not_a_number": Reason.AMOUNT_NOT_A_NUMBER,
    "number_negative": Reason.AMOUNT_NOT_POSITIVE,
    "number_zero": Reason.AMOUNT_NOT_POSITIVE,
    "number_too_large": Reason.AMOUNT_TOO_LARGE,
    "number_too_precise": Reason.AMOUNT_TOO_PRECISE,
    "percent_out_of_range": Reason.PERCENT_OUT_OF_RANGE,
    "percentages_not_100": Reason.PERCENTAGES_NOT_100,
    "option_named_twice": Reason.OPTION_NAMED_TWICE,
    "one_quantity": Reason.ONE_QUANTITY_NEEDED,
    "date_not_plausible": Reason.DATE_NOT_PLAUSIBLE,
    "not_a_date": Reason.DATE_NOT_PLAUSIBLE,
    "not_a_timestamp": Reason.DATE_NOT_PLAUSIBLE,
}
LONGEST_MESSAGE = 300
"""Characters of a message that may quote its sender: what is written must stay small whatever is sent."""

INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)
_POSITIVE_MONEY: TypeAdapter[Decimal] = TypeAdapter(PositiveMoney)
_MONEY: TypeAdapter[Decimal] = TypeAdapter(Money)
_COUNT: TypeAdapter[int] = TypeAdapter(Annotated[Count, Field(le=10**DIGITS_MOST)])


@dataclass(frozen=True, slots=True)
class Malformed:
    """Everything that is wrong with the form of a reference message, for a reader."""

    message: str


def read_request(topic: str, content: dict[str, Any]) -> tuple[AnyRequest | None, tuple[Defect, ...]]:
    """A request as its topic's model; or None, and every defect of its form (GEN-3), each field's first."""
    try:
        return REQUEST_MODELS[topic].model_validate(content), ()
    except ValidationError as error:
        return None, tuple(_defect(found) for found in _errors(error))


def read_reference(topic: str, value: bytes) -> AnyReference | Malformed:
    """A reference message as its topic's model, or what is wrong with it."""
    try:
        return REFERENCE_MODELS[topic].model_validate_json(value)
    except ValidationError as error:
        found = (f"{_field(each) or 'message'}: {_message(each)}" for each in _errors(error))
        return Malformed("; ".join(found)[: 10 * LONGEST_MESSAGE])


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with terms: where (names and numbers from the top, names of kinds among them), and what."""

    at: tuple[int | str, ...]
    reason: Reason
    message: str


def read_terms(value: bytes) -> ContractTerms | tuple[Fault, ...]:
    """Terms of a contract, or everything that is wrong with their form."""
    try:
        return ContractTerms.model_validate_json(value)
    except ValidationError as error:
        found = [each for each in _errors(error) if not _follows(each, _errors(error))]
        return tuple(Fault(each["loc"], _reason(each), _message(each)) for each in found)


def read_instant(value: object) -> datetime | None:
    """A time with its offset, or None for what is none."""
    return _read(INSTANT, value)


def read_remittance_line(entry: RequestEntry) -> RemittanceLine | None:
    """The deposit as a line of its remittance; None for what is none.

    It is one whatever else is wrong with it, for it was sent and received; a quote asks only, and is none.
    """
    content = entry.request
    if entry.topic != "deposit-requests" or content.get("mode") == "quote":
        return None
    submitted_by, remittance = (_read(_IDENTIFIER, content.get(name)) for name in ("submitted_by", "remittance_id"))
    if submitted_by is None or remittance is None:
        return None
    received = None if entry.trade_date_received is None else read_instant(content.get("received_at"))
    return RemittanceLine(
        contract_id=content["contract_id"],
        submitted_by=submitted_by,
        remittance_id=remittance,
        participant_id=content["participant_id"],
        request_id=content["request_id"],
        fingerprint=entry.fingerprint,
        amount=_read(_POSITIVE_MONEY, content.get("amount")),
        count=_read(_COUNT, content.get("remittance_count")),
        total=_read(_MONEY, content.get("remittance_total")),
        day=entry.trade_date_received or entry.trade_date_recorded,
        received_at=received or entry.recorded_at,
    )


def _read(kind: TypeAdapter[T], value: object) -> T | None:
    try:
        return kind.validate_python(value)
    except ValidationError:
        return None


def _errors(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_input=False)


def _defect(error: ErrorDetails) -> Defect:
    reason = _reason(error)
    return Defect(code=reason, rules=reason.rules, message=_message(error), field=_field(error) or None)


def _reason(error: ErrorDetails) -> Reason:
    reason = REASON_OF_ERROR.get(error["type"])
    if reason is None:
        reason = Reason.WRONG_TYPE if error["type"].endswith(("_type", "_parsing")) else Reason.INVALID_VALUE
    return reason


def _follows(error: ErrorDetails, errors: list[ErrorDetails]) -> bool:
    """Whether it is only because of others: a list of which every part is wrong is called too short, too."""
    at = error["loc"]
    return error["type"] == "too_short" and any(other["loc"][: len(at)] == at != other["loc"] for other in errors)


def _field(error: ErrorDetails) -> str:
    return ".".join(str(part) for part in error["loc"])


def _message(error: ErrorDetails) -> str:
    return error["msg"][:LONGEST_MESSAGE]

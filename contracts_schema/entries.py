"""Entries of `ledger-log`: the book from which every account can be reckoned again.

Requests are keyed by participant; terms, offerings and closed days go to every partition. Each entry
carries a version; earlier versions decode for good.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, RootModel

from contracts_schema.logged import LoggedTerms
from contracts_schema.reasons import Reason
from contracts_schema.reference import GuaranteedOffering, MarketYields
from contracts_schema.requests import REQUEST_MODELS, AnyRequest
from contracts_schema.types import Day, Identifier, Instant, InvestmentFactor, Message, Rate, UnitValue

ENTRY_VERSION = 1


class Defect(Message):
    """One thing not in good order: what is wrong, in which field, against which rules (GEN-3)."""

    code: Reason
    rules: tuple[str, ...]
    message: str
    field: str | None = None


class RequestEntry(Message):
    """A request as intake read it, with what it found and when it trades.

    `request` is the JSON object as received. `trade_date_received` follows `received_at` (absent when that
    is unreadable or lies in the future), `trade_date_recorded` the broker's timestamp `recorded_at`; the
    ledger takes the first only from submitters authorised for it by the terms, or where
    `received_at_trusted` says that the whole deployment trusts this submitter. `day_received` and
    `day_recorded` are the calendar days in New York of the same instants; entries of release 0.1 have none.
    `fingerprint` is SHA-256 over topic and canonical JSON without `received_at`.
    """

    version: Literal[1] = 1
    type: Literal["request"] = "request"
    topic: str
    source_partition: int
    source_offset: int
    recorded_at: Instant
    trade_date_recorded: Day
    trade_date_received: Day | None = None
    day_recorded: Day | None = None
    day_received: Day | None = None
    received_at_trusted: bool
    fingerprint: str
    defects: tuple[Defect, ...] = ()
    notes: tuple[str, ...] = ()
    traceparent: str | None = None
    request: dict[str, Any]


class TermsEntry(Message):
    """A version of a contract's terms, accepted: effective after the days frozen when it was logged."""

    version: Literal[1] = 1
    type: Literal["terms"] = "terms"
    terms: LoggedTerms


class OfferingEntry(Message):
    """A deposit period and its guaranteed terms, accepted (GAA-1)."""

    version: Literal[1] = 1
    type: Literal["offering"] = "offering"
    offering: GuaranteedOffering


class DayUnitValue(Message):
    """The unit value of a fund for a charge class, and the factor it came by where there was one."""

    fund: Identifier
    charge_class: Identifier
    unit_value: UnitValue
    net_investment_factor: InvestmentFactor | None = None


class DayRate(Message):
    """From this day on: the declared rate of a fixed option, and of Fixed Account 2 the calendar year's minimum."""

    from_day: Day
    declared: Rate
    one_year_minimum: Rate | None = None


class DayCreditedRates(Message):
    """The rates of one fixed option from the closed day until the next business day."""

    contract_id: Identifier
    option: Identifier
    rates: Annotated[tuple[DayRate, ...], Field(min_length=1)]


class DayClosedEntry(Message):
    """A business day is closed: its prices, its rates and its yields, and the business days to come.

    `previous` is the business day closed before (absent at the first), so that a day that is missing,
    repeated or out of order is seen. `closed_at` is the NYSE close. What is effective on or before
    `frozen_through`, the next business day, can no longer change. `yields` holds every series dated
    after `previous` up to and including the day. `contract_totals` names the contracts whose total of the day is to be
    told, for the review of their charges (FND-4).
    """

    version: Literal[1] = 1
    type: Literal["day_closed"] = "day_closed"
    date: Day
    previous: Day | None = None
    closed_at: Instant
    next_business_days: Annotated[tuple[Day, ...], Field(min_length=1)]
    frozen_through: Day
    unit_values: tuple[DayUnitValue, ...] = ()
    credited_rates: tuple[DayCreditedRates, ...] = ()
    yields: tuple[MarketYields, ...] = ()
    contract_totals: tuple[Identifier, ...] | None = None


def request_of(entry: RequestEntry) -> AnyRequest:
    """The request of an entry without defects, as it was read when it was logged.

    Fields that its release did not know were ignored then, and are now: what `NEWER_FIELDS` and its like name is newer
    than entries of release 0.1, which have no `day_recorded`.
    """
    content = entry.request if entry.day_recorded is not None else _as_in_0_1(entry.request)
    return REQUEST_MODELS[entry.topic].model_validate(content)


NEWER_FIELDS = {"birth_date", "catch_up", "payment_reason", "source_of_funds"}
"""Fields of requests that release 0.1 did not know."""
NEWER_IN_LEGS = {"classification"}
"""The same of the legs of transfers and withdrawals."""
NEWER_IN_INSTRUCTIONS = {"payments"}
"""The same of the instructions that it knew."""


def _as_in_0_1(request: dict[str, Any]) -> dict[str, Any]:
    content = _without(request, NEWER_FIELDS)
    if isinstance(content.get("from"), list):
        content["from"] = [_without(leg, NEWER_IN_LEGS) for leg in content["from"]]
    if isinstance(content.get("instruction"), dict):
        content["instruction"] = _without(content["instruction"], NEWER_IN_INSTRUCTIONS)
    return content


def _without(fields: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}


AnyEntry = RequestEntry | TermsEntry | OfferingEntry | DayClosedEntry


class LedgerEntry(RootModel[Annotated[AnyEntry, Field(discriminator="type")]]):
    """One record of `ledger-log`."""


def read_entry(value: bytes) -> AnyEntry:
    """Decode a record of `ledger-log`; ValueError for anything else, which is fatal to the reader."""
    return LedgerEntry.model_validate_json(value).root


def write_entry(entry: AnyEntry) -> bytes:
    """Encode an entry; the same entry always gives the same bytes."""
    return entry.written()

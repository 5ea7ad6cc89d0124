"""The one table of topics: name, key, model, writer, partitions, retention, compaction, timestamps.

Topics are created from this table, and a start is refused where the broker's differ from it. Business
time is in the values; where senders write, the broker stamps the record (`LogAppendTime`), because a
record with an old `CreateTime` is deleted by retention within minutes and a sender's clock must not
decide which side of a cutoff a request falls on.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from pydantic import BaseModel

from contracts_schema import (
    account_values,
    closing_orders,
    contract_notices,
    entries,
    outcomes,
    quotes,
    reference,
    remittances,
    requests,
    terms,
    unit_values,
)

DAY_MS = 24 * 60 * 60 * 1000
FOREVER: None = None
TOMBSTONES_MS = DAY_MS
"""How long a compacted topic still says that a key was removed."""
MAX_MESSAGE_BYTES = 8 * 1024 * 1024
"""The largest record of any topic: a confirmation takes some 2 KB a lot, and an account may hold thousands of lots."""
SENDERS_BYTES = 2 * 1024 * 1024
"""The largest batch of records that senders may send: twice as much as one request may be allowed to have."""


class Partitions(Enum):
    """How many partitions: one per slice of participants, or of remittances (a setting, fixed for life), or exactly
    one.
    """

    PER_PARTICIPANT = "per participant"
    ONE = "one"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic as it must be on the broker; `retention_ms` None means kept forever. `max_bytes` is the least that it
    must take, and when it is made the most.
    """

    name: str
    key: str
    model: type[BaseModel] | None
    writer: str
    partitions: Partitions
    retention_ms: int | None
    compacted: bool
    timestamp: Literal["LogAppendTime", "CreateTime"]
    about: str
    max_bytes: int = MAX_MESSAGE_BYTES


PARTICIPANT_KEY = "contract_id|participant_id"
REMITTANCE_KEY = "contract_id|submitted_by|remittance_id"


def _requests(name: str, model: type[BaseModel], about: str) -> Topic:
    return Topic(
        name,
        PARTICIPANT_KEY,
        model,
        "senders",
        Partitions.PER_PARTICIPANT,
        90 * DAY_MS,
        False,
        "LogAppendTime",
        about,
        SENDERS_BYTES,
    )


def _reference(name: str, key: str, model: type[BaseModel], about: str) -> Topic:
    return Topic(name, key, model, "operations", Partitions.ONE, FOREVER, False, "LogAppendTime", about)


def _outcomes(name: str, model: type[BaseModel], about: str) -> Topic:
    return Topic(
        name, PARTICIPANT_KEY, model, "ledger", Partitions.PER_PARTICIPANT, FOREVER, False, "CreateTime", about
    )


def _changelog(name: str, key: str, writer: str, partitions: Partitions, about: str) -> Topic:
    return Topic(name, key, None, writer, partitions, FOREVER, True, "CreateTime", about)


_ALL = (
    _requests("deposit-requests", requests.DepositRequest, "deposits"),
    _requests("transfer-requests", requests.TransferRequest, "transfers between options"),
    _requests("withdrawal-requests", requests.WithdrawalRequest, "withdrawals"),
    _requests(
        "account-instructions", requests.AccountInstruction, "openings, allocations, elections, orders, loans, credits"
    ),
    _reference("contract-terms", "contract_id", terms.ContractTerms, "versions of contract terms"),
    _reference("fund-values", "fund", reference.FundValue, "unit values, or the factor they follow from"),
    _reference("charge-classes", "charge_class", unit_values.ChargeSchedule, "daily charges of a charge class"),
    _reference("fund-prices", "fund", unit_values.FundPrice, "share prices that unit values are reckoned from"),
    _reference("credited-rates", "contract_id|option", reference.CreditedRate, "rates of fixed options"),
    _reference("guaranteed-offerings", "series", reference.GuaranteedOffering, "deposit periods and guaranteed terms"),
    _reference("market-yields", "series", reference.MarketYields, "Treasury yields"),
    _reference("closing-orders", "kind", closing_orders.ClosingOrder, "how days close, orders to close and to release"),
    Topic(
        "ledger-log",
        PARTICIPANT_KEY,
        entries.LedgerEntry,
        "intake, reference",
        Partitions.PER_PARTICIPANT,
        FOREVER,
        False,
        "CreateTime",
        "the book: requests and market days in one order",
    ),
    Topic(
        "remittance-lines",
        REMITTANCE_KEY,
        remittances.RemittanceEntry,
        "intake, reference",
        Partitions.PER_PARTICIPANT,
        90 * DAY_MS,
        False,
        "CreateTime",
        "deposits by their remittances, and closed days",
    ),
    _outcomes("confirmations", outcomes.Confirmation, "what was done"),
    _outcomes("rejections", outcomes.Rejection, "what was not done, and why"),
    _outcomes("notices", outcomes.Notice, "what the owner is to be told"),
    _outcomes("acknowledgements", outcomes.Acknowledgement, "requests that wait for a close"),
    _outcomes("quotes", quotes.Quote, "what a request would do now"),
    Topic(
        "account-values",
        PARTICIPANT_KEY,
        account_values.AccountValues,
        "ledger",
        Partitions.PER_PARTICIPANT,
        FOREVER,
        True,
        "CreateTime",
        "what each participant holds and what it is worth, for statements",
    ),
    Topic(
        "remittance-notices",
        REMITTANCE_KEY,
        remittances.RemittanceNotice,
        "remittances",
        Partitions.PER_PARTICIPANT,
        FOREVER,
        False,
        "CreateTime",
        "whether remittances add up, for their submitters",
    ),
    Topic(
        "day-closes",
        "partition",
        outcomes.DayCloseCompleted,
        "ledger",
        Partitions.PER_PARTICIPANT,
        FOREVER,
        False,
        "CreateTime",
        "closes completed, per partition of the ledger log",
    ),
    Topic(
        "contract-totals",
        "contract_id|date",
        contract_notices.ContractTotal,
        "ledger",
        Partitions.ONE,
        FOREVER,
        False,
        "CreateTime",
        "what is held under contracts whose charges are reviewed, per partition of the ledger log",
    ),
    Topic(
        "contract-notices",
        "contract_id",
        contract_notices.ContractNotice,
        "reference",
        Partitions.ONE,
        FOREVER,
        False,
        "CreateTime",
        "what contract holders are to be told: charges reviewed, minimum rates of the coming year",
    ),
    Topic(
        "unit-values",
        "fund|charge_class",
        unit_values.UnitValueReckoned,
        "reference",
        Partitions.ONE,
        FOREVER,
        False,
        "CreateTime",
        "unit values of closed days, with all that they follow from",
    ),
    Topic(
        "dead-letters",
        "as received",
        None,
        "intake, reference",
        Partitions.PER_PARTICIPANT,
        FOREVER,
        False,
        "CreateTime",
        "the bytes of what could not be read, with the reason in headers",
    ),
    Topic(
        "alarms",
        "code",
        outcomes.Alarm,
        "reference, ledger, remittances",
        Partitions.ONE,
        FOREVER,
        False,
        "CreateTime",
        "refused reference data",
    ),
    _changelog(
        "dead-letters-redriven", "original", "redriving", Partitions.PER_PARTICIPANT, "redrives: by whom, as what"
    ),
    _changelog("intake-progress", "partition", "intake", Partitions.PER_PARTICIPANT, "how far intake has read"),
    _changelog("reference-state", "row", "reference", Partitions.ONE, "accepted terms, rates, prices"),
    _changelog("reference-progress", "partition", "reference", Partitions.ONE, "how far reference has read"),
    _changelog(
        "ledger-participants", PARTICIPANT_KEY, "ledger", Partitions.PER_PARTICIPANT, "accounts, waiting requests"
    ),
    _changelog("ledger-requests", "participant key|request_id", "ledger", Partitions.PER_PARTICIPANT, "answers given"),
    _changelog("ledger-market", "row", "ledger", Partitions.PER_PARTICIPANT, "days and terms still needed"),
    _changelog("ledger-totals", "date|contract_id", "ledger", Partitions.PER_PARTICIPANT, "totals being counted"),
    _changelog("ledger-progress", "partition", "ledger", Partitions.PER_PARTICIPANT, "how far the ledger has read"),
    _changelog("remittances-state", "row", "remittances", Partitions.PER_PARTICIPANT, "remittances, lines counted"),
    _changelog(
        "remittances-progress", "partition", "remittances", Partitions.PER_PARTICIPANT, "how far remittances have read"
    ),
)

TOPICS: dict[str, Topic] = {topic.name: topic for topic in _ALL}
REQUEST_TOPICS = ("deposit-requests", "transfer-requests", "withdrawal-requests", "account-instructions")
REFERENCE_TOPICS = (
    "contract-terms",
    "charge-classes",
    "fund-values",
    "fund-prices",
    "credited-rates",
    "guaranteed-offerings",
    "market-yields",
    "closing-orders",
)
OUTCOME_TOPICS = ("confirmations", "rejections", "notices", "acknowledgements", "quotes")

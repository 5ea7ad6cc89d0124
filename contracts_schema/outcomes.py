"""Outcomes: confirmations, rejections, notices, acknowledgements, completed closes and alarms.

An outcome explains itself: every amount with the units and index behind it, every rule by id, every
rejection with the numbers compared. Dollars are to the cent; signs are from the participant's side
(what is credited to a position is positive). `sequence` counts a participant's confirmations,
rejections and notices without gaps.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from contracts_schema.reasons import AlarmCode, Reason
from contracts_schema.terms import AccountType
from contracts_schema.types import Day, Factor, Identifier, Index, Instant, Message, Money, Quantity, Rate, Units

OUTCOME_VERSION = 1


class Written(Message):
    """Base of what this service writes. Read from JSON it is validated; made by our own code, as `Leg(...)`, it is
    not, for that would cost more than the rules: the type checker sees to the fields, and a test reads back what
    every scenario writes.
    """

    _template: ClassVar[dict[str, Any]] = {}
    _names: ClassVar[set[str]] = set()

    def __init__(self, **fields: Any) -> None:  # noqa: ANN401 -- the type checker makes a signature of the fields
        made = self._template | fields
        if len(made) != len(self._template):
            msg = f"{type(self).__name__} has no {sorted(fields.keys() - self._template.keys())}"
            raise TypeError(msg)
        object.__setattr__(self, "__dict__", made)
        object.__setattr__(self, "__pydantic_fields_set__", self._names)
        object.__setattr__(self, "__pydantic_extra__", None)
        object.__setattr__(self, "__pydantic_private__", None)

    # Validation makes instances by itself, as it does for models without an __init__ of their own.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        # What is required and was not given stays undefined, and cannot be written.
        cls._template = {name: field.get_default(call_default_factory=True) for name, field in cls.model_fields.items()}
        cls._names = set(cls._template)


class Leg(Written):
    """A position changed: `dollars` = `units` × `index` rounded to the cent, plus `rounding` of at most a cent.

    `index` is a fund's unit value, a fixed option's accumulated interest, or a lot's own; `index_date` the
    day it is of. For lots of guaranteed terms `lot`, `term` and `maturity` say which.
    """

    option: Identifier
    kind: Literal["fund", "fixed_account_2", "guaranteed"]
    lot: str | None = None
    term: int | None = None
    maturity: Day | None = None
    units: Units
    index: Index
    index_date: Day
    dollars: Money
    rounding: Money
    units_before: Units
    units_after: Units
    value_before: Money
    value_after: Money


class Charge(Written):
    """A charge taken, with its rule and how it was reckoned ("2% of 10000.00")."""

    what: Literal["premium_tax", "sales_charge", "transfer_fee"]
    amount: Money
    basis: str
    rules: tuple[str, ...]


class YieldUsed(Written):
    """One yield behind an average: wanted for `for_date`, published on `published_on` (MVA-4).

    `rate` is the yield as a fraction, after interpolation; `basis` names the published points, for
    example "3y 0.16%, 5y 0.36%".
    """

    series: str
    for_date: Day
    published_on: Day
    rate: Rate
    basis: str


class MvaLine(Written):
    """The market value adjustment of one lot (MVA-2..5, MVA-8).

    `factor` = ((1 + deposit_yield)/(1 + current_yield)) ^ (days/365), rounded to its scale; `adjustment` =
    `taken` × `factor` − `taken`, in cents, where the lot that was largest carries the cent that makes a
    dollar request exact. `days` is x, counted from `count_from` (the Wednesday of the week). Yields and
    days are absent where no adjustment applies; `rule` says why. Under Method One the spreads are added to
    the yields. Where `favoured_lot` is there, the reckoning is that lot's: of equal terms the most
    favourable factor counts for all (MVA-9).
    """

    lot: str
    option: Identifier
    term: int
    deposit_date: Day
    maturity: Day
    rule: str
    favoured_lot: str | None = None
    count_from: Day | None = None
    days: int | None = None
    deposit_yield: Quantity | None = None
    deposit_yields: tuple[YieldUsed, ...] = ()
    current_yield: Quantity | None = None
    current_yields: tuple[YieldUsed, ...] = ()
    deposit_spread: Quantity | None = None
    deposit_spreads: tuple[YieldUsed, ...] | None = None
    current_spread: Quantity | None = None
    current_spreads: tuple[YieldUsed, ...] | None = None
    factor_unrounded: Factor
    factor: Factor
    taken: Money
    adjustment: Money


class MvaBlock(Written):
    """All adjustments of a request and their sum, the aggregate MVA (MVA-6).

    Where `applied` is false nothing was adjusted: at maturity (MVA-8), or because `not_applied_by` lets an
    aggregate count only when it is positive (MVA-7, LIM-4); the lines then say what it would have been.
    """

    method: Literal["one", "two"]
    lines: tuple[MvaLine, ...]
    aggregate: Money
    applied: bool
    not_applied_by: str | None = None
    rules: tuple[str, ...]


class Counted(Written):
    """What confirmations, rejections and notices have in common.

    `outcome_id` derives from contract, participant and sequence. `decided_at` is business time: the close
    that decided, or the receipt of what was decided at once.
    """

    version: Literal[1] = 1
    outcome_id: str
    contract_id: Identifier
    participant_id: Identifier
    sequence: int
    decided_at: Instant
    rules: tuple[str, ...]
    notes: tuple[str, ...] = ()


class Confirmation(Counted):
    """What was done. It balances: `debits` = `credits` (GEN-7).

    Deposit: `received` = Σ legs + charges. Transfer: Σ taken + MVA = Σ bought + fee. Withdrawal: Σ taken +
    MVA + `guarantee` = `paid`. The MVA is the aggregate where it is applied. `gross` is the value taken from
    positions, before the adjustment; `guarantee` what a death benefit adds to it (MVA-10). What a maturity
    brings about (`maturity_transfer`, `maturity_payment`, `reinvested`) answers no request and names none.
    """

    kind: Literal[
        "deposit",
        "transfer",
        "withdrawal",
        "account_opened",
        "allocation_changed",
        "request_cancelled",
        "maturity_elected",
        "maturity_transfer",
        "maturity_payment",
        "reinvested",
        "rate_lock_granted",
        "reinvestment_elected",
    ]
    request_id: Identifier | None = None
    submitted_by: Identifier | None = None
    trade_date: Day
    account: AccountType | None = None
    received: Money | None = None
    gross: Money | None = None
    guarantee: Money | None = None
    paid: Money | None = None
    legs: tuple[Leg, ...] = ()
    charges: tuple[Charge, ...] = ()
    mva: MvaBlock | None = None
    rounding: Money | None = None
    debits: Money | None = None
    credits: Money | None = None
    free_transfers_left: int | None = None
    details: dict[str, str] = Field(default_factory=dict)


class Finding(Written):
    """One reason of a rejection: code, rules and their clauses, and the numbers that were compared."""

    code: Reason
    rules: tuple[str, ...]
    clause: str
    message: str
    field: str | None = None
    numbers: dict[str, str] = Field(default_factory=dict)
    possible_from: Day | None = None


class Rejection(Counted):
    """What was not done, and every reason found. Nothing moved.

    `trade_date` is absent where no trade date could be told. `possible_from` is the first day on which the
    request as made would succeed, where that can be known.
    """

    kind: Literal["rejection"] = "rejection"
    request_id: Identifier
    topic: str
    trade_date: Day | None = None
    reasons: tuple[Finding, ...]
    possible_from: Day | None = None


class Notice(Counted):
    """What the owner is to be told, unasked; without `account` it concerns all of them."""

    kind: Literal["matured_value_stays", "maturity_approaching", "rate_lock_ended"]
    date: Day
    account: AccountType | None = None
    details: dict[str, str]


class Acknowledgement(Written):
    """A request waits: it will be decided at the close of `trade_date` or of the next day that closes.

    Not counted in the sequence; its id derives from the request's.
    """

    version: Literal[1] = 1
    outcome_id: str
    contract_id: Identifier
    participant_id: Identifier
    request_id: Identifier
    topic: str
    kind: Literal["acknowledgement"] = "acknowledgement"
    trade_date: Day
    waits_for: str
    acknowledged_at: Instant
    rules: tuple[str, ...]
    notes: tuple[str, ...] = ()


class DayCloseCompleted(Written):
    """Everything due by a closed day is settled in a partition; `settled` counts the participants."""

    version: Literal[1] = 1
    kind: Literal["day_close_completed"] = "day_close_completed"
    partition: int
    date: Day
    settled: int


class Alarm(Written):
    """Reference data refused, or something operations must look at; what was in force stays so (FIX-6)."""

    version: Literal[1] = 1
    kind: Literal["alarm"] = "alarm"
    code: AlarmCode
    rules: tuple[str, ...]
    message: str
    topic: str
    source_partition: int
    source_offset: int
    refused: str

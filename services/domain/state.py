"""A participant's books under a contract, and the answers given to requests.

Balances are units; dollars are always units × index of a day. Everything is immutable: a decision
returns new books beside its outcome, or the old ones untouched.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from contracts_schema.headers import REPEAT_MARK, Headers
from contracts_schema.terms import AccountType
from contracts_schema.values import Value, changed
from services.domain.cycles import Payments
from services.domain.fee_dates import FeeDates
from services.domain.incomes import Income
from services.domain.installment_plans import Payable
from services.domain.loans_held import LoanOutstanding
from services.domain.particulars import AmlOrder, MoneyOrder, YearTotal
from services.domain.uses import Uses


class Position(Value, frozen=True):
    """Units of a fund or of a fixed option."""

    option: str
    units: Decimal


class Applied(Value, frozen=True):
    """Units of a fixed option whose money earns the rate in effect when it was applied (FIX-7): what was applied while
    one declared rate was in effect, `since` its first day; 1 dollar each on that day.
    """

    option: str
    since: date
    units: Decimal


class Step(Value, frozen=True):
    """A guaranteed rate credited up to and including the day `through`."""

    rate: Decimal
    through: date


class AllocationShare(Value, frozen=True):
    """A percentage of future deposits for an option (and term)."""

    option: str
    term: int | None
    percent: Decimal


class Election(Value, frozen=True):
    """What the owner wants of a lot at its maturity, and the request that said so; without shares it is paid out."""

    request_id: str
    shares: tuple[AllocationShare, ...]
    payee: str | None = None


class Reinvested(Value, frozen=True):
    """That a lot is of what matured, and was reinvested without instructions: when, and how much (MAT-4)."""

    maturity: date
    amount: Decimal


class Lot(Value, frozen=True):
    """One deposit into one guaranteed term (GAA-1, GAA-2): units at index 1 on its deposit date.

    `locked_through` is the last day on which it may not be transferred (GAA-4). `matured` says that its maturity has
    been reached at a close; while it is then `undecided` what becomes of it is still to be decided, otherwise its value
    stays, at `after_maturity` a year (MAT-3). `notice_from` is the first day at whose close the notice of its
    maturity may be due, None once it is sent or where none is to be (MAT-1). `reinvested` is gone once the maturity
    value transfer provision has been used.
    """

    lot: str
    option: str
    offering: str
    years: int
    deposited: date
    period_start: date
    period_end: date
    maturity: date
    steps: tuple[Step, ...]
    locked_through: date
    after_maturity: Decimal
    units: Decimal
    matured: bool = False
    undecided: bool = False
    notice_from: date | None = None
    election: Election | None = None
    reinvested: Reinvested | None = None


class HeldBefore(Value, frozen=True):
    """What an account held in an option, or in a length of its terms (of a classification: the longest), in dollars."""

    option: str
    years: int | None
    value: Decimal


class FullWithdrawal(Value, frozen=True):
    """A full withdrawal that may be reinvested: its request and trade date, what it paid, and what was held before;
    how much of it is elected to come back, zero before any election, and how much has (WDL-10).
    """

    request_id: str
    day: date
    paid: Decimal
    held: tuple[HeldBefore, ...]
    elected: Decimal = Decimal("0.00")
    reinvested: Decimal = Decimal("0.00")


class Account(Value, frozen=True):
    """An Individual Account (ACC-1). `transfers` counts those of `transfers_year` (TRF-2).

    `purchases` is the adjusted purchase total, in dollars, of contracts that guarantee it on death (MVA-10).
    `full_withdrawal` is the last one of all of it, in contracts that let it be reinvested (WDL-10). `closed` is the day
    of its closing, until it is opened again. `lump_sum` says that it takes one payment and no installments, by which
    charges are scheduled (WDL-4). `payments` counts installments in contracts with cycles (ACC-3), `fee` says when a
    maintenance fee is due (WDL-5), `payable` what is owed of withdrawals (WDL-8). `uses` is what limits on leaving
    options and buying back funds look back at, in its order (LIM-7, TRF-5). `annuitised` is the day of its first
    election of an annuity option (LIM-6); `incomes` are those that still pay. `applied` is what fixed options hold of
    which money earns the rate in effect when it was applied, oldest first (FIX-7).
    """

    type: AccountType
    opened: date
    allocation: tuple[AllocationShare, ...] = ()
    positions: tuple[Position, ...] = ()
    lots: tuple[Lot, ...] = ()
    lots_made: int = 0
    transfers_year: int = 0
    transfers: int = 0
    purchases: Decimal = Decimal("0.00")
    full_withdrawal: FullWithdrawal | None = None
    closed: date | None = None
    lump_sum: bool = False
    uses: Uses = ()
    annuitised: date | None = None
    incomes: tuple[Income, ...] = ()
    applied: tuple[Applied, ...] = ()
    payments: Payments | None = None
    fee: FeeDates | None = None
    payable: Payable | None = None

    def units_of(self, option: str) -> Decimal:
        """Units held of a fund or fixed option; zero where there is no position."""
        for position in self.positions:
            if position.option == option:
                return position.units
        return Decimal(0)

    def with_units(self, option: str, units: Decimal) -> Account:
        """The account with that many units of an option; a position of none is dropped."""
        now = (Position(option, units),) if units else ()
        for at, known in enumerate(self.positions):
            if known.option == option:
                return changed(self, positions=(*self.positions[:at], *now, *self.positions[at + 1 :]))
        return changed(self, positions=(*self.positions, *now))

    def applied_to(self, option: str) -> tuple[Applied, ...]:
        """What a fixed option holds by the rate in effect when it was applied, oldest first (FIX-7)."""
        return tuple(part for part in self.applied if part.option == option)

    def options_held(self) -> dict[str, None]:
        """The funds and fixed options that there is anything in, each once."""
        names = dict.fromkeys(position.option for position in self.positions)
        return names | dict.fromkeys(part.option for part in self.applied) if self.applied else names

    def holds(self, option: str) -> bool:
        """Whether there is anything in a fund or a fixed option."""
        return bool(self.units_of(option)) or any(part.option == option for part in self.applied)

    def with_applied(self, part: Applied) -> Account:
        """The account with what was applied at a rate replaced by its new self, or added; none of no units is kept."""
        others = [known for known in self.applied if (known.option, known.since) != (part.option, part.since)]
        kept = [*others, part] if part.units else others
        return changed(self, applied=tuple(sorted(kept, key=lambda each: each.since)))

    def with_lot(self, lot: Lot) -> Account:
        """The account with a lot replaced by its new self, or added; a lot of no units is dropped."""
        for at, known in enumerate(self.lots):
            if known.lot == lot.lot:
                kept = (lot,) if lot.units else ()
                return changed(self, lots=(*self.lots[:at], *kept, *self.lots[at + 1 :]))
        return changed(self, lots=(*self.lots, lot), lots_made=self.lots_made + 1)


class Waiting(Value, frozen=True):
    """A request that waits for its trade date's close; `entry` is its record of the ledger log, `day` the calendar day
    of its receipt in New York (requests that waited in release 0.1 have none).
    """

    trade_date: date
    received: datetime
    request_id: str
    entry: bytes
    day: date | None = None


class RateLock(Value, frozen=True):
    """A rate lock for external transfers into guaranteed options, elected on a day, and its last day (GAA-7).

    `unused` while no transfer was received under it and its end has not been told.
    """

    request_id: str
    elected: date
    through: date
    options: tuple[str, ...]
    unused: bool = True


class Participant(Value, frozen=True):
    """A participant under a contract: the unit of ordering, numbering and state.

    While `aml_orders` are in force no request waits: all are `held` (DEP-9). `stated` is the last close at which an
    annual notice was due (NTC-1).
    """

    contract_id: str
    participant_id: str
    sequence: int = 0
    accounts: tuple[Account, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    rate_lock: RateLock | None = None
    loans: tuple[LoanOutstanding, ...] = ()
    contributions: tuple[YearTotal, ...] = ()
    money_orders: tuple[MoneyOrder, ...] = ()
    aml_orders: tuple[AmlOrder, ...] = ()
    held: tuple[Waiting, ...] = ()
    stated: date | None = None

    @property
    def key(self) -> str:
        """The key of every table and message of the participant."""
        return f"{self.contract_id}|{self.participant_id}"

    def account(self, type_: AccountType) -> Account | None:
        """The Individual Account of a type, or None."""
        return next((account for account in self.accounts if account.type == type_), None)

    def with_account(self, account: Account) -> Participant:
        """The participant with an account replaced, or opened."""
        if self.account(account.type) is None:
            return changed(self, accounts=(*self.accounts, account))
        return changed(
            self, accounts=tuple(account if known.type == account.type else known for known in self.accounts)
        )


class Emission(Value, frozen=True):
    """A record to write: its topic, key, value and headers, ready to send."""

    topic: str
    key: str
    value: bytes
    headers: Headers


class Answer(Value, frozen=True):
    """What a request id was answered with: by `fingerprint`, on business day `on`.

    `topic` and `value` and `headers` are the outcome as it was written; while the request waits they are
    its acknowledgement.
    """

    fingerprint: str
    on: date
    topic: str
    value: bytes
    headers: Headers

    def again(self, key: str) -> Emission:
        """The same outcome once more, marked as a repeat."""
        return Emission(self.topic, key, self.value, (*self.headers, REPEAT_MARK))

"""What comes off a withdrawal by the contract's terms: the early withdrawal charge and premium tax (WDL-4, DEP-1).

The documents say of the charge that it is a percentage of what is withdrawn from funds and fixed options, but for Fixed
Plus Account II, by the contract's schedule, and that it and an adjustment may both apply (DAC §6.04; GAA, Contract
Charges). What they leave open is decided so:
- An Individual Account takes one kind of payment, installments unless it was opened for a lump sum, and bears the
  charge of that kind. Its years count from its effective date; on the anniversary one more is completed, on the last
  day of February where the effective date was a 29th of February and the year has none.
- Premium tax that is due when money leaves is "from amounts in GAA" and in the other options alike: of the value taken,
  before any adjustment, of all options. Due at annuitisation, it is of what is taken for an income option, lifetime or
  not, and of nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from contracts_schema.charges import Cycles, PaymentKind, Schedule
from contracts_schema.figures import Charge
from contracts_schema.options import Option
from contracts_schema.terms import ContractTerms
from contracts_schema.types import plain
from contracts_schema.values import Value, changed
from contracts_schema.withdrawing import WithdrawalReason
from services.domain.cycles import completed as cycles_completed
from services.domain.draws import Deduction, Draw, Holding, Source, everything
from services.domain.netting import Off, charges_off, taxes_off
from services.domain.positive import months_after
from services.domain.state import Account

NOTHING = Decimal(0)
FREE_KINDS: frozenset[str] = frozenset({"fixed_plus_account_2"})
"""Kinds of options that bear no early withdrawal charge in any contract (DAC §6.04)."""
INCOME = {WithdrawalReason.LIFETIME_INCOME, WithdrawalReason.NONLIFETIME_INCOME}


class Leaving(Value, frozen=True):
    """What comes off money that leaves an account on a day; without a reason it is paid out at a maturity (MAT-2)."""

    terms: ContractTerms
    account: Account
    day: date
    reason: WithdrawalReason | None = None

    @property
    def charged(self) -> Decimal:
        """The charge's percentage of what bears it (WDL-4)."""
        charge = self.terms.early_withdrawal_charge
        if charge is None or self.reason in charge.exempt_reasons:
            return NOTHING
        schedule = self._schedule
        return NOTHING if schedule is None else percent_after(schedule, self._completed)

    @property
    def _kind(self) -> PaymentKind:
        return "lump_sum" if self.account.lump_sum else "installment"

    @property
    def _schedule(self) -> Schedule | None:
        charge = self.terms.early_withdrawal_charge
        return None if charge is None else charge.schedule_of(self._kind)

    @property
    def _completed(self) -> int:
        """What the schedule counts: cycles, or years, as it is without one (ACC-3)."""
        if isinstance(self._schedule, Cycles) and self.terms.cycles is not None:
            return cycles_completed(self.terms.cycles, self.account.payments)
        return years_completed(self.account.opened, self.day)

    @property
    def taxed(self) -> Decimal:
        """The percentage of premium tax that is due (DEP-1)."""
        due = self.terms.premium_tax_due
        now = due == "withdrawal" or (due == "annuitisation" and self.reason in INCOME)
        return self.terms.premium_tax_percent if now else NOTHING

    def bears(self, option: Option) -> bool:
        """Whether what is taken of an option bears the charge."""
        charge = self.terms.early_withdrawal_charge
        return charge is not None and option.option not in charge.exempt_options and option.kind not in FREE_KINDS

    @property
    def told(self) -> str:
        """By what the charge is as much, for a reader; of a contract that has one."""
        charge = self.terms.early_withdrawal_charge
        assert charge is not None, "only such a contract is asked"
        if self.reason in charge.exempt_reasons:
            return f"none on {self.reason}"
        counted = "cycles" if isinstance(self._schedule, Cycles) else "years"
        kind = self._kind.replace("_", " ")
        return f"{plain(self.charged)}%: {kind} account of {self._completed} completed {counted}"


def percent_after(schedule: Schedule, completed: int) -> Decimal:
    """A schedule's percentage when so much is completed."""
    return [step.percent for step in schedule.steps if step.completed <= completed][-1]


def years_completed(since: date, day: date) -> int:
    """Whole years from a day to another; one more on each anniversary. None before the day: a quote is as of the last
    close, and the account may have been opened since.
    """
    years = day.year - since.year
    return max(0, years - 1 if day < months_after(since, 12 * years) else years)


def takes_off(terms: ContractTerms) -> bool:
    """Whether a contract can take anything off a withdrawal."""
    return terms.early_withdrawal_charge is not None or (
        terms.premium_tax_due != "deposit" and bool(terms.premium_tax_percent)
    )


def with_deductions(leaving: Leaving, sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """The sources of an account, each holding with what comes off it."""
    charged, taxed, charge = leaving.charged, leaving.taxed, leaving.terms.early_withdrawal_charge
    if not charged and not taxed:
        return sources
    after = charge is not None and charge.base == "after_adjustment"
    bearing = Deduction(charged, taxed, after)
    free = Deduction(NOTHING, taxed, after) if taxed else None
    of = {option.option: bearing if leaving.bears(option) else free for option in leaving.terms.options}
    return tuple(tuple(changed(each, deduction=of[each.option]) for each in source) for source in sources)


def charged(draws: Sequence[Draw]) -> tuple[Charge, ...]:
    """What came off draws, as the confirmation shows it; nothing that is less than half a cent."""
    early = [_charge("early_withdrawal_charge", off) for off in charges_off(draws)]
    tax = [_charge("premium_tax", off) for off in taxes_off(draws)]
    return tuple(charge for charge in (*early, *tax) if charge.amount)


def matured_off(leaving: Leaving, option: Option, value: Decimal) -> tuple[Charge, ...]:
    """What comes off the value of a guaranteed term that is paid out at its maturity (MAT-2)."""
    if not takes_off(leaving.terms):
        return ()
    return charged(everything(with_deductions(leaving, ((Holding(option.option, value),),))))


def _charge(what: Literal["early_withdrawal_charge", "premium_tax"], off: Off) -> Charge:
    rules = ("WDL-4", "WDL-14") if what == "early_withdrawal_charge" else ("DEP-1", "WDL-14")
    basis = f"{plain(off.percent)}% of {plain(off.base)}"
    return Charge(what=what, amount=off.amount, basis=basis, rules=rules)

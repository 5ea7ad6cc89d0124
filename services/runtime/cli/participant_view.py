"""A participant's books, to be read. Pure."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.table import Table

from contracts_schema.entries import RequestEntry, read_entry
from contracts_schema.types import plain
from services.domain.income_payments import next_payment
from services.domain.incomes import Income
from services.domain.installment_plans import DeferredPayment, InstallmentPlan
from services.domain.loans_held import LoanOutstanding
from services.domain.market import Market
from services.domain.state import Account, Participant, Waiting
from services.runtime.cli.holdings import Holding, holdings, share_text

_COLUMNS = (
    *("account", "option", "units", "index", "value", "lot", "deposited", "matures", "transfers from"),
    "at maturity",
)
_NUMBERS = ("units", "index", "value")


def participant_view(market: Market, participant: Participant) -> RenderableType:
    """Positions and lots with their value at the last closed day, allocations, and what waits and why."""
    held = holdings(market, participant)
    return Group(
        f"contract {participant.contract_id}, participant {participant.participant_id}: "
        f"last sequence {participant.sequence}, values of {market.head.last_closed or 'no closed day yet'}",
        _table(held) if held else "nothing is held",
        *(_totals(held)),
        *(_account(account) for account in participant.accounts),
        *(_income(account, income) for account in participant.accounts for income in account.incomes),
        *(_owed(account, plan) for account in participant.accounts for plan in _plans(account)),
        *(_deferred(account, payment) for account in participant.accounts for payment in _put_off(account)),
        *(_loan(loan) for loan in participant.loans),
        *(f"salary reductions of {total.year}: {plain(total.dollars)}" for total in participant.contributions),
        *(_waiting(waiting) for waiting in participant.waiting),
        *(_held(waiting, participant) for waiting in participant.held),
        "" if participant.waiting or participant.held else "nothing waits",
        *(f"blocked by AML order {order.order} since {order.since}" for order in participant.aml_orders),
    )


def _table(held: list[Holding]) -> Table:
    table = Table()
    for column in _COLUMNS:
        table.add_column(column, justify="right" if column in _NUMBERS else "left", no_wrap=True)
    for holding in held:
        table.add_row(
            holding.account,
            holding.option if holding.years is None else f"{holding.option}/{holding.years}",
            plain(holding.units),
            _number(holding.index),
            _number(holding.value),
            holding.lot or "",
            f"at the rate of {holding.applied}" if holding.applied else _date(holding.deposited),
            _date(holding.maturity),
            "" if holding.locked_through is None else f"after {holding.locked_through}",
            holding.at_maturity,
        )
    return table


def _totals(held: list[Holding]) -> Iterator[str]:
    for account in dict.fromkeys(holding.account for holding in held):
        values = [holding.value for holding in held if holding.account == account]
        known = [value for value in values if value is not None]
        unknown = len(values) - len(known)
        rest = f", and {unknown} whose value the last closed day does not tell" if unknown else ""
        yield f"account {account}: value {plain(sum(known, Decimal('0.00')))}{rest}"


def _account(account: Account) -> str:
    shares = ", ".join(share_text(share) for share in account.allocation) or "none: deposits must name theirs"
    return f"account {account.type.value}: opened {account.opened}{''.join(_standing(account))}, allocation {shares}"


def _standing(account: Account) -> Iterator[str]:
    """What else is to be known of an account, where there is anything."""
    if account.closed is not None:
        yield f", closed {account.closed}"
    if account.lump_sum:
        yield ", for a lump sum"
    if account.payments is not None:
        yield f", {account.payments.number} payments counted"
    if account.fee is not None and account.fee.due is not None:
        yield f", maintenance fee due {account.fee.due}"
    if account.annuitised is not None:
        yield f", annuity option elected {account.annuitised}"


def _income(account: Account, income: Income) -> str:
    """What an annuity was bought with, what it pays, and when next."""
    bought = f"annuity {income.request_id} of account {account.type.value}: {plain(income.applied)} applied"
    due = next_payment(income)
    if due is None:
        return f"{bought}, {income.annuity}"
    units = ", ".join(f"{plain(units.units)} annuity units of {units.option}" for units in income.units)
    pays = units if income.payment is None else plain(income.payment)
    return f"{bought}, pays {pays}; {income.paid} of {income.payments} paid, the next is due {due}"


def _plans(account: Account) -> tuple[InstallmentPlan, ...]:
    return () if account.payable is None else account.payable.plans


def _owed(account: Account, plan: InstallmentPlan) -> str:
    """What is still owed of a withdrawal, and when the next payment of it is due."""
    return (
        f"withdrawal {plan.request_id} of account {account.type.value}: {plain(plan.left)} owed in installments at "
        f"{plain(plan.rate)}, {plan.paid} of {plan.payments} paid, the next is due {plan.due}"
    )


def _put_off(account: Account) -> tuple[DeferredPayment, ...]:
    return () if account.payable is None else account.payable.deferred


def _deferred(account: Account, payment: DeferredPayment) -> str:
    return f"{payment.request_id} of account {account.type.value}: {plain(payment.amount)} deferred to {payment.due}"


def _loan(loan: LoanOutstanding) -> str:
    whose = "" if loan.account is None else f" of account {loan.account.value}"
    return f"loan outstanding{whose}: {plain(loan.balance)} on {loan.day}"


def _waiting(waiting: Waiting) -> str:
    return (
        f"waits: {_request(waiting)}, acknowledged; "
        f"decided at the close of {waiting.trade_date}, or of the next day that closes"
    )


def _held(waiting: Waiting, participant: Participant) -> str:
    orders = ", ".join(order.order for order in participant.aml_orders)
    return f"held: {_request(waiting)}, until AML order {orders} is lifted"


def _request(waiting: Waiting) -> str:
    entry = read_entry(waiting.entry)
    topic = entry.topic if isinstance(entry, RequestEntry) else "request"
    return f"{waiting.request_id} ({topic}), received {waiting.received.isoformat()}"


def _number(number: Decimal | None) -> str:
    return "?" if number is None else plain(number)


def _date(day: date | None) -> str:
    return "" if day is None else day.isoformat()

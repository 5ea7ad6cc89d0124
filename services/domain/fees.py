"""The maintenance fee: how it is taken of an account, and when it is due next (WDL-5).

It is taken pro rata over all options, guaranteed terms included, as a withdrawal that names none is (WDL-1), and bears
no charge; no adjustment either, unless the terms say so. It is no request: the maturity value transfer provision stays
unused (MAT-4), and no limit and no adjusted purchase total is touched. An account that holds less than the fee gives
what there is, and the rest is forgone.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from contracts_schema.fees import MaintenanceFee
from contracts_schema.figures import Charge, Leg, MvaBlock
from contracts_schema.options import GuaranteedOption
from contracts_schema.terms import AccountType, ContractTerms
from contracts_schema.values import Value, changed
from services.domain.draws import Draw, Holding, Source, draw_gross, draw_net, everything, value_of
from services.domain.fee_dates import FeeDates
from services.domain.guaranteed import anniversary, held_lots
from services.domain.mva import UNADJUSTED, UNADJUSTED_SHOWN, Adjustment
from services.domain.numbers import ONE, ZERO
from services.domain.selling import Sale, mva_block, taken_out
from services.domain.sources import View, by_guaranteed_term, grouping_of, whole_account
from services.domain.state import Account, Lot, Participant


class FeeTaken(Value, frozen=True):
    """An account after a fee, the legs it left by, the value taken and what of it came in, which is the charge; the two
    differ by the adjustment, if the terms want one.
    """

    account: Account
    legs: list[Leg]
    taken: Decimal
    charge: Charge
    mva: MvaBlock | None = None


def take_fee(view: View, dollars: Decimal, basis: str, *, adjusted: bool = False) -> FeeTaken | None:
    """Take a fee of an account, or what there is; None where that is nothing."""
    factors = _factors(view) if adjusted else None
    draws = _plain(view, dollars) if factors is None else _net(factors, dollars)
    amount = sum((draw.pays for draw in draws), ZERO)
    if amount <= 0:
        return None
    sales = [Sale(draw) for draw in draws]
    account, legs = taken_out(view, view.account, sales)
    charge = Charge(what="maintenance_fee", amount=amount, basis=basis, rules=("WDL-5",))
    taken = sum((draw.taken for draw in draws), ZERO)
    return FeeTaken(account, legs, taken, charge, None if factors is None else mva_block(sales))


def _plain(view: View, dollars: Decimal) -> list[Draw]:
    sources = unadjusted(view)
    return draw_gross(sources, min(dollars, sum(map(value_of, sources), ZERO))) or []


def _net(sources: Sequence[Source], dollars: Decimal) -> list[Draw]:
    payable = sum((draw.pays for draw in everything(sources)), ZERO)
    return draw_net(sources, min(dollars, payable)) or []


def _factors(view: View) -> Sequence[Source] | None:
    """What an account holds at the factors of the day; None where a yield that one needs was never published: nobody
    waits for a fee, so that it is then taken without.
    """
    found = whole_account(view)
    return None if found.refused else found.sources


def unadjusted(view: View) -> list[Source]:
    """Everything that an account holds, grouped as a withdrawal draws on it, at a factor of 1."""
    sources: list[Source] = []
    for option in view.at.terms.options:
        if isinstance(option, GuaranteedOption):
            groups: dict[Hashable, list[Holding]] = {}
            grouping = grouping_of(option, None, by_guaranteed_term)
            for lot in held_lots(view.account, option.option):
                groups.setdefault(grouping(lot), []).append(_at_par(view, option, lot))
            sources += map(tuple, groups.values())
        elif view.account.holds(option.option):
            sources.append(view.position(option))
    return sources


def _at_par(view: View, option: GuaranteedOption, lot: Lot) -> Holding:
    none = Adjustment(
        lot, "WDL-5", UNADJUSTED, ONE, method=option.mva.method, shown={"factor_unrounded": UNADJUSTED_SHOWN}
    )
    return Holding(option.option, view.lot_value(lot), none)


def holds(account: Account) -> bool:
    """Whether anything is left in an account."""
    return bool(account.positions or account.applied or account.lots)


def owing(fee: MaintenanceFee, participant: Participant, type_: AccountType) -> Account:
    """The account whose anniversary counts for the money of another: itself, or the participant's first."""
    own = participant.account(type_)
    assert own is not None, "money came into the account"
    return own if fee.per == "account" else min(participant.accounts, key=lambda account: account.opened)


def fee_due(participant: Participant, day: date) -> bool:
    """Whether the fee of an anniversary is due by a day."""
    return any(
        account.fee is not None and account.fee.due is not None and account.fee.due <= day
        for account in participant.accounts
    )


def with_fee_due(terms: ContractTerms, participant: Participant, type_: AccountType, day: date) -> Participant:
    """The participant, when money came into an account, with the day on which a fee is due, if none was known yet."""
    if terms.maintenance_fee is None:
        return participant
    account = owing(terms.maintenance_fee, participant, type_)
    dates = account.fee or FeeDates()
    if dates.due is not None:
        return participant
    due = next_anniversary(account.opened, day, terms.maintenance_fee)
    return participant.with_account(changed(account, fee=changed(dates, due=due)))


def with_fee_handed_on(terms: ContractTerms, participant: Participant, type_: AccountType, day: date) -> Participant:
    """The participant, when an account was opened, with its fee due on the anniversary of that one, where it is now the
    first: an account opened later may have an earlier effective date than the one that the fee is due of.
    """
    fee = terms.maintenance_fee
    owed = any(account.fee is not None and account.fee.due is not None for account in participant.accounts)
    if fee is None or fee.per == "account" or not owed:
        return participant
    return with_fee_due(terms, participant, type_, day)


def next_anniversary(opened: date, after: date, fee: MaintenanceFee) -> date:
    """The first anniversary of an account's effective date that comes after a day."""
    years = max(1, after.year - opened.year)
    found = _anniversary(opened, years, fee)
    return found if found > after else _anniversary(opened, years + 1, fee)


def _anniversary(opened: date, years: int, fee: MaintenanceFee) -> date:
    found = anniversary(opened, years)
    moved = found.day != opened.day and fee.leap_day == "march_1"
    return found + timedelta(days=1) if moved else found

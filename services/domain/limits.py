"""Limits on what leaves a fixed option: how much it may be today, and when what is too much may be (LIM-1..5, LIM-7).

Per Individual Account. What the documents leave open is decided so:
- The base is the option's balance after all requests decided before, at the index of the calendar day of receipt in New
  York. A day that did not close as a business day has the index of the last one before it that did; where the option
  had none yet, and for a request whose day of receipt is not known, it is that of the trade date.
- Percent × base is rounded to the cent, half up (GEN-4): half of $100.01 is $50.01.
- A window goes by trade dates. In 12 months that roll a use counts until its anniversary, and no longer on it: what
  was used on 29 February has left on the 28th of the next year.
- Uses are dollars taken from the option, whatever became of them; those under a waiver count later like others.
- The date that a rejection names is reckoned with today's base, for today's dollars: interest and what else happens
  until then are not foreseen. It may be a day on which nothing trades; the first close after it is meant.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from contracts_schema.figures import LimitLine
from contracts_schema.limits import Limit, TemporaryLimit, UseKind
from contracts_schema.options import FixedOption
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.values import Value, changed
from services.domain.draws import value_of
from services.domain.guaranteed import anniversary
from services.domain.numbers import ZERO, cents
from services.domain.selling import Sale
from services.domain.sources import View
from services.domain.state import Account
from services.domain.uses import Use, Uses, with_uses
from services.domain.valuation import Valuation
from services.domain.verdicts import finding

RULE_OF_KIND = {
    "fixed_account": "LIM-1",
    "fixed_plus_account": "LIM-2",
    "fixed_plus_account_2": "LIM-2",
    "fixed_account_2": "LIM-3",
}


class Taking(Value, frozen=True):
    """A request that takes from an account on a trade date, as what it counts, and the day it was received."""

    view: View
    kind: UseKind
    received_on: date

    def of(self, sales: Sequence[Sale]) -> list[tuple[FixedOption, Decimal]]:
        """The options that have a limit, and the dollars taken of each."""
        fixed, found = self.view.at.terms.fixed, dict[str, Decimal]()
        for sale in sales:
            name, taken = sale.draw.holding.option, sale.draw.taken
            if taken and name in fixed:
                found[name] = found.get(name, ZERO) + taken
        return [(fixed[name], taken) for name, taken in found.items()]

    def limits(self, limit: Limit) -> bool:
        """Whether the limit is one for this kind of taking (WDL-6)."""
        if not limit.limited or self.kind == "transfer":
            return limit.limited
        shares = self.kind == "partial_withdrawal" or (self.kind == "systematic" and self.kind in limit.deducted)
        return limit.limits_withdrawals and shares


class Allowance(Value, frozen=True):
    """What a limit looks at of an account: its balance on the day of receipt, the uses it deducts, and what of its
    waivers reaches the request.
    """

    limit: Limit
    base: Decimal
    base_date: date
    uses: Uses
    temporary: tuple[TemporaryLimit, ...]
    waived_at: Decimal

    def percent(self, day: date) -> Decimal | None:
        """The percentage in force on a trade date; None where a dated waiver lifts the limit (LIM-4)."""
        now = [each.percent for each in self.temporary if each.from_day <= day <= each.through]
        return None if None in now else max((self.limit.percent, *(each for each in now if each is not None)))

    def used(self, day: date) -> Decimal:
        """Dollars used that still count on a trade date."""
        return sum((use.amount for use in self.uses if day < counts_until(self.limit, use)), ZERO)

    def available(self, day: date) -> Decimal | None:
        """What may be taken on a trade date; None where nothing limits it."""
        percent = self.percent(day)
        if percent is None or (self.waived_at and self.base <= self.waived_at):
            return None
        return max(ZERO, cents(self.base * percent / 100) - self.used(day))

    def rules(self, day: date) -> tuple[str, ...]:
        """What is cited beside the limit's own rule: LIM-4 where a temporary percentage or a waiver is in force."""
        return ("LIM-7",) if self.percent(day) == self.limit.percent else ("LIM-7", "LIM-4")

    def possible_from(self, day: date, wanted: Decimal) -> date | None:
        """The first later day on which that many dollars may be taken, of those on which anything changes (LIM-5)."""
        leave = (counts_until(self.limit, use) for use in self.uses)
        begin = (each.from_day for each in self.temporary)
        return next((each for each in sorted({*leave, *begin}) if each > day and self._allows(each, wanted)), None)

    def _allows(self, day: date, wanted: Decimal) -> bool:
        available = self.available(day)
        return available is None or wanted <= available


def counts_until(limit: Limit, use: Use) -> date:
    """The first trade date on which a use does not count any more."""
    if limit.window == "calendar_year":
        return date(use.day.year + 1, 1, 1)
    end = anniversary(use.day, 1)
    return end if limit.same_day == "left" else end + timedelta(days=1)


def allowance(taking: Taking, option: FixedOption) -> Allowance:
    """What the option's limit looks at for a request."""
    limit, view = option.limit, taking.view
    waives = taking.kind == "transfer" or limit.waivers_reach == "transfers_and_withdrawals"
    received = _at_receipt(view.at, option, taking.received_on)
    return Allowance(
        limit,
        value_of(changed(view, at=received).position(option)),
        received.day,
        tuple(use for use in view.account.uses if use.option == option.option and use.kind in limit.deducted),
        limit.temporary if waives else (),
        limit.waived_at_balance if waives else ZERO,
    )


def _at_receipt(at: Valuation, option: FixedOption, received_on: date) -> Valuation:
    """The values that the base is reckoned with (LIM-7)."""
    place = bisect_right(at.market.closed, received_on)
    day = at.market.closed[place - 1] if place and received_on < at.day else at.day
    known = at.market.knows_index(at.terms.contract_id, option.option, day)
    return changed(at, day=day) if known else at


def over_limit(taking: Taking, sales: Sequence[Sale]) -> Iterator[Finding]:
    """Options of which more is taken than their limits allow; a request over one is rejected whole (LIM-5, WDL-6)."""
    for option, taken in taking.of(sales):
        if taking.limits(option.limit):
            found = allowance(taking, option)
            available = found.available(taking.view.at.day)
            if available is not None and taken > available:
                yield _exceeded(taking, option, found, taken)


def _exceeded(taking: Taking, option: FixedOption, found: Allowance, taken: Decimal) -> Finding:
    day = taking.view.at.day
    percent, available = found.percent(day), found.available(day)
    assert percent is not None, "what is not limited is not exceeded"
    assert available is not None, "what is not limited is not exceeded"
    return finding(
        Reason.LIMIT_EXCEEDED,
        rules=(*_rules(taking, option, found), "LIM-5"),
        possible_from=found.possible_from(day, taken),
        account=taking.view.account.type.value,
        option=option.option,
        requested=taken,
        limit_percent=percent,
        window=found.limit.window,
        base_value=found.base,
        base_date=found.base_date,
        used=found.used(day),
        available=available,
        trade_date=day,
    )


def recorded(taking: Taking, account: Account, sales: Sequence[Sale]) -> Account:
    """The account with what was taken of limited options in its history; kept for every kind of use, because terms of
    a later version may deduct what those of today do not.
    """
    new = [
        Use(option.option, taking.view.at.day, taken, taking.kind)
        for option, taken in taking.of(sales)
        if option.limit.window != "not_available"
    ]
    return changed(account, uses=with_uses(account.uses, new)) if new else account


def limit_lines(taking: Taking, after: Account, sales: Sequence[Sale]) -> tuple[LimitLine, ...]:
    """What a confirmation tells of the limits that the request was under, and what they leave to the next one that is
    received on the same day; `after` is the account with everything recorded.
    """
    later = changed(taking, view=changed(taking.view, account=after))
    return tuple(
        _line(taking, option, taken, allowance(later, option))
        for option, taken in taking.of(sales)
        if taking.limits(option.limit)
    )


def _line(taking: Taking, option: FixedOption, taken: Decimal, after: Allowance) -> LimitLine:
    found, day = allowance(taking, option), taking.view.at.day
    waived = found.available(day) is None
    return LimitLine(
        account=taking.view.account.type,
        option=option.option,
        rules=_rules(taking, option, found),
        percent=None if waived else found.percent(day),
        base_value=found.base,
        base_date=found.base_date,
        used=found.used(day),
        available=found.available(day),
        taken=taken,
        left=after.available(day),
    )


def _rules(taking: Taking, option: FixedOption, found: Allowance) -> tuple[str, ...]:
    """The rules of a limit, for a request that keeps to it or not."""
    shared = () if taking.kind == "transfer" else ("WDL-6",)
    return (RULE_OF_KIND[option.kind], *shared, *found.rules(taking.view.at.day))

"""What a confirmed withdrawal must say of when it is paid, by the rules' words: at once, deferred, in installments.

What is paid of an account is of its options in proportion to what each of them pays; what a death benefit adds is of
none of them. A loan, and what buys an annuity, is paid at once.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from tests.domain.books import Json
from tests.domain.stateful.days import Days
from tests.domain.stateful.schedules import Plan, months_on, schedule
from tests.domain.stateful.sums import CENT, ZERO, D, day_of

AT_ONCE = {"loan", "lifetime_income", "nonlifetime_income"}
FA2, OTHER = "fixed_account_2", "other"
Parts = dict[str, Decimal]
"""Dollars by kind of option: guaranteed, of Fixed Account 2, others; a Fixed Plus Account by its name, if it is paid in
installments by itself.
"""


@dataclass(frozen=True)
class Paid:
    """Dollars that a withdrawal pays of an account after tax, what each of its options pays of them, and what was in
    Fixed Account 2 at the close before.
    """

    account: str
    dollars: Decimal
    by_option: Mapping[str, Decimal]
    before: Decimal


@dataclass(frozen=True)
class Payout:
    """What is paid on which day, beside the plans."""

    account: str
    by_day: dict[date, Decimal]
    plans: tuple[Plan, ...]

    def put_off(self, day: date) -> bool:
        """WDL-7: whether an order defers anything."""
        return any(due != day for due in self.by_day) or any(plan.since != day for plan in self.plans)


def in_proportion(dollars: Decimal, by: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """DEP-2: whole cents; what is left over goes to the largest as far as that reaches, then to the next."""
    total = sum(by.values(), ZERO)
    parts = {name: (dollars * of / total).quantize(CENT, ROUND_FLOOR) if total else ZERO for name, of in by.items()}
    over = dollars - sum(parts.values(), ZERO)
    for name in sorted(by, key=lambda name: -by[name]):
        more = min(over, by[name] - parts[name])
        parts[name], over = parts[name] + more, over - more
    return parts


def payout(days: Days, request: Json, day: date, paid: Paid) -> Payout:
    """When the dollars of an account are paid."""
    return Reckoning(days, request, day).of(paid)


class Reckoning:
    """A withdrawal that trades on a day, by the terms of its contract."""

    def __init__(self, days: Days, request: Json, day: date) -> None:
        self._days, self._request, self._day = days, request, day
        self._contract = days.contract
        everything = bool(request.get("full")) and not request.get("from")
        limits = ((name, option.get("limit") or {}) for name, option in self._contract.options.items())
        self._alone: dict[str, Json] = {
            name: limit["full_installments"]
            for name, limit in limits
            if everything and limit.get("full_withdrawal") == "installments"
        }
        installments: Json | None = self._contract.terms["installments"]
        used = installments is not None and (everything or installments["use"] == "every_withdrawal")
        self._installments = installments if used else None
        self._deferred = dict(self._orders())

    def _orders(self) -> Iterator[tuple[str, date]]:
        """WDL-7: of several orders in force the one that defers longest."""
        day = self._day.isoformat()
        orders = [
            each for each in self._contract.terms["deferral_orders"] if each["from_day"] <= day <= each["through"]
        ]
        for kind in (FA2, "guaranteed"):
            months = [order["months"] for order in orders if kind in order["kinds"]]
            if months:
                yield kind, months_on(self._day, max(months))

    def of(self, paid: Paid) -> Payout:
        """What is paid of an account, and when: first what a Fixed Plus Account is paid by itself."""
        if self._request["reason"] in AT_ONCE:
            return Payout(paid.account, {self._day: paid.dollars}, ())
        parts, plans = self._parts(paid), list[Plan]()
        for names, plan in (*self._of_fixed_plus(paid, parts), *self._of_fixed_account_2(paid, parts)):
            plans.append(plan)
            parts = {kind: part for kind, part in parts.items() if kind not in names}
        by_day: dict[date, Decimal] = {}
        for kind, part in parts.items():
            due = self._deferred.get(kind, self._day)
            by_day[due] = by_day.get(due, ZERO) + part
        return Payout(paid.account, by_day, tuple(plans))

    def _of_fixed_plus(self, paid: Paid, parts: Parts) -> Iterator[tuple[Collection[str], Plan]]:
        """WDL-6: what a full withdrawal pays of each, by the option's own terms."""
        for name, terms in self._alone.items():
            of = (terms["payments"], terms["every_months"])
            plan = self._plan(paid.account, name, {name: parts.get(name, ZERO)}, (terms["rate"], [name], of))
            if plan is not None:
                yield [name], plan

    def _of_fixed_account_2(self, paid: Paid, parts: Parts) -> Iterator[tuple[Collection[str], Plan]]:
        """WDL-8: what it pays of Fixed Account 2, or of everything that is not in installments already."""
        terms = self._installments
        if terms is None or self._compared(terms, paid) <= D(terms["threshold"]):
            return
        alone = {name for names, _ in self._of_fixed_plus(paid, parts) for name in names}
        bound = {kind for kind in parts if kind == FA2 or (terms["part"] == "whole" and kind not in alone)}
        how = terms["rate"], self._contract.of_kind(FA2), (terms["months"], 1)
        plan = self._plan(paid.account, None, {kind: parts[kind] for kind in parts if kind in bound}, how)
        if plan is not None:
            yield bound, plan

    def _parts(self, paid: Paid) -> Parts:
        came: Parts = {}
        for name, dollars in paid.by_option.items():
            kind = name if name in self._alone else self._kind(name)
            came[kind] = came.get(kind, ZERO) + dollars
        added = max(ZERO, paid.dollars - sum(came.values(), ZERO))
        parts = in_proportion(paid.dollars - added, came)
        if added:
            parts[OTHER] = parts.get(OTHER, ZERO) + added
        return {kind: part for kind, part in parts.items() if part}

    def _kind(self, name: str) -> str:
        kind = str(self._contract.options[name]["kind"])
        return kind if kind in (FA2, "guaranteed") else OTHER

    def _compared(self, terms: Json, paid: Paid) -> Decimal:
        """WDL-8: Fixed Account 2 on the day before, of the account or of all accounts under the contract."""
        if terms["basis"] == "individual_account":
            return paid.before
        known = [D(each["amount"]) for each in terms["totals"] if day_of(each["as_of"]) < self._day]
        return known[-1] if known else ZERO

    def _plan(
        self, account: str, option: str | None, owed: Parts, how: tuple[str | None, list[str], tuple[int, int]]
    ) -> Plan | None:
        """`how`: the rate, or else whose credited one, how many payments, and how many months apart."""
        rate_, credited, of = how
        dollars = sum(owed.values(), ZERO)
        if not dollars:
            return None
        rate = max(map(self._credited, credited), default=ZERO) if rate_ is None else D(rate_)
        since = max(self._deferred.get(kind, self._day) for kind in owed)
        rows = schedule(dollars, rate, since, of)
        if rows is None:
            return None
        names = (self._request["request_id"], option, self._request.get("payee"))
        return Plan(account, *names, rate, since, rows)

    def _credited(self, name: str) -> Decimal:
        return max(self._days.declared_since(name, self._day)[1], self._days.floor(name, self._day))

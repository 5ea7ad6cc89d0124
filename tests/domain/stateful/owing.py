"""When a participant is paid what was withdrawn: what confirmations must tell of it, and every payment that they owe.

Each schedule is reckoned by the rules when its withdrawal is confirmed; after that every payment comes at the first
close on or after its day, once and to the cent, but not to somebody blocked (WDL-6..8, DEP-9).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from hypothesis import event

from services.domain.state import Participant
from tests.domain.books import Json
from tests.domain.stateful.confirmed import Figures
from tests.domain.stateful.payments_told import Told, payable_of, read, row_of, told_of
from tests.domain.stateful.payouts import FA2, Paid, Payout, in_proportion, payout
from tests.domain.stateful.schedules import Plan, months_on
from tests.domain.stateful.sums import CENT, ZERO, D, Person, cents, day_of


@dataclass
class Owing:
    """What one participant is still to be paid; and every move of Fixed Account 2, for what was in it before a day."""

    person: Person
    plans: list[Plan] = field(default_factory=list)
    moves: list[tuple[str, Json]] = field(default_factory=list)
    may_return: dict[tuple[str, str], Decimal] = field(default_factory=dict)

    def confirmed(self, message: Json) -> None:
        """Check a confirmation that says, or may say, when something is paid."""
        figures, kind = Figures(message), message["kind"]
        self.moves += [(figures.account_of(leg), leg) for leg in figures.legs if leg["kind"] == FA2]
        if kind == "withdrawal":
            self._withdrawn(figures, self.person.asked[message["request_id"]].message)
        elif kind == "maturity_payment":
            self._matured(figures)
        elif kind == "installment_paid":
            self._paid_of_plan(message)
        elif kind == "reinvestment_elected":
            self._returns(message, self.person.asked[message["request_id"]].message["instruction"])

    def _before(self, account: str, day: date) -> Decimal:
        """What was in Fixed Account 2 at the last close before a day, at that day's index."""
        days = self.person.days
        closed = max((each for each in days.closed if each < day), default=None)
        units: dict[tuple[str, str | None], Decimal] = {}
        for of, leg in self.moves:
            if of == account and day_of(leg["index_date"]) < day:
                place = leg["option"], leg.get("applied_since")
                units[place] = units.get(place, ZERO) + D(leg["units"])
        if closed is None:
            return ZERO
        return sum(
            (
                cents(held * days.index(name, closed, None if since is None else day_of(since)))
                for (name, since), held in units.items()
                if held
            ),
            ZERO,
        )

    def _withdrawn(self, figures: Figures, request: Json) -> None:
        """WDL-6..8: a confirmation tells when everything is paid, and what is owed is kept."""
        message, day = figures.message, day_of(figures.message["trade_date"])
        payouts = [payout(self.person.days, request, day, paid) for paid in self._paid(figures, day)]
        plans = [plan for each in payouts for plan in each.plans]
        at_once = sum((part for each in payouts for part in each.by_day.values()), ZERO)
        owed = sum((plan.owed for plan in plans), ZERO)
        assert figures.amount("paid") == at_once, ("WDL-7, WDL-8: paid", at_once, message)
        assert figures.amount("in_installments") == owed, ("WDL-6, WDL-8: in installments", owed, message)
        put_off = any(each.put_off(day) for each in payouts)
        rows = [row for each in payouts for row in told_of(each, day)] if plans or put_off else []
        _as_reckoned(message, rows)
        _cited(message, plans, put_off=put_off)
        several = "accounts" in message
        for plan in plans:
            self._details_of(plan, message, f"{plan.account}_" if several else "", day)
        self.plans += plans
        if request.get("full") and not request.get("from"):
            for each in payouts:
                self._may_return(each, message, several=several)

    def _may_return(self, of: Payout, message: Json, *, several: bool) -> None:
        """WDL-10: of a full withdrawal what it pays, before tax, may come back; not what it still owes."""
        payable = D(message["details"][f"{of.account}_payable"] if several else payable_of(message))
        self.may_return[of.account, message["request_id"]] = payable - sum((plan.owed for plan in of.plans), ZERO)

    def _returns(self, message: Json, order: Json) -> None:
        """WDL-10: without dollars of its own an election is of all that may come back."""
        told, most = message["details"], self.may_return[order["account"], message["details"]["withdrawal"]]
        assert order.get("amount") is not None or D(told["amount"]) == most, ("WDL-10", most, message)

    def _paid(self, figures: Figures, day: date) -> Iterator[Paid]:
        """Tax falls on all accounts alike, and what comes off all options of an account."""
        message = figures.message
        several: list[str] | None = message.get("accounts")
        accounts = [message["account"]] if several is None else several
        payable = {accounts[0]: payable_of(message)}
        if several is not None:
            payable = {account: D(message["details"][f"{account}_payable"]) for account in several}
            assert sum(payable.values(), ZERO) == payable_of(message), ("WDL-13: payable by account", message)
        tax = in_proportion(figures.amount("withheld"), payable)
        for account in accounts:
            by_option = self._by_option(figures, account)
            if several is not None and not message.get("charges") and not figures.amount("guarantee"):
                assert payable[account] == sum(by_option.values(), ZERO), ("WDL-13: of an account", message)
            yield Paid(account, payable[account] - tax[account], by_option, self._before(account, day))

    def _by_option(self, figures: Figures, account: str) -> dict[str, Decimal]:
        """What options of an account pay: what is taken with its adjustment, the legs of a fee left aside (WDL-14)."""
        charges = figures.message.get("charges") or []
        fee = sum((D(each["amount"]) for each in charges if each["what"] == "maintenance_fee"), ZERO)
        pays: dict[str, Decimal] = {}
        for leg in figures.legs:
            if fee:
                fee += D(leg["dollars"])
            elif figures.account_of(leg) == account:
                pays[leg["option"]] = pays.get(leg["option"], ZERO) - D(leg["dollars"])
        lines = figures.block["lines"] if figures.block and figures.block["applied"] else []
        for line in lines:
            if figures.account_of(line) == account:
                pays[line["option"]] += D(line["adjustment"])
        return pays

    def _details_of(self, plan: Plan, message: Json, prefix: str, day: date) -> None:
        details, of = message["details"], "" if plan.option is None else f"{plan.option}_"
        assert D(details[f"{prefix}{of}installment_rate"]) == plan.rate, ("WDL-8: the rate", plan.rate, message)
        terms = self.person.days.contract.terms["installments"]
        if plan.option is None and terms["basis"] == "individual_account":
            told = D(details[f"{prefix}fixed_account_2_on_the_day_before"])
            assert abs(told - self._before(plan.account, day)) <= CENT, ("WDL-8: the day before", message)

    def _matured(self, figures: Figures) -> None:
        """WDL-7: what a maturity pays of a guaranteed term is deferred like what a withdrawal does."""
        message, day = figures.message, day_of(figures.message["trade_date"])
        orders = self.person.days.contract.terms["deferral_orders"]
        months = [
            each["months"]
            for each in orders
            if "guaranteed" in each["kinds"] and day_of(each["from_day"]) <= day <= day_of(each["through"])
        ]
        expected = (
            [(message["account"], months_on(day, max(months)), "deferred", figures.amount("paid"))] if months else []
        )
        told = [read(each, message)[:4] for each in message.get("payments") or []]
        assert told == expected, ("WDL-7: what matured", expected, message)
        if months:
            event("WDL-7 matured")

    def _paid_of_plan(self, message: Json) -> None:
        """WDL-6, WDL-8: a payment is the next one of its plan, on its day or after, and not while one is blocked."""
        day, details = day_of(message["trade_date"]), message["details"]
        (told,) = message["payments"]
        of = (message["account"], details["withdrawal"], told.get("option"))
        found = [at for at, plan in enumerate(self.plans) if (plan.account, plan.withdrawal, plan.option) == of]
        assert len(found) == 1, ("WDL-8: a payment of a plan", message)
        plan = self.plans[found[0]]
        row = plan.rows[plan.paid]
        assert read(told, message) == row_of(plan, row), ("WDL-8: the payment", row, message)
        assert D(message["paid"]) == row[2] == D(message["debits"]) == D(message["credits"]), ("GEN-7", message)
        assert details["installment"] == f"{row[0]} of {len(plan.rows)}", ("WDL-8: which", message)
        assert details.get("payee") == plan.payee, ("WDL-8: to whom", message)
        assert ("WDL-8" if plan.option is None else "WDL-6") in message["rules"], message
        assert row[1] <= day, ("WDL-8: paid before its day", message)
        assert self._may_be_paid(day), ("DEP-9: paid", message)
        self.plans[found[0]] = replace(plan, paid=plan.paid + 1)
        event("installment paid")
        if row[0] == len(plan.rows):
            event("last installment paid")
            del self.plans[found[0]]

    def closed(self, day: date) -> None:
        """WDL-8: nothing that is due waits past a close, unless its participant is blocked."""
        if self._may_be_paid(day):
            late = [plan for plan in self.plans if plan.due is not None and plan.due <= day]
            assert not late, ("WDL-8: a payment past its day", late)

    def _may_be_paid(self, day: date) -> bool:
        released = self.person.released
        return not self.person.orders and (released is None or released <= day)

    def same_as(self, books: Participant | None) -> None:
        """The books owe what is owed here."""
        accounts = books.accounts if books is not None else ()
        found = [
            (each.type.value, plan.request_id, plan.option or "", plan.paid, plan.left)
            for each in accounts
            for plan in (each.payable.plans if each.payable is not None else ())
        ]
        mine = [(plan.account, plan.withdrawal, plan.option or "", plan.paid, plan.owed) for plan in self.plans]
        assert sorted(found) == sorted(mine), ("WDL-8: what is owed", found, mine)


def _as_reckoned(message: Json, rows: list[Told]) -> None:
    """The payments told are those that were reckoned, by their days."""
    told = [read(each, message) for each in message.get("payments") or []]
    assert [row[1] for row in told] == sorted(row[1] for row in told), ("WDL-8: by days", message)
    assert sorted(told, key=str) == sorted(rows, key=str), ("WDL-6..8: payments", rows, message)


def _cited(message: Json, plans: list[Plan], *, put_off: bool) -> None:
    """The rules are named by which something is paid later, and no others of them."""
    later, full = any(plan.option is None for plan in plans), any(plan.option for plan in plans)
    assert ("WDL-7" in message["rules"]) == put_off, ("WDL-7", message)
    assert ("WDL-8" in message["rules"]) == later, ("WDL-8", message)
    assert not full or "WDL-6" in message["rules"], ("WDL-6", message)
    for what, happened in (("WDL-7 deferred", put_off), ("WDL-8 plan", later), ("WDL-6 plan", full)):
        if happened:
            event(what)

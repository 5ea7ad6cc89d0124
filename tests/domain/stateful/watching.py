"""Watches the outcomes of an example as they come, and keeps the sums of every participant by them."""

from collections.abc import Iterable
from datetime import date

from services.runtime.calendar import ExchangeCalendar
from tests.domain.books import Json
from tests.domain.stateful import cycles
from tests.domain.stateful.bounds import Bounds, kind_of
from tests.domain.stateful.confirmed import LEAVING, Figures, adjusted, as_asked, balanced, charged
from tests.domain.stateful.days import Days
from tests.domain.stateful.fees import Fees
from tests.domain.stateful.owing import Owing
from tests.domain.stateful.sums import ZERO, Asked, D, Person, day_of
from tests.domain.stateful.world import Outcome, World

AT_ONCE = {"cancel", "aml_hold", "aml_release"}
PAID = {"maturity_payment", "income_payment", "installment_paid"}
HELD_REFUSED = {"DUPLICATE_REQUEST_ID", "STALE", "TOO_MANY_WAITING", "NOT_AVAILABLE"}
"""What a request of somebody blocked may be refused for, beside its form (DEP-9)."""


class Watch:
    """The participants of an example, each with its sums and its bounds."""

    def __init__(self, world: World, days: Days) -> None:
        self._world, self._days = world, days
        self.people = {name: Person(days) for name in ("P1", "P2")}
        self.bounds = {name: Bounds(person) for name, person in self.people.items()}
        self.fees = {name: Fees(person) for name, person in self.people.items()}
        self.owing = {name: Owing(person) for name, person in self.people.items()}
        self.seen: dict[str, int] = {}

    def sent(self, name: str, asked: Asked, outcomes: list[Outcome]) -> None:
        """GEN-2, GEN-3: a request brings an answer or an acknowledgement, exactly one of its own."""
        request_id, person = asked.message["request_id"], self.people[name]
        person.asked[request_id] = asked
        mine = [outcome for outcome in outcomes if outcome.message.get("request_id") == request_id]
        assert len(mine) == 1, ("one answer", asked, outcomes)
        assert not any(outcome.repeated for outcome in outcomes), ("nothing was repeated", outcomes)
        self._take(outcomes)
        self.hold()

    def repeated(self, name: str, request_id: str, outcomes: list[Outcome]) -> None:
        """A repeat gets the same bytes again, and changes nothing."""
        (outcome,) = outcomes
        assert outcome.repeated, ("marked as a repeat", outcome)
        assert outcome.value == self.people[name].answers[request_id], ("the same bytes", outcome)
        self.hold()

    def conflicting(self, name: str, outcomes: list[Outcome]) -> None:
        """Another request under a known id is rejected, or quoted so, and the first answer stands."""
        (outcome,) = outcomes
        codes = [reason["code"] for reason in outcome.message["reasons"]]
        assert codes == ["DUPLICATE_REQUEST_ID"], outcome
        if outcome.topic != "quotes":
            self.people[name].numbered(outcome)
        self.hold()

    def closed(self, day: date, outcomes: list[Outcome]) -> None:
        """GEN-2: a close decides what trades on its day, and leaves nothing of it waiting."""
        before = self._days.closed[-2] if len(self._days.closed) > 1 else None
        for fees in self.fees.values():
            fees.close(day, before)
        for outcome in outcomes:
            if outcome.topic in {"confirmations", "rejections"}:
                assert outcome.message["trade_date"] == day.isoformat(), ("GEN-2: trade date", day, outcome)
        self._take(outcomes)
        for fees in self.fees.values():
            fees.passed()
        for owing in self.owing.values():
            owing.closed(day)
        for person in self.people.values():
            for request_id in person.waiting if not person.orders else ():
                asked = person.asked[request_id]
                due = max(ExchangeCalendar().trade_date(asked.received), person.released or day)
                assert due > day, ("GEN-2: waits past its close", asked)

    def hold(self) -> None:
        """What holds after every step."""
        for name, person in self.people.items():
            person.same_as(self._world.books(name))
            self.owing[name].same_as(self._world.books(name))

    def _take(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            person = self.people[outcome.person]
            kind = outcome.message.get("kind", "")
            self.seen[kind] = self.seen.get(kind, 0) + 1
            if outcome.topic in ("confirmations", "rejections", "notices"):
                person.numbered(outcome)
            self._not_blocked(person, outcome)
            person.answered(outcome)
            if outcome.topic == "confirmations":
                self._confirmed(person, self.bounds[outcome.person], outcome)
                self.owing[outcome.person].confirmed(outcome.message)
            elif outcome.topic == "rejections":
                self._rejected(person, self.bounds[outcome.person], outcome.message)

    def _not_blocked(self, person: Person, outcome: Outcome) -> None:
        """DEP-9: while an order is in force nothing is decided, nor paid."""
        message = outcome.message
        if not person.orders or outcome.topic not in ("confirmations", "rejections"):
            return
        name = message.get("request_id")
        if name is None:
            assert message["kind"] not in PAID, ("DEP-9: paid", message)
            return
        order = person.asked[name].message.get("instruction", {}).get("kind")
        if order in AT_ONCE:
            return
        assert outcome.topic == "rejections", ("DEP-9: decided", message)
        codes = {reason["code"] for reason in message["reasons"] if "GEN-3" not in reason["rules"]}
        assert codes <= HELD_REFUSED, ("DEP-9: decided", message)

    def _confirmed(self, person: Person, bounds: Bounds, outcome: Outcome) -> None:
        message = outcome.message
        name = message.get("request_id")
        asked = person.asked[name] if name is not None else None
        figures, kind, fees = Figures(message), message["kind"], self.fees[outcome.person]
        balanced(figures)
        if kind == "maintenance_fee":
            fees.confirmed(figures)
        else:
            fees.passed()
        if asked is not None and kind == "withdrawal":
            fees.on_full(figures, asked.message)
        if asked is not None and kind in LEAVING:
            bounds.limited(figures, asked, kind_of(asked.message))
        if kind == "deposit" and message["account"] not in person.opened:
            person.opened[message["account"]] = day_of(message["trade_date"])
            cycles.credited(person, message["account"])
        for leg in figures.legs:
            person.moved(figures.account_of(leg), leg, lock="rate_lock" in message.get("details", {}))
        bounds.bought(figures)
        if asked is not None:
            self._decided(person, bounds, figures, asked)
        elif kind == "maturity_payment":
            charged(figures, person, None)

    def _decided(self, person: Person, bounds: Bounds, figures: Figures, asked: Asked) -> None:
        message, request = figures.message, asked.message
        kind, order = message["kind"], asked.message.get("instruction", {})
        if kind in LEAVING:
            adjusted(figures, person, request)
        if kind == "deposit":
            bounds.deposited(message, request)
            cycles.paid(person, request["account"], request["source"])
            cycles.told(person, message)
        elif kind == "transfer":
            bounds.transferred(figures)
            bounds.locked(figures, request)
        elif kind == "withdrawal":
            charged(figures, person, request["reason"])
            as_asked(figures, request)
        elif kind == "income_elected":
            charged(figures, person, "lifetime_income" if order["annuity"] == "lifetime" else "nonlifetime_income")
            amount = order.get("amount")
            assert amount is None or D(message["applied"]) == D(amount), ("INC-3: what is applied", message)
        elif kind == "loan_default":
            assert message.get("charges", []) == [], ("WDL-9: nothing else comes off", message)
        else:
            self._instructed(person, order, message)

    def _instructed(self, person: Person, order: Json, message: Json) -> None:
        kind = message["kind"]
        if kind == "experience_credited":
            assert D(message["received"]) == D(order["amount"]), ("ACC-2: the credit", message)
        elif kind == "account_opened":
            person.opened[order["account"]] = day_of(message["trade_date"])
            person.lump_sum[order["account"]] = order.get("payments") == "lump_sum"
            cycles.credited(person, order["account"])
            cycles.told(person, message)
        elif kind == "account_reopened":
            cycles.told(person, message)
        elif kind == "aml_hold_placed":
            person.orders.add(order["order"])
        elif kind == "aml_hold_released":
            person.orders.remove(order["order"])
            person.released = day_of(message["trade_date"])

    def _rejected(self, person: Person, bounds: Bounds, message: Json) -> None:
        """A limit that is told to be exceeded is exceeded, by the numbers told and by the sums kept here."""
        asked = person.asked[message["request_id"]]
        for reason in message["reasons"]:
            self.seen[reason["code"]] = self.seen.get(reason["code"], 0) + 1
            numbers = reason.get("numbers", {})
            if reason["code"] == "LIMIT_EXCEEDED":
                place, day = (numbers["account"], numbers["option"]), day_of(message["trade_date"])
                assert D(numbers["used"]) == bounds.used(place, day), ("LIM-5: used", reason)
                assert D(numbers["requested"]) > D(numbers["available"]), ("LIM-5: exceeded", reason)
                base_date = bounds.base_date(day, asked)
                assert numbers["base_date"] == base_date.isoformat(), ("LIM-7: the day of the base", reason)
                base = person.value(*place, base_date)
                assert abs(base - D(numbers["base_value"])) <= D("0.01"), ("LIM-7: base", base, reason)
            elif reason["code"] == "CONTRIBUTION_LIMIT_EXCEEDED":
                day = day_of(message["trade_date"])
                limit = bounds.limit_of(day.year, catch_up=bool(asked.message.get("catch_up")))
                used = bounds.contributed.get(day.year, ZERO)
                assert limit is not None, ("DEP-7: no limit", reason)
                assert used + D(asked.message["amount"]) > limit, ("DEP-7: within the limit", used, reason)
            elif reason["code"] == "MONEY_ORDERS_EXCEED":
                ordered = bounds.ordered(day_of(message["trade_date"])) + D(asked.message["amount"])
                assert ordered > D("5000.00"), ("DEP-8: money orders", ordered, reason)

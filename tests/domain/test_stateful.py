"""Random requests, legal and illegal, over up to two years of each of the five example contracts, beside a ledger of sums
that is kept apart: after every step everything balances, and no limit is passed.

An example is one contract with two participants. Days are closed one by one or by the quarter, with prices, rates and
yields that move; at the end the log is folded again in two lives, the second of which begins with the state that the
first has encoded, and must write the same bytes.

CI runs 200 examples. More are run by `STATEFUL_EXAMPLES=5000 pytest tests/domain/test_stateful.py -p no:timeout`.
"""

import os
from typing import Any

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.domain.books import Json
from tests.domain.lives import by_participant
from tests.domain.stateful import asking
from tests.domain.stateful.asking import Asking, crossed, percentages
from tests.domain.stateful.contracts import FIRST_DAYS, load
from tests.domain.stateful.days import MOODS, Days
from tests.domain.stateful.sums import recent
from tests.domain.stateful.watching import Watch
from tests.domain.stateful.world import World, refolded

EXAMPLES = int(os.environ.get("STATEFUL_EXAMPLES", "200"))
JUMPS = [1, 1, 2, 5, 21, 42, 64, 126]
moods = st.sampled_from(sorted(MOODS))


class Contracts(RuleBasedStateMachine):
    """Two years of a contract."""

    @initialize(name=st.sampled_from(sorted(FIRST_DAYS)), amounts=st.lists(asking.plenty, min_size=3, max_size=3))
    def begin(self, name: str, amounts: list[str]) -> None:
        self.contract = load(name)
        self.world, self.days = World(self.contract), Days(self.contract)
        self.watch = Watch(self.world, self.days)
        self.asking = Asking(self.days, self.watch.people)
        self.ended = False
        self._instruct("P1", "morning", 0, {"kind": "open_account", "account": "pretax"})
        self._instruct("P1", "morning", 0, {"kind": "open_account", "account": "employer", "payments": "lump_sum"})
        self._instruct("P2", "morning", 0, {"kind": "open_account", "account": "pretax"})
        targets = self.asking.allocation
        for at, account in enumerate(("pretax", "pretax", "pretax", "employer", "roth")):
            if account not in self.contract.terms["accounts"]:
                continue
            source = "roth_rollover" if account == "roth" else "rollover"
            self._ask(
                "deposit-requests",
                "P2" if at == 2 else "P1",
                "morning",
                0,
                account=account,
                amount=amounts[at % 3],
                source=source,
                allocation=targets([at * 3, at * 3 + 1, at * 3 + 2]),
            )
        self._close("calm")

    def _ask(self, topic: str, person: str, when: str, sender: int, **more: Any) -> None:
        asked = self.asking.request(topic, person, when, sender, **more)
        before = self.world.books(person)
        self.watch.sent(person, asked, self.world.ask(topic, asked.message, asked.recorded))
        if more.get("mode") == "quote":
            assert self.world.books(person) == before, "a quote changes nothing"

    def _instruct(self, person: str, when: str, sender: int, order: Json) -> None:
        self._ask("account-instructions", person, when, sender, instruction=order)

    def _closing(self, count: int, mood: str = "calm") -> None:
        for _ in range(count):
            if not self.days.over:
                self._close(mood)
        self.watch.hold()

    def _close(self, mood: str) -> None:
        day = self.days.open
        entry = self.days.close(mood)
        self.watch.closed(day, self.world.close(entry))

    @precondition(lambda self: not self.days.over)
    @rule(jump=st.sampled_from(JUMPS), mood=moods)
    def close(self, jump: int, mood: str) -> None:
        self._closing(jump, mood)

    @precondition(lambda self: self.contract.fixed)
    @rule(pick=asking.picks, above=st.decimals("0", "0.03", places=4))
    def declare(self, pick: int, above: Any) -> None:
        self.days.declare(self.contract.fixed[pick % len(self.contract.fixed)], above)

    @rule(
        who=asking.people,
        when=asking.moments,
        sender=asking.senders,
        account=asking.accounts,
        amount=asking.money,
        source=asking.sources,
        payment=asking.payments,
        chosen=asking.some_picks | st.none(),
        mode=asking.modes,
        catch_up=st.booleans(),
        then=asking.then,
    )
    def deposit(
        self,
        who: str,
        when: str,
        sender: int,
        account: int,
        chosen: list[int] | None,
        payment: Json,
        catch_up: bool,
        then: int,
        **more: Any,
    ) -> None:
        told = {} if chosen is None else {"allocation": self.asking.allocation(chosen)}
        told |= {"catch_up": True} if catch_up else {}
        self._ask(
            "deposit-requests", who, when, sender, account=self.asking.account(account), **more, **told, **payment
        )
        self._closing(then)

    @rule(
        who=asking.people,
        when=asking.moments,
        sender=asking.senders,
        account=asking.accounts,
        quantity=asking.quantities,
        legs=asking.some_picks,
        to=asking.some_picks,
        gross=st.booleans(),
        mode=asking.modes,
        times=st.sampled_from([1, 1, 1, 1, 1, 5]),
        then=asking.then,
    )
    def transfer(
        self,
        who: str,
        when: str,
        sender: int,
        account: int,
        quantity: Json,
        legs: list[int],
        to: list[int],
        gross: bool,
        mode: str,
        times: int,
        then: int,
    ) -> None:
        of = self.asking.account(account)
        left = self.asking.legs(who, of, legs, **quantity)
        told: Json = {"account": of, "from": left, "to": self.asking.allocation(to), "mode": mode}
        told |= {"amount_type": "gross"} if gross else {}
        for _ in range(times):
            self._ask("transfer-requests", who, when, sender, **told)
        self._closing(then)

    @rule(pick=asking.picks, to=asking.picks, quantity=asking.quantities, account=st.integers(0, 1), then=asking.then)
    def move(self, pick: int, to: int, quantity: Json, account: int, then: int) -> None:
        """A transfer out of something held into something else, which trades before anything else happens."""
        of = self.asking.account(account)
        left = self.asking.legs("P1", of, [pick % 10], **quantity)
        elsewhere = self.asking.allocation([to], but=left[0]["option"])
        self._ask("transfer-requests", "P1", "morning", 0, **{"account": of, "from": left, "to": elsewhere})
        self._closing(max(then, 1))

    @rule(count=st.sampled_from([3, 7, 13]), dollars=asking.money, then=asking.then)
    def move_often(self, count: int, dollars: str, then: int) -> None:
        """TRF-2: transfers between funds, of which so many a year are free."""
        first, second = self.contract.of_kind("fund")[:2]
        for at in range(count):
            left, to = (first, second) if at % 2 else (second, first)
            legs, into = [{"option": left, "amount": dollars}], [{"option": to, "percent": "100"}]
            self._ask("transfer-requests", "P1", "morning", 0, **{"account": "pretax", "from": legs, "to": into})
        self._closing(max(then, 1))

    @rule(pick=asking.picks, taking=asking.takings, account=st.integers(0, 1), chosen=st.booleans(), then=asking.then)
    def draw(self, pick: int, taking: Json, account: int, chosen: bool, then: int) -> None:
        """A withdrawal in service of what is held, which is paid before anything else happens."""
        of = self.asking.account(account)
        left = {"from": self.asking.legs("P1", of, [pick % 10])} if chosen else {}
        told = {"account": of, "reason": "in_service", **taking, **left}
        self._ask("withdrawal-requests", "P1", "morning", 0, **told)
        self._closing(max(then, 1))

    @rule(
        who=asking.people,
        when=asking.moments,
        sender=asking.senders,
        account=asking.accounts,
        taking=asking.takings,
        legs=asking.some_picks | st.none(),
        apart=st.booleans(),
        several=asking.often,
        reason=asking.reasons,
        withholding=asking.withholdings,
        mode=asking.modes,
        ago=st.sampled_from([0, 30, 180, 200, -1]),
        then=asking.then,
    )
    def withdraw(
        self,
        who: str,
        when: str,
        sender: int,
        account: int,
        taking: Json,
        legs: list[int] | None,
        apart: bool,
        several: bool,
        reason: str,
        withholding: Json,
        mode: str,
        ago: int,
        then: int,
    ) -> None:
        of = self.asking.account(account)
        told: Json = {"account": of} if several else {"accounts": ["employer", "pretax"]}
        if legs is not None:
            left = self.asking.legs(who, of, legs)
            told["from"] = percentages(left) if apart else left
        event_date = self.days.all[max(0, len(self.days.closed) - ago)]
        told |= {"event_date": event_date.isoformat()} if reason in ("death", "death_deferred", "disability") else {}
        told |= {"reason": reason, "mode": mode, "birth_date": "1960-02-29"}
        self._ask("withdrawal-requests", who, when, sender, **told, **taking, **withholding)
        self._closing(then)

    @precondition(lambda self: self.contract.guaranteed)
    @rule(
        who=asking.people,
        when=asking.moments,
        account=asking.accounts,
        pick=st.sampled_from([0, 0, 1, 2]),
        chosen=asking.some_picks | st.none(),
    )
    def elect_maturity(self, who: str, when: str, account: int, pick: int, chosen: list[int] | None) -> None:
        wish: Json = {"withdraw": True} if chosen is None else {"to": self.asking.allocation(chosen)}
        of = self.asking.account(account)
        order = {"kind": "maturity_election", "account": of, "lot": self.asking.lot(who, of, pick)}
        self._instruct(who, when, 0, {**order, **wish})

    @rule(
        who=asking.people,
        when=asking.moments,
        account=asking.accounts,
        pick=st.integers(0, 9),
        dollars=asking.money,
        ago=st.integers(-1, 3),
        chosen=asking.some_picks,
    )
    def order(self, who: str, when: str, account: int, pick: int, dollars: str, ago: int, chosen: list[int]) -> None:
        """An instruction of another kind."""
        of = self.asking.account(account)
        whose: Json = {"account": of} if self.contract.id != "GOVERNMENTAL-457B" or pick == 4 else {}
        balance_on = self.days.all[max(0, len(self.days.closed) - ago)].isoformat()
        waiting = [*self.watch.people[who].waiting, "nothing"]
        orders: list[Json] = [
            {"kind": "cancel", "cancels": waiting[chosen[0] % len(waiting)]},
            {"kind": "allocation", "account": of, "allocation": self.asking.allocation(chosen)},
            {"kind": "allocation", "account": of, "allocation": self.asking.allocation(chosen)},
            {"kind": "open_account", "account": of},
            {"kind": "open_account", "account": of, "payments": "lump_sum"},
            {"kind": "rate_lock_election"},
            {"kind": "reinvestment_election", "account": of},
            {"kind": "loan_balance", **whose, "balance": dollars, "balance_on": balance_on},
            {"kind": "loan_default", **whose},
            {"kind": "close_account", "account": of},
        ]
        self._instruct(who, when, 0, orders[pick])

    @rule(who=asking.people, name=st.sampled_from(["A", "B"]), lift=asking.often, when=asking.moments, then=asking.then)
    def block(self, who: str, name: str, lift: bool, when: str, then: int) -> None:
        """DEP-9: most orders are lifted soon, for nothing is decided while one is in force."""
        by = len(self.contract.submitters) - 1 if self.contract.terms["aml"]["submitters"] else 0
        orders = sorted(self.watch.people[who].orders)
        lifts = lift if orders else not lift and name == "B"
        order = {"kind": "aml_release" if lifts else "aml_hold", "order": orders[0] if lifts and orders else name}
        if orders or not lift:
            self._instruct(who, when, by, order)
        self._closing(then)

    @precondition(lambda self: len(self.days.closed) > 60)
    @rule(
        who=asking.people,
        when=asking.moments,
        account=asking.accounts,
        pick=asking.picks,
        funds=asking.some_picks,
        first=asking.picks,
        taking=asking.takings,
        legs=asking.some_picks | st.none(),
    )
    def elect_income(
        self,
        who: str,
        when: str,
        account: int,
        pick: int,
        funds: list[int],
        first: int,
        taking: Json,
        legs: list[int] | None,
    ) -> None:
        of = self.asking.account(account)
        chosen = {} if legs is None else {"from": self.asking.legs(who, of, legs)}
        self._instruct(who, when, 0, {**self.asking.income(pick, funds, first, taking), "account": of, **chosen})

    @rule(who=asking.people, pick=st.integers(0, 29), same=asking.often)
    def repeat(self, who: str, pick: int, same: bool) -> None:
        person = self.watch.people[who]
        names = recent(person, self.days.closed[-1])
        if not names:
            return
        name = names[-1 - pick % len(names)]
        asked = person.asked[name]
        message = asked.message if same else {**asked.message, "payee": f"another {len(self.world.log)}"}
        outcomes = self.world.ask(asked.topic, message, asking.moment_of("morning", self.days))
        if same:
            self.watch.repeated(who, name, outcomes)
        else:
            self.watch.conflicting(who, outcomes)

    def teardown(self) -> None:
        """The same log gives the same bytes, also to who begins in the middle with the state encoded there."""
        if not hasattr(self, "world"):
            return
        for what in sorted(crossed(self.days)):
            event(what)
        for restart_at in (None, len(self.world.log) * 2 // 3):
            again = refolded(self.world.log, restart_at)
            assert by_participant(again.written) == by_participant(self.world.written), ("replay", restart_at)


Contracts.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
TestContracts = Contracts.TestCase

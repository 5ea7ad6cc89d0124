"""Random requests, legal and illegal, over up to two years of each of the five example contracts, beside a ledger of
sums that is kept apart: after every step everything balances, and no limit is passed.

An example is one contract with two participants. Days are closed one by one or by the quarter, with prices, rates and
yields that move; at the end the log is folded again, and once more in two lives, the second of which begins with the
state that the first has encoded: each writes the same bytes.

When withdrawals are paid, at once or later, is drawn for each example.

Every run of the tests drives the same 200 examples. Told how many, it searches at random instead:
`STATEFUL_EXAMPLES=5000 python -m pytest tests/domain/test_stateful.py`; or in shards side by side, each with a
seed of its own: `STATEFUL_EXAMPLES=1250 python -m pytest tests/domain/test_stateful.py --hypothesis-seed=1`.
What fails is kept, and tried first the next time.
"""

import os
from bisect import bisect_left
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.domain.books import Json
from tests.domain.lives import by_participant
from tests.domain.stateful import drawing, later
from tests.domain.stateful.asking import Asking, crossed, moment_of, percentages
from tests.domain.stateful.contracts import FIRST_DAYS, load
from tests.domain.stateful.days import Days, anniversary
from tests.domain.stateful.sums import recent
from tests.domain.stateful.watching import Watch
from tests.domain.stateful.world import World, refolded

SEARCHED = os.environ.get("STATEFUL_EXAMPLES")
"""How many examples a search is of; without it there is none."""
pytestmark = pytest.mark.timeout(0 if SEARCHED else 900)
JUMPS = [1, 1, 2, 5, 21, 42, 64, 126]
AT_ONCE: Json = {"who": "P1", "when": "morning", "sender": 0}
LUMP_SUM: Json = {"payments": "lump_sum"}
DATED = {"death", "death_deferred", "disability"}
BEFORE_INCOME = 60


class Contracts(RuleBasedStateMachine):
    """Two years of a contract."""

    @initialize(
        name=st.sampled_from(sorted(FIRST_DAYS)),
        amounts=st.lists(drawing.plenty, min_size=3, max_size=3),
        paid=later.terms,
    )
    def begin(self, name: str, amounts: list[str], paid: Json) -> None:
        """Two participants with money in most of what the contract offers."""
        self.contract = later.paid_later(load(name), paid)
        self.world, self.days = World(self.contract), Days(self.contract)
        self.watch = Watch(self.world, self.days)
        self.asking = Asking(self.days, self.watch.people)
        for who, account, payments in (("P1", "pretax", {}), ("P1", "employer", LUMP_SUM), ("P2", "pretax", {})):
            self._instruct(AT_ONCE | {"who": who}, {"kind": "open_account", "account": account, **payments})
        if self.contract.terms["cycles"] is not None:
            told = {"account": "pretax", "amount": "50.00", "source": "salary_reduction"}
            self._ask("deposit-requests", AT_ONCE, **told, allocation=self.asking.allocation([0]))
        for at, account in enumerate(("pretax", "pretax", "pretax", "employer", "roth")):
            if account in self.contract.terms["accounts"]:
                source = "roth_rollover" if account == "roth" else "rollover"
                told = {"account": account, "amount": amounts[at % 3], "source": source}
                allocation = self.asking.allocation([at * 3 % 10, at * 3 % 10 + 1, at * 3 % 10 + 2])
                self._ask(
                    "deposit-requests", AT_ONCE | {"who": "P2" if at == 2 else "P1"}, **told, allocation=allocation
                )
        self._closing(1)

    def _ask(self, topic: str, of: Json, /, **told: object) -> None:
        """Send a request by whom and when it is drawn, and close as many days as is drawn then."""
        asked = self.asking.request(topic, of, **told)
        before = self.world.books(of["who"])
        self.watch.sent(of["who"], asked, self.world.ask(topic, asked.message, asked.recorded))
        if told.get("mode") == "quote":
            assert self.world.books(of["who"]) == before, "a quote changes nothing"
        self._closing(of.get("then", 0))

    def _instruct(self, of: Json, order: Json) -> None:
        self._ask("account-instructions", of, instruction=order)

    def _closing(self, count: int, mood: str = "calm") -> None:
        for _ in range(count):
            if not self.days.over:
                day = self.days.open
                self.watch.closed(day, self.world.close(self.days.close(mood)))
        self.watch.hold()

    @precondition(lambda self: not self.days.over)
    @rule(jump=st.sampled_from(JUMPS), mood=drawing.moods)
    def close(self, jump: int, mood: str) -> None:
        """Business days close."""
        self._closing(jump, mood)

    @precondition(lambda self: self.contract.fixed)
    @rule(pick=drawing.picks, above=st.decimals("0", "0.03", places=4))
    def declare(self, pick: int, above: Decimal) -> None:
        """Another rate, from a later day on."""
        self.days.declare(self.contract.fixed[pick % len(self.contract.fixed)], above)

    @rule(of=drawing.deposits)
    def deposit(self, of: Json) -> None:
        """A deposit of any source and form of payment, by its own allocation or the account's."""
        told = {name: of[name] for name in ("amount", "source", "mode", "catch_up")}
        allocation = {} if of["chosen"] is None else {"allocation": self.asking.allocation(of["chosen"])}
        account = self.asking.account(of["account"])
        self._ask("deposit-requests", of, account=account, **told, **allocation, **of["payment"])

    @precondition(lambda self: self.contract.terms["cycles"] is not None)
    @rule(who=drawing.who, count=st.sampled_from([1, 3, 4]), account=drawing.installment_accounts, then=drawing.then)
    def pay_in(self, who: str, count: int, account: str, then: int) -> None:
        """ACC-3, WDL-4: installments one after another, and some of them out again."""
        by: Json = {**AT_ONCE, "who": who}
        for _ in range(count):
            told = {"account": account, "amount": "50.00", "source": drawing.INSTALLMENTS[account]}
            self._ask("deposit-requests", by, **told, allocation=self.asking.allocation([count]))
        self._closing(then)
        told = {"account": account, "amount": "35.00", "reason": "in_service"}
        self._ask("withdrawal-requests", by | {"then": 1}, **told)

    @rule(of=drawing.deposits)
    def credit(self, of: Json) -> None:
        """ACC-2: an experience credit, by its own allocation or the account's."""
        allocation = {} if of["chosen"] is None else {"allocation": self.asking.allocation(of["chosen"])}
        order = {"kind": "experience_credit", "account": self.asking.account(of["account"]), "amount": of["amount"]}
        self._instruct(of, {**order, **allocation})

    @precondition(lambda self: self.contract.terms["maintenance_fee"] is not None)
    @rule(who=drawing.who, accounts=drawing.all_accounts, again=st.booleans(), then=drawing.then)
    def leave(self, who: str, accounts: list[str], then: int, *, again: bool) -> None:
        """WDL-5: accounts withdrawn in full on one day, and perhaps what comes in between."""
        by: Json = {**AT_ONCE, "who": who}
        told = {"full": True, "reason": "in_service"}
        accounts = [each for each in accounts if each in self.contract.terms["accounts"]]
        for account in accounts:
            self._ask("withdrawal-requests", by, **told, account=account)
        if again:
            paid = {"account": accounts[0], "amount": "500.00", "source": "rollover"}
            self._ask("deposit-requests", by, **paid, allocation=self.asking.allocation([0]))
            self._ask("withdrawal-requests", by, **told, account=accounts[0])
        self._closing(max(then, 1))

    @precondition(lambda self: self.contract.terms["maintenance_fee"] is not None and self.watch.people["P1"].opened)
    @rule(pick=drawing.picks, late=st.integers(-1, 1), quiet=drawing.often)
    def close_to_anniversary(self, pick: int, late: int, *, quiet: bool) -> None:
        """WDL-5: about an anniversary of an account, now and then with all of it asked for."""
        opened = self.watch.people["P1"].opened
        account = sorted(opened)[pick % len(opened)]
        on = min(day for years in (1, 2, 3) if (day := anniversary(opened[account], years)) >= self.days.open)
        self._closing(bisect_left(self.days.all, on) + late - len(self.days.closed))
        if not quiet:
            told = {"account": account, "full": True, "reason": "in_service"}
            self._ask("withdrawal-requests", AT_ONCE | {"then": 1}, **told)

    @rule(of=drawing.transfers)
    def transfer(self, of: Json) -> None:
        """A transfer of any legs, also of what is not held, into anything, also into what it leaves."""
        account = self.asking.account(of["account"])
        legs = self.asking.legs(of["who"], account, of["legs"], **of["quantity"])
        told = {"account": account, "from": legs, "to": self.asking.allocation(of["to"])}
        self._ask("transfer-requests", of, **told, mode=of["mode"], amount_type=of["amount_type"])

    @rule(of=drawing.moves)
    def move(self, of: Json) -> None:
        """A transfer out of something held into something else, which trades before anything else happens."""
        account = self.asking.account(of["account"])
        legs = self.asking.legs("P1", account, [of["pick"] % 10], **of["quantity"])
        to = self.asking.allocation([of["to"]], but=legs[0]["option"])
        self._ask(
            "transfer-requests", AT_ONCE | {"then": max(of["then"], 1)}, **{"account": account, "from": legs, "to": to}
        )

    @rule(count=st.sampled_from([3, 7, 13]), dollars=drawing.money, then=drawing.then)
    def move_often(self, count: int, dollars: str, then: int) -> None:
        """TRF-2: transfers between funds, of which so many a year are free."""
        first, second = self.contract.of_kind("fund")[:2]
        for at in range(count):
            left, to = (first, second) if at % 2 else (second, first)
            legs, into = [{"option": left, "amount": dollars}], [{"option": to, "percent": "100"}]
            self._ask("transfer-requests", AT_ONCE, **{"account": "pretax", "from": legs, "to": into})
        self._closing(max(then, 1))

    @rule(at=drawing.picks, late=st.integers(-1, 1), dollars=drawing.money)
    def move_a_year_after(self, at: int, late: int, dollars: str) -> None:
        """LIM-1..3: a transfer about the day on which an earlier use leaves its window."""
        uses = self.watch.bounds["P1"].uses
        if uses:
            account, option, on, *_ = uses[at % len(uses)]
            self._closing(bisect_left(self.days.all, anniversary(on, 1)) + late - len(self.days.closed))
            to = [{"option": self.contract.of_kind("fund")[0], "percent": "100"}]
            told = {"account": account, "from": [{"option": option, "amount": dollars}], "to": to}
            self._ask("transfer-requests", AT_ONCE | {"then": 1}, **told)

    @rule(of=drawing.draws)
    def draw(self, of: Json) -> None:
        """A withdrawal in service of what is held, which is paid before anything else happens."""
        account = self.asking.account(of["account"])
        legs = {"from": self.asking.legs("P1", account, [of["pick"] % 10])} if of["chosen"] else {}
        told = {"account": account, "reason": "in_service", **of["taking"], **legs}
        self._ask("withdrawal-requests", AT_ONCE | {"then": max(of["then"], 1)}, **told)

    @rule(of=drawing.withdrawals)
    def withdraw(self, of: Json) -> None:
        """A withdrawal for any reason, of one account or of two, of all of it or of legs."""
        account, reason = self.asking.account(of["account"]), of["reason"]
        told: Json = {"account": account} if of["several"] else {"accounts": ["employer", "pretax"]}
        if of["legs"] is not None:
            legs = self.asking.legs(of["who"], account, of["legs"])
            told["from"] = percentages(legs) if of["apart"] else legs
        event_date = self.days.all[max(0, len(self.days.closed) - of["ago"])]
        told |= {"event_date": event_date.isoformat()} if reason in DATED else {}
        told |= {"reason": reason, "mode": of["mode"], "birth_date": "1960-02-29"}
        self._ask("withdrawal-requests", of, **told, **of["taking"], **of["withholding"])

    @precondition(lambda self: self.contract.fixed)
    @rule(of=later.large)
    def put_in_and_draw(self, of: Json) -> None:
        """WDL-6, WDL-8: a large amount into a fixed option, and soon much of it, or everything, out again."""
        account, options = self.asking.account(of["account"]), self.contract.of_kind(*later.IN_INSTALLMENTS)
        option = options[of["pick"] % len(options)]
        to = [{"option": option, "percent": "100"}]
        self._ask(
            "deposit-requests",
            AT_ONCE | {"then": of["between"]},
            account=account,
            amount=of["dollars"],
            source="rollover",
            allocation=to,
        )
        legs = {"from": [{"option": option}]} if of["chosen"] else {}
        told = {"account": account, "reason": of["reason"], **of["taking"], **legs, **of["withholding"]}
        self._ask("withdrawal-requests", AT_ONCE | {"then": max(of["then"], 1)}, **told)

    @precondition(lambda self: self.contract.terms["deferral_orders"])
    @rule(of=later.deferred)
    def draw_under_an_order(self, of: Json) -> None:
        """WDL-7: a withdrawal about the day on which an order to defer payment begins or ends."""
        orders = self.contract.terms["deferral_orders"]
        edge = date.fromisoformat(orders[of["pick"] % len(orders)][of["edge"]])
        self._closing(bisect_left(self.days.all, edge) + of["late"] - len(self.days.closed))
        told = {"account": self.asking.account(of["account"]), "reason": "in_service", **of["taking"]}
        self._ask("withdrawal-requests", AT_ONCE | {"then": max(of["then"], 1)}, **told)

    @precondition(lambda self: self.contract.guaranteed)
    @rule(of=drawing.maturity_elections)
    def elect_maturity(self, of: Json) -> None:
        """Where a lot goes at its maturity, most often the next one."""
        account, chosen = self.asking.account(of["account"]), of["chosen"]
        wish: Json = {"withdraw": True} if chosen is None else {"to": self.asking.allocation(chosen)}
        lot = self.asking.lot(of["who"], account, of["pick"])
        self._instruct(of, {"kind": "maturity_election", "account": account, "lot": lot, **wish})

    @rule(of=drawing.orders)
    def order(self, of: Json) -> None:
        """An instruction of another kind."""
        self._instruct(of, self.asking.order(of))

    @rule(of=drawing.blocks)
    def block(self, of: Json) -> None:
        """DEP-9: most orders are lifted soon, for nothing is decided while one is in force."""
        by = len(self.contract.submitters) - 1 if self.contract.terms["aml"]["submitters"] else 0
        orders = sorted(self.watch.people[of["who"]].orders)
        lifts = of["lift"] if orders else of["order"] == "B"
        if orders or not of["lift"]:
            order = {
                "kind": "aml_release" if lifts else "aml_hold",
                "order": orders[0] if lifts and orders else of["order"],
            }
            self._instruct(of | {"sender": by}, order)

    @precondition(lambda self: len(self.days.closed) > BEFORE_INCOME)
    @rule(of=drawing.incomes)
    def elect_income(self, of: Json) -> None:
        """An annuity option; not at the beginning, for it ends transfers."""
        account = self.asking.account(of["account"])
        chosen = {} if of["legs"] is None else {"from": self.asking.legs(of["who"], account, of["legs"])}
        self._instruct(of, {**self.asking.income(of), "account": account, **chosen})

    @rule(who=drawing.people, pick=st.integers(0, 29), same=drawing.often)
    def repeat(self, who: str, pick: int, *, same: bool) -> None:
        """A request again, or another one under its id."""
        person = self.watch.people[who]
        names = recent(person, self.days.closed[-1])
        if not names:
            return
        name = names[-1 - pick % len(names)]
        asked = person.asked[name]
        message = asked.message if same else {**asked.message, "payee": f"another {len(self.world.log)}"}
        outcomes = self.world.ask(asked.topic, message, moment_of("morning", self.days))
        if same:
            self.watch.repeated(who, name, outcomes)
        else:
            self.watch.conflicting(who, outcomes)

    def teardown(self) -> None:
        """The same log gives the same bytes, also to who begins in the middle with the state encoded there."""
        if not hasattr(self, "world"):
            return
        for what in sorted(crossed(self.days) | {f"seen {what}" for what in self.watch.seen}):
            event(what)
        for restart_at in (None, len(self.world.log) * 2 // 3):
            again = refolded(self.world.log, restart_at)
            assert by_participant(again.written) == by_participant(self.world.written), ("replay", restart_at)


Contracts.TestCase.settings = settings(
    max_examples=int(SEARCHED or 200),
    derandomize=not SEARCHED,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
TestContracts = Contracts.TestCase

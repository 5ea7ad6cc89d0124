"""What bounds requests over time: limits, contributions, money orders, free transfers, lock-ins, closed options.

Each is added up here from what was confirmed, by the rule's words and the contract's terms.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from tests.domain.books import Json
from tests.domain.stateful.confirmed import Figures
from tests.domain.stateful.days import anniversary
from tests.domain.stateful.sums import CENT, ZERO, Asked, D, Person, cents, day_of

ANNUITY = ("lifetime_income", "nonlifetime_income")
Use = tuple[str, str, date, Decimal, str]
"""Account, option, trade date, dollars, and by what."""


@dataclass
class Bounds:
    """What was used of one participant's bounds."""

    person: Person
    uses: list[Use] = field(default_factory=list)
    contributed: dict[int, Decimal] = field(default_factory=dict)
    money_orders: list[tuple[date, Decimal]] = field(default_factory=list)
    transfers: dict[tuple[str, int], int] = field(default_factory=dict)

    def deposited(self, message: Json, request: Json) -> None:
        """DEP-1, DEP-6, DEP-7, DEP-8: what an accepted deposit keeps to."""
        contract, day = self.person.days.contract, day_of(message["trade_date"])
        account, source, amount = request["account"], request["source"], D(request["amount"])
        assert source in contract.terms["sources"][account], ("DEP-6", message)
        assert D(message["received"]) == amount, ("DEP-1: received", message)
        if source in ("salary_reduction", "roth_salary_reduction"):
            self.contributed[day.year] = self.contributed.get(day.year, ZERO) + amount
            limit = self.limit_of(day.year, catch_up=bool(request.get("catch_up")))
            assert limit is None or self.contributed[day.year] <= limit, ("DEP-7", self.contributed, message)
        form, payments = request.get("payment_form"), contract.terms["payments"]
        assert form not in payments["refused_forms"], ("DEP-8: a refused form", message)
        explained = request.get("payment_reason") and request.get("source_of_funds")
        assert explained or form not in payments["explained_forms"], ("DEP-8: explained", message)
        if form == "money_order":
            self.money_orders.append((day, amount))
            assert self.ordered(day) <= D(payments["money_order_limit"]), ("DEP-8: money orders", message)
        self._off_deposit(message, request)

    def _off_deposit(self, message: Json, request: Json) -> None:
        terms, amount = self.person.days.contract.terms, D(request["amount"])
        percents = [terms["premium_tax_percent"]] if terms["premium_tax_due"] == "deposit" else []
        free = request["source"] == "loan_repayment"
        due = [] if free else [cents(amount * D(each) / 100) for each in (*percents, terms["sales_charge_percent"])]
        told = [D(each["amount"]) for each in message["charges"]]
        assert told == [each for each in due if each], ("DEP-1: charges", told, due, message)

    def limit_of(self, year: int, *, catch_up: bool) -> Decimal | None:
        """DEP-7: the dollar limit of a year, None where the contract has none."""
        limits = self.person.days.contract.terms["contribution_limits"]
        if limits is None:
            return None
        of_year = [each for each in limits["by_year"] if each["year"] <= year][-1]
        return D(of_year["limit"]) + (D(of_year["catch_up"] or "0") if catch_up else ZERO)

    def ordered(self, day: date) -> Decimal:
        """Money orders that still count: those of 12 months, the day a year ago not."""
        return sum((dollars for on, dollars in self.money_orders if day < anniversary(on, 1)), ZERO)

    def transferred(self, figures: Figures) -> None:
        """TRF-2, TRF-3: a fee on what counts, beyond the free ones, and on nothing else."""
        message, terms = figures.message, self.person.days.contract.terms["transfers"]
        place = (message["account"], day_of(message["trade_date"]).year)
        counts = any(self._counts(leg, figures) for leg in figures.legs if D(leg["dollars"]) < 0)
        made = self.transfers.get(place, 0) + counts
        self.transfers[place] = made
        fee = D(terms["fee"]) if counts and made > terms["free_per_year"] else ZERO
        assert figures.off == fee, ("TRF-2: the fee", made, message)
        left = max(0, terms["free_per_year"] - made)
        assert message["free_transfers_left"] == left, ("TRF-2: free ones left", made, message)

    def _counts(self, leg: Json, figures: Figures) -> bool:
        """TRF-3: not what leaves the Fixed Account or Fixed Account 2, nor at maturity, nor under the maturity value
        transfer provision.
        """
        if leg["kind"] != "guaranteed":
            return leg["kind"] not in {"fixed_account", "fixed_account_2"}
        if leg["maturity"] == figures.message["trade_date"]:
            return False
        return any(rule != "MAT-4" for rule in self._rules_of(leg, figures))

    def _rules_of(self, leg: Json, figures: Figures) -> list[str]:
        lines = figures.block["lines"] if figures.block else []
        return [line["rule"] for line in lines if line["lot"] == leg["lot"]]

    def locked(self, figures: Figures, request: Json) -> None:
        """GAA-4, GAA-5: what may not be transferred out of a term, and where it may not go."""
        day, contract = day_of(figures.message["trade_date"]), self.person.days.contract
        bought = [leg for leg in figures.legs if D(leg["dollars"]) > 0]
        for leg in figures.legs:
            if leg["kind"] != "guaranteed" or D(leg["dollars"]) >= 0:
                continue
            term = self.person.terms[figures.account_of(leg), leg["lot"]]
            lock_in = timedelta(days=contract.options[leg["option"]]["lock_in_days"])
            through = min(day_of(offer["period_end"]) for offer in term.offers) + lock_in
            barred = day <= through and day < term.maturity
            assert not barred or {*self._rules_of(leg, figures)} == {"MAT-4"}, ("GAA-4", figures.message)
            if day < term.maturity:
                same = [other for other in bought if self._same(contract.options[leg["option"]], leg, other)]
                assert not same, ("GAA-5: into the same", figures.message, request)

    def _same(self, option: Json, sold: Json, bought: Json) -> bool:
        if bought["option"] != sold["option"]:
            return False
        short = (sold["term"] <= 3) == (bought["term"] <= 3)
        return short if option["classified"] else bool(sold["term"] == bought["term"])

    def bought(self, figures: Figures) -> None:
        """DEP-3, TRF-1, GEN-8: nothing goes into an option before it opens, nor from its closing date."""
        for leg in figures.legs:
            option = self.person.days.contract.options[leg["option"]]
            if D(leg["dollars"]) > 0:
                on, opens, closes = leg["index_date"], option["opens_on"], option["closes_on"]
                assert opens is None or on >= opens, ("GEN-8: not open yet", figures.message)
                assert closes is None or on < closes, ("DEP-3, TRF-1: closed", figures.message)

    def limited(self, figures: Figures, asked: Asked, kind: str) -> None:
        """LIM-1..3, LIM-7, WDL-6: what left limited options, before the legs are folded."""
        message, day = figures.message, day_of(figures.message["trade_date"])
        taken: dict[tuple[str, str], Decimal] = {}
        for leg in figures.drawn:
            if leg["kind"] not in ("fund", "guaranteed") and D(leg["dollars"]) < 0:
                place = (figures.account_of(leg), leg["option"])
                taken[place] = taken.get(place, ZERO) - D(leg["dollars"])
        lines = {(line["account"], line["option"]): line for line in message.get("limits") or []}
        bound = {place for place in taken if self._limits(self._limit(place[1]), kind)}
        assert set(lines) == bound, ("LIM-1..3: which limits are told", message)
        for place, line in lines.items():
            self._within(place, line, (taken[place], kind), (day, asked))
        self.uses += [(*place, day, dollars, kind) for place, dollars in taken.items() if kind != "default"]

    def _limit(self, option: str) -> Json:
        limit: Json = self.person.days.contract.options[option]["limit"]
        return limit

    def _limits(self, limit: Json, kind: str) -> bool:
        shares = kind == "partial_withdrawal" or (kind == "systematic" and kind in limit["deducted"])
        return kind == "transfer" or (limit["limits_withdrawals"] and shares)

    def _within(self, place: tuple[str, str], line: Json, of: tuple[Decimal, str], when: tuple[date, Asked]) -> None:
        (dollars, kind), (day, asked), limit = of, when, self._limit(place[1])
        base_date = self.base_date(day, asked)
        assert line["base_date"] == base_date.isoformat(), ("LIM-7: the day of the base", base_date, line)
        base = self.person.value(*place, base_date)
        assert abs(base - D(line["base_value"])) <= CENT, ("LIM-7: base", base, line)
        used = self.used(place, day)
        assert D(line["used"]) == used, ("LIM-7: used", used, line)
        assert D(line["taken"]) == dollars, ("LIM-7: taken", dollars, line)
        lifted = any(
            each["percent"] is None and each["from_day"] <= day.isoformat() <= each["through"]
            for each in limit["temporary"]
        )
        waived = kind == "transfer" and (lifted or D(line["base_value"]) <= D(limit["waived_at_balance"]))
        assert ("available" not in line) == waived, ("LIM-2, LIM-4: waived", line)
        if not waived:
            available = max(ZERO, cents(D(line["base_value"]) * D(limit["percent"]) / 100) - used)
            assert D(line["available"]) == available, ("LIM-7: available", available, line)
            assert dollars <= available, ("LIM-1..3: over the limit", available, line)

    def base_date(self, day: date, asked: Asked) -> date:
        """LIM-7: the day of receipt, or the last one before it that closed; not after the trade date."""
        closed = [each for each in self.person.days.closed if each <= asked.received_on]
        return closed[-1] if asked.received_on < day and closed else day

    def used(self, place: tuple[str, str], day: date) -> Decimal:
        """LIM-1..3: dollars of the calendar year, or of the 12 months that end on the trade date."""
        limit = self._limit(place[1])
        yearly = limit["window"] == "calendar_year"
        return sum(
            (
                dollars
                for account, option, on, dollars, kind in self.uses
                if (account, option) == place
                and kind in limit["deducted"]
                and (on.year == day.year if yearly else day < anniversary(on, 1))
            ),
            ZERO,
        )


def kind_of(request: Json) -> str:
    """As what a request counts against limits (LIM-2, LIM-3)."""
    if "to" in request:
        return "transfer"
    order = request.get("instruction")
    if order is not None:
        return "annuity_purchase" if order["kind"] == "income_election" else "default"
    reason = request["reason"]
    if reason in (*ANNUITY, "systematic", "loan"):
        return "annuity_purchase" if reason in ANNUITY else str(reason)
    return "full_withdrawal" if request.get("full") and not request.get("from") else "partial_withdrawal"

"""The maintenance fee (WDL-5): when it is due, who bears it, and of what it is taken; by the sums kept here."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tests.domain.books import Json
from tests.domain.stateful.confirmed import Figures
from tests.domain.stateful.days import anniversary
from tests.domain.stateful.sums import CENT, ZERO, D, Person, cents, day_of
from tests.domain.stateful.worth import holds, pro_rata, worth

FEE = "maintenance_fee"


@dataclass
class Fees:
    """The fees of one participant: what accounts bear at the close that is folded, and when each owed one last."""

    person: Person
    taken: dict[str, date] = field(default_factory=dict)
    borne: dict[str, Decimal] = field(default_factory=dict)
    owed: dict[str, date] = field(default_factory=dict)
    first: bool = False

    @property
    def _terms(self) -> Json | None:
        terms: Json | None = self.person.days.contract.terms[FEE]
        assert terms is None or (terms["leap_day"], terms["adjusted"]) == ("february_28", False), "reckoned here"
        return terms

    def close(self, day: date, before: date | None) -> None:
        """A day closes: a fee of each account that had its anniversary since the close before, and holds anything."""
        self.borne, self.owed, self.first = {}, {}, True
        if self._terms is None or before is None:
            return
        opened = self.person.opened
        owing = [*opened] if self._terms["per"] == "account" else sorted(opened, key=lambda each: opened[each])[:1]
        for account in owing:
            days = (anniversary(opened[account], day.year - opened[account].year - ago) for ago in (0, 1))
            due = next((each for each in days if before < each <= day and each > opened[account]), None)
            if due is not None:
                self.owed[account] = due
                self.borne |= self._bearing(self._terms, account, day)

    def _bearing(self, terms: Json, account: str, day: date) -> dict[str, Decimal]:
        """ROTH: its percentage of the Roth account, the rest of the others, pro rata; what one lacks the other pays."""
        fee, of_participant = D(terms["amount"]), terms["per"] == "participant"
        values = {name: worth(self.person, name, day) for name in self.person.opened}
        if not of_participant:
            assert terms["roth_percent"] is None, (
                "a fee of each account of which Roth bears a part is not reckoned here"
            )
            return {account: min(fee, values[account])}
        roth = values.pop("roth", None) if terms["roth_percent"] is not None else None
        if roth is None:
            return _shared(values, fee)
        from_roth = min(cents(fee * D(terms["roth_percent"]) / 100), roth)
        others = _shared(values, fee - from_roth)
        return {**others, "roth": min(roth, fee - sum(others.values(), ZERO))}

    def confirmed(self, figures: Figures) -> None:
        """The fee of an account: first of all at a close, as much as it bears, pro rata, without adjustment."""
        message, account = figures.message, figures.message["account"]
        details, day = message["details"], day_of(message["trade_date"])
        assert self.first, ("MAT-6: fees come first", message)
        assert account in self.borne, ("WDL-5: a fee that is not due", self.borne, message)
        assert day_of(details["anniversary"]) == self._due(details["owed_by"]), ("WDL-5: the anniversary", message)
        expected = self.borne.pop(account)
        assert abs(figures.fee - expected) <= 2 * CENT, ("WDL-5: what an account bears", expected, message)
        assert (figures.fee, figures.off) == (figures.taken, figures.taken), ("WDL-5: the fee alone", message)
        assert figures.block is None, ("WDL-5: not adjusted", message)
        pro_rata(self.person, account, figures.legs, day)
        self.taken[details["owed_by"]] = day

    def _due(self, owing: str) -> date | None:
        """The anniversary of an account that owes; of more that were opened on one day either may be told."""
        opened = self.person.opened
        return next((day for account, day in self.owed.items() if opened[account] == opened[owing]), None)

    def passed(self) -> None:
        """Something else is confirmed at a close: what was due before it has been taken."""
        if self.first:
            left = {account: dollars for account, dollars in self.borne.items() if dollars > 2 * CENT}
            assert not left, ("WDL-5, MAT-6: a fee that is due is not taken", left)
            self.first = False

    def on_full(self, figures: Figures, request: Json) -> None:
        """WDL-14: the fee of a full withdrawal comes before it, of each account that is withdrawn; before the fold."""
        day, told = day_of(figures.message["trade_date"]), [*figures.fees]
        legs = figures.legs[: len(figures.legs) - len(figures.drawn)]
        for account, fee in self._of_full(request, day).items():
            there = worth(self.person, account, day)
            assert told, ("WDL-5: no fee on a full withdrawal", figures.message)
            paid, expected = told.pop(0), min(fee, there)
            assert abs(paid - expected) <= (CENT if there < fee + CENT else ZERO), ("WDL-5", expected, figures.message)
            own = [leg for leg in legs if figures.account_of(leg) == account]
            assert -sum((D(leg["dollars"]) for leg in own), ZERO) == paid, ("WDL-5: an account's own", figures.message)
            pro_rata(self.person, account, own, day)
            self.taken[account] = day
        assert not told, ("WDL-5: a fee that is not due", figures.message)

    def _of_full(self, request: Json, day: date) -> dict[str, Decimal]:
        """What is due of each account, as far as it reaches; a fee of the participant with what is the last to go."""
        terms = self._terms
        if terms is None or not terms["on_full_withdrawal"] or not request.get("full") or request.get("from"):
            return {}
        accounts, fee = request.get("accounts") or [request["account"]], D(terms["amount"])
        if terms["per"] == "account":
            return {each: fee for each in accounts if self.taken.get(each) != day and worth(self.person, each, day)}
        rest = [each for each in self.person.opened if each not in accounts and holds(self.person, each)]
        if rest or day in self.taken.values():
            return {}
        found: dict[str, Decimal] = {}
        for account in accounts:
            there = worth(self.person, account, day)
            if there and fee:
                found[account] = fee
                fee -= min(fee, there)
        return found


def _shared(values: dict[str, Decimal], dollars: Decimal) -> dict[str, Decimal]:
    """Dollars, or what there is, in proportion to values; not rounded."""
    total = sum(values.values(), ZERO)
    return {name: min(dollars, total) * value / total for name, value in values.items() if value}

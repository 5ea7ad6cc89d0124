"""What a participant's outcomes come to, added up apart from the ledger, and checked one by one as they come.

Every check stands under the id of its rule; an assertion that fails tells it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from services.domain.state import Participant
from tests.domain.books import Json
from tests.domain.stateful.days import Days, grown
from tests.domain.stateful.world import Outcome

D = Decimal
CENT, ZERO = D("0.01"), D(0)
NEAR = D("0.00000001")
Place = tuple[str, str, str | None]
"""An account, an option or a lot, and since when what was applied earns its rate."""


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def day_of(text: str) -> date:
    return date.fromisoformat(text)


@dataclass(frozen=True)
class Asked:
    """A request as it is sent, when it counts as received, the calendar day of that, and when it is recorded."""

    topic: str
    message: Json
    received: datetime
    received_on: date
    recorded: datetime


@dataclass(frozen=True)
class Term:
    """What a lot may be of: the deposit periods that offer its term, most often one."""

    deposited: date
    maturity: date
    years: int
    offers: tuple[Json, ...]

    def indexes(self, day: date, after: Decimal) -> Iterator[Decimal]:
        """GEN-5, GAA-2: what a dollar of it has grown to by a day, `after` the rate of what stays (MAT-3)."""
        for offer in self.offers:
            (term,) = (each for each in offer["terms"] if each["years"] == self.years)
            index, start = D(1), self.deposited
            steps = [(D(step["rate"]), day_of(step["through"])) for step in term["steps"]]
            for rate, through in [*steps, (after, date.max)]:
                end = min(through, day)
                if end > start:
                    index, start = index * grown(rate, start, end), end
            yield index


@dataclass
class Person:
    """One participant's own ledger of sums."""

    days: Days
    sequence: int = 0
    units: dict[Place, Decimal] = field(default_factory=lambda: defaultdict(D))
    terms: dict[tuple[str, str], Term] = field(default_factory=dict)
    opened: dict[str, date] = field(default_factory=dict)
    lump_sum: dict[str, bool] = field(default_factory=dict)
    payments: dict[str, int] = field(default_factory=dict)
    orders: set[str] = field(default_factory=set)
    released: date | None = None
    asked: dict[str, Asked] = field(default_factory=dict)
    waiting: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, bytes] = field(default_factory=dict)

    def held(self, account: str) -> list[str]:
        """Options with anything in them, in the contract's order."""
        names = {self._option(place) for place, units in self.units.items() if units and place[0] == account}
        return [name for name in self.days.contract.options if name in names]

    def lots(self, account: str) -> list[str]:
        """Lots with anything in them."""
        return [lot for (of, lot) in self.terms if of == account and self.units[of, lot, None]]

    def _option(self, place: Place) -> str:
        return place[1] if place[1] in self.days.contract.options else str(self.days.contract.guaranteed)

    def moved(self, account: str, leg: Json, *, lock: bool = False) -> None:
        """Fold a leg: its units follow on those before, and its dollars are its units at the index (GEN-4, GEN-7)."""
        place = (account, leg.get("lot") or leg["option"], leg.get("applied_since"))
        before, units, index = self.units[place], D(leg["units"]), D(leg["index"])
        assert D(leg["units_before"]) == before, ("GEN-7: units before", place, before, leg)
        after = before + units
        assert D(leg["units_after"]) == after >= 0, ("GEN-7: units after", leg)
        value_before, value_after = D(leg["value_before"]), D(leg["value_after"])
        assert value_before == cents(before * index), ("GEN-4: value before", leg)
        assert value_after == cents(after * index), ("GEN-4: value after", leg)
        dollars, rounding = D(leg["dollars"]), D(leg["rounding"])
        assert value_before + dollars + rounding == value_after, ("GEN-7: value before and after", leg)
        assert abs(rounding) <= CENT, ("GEN-7: rounding", leg)
        assert dollars * units >= 0, ("GEN-7: dollars and units go one way", leg)
        if leg["kind"] == "guaranteed":
            self._of_term(account, leg, lock=lock)
        self._at_index(leg, account)
        self.units[place] = after

    def _of_term(self, account: str, leg: Json, *, lock: bool) -> None:
        """DEP-5, GAA-1: a new lot is of a term that was offered on its day."""
        if (account, leg["lot"]) in self.terms:
            return
        on, of = day_of(leg["index_date"]), (leg["term"], leg["maturity"])
        offers = [
            offer
            for offer in self.days.contract.offerings
            if any((term["years"], term["maturity"]) == of for term in offer["terms"])
            and (lock or day_of(offer["period_start"]) <= on <= day_of(offer["period_end"]))
        ]
        assert offers, ("DEP-5: a term of no open deposit period", leg)
        self.terms[account, leg["lot"]] = Term(on, day_of(leg["maturity"]), leg["term"], tuple(offers))

    def _at_index(self, leg: Json, account: str) -> None:
        on, index, name = day_of(leg["index_date"]), D(leg["index"]), leg["option"]
        if leg["kind"] == "fund":
            assert index == self.days.prices[name, on], ("DEP-4: the unit value of the trade date", leg)
        elif leg["kind"] == "guaranteed":
            after = D(self.days.contract.options[name]["minimum_rate"])
            known = [*self.terms[account, leg["lot"]].indexes(on, after)]
            assert any(abs(each - index) < NEAR for each in known), ("GAA-2, GEN-5: a lot's interest", leg, known)
        else:
            since = leg.get("applied_since")
            known_index = self.days.index(name, on, None if since is None else day_of(since))
            assert abs(known_index - index) < NEAR, ("GEN-5, FIX-5..7: interest", leg, known_index)

    def value(self, account: str, option: str, on: date) -> Decimal:
        """What is in a fixed option at a day's index, each part to the cent."""
        parts = [(place, units) for place, units in self.units.items() if place[:2] == (account, option) and units]
        return sum(
            (cents(units * self.days.index(option, on, None if place[2] is None else day_of(place[2])))
             for place, units in parts),
            ZERO,
        )  # fmt: skip

    def numbered(self, outcome: Outcome) -> None:
        """Sequence numbers have no gap."""
        self.sequence += 1
        assert outcome.message["sequence"] == self.sequence, ("sequence", self.sequence, outcome)

    def answered(self, outcome: Outcome) -> None:
        """Each request is answered once, one that waits after its acknowledgement."""
        name = outcome.message.get("request_id")
        if name is None:
            return
        assert name in self.asked, ("an answer to what nobody asked", outcome)
        assert name in self.waiting or name not in self.answers, ("answered twice", outcome)
        if outcome.topic == "acknowledgements":
            assert name not in self.waiting, ("acknowledged twice", outcome)
            self.waiting[name] = outcome.value
        else:
            self.waiting.pop(name, None)
        self.answers[name] = outcome.value

    def same_as(self, books: Participant | None) -> None:
        """GEN-7: the books hold what the legs add up to, and nothing below zero."""
        found: dict[Place, Decimal] = {}
        for account in books.accounts if books is not None else ():
            of = account.type.value
            found |= {(of, position.option, None): position.units for position in account.positions}
            found |= {(of, part.option, part.since.isoformat()): part.units for part in account.applied}
            found |= {(of, lot.lot, None): lot.units for lot in account.lots}
        mine = {place: units for place, units in self.units.items() if units}
        assert found == mine, ("GEN-7: units held are not what the legs add up to", found, mine)
        assert all(units > 0 for units in found.values()), ("GEN-7: units below zero", found)
        if books is not None:
            assert books.sequence == self.sequence, "sequence"
            waiting = {each.request_id for each in (*books.waiting, *books.held)}
            assert waiting == set(self.waiting), ("GEN-2: what waits", waiting, set(self.waiting))
            assert bool(books.aml_orders) == bool(self.orders), "DEP-9: orders in force"


def recent(person: Person, last: date) -> list[str]:
    """Requests whose answers are kept for sure (400 days), newest last."""
    return [name for name in person.answers if person.asked[name].received_on > last - timedelta(days=380)]

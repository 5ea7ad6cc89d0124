"""The five example contracts as they are shipped, and what is offered under each for two years.

Of the producers' contract the options that are closed from its first day on must have been open before, or nothing
could be in them: the same terms are in force from January 2013 as a version of their own.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import contracts_schema
from tests.domain.books import Json, guaranteed_term, offering

EXAMPLES = Path(contracts_schema.__file__).parent / "examples"
FIRST_DAYS = {
    "classified-gaa": "2012-04-30",
    "daily-asset-charge": "2011-05-02",
    "governmental-457b-roth": "2011-01-03",
    "producers-409a": "2013-07-01",
    "unclassified-gaa": "2014-03-17",
}
DEPOSIT_PERIOD = 45


@dataclass(frozen=True)
class Contract:
    """An example, the first day of its two years, and the versions of its terms."""

    terms: Json
    first: date

    @cached_property
    def id(self) -> str:
        """Its name."""
        return str(self.terms["contract_id"])

    @cached_property
    def versions(self) -> list[Json]:
        """Its terms as they come into force."""
        if date.fromisoformat(self.terms["effective_from"]) <= self.first:
            return [self.terms]
        return [{**self.terms, "effective_from": "2013-01-02"}, {**self.terms, "version": 2}]

    @cached_property
    def options(self) -> dict[str, Json]:
        """Options by name."""
        return {option["option"]: option for option in self.terms["options"]}

    def of_kind(self, *kinds: str) -> list[str]:
        """Names of the options of some kinds."""
        return [name for name, option in self.options.items() if option["kind"] in kinds]

    @cached_property
    def fixed(self) -> list[str]:
        """Names of the fixed options."""
        return [name for name, option in self.options.items() if option["kind"] not in ("fund", "guaranteed")]

    @cached_property
    def guaranteed(self) -> str | None:
        """The name of the guaranteed option, if there is one."""
        return next(iter(self.of_kind("guaranteed")), None)

    @cached_property
    def submitters(self) -> list[str]:
        """Who may submit."""
        return [each["submitted_by"] for each in self.terms["submitters"]]

    @cached_property
    def targets(self) -> list[Json]:
        """Everything money can be directed to, and some that it cannot."""
        found: list[Json] = []
        for name, option in self.options.items():
            years: list[int] = [1, 2, 3, 5] if option["kind"] == "guaranteed" else []
            found += [{"option": name, "term": term} for term in years] or [{"option": name}]
        return found

    @cached_property
    def offerings(self) -> list[Json]:
        """Deposit periods of the guaranteed option, and what they offer."""
        if self.guaranteed is None:
            return []
        return [{**offer, "series": self.options[self.guaranteed]["series"]} for offer in _offers(self.first)]


def load(name: str) -> Contract:
    """An example."""
    terms: Json = json.loads((EXAMPLES / f"{name}.json").read_text())
    _sooner(terms)
    return Contract(terms, date.fromisoformat(FIRST_DAYS[name]))


PAYMENTS_PER_CYCLE = 2


def _sooner(terms: Json) -> None:
    """Cycles of few payments, of which each brings the next step of a charge: two years are too short otherwise."""
    charge = terms["early_withdrawal_charge"]
    if terms["cycles"] is not None:
        terms["cycles"] |= {"payments_per_cycle": PAYMENTS_PER_CYCLE}
    if charge is not None and charge["installment"]["basis"] == "cycles":
        steps = charge["installment"]["steps"]
        charge["installment"]["steps"] = [{**step, "completed": at} for at, step in enumerate(steps)]


def _offers(first: date) -> Iterator[Json]:
    """Deposit periods one after another, but for a gap now and then; neighbours offer three years on equal terms."""
    for number in range(18):
        start = first + timedelta(days=DEPOSIT_PERIOD * number)
        end = start + timedelta(days=DEPOSIT_PERIOD - 1)
        if number % 6 == 5:
            continue
        one = start + timedelta(days=190 if number % 2 == 0 else 365)
        two, pair = end + timedelta(days=371), first + timedelta(days=DEPOSIT_PERIOD * (number // 2 * 2) + 3 * 365)
        five = start + timedelta(days=5 * 365 + 1)
        steps = ("0.025", (pair - timedelta(days=400)).isoformat()), ("0.03", pair.isoformat())
        terms = [
            guaranteed_term(1, (f"0.0{2 + number % 3}", one.isoformat())),
            guaranteed_term(2, ("0.0275", two.isoformat())),
            guaranteed_term(3, *steps),
            guaranteed_term(5, (f"0.0{3 + number % 4}5", five.isoformat())),
        ]
        yield offering(f"P{number}", start.isoformat(), end.isoformat(), *(terms[2:] if number % 4 == 3 else terms))

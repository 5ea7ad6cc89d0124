"""Requests of an example, legal and illegal: what is drawn, resolved against what is held and offered."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.domain.books import Json
from tests.domain.stateful.days import Days
from tests.domain.stateful.sums import Asked, Person

NEW_YORK = ZoneInfo("America/New_York")
SPLITS = {1: ["100"], 2: ["37.5", "62.5"], 3: ["33.3333", "33.3333", "33.3334"]}


def moment_of(name: str, days: Days) -> datetime:
    """When a request is received, beside the day that is open."""
    day, clock = days.open, "10:00:00"
    if name == "last":
        clock = "15:59:59"
    elif name == "after":
        clock = "16:00:01"
    elif name == "evening" and days.closed:
        day, clock = days.closed[-1], "20:00:00"
    elif name == "late" and len(days.closed) > 2:
        day = days.closed[-3]
    elif name == "ahead":
        day, clock = days.all[len(days.closed) + 2], "09:00:00"
    return at(day, clock)


def at(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=NEW_YORK)


class Asking:
    """Makes requests of a contract as its participants stand."""

    def __init__(self, days: Days, people: dict[str, Person]) -> None:
        self._days, self._people, self._made = days, people, 0

    def request(self, topic: str, of: Json, **more: object) -> Asked:
        """A request with an id of its own, and when it counts as received: by its sender, where that one is trusted."""
        self._made += 1
        submitters = self._days.contract.terms["submitters"]
        by = of.get("sender", 0)
        submitter = submitters[by] if by < len(submitters) else {"submitted_by": "nobody"}
        moment = moment_of(of["when"], self._days)
        recorded = max(moment, at(self._days.open, "09:00:00")) if of["when"] == "late" else moment
        message = {
            "request_id": f"r{self._made:04}",
            "contract_id": self._days.contract.id,
            "participant_id": of["who"],
            "submitted_by": submitter["submitted_by"],
            "received_at": moment.isoformat(),
            **more,
        }
        received = moment if submitter.get("received_at_trusted") else recorded
        return Asked(topic, message, received, received.date(), recorded)

    def account(self, pick: int) -> str:
        """One of the contract's, or Roth."""
        types: list[str] = self._days.contract.terms["accounts"]
        return types[pick % len(types)] if pick < 7 else "roth"

    def allocation(self, chosen: list[int], but: str | None = None) -> list[Json]:
        """Shares of 100 percent of some of the contract's options and terms."""
        targets = [each for each in self._days.contract.targets if each["option"] != but]
        if max(chosen) < 10:
            targets = [each for each in targets if self._takes_money(each["option"])]
        named = [targets[pick % len(targets)] for pick in chosen]
        different = [each for place, each in enumerate(named) if each not in named[:place]]
        return [{**each, "percent": split} for each, split in zip(different, SPLITS[len(different)], strict=True)]

    def _takes_money(self, name: str) -> bool:
        option, day = self._days.contract.options[name], self._days.open.isoformat()
        return (option["opens_on"] or day) <= day < (option["closes_on"] or "9999")

    def legs(self, person: str, account: str, chosen: list[int], **quantity: object) -> list[Json]:
        """Legs of options that are held, now and then of one that is not; of terms, classes or all of them."""
        contract, held = self._days.contract, self._people[person].held(account)
        names = held or list(contract.options)
        found: list[Json] = []
        for pick in chosen:
            name = names[pick % len(names)] if pick < 10 else list(contract.options)[pick % len(contract.options)]
            found.append({"option": name, **self._narrowed(name, pick), **quantity})
        return [each for place, each in enumerate(found) if each not in found[:place]]

    def _narrowed(self, name: str, pick: int) -> Json:
        option = self._days.contract.options[name]
        if option["kind"] != "guaranteed" or pick % 3 == 0:
            return {}
        if option["classified"]:
            return {"classification": "short" if pick % 2 else "long"}
        return {"term": (1, 3, 5, 2)[pick % 4]}

    def lot(self, person: str, account: str, pick: int) -> str:
        """A lot that is held, the one that matures first when the pick is 0; or none that ever was."""
        found = self._people[person]
        lots = sorted(found.lots(account), key=lambda lot: found.terms[account, lot].maturity)
        return lots[pick % len(lots)] if lots else "no such lot"

    def order(self, of: Json) -> Json:
        """One of the instructions that need little."""
        account, chosen = self.account(of["account"]), of["chosen"]
        whose: Json = {} if self._days.contract.id == "GOVERNMENTAL-457B" and chosen[0] else {"account": account}
        balance_on = self._days.all[max(0, len(self._days.closed) - of["ago"])].isoformat()
        waiting = [*self._people[of["who"]].waiting, "nothing"]
        orders: list[Json] = [
            {"kind": "cancel", "cancels": waiting[chosen[0] % len(waiting)]},
            {"kind": "allocation", "account": account, "allocation": self.allocation(chosen)},
            {"kind": "allocation", "account": account, "allocation": self.allocation(chosen)},
            {"kind": "open_account", "account": account},
            {"kind": "open_account", "account": account, "payments": "lump_sum"},
            {"kind": "rate_lock_election"},
            {"kind": "reinvestment_election", "account": account},
            {"kind": "loan_balance", **whose, "balance": of["dollars"], "balance_on": balance_on},
            {"kind": "loan_default", **whose},
            {"kind": "close_account", "account": account},
        ]
        return orders[of["pick"]]

    def income(self, of: Json) -> Json:
        """An election of an annuity option, of more kinds than there are."""
        pick = of["pick"]
        lifetime = pick % 3 == 2
        annuity: Json = {"annuity": "lifetime"} if lifetime else {"annuity": "period_certain", "years": 2 + pick * 3}
        of_units: Json = {"payments": "variable", "funds": self.allocation(of["funds"])} if pick % 2 else {}
        days = timedelta(days=(0, 1, 30, 45, 100, -1)[of["first"] % 6])
        return {
            "kind": "income_election",
            **annuity,
            **({} if lifetime else of_units),
            "frequency": ("monthly", "quarterly", "semiannual", "annual")[pick % 4],
            "first_payment": (self._days.open + days).isoformat(),
            **{name: value for name, value in of["taking"].items() if name != "amount_type"},
        }


def percentages(legs: list[Json]) -> list[Json]:
    """The legs with a percentage each."""
    return [{**leg, "percent": split} for leg, split in zip(legs, SPLITS[len(legs)], strict=True)]


def crossed(days: Days) -> set[str]:
    """What an example has come across."""
    years = {f"new year {until.year}" for day, until in pairwise(days.closed) if day.year != until.year}
    return years | ({"two years"} if days.over else set())

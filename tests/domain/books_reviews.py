"""Contracts whose charges are reviewed, and the totals that the ledger tells of them."""

from tests.domain.books import Json, Outcome, fund, opening, shares, terms
from tests.domain.books import deposit as deposit_of

TIERS = [
    {"from_amount": "0.00", "daily_asset_charge": "0.0100"},
    {"from_amount": "1000.00", "daily_asset_charge": "0.0080"},
    {"from_amount": "5000.00", "daily_asset_charge": "0.0050"},
]


def review(**more: object) -> Json:
    """A review of the contracts of holder ACME and class 457, as of 8 January, a Friday in 2021."""
    return {"contract_holder": "ACME", "contract_class": "457", "review_on": "01-08", "tiers": TIERS, **more}


def reviewed(contract_id: str = "C1", *options: Json, **more: object) -> Json:
    """A contract of one fund, F1, unless options are given, in a charge class of its own: A for C1, A-C2 for C2."""
    charge_class = "A" if contract_id == "C1" else f"A-{contract_id}"
    own: Json = {"contract_id": contract_id, "charge_class": charge_class, "charge_review": review()}
    return terms(*(options or (fund("F1"),)), **{**own, **more})


def deposit(request_id: str, day: str, amount: str, person: str = "P1", contract_id: str = "C1", **to: str) -> Json:
    """A deposit into F1, or by the percentages given."""
    more = {"participant_id": person, "contract_id": contract_id, "allocation": shares(**(to or {"F1": "100"}))}
    return deposit_of(request_id, day, amount, **more)


def opened(person: str, contract_id: str = "C1", day: str = "2021-01-04") -> Json:
    return opening(f"open-{contract_id}-{person}", day, participant_id=person, contract_id=contract_id)


def totals(outcomes: list[Outcome]) -> list[tuple[str, str, str, int]]:
    """Of each total that was told: contract, day, dollars, participants."""
    found = (outcome.message for outcome in outcomes if outcome.topic == "contract-totals")
    return [(each["contract_id"], each["date"], each["total"], each["participants"]) for each in found]


def schedule(charge_class: str = "A", charge: str = "0.0100", **more: object) -> Json:
    """The first schedule of a charge class, in force from the beginning."""
    return {"charge_class": charge_class, "effective_from": "2021-01-01", "daily_asset_charge": charge, **more}


def notices(outcomes: list[Outcome]) -> list[Json]:
    """What contract holders are told."""
    return [outcome.message for outcome in outcomes if outcome.topic == "contract-notices"]

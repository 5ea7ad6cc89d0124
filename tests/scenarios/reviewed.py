"""The story of a review of charges: FND-4, NTC-5."""

from tests.domain.books import Json, fund, terms
from tests.scenarios.adjusted import out
from tests.scenarios.story import Story, put

TIERS = [
    {"from_amount": "0.00", "daily_asset_charge": "0.0100"},
    {"from_amount": "100000.00", "daily_asset_charge": "0.0080"},
]
REVIEW: Json = {
    "contract_holder": "ACME",
    "contract_class": "457",
    "review_on": "01-09",
    "tiers": TIERS,
    "effective_after_days": 3,
}


def contract(contract_id: str, charge_class: str) -> Json:
    return terms(fund("F1"), contract_id=contract_id, charge_class=charge_class, charge_review=REVIEW)


def charge_review() -> Story:
    schedules = tuple(
        {"charge_class": charge_class, "effective_from": "2021-01-01", "daily_asset_charge": "0.0100"}
        for charge_class in ("A", "B")
    )
    asked = (
        put("P1", "2021-01-04", "60000.00", "deposit", F1="100"),
        *(second(put(person, "2021-01-04", amount, "deposit", F1="100")) for person, amount in SECOND.items()),
        out("P1", "2021-01-12", full=True),
    )
    others = (contract("C2", "B"),)
    return Story(contract("C1", "A"), (), asked, last="2021-01-13", schedules=schedules, others=others)


SECOND = {"P2": "30000.00", "P3": "10100.00"}


def second(asked: tuple[str, Json]) -> tuple[str, Json]:
    """The same of contract C2."""
    topic, message = asked
    return topic, {**message, "contract_id": "C2"}

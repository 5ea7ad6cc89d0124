"""Terms of charges on withdrawals, and what a withdrawal says of what came off it."""

from decimal import Decimal

from tests.domain.books import Json, Outcome
from tests.domain.gaa import gaa_terms

D = Decimal


def by_years(*steps: tuple[int, str]) -> Json:
    """A schedule by account years: percentages from so many completed years on."""
    return {"basis": "account_years", "steps": [{"completed": years, "percent": percent} for years, percent in steps]}


def early(percent: str = "5", **more: object) -> Json:
    """An early withdrawal charge that stays the same, on accounts of installments."""
    return {"installment": by_years((0, percent)), **more}


def charging(percent: str = "5", **more: object) -> Json:
    """The contract of `gaa_terms` with an early withdrawal charge, whose other terms are `charge`."""
    charge = more.pop("charge", {})
    assert isinstance(charge, dict)
    return gaa_terms(early_withdrawal_charge=early(percent, **charge), **more)


def off(outcome: Outcome) -> dict[str, str]:
    """What came off a withdrawal by what it is, dollars of one kind joined by a space; it must balance (GEN-7)."""
    message = outcome.message
    assert outcome.topic == "confirmations", message
    assert message["debits"] == message["credits"]
    assert sum(D(leg["dollars"]) for leg in message["legs"]) == -D(message["gross"])
    found: dict[str, str] = {}
    for charge in message["charges"]:
        found[charge["what"]] = " ".join(filter(None, (found.get(charge["what"]), charge["amount"])))
    return found


def figures(outcome: Outcome) -> tuple[str, str, str, str]:
    """(value taken, aggregate adjustment, early withdrawal charge, paid) of a withdrawal."""
    charge = off(outcome).get("early_withdrawal_charge", "0.00")
    message = outcome.message
    return message["gross"], message["mva"]["aggregate"] if message["mva"] else "0.00", charge, message["paid"]

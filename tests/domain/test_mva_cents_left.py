"""MVA-7, WDL-14: cents that are left over of a net amount are of the aggregate, of which only a positive one counts.

Three funds and `mid_5` of `gaa.held`, which pays at 1.1000, hold 1,000 each, at prices of 10; the contract has an early
withdrawal charge, so that cents are left over of everything together.
"""

from tests.domain.books import Json
from tests.domain.books_charges import charging, early, figures
from tests.domain.books_income import elected, paying
from tests.domain.gaa import held, withdrawn
from tests.domain.test_mva_positive_only import counts

LOT_AND_FUNDS = {"F1": "1000.00", "F2": "1000.00", "F3": "1000.00", "mid_5": "1000.00"}
CHARGED = charging(charge={"exempt_reasons": ["lifetime_income"]})
"""A charge in the contract, none on this reason."""


def test_pitfall_mva_7_the_cents_left_over_count_with_the_aggregate() -> None:
    """Net .15 of three funds and a lot at 1.1000: .15/4.1 is .036585, 4 cents of each, the lot's paying .04 (.044), and
    the cent too much would come off it: an aggregate of -.01. At par 3 cents are taken of each, and the 3 that are left
    over of F1.
    """
    outcome = withdrawn(held(CHARGED, **LOT_AND_FUNDS), amount="0.15", reason="lifetime_income")
    assert counts(outcome) == ("0.15", "0.00", "0.15", False)
    assert outcome.dollars() == {"F1": "-0.06", "F2": "-0.03", "F3": "-0.03", "GAA": "-0.03"}
    in_service = withdrawn(held(charging("0"), **LOT_AND_FUNDS), amount="0.15")
    assert counts(in_service) == ("0.16", "-0.01", "0.15", True)


def test_pitfall_mva_7_the_cents_left_over_of_an_election() -> None:
    """The same as an income election. Net .14 is .034146: 3 cents of each, two too few, so that +.02 counts."""
    contract = {**paying(), "early_withdrawal_charge": early(exempt_reasons=["lifetime_income"])}
    message = elected(held(contract, **LOT_AND_FUNDS), annuity="lifetime", amount="0.15").message
    assert (message["gross"], message["applied"], message["mva"]["not_applied_by"]) == ("0.15", "0.15", "MVA-7")
    message = elected(held(contract, **LOT_AND_FUNDS), annuity="lifetime", amount="0.14").message
    assert (message["gross"], message["mva"]["aggregate"], message["applied"]) == ("0.12", "0.02", "0.14")


def test_pitfall_mva_7_the_cents_left_over_with_a_charge() -> None:
    """On death 5% comes off: .15/3.9 is .038462, 4 cents of each and .01 (.008) off .16, so that no cent is left over;
    net .14: .035897, 4 of each, .01 off .16 and a cent too much, -.01. At par .14/.95 = .1474: .15 less .01 (.0075).
    """
    died: Json = {"reason": "death", "event_date": "2021-03-31"}
    outcome = withdrawn(held(charging(), **LOT_AND_FUNDS), amount="0.15", **died)
    assert figures(outcome) == ("0.16", "0.00", "0.01", "0.15")
    outcome = withdrawn(held(charging(), **LOT_AND_FUNDS), amount="0.14", **died)
    assert figures(outcome) == ("0.15", "0.00", "0.01", "0.14")
    assert outcome.message["mva"]["not_applied_by"] == "MVA-7"

"""Contract terms by which withdrawals are paid later: orders that defer payment (WDL-7), and installments of Fixed
Account 2 (WDL-8) and of the Fixed Plus Accounts (WDL-6). They are drawn, and put into an example.
"""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from tests.domain.books import Json
from tests.domain.stateful.contracts import Contract
from tests.domain.stateful.drawing import Drawn, picks, then, withholdings

SHIPPED = "as shipped"
IN_INSTALLMENTS = ("fixed_account_2", "fixed_plus_account", "fixed_plus_account_2")
rates = st.sampled_from([None, None, "0", "0.02", "0.0333"])
deferral_orders: Drawn = st.fixed_dictionaries(
    {
        "after": st.integers(3, 500),
        "lasts": st.sampled_from([0, 3, 30, 120, 400]),
        "months": st.sampled_from([1, 3, 6, 6]),
        "kinds": st.sampled_from([["fixed_account_2", "guaranteed"], ["fixed_account_2"], ["guaranteed"]]),
    }
)
totals = st.fixed_dictionaries(
    {"after": st.integers(0, 400), "amount": st.sampled_from(["250000.00", "250000.01", "180000.00", "900000.00"])}
)
installments: Drawn = st.fixed_dictionaries(
    {
        "threshold": st.sampled_from(["250000.00", "250000.00", "300000.00"]),
        "basis": st.sampled_from(["individual_account", "individual_account", "contract"]),
        "totals": st.lists(totals, min_size=1, max_size=3, unique_by=lambda each: each["after"]),
        "use": st.sampled_from(["every_withdrawal", "every_withdrawal", "full_withdrawals"]),
        "part": st.sampled_from(["fixed_account_2", "fixed_account_2", "whole"]),
        "months": st.sampled_from([1, 3, 12, 60]),
        "rate": rates,
    }
)
full_installments: Drawn = st.fixed_dictionaries(
    {"payments": st.sampled_from([1, 2, 3, 5, 24]), "every_months": st.sampled_from([1, 3, 5, 12]), "rate": rates}
)
terms: Drawn = st.fixed_dictionaries(
    {
        "deferral_orders": st.lists(deferral_orders, max_size=3),
        "installments": st.one_of(installments, installments, st.sampled_from([SHIPPED, None])),
        "full": st.one_of(full_installments, full_installments, st.none()),
    }
)

large: Drawn = st.fixed_dictionaries(
    {
        "pick": picks,
        "account": st.integers(0, 1),
        "dollars": st.sampled_from(["250000.00", "250000.01", "249990.00", "400000.00", "99999.99", "0.05"]),
        "between": st.sampled_from([0, 1, 1, 2]),
        "taking": st.sampled_from([{"full": True}, {"full": True}, {"percent": "50"}, {"amount": "200000.00"}]),
        "chosen": st.sampled_from([False, False, True]),
        "reason": st.sampled_from(["in_service", "separation", "contract_surrender", "nonlifetime_income"]),
        "withholding": withholdings,
        "then": then,
    }
)
deferred: Drawn = st.fixed_dictionaries(
    {
        "pick": picks,
        "edge": st.sampled_from(["from_day", "through"]),
        "late": st.integers(-1, 1),
        "account": st.integers(0, 1),
        "taking": st.sampled_from([{"full": True}, {"percent": "50"}, {"amount": "500.00"}]),
        "then": then,
    }
)


def paid_later(contract: Contract, drawn: Json) -> Contract:
    """The contract with terms as they are drawn."""
    options = [_option(option, drawn["full"]) for option in contract.terms["options"]]
    changes: Json = {
        "deferral_orders": [_order(contract.first, order) for order in drawn["deferral_orders"]],
        "options": options,
    }
    if drawn["installments"] != SHIPPED:
        changes["installments"] = drawn["installments"] and _installments(contract.first, drawn["installments"])
    return replace(contract, terms=contract.terms | changes)


def _order(first: date, drawn: Json) -> Json:
    start = first + timedelta(days=drawn["after"])
    through = start + timedelta(days=drawn["lasts"])
    kept = {name: drawn[name] for name in ("months", "kinds")}
    return {"from_day": start.isoformat(), "through": through.isoformat(), **kept}


def _installments(first: date, drawn: Json) -> Json:
    """Totals are of a contract alone."""
    known = sorted(drawn["totals"], key=lambda total: total["after"]) if drawn["basis"] == "contract" else []
    days = [(first + timedelta(days=total["after"])).isoformat() for total in known]
    return drawn | {
        "totals": [{"as_of": day, "amount": total["amount"]} for day, total in zip(days, known, strict=True)]
    }


def _option(option: Json, full: Json | None) -> Json:
    if option["kind"] not in IN_INSTALLMENTS[1:]:
        return option
    how = {"full_withdrawal": "lump_sum"} if full is None else {"full_withdrawal": "installments"}
    more = {} if full is None else {"full_installments": full}
    return option | {"limit": {**option["limit"], **how, **more}}

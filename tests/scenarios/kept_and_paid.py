"""Stories of fees, costs, cycles, credits, later payment: ACC-2, ACC-3, FND-6, WDL-4 by cycles, WDL-5, WDL-7, WDL-8."""

from tests.domain.books import Json, deposit, fund, shares
from tests.domain.gaa import TRADE
from tests.scenarios.adjusted import WEEKS, out
from tests.scenarios.kept import instruct
from tests.scenarios.story import Asked, Story, lean, put

FEE: Json = {"amount": "50.00"}
FIVE_PERCENT: Json = {"installment": {"basis": "account_years", "steps": [{"completed": 0, "percent": "5"}]}}


def pay(person: str, account: str, day: str, amount: str, request_id: str, **to: str) -> Asked:
    """A salary reduction into an account, of the Roth account its own."""
    source = "roth_salary_reduction" if account == "roth" else "salary_reduction"
    more: Json = {"participant_id": person, "account": account, "source": source}
    return "deposit-requests", deposit(request_id, day, amount, allocation=shares(**to), **more)


def maintenance_fee() -> Story:
    asked = (
        put("P1", "2021-01-04", "1000.00", "deposit", F1="60", GAA_3="40"),
        put("P2", "2021-01-05", "10000.00", "deposit", GAA_2="100"),
        out("P2", TRADE, full=True),
    )
    contract = lean(fund("F1"), terms={"maintenance_fee": FEE, "early_withdrawal_charge": FIVE_PERCENT})
    return Story(contract, (WEEKS[0],), asked, last="2022-01-04")


def roth_portion() -> Story:
    asked = (
        pay("P1", "pretax", "2021-01-04", "600.00", "pretax", F1="100"),
        pay("P1", "roth", "2021-01-04", "400.00", "roth", F1="100"),
    )
    fee = {**FEE, "per": "participant", "roth_percent": "25"}
    contract = lean(fund("F1"), terms={"maintenance_fee": fee, "accounts": ["pretax", "roth"]})
    return Story(contract, (), asked, last="2022-01-04")


BY_CYCLES: Json = {
    "basis": "cycles",
    "steps": [{"completed": 0, "percent": "5"}, {"completed": 1, "percent": "3"}, {"completed": 2, "percent": "0"}],
}


def cycles() -> Story:
    asked = (
        *(pay("P1", "pretax", "2021-01-04", "10.00", f"pretax-{number:02}", F1="100") for number in range(1, 31)),
        instruct("P1", "2021-01-05", "open-roth", kind="open_account", account="roth"),
        *(pay("P1", "roth", "2021-01-05", "10.00", f"roth-{number:02}", F1="100") for number in range(1, 23)),
        out("P1", "2021-01-06", "1-of-pretax", amount="100.00", amount_type="gross"),
        out("P1", "2021-01-06", "2-of-roth", amount="100.00", amount_type="gross", account="roth"),
    )
    terms: Json = {
        "accounts": ["pretax", "roth"],
        "cycles": {"payments_per_cycle": 26},
        "early_withdrawal_charge": {"installment": BY_CYCLES},
    }
    return Story(lean(fund("F1"), terms=terms), (), asked, last="2021-01-06")


def experience_credit() -> Story:
    order: Json = {"kind": "experience_credit", "account": "pretax"}
    asked = (
        put("P1", "2021-01-04", "1000.00", "deposit", F1="100"),
        instruct("P1", "2021-01-05", "credit", **order, amount="100.00", allocation=shares(F1="60", FA2="40")),
        out("P1", "2021-01-06", full=True),
    )
    contract = lean(fund("F1"), terms={"premium_tax_percent": "2"})
    return Story(
        contract,
        (),
        asked,
        last="2021-01-06",
        unit_value=lambda day: "10.000000" if day < "2021-01-06" else "11.000000",
    )


def service_cost() -> Story:
    order: Json = {"kind": "service_cost", "account": "pretax", "service": "record keeping 2021"}
    asked = (
        put("P1", "2021-01-05", "1000.00", "deposit", F1="60", GAA_3="40"),
        instruct("P1", TRADE, "cost", **order, amount="50.00"),
        instruct("P1", "2021-04-29", "too-much", **order, amount="950.01"),
        out("P1", "2021-04-30", "rest", full=True),
    )
    contract = lean(fund("F1"), terms={"additional_services": {}, "early_withdrawal_charge": FIVE_PERCENT})
    return Story(contract, (WEEKS[0],), asked, last="2021-04-30")


def deferral_order() -> Story:
    person: Json = {"reason": "death", "event_date": "2020-10-28"}
    asked = (
        put("P1", "2021-01-05", "1000.00", "deposit", F1="60", GAA_3="40"),
        put("P2", "2021-01-05", "1000.00", "deposit", GAA_3="100"),
        out("P1", TRADE, "in-force", amount="100.00", amount_type="gross"),
        out("P2", TRADE, "on-death", full=True, **person),
        out("P1", "2021-04-29", "lifted", amount="90.00", amount_type="gross"),
    )
    orders = [{"from_day": "2021-04-26", "through": TRADE}]
    return Story(lean(fund("F1"), terms={"deferral_orders": orders}), (WEEKS[0],), asked, last="2021-04-29")


def installments() -> Story:
    asked = (
        put("P1", "2021-01-04", "400000.00", "deposit", FA2="100"),
        put("P2", "2021-01-04", "250000.00", "deposit", FA2="100"),
        out("P1", "2021-01-05", amount="300000.00"),
        out("P2", "2021-01-05", amount="200000.00"),
    )
    return Story(lean(terms={"installments": {}}), (), asked, last="2021-03-05")

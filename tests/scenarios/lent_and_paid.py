"""Stories of loans (WDL-9) and of the income phase (INC-1 to INC-4, FIX-3, LIM-6)."""

from tests.domain.books import Json, fund, shares
from tests.domain.gaa import TRADE, leg
from tests.scenarios.adjusted import WEEKS, move, out
from tests.scenarios.kept import instruct
from tests.scenarios.story import Asked, Story, lean, put

PAID = "2021-05-28"


def outstanding(person: str, day: str, dollars: str) -> Asked:
    return instruct(person, day, "balance", kind="loan_balance", balance=dollars, balance_on=day)


def elect(person: str, request_id: str, day: str = TRADE, **order: object) -> Asked:
    """Option 3, first paid on the day unless told."""
    chosen: Json = {"annuity": "period_certain", "first_payment": day, **order}
    return instruct(person, day, request_id, kind="income_election", account="pretax", **chosen)


def loan() -> Story:
    asked = (
        put("P1", "2021-01-04", "600.00", "deposit-1", F1="100"),
        put("P1", "2021-01-05", "1000.00", "deposit-2", GAA_3="100"),
        out("P1", "2021-04-26", "not-of-terms", amount="600.01", reason="loan"),
        move("P1", [leg("GAA", 3, all=True)], "2021-04-27", "moved", to=shares(F1="100")),
        out("P1", TRADE, "loan", amount="950.00", reason="loan"),
        outstanding("P1", "2021-04-29", "400.00"),
        out("P1", "2021-04-29", "beyond", amount="200.01"),
        out("P1", "2021-04-29", "within", amount="200.00"),
        put("P1", "2021-04-30", "50.00", "repayment", source="loan_repayment", F1="100"),
    )
    return Story(lean(fund("F1"), terms={"loans": {}}), WEEKS, asked, last="2021-04-30")


def loan_default() -> Story:
    roth: Json = {"account": "roth", "source": "roth_salary_reduction"}
    topic, into_roth = put("P1", "2021-01-04", "5000.00", "deposit-3", F1="100")
    asked = (
        put("P1", "2021-01-04", "1000.00", "deposit-1", F1="100"),
        (topic, {**into_roth, **roth}),
        put("P1", "2021-01-05", "1000.00", "deposit-2", GAA_3="100"),
        outstanding("P1", "2021-04-27", "585.00"),
        instruct("P1", TRADE, "1-default", kind="loan_default"),
        out("P1", TRADE, "2-roth", account="roth", full=True),
    )
    contract: Json = {"loans": {}, "accounts": ["pretax", "roth"]}
    return Story(lean(fund("F1"), terms=contract), WEEKS, asked, last=TRADE)


def annuity_option() -> Story:
    asked = (
        *(put(person, "2021-01-04", "12000.00", "deposit-1", F1="100") for person in ("P1", "P2")),
        put("P1", "2021-04-29", "1000.00", "deposit-2", FA2="100"),
        put("P3", "2021-01-05", "1000.00", "deposit-1", GAA_3="100"),
        elect("P1", "elected", years=3, frequency="annual", full=True),
        elect("P2", "31-years", years=31, full=True),
        elect("P3", "lifetime", annuity="lifetime", amount="190.00"),
        elect("P3", "option-3", "2021-04-29", years=10, amount="190.00"),
        move("P1", [leg("FA2", amount="10.00")], "2021-04-30", "no-transfer", to=shares(F1="100")),
    )
    return Story(lean(fund("F1"), terms={"income": {}}), WEEKS, asked, last="2021-04-30")


def annuity_units() -> Story:
    in_units: Json = {"payments": "variable", "funds": shares(F1="60", F2="40"), "years": 10, "full": True}
    asked = (
        *(put(person, "2021-04-27", "10000.00", "deposit", F1="100") for person in ("P1", "P2")),
        elect("P1", "30-days", **{**in_units, "first_payment": PAID}),
        elect("P2", "29-days", **{**in_units, "first_payment": "2021-05-27"}),
    )
    income: Json = {"variable": {"charge_class": "ANN", "options": ["F1", "F2"]}}
    return Story(
        lean(fund("F1"), fund("F2"), terms={"income": income, "effective_from": "2021-04-26"}),
        (),
        asked,
        first="2021-04-26",
        last=PAID,
        annuity_unit_value=lambda option, day: ANNUITY_UNIT_VALUES[option, day == PAID],
    )


ANNUITY_UNIT_VALUES = {
    ("F1", False): "20.000000",
    ("F2", False): "8.000000",
    ("F1", True): "21.500000",
    ("F2", True): "8.100000",
}

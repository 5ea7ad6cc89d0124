"""A story of the annual notice: NTC-1."""

from tests.domain.books import fund
from tests.domain.gaa import leg
from tests.scenarios.adjusted import WEEKS, out
from tests.scenarios.kept import opened
from tests.scenarios.story import Story, lean, put

FRIDAY, MONDAY = "2021-02-26", "2021-03-01"


def annual_statement() -> Story:
    asked = (
        put("P1", "2021-01-04", "1000.00", "deposit-1", F1="60", FA2="40"),
        put("P1", "2021-01-05", "1000.00", "deposit-2", GAA_3="100"),
        put("P2", "2021-01-04", "50.00", "deposit", F1="100"),
        opened("P3"),
        out("P2", "2021-02-25", full=True),
        out("P1", FRIDAY, "by-friday", amount="100.00", **{"from": [leg("F1")]}),
        put("P1", MONDAY, "70.00", "of-monday", F1="100"),
        put("P4", MONDAY, "80.00", "deposit", F1="100"),
    )
    contract = lean(fund("F1"), terms={"statement_date": {"month_day": "02-29"}})
    return Story(contract, WEEKS, asked, last=MONDAY)

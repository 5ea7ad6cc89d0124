"""Stories of what comes off a withdrawal, and of several accounts: WDL-4, WDL-12 to WDL-14, DEP-1."""

from tests.domain.books import Json, deposit, fund, shares
from tests.domain.books_charges import by_years, early
from tests.domain.gaa import TRADE
from tests.scenarios.adjusted import DEATH, WEEKS, out
from tests.scenarios.story import Asked, Story, lean, put


def charging(**terms: object) -> Json:
    """A fund, Fixed Account 2 and the GAA; 5% in the first account year and 4% from then on, none on death."""
    charge = {"installment": by_years((0, "5"), (1, "4")), "exempt_reasons": ["death"]}
    return lean(fund("F1"), terms={"early_withdrawal_charge": charge, **terms})


def a_fund_and_two_lots(person: str) -> tuple[Asked, ...]:
    """$1,000 in the fund, in a lot at .9500 and in one at 1.1000."""
    return (
        put(person, "2021-01-04", "1000.00", "deposit-1", F1="100"),
        put(person, "2021-01-05", "1000.00", "deposit-2", GAA_3="100"),
        put(person, "2021-01-12", "1000.00", "deposit-3", GAA_5="100"),
    )


def early_withdrawal_charge() -> Story:
    asked = (
        put("P1", "2021-01-05", "5000.00", "deposit", GAA_2="100"),
        *a_fund_and_two_lots("P2"),
        put("P3", "2021-01-05", "1000.00", "deposit", GAA_3="100"),
        put("P4", "2021-01-05", "1000.00", "deposit", GAA_3="100"),
        out("P1", amount="2000.00"),
        out("P2", amount="500.00"),
        out("P3", full=True, **DEATH),
        out("P4", amount="900.01"),
    )
    return Story(charging(), WEEKS, asked, last=TRADE)


def premium_tax_at_withdrawal() -> Story:
    asked = (
        put("P1", "2021-01-05", "1000.00", "deposit", GAA_3="100"),
        *a_fund_and_two_lots("P2"),
        out("P1", full=True),
        out("P2", amount="568.00"),
    )
    taxing = {"premium_tax_percent": "2", "premium_tax_due": "withdrawal", "early_withdrawal_charge": early()}
    return Story(lean(fund("F1"), terms=taxing), WEEKS, asked, last=TRADE)


def withholding() -> Story:
    ten: Json = {"withholding": {"percent": "10"}}
    people = ("P1", "P2", "P3")
    asked = (
        *(put(person, "2021-01-05", "5000.00", "deposit", GAA_2="100") for person in people),
        out("P1", amount="2000.00", birth_date="1961-10-28", **ten),
        out("P2", amount="2000.00", birth_date="1961-10-29", **ten),
        out("P3", amount="2000.00", withholding={"amount": "2000.01"}),
    )
    return Story(charging(), WEEKS, asked, last=TRADE)


def several_accounts() -> Story:
    both: Json = {"account": None, "accounts": ["pretax", "employer"], "reason": "contract_surrender"}
    asked: list[Asked] = []
    for person in ("P1", "P2"):
        asked.append(put(person, "2021-01-05", "1000.00", "pretax", GAA_3="100"))
        of_employer = {"account": "employer", "allocation": shares(GAA_2="100"), "participant_id": person}
        asked.append(("deposit-requests", deposit("employer", "2021-01-05", "1000.00", **of_employer)))
    asked += [out("P1", amount="1500.00", **both), out("P2", full=True, **both)]
    return Story(charging(), WEEKS, tuple(asked), last=TRADE)

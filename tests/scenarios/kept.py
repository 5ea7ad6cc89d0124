"""Stories of what is held and where it may go: GAA-1 to GAA-7, WDL-10."""

from tests.domain.books import fund, guaranteed_term, offering, request, shares
from tests.domain.gaa import leg, still
from tests.scenarios.adjusted import WEEKS, move, out
from tests.scenarios.story import Asked, Story, lean, put


def instruct(person: str, day: str, request_id: str, **order: object) -> Asked:
    return "account-instructions", request(request_id, day, participant_id=person, instruction=order)


def opened(person: str) -> Asked:
    return instruct(person, "2021-01-04", "open", kind="open_account", account="pretax")


def lock_in() -> Story:
    legs = [leg("GAA", 3, amount="100.00")]
    asked = (
        put("P1", "2021-01-05", "1000.00", "deposit", GAA_3="100"),
        move("P1", legs, "2021-04-08", "too-early", amount_type="gross"),
        out("P1", "2021-04-08", "not-barred", amount="100.00", amount_type="gross"),
        move("P1", legs, "2021-04-09", "first-day", amount_type="gross"),
    )
    return Story(lean(), WEEKS, asked, last="2021-04-09")


def classified() -> Story:
    may = offering("MAY", "2021-05-03", "2021-05-07", still(2, "2023-05-31"), still(7, "2028-05-31"))
    short = [leg("GAA", classification="short", amount="500.00")]
    asked = (
        put("P1", "2021-01-05", "1000.00", "deposit-1", GAA_3="100"),
        put("P1", "2021-01-19", "2000.00", "deposit-2", GAA_3="50", GAA_5="50"),
        out("P1", amount="300.00", amount_type="gross"),
        move("P1", short, "2021-05-05", "within", to=shares(GAA_2="100"), amount_type="gross"),
        move("P1", short, "2021-05-05", "between", to=shares(GAA_7="100"), amount_type="gross"),
    )
    return Story(lean(classified=True), (*WEEKS, may), asked, last="2021-05-05")


STEPPED = guaranteed_term(5, ("0.05", "2022-01-29"), ("0.0475", "2024-01-29"), ("0.045", "2026-01-29"))


def rate_lock() -> Story:
    january = offering("JAN", "2021-01-04", "2021-01-29", still(3, "2024-01-29", "0.05"), STEPPED)
    terms = (still(3, "2024-02-26", "0.04"), still(5, "2026-02-26", "0.047"))
    external = {"source": "external_transfer"}
    asked = (
        opened("P1"),
        opened("P2"),
        instruct("P1", "2021-01-11", "lock", kind="rate_lock_election"),
        instruct("P2", "2021-01-11", "lock", kind="rate_lock_election"),
        instruct("P1", "2021-01-20", "second-lock", kind="rate_lock_election"),
        put("P1", "2021-02-10", "1000.00", "three-years", **external, GAA_3="100"),
        put("P1", "2021-02-11", "1000.00", "five-years", **external, GAA_5="100"),
    )
    offers = (january, offering("FEB", "2021-02-01", "2021-02-26", *terms))
    return Story(lean(rate_lock=True), offers, asked, last="2021-02-26")


def reinvestment_privilege() -> Story:
    may = offering("MAY", "2021-05-03", "2021-05-28", still(2, "2023-05-31"), still(3, "2024-05-31"))
    asked = (
        put("P1", "2021-01-04", "1000.00", "deposit-1", F1="100"),
        put("P1", "2021-01-05", "1000.00", "deposit-2", GAA_2="100"),
        put("P1", "2021-01-05", "500.00", "deposit-3", GAA_3="100"),
        put("P1", "2021-01-12", "1500.00", "deposit-4", GAA_5="100"),
        out("P1", full=True),
        instruct("P1", "2021-05-05", "elected", kind="reinvestment_election", account="pretax"),
        put("P1", "2021-05-05", "2000.00", "back", source="reinvestment"),
        instruct("P1", "2021-06-01", "too-late", kind="reinvestment_election", account="pretax", amount="100.00"),
    )
    contract = lean(fund("F1"), terms={"reinvestment": {}})
    return Story(contract, (*WEEKS, may), asked, last="2021-06-01")

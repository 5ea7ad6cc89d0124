"""Stories of Individual Accounts and of what comes into them: ACC-1, DEP-6 to DEP-9, NTC-7."""

from tests.domain.books import Json, fund, shares
from tests.domain.maturities import WEDNESDAY, percent_on
from tests.scenarios.adjusted import out
from tests.scenarios.kept import instruct
from tests.scenarios.matured import FEBRUARY, january
from tests.scenarios.story import Asked, Story, lean, put

TYPES = ["pretax", "employer", "roth"]


def into(account: str, day: str, amount: str, request_id: str, **more: object) -> Asked:
    """P1's deposit into fund F1 of an account, of a source and paid as among the rest."""
    topic, message = put(str(more.pop("person", "P1")), day, amount, request_id, F1="100")
    return topic, {**message, "account": account, **more}


def roth_account() -> Story:
    asked = (
        into("roth", "2021-01-04", "250.00", "reduction", source="roth_salary_reduction"),
        into("pretax", "2021-01-05", "1000.00", "roth-elsewhere", source="roth_rollover"),
        into("roth", "2021-01-06", "500.00", "other-into-roth", source="rollover"),
        into("roth", "2021-01-07", "400.00", "same-plan", source="in_plan_roth_rollover"),
        instruct("P2", "2021-01-04", "open", kind="open_account", account="roth", allocation=shares(F1="100")),
    )
    return Story(lean(fund("F1"), terms={"accounts": TYPES}), (), asked, last="2021-01-07")


def contribution_limits() -> Story:
    reduction: Json = {"source": "roth_salary_reduction"}
    asked = (
        into("pretax", "2021-12-30", "12000.00", "1-pretax", source="salary_reduction"),
        into("roth", "2021-12-30", "7000.00", "2-roth", **reduction),
        into("roth", "2021-12-30", "5000.00", "3-rollover", source="roth_rollover"),
        into("roth", "2021-12-31", "500.01", "4-too-much", **reduction),
        into("roth", "2021-12-31", "500.00", "5-the-rest", **reduction),
        into("roth", "2022-01-03", "500.01", "6-next-year", **reduction),
        into("pretax", "2021-12-30", "19500.00", "1-limit", person="P2"),
        into("pretax", "2021-12-31", "6500.00", "2-catch-up", person="P2", catch_up=True),
    )
    limits = [{"year": 2021, "limit": "19500.00", "catch_up": "6500.00"}, {"year": 2022, "limit": "20500.00"}]
    contract: Json = {"accounts": TYPES, "contribution_limits": {"by_year": limits}, "effective_from": "2021-12-30"}
    return Story(lean(fund("F1"), terms=contract), (), asked, first="2021-12-30", last="2022-01-03")


def payment_forms() -> Story:
    explained: Json = {"payment_reason": "paid by the spouse", "source_of_funds": "joint account"}
    asked = (
        into("pretax", "2021-01-04", "3000.00", "1-orders", payment_form="money_order"),
        into("pretax", "2021-01-04", "100.00", "2-draft", payment_form="bank_draft"),
        into("pretax", "2021-01-05", "2000.01", "3-a-cent-more", payment_form="money_order"),
        into("pretax", "2021-01-05", "2000.00", "4-all-of-it", payment_form="money_order"),
        into("pretax", "2021-01-06", "100.00", "5-third-party", payment_form="third_party_check"),
        into("pretax", "2021-01-06", "100.00", "6-explained", payment_form="third_party_check", **explained),
    )
    return Story(lean(fund("F1")), (), asked, last="2021-01-06")


def aml_order() -> Story:
    asked = (
        put("P1", "2021-01-05", "1000.00", "deposit", GAA_1="100"),
        instruct("P1", "2021-02-08", "hold", kind="aml_hold", order="OFAC-1"),
        into("pretax", "2021-02-08", "50.00", "held"),
        instruct("P1", "2021-02-09", "regret", kind="cancel", cancels="held"),
        instruct("P1", "2021-02-12", "release", kind="aml_release", order="OFAC-1"),
    )
    contract = lean(fund("F1"), maturity_notice_days=0)
    offers = (january(WEDNESDAY, 1), FEBRUARY)
    return Story(
        contract,
        offers,
        asked,
        last="2021-02-12",
        percent=percent_on,
        unit_value=lambda day: "20.000000" if day == "2021-02-12" else "10.000000",
    )


def account_closing() -> Story:
    close: Json = {"kind": "close_account", "account": "pretax"}
    opening: Json = {"kind": "open_account", "account": "pretax"}
    asked = (
        instruct("P1", "2021-01-04", "open", **opening, allocation=shares(F1="100")),
        put("P1", "2021-01-04", "100.00", "deposit"),
        instruct("P1", "2021-01-05", "1-holds", **close),
        out("P1", "2021-01-05", "2-all", full=True),
        instruct("P1", "2021-01-05", "3-awaited", **close),
        instruct("P1", "2021-01-06", "4-empty", **close),
        into("pretax", "2021-01-07", "10.00", "5-closed"),
        instruct("P1", "2021-01-08", "6-again", **opening),
        put("P1", "2021-01-08", "10.00", "7-open"),
    )
    return Story(lean(fund("F1")), (), asked, last="2021-01-08")


def allocation() -> Story:
    three = shares(F1="33", F2="33", F3="34")
    asked = (instruct("P1", "2021-01-04", "open", kind="open_account", account="pretax", allocation=three),)
    contract = lean(*(fund(name) for name in ("F1", "F2", "F3")))
    return Story(contract, (), (*asked, put("P1", "2021-01-05", "10.01", "deposit")), last="2021-01-05")

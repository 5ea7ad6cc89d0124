"""Stories of limits on transfers and withdrawals: LIM-1 to LIM-5, LIM-7, WDL-6, TRF-1, TRF-3 to TRF-5."""

from tests.domain.books import Json, declared, fund, offering, one_year_minimum, shares, terms
from tests.domain.books_limits import fixed_account, fixed_plus, resting
from tests.domain.gaa import leg, still
from tests.scenarios.adjusted import move, out
from tests.scenarios.story import Asked, Story, lean, put

EVERYTHING = (
    *("transfer", "partial_withdrawal", "full_withdrawal"),
    *("systematic", "loan", "annuity_purchase"),
)


def story(first: str, last: str, options: tuple[Json, ...], *asked: Asked, **more: object) -> Story:
    """A contract of fund F1 and options of which the fixed ones earn nothing."""
    kinds = {option["kind"] for option in options}
    rates = [declared("0", first, option=option["option"]) for option in options if option["kind"] != "fund"]
    years = (0, 1) if "fixed_account_2" in kinds else ()
    minimums = [one_year_minimum("0", int(first[:4]) + later) for later in years]
    contract = terms(fund("F1"), *options, effective_from=first, **more)
    return Story(contract, (), asked, last, first, rates=(*rates, *minimums))


def some(person: str, day: str, option: str, amount: str, request_id: str, **more: object) -> Asked:
    """A transfer of dollars of an option, to F1 unless told otherwise."""
    return move(person, [leg(option, amount=amount)], day, request_id, **{"to": shares(F1="100"), **more})


def fixed_account_limit() -> Story:
    return story(
        "2021-12-28",
        "2022-01-03",
        (fixed_account(), resting()),
        put("P1", "2021-12-28", "100000.00", "deposit", FA="100"),
        some("P1", "2021-12-29", "FA", "6000.00", "six", to=shares(F1="50", FA2="50")),
        some("P1", "2021-12-30", "FA", "3400.01", "a-cent-more"),
        some("P1", "2021-12-31", "FA", "3400.00", "the-rest"),
        some("P1", "2022-01-03", "FA", "9060.00", "next-year"),
    )


def fixed_plus_limit() -> Story:
    return story(
        "2021-01-04",
        "2022-01-05",
        (fixed_plus(), resting()),
        put("P1", "2021-01-04", "10000.00", "deposit", FP="100"),
        put("P2", "2021-01-04", "1250.00", "deposit", FP="100"),
        some("P1", "2021-01-05", "FP", "500.00", "first"),
        some("P1", "2021-01-06", "FP", "1000.00", "second"),
        some("P1", "2021-01-07", "FP", "700.01", "too-much"),
        some("P1", "2022-01-05", "FP", "700.00", "when-the-first-has-left"),
        some("P2", "2021-01-05", "FP", "250.00", "first"),
        some("P2", "2021-01-06", "FP", "1000.00", "all-of-1000"),
    )


def fixed_account_2_limit() -> Story:
    return story(
        "2021-12-28",
        "2022-01-03",
        (fixed_account(), resting()),
        put("P1", "2021-12-28", "10000.00", "deposit", FA2="100"),
        some("P1", "2021-12-29", "FA2", "100.00", "not-to-the-fixed-account", to=shares(FA="50", F1="50")),
        some("P1", "2021-12-30", "FA2", "3000.00", "transfer-1"),
        some("P1", "2021-12-30", "FA2", "500.01", "transfer-2"),
        some("P1", "2021-12-31", "FA2", "500.00", "transfer-3"),
        some("P1", "2022-01-03", "FA2", "3250.00", "next-year"),
    )


def supplement_limit() -> Story:
    return story(
        "2021-01-04",
        "2021-01-07",
        (fixed_account(), resting(deducted=EVERYTHING, destinations="any")),
        put("P1", "2021-01-04", "10000.00", "deposit", FA2="100"),
        out("P1", "2021-01-05", "withdrawal", amount="1000.00", **{"from": [{"option": "FA2"}]}),
        some("P1", "2021-01-06", "FA2", "3500.01", "a-cent-more"),
        some("P1", "2021-01-07", "FA2", "3500.00", "the-rest", to=shares(FA="100")),
    )


def temporary_limit() -> Story:
    larger = {"from_day": "2021-01-06", "through": "2021-01-06", "percent": "60"}
    none = {"from_day": "2021-01-07", "through": "2021-01-07"}
    return story(
        "2021-01-04",
        "2021-01-08",
        (resting(temporary=[larger]), fixed_plus(temporary=[none])),
        put("P1", "2021-01-04", "10000.00", "deposit", FA2="100"),
        put("P2", "2021-01-04", "10000.00", "deposit", FP="100"),
        some("P1", "2021-01-05", "FA2", "6000.00", "too-early"),
        some("P1", "2021-01-06", "FA2", "6000.00", "sixty-percent"),
        some("P2", "2021-01-06", "FP", "9000.00", "too-early"),
        some("P2", "2021-01-07", "FP", "8000.00", "waived"),
        some("P2", "2021-01-08", "FP", "400.00", "after-it"),
    )


def fixed_plus_withdrawals() -> Story:
    halves = [{"option": "FP", "percent": "50"}, {"option": "F1", "percent": "50"}]
    return story(
        "2021-01-04",
        "2021-01-08",
        (fixed_plus(), resting()),
        put("P1", "2021-01-04", "20000.00", "deposit", FP="50", F1="50"),
        some("P1", "2021-01-05", "FP", "1000.00", "transfer"),
        out("P1", "2021-01-06", "too-much", amount="800.01", **{"from": [{"option": "FP"}]}),
        out("P1", "2021-01-07", "share", amount="1600.00", **{"from": halves}),
        out("P1", "2021-01-08", "full", full=True),
    )


def fixed_plus_full() -> Story:
    installments = {"full_withdrawal": "installments", "full_installments": {"rate": "0.04"}}
    return story(
        "2021-01-04",
        "2022-01-06",
        (fixed_plus(**installments), resting()),
        put("P1", "2021-01-04", "60000.00", "deposit", FP="50", F1="50"),
        put("P2", "2021-01-04", "0.04", "deposit", FP="100"),
        out("P1", "2021-01-05", "all-of-the-option", full=True, **{"from": [{"option": "FP"}]}),
        out("P1", "2021-01-06", "all-of-the-account", full=True),
        out("P2", "2021-01-06", "four-cents", full=True),
    )


def minimum_into_guaranteed() -> Story:
    may = offering("JAN", "2021-01-04", "2021-01-29", still(3, "2024-01-31"))
    asked = (
        put("P1", "2021-01-04", "5000.00", "deposit", F1="100"),
        some("P1", "2021-01-05", "F1", "999.98", "too-little", to=shares(GAA_3="50", FA2="50")),
        some("P1", "2021-01-06", "F1", "1000.00", "enough", to=shares(GAA_3="50", FA2="50")),
    )
    contract = lean(fund("F1"), terms={"transfers": {"minimum_into_guaranteed": "500.00"}})
    return Story(contract, (may,), asked, "2021-01-06")


def repurchase_capped() -> Story:
    return story(
        "2021-01-04",
        "2021-01-13",
        (fund("F2", repurchase={"days": 7, "at_most": "300.00"}),),
        put("P1", "2021-01-04", "2000.00", "deposit", F1="50", F2="50"),
        some("P1", "2021-01-05", "F2", "400.00", "sold"),
        some("P1", "2021-01-06", "F1", "200.00", "bought", to=shares(F2="100")),
        some("P1", "2021-01-12", "F1", "100.01", "too-much", to=shares(F2="100")),
        some("P1", "2021-01-13", "F1", "100.01", "a-week-over", to=shares(F2="100")),
    )

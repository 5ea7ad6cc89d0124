"""Stories of fixed options: FIX-1, FIX-2, FIX-4 to FIX-7, DEP-3."""

from tests.domain.books import Json, declared, fixed_account_2, fund, one_year_minimum, shares, terms
from tests.domain.books_fixed import fixed_account, fixed_plus_2
from tests.scenarios.adjusted import move, out
from tests.scenarios.story import Story, put


def contract(first: str, *options: Json) -> Json:
    return terms(fund("F1"), *options, effective_from=first)


def fixed_account_floor() -> Story:
    rates = (
        declared("0.045", "2021-01-04", option="FA"),
        declared("0.0399", "2021-06-01", option="FA"),
        declared("0.035", "2021-01-04", option="FP2"),
        declared("0.0299", "2021-06-01", option="FP2"),
        declared("0.03", "2021-10-24", option="FP2"),
    )
    asked = (
        put("P1", "2021-01-04", "1000.00", "deposit", FA="100"),
        put("P2", "2021-01-04", "1000.00", "deposit", FP2="100"),
        out("P1", "2022-01-04", full=True),
        out("P2", "2022-01-04", full=True),
    )
    options = (fixed_account(), fixed_plus_2())
    return Story(contract("2021-01-04", *options), (), asked, last="2022-01-04", first="2021-01-04", rates=rates)


def fixed_plus_anniversary() -> Story:
    rates = (declared("0.03", "2011-01-04", option="FP"), declared("0.04", "2021-03-18", option="FP"))
    asked = (
        put("P1", "2011-01-04", "10000.00", "deposit", FP="100"),
        put("P2", "2011-01-05", "10000.00", "deposit", FP="100"),
        out("P1", "2022-01-04", full=True),
        out("P2", "2022-01-04", full=True),
    )
    option: Json = {"kind": "fixed_plus_account", "option": "FP"}
    return Story(contract("2011-01-04", option), (), asked, last="2022-01-04", first="2011-01-04", rates=rates)


def one_year_minimums() -> Story:
    rates = (
        declared("0.02", "2021-01-04"),
        one_year_minimum("0.01"),
        one_year_minimum("0.025", 2022),
        one_year_minimum("0.009", 2023),
    )
    asked = (
        put("P1", "2021-01-04", "1000.00", "deposit", FA2="100"),
        out("P1", "2022-01-04", full=True),
    )
    option = fixed_account_2()
    return Story(contract("2021-01-04", option), (), asked, last="2022-01-04", first="2021-01-04", rates=rates)


def closing_date() -> Story:
    options: tuple[Json, ...] = (
        {"kind": "fixed_account", "option": "FA"},
        {"kind": "fixed_plus_account", "option": "FP"},
        fixed_plus_2(),
    )
    asked = (
        put("P1", "2013-09-27", "1000.00", "deposit", F1="100"),
        put("P1", "2013-09-30", "100.00", "last-day", FA="50", FP="50"),
        move("P1", [{"option": "F1", "amount": "200.00"}], "2013-09-30", "moved", to=shares(FP="100")),
        put("P1", "2013-10-01", "100.00", "closed", FA="50", F1="50"),
        move("P1", [{"option": "F1", "amount": "200.00"}], "2013-10-01", "not-moved", to=shares(FA="50", FP="50")),
        put("P1", "2013-10-01", "100.00", "open", FP2="100"),
    )
    rates = tuple(declared("0.04", "2013-09-27", option=option["option"]) for option in options)
    return Story(contract("2013-09-27", *options), (), asked, last="2013-10-01", first="2013-09-27", rates=rates)


def when_applied() -> Story:
    rates = (
        declared("0.02", "2021-01-04"),
        declared("0.03", "2021-07-06"),
        one_year_minimum("0.01"),
        one_year_minimum("0.025", 2022),
    )
    asked = (
        put("P1", "2021-01-04", "1000.00", "first", FA2="100"),
        put("P1", "2021-07-06", "1000.00", "second", FA2="100"),
        out("P1", "2022-01-04", "part", amount="1100.00"),
        out("P1", "2022-01-05", full=True),
    )
    option = fixed_account_2(rate_basis="when_applied")
    return Story(contract("2021-01-04", option), (), asked, last="2022-01-05", first="2021-01-04", rates=rates)

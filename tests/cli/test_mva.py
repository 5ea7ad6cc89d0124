"""`annuity-ledger mva`: Appendix I to the digit, and the same code on published rates."""

from pathlib import Path

import pytest

from tests.cli.running import annuity_ledger

APPENDIX_I = ("mva", "--method", "two", "--days", "927")
FALLEN = (*APPENDIX_I, "--deposit-yield", "0.04", "--current-yield", "0.06")
RISEN = (*APPENDIX_I, "--deposit-yield", "0.06", "--current-yield", "0.04")


def lines(*arguments: object) -> list[str]:
    done = annuity_ledger(*arguments)
    assert (done.code, done.err) == (0, "")
    return done.out.splitlines()


def test_appendix_i_4_against_6_percent() -> None:
    assert lines(*FALLEN, "--net", "2000") == [
        "i, deposit period yield 0.04",
        "j, current yield 0.06",
        "x, days to maturity 927",
        "factor = ((1 + i)/(1 + j)) ^ (x/365)   (MVA-2)",
        "       = ((1 + 0.04)/(1 + 0.06)) ^ (927/365)",
        "       = 0.9527743361050396 unrounded",
        "factor 0.9528   (MVA-5: rounded to 4 places before use)",
        "net amount 2000   (WDL-3)",
        "amount withdrawn 2099.08, value taken before the adjustment",
        "2099.08 × 0.9528 pays 2000.00",
        "adjustment -99.08",
    ]


def test_appendix_i_6_against_4_percent() -> None:
    found = lines(*RISEN, "--net", "2000")
    assert "factor 1.0496   (MVA-5: rounded to 4 places before use)" in found
    assert "amount withdrawn 1905.49, value taken before the adjustment" in found
    assert "adjustment 94.51" in found


def test_gross_fixes_what_is_taken() -> None:
    assert lines(*FALLEN, "--gross", "2000")[-2:] == ["2000.00 × 0.9528 pays 1905.60", "adjustment -94.40"]


def test_places() -> None:
    assert "factor 0.952774   (MVA-5: rounded to 6 places before use)" in lines(*FALLEN, "--places", "6")


def test_a_yield_below_zero() -> None:
    assert "       = ((1 + (-0.01))/(1 + 0.06)) ^ (927/365)" in lines(
        *APPENDIX_I, "--deposit-yield", "-0.01", "--current-yield", "0.06"
    )


@pytest.mark.parametrize("day", ["2023-03-13", "2023-03-15", "2023-03-19"])
def test_x_counts_from_the_wednesday_of_the_week(day: str) -> None:
    found = lines(
        "mva", "--deposit-yield", "0.06", "--current-yield", "0.04", "--maturity", "2025-10-01",
        "--withdrawal-date", day,
    )  # fmt: skip
    assert found[2] == "x = days from Wednesday 2023-03-15 to 2025-10-01 = 931   (MVA-3)"


RATES = """\
date,y1,y3
2020-12-31,9,9
2021-01-04,0.10,0.30
2021-01-08,0.10,0.30
2021-01-14,0.20,0.50
2021-01-22,1.00,3.00
2021-01-25,7,7
"""
FROM_RATES = (
    "mva", "--term", "3", "--period-start", "2021-01-04", "--period-end", "2021-01-15", "--maturity", "2023-01-27",
    "--withdrawal-date", "2021-01-26",
)  # fmt: skip


def test_published_rates_go_through_the_code_of_the_ledger(tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text(RATES)
    assert lines(*FROM_RATES, "--rates", file)[:9] == [
        (
            "term of 3 years, deposit period 2021-01-04 to 2021-01-15, deposited 2021-01-04, matures 2023-01-27; "
            "withdrawn 2021-01-26"
        ),
        "x = days from Wednesday 2021-01-27 to 2023-01-27 = 730   (MVA-3)",
        "i, the deposit period yield, is the mean of   (MVA-2, MVA-4)",
        "  2021-01-08  0.003   rates, published that day: 3y 0.30%",
        "  2021-01-15  0.005   rates, published 2021-01-14: 3y 0.50%",
        "  i = 0.004",
        "j, the current yield, is the mean of   (MVA-2, MVA-4)",
        "  2021-01-22  0.02   rates, published that day: 1y 1.00%, 3y 3.00%, at 2.000000y",
        "  j = 0.02",
    ]
    # ((1.004)/(1.02))^2 = 0.96887351…, by hand
    assert lines(*FROM_RATES, "--rates", file, "--net", "100")[-5:] == [
        "factor 0.9689   (MVA-5: rounded to 4 places before use)",
        "net amount 100   (WDL-3)",
        "amount withdrawn 103.21, value taken before the adjustment",
        "103.21 × 0.9689 pays 100.00",
        "adjustment -3.21",
    ]


ONE = (
    "mva", "--method", "one", "--days", "927", "--deposit-yield", "0.03", "--deposit-spread", "0.01",
    "--current-yield", "0.042", "--current-spread", "0.018",
)  # fmt: skip


def test_appendix_i_by_method_one() -> None:
    """4% and 6% again, each a Treasury rate and a spread."""
    assert lines(*ONE, "--net", "2000") == [
        "a, Treasury rate of the month of deposit 0.03",
        "i, spread 0.01",
        "b, current Treasury rate 0.042",
        "j, spread 0.018",
        "x, days to maturity 927",
        "factor = ((1 + a + i)/(1 + b + j)) ^ (x/365)   (MVA-1)",
        "       = ((1 + 0.03 + 0.01)/(1 + 0.042 + 0.018)) ^ (927/365)",
        "       = 0.9527743361050396 unrounded",
        "factor 0.9528   (MVA-5: rounded to 4 places before use)",
        "net amount 2000   (WDL-3)",
        "amount withdrawn 2099.08, value taken before the adjustment",
        "2099.08 × 0.9528 pays 2000.00",
        "adjustment -99.08",
    ]


README = Path(__file__).parents[2] / "README.md"
ONE_FROM_RATES = (
    "mva", "--method", "one", "--term", "3", "--deposit-date", "2021-01-11", "--maturity", "2023-01-27",
    "--withdrawal-date", "2021-01-26",
)  # fmt: skip
SPREADS = """\
date,y1,y5
2020-12-31,1.00,2.00
2021-01-22,-0.20,0.40
"""


def test_method_one_from_published_rates_and_spreads(tmp_path: Path) -> None:
    """The Fridays of January: a = (9 + .3 + .5 + 3)/4 %, i = (1.5 + 1.5 + 1.5 + .1)/4 %; two years left."""
    rates, spreads = tmp_path / "rates.csv", tmp_path / "spreads.csv"
    rates.write_text(RATES)
    spreads.write_text(SPREADS)
    found = lines(*ONE_FROM_RATES, "--rates", rates, "--spreads", spreads)
    assert found == [
        "term of 3 years, deposited 2021-01-11, matures 2023-01-27; withdrawn 2021-01-26",
        "x = days from Wednesday 2021-01-27 to 2023-01-27 = 730   (MVA-3)",
        "a, the Treasury rate of the month of deposit, is the mean of   (MVA-1, MVA-4)",
        "  2021-01-01  0.09   rates, published 2020-12-31: 3y 9%",
        "  2021-01-08  0.003   rates, published that day: 3y 0.30%",
        "  2021-01-15  0.005   rates, published 2021-01-14: 3y 0.50%",
        "  2021-01-22  0.03   rates, published that day: 3y 3.00%",
        "  a = 0.032",
        "i, the spread over it, is the mean of   (MVA-1, MVA-4)",
        "  2021-01-01  0.015   spreads, published 2020-12-31: 1y 1.00%, 5y 2.00%, at 3.000000y",
        "  2021-01-08  0.015   spreads, published 2020-12-31: 1y 1.00%, 5y 2.00%, at 3.000000y",
        "  2021-01-15  0.015   spreads, published 2020-12-31: 1y 1.00%, 5y 2.00%, at 3.000000y",
        "  2021-01-22  0.001   spreads, published that day: 1y -0.20%, 5y 0.40%, at 3.000000y",
        "  i = 0.0115",
        "b, the current Treasury rate for the remainder, is the mean of   (MVA-1, MVA-4)",
        "  2021-01-22  0.02   rates, published that day: 1y 1.00%, 3y 3.00%, at 2.000000y",
        "  b = 0.02",
        "j, the spread over it, is the mean of   (MVA-1, MVA-4)",
        "  2021-01-22  -0.0005   spreads, published that day: 1y -0.20%, 5y 0.40%, at 2.000000y",
        "  j = -0.0005",
        "factor = ((1 + a + i)/(1 + b + j)) ^ (x/365)   (MVA-1)",
        "       = ((1 + 0.032 + 0.0115)/(1 + 0.02 + (-0.0005))) ^ (730/365)",
        "       = 1.0476360792885953 unrounded",
        "factor 1.0476   (MVA-5: rounded to 4 places before use)",
    ]


def test_method_one_needs_spreads_from_the_first_friday_on(tmp_path: Path) -> None:
    rates, spreads = tmp_path / "rates.csv", tmp_path / "spreads.csv"
    rates.write_text(RATES)
    spreads.write_text(SPREADS.replace("2020-12-31", "2021-01-04"))
    done = annuity_ledger(*ONE_FROM_RATES, "--rates", rates, "--spreads", spreads)
    assert (done.code, done.err) == (
        1,
        "The rates begin too late: a yield that the adjustment needs is not in them (MVA-4).\n",
    )
    without = annuity_ledger(*ONE_FROM_RATES, "--rates", rates)
    assert (without.code, without.err) == (2, "--spreads is needed.\n")


def test_at_maturity_nothing_is_adjusted(tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text(RATES)
    found = lines(*FROM_RATES[:-1], "2023-01-27", "--rates", file)
    assert found[1] == "no adjustment applies (MVA-8): factor 1.0000"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("day,y1\n", ":1: the first line names the columns date,y1,y2,"),
        ("date,y1\n2021-01-04,high\n", ":2: not a decimal number in plain notation"),
        ("date,y1\n2021-13-04,1\n", ":2: no such day in the calendar"),
        ("date,y1\n2021-01-25,1\n", "The rates begin too late"),
        (b"date,y1\n\xff", "is not UTF-8."),
    ],
)
def test_a_file_that_holds_no_rates(tmp_path: Path, text: str | bytes, message: str) -> None:
    file = tmp_path / "rates.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    done = annuity_ledger(*FROM_RATES, "--rates", file)
    assert done.code == 1
    assert message in done.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((*FALLEN, "--deposit-spread", "0.01"), "Spreads belong to --method one."),
        ((*ONE[:5], "--deposit-yield", "0.03", "--current-yield", "0.05"), "--deposit-spread is needed."),
        ((*ONE_FROM_RATES[:3], "--rates", README), "--deposit-date is needed."),
        (APPENDIX_I, "--deposit-yield is needed."),
        (
            (*APPENDIX_I[:3], "--deposit-yield", "0", "--current-yield", "0"),
            "--days, or --maturity and --withdrawal-date,",
        ),
        ((*FALLEN, "--net", "1", "--gross", "1"), "Say --net or --gross, not both."),
        ((*FALLEN, "--net", "1e3"), "not a decimal number in plain notation"),
        ((*FALLEN, "--net", "0"), "must be more than zero"),
        ((*APPENDIX_I, "--deposit-yield", "-1"), "less than 1"),
        (("mva", "--maturity", "2021-02-30"), "no such day in the calendar"),
    ],
)
def test_called_wrongly(arguments: tuple[str, ...], message: str) -> None:
    done = annuity_ledger(*arguments)
    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err


def test_more_than_any_account_holds() -> None:
    done = annuity_ledger(*FALLEN, "--net", "999999999999")
    assert (done.code, done.err) == (1, "999999999999 is more than any account holds.\n")

"""Market data of files as others publish them: what goes, in which order, and what is told of the rest."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Done, annuity_ledger

HEADER = (
    'Date,"1 Mo","1.5 Month","2 Mo","3 Mo","4 Mo","6 Mo","1 Yr","2 Yr","3 Yr","5 Yr","7 Yr","10 Yr","20 Yr","30 Yr"'
)
TREASURY = f"""{HEADER}
01/06/2025,4.42,,4.36,4.35,4.32,4.24,4.17,4.28,4.30,4.42,4.52,4.62,4.91,4.85
01/03/2025,4.43,,4.36,4.34,4.31,4.25,4.18,4.28,4.32,4.41,4.51,4.60,4.88,
01/02/2025,4.45,4.40,4.36,4.36,4.31,4.25,4.17,4.25,4.29,4.38,4.47,4.57,4.86,4.79
"""
"""In the form of the yearly file of the US Treasury, the newest day first. Up to ten years the figures are of these
days, the others made up.
"""
PRICES = "fund,date,price,distribution\nF2,2025-01-03,20.10,\nF1,2025-01-03,10.5,0.25\nF1,2025-01-02,10.40,\n"


def imported(kind: str, text: str | bytes, folder: Path, *options: str) -> tuple[Done, list[dict[str, Any]]]:
    file = folder / f"{kind}.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    done = annuity_ledger("import", kind, file, "--dry-run", *options)
    return done, [json.loads(line) for line in done.out.splitlines()]


def treasury(text: str | bytes, folder: Path, *options: str) -> tuple[Done, list[dict[str, Any]]]:
    return imported("treasury", text, folder, "--series", "CMT", *options)


def told(done: Done) -> list[str]:
    """What is said of bad rows, without the folder."""
    return [line.rpartition("/")[2] for line in done.err.splitlines()[:-1]]


def test_mva_4_treasury_rates_of_whole_years_go_oldest_first(tmp_path: Path) -> None:
    done, found = treasury(TREASURY, tmp_path)
    assert done.code == 0
    assert done.err == "messages=3 failed=0; nothing was sent\n"
    assert [each["value"]["date"] for each in found] == ["2025-01-02", "2025-01-03", "2025-01-06"]
    assert found[0] == {
        "topic": "market-yields",
        "value": {
            "series": "CMT",
            "date": "2025-01-02",
            "constant_maturity": [
                {"years": 1, "percent": "4.17"},
                {"years": 2, "percent": "4.25"},
                {"years": 3, "percent": "4.29"},
                {"years": 5, "percent": "4.38"},
                {"years": 7, "percent": "4.47"},
                {"years": 10, "percent": "4.57"},
                {"years": 20, "percent": "4.86"},
                {"years": 30, "percent": "4.79"},
            ],
        },
    }


def test_mva_4_a_rate_that_was_not_published_is_left_out(tmp_path: Path) -> None:
    _, found = treasury(TREASURY, tmp_path)
    assert [point["years"] for point in found[1]["value"]["constant_maturity"]] == [1, 2, 3, 5, 7, 10, 20]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1/7/2025,,,,,,,4.1,,,,,,,", "Date: '1/7/2025' is no day as MM/DD/YYYY"),
        ("02/30/2025,,,,,,,4.1,,,,,,,", "Date: '02/30/2025' is no day as MM/DD/YYYY"),
        ("01/07/2025,4.4,,4.3,4.3,4.3,4.2,,,,,,,,", "no rate of 2025-01-07 for whole years"),
        ("01/07/2025,,,,,,,N/A,,,,,,,", "constant_maturity.0.percent: "),
        ("01/07/2025,,,,,,,4.1", "8 fields, but the first line names 15"),
        ("01/02/2025,,,,,,,4.1,,,,,,,", "CMT of 2025-01-02 stands twice, first at "),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_the_others_go(row: str, reason: str, tmp_path: Path) -> None:
    done, found = treasury(f"{TREASURY}\n{row}\n", tmp_path)
    assert done.code == 1
    assert len(found) == 3
    assert done.err.splitlines()[0].startswith(f"{tmp_path / 'treasury.csv'}:6: {reason}")
    assert done.err.endswith("messages=3 failed=1; nothing was sent\n")


@pytest.mark.parametrize(
    "header",
    [
        'Date,"5 YR","7 YR","10 YR"',  # of the real yield curve
        'Date,"4 WEEKS BANK DISCOUNT","1 Yr"',
        'Date,"1 Mo","6 Mo"',
        '"1 Yr","2 Yr"',
        "",
    ],
)
def test_a_file_of_other_rates_is_not_taken(header: str, tmp_path: Path) -> None:
    done, found = treasury(f"{header}\n01/02/2025,4.1,4.2\n", tmp_path)
    assert (done.code, found) == (1, [])
    (said,) = told(done)
    assert said.startswith("treasury.csv:1: the first line is not that of the daily par yield curve, Date,")
    assert said.endswith("; nothing of this file was taken")


def test_a_file_that_is_not_utf_8_or_no_csv_is_told_where(tmp_path: Path) -> None:
    done, found = treasury(b'Date,"1 Yr"\n01/02/2025,4\xff\n', tmp_path)
    assert (done.code, found) == (1, [])
    assert told(done) == ["treasury.csv:2: not UTF-8; nothing of this file was taken. Save it as UTF-8"]
    done, found = treasury('Date,"1 Yr"\n01/02/2025,4.1\n01/03/2025,"4"2\n', tmp_path)
    assert (done.code, len(found)) == (1, 1)
    assert told(done)[0].startswith("treasury.csv:4: no CSV, and nothing after it was read: ")


def test_a_column_may_not_be_named_twice(tmp_path: Path) -> None:
    done, _ = treasury('Date,"1 Yr","1 Yr"\n01/02/2025,4,5\n', tmp_path)
    assert told(done) == ["treasury.csv:1: a column is named twice; nothing of this file was taken"]


def test_a_series_is_an_identifier(tmp_path: Path) -> None:
    done, found = imported("treasury", TREASURY, tmp_path, "--series", "C|T")
    assert (done.code, found) == (2, [])
    assert "C|T: an identifier has 1 to 128 characters" in done.err.replace("\n", " ")


def test_earlier_days_are_passed_over(tmp_path: Path) -> None:
    done, found = treasury(TREASURY, tmp_path, "--since", "2025-01-03")
    assert done.code == 0
    assert [each["value"]["date"] for each in found] == ["2025-01-03", "2025-01-06"]


def test_fnd_1_prices_go_oldest_first_as_they_stand(tmp_path: Path) -> None:
    done, found = imported("prices", PRICES, tmp_path)
    assert done.code == 0
    assert [each["topic"] for each in found] == ["fund-prices"] * 3
    assert [each["value"] for each in found] == [
        {"fund": "F1", "valuation_date": "2025-01-02", "price": "10.40"},
        {"fund": "F2", "valuation_date": "2025-01-03", "price": "20.10"},
        {"fund": "F1", "valuation_date": "2025-01-03", "price": "10.5", "distribution": "0.25"},
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("F1,2025-01-06,,", "exactly one of price and shares is given"),
        ("F1,2025-01-06,0.00,", "price: must be more than zero"),
        ("F1,2025-01-06,ten,", "price: "),
        ("F1,01/06/2025,10,", "valuation_date: a date is written YYYY-MM-DD"),
        (",2025-01-06,10,", "fund: "),
        ("F1,2025-01-06,10,-1", "distribution: must not be negative"),
        ("F1,2025-01-02,10.40,", "F1 of 2025-01-02 stands twice, first at "),
    ],
)
def test_fnd_1_a_bad_price_is_told_and_the_others_go(row: str, reason: str, tmp_path: Path) -> None:
    done, found = imported("prices", f"{PRICES}{row}\n", tmp_path)
    assert (done.code, len(found)) == (1, 3)
    said = done.err.splitlines()[0]
    assert said.startswith(f"{tmp_path / 'prices.csv'}:5: ")
    assert reason in said


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("fund,price", "the first line lacks date"),
        ("fund,date,price,nav", "columns that no price has: nav"),
    ],
)
def test_fnd_1_a_file_without_the_columns_is_not_taken(header: str, reason: str, tmp_path: Path) -> None:
    done, found = imported("prices", f"{header}\nF1,10\n", tmp_path)
    assert (done.code, found) == (1, [])
    assert told(done) == [f"prices.csv:1: {reason}; nothing of this file was taken"]


def test_what_is_printed_can_be_replayed(tmp_path: Path) -> None:
    done, found = treasury(TREASURY, tmp_path)
    lines = tmp_path / "yields.jsonl"
    lines.write_text(done.out)
    assert annuity_ledger("replay", lines, "--out", tmp_path / "out").code == 0
    assert (tmp_path / "out" / "alarms.jsonl").read_text() == ""
    assert len(found) == 3


def test_without_a_broker_nothing_is_sent(tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text(PRICES)
    done = annuity_ledger("import", "prices", file)
    assert done.code == 3
    assert "No broker is named" in done.err

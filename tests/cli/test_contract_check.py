"""`annuity-ledger contract check`: what is wrong with a file of terms, to the line and column."""

import json
from pathlib import Path

import pytest

from services.runtime.cli.messages import Message, read_line
from tests.cli.running import Done, annuity_ledger
from tests.domain import books
from tests.domain.books_reviews import review

TERMS = """\
{
  "contract_id": "C1",
  "version": 1,
  "effective_from": "2021-01-04",
  "title": "a plan",
  "charge_class": "A",
  "accounts": ["pretax"],
  "options": [
    {"kind": "fund", "option": "F1", "fund": "F1"},
    {"kind": "fixed_account_2", "option": "FA2", "contract_minimum": "0.01"}
  ]
}
"""
FA2 = "FA2: Fixed Account 2, at least 1%, one rate for all money, 50% a calendar year may be transferred to"


def checked(tmp_path: Path, text: str | bytes, *options: str) -> Done:
    file = tmp_path / "plan.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return annuity_ledger("contract", "check", *options, file)


def told(done: Done, tmp_path: Path) -> list[str]:
    """The problems, without the file's name."""
    assert (done.code, done.out) == (1, "")
    return [line.removeprefix(f"{tmp_path / 'plan.json'}:") for line in done.err.splitlines()]


def test_terms_in_order_are_told_in_a_few_lines(tmp_path: Path) -> None:
    done = checked(tmp_path, TERMS)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        f"{tmp_path / 'plan.json'}: OK",
        "  C1 version 1: a plan",
        "  in force from 2021-01-04; its net deposit, guaranteed rates and transfer fee reach new participants only",
        "  accounts: pretax, opened by instruction or the first deposit",
        "  funds, at unit values of class A: F1",
        f"  {FA2} funds (takes money from 2014-03-17)",
        "  charges: premium tax 0% at deposit, sales charge 0%",
        "  transfers: 12 free a year, and none is charged",
    ]


LIMIT = {"destinations": "any", "temporary": [{"from_day": "2021-05-01", "through": "2021-05-31"}]}
YEARS = {
    "basis": "account_years",
    "steps": [{"completed": 0, "percent": "5"}, {"completed": 3, "percent": "0"}],
}


def test_everything_that_a_contract_may_grant_is_told(tmp_path: Path) -> None:
    guaranteed = books.guaranteed(classified=True, rate_lock=True, minimum_rate="0.015", closes_on="2030-01-02")
    guaranteed["mva"] = {"method": "one", "yield_source": "constant_maturity", "yield_series": "CMT"}
    guaranteed["mva"]["spread_series"] = "SPREADS"
    terms = books.terms(
        books.fund("F1", opens_on="2021-06-01"),
        books.fixed_account_2(opens_on="2021-03-17", limit=LIMIT),
        {"kind": "fixed_plus_account", "option": "FP", "limit": {"full_withdrawal": "installments"}},
        guaranteed,
        applies_to="new_and_existing",
        accounts_open_by_deposit=False,
        transfers={"free_per_year": 12, "fee": "10.00"},
        early_withdrawal_charge={"lump_sum": YEARS, "exempt_reasons": ["death"], "exempt_options": ["FA2"]},
        contribution_limits={"by_year": [{"year": 2021, "limit": "19500.00", "catch_up": "6500.00"}]},
        mva_waivers=[{"from_day": "2021-05-01", "through": "2021-05-31"}],
        death_benefit="greater_of_purchases",
        reinvestment={},
        loans={},
        maintenance_fee={"amount": "30.00", "roth_percent": "50"},
        cycles={"payments_per_cycle": 26, "installment_sources": ["salary_reduction", "employer"]},
        deferral_orders=[{"from_day": "2021-03-01", "through": "2021-03-05"}],
        installments={"use": "full_withdrawals"},
        income={"variable": {"charge_class": "A-INCOME", "options": ["F1"]}},
        charge_review=review(effective_on="04-01"),
    )
    out = checked(tmp_path, json.dumps(terms)).out
    for line in (
        "transfer fee reach new and existing participants",
        "accounts: pretax, employer, opened by instruction\n",
        "funds, at unit values of class A: F1 (takes money from 2021-06-01)",
        f"{FA2} any option, without limit from 2021-05-01 through 2021-05-31 (takes money from 2021-03-17)",
        "in 12 months may be transferred to funds and Fixed Account 2, full withdrawals of it paid in 5 installments, ",
        "one every 12 months (takes none from 2013-10-01)",
        "GAA: classified guaranteed terms of series G, at least 1.5%, Method One by CMT, SPREADS",
        ", rate lock of 45 days (takes none from 2030-01-02)",
        "transfers: 12 free a year, then $10.00 each",
        "early withdrawal charge: of lump sums 5% from 0, 0% from 3 completed account years; none of FA2, death",
        "a calendar year: $19500.00 from 2021 (and $6500.00 to catch up)",
        "a negative adjustment is waived for transfers from 2021-05-01 through 2021-05-31",
        "death benefit: at least the adjusted purchase total",
        "full withdrawals may be reinvested: elected within 30 days, received within 60",
        "loans, not from the Roth account",
        "maintenance fee: $30.00 a year per account, 50% of it from the Roth account",
        "26 payments complete a cycle: salary reduction, employer",
        "payments of fixed account 2 and guaranteed deferred 6 months, 2021-03-01 through 2021-03-05",
        "full withdrawals paid over 60 months above $250000.00 of Fixed Account 2 in the account",
        "daily asset charge reviewed every 01-08 by the total of the 457 contracts of ACME: 1% from $0.00, 0.8% from ",
        "$1000.00, 0.5% from $5000.00, 30 days later, on 04-01",
        "annuity options: fixed at 3.5%, for a period of 3 to 30 years; variable in F1",
    ):
        assert line in out


TWICE = "the term is said a second time, and only the last would count"
Case = tuple[str, str, str, str, str]
"""What is changed into what; the place and term told, the message, the code and rules."""

REVIEW = """"charge_review": {{"contract_holder": "ACME", "contract_class": "457", "review_on": "12-31", \
"tiers": {}}}, "title\""""
TIERS = '[{"from_amount": "0.00", "daily_asset_charge": "0.01"}]'
TIERS_DOWN = (
    '[{"from_amount": "0.00", "daily_asset_charge": "0.01"}, {"from_amount": "0.00", "daily_asset_charge": "0.005"}]'
)
CASES: list[Case] = [
    ('"0.01"', "0.01", "10:70: options[1].contract_minimum", "a decimal number is written as a string",
     "AMOUNT_NOT_A_STRING; FIX-5"),
    ('"0.01"', '"0,01"', "10:70: options[1].contract_minimum", "not a decimal number in plain notation",
     "AMOUNT_NOT_A_NUMBER; FIX-5"),
    (', "fund": "F1"', "", "9:5: options[0].fund", "Field required", "MISSING_FIELD; FND-1"),
    ('"title"', '"titel"', "1:1: title", "Field required", "MISSING_FIELD; GEN-3"),
    ('"title"', '"titel"', "5:12: titel", "Extra inputs are not permitted", "INVALID_VALUE; GEN-3"),
    ('"version": 1', '"version": "1"', "3:14: version", "Input should be a valid integer", "WRONG_TYPE; GEN-6"),
    ("2021-01-04", "2021-02-29", "4:21: effective_from", "no such day in the calendar", "DATE_NOT_PLAUSIBLE; GEN-6"),
    ('"pretax"', '"pretax", "post"', "7:26: accounts[1]", "Input should be 'pretax', 'employer' or 'roth'",
     "INVALID_VALUE; ACC-1"),
    ('"title"', '"transfers": {"fee": "11.00"}, "title"', "5:16: transfers", "the transfer fee is between $0 and $10",
     "INVALID_VALUE; TRF-2"),
    ('"title"', '"sales_charge_percent": "7", "title"', "1:1",
     "premium tax is at most 4% and the sales charge at most 6%", "INVALID_VALUE; DEP-1"),
    ("FA2", "F1", "1:1", "each option has a name of its own", "OPTION_NAMED_TWICE; GEN-3"),
    ('"title"', REVIEW.format('[{"from_amount": "1.00", "daily_asset_charge": "0.01"}]'), "5:20: charge_review",
     "tiers begin with the amount 0, and ascend", "INVALID_VALUE; FND-4"),
    ('"title"', REVIEW.format(TIERS_DOWN), "5:20: charge_review", "tiers begin with the amount 0, and ascend",
     "INVALID_VALUE; FND-4"),
    ('"title"', REVIEW.format("[]"), "5:104: charge_review.tiers",
     "Tuple should have at least 1 item after validation, not 0", "INVALID_VALUE; FND-4"),
    ('"title"', REVIEW.format(TIERS).replace("12-31", "02-29"), "5:86: charge_review.review_on",
     "every year must have the day", "INVALID_VALUE; FND-4"),
    ('"title"', REVIEW.format(TIERS).replace("12-31", "1-31"), "5:86: charge_review.review_on",
     "a day of every year is written MM-DD", "INVALID_VALUE; FND-4"),
    ('"version": 1', '"version": 1, "version": 2', "3:28: version", TWICE, "INVALID_VALUE; GEN-6"),
    ('"version": 1', '"version": ,', "3:14", "no JSON: Expecting value", "INVALID_VALUE; GEN-3"),
    ('"a plan"', '"a plan', "5:20", "no JSON: Invalid control character at", "INVALID_VALUE; GEN-3"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_an_error_is_told_with_line_column_term_reason_and_rule(tmp_path: Path, case: Case) -> None:
    old, new, place, message, codes = case
    assert f"{place}: {message} [{codes}]" in told(checked(tmp_path, TERMS.replace(old, new)), tmp_path)


def test_every_error_is_told_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = TERMS.replace('"0.01"', "1").replace('"version": 1', '"version": 0').replace('"fund": "F1"', '"fund": ""')
    places = [line.split(" ")[0] for line in told(checked(tmp_path, text), tmp_path)]
    assert places == ["3:14:", "9:46:", "10:70:"]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "1:1: no JSON: Expecting value"),
        (b"[1]", "1:1: Input should be an object"),
        (b'{\n "title": "\xe4"}', "2:12: not UTF-8"),
        (b"\xef\xbb\xbf{}", "1:1: no JSON: Unexpected UTF-8 BOM"),
        (b"[" * 100_000, "1:1: lists and objects lie too deep in one another"),
        (b'{"title": "\\ud800"}', "1:1: Invalid JSON"),
    ],
)
def test_what_is_no_terms_at_all(tmp_path: Path, data: bytes, problem: str) -> None:
    assert told(checked(tmp_path, data), tmp_path)[0].startswith(problem)


def test_terms_of_rules_that_are_not_built_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unbuilt = (("scales.units", "GEN-4"),)
    monkeypatch.setattr("services.runtime.cli.checking_terms.unavailable_in_terms", lambda _: unbuilt)
    text = TERMS.replace('"title"', '"scales": {"units": 6},\n  "title"')
    (problem,) = told(checked(tmp_path, text), tmp_path)
    assert problem == (
        "5:23: scales.units: needs rule GEN-4, which is not available in this version [NOT_AVAILABLE; GEN-4]"
    )


def test_a_missing_file_is_called_wrongly(tmp_path: Path) -> None:
    assert annuity_ledger("contract", "check", tmp_path / "none.json").code == 2


def test_several_files_of_which_one_is_wrong(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(TERMS)
    bad.write_text("{")
    done = annuity_ledger("contract", "check", bad, good)
    assert done.code == 1
    assert done.out.startswith(f"{good}: OK\n")
    assert done.err.startswith(f"{bad}:1:2: no JSON: ")


def test_terms_as_a_line_to_publish(tmp_path: Path) -> None:
    done = checked(tmp_path, TERMS, "--as-line")
    assert done.out.count("\n") == 1
    line = read_line(done.out.encode(), "line")
    assert isinstance(line, Message)
    assert (line.topic, line.key, json.loads(line.value or b"")) == ("contract-terms", "C1", json.loads(TERMS))


def test_a_term_of_an_option_that_is_not_built_is_found_by_the_options_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unbuilt = (("options.FA.2.limit.percent", "LIM-3"), ("options.FA.2.opens_on", "GEN-8"))
    monkeypatch.setattr("services.runtime.cli.checking_terms.unavailable_in_terms", lambda _: unbuilt)
    options = [books.fund("FA"), books.fixed_account_2(option="FA.2", limit={"percent": "60"})]
    found = told(checked(tmp_path, json.dumps(books.terms(*options), indent=1)), tmp_path)
    assert [problem.partition(" ")[2].partition(":")[0] for problem in found] == [
        "options[1]",
        "options[1].limit.percent",
    ]

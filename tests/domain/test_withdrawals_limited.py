"""WDL-6: partial withdrawals share the Fixed Plus limit; LIM-2, LIM-3: what they take off what may be transferred.

Nothing earns interest: values are what was put in.
"""

import pytest

from tests.domain.books import Book, Json, Outcome, at, deposit, only, opening, request, shares, withdrawal
from tests.domain.books_income import election
from tests.domain.books_limits import ask, book_of, contract, fixed_plus, left, moved, refused, resting

FIRST, DAY, NEXT = "2021-01-04", "2021-01-05", "2021-01-06"
FP: Json = {"from": [{"option": "FP"}]}
FA2: Json = {"from": [{"option": "FA2"}]}
SUPPLEMENT: list[object] = [
    "transfer", "partial_withdrawal", "full_withdrawal", "systematic", "loan", "annuity_purchase"
]  # fmt: skip


def plus(amount: str = "10000.00", terms: Json | None = None, **limit: object) -> Book:
    version = contract(fixed_plus(**limit), resting(), **(terms or {}))
    return book_of(version, FIRST, FP=amount, F1="10000.00")


def out(book: Book, day: str, **what: object) -> Outcome:
    book.withdraw(withdrawal(f"w-{day}", day, **what))
    return only(book.close(day))


def test_wdl_6_a_partial_withdrawal_shares_the_limit_with_transfers() -> None:
    """Of 10,000: 1,000 transferred, then 20% × 9,000 − 1,000 = 800 may be withdrawn, and nothing is left for either."""
    book = plus()
    moved(book, DAY, "1000.00", option="FP")
    outcome = out(book, NEXT, amount="800.01", **FP)
    assert outcome.message["rules"] == ["LIM-2", "WDL-6", "LIM-7", "LIM-5"]
    found = refused(outcome)
    assert (found["requested"], found["used"], found["available"]) == ("800.01", "1000.00", "800.00")
    assert found["possible_from"] == "2022-01-05"
    outcome = out(book, "2021-01-07", amount="800.00", **FP)
    assert (left(outcome), outcome.message["paid"]) == ({"FP": "0.00"}, "800.00")
    assert {"WDL-6", "LIM-2"} <= set(outcome.message["rules"])
    found = refused(moved(book, "2021-01-08", "0.01", option="FP"))
    assert (found["used"], found["available"]) == ("1800.00", "0.00")


def test_wdl_6_a_share_over_its_limit_rejects_the_whole_request() -> None:
    """4,000.02 pro rata of FP and F1, each 10,000, is 2,000.01 of FP: a cent too much; 4,000.00 is not."""
    book = plus()
    before = book.account()
    outcome = out(book, DAY, amount="4000.02")
    assert (refused(outcome)["requested"], refused(outcome)["available"]) == ("2000.01", "2000.00")
    assert book.account() == before
    assert out(book, NEXT, amount="4000.00").dollars() == {"F1": "-2000.00", "FP": "-2000.00"}


def test_wdl_6_a_full_withdrawal_is_a_lump_sum_and_not_limited() -> None:
    outcome = out(plus(), DAY, full=True)
    assert (outcome.message["paid"], outcome.message["limits"]) == ("20000.00", None)
    assert "WDL-6" in outcome.message["rules"]


def test_wdl_6_all_of_the_option_alone_is_a_part_of_the_account() -> None:
    assert refused(out(plus(), DAY, full=True, **FP))["available"] == "2000.00"


def test_wdl_6_off_where_the_terms_do_not_limit_withdrawals() -> None:
    """They still take off what may be transferred: 20% × 5,000 − 5,000."""
    book = plus(limits_withdrawals=False)
    outcome = out(book, DAY, amount="5000.00", **FP)
    assert (outcome.message["paid"], outcome.message["limits"]) == ("5000.00", None)
    assert refused(moved(book, NEXT, "0.01", option="FP"))["used"] == "5000.00"


def test_wdl_6_a_balance_of_1000_dollars_frees_transfers_and_withdrawals_where_the_terms_say_so() -> None:
    """E-FA2 §8 waives the limit when a *transfer* request is received: 20% of 1,000 may be withdrawn."""
    assert refused(out(plus("1000.00"), DAY, amount="200.01", **FP))["available"] == "200.00"
    both = plus("1000.00", waivers_reach="transfers_and_withdrawals")
    assert out(both, DAY, amount="1000.00", **FP).message["paid"] == "1000.00"


def test_wdl_6_a_dated_waiver_is_one_of_transfers_unless_the_terms_say_otherwise() -> None:
    waived = [{"from_day": DAY, "through": DAY}]
    assert refused(out(plus(temporary=waived), DAY, amount="2000.01", **FP))["possible_from"] is None
    both = plus(temporary=waived, waivers_reach="transfers_and_withdrawals")
    assert out(both, DAY, amount="10000.00", **FP).message["paid"] == "10000.00"


def test_lim_2_systematic_payments_count_only_where_the_contract_includes_them() -> None:
    """ECO and SWO: 3,000 paid leave 20% × 7,000; where they are included they share the 20% of 10,000."""
    book = plus()
    assert out(book, DAY, amount="3000.00", reason="systematic", **FP).message["limits"] is None
    assert left(moved(book, NEXT, "1400.00", option="FP")) == {"FP": "0.00"}
    included = plus(deducted=["transfer", "partial_withdrawal", "annuity_purchase", "systematic"])
    assert refused(out(included, DAY, amount="2000.01", reason="systematic", **FP))["available"] == "2000.00"
    assert left(out(included, NEXT, amount="500.00", reason="systematic", **FP)) == {"FP": "1400.00"}  # 1,900 − 500


@pytest.mark.parametrize("reason", ["lifetime_income", "nonlifetime_income"])
def test_lim_2_what_buys_an_annuity_is_not_limited_and_counts(reason: str) -> None:
    book = plus()
    assert out(book, DAY, amount="3000.00", reason=reason, **FP).message["limits"] is None
    found = refused(moved(book, NEXT, "0.01", option="FP"))
    assert (found["base_value"], found["used"], found["available"]) == ("7000.00", "3000.00", "0.00")


def test_lim_3_withdrawals_count_where_the_contract_follows_the_supplement() -> None:
    """1,000 withdrawn of 10,000 of Fixed Account 2: 50% × 9,000 is 4,500, by the supplement less 1,000."""
    books = [book_of(contract(resting(**limit)), FIRST, FA2="10000.00") for limit in ({}, {"deducted": SUPPLEMENT})]
    for book, available in zip(books, ("4500.00", "3500.00"), strict=True):
        assert out(book, DAY, amount="1000.00", **FA2).message["limits"] is None, "withdrawals of it are not limited"
        assert refused(moved(book, NEXT, "4500.01"))["available"] == available


def test_pitfall_reinvestment_after_a_full_withdrawal_gives_no_new_limit() -> None:
    """2,000 of 10,000 transferred, 8,000 withdrawn and all of it reinvested (WDL-10): 20% × 8,000 − 2,000 < 0."""
    book = plus(terms={"reinvestment": {}})
    moved(book, DAY, "2000.00", option="FP")
    assert out(book, NEXT, full=True).message["paid"] == "20000.00"
    book.instruct(request("elect", "2021-01-07", instruction={"kind": "reinvestment_election", "account": "pretax"}))
    book.deposit(deposit("back", "2021-01-07", "20000.00", source="reinvestment"))
    book.close("2021-01-07")
    found = refused(moved(book, "2021-01-08", "0.01", option="FP"))
    assert (found["base_value"], found["used"], found["available"]) == ("8000.00", "2000.00", "0.00")


def test_pitfall_a_withdrawal_and_a_transfer_of_one_close_share_the_limit() -> None:
    """By receipt: 1,500 withdrawn first, then 20% × 8,500 − 1,500 = 200 transferred."""
    book = plus()
    ask(book, "t1", at(DAY, "11:00:00"), "200.01", option="FP")
    ask(book, "t2", at(DAY, "11:00:01"), "200.00", option="FP")
    book.withdraw(withdrawal("w", at(DAY, "10:00:00"), amount="1500.00", **FP))
    first, second, third = book.close(DAY)
    assert left(first) == {"FP": "200.00"}
    assert refused(second)["available"] == "200.00"
    assert left(third) == {"FP": "0.00"}


def test_wdl_6_a_quote_tells_the_limit_and_uses_nothing_of_it() -> None:
    book = plus()
    quote = only(book.withdraw(withdrawal("q", DAY, amount="2000.00", mode="quote", **FP)), "quotes")
    assert (quote.message["limits"][0]["available"], quote.message["limits"][0]["left"]) == ("2000.00", "0.00")
    assert book.account().uses == ()
    assert out(book, DAY, amount="2000.00", **FP).topic == "confirmations"


def test_lim_2_a_withdrawal_of_two_options_records_each() -> None:
    book = book_of(contract(fixed_plus(), resting()), FIRST, FP="1000.00", FA2="3000.00")
    out(book, DAY, amount="400.00", **{"from": [{"option": "FP", "percent": "25"}, {"option": "FA2", "percent": "75"}]})
    assert [(use.option, str(use.amount), use.kind) for use in book.account().uses] == [
        ("FP", "100.00", "partial_withdrawal"),
        ("FA2", "300.00", "partial_withdrawal"),
    ]
    assert moved(book, NEXT, "1350.00", to=shares(F1="100")).topic == "confirmations"


BOTH: Json = {"account": None, "accounts": ["employer", "pretax"], **FP}


def with_employer(percent: str = "20") -> Book:
    """$4,000 of FP in the employer's account, beside the 10,000 of the other."""
    book = plus(percent=percent)
    book.instruct(opening("employer", FIRST, "employer"))
    book.deposit(deposit("put", DAY, "4000.00", account="employer", allocation=shares(FP="100")))
    book.close(DAY)
    return book


def test_wdl_6_of_several_accounts_each_has_its_own_limit() -> None:
    """WDL-13: the first is drawn on first, for 900 of its 4,000: 20% are 800. The other's 2,000 do not help."""
    book = with_employer()
    found = refused(out(book, NEXT, amount="900.00", **BOTH))
    assert (found["account"], found["requested"], found["available"]) == ("employer", "900.00", "800.00")
    assert left(out(book, "2021-01-07", amount="800.00", **BOTH)) == {"FP": "0.00"}


def test_wdl_6_limits_are_told_of_every_account() -> None:
    """All of them allowed, 5,000 are the employer's 4,000 and 1,000: 100% × 9,000 − 1,000 are left of the other."""
    lines = out(with_employer(percent="100"), NEXT, amount="5000.00", **BOTH).message["limits"]
    assert [(line["account"], line["taken"], line["left"]) for line in lines] == [
        ("employer", "4000.00", "0.00"),
        ("pretax", "1000.00", "8000.00"),
    ]


def test_lim_2_what_an_income_election_applies_counts() -> None:
    """1,500 of 10,000 buy an annuity: 20% × 8,500 − 1,500 = 200 of it may still be withdrawn."""
    book = plus(terms={"income": {}})
    book.instruct(election("elect", DAY, amount="1500.00", **FP))
    assert book.close(DAY)[0].message["kind"] == "income_elected"
    found = refused(out(book, NEXT, amount="200.01", **FP))
    assert (found["base_value"], found["used"], found["available"]) == ("8500.00", "1500.00", "200.00")


def test_wdl_9_a_loan_is_not_limited_and_counts_only_where_the_terms_say_so() -> None:
    """3,000 of 10,000 lent: 20% × 7,000 = 1,400 may be transferred; where loans are deducted 1,400 − 3,000 < 0."""
    for deducted, available in ((["transfer"], "1400.00"), (["transfer", "loan"], "0.00")):
        book = plus(terms={"loans": {}}, deducted=deducted)
        assert out(book, DAY, amount="3000.00", reason="loan", **FP).message["paid"] == "3000.00"
        assert refused(moved(book, NEXT, "1400.01", option="FP"))["available"] == available

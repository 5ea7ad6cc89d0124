"""DEP-8: how a deposit may be paid: refused forms, money orders over a rolling year, and what must be explained."""

import pytest

from contracts_schema.entries import RequestEntry, request_of
from contracts_schema.requests import DepositRequest
from services.domain.particulars import MoneyOrder
from tests.domain.books import Book, Json, Outcome, at, business_days, deposit, fund, only, shares, terms
from tests.domain.gaa import day

F1 = shares(F1="100")
REFUSED = ("travelers_cheque", "cashiers_check", "bank_draft", "bank_check", "treasurers_check")
EXPLAINED: Json = {"payment_reason": "paid by the spouse", "source_of_funds": "joint account at First Bank"}


def paid(request_id: str, received: str, amount: str, form: str, **more: object) -> Json:
    return deposit(request_id, received, amount, **{"allocation": F1, "payment_form": form, **more})


def ordered(request_id: str, received: str, amount: str, **more: object) -> Json:
    return paid(request_id, received, amount, "money_order", **more)


def book(**more: object) -> Book:
    return Book(terms(fund("F1"), **more), rates=False)


def numbers(rejected: Outcome) -> Json:
    (reason,) = rejected.message["reasons"]
    assert (reason["code"], reason["rules"], reason["field"]) == ("MONEY_ORDERS_EXCEED", ["DEP-8"], "amount")
    found: Json = reason["numbers"]
    return found


@pytest.mark.parametrize("form", REFUSED)
def test_dep_8_some_forms_are_refused(form: str) -> None:
    folded = book()
    folded.deposit(paid("d1", "2021-01-04", "0.01", form))
    (reason,) = only(folded.close("2021-01-04"), "rejections").message["reasons"]
    assert (reason["code"], reason["rules"], reason["field"]) == ("PAYMENT_FORM_REFUSED", ["DEP-8"], "payment_form")
    assert reason["numbers"] == {"payment_form": form}
    assert reason["clause"] == "DEP-8: GAA, Anti-Money Laundering (forms of payment)"


@pytest.mark.parametrize("form", [None, "ach", "wire", "check"])
def test_dep_8_plain_forms_need_nothing(form: str | None) -> None:
    folded = book()
    folded.deposit(paid("d1", "2021-01-04", "999999.00", "ach") | {"payment_form": form})
    confirmed = only(folded.close("2021-01-04"))
    assert confirmed.message["details"] == {"source": "salary_reduction", "account_opened": "by this deposit"}
    assert "DEP-8" not in confirmed.message["rules"]


def test_dep_8_which_forms_is_a_contract_term() -> None:
    folded = book(payments={"refused_forms": ["wire"], "explained_forms": ["check"]})
    for number, form in enumerate(("wire", "check", "bank_draft", "third_party_check")):
        folded.deposit(paid(f"d{number}", "2021-01-04", "1.00", form))
    wire, check, draft, third_party = folded.close("2021-01-04")
    assert (wire.codes, check.codes) == (["PAYMENT_FORM_REFUSED"], ["PAYMENT_NOT_EXPLAINED"] * 2)
    assert (draft.topic, third_party.topic) == ("confirmations", "confirmations")


def test_dep_8_third_party_checks_need_a_reason_and_the_source_of_funds() -> None:
    folded = book()
    folded.deposit(paid("d1", "2021-01-04", "10.00", "third_party_check"))
    folded.deposit(paid("d2", "2021-01-04", "10.00", "third_party_check", payment_reason="a gift"))
    folded.deposit(paid("d3", "2021-01-04", "10.00", "third_party_check", **EXPLAINED))
    nothing, half, confirmed = folded.close("2021-01-04")
    fields = [[reason["field"] for reason in each.message["reasons"]] for each in (nothing, half)]
    assert fields == [["payment_reason", "source_of_funds"], ["source_of_funds"]]
    assert nothing.codes == ["PAYMENT_NOT_EXPLAINED"] * 2
    assert nothing.message["reasons"][0]["numbers"] == {"payment_form": "third_party_check"}
    told = {name: confirmed.message["details"][name] for name in ("payment_form", *EXPLAINED)}
    assert told == {"payment_form": "third_party_check", **EXPLAINED}
    assert "DEP-8" in confirmed.message["rules"]


@pytest.mark.parametrize("blank", ["", "   ", "x" * 201])
def test_dep_8_an_explanation_says_something(blank: str) -> None:
    rejected = only(book().deposit(paid("d1", "2021-01-04", "10.00", "check", payment_reason=blank)), "rejections")
    assert rejected.codes == ["INVALID_VALUE"]


def test_dep_8_money_orders_total_at_most_5000_dollars() -> None:
    # 3,000.00 + 1,999.99 = 4,999.99; 0.02 more would be 5,000.01, 0.01 makes exactly 5,000.00.
    folded = book()
    amounts = ("3000.00", "1999.99", "0.02", "0.01", "5000.01")
    for number, amount in enumerate(amounts):
        folded.deposit(ordered(f"d{number}", at("2021-01-04", f"1{number}:00:00"), amount))
    first, second, over, exact, never = folded.close("2021-01-04")
    assert first.message["details"]["money_orders_total"] == "3000.00"
    assert first.message["details"]["payment_form"] == "money_order"
    assert second.message["details"]["money_orders_total"] == "4999.99"
    assert numbers(over) == {
        "requested": "0.02", "limit": "5000.00", "used": "4999.99", "available": "0.01", "since": "2020-01-05",
    }  # fmt: skip
    assert over.message["possible_from"] == "2022-01-04"
    assert exact.message["details"]["money_orders_total"] == "5000.00"
    assert never.message["possible_from"] is None  # more than the limit by itself


def test_dep_8_money_orders_of_all_accounts_and_sources_count() -> None:
    folded = book()
    folded.deposit(ordered("d1", "2021-01-04", "4000.00"))
    folded.deposit(ordered("d2", at("2021-01-04", "11:00:00"), "1000.01", account="employer", source="rollover"))
    folded.deposit(paid("d3", at("2021-01-04", "12:00:00"), "8000.00", "check"))
    folded.deposit(ordered("d4", at("2021-01-04", "13:00:00"), "5000.00", participant_id="P2"))
    outcomes = {(each.key, each.message["request_id"]): each for each in folded.close("2021-01-04")}
    assert numbers(outcomes["C1|P1", "d2"])["available"] == "1000.00"
    assert outcomes["C1|P1", "d3"].topic == outcomes["C1|P2", "d4"].topic == "confirmations"


@pytest.mark.parametrize(
    ("first", "later", "accepted"),
    [
        ("2021-01-05", "2022-01-04", False),  # twelve months less a day
        ("2021-01-04", "2022-01-04", True),  # the same day twelve months later has left the window
        ("2020-02-28", "2021-03-01", True),  # a Friday, and the Monday after 28 February 2021
        ("2023-02-28", "2024-02-29", True),
        ("2024-02-29", "2025-02-28", False),  # the same day twelve months before is 28 February 2024
        ("2024-02-29", "2025-03-03", True),
    ],
)
def test_dep_8_the_window_is_the_twelve_months_before(first: str, later: str, *, accepted: bool) -> None:
    folded = book(effective_from=first)
    folded.deposit(ordered("d1", first, "5000.00"))
    folded.close(first)
    for each in list(business_days(first, later))[1:-1]:
        folded.close(each)
    folded.deposit(ordered("d2", later, "5000.00"))
    outcome = only(folded.close(later))
    assert outcome.topic == ("confirmations" if accepted else "rejections")


def test_dep_8_the_first_day_on_which_it_would_be_accepted() -> None:
    # 2,000 on 4 January and 2,500 on the 5th leave 500. 2,500 more fits when the first has left, on 4 January 2022:
    # 2,500 + 2,500 = 5,000. 2,500.01 fits when the second has too.
    folded = book()
    folded.deposit(ordered("d1", "2021-01-04", "2000.00"))
    folded.close("2021-01-04")
    folded.deposit(ordered("d2", "2021-01-05", "2500.00"))
    folded.close("2021-01-05")
    folded.deposit(ordered("d3", at("2021-01-06", "10:00:00"), "2500.00"))
    folded.deposit(ordered("d4", at("2021-01-06", "11:00:00"), "2500.01"))
    third, fourth = folded.close("2021-01-06")
    assert (third.message["possible_from"], fourth.message["possible_from"]) == ("2022-01-04", "2022-01-05")


def test_dep_8_what_came_on_the_last_of_february_leaves_in_march() -> None:
    folded = book(effective_from="2024-02-29")
    folded.deposit(ordered("d1", "2024-02-29", "5000.00"))
    folded.close("2024-02-29")
    folded.deposit(ordered("d2", "2024-03-01", "1.00"))
    assert only(folded.close("2024-03-01")).message["possible_from"] == "2025-03-01"


def test_dep_8_months_and_dollars_are_contract_terms() -> None:
    folded = book(payments={"money_order_limit": "100.00", "money_order_months": 1})
    folded.deposit(ordered("d1", "2021-01-04", "100.00"))
    folded.close_through("2021-01-04", "2021-02-02")
    folded.deposit(ordered("d2", "2021-02-03", "0.01"))
    rejected = only(folded.close("2021-02-03"))
    assert (numbers(rejected)["since"], rejected.message["possible_from"]) == ("2021-01-04", "2021-02-04")
    folded.deposit(ordered("d3", "2021-02-04", "100.00"))
    assert only(folded.close("2021-02-04")).topic == "confirmations"


def test_dep_8_what_no_window_reaches_any_more_is_forgotten() -> None:
    # One month and 31 days before 8 March 2021 is 8 January: of the 4th nothing is kept, of 5 February it is.
    folded = book(payments={"money_order_months": 1})
    for each in ("2021-01-04", "2021-02-05", "2021-03-08"):
        folded.deposit(ordered(f"d-{each}", each, "1.00"))
    folded.close_through("2021-01-04", "2021-03-08")
    books = folded.participant()
    assert books is not None
    assert [(order.day, str(order.dollars)) for order in books.money_orders] == [
        (day("2021-02-05"), "1.00"),
        (day("2021-03-08"), "1.00"),
    ]
    assert isinstance(books.money_orders[0], MoneyOrder)


def test_dep_8_what_is_rejected_is_no_money_order() -> None:
    folded = book()
    folded.deposit(ordered("d1", "2021-01-04", "5000.00", source="roth_rollover"))
    folded.deposit(ordered("d2", at("2021-01-04", "11:00:00"), "5000.00"))
    rejected, confirmed = folded.close("2021-01-04")
    assert rejected.codes == ["SOURCE_NOT_FOR_ACCOUNT"]
    assert confirmed.message["details"]["money_orders_total"] == "5000.00"


def test_pitfall_dep_8_a_limit_of_the_year_and_money_orders_on_one_deposit() -> None:
    """Both are told, and the request succeeds only when both allow it."""
    limits = {"by_year": [{"year": 2021, "limit": "6000.00"}]}
    folded = book(contribution_limits=limits)
    folded.deposit(ordered("d1", "2021-01-04", "4000.00"))
    folded.deposit(ordered("d2", at("2021-01-04", "11:00:00"), "3000.00"))
    _, rejected = folded.close("2021-01-04")
    assert rejected.codes == ["CONTRIBUTION_LIMIT_EXCEEDED", "MONEY_ORDERS_EXCEED"]
    assert [reason["possible_from"] for reason in rejected.message["reasons"]] == ["2022-01-01", "2022-01-04"]
    assert rejected.message["possible_from"] == "2022-01-04"


def test_a_deposit_logged_before_it_could_be_explained_says_what_it_said() -> None:
    """Release 0.1 ignored these fields whatever stood in them; its entries have no `day_recorded`."""
    content = deposit("d1", "2021-01-04", "1.00", catch_up="perhaps", payment_reason=7, source_of_funds="")
    entry: Json = {"topic": "deposit-requests", "source_partition": 0, "source_offset": 1, "fingerprint": "f"}
    entry |= {"recorded_at": "2021-01-04T15:00:00Z", "trade_date_recorded": "2021-01-04", "received_at_trusted": False}
    read = request_of(RequestEntry.model_validate(entry | {"request": content}))
    assert isinstance(read, DepositRequest)
    assert (read.catch_up, read.payment_reason, read.source_of_funds, str(read.amount)) == (False, None, None, "1.00")

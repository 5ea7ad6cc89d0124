"""What is not built is refused NOT_AVAILABLE with its rule's id, whichever field, instruction or term needs it."""

from typing import Any

import pytest

from contracts_schema.contributions import ROTH_SOURCES, PaymentForm, Source
from contracts_schema.rules import RULES
from contracts_schema.terms import UnbuiltTerms
from contracts_schema.withdrawing import WithdrawalReason
from services.domain.availability import UNBUILT_TERM_RULES
from tests.domain.books import (
    Book,
    Json,
    deposit,
    only,
    opening,
    request,
    shares,
    terms,
    transfer,
    withdrawal,
)

F1 = shares(F1="100")
LEG = [{"option": "F1", "all": True}]
LIFE_IN_UNITS: Json = {
    "kind": "income_election",
    "account": "pretax",
    "annuity": "lifetime",
    "payments": "variable",
    "funds": F1,
    "first_payment": "2021-03-01",
    "amount": "100.00",
}


def dep(**more: object) -> tuple[str, Json]:
    return "deposit-requests", deposit("r1", "2021-01-04", "100.00", **{"allocation": F1, **more})


def wdl(**more: object) -> tuple[str, Json]:
    return "withdrawal-requests", withdrawal("r1", "2021-01-04", **{"amount": "10.00", **more})


def ins(**order: object) -> tuple[str, Json]:
    return "account-instructions", request("r1", "2021-01-04", instruction=order)


REQUESTS: list[Any] = [
    (ins(**LIFE_IN_UNITS), "instruction.payments", "INC-4"),
]


@pytest.mark.parametrize(("message", "field", "rule"), REQUESTS)
def test_not_available_request(message: tuple[str, Json], field: str, rule: str) -> None:
    book = Book(terms())
    book.instruct(opening("o1", "2021-01-04"))
    before = book.participant()
    rejected = only(book.publish(*message), "rejections")
    assert rejected.codes == ["NOT_AVAILABLE"]
    assert rejected.message["reasons"][0]["field"] == field
    assert rejected.message["rules"] == [rule]
    assert rule in RULES
    after = book.participant()
    assert before is not None
    assert after is not None
    assert after.accounts == before.accounts
    assert not after.waiting


def test_not_available_names_every_field_at_once() -> None:
    topic, message = ins(**LIFE_IN_UNITS)
    message["as_of"] = "2021-01-04"
    rejected = only(Book(terms()).publish(topic, message), "rejections")
    assert rejected.codes == ["AS_OF_NOT_AVAILABLE", "NOT_AVAILABLE"]
    assert [reason["field"] for reason in rejected.message["reasons"]] == ["as_of", "instruction.payments"]
    assert rejected.message["rules"] == ["GEN-2", "INC-4"]


@pytest.mark.parametrize(
    "message",
    [
        *(dep(source=source) for source in sorted(Source)),
        *(dep(payment_form=form) for form in sorted(PaymentForm)),
        *(dep(source=source, account="roth") for source in ROTH_SOURCES),
        ("transfer-requests", transfer("r1", "2021-01-04", LEG, F1, account="roth")),
        wdl(account="roth"),
        *(wdl(reason=reason) for reason in sorted(WithdrawalReason)),
        wdl(account=None, accounts=["pretax"]),
        wdl(event_date="2021-01-01"),
        ins(kind="maturity_election", account="pretax", lot="GAA-1", withdraw=True),
        dep(remittance_id="2021-01-A", pay_period={"start": "2021-01-01", "end": "2021-01-15"}),
        dep(remittance_id="2021-01-A", remittance_count=3, remittance_total="300.00"),
    ],
)
def test_everything_else_is_available(message: tuple[str, Json]) -> None:
    book = Book(terms())
    book.instruct(opening("o1", "2021-01-04"))
    assert only(book.publish(*message)).topic == "acknowledgements"


def test_every_term_that_is_not_built_is_in_the_table() -> None:
    assert UnbuiltTerms.model_fields.keys() == UNBUILT_TERM_RULES.keys()


def test_not_available_terms_leave_the_version_before_in_force() -> None:
    book = Book(terms())
    only(book.publish("contract-terms", terms(version=2, unbuilt={"cycles": True})), "alarms")
    book.deposit(deposit("r1", "2021-01-04", "100.00", allocation=F1))
    assert only(book.close("2021-01-04")).topic == "confirmations"


def test_fnd_4_another_charge_class_is_not_available() -> None:
    # Units of class A are worth class A's unit value; moving to B means exchanging them.
    book = Book(terms())
    alarm = only(book.publish("contract-terms", terms(version=2, charge_class="B")), "alarms")
    assert (alarm.message["code"], alarm.message["rules"]) == ("NOT_AVAILABLE", ["FND-4"])

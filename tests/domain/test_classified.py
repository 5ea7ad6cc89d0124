"""GAA-3, GAA-5, GAA-6, WDL-1, WDL-2 for classified contracts, by hand to the cent.

The lots of `gaa.held`: short old_2 at .9528, old_3 at .9500 and new_3 at 1.0000, long mid_5 at 1.1000 and new_5 at
1.0000; prices are 10.
"""

from typing import Any

import pytest

from contracts_schema.entries import RequestEntry, request_of
from contracts_schema.requests import TransferRequest
from tests.domain.books import FUNDS, Book, Json, Outcome, fixed_account_2, guaranteed, offering, only, opening, shares
from tests.domain.gaa import TRADE, drawn, flat, gaa_terms, held, leg, put, still, transferred, withdrawn

TO_F1 = shares(F1="100")
SHORT, LONG = "short", "long"


def classified(**more: object) -> Json:
    return gaa_terms(options=(*FUNDS, fixed_account_2(), guaranteed(classified=True)), **more)


def of(classification: str, **quantity: object) -> Json:
    return leg("GAA", classification=classification, **quantity)


def paid(outcome: Outcome) -> tuple[str, str, str]:
    """(value taken, aggregate adjustment, what is paid) of a withdrawal; it must balance."""
    message = outcome.message
    assert outcome.topic == "confirmations", message
    assert message["debits"] == message["credits"]
    return message["gross"], message["mva"]["aggregate"], message["paid"]


def test_wdl_1_each_classification_is_one_option() -> None:
    """$1,000 each in an old and a new three-year and a five-year term, gross $300: 200 of the 2,000 short, the oldest
    first, at .95 = 190; 100 of the 1,000 long. Without classifications it would pay 295.00.
    """
    outcome = withdrawn(held(classified(), old_3="1000.00", new_3="1000.00", new_5="1000.00"), **gross("300.00"))
    assert paid(outcome) == ("300.00", "-10.00", "290.00")
    assert drawn(outcome) == {"old_3": ("200.00", "0.9500", "-10.00"), "new_5": ("100.00", "1.0000", "0.00")}
    assert {"GAA-3", "WDL-1", "WDL-2"} <= set(outcome.message["rules"])
    assert "GAA-6" not in outcome.message["rules"], "nothing was chosen"


def gross(amount: str) -> Json:
    return {"amount": amount, "amount_type": "gross"}


def test_wdl_1_classifications_beside_other_options() -> None:
    """Gross 300 of F1 1,000, short 1,000 (two terms of one day: the one that matures first) and long 1,000."""
    book = held(classified(), F1="1000.00", old_2="500.00", old_3="500.00", mid_5="1000.00")
    outcome = withdrawn(book, **gross("300.00"))
    assert paid(outcome) == ("300.00", "5.28", "305.28")  # 100 + 100 × .9528 + 100 × 1.1
    assert drawn(outcome) == {"old_2": ("100.00", "0.9528", "-4.72"), "mid_5": ("100.00", "1.1000", "10.00")}
    assert outcome.dollars() == {"F1": "-100.00", "GAA": "-100.00 -100.00"}


def test_wdl_2_a_transfer_without_direction_is_pro_rata_over_the_classifications() -> None:
    book = held(classified(), old_3="1000.00", new_3="1000.00", new_5="1000.00")
    outcome = transferred(book, [leg("GAA", amount="300.00")], TO_F1, amount_type="gross")
    assert drawn(outcome) == {"old_3": ("200.00", "0.9500", "-10.00"), "new_5": ("100.00", "1.0000", "0.00")}
    assert outcome.dollars() == {"GAA": "-200.00 -100.00", "F1": "290.00"}
    assert {"GAA-3", "TRF-2", "WDL-2"} <= set(outcome.message["rules"])


def test_gaa_6_a_chosen_classification_is_drawn_oldest_first() -> None:
    """Net 1,200 of the long terms: 1,000 × 1.1 = 1,100 of the older one, then 100 of the newer."""
    book = held(classified(), old_3="1000.00", mid_5="1000.00", new_5="1000.00")
    outcome = withdrawn(book, legs=[of(LONG)], amount="1200.00")
    assert paid(outcome) == ("1100.00", "100.00", "1200.00")
    assert drawn(outcome) == {"mid_5": ("1000.00", "1.1000", "100.00"), "new_5": ("100.00", "1.0000", "0.00")}
    assert {"GAA-3", "GAA-6"} <= set(outcome.message["rules"])


def test_gaa_6_a_transfer_from_a_chosen_classification() -> None:
    """Net 1,100 of the short terms: 1,000 × .95 = 950 of the old one, 150 of the new one."""
    book = held(classified(), old_3="1000.00", new_3="1000.00", new_5="1000.00")
    outcome = transferred(book, [of(SHORT, amount="1100.00")], TO_F1)
    assert drawn(outcome) == {"old_3": ("1000.00", "0.9500", "-50.00"), "new_3": ("150.00", "1.0000", "0.00")}
    assert outcome.dollars()["F1"] == "1100.00"
    assert {"GAA-3", "GAA-6"} <= set(outcome.message["rules"])


def test_gaa_6_legs_of_both_classifications_with_percentages() -> None:
    """Gross 400: 75% short = 300 of old_3 × .95 = 285.00; 25% long = 100 at 1."""
    book = held(classified(), old_3="1000.00", new_3="1000.00", new_5="1000.00")
    legs = [of(LONG, percent="25"), of(SHORT, percent="75")]
    assert paid(withdrawn(book, legs=legs, **gross("400.00"))) == ("400.00", "-15.00", "385.00")


def test_wdl_2_legs_of_both_classifications_without_percentages_are_one_choice() -> None:
    """As the whole option: 200 short, 100 long; and short stands first, whatever the order of the request."""
    book = held(classified(), F1="5000.00", old_3="1000.00", new_3="1000.00", new_5="1000.00")
    outcome = withdrawn(book, legs=[of(LONG), of(SHORT)], **gross("300.00"))
    assert paid(outcome) == ("300.00", "-10.00", "290.00")
    assert [line["term"] for line in outcome.message["mva"]["lines"]] == [3, 5]


def test_wdl_2_transfers_pass_over_what_is_locked_in() -> None:
    """On 20 April the terms of the third week are still barred (22 January + 91 days = 23 April): 100 gross is all of
    the old three-year term, and a chosen classification that is barred cannot be left.
    """
    book = held(classified(), through="2021-04-19", old_3="1000.00", new_3="1000.00", new_5="1000.00")
    outcome = transferred(book, [leg("GAA", amount="100.00")], TO_F1, day="2021-04-20", amount_type="gross")
    assert [(line["term"], line["taken"]) for line in outcome.message["mva"]["lines"]] == [(3, "100.00")]
    refused = transferred(book, [of(LONG, amount="100.00")], TO_F1, day="2021-04-21")
    assert (refused.codes, refused.message["possible_from"]) == (["LOCKED_IN"], "2021-04-23")


MAY = offering("MAY", "2021-05-03", "2021-05-07", *(still(years, f"202{years + 1}-05-31") for years in (2, 3, 7)))


def in_may(**dollars: str) -> Book:
    """The classified book with terms of 2, 3 and 7 years on offer in the week of 3 May."""
    book = held(classified(), **dollars)
    book.publish("guaranteed-offerings", MAY)
    book.close_through(TRADE, "2021-05-04", flat("6"))
    return book


def test_gaa_5_between_classifications_into_the_open_deposit_period() -> None:
    """On Wednesday 5 May x of old_3 is 976: (1.04/1.06)^(976/365) = 0.950341 -> .9503. It counts toward the 12."""
    book = in_may(old_3="1000.00", new_3="1000.00")
    outcome = transferred(book, [of(SHORT, amount="500.00")], shares(GAA_7="100"), "2021-05-05", amount_type="gross")
    assert outcome.dollars() == {"GAA": "-500.00 475.15"}  # 500 × .9503
    assert outcome.message["free_transfers_left"] == 11
    assert {"GAA-3", "GAA-5", "GAA-6", "TRF-2", "DEP-5"} <= set(outcome.message["rules"])
    assert [(lot.years, str(lot.units)) for lot in book.lots()] == [
        (3, "500.000000"),
        (3, "1000.000000"),
        (7, "475.150000"),
    ]


@pytest.mark.parametrize(
    ("legs", "to"),
    [
        pytest.param([of(SHORT, all=True)], "GAA_2", id="three years to two"),
        pytest.param([of(SHORT, all=True)], "GAA_3", id="three years to three"),
        pytest.param([of(LONG, all=True)], "GAA_7", id="five years to seven"),
        pytest.param([leg("GAA", percent="10")], "GAA_7", id="both to seven"),
    ],
)
def test_gaa_5_not_within_a_classification(legs: list[Json], to: str) -> None:
    outcome = transferred(in_may(old_3="1000.00", new_5="1000.00"), legs, shares(**{to: "100"}), "2021-05-05")
    assert (outcome.codes, outcome.message["rules"]) == (["SAME_CLASSIFICATION"], ["GAA-3", "GAA-5"])


def maturing() -> Book:
    """$1,000 in a three-year term that matures on Wednesday 5 May 2021, when terms of 2, 3 and 7 years are on offer."""
    book = Book(classified())
    for offer in (offering("JAN", "2021-01-04", "2021-01-08", still(3, "2021-05-05")), MAY):
        book.publish("guaranteed-offerings", offer)
    book.instruct(opening("open", "2021-01-04"))
    put(book, "put", "2021-01-04", "1000.00", option="GAA", term=3, percent="100")
    book.close_through("2021-01-04", "2021-05-04", flat("6"))
    return book


def test_gaa_5_a_matured_term_may_stay_in_its_classification() -> None:
    """Requests of the maturity date find the term matured (MAT-6): no adjustment, and not counted (TRF-3)."""
    book = maturing()
    outcome = transferred(book, [of(SHORT, all=True)], shares(GAA_3="100"), "2021-05-05")
    assert outcome.dollars() == {"GAA": "-1000.00 1000.00"}
    assert outcome.message["free_transfers_left"] == 12
    assert [lot.maturity.isoformat() for lot in book.lots()] == ["2024-05-31"]


def test_mat_3_of_a_classified_contract_the_shortest_of_the_classification() -> None:
    book = maturing()
    book.close("2021-05-05", flat("6"))
    outcome = only(book.close("2021-05-06", flat("6")))
    assert (outcome.message["kind"], outcome.dollars()) == ("reinvested", {"GAA": "-1000.00 1000.00"})
    assert [(lot.years, lot.deposited.isoformat()) for lot in book.lots()] == [(2, "2021-05-05")]


REFUSED: list[Any] = [
    pytest.param(True, leg("GAA", 3), "TERM_NOT_CHOSEN", "from[0].term", id="a term of a classified option"),
    pytest.param(True, of(LONG), "CLASSIFICATION_NOT_HELD", "from[0].classification", id="nothing long is held"),
    pytest.param(False, of(SHORT), "CLASSIFICATION_NOT_EXPECTED", "from[0].classification", id="no classifications"),
    pytest.param(
        True,
        leg("F1", classification="short"),
        "CLASSIFICATION_NOT_EXPECTED",
        "from[0].classification",
        id="a fund has none",
    ),
]


@pytest.mark.parametrize(("is_classified", "chosen", "code", "field"), REFUSED)
def test_gaa_6_choices_that_cannot_be_made(*, is_classified: bool, chosen: Json, code: str, field: str) -> None:
    for made in (paid_out, moved_to_f2):
        book = held(classified() if is_classified else gaa_terms(), F1="1000.00", old_3="1000.00")
        outcome = made(book, chosen)
        assert (outcome.codes, outcome.message["reasons"][0]["field"]) == ([code], field)
        assert "GAA-6" in outcome.message["rules"]


def paid_out(book: Book, chosen: Json) -> Outcome:
    return withdrawn(book, legs=[chosen], amount="10.00")


def moved_to_f2(book: Book, chosen: Json) -> Outcome:
    return transferred(book, [chosen | {"amount": "10.00"}], shares(F2="100"))


def test_gen_3_an_option_and_its_classification_in_one_request() -> None:
    book = held(classified(), old_3="1000.00")
    outcome = withdrawn(book, legs=[leg("GAA"), of(SHORT)], amount="10.00")
    assert outcome.codes == ["OPTION_NAMED_TWICE"]


def test_gen_3_a_classification_there_is_not() -> None:
    book = held(classified(), old_3="1000.00")
    book.transfer(
        {
            "request_id": "t",
            "contract_id": "C1",
            "participant_id": "P1",
            "submitted_by": "acme",
            "received_at": f"{TRADE}T10:00:00-05:00",
            "account": "pretax",
            "from": [of("middling", all=True)],
            "to": TO_F1,
        }
    )
    assert book.outcomes[-1].codes == ["INVALID_VALUE"]


def test_the_first_release_ignored_a_classification() -> None:
    """Whatever it said: an entry of release 0.1 decides as it did then, with the note that it was ignored."""
    message = {"request_id": "t", "contract_id": "C1", "participant_id": "P1", "submitted_by": "acme"}
    content = {**message, "received_at": f"{TRADE}T10:00:00-05:00", "account": "pretax", "to": TO_F1}
    entry: Json = {"topic": "transfer-requests", "source_partition": 0, "source_offset": 1, "fingerprint": "f"}
    entry |= {"recorded_at": f"{TRADE}T10:00:00-05:00", "trade_date_recorded": TRADE, "received_at_trusted": True}
    entry |= {"request": {**content, "from": [{"option": "GAA", "all": True, "classification": 7}]}}
    read = request_of(RequestEntry.model_validate(entry))
    assert isinstance(read, TransferRequest)
    assert [leg.classification for leg in read.from_] == [None]

"""GAA-1: an offering with a rate outside its band stays out of the books until it is released, and is not forgotten."""

import json

from tests.domain.books import (
    Book,
    Json,
    deposit,
    fund,
    guaranteed,
    guaranteed_term,
    offering,
    only,
    shares,
    terms,
)
from tests.domain.books_closing import days, ordered, policy, release

CMT = ((3, "0.20"),)
BAND = {"series": "G", "lowest": "0.01", "highest": "0.04"}
ITEM = "guaranteed_rate|G|G1|3|2024-06-30"


def running() -> Book:
    """Fund F1 and the GAA; Tuesday 30 March 2021 is closed, and the second quarter begins on Thursday."""
    book = Book(terms(fund("F1"), guaranteed(), effective_from="2021-03-30"))
    ordered(book, policy("2021-03-30", guaranteed_rates=[BAND]))
    book.close("2021-03-30", cmt=CMT)
    return book


def quarter(*rates: str, offering_id: str = "G1") -> Json:
    """An offering of the second quarter: a three-year term of one rate, or of two."""
    ends = ["2024-06-30"] if len(rates) == 1 else ["2022-06-30", "2024-06-30"]
    return offering(offering_id, "2021-04-01", "2021-06-30", guaranteed_term(3, *zip(rates, ends, strict=True)))


def announced(book: Book) -> list[str]:
    """The offerings that are on the log."""
    entries = (json.loads(record.value or b"") for record in book.log)
    return [entry["offering"]["offering_id"] for entry in entries if entry["type"] == "offering"]


def test_gaa_1_an_offering_within_its_band_is_announced_at_once() -> None:
    book = running()
    assert book.publish("guaranteed-offerings", quarter("0.04")) == []
    assert announced(book) == ["G1"]


def test_gaa_1_an_offering_outside_its_band_is_kept_and_holds_the_last_close_before_it_would_be_too_late() -> None:
    book = running()
    told = only(book.publish("guaranteed-offerings", quarter("0.0401")), "alarms").message
    assert (told["code"], told["rules"], told["topic"]) == ("HELD_FOR_RELEASE", ["GAA-1"], "guaranteed-offerings")
    assert (told["item"], told["value"], told["date"]) == (ITEM, "0.0401", "2021-03-31")
    assert told["numbers"] == {"rate": "0.0401", "lowest": "0.01", "highest": "0.04"}
    assert book.publish("guaranteed-offerings", quarter("0.0401")) == []  # the same again is silently nothing
    book.close("2021-03-31", cmt=CMT)
    assert (announced(book), days(book)) == ([], ["2021-03-30"])
    assert ordered(book, release(ITEM, "0.0401")) == []
    assert (announced(book), days(book)) == (["G1"], ["2021-03-30", "2021-03-31"])
    book.deposit(deposit("d1", "2021-04-01", "100.00", allocation=shares(GAA_3="100")))
    assert only(book.close("2021-04-01", cmt=CMT), "confirmations").dollars() == {"GAA": "100.00"}


def test_gaa_1_an_offering_is_announced_when_the_last_of_its_rates_is_released() -> None:
    book = running()
    held = book.publish("guaranteed-offerings", quarter("0.05", "0.001"))
    assert [o.message["value"] for o in held] == ["0.05", "0.001"]
    ordered(book, release("guaranteed_rate|G|G1|3|2022-06-30", "0.05"))
    assert announced(book) == []
    ordered(book, release(ITEM, "0.001"))
    assert announced(book) == ["G1"]


def test_gaa_1_a_corrected_offering_takes_the_place_of_the_one_that_is_kept() -> None:
    book = running()
    book.publish("guaranteed-offerings", quarter("0.4"))
    replaced = only(book.publish("guaranteed-offerings", quarter("0.41")), "alarms").message
    assert replaced["value"] == "0.41"
    assert only(ordered(book, release(ITEM, "0.4")), "alarms").message["code"] == "NOTHING_HELD"
    assert book.publish("guaranteed-offerings", quarter("0.04")) == []
    book.close("2021-03-31", cmt=CMT)
    assert (announced(book), days(book)) == (["G1"], ["2021-03-30", "2021-03-31"])


def test_gaa_1_an_offering_that_is_discarded_was_never_offered() -> None:
    book = running()
    book.publish("guaranteed-offerings", quarter("0.4"))
    ordered(book, release(ITEM, "0.4", kind="discard"))
    book.close("2021-03-31", cmt=CMT)
    assert (announced(book), days(book)) == ([], ["2021-03-30", "2021-03-31"])


def test_gaa_1_a_release_of_what_has_become_impossible_is_refused_and_the_offering_stays_held() -> None:
    book = running()
    book.publish("guaranteed-offerings", quarter("0.4"))
    assert book.publish("guaranteed-offerings", quarter("0.04", offering_id="G2")) == []
    refused = only(ordered(book, release(ITEM, "0.4")), "alarms").message
    assert (refused["code"], refused["message"]) == ("OFFERING_OVERLAPS", "deposit period of G1 overlaps that of G2")
    book.close("2021-03-31", cmt=CMT)
    assert days(book) == ["2021-03-30"]
    ordered(book, release(ITEM, "0.4", kind="discard"))
    assert (announced(book), days(book)) == (["G2"], ["2021-03-30", "2021-03-31"])

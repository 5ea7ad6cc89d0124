"""MVA-2 with `yield_source` treasury_notes: the notes of the term's last three months, the same ones for j."""

from datetime import date
from decimal import Decimal

import pytest

from contracts_schema.options import MvaTerms
from contracts_schema.reference import MarketYields, TreasuryNotePoint
from services.domain.market import Market, YieldHistory
from services.domain.mva import Adjustment, adjust
from services.domain.state import Lot, Step
from services.domain.yields import three_months_before
from tests.domain.books import Book, Outcome, business_days, fund, guaranteed, shares, transfer
from tests.domain.gaa import TRADE, gaa_terms, leg, put, weeks_of_january

D = Decimal
MATURES = {
    "N-MAR": date(2024, 3, 31),  # a day too early: the last three months of a term to 30 June are April to June
    "N-APR": date(2024, 4, 15),
    "N-MAY": date(2024, 5, 31),
    "N-JUN": date(2024, 6, 30),
    "N-JUL": date(2024, 7, 15),
}
PUBLISHED = {
    "2021-07-09": {"N-MAR": "9", "N-APR": "1.0", "N-JUL": "9"},
    "2021-07-16": {"N-MAR": "9", "N-APR": "2.0", "N-JUN": "1.6", "N-JUL": "9"},  # N-JUN is new
    "2021-12-10": {"N-MAR": "9", "N-APR": "3.0", "N-MAY": "9", "N-JUN": "3.3"},  # N-MAY came after the deposit period
}
LOT = Lot(
    lot="GAA-1",
    option="GAA",
    offering="2021-07",
    years=3,
    deposited=date(2021, 7, 6),
    period_start=date(2021, 7, 1),
    period_end=date(2021, 7, 18),
    maturity=date(2024, 6, 30),
    steps=(Step(D(0), date(2024, 6, 30)),),
    locked_through=date(2021, 10, 16),
    after_maturity=D(0),
    units=D(1000),
)


def notes(day: str, percents: dict[str, str]) -> MarketYields:
    listed = tuple(TreasuryNotePoint(note=n, maturity=MATURES[n], percent=D(p)) for n, p in percents.items())
    return MarketYields(series="NOTES", date=date.fromisoformat(day), notes=listed)


def adjustment(published: dict[str, dict[str, str]]) -> Adjustment | None:
    messages = tuple(notes(day, percents) for day, percents in published.items())
    history = YieldHistory(tuple(message.date for message in messages), messages)
    closed = tuple(date.fromisoformat(day) for day in business_days("2021-07-06", "2021-12-15"))
    market = Market(closed=closed, yields={"NOTES": history})
    return adjust(market, MvaTerms(yield_series="NOTES"), LOT, date(2021, 12, 15), waived=False)


def test_mva_2_i_pools_notes_and_dates_and_j_takes_the_same_notes() -> None:
    """Pooled, i = (1.0 + 2.0 + 1.6)/3 = 1.5333%, not the mean of the dates' means, 1.4%; j = (3.0 + 3.3)/2 = 3.15%.

    x = 928 days from Wednesday 15 December 2021: (1.0153333/1.0315)^(928/365) = 0.960632.
    """
    found = adjustment(PUBLISHED)
    assert found is not None
    assert found.deposit is not None
    assert found.current is not None
    assert round(found.deposit.rate, 12) == D("0.015333333333")
    assert found.current.rate == D("0.0315")
    assert [used.basis for used in found.deposit.treasury.used] == ["N-APR 1.0%", "N-APR 2.0%", "N-JUN 1.6%"]
    assert [used.basis for used in found.current.treasury.used] == ["N-APR 3.0%", "N-JUN 3.3%"]
    assert (found.days, found.factor) == (928, D("0.9606"))


def test_mva_2_a_note_no_longer_published_leaves_the_others_to_j() -> None:
    found = adjustment({**PUBLISHED, "2021-12-10": {"N-JUN": "3.3", "N-MAY": "9"}})
    assert found is not None
    assert found.current is not None
    assert found.current.rate == D("0.033")


@pytest.mark.parametrize(
    "published",
    [
        {"2021-07-09": {"N-JUL": "1"}, "2021-12-10": {"N-APR": "3.0"}},  # no note of the quarter in the deposit period
        {"2021-07-09": {"N-APR": "1"}, "2021-12-10": {"N-MAY": "3.0"}},  # none of its notes is left
    ],
)
def test_mva_2_without_such_notes_there_is_no_factor(published: dict[str, dict[str, str]]) -> None:
    assert adjustment(published) is None


@pytest.mark.parametrize(
    ("end", "after"),
    [
        ("2024-06-30", "2024-03-31"),  # the end of a month goes back to the end of its month
        ("2024-05-31", "2024-02-29"),
        ("2023-02-28", "2022-11-30"),
        ("2024-02-28", "2023-11-28"),  # not the end of February in a leap year
        ("2024-05-30", "2024-02-29"),
        ("2024-04-30", "2024-01-31"),
        ("2024-01-31", "2023-10-31"),
        ("2023-05-30", "2023-02-28"),
        ("2024-03-15", "2023-12-15"),
        ("2024-12-15", "2024-09-15"),
    ],
)
def test_mva_2_three_months_before(end: str, after: str) -> None:
    assert three_months_before(date.fromisoformat(end)) == date.fromisoformat(after)


def end_to_end(note: str, matures: str, day: str) -> Outcome:
    """A transfer of net $500 on a day out of a term to 11 November 2023, one note being published at 4%, later 6%."""
    mva = {"yield_source": "treasury_notes", "yield_series": "NOTES"}
    book = Book(gaa_terms(options=(fund("F1"), guaranteed(mva=mva))), rates=False)
    book.publish("guaranteed-offerings", weeks_of_january()[0])
    put(book, "put", "2021-01-05", "1000.00", option="GAA", term=2, percent="100")
    for each in business_days("2021-01-04", day):
        if each == day:
            book.transfer(transfer("t", day, [leg("GAA", amount="500.00")], shares(F1="100")))
        points = [{"note": note, "maturity": matures, "percent": "4" if each < "2021-02-01" else "6"}]
        book.publish("market-yields", {"series": "NOTES", "date": each, "notes": points})
        book.close(each)
    return book.outcomes[-2]  # the last is the day's own


def test_mva_2_notes_end_to_end() -> None:
    """Appendix I again, by the one note of the term's last three months: .9528, 524.77 taken."""
    outcome = end_to_end("N", "2023-10-31", TRADE)
    (line,) = outcome.message["mva"]["lines"]
    assert (line["factor"], line["taken"], line["adjustment"]) == ("0.9528", "524.77", "-24.77")
    assert [used["basis"] for used in line["current_yields"]] == ["N 6%"]


def test_mva_2_a_transfer_without_a_factor_is_refused() -> None:
    outcome = end_to_end("N", "2024-10-31", TRADE)
    (reason,) = outcome.message["reasons"]
    assert (reason["code"], reason["numbers"]["series"]) == ("YIELD_NOT_KNOWN", "NOTES")


def test_gaa_4_a_barred_term_needs_no_factor_to_be_refused() -> None:
    outcome = end_to_end("N", "2024-10-31", "2021-02-02")
    assert (outcome.codes, outcome.message["possible_from"]) == (["LOCKED_IN"], "2021-04-09")

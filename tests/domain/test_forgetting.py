"""What nothing can need any more of the market is dropped, and nothing else (LIM-7, MVA-1, MVA-2, GAA-7, GEN-6).

The market is that of `years`, of which every third business day is closed from Monday 4 January 2010 on. Of its
deposit periods the first is open from 1 January to 20 March 2010, and its ten years mature on 30 June 2020.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contracts_schema.entries import AnyEntry, DayClosedEntry, OfferingEntry, TermsEntry, read_entry
from services.domain.decide import DAYS_KEPT
from services.domain.folding import market_of, with_day, with_offering, with_terms
from services.domain.forgetting import DAYS_LOOKED_BACK, Frontier, dropped, frontier, oldest_receipt, recent
from services.domain.market import Market, MarketRow, Rows
from services.domain.state import Participant, Waiting
from tests.domain.gaa import day
from tests.domain.years import market_log

State = dict[str, MarketRow]
NOW = datetime(2021, 1, 5, 15, tzinfo=UTC)
BOUNDS = {"day": 104, "closed": 12, "yields": 1764, "offering": 86, "terms": 3}
"""Rows by kind, at most."""


def folded(market: Market, entry: AnyEntry) -> tuple[Market, Rows]:
    if isinstance(entry, TermsEntry):
        return with_terms(market, entry)
    if isinstance(entry, OfferingEntry):
        return with_offering(market, entry)
    assert isinstance(entry, DayClosedEntry)
    return with_day(market, entry)


def closed_through(last: str) -> tuple[Market, State]:
    """The market of the entries through a day, and its rows."""
    market, rows = Market(), State()
    for on, record in market_log():
        if on <= day(last):
            market, new = folded(market, read_entry(record.value or b""))
            rows |= dict(new)
    return market, rows


@pytest.fixture(scope="module")
def in_2020() -> tuple[Market, State]:
    return closed_through("2020-06-29")


def kept(of: tuple[Market, State], at: Frontier) -> tuple[Market, State]:
    """What is left of market and rows at a frontier; the rows tell the market."""
    market, written, removed = dropped(of[0], at)
    rows = {key: row for key, row in {**of[1], **dict(written)}.items() if key not in removed}
    assert market_of(rows.items()) == market
    return market, rows


def names(rows: Iterable[str], kind: str) -> list[str]:
    return sorted(key.partition("|")[2] for key in rows if key.startswith(f"{kind}|"))


def test_the_frontier_is_the_last_close_and_what_may_have_been_received_before_the_one_before_it() -> None:
    """22 June 2020 is the close before the last; 18 April 2019 is 366 + 65 = 431 days earlier. What is due later than
    the last close changes nothing.
    """
    market, _ = closed_through("2020-06-29")
    assert market.closed[-2:] == (day("2020-06-22"), day("2020-06-25"))
    assert frontier(market, None, None) == Frontier(day("2020-06-25"), day("2019-04-18"))
    assert frontier(market, day("2020-06-26"), None) == Frontier(day("2020-06-25"), day("2019-04-18"))


def test_nothing_is_dropped_before_the_first_close() -> None:
    assert frontier(Market(), None, None) is None
    first, rows = closed_through("2010-01-04")
    found = frontier(first, None, None)
    assert found == Frontier(day("2010-01-04"), day("2008-10-30"))  # 365 + 66 days before
    assert dropped(first, found) == (first, (), ())
    assert names(rows, "day") == ["2010-01-04"]


def test_a_day_by_which_something_is_due_is_the_frontier(in_2020: tuple[Market, State]) -> None:
    """Due on 2 January: settled at the close of the 3rd, to which 30 December is the one before; 431 days earlier is 25
    October 2018, and 23 October the last close on or before that.
    """
    found = frontier(in_2020[0], day("2020-01-02"), None)
    assert found == Frontier(day("2020-01-03"), day("2018-10-25"))
    _, rows = kept(in_2020, found)
    assert names(rows, "day")[0] == "2018-10-23"


def test_lim_7_the_last_close_on_or_before_the_earliest_receipt_is_kept(in_2020: tuple[Market, State]) -> None:
    market, rows = kept(in_2020, Frontier(day("2020-06-25"), day("2019-04-18")))
    assert names(rows, "day")[0] == "2019-04-17" == min(market.days).isoformat()
    _, rows = kept(in_2020, Frontier(day("2020-06-25"), day("2019-04-17")))
    assert names(rows, "day")[0] == "2019-04-17"
    _, rows = kept(in_2020, Frontier(day("2020-06-25"), day("2019-04-16")))
    assert names(rows, "day")[0] == "2019-04-12"


def test_dep_9_a_receipt_that_an_order_holds_is_the_earliest(in_2020: tuple[Market, State]) -> None:
    found = frontier(in_2020[0], None, day("2013-05-04"))
    assert found == Frontier(day("2020-06-25"), day("2013-05-04"))
    _, rows = kept(in_2020, found)
    assert names(rows, "day")[0] == "2013-05-02"
    assert names(rows, "terms") == ["C1|1", "C1|2", "C1|3", "C1|4", "C1|5"]


def test_dep_9_what_is_held_and_what_was_released_and_waits_has_a_receipt() -> None:
    def waiting(received: str | None) -> Waiting:
        return Waiting(NOW.date(), NOW, "r", b"", None if received is None else day(received))

    books = Participant("C1", "P1", held=(waiting("2021-01-04"),), waiting=(waiting("2019-02-03"), waiting(None)))
    assert oldest_receipt(books) == day("2019-02-03")
    assert oldest_receipt(Participant("C1", "P1", held=(waiting(None),))) is None


def test_mva_4_yields_are_kept_while_a_term_runs_that_they_were_averaged_for(in_2020: tuple[Market, State]) -> None:
    """The ten years of the first two deposit periods mature on 30 June 2020. While they run the yields of 31 December
    2009 count, which are the last before January: there are none, and so the first ones do, of 7 January. When they
    have matured it is the period from July 2010, and the yields of 30 June 2010 that are the last before its month.
    """
    _, rows = kept(in_2020, Frontier(day("2020-06-29"), day("2019-04-18")))
    assert names(rows, "yields")[0] == "CMT|2010-01-07"
    _, rows = kept(in_2020, Frontier(day("2020-06-30"), day("2019-04-18")))
    assert names(rows, "yields")[0] == "CMT|2010-06-30"


def test_mva_4_without_terms_that_run_the_last_two_weeks_count(in_2020: tuple[Market, State]) -> None:
    """Of 25 June 2020 the Monday of the week before is the 15th; 14 days before is the 11th, and the last yields
    published by then are of the 9th.
    """
    bare = replace(in_2020[0], offerings={}, logged_after={})
    rows = {key: row for key, row in in_2020[1].items() if not key.startswith("offering|")}
    market, rows = kept((bare, rows), Frontier(day("2020-06-25"), day("2019-04-18")))
    assert names(rows, "yields")[0] == "CMT|2020-06-09"
    assert market.yields["CMT"].on_or_before(day("2020-06-11")) is not None
    assert names(rows, "closed") == ["2019", "2020"]


def test_gaa_7_an_offering_is_kept_while_a_term_of_it_runs_or_it_may_have_been_open(
    in_2020: tuple[Market, State],
) -> None:
    """On 30 June 2020 the ten years of January and April 2010 have matured. In 2031 all that is known here has; but of
    April 2020 the deposit period was open until 28 June, and a request received then may be held.
    """
    _, rows = kept(in_2020, Frontier(day("2020-06-30"), day("2019-04-18")))
    assert names(rows, "offering")[:2] == ["G|G-2010-10", "G|G-2010-7"]
    for received, left in (("2020-06-28", ["G|G-2020-4", "G|G-2020-7"]), ("2020-06-29", ["G|G-2020-7"])):
        market, rows = kept(in_2020, Frontier(day("2031-01-01"), day(received)))
        assert names(rows, "offering")[: len(left)] == left
        assert len(market.logged_after) == len(names(rows, "offering"))


def test_gen_6_versions_before_one_that_reached_everybody_are_gone(in_2020: tuple[Market, State]) -> None:
    """The third, of 2 March 2015, and the fifth, of 1 October 2019, reach existing participants."""
    of = [("2015-03-01", ["1", "2", "3", "4", "5"]), ("2015-03-02", ["3", "4", "5"]), ("2019-10-01", ["5"])]
    for received, left in of:
        market, rows = kept(in_2020, Frontier(day("2020-06-25"), day(received)))
        assert names(rows, "terms") == [f"C1|{version}" for version in left]
        assert [str(terms.version) for terms in market.terms["C1"]] == left


def test_rows_of_an_earlier_release_tell_the_calendar_when_days_are_dropped(in_2020: tuple[Market, State]) -> None:
    """Its rows are days alone: what else is kept of them is written when they go."""
    rows = {key: row for key, row in in_2020[1].items() if not key.startswith("closed|")}
    market = market_of(rows.items())
    assert market.calendar == {}
    assert market.closed == in_2020[0].closed
    _, rows = kept((market, rows), Frontier(day("2020-06-25"), day("2019-04-18")))
    assert names(rows, "closed") == [str(year) for year in range(2010, 2020)]  # 2020 with its next close
    assert (rows["closed|2010"].closed or ())[:2] == (day("2010-01-04"), day("2010-01-07"))


def test_a_receipt_is_no_older_than_decisions_look_back(in_2020: tuple[Market, State]) -> None:
    """As long as a request counts as new, and 31 days: 431 before 25 June 2020 is 21 April 2019."""
    assert DAYS_LOOKED_BACK == DAYS_KEPT + 31
    assert recent(in_2020[0], day("2019-04-21")) == day("2019-04-21")
    assert recent(in_2020[0], day("2019-04-20")) == day("2019-04-21")
    assert recent(Market(), day("1999-12-31")) == day("1999-12-31")


def test_fifteen_years_of_days_leave_some_hundred_rows_and_ten_years_of_yields() -> None:
    """What is kept at most, close by close, of 84 closes a year: of days those of 431 + 4 days, of each of the two
    series of yields ten years and the quarter in which a deposit period is open, of each of the two series of
    offerings 40 quarters that run and the next that is announced, of terms the two last versions and one to come.

    84 × 435/365 = 100 and one or two; 84 × 10.5 = 882; 42 + the one that has matured today; a year of the calendar more
    than ten.
    """
    market, rows, most = Market(), State(), dict.fromkeys(BOUNDS, 0)
    for _, record in market_log():
        entry = read_entry(record.value or b"")
        market, new = folded(market, entry)
        rows |= dict(new)
        at = frontier(market, None, None)
        if isinstance(entry, DayClosedEntry) and at is not None:
            market, written, removed = dropped(market, at)
            rows |= dict(written)
            for key in removed:
                del rows[key]
            most = {kind: max(so_far, len(names(rows, kind))) for kind, so_far in most.items()}
    assert market_of(rows.items()) == market
    assert all(most[kind] <= BOUNDS[kind] for kind in most), most

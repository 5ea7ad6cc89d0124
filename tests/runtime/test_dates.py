"""Rows by date: what has come due is found without looking at the rest."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.dates import DateIndex

DAY = date(2024, 3, 1)
days = st.dates(date(2024, 2, 25), date(2024, 3, 5))


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.none() | days)), st.none() | days, st.integers(0, 7))
def test_it_is_what_a_sort_of_everything_gives(
    moves: list[tuple[str, date | None]], until: date | None, n: int
) -> None:
    index, dates = DateIndex(), dict[str, date]()
    for key, day in moves:
        index.set(key, day)
        dates.pop(key, None)
        if day is not None:
            dates[key] = day
    due = [day for day in dates.values() if until is not None and day <= until]
    found = index.until(until, n)
    assert index.first() == min(dates.values(), default=None)
    assert index.count(until) == len(due)
    assert [dates[key] for key in found] == sorted(due)[:n]
    assert len(set(found)) == len(found)


def test_a_key_stands_under_its_last_date_alone() -> None:
    index = DateIndex()
    index.set("a", date(2024, 3, 4))
    index.set("a", DAY)
    assert (index.until(DAY, 9), index.count(date(2024, 3, 4))) == (["a"], 1)
    index.set("a", None)
    assert (index.first(), index.until(date.max, 9)) == (None, [])


@pytest.mark.parametrize("until", [None, date(2024, 2, 29)])
def test_nothing_is_due_before_the_first_date(until: date | None) -> None:
    index = DateIndex()
    index.set("a", DAY)
    assert (index.until(until, 9), index.count(until)) == ([], 0)

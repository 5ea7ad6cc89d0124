"""A table shows a batch its own changes and keeps them only when they are committed."""

import pytest

from services.runtime.tables import RowsInMemory, Table, TableSpec
from tests.runtime.counting import TOTALS, encode


@pytest.fixture
def rows() -> RowsInMemory[tuple[int, int]]:
    """What is committed: a and b."""
    return RowsInMemory({"a": (1, 10), "b": (2, 20)})


@pytest.fixture
def table(rows: RowsInMemory[tuple[int, int]]) -> Table[tuple[int, int]]:
    """A table over these rows in which a batch has changed a, removed b and added c."""
    table = Table(TOTALS, rows)
    table.put("a", (9, 9))
    table.put("a", (5, 50))
    table.delete("b")
    table.put("c", (3, 30))
    return table


def test_a_batch_sees_its_own_changes(table: Table[tuple[int, int]]) -> None:
    assert [table.get(key) for key in "abcd"] == [(5, 50), None, (3, 30), None]
    assert dict(table.items()) == {"a": (5, 50), "c": (3, 30)}
    assert len(table) == 2


def test_nothing_is_changed_before_the_commit(
    table: Table[tuple[int, int]], rows: RowsInMemory[tuple[int, int]]
) -> None:
    assert rows == {"a": (1, 10), "b": (2, 20)}
    table.commit()
    assert rows == {"a": (5, 50), "c": (3, 30)}
    assert list(table.changelog()) == []
    assert len(table) == 2


def test_the_changelog_has_the_last_value_of_each_changed_key(table: Table[tuple[int, int]]) -> None:
    table.put("d", (4, 40))
    table.delete("d")
    table.delete("never there")
    assert list(table.changelog()) == [(b"a", encode((5, 50))), (b"b", None), (b"c", encode((3, 30)))]


def test_a_row_removed_and_put_again_is_there() -> None:
    rows = RowsInMemory({"a": (1, 1)})
    table = Table(TOTALS, rows)
    table.delete("a")
    table.put("a", (2, 2))
    table.commit()
    assert dict(table.items()) == {"a": (2, 2)}


def test_restoring_applies_values_and_tombstones() -> None:
    table = Table(TOTALS)
    table.restore(b"a", encode((1, 1)))
    table.restore(b"b", encode((2, 2)))
    table.restore(b"a", None)
    table.restore(b"never there", None)
    assert dict(table.items()) == {"b": (2, 2)}


def test_a_value_that_does_not_decode_changes_nothing() -> None:
    rows = RowsInMemory({"a": 1})
    table = Table(TableSpec("numbers", "t", lambda n: str(n).encode(), int), rows)
    with pytest.raises(ValueError, match="invalid literal"):
        table.restore(b"a", b"?")
    assert table.get("a") == 1


def test_keys_in_order_after_one_as_the_batch_has_left_them() -> None:
    rows = RowsInMemory({f"{contract}|{number}": (1, 1) for contract in ("C1", "C10", "C2") for number in (5, 1, 3)})
    table = Table(TOTALS, rows)
    table.put("C1|2", (1, 1))
    table.delete("C1|3")
    table.put("C1|5", (2, 2))
    assert table.keys_after("C1|", "", 9) == ["C1|1", "C1|2", "C1|5"]
    assert table.keys_after("C1|", "C1|1", 1) == ["C1|2"]
    assert table.keys_after("C1|", "C1|5", 9) == []
    assert table.keys_after("C10|", "", 2) == ["C10|1", "C10|3"]

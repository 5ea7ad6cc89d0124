"""How long a remittance and its lines are known, and a day that comes twice."""

import json
from datetime import date, datetime

import pytest

from contracts_schema.remittances import RemittanceDay, RemittanceLine, RemittanceNotice, read_remittance_entry
from services.domain.remittances import Closed, Counted, Known, Remittance, Row, row_date, taken
from services.remittances import REMITTANCES
from services.remittances.logic import RemittancesLogic
from services.runtime.records import InputRecord, OutputRecord
from services.runtime.service import Partition
from services.runtime.settings import Settings
from services.runtime.tables import Table

MORNING = datetime.fromisoformat("2021-01-04T10:00:00-05:00")


def line(number: int, day: date, count: int = 2, fingerprint: str = "f") -> RemittanceLine:
    return RemittanceLine(
        contract_id="C1",
        submitted_by="acme",
        remittance_id="R1",
        participant_id="P1",
        request_id=f"R1-{number}",
        fingerprint=fingerprint,
        count=count,
        day=day,
        received_at=MORNING,
    )


def closed(day: date, following: date) -> RemittanceDay:
    return RemittanceDay(
        date=day, closed_at=datetime.fromisoformat(f"{day}T16:00:00-05:00"), next_business_day=following
    )


class Folding:
    """One partition, folding entry by entry."""

    def __init__(self) -> None:
        self.table: Table[Row] = Table(REMITTANCES.tables[0])
        self.logic = RemittancesLogic(Partition(0, 1, {"rows": self.table}, Settings(partitions=1)))
        self.logic.restored()

    def fold(self, *entries: RemittanceLine | RemittanceDay) -> list[OutputRecord]:
        """A batch of entries, committed."""
        records = [InputRecord("remittance-lines", 0, at, b"", e.written(), (), 0) for at, e in enumerate(entries)]
        written = list(self.logic.process(records))
        self.table.commit()
        self.logic.committed()
        return written

    @property
    def names(self) -> list[str]:
        """Of all rows."""
        return sorted(name for name, _ in self.table.items())


def kinds(records: list[OutputRecord]) -> list[str]:
    return [json.loads(record.value or b"")["kind"] for record in records]


JAN_4, JAN_5 = date(2021, 1, 4), date(2021, 1, 5)
# Answers are kept 407 days: 2021-01-04 + 407 days = 2022-02-15; all is forgotten at the close of the day after.
KEPT, GONE = date(2022, 2, 15), date(2022, 2, 16)


def test_lines_are_known_as_long_as_answers_are_kept() -> None:
    folding = Folding()
    assert kinds(folding.fold(line(1, JAN_4, count=1))) == ["remittance_complete"]
    assert folding.names == ["line|C1|acme|R1|P1|R1-1", "remittance|C1|acme|R1"]
    folding.fold(closed(KEPT, GONE))
    assert len(folding.names) == 3
    assert folding.fold(closed(GONE, date(2022, 2, 17))) == []
    assert folding.names == ["closed"]
    assert folding.logic.note() == {"last_closed": "2022-02-16"}


def test_a_remittance_is_known_as_long_as_its_last_line() -> None:
    folding = Folding()
    folding.fold(line(1, JAN_4), line(2, JAN_5), closed(GONE, date(2022, 2, 17)))
    assert folding.names == ["closed", "line|C1|acme|R1|P1|R1-2", "remittance|C1|acme|R1"]


def test_a_line_older_than_ids_are_kept_is_not_counted() -> None:
    """The ledger refuses it as STALE: 2022-02-08 less 400 days is 2021-01-04."""
    on, after = Closed(date(2022, 2, 8), date(2022, 2, 9)), Closed(date(2022, 2, 9), date(2022, 2, 10))
    assert taken(Known(on, None, None, None), line(1, JAN_4)) is not None
    assert taken(Known(after, None, None, None), line(1, JAN_4)) is None


def test_a_close_is_by_the_day_that_closes_where_the_due_one_never_does() -> None:
    folding = Folding()
    (notice,) = folding.fold(line(1, JAN_4), closed(JAN_5, date(2021, 1, 6)))
    assert RemittanceNotice.model_validate_json(notice.value or b"").date == JAN_5


@pytest.mark.parametrize("again", [JAN_4, date(2020, 12, 31)])
def test_a_day_that_is_closed_already_is_an_alarm_and_nothing_else(again: date) -> None:
    folding = Folding()
    folding.fold(closed(JAN_4, JAN_5), line(1, JAN_5))
    (alarm,) = folding.fold(closed(again, JAN_5))
    said = json.loads(alarm.value or b"")
    assert (alarm.topic, said["code"], said["rules"]) == ("alarms", "DAY_OUT_OF_ORDER", ["GEN-1"])
    assert said["message"] == f"{again} does not follow 2021-01-04"
    assert folding.logic.note() == {"last_closed": "2021-01-04"}


def test_before_the_first_day_nothing_is_closed() -> None:
    assert Folding().logic.note() == {"last_closed": None}


def test_rows_come_due_by_their_remittance_or_are_forgotten() -> None:
    remittance = Remittance("C1", "acme", "R1", last=JAN_4, due=JAN_5)
    assert row_date(Row(remittance=remittance)) == JAN_5
    assert row_date(Row(line=Counted("f", JAN_4))) == GONE
    assert row_date(Row(closed=Closed(JAN_4, JAN_5))) is None


def test_rows_decode_as_they_were_encoded() -> None:
    folding = Folding()
    folding.fold(line(1, JAN_4), line(1, JAN_4, fingerprint="other"), closed(JAN_4, JAN_5))
    spec = REMITTANCES.tables[0]
    rows = dict(folding.table.items())
    assert len(rows) == 4
    assert {name: spec.decode(spec.encode(row)) for name, row in rows.items()} == rows


def test_entries_are_read_as_they_were_written() -> None:
    for entry in (line(1, JAN_4), closed(JAN_4, JAN_5)):
        assert read_remittance_entry(entry.written()) == entry

"""Alarms that more than one service raises."""

from datetime import date, datetime

from contracts_schema.alarms import AlarmCode
from contracts_schema.headers import cloud_event
from contracts_schema.outcomes import Alarm
from services.runtime.records import InputRecord, OutputRecord


def day_out_of_order(record: InputRecord, day: date, closed_at: datetime, message: str) -> OutputRecord:
    """A closed day that does not follow the last one changes nothing, and somebody must look at it (GEN-1)."""
    code = AlarmCode.DAY_OUT_OF_ORDER
    alarm = Alarm(
        code=code,
        rules=("GEN-1",),
        message=message,
        topic=record.topic,
        source_partition=record.partition,
        source_offset=record.offset,
        refused=f"day_closed {day}",
    )
    event_id = f"{record.topic}|{record.partition}|{record.offset}"
    headers = cloud_event("alarm", event_id, code.value, closed_at.isoformat())
    return OutputRecord("alarms", 0, code.value.encode(), alarm.written(), headers)

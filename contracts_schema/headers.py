"""Record headers: CloudEvents 1.0 in Kafka's binary mode, the trace context, and our own marks.

`ce_time` is business time (the close at which something was decided, or its receipt), never the clock
of a machine: a replay must write the same bytes.
"""

from __future__ import annotations

Headers = tuple[tuple[str, bytes], ...]

SOURCE = "annuity-ledger"
TYPE_PREFIX = "annuity-ledger."
REPEAT = "repeat"
TRACEPARENT = "traceparent"
DEAD_LETTER_PREFIX = "dead-letter-"
REDRIVEN_PREFIX = "redriven-"
REPEAT_MARK: tuple[str, bytes] = (REPEAT, b"true")


def cloud_event(kind: str, event_id: str, subject: str, time: str, traceparent: str | None = None) -> Headers:
    """The headers of one event of type `annuity-ledger.<kind>`; `time` is ISO 8601 with offset."""
    headers: Headers = (
        ("ce_specversion", b"1.0"),
        ("ce_id", event_id.encode()),
        ("ce_source", SOURCE.encode()),
        ("ce_type", (TYPE_PREFIX + kind).encode()),
        ("ce_subject", subject.encode()),
        ("ce_time", time.encode()),
        ("content-type", b"application/json"),
    )
    return headers if traceparent is None else (*headers, (TRACEPARENT, traceparent.encode()))


def header(headers: Headers, name: str) -> bytes | None:
    """The first header of that name, or None."""
    return next((value for key, value in headers if key == name), None)

"""How large requests may be. Each model bounds its own fields, more narrowly; these bound what no model knows.

| what | most | beyond it |
|---|---|---|
| bytes of a request | REQUEST_BYTES, a setting | dead letter TOO_LARGE |
| lists and objects in one another | DEPTH_MOST | dead letter TOO_DEEP |
| characters of a text, of a field's name; parts of a list or object; digits of a JSON number | TEXT_MOST, NAME_MOST,
  PARTS_MOST, DIGITS_MOST | rejection TOO_LONG |
| parts of a list of legs or shares | `shares.LEGS_MOST` | rejection INVALID_VALUE |
| digits of an amount | by its type | rejection AMOUNT_TOO_LARGE, AMOUNT_TOO_PRECISE |
| characters of the trace context | TRACEPARENT_MOST | it is not copied, and a note says so |
"""

from __future__ import annotations

REQUEST_BYTES = 64 * 1024
REQUEST_BYTES_MOST = 1024 * 1024
"""What the setting may be raised to: what is made of a request must fit in a record."""
DEPTH_MOST = 32
"""Readers of JSON give up somewhere, and ours not alike."""
TEXT_MOST = 1000
NAME_MOST = 100
PARTS_MOST = 1000
DIGITS_MOST = 18
TRACEPARENT_MOST = 128
"""The trace context has 55 characters today."""

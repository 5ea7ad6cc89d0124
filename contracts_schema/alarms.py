"""Codes for operations: why bytes are a dead letter, and what raised an alarm. A code never changes its meaning."""

from __future__ import annotations

from enum import StrEnum


class DeadLetterReason(StrEnum):
    """Why bytes could not become a request at all."""

    TOO_LARGE = "TOO_LARGE"
    TOO_DEEP = "TOO_DEEP"
    NOT_JSON = "NOT_JSON"
    NOT_AN_OBJECT = "NOT_AN_OBJECT"
    NO_CONTRACT = "NO_CONTRACT"
    NO_PARTICIPANT = "NO_PARTICIPANT"
    NO_REQUEST_ID = "NO_REQUEST_ID"
    EMPTY = "EMPTY"
    MALFORMED = "MALFORMED"


class AlarmCode(StrEnum):
    """Why reference data was refused, or what operations must look at; the old value stays."""

    MALFORMED = "MALFORMED"
    NOT_AVAILABLE = "NOT_AVAILABLE"
    EFFECTIVE_TOO_LATE = "EFFECTIVE_TOO_LATE"
    CONFLICTING_VALUE = "CONFLICTING_VALUE"
    NOT_A_BUSINESS_DAY = "NOT_A_BUSINESS_DAY"
    TOO_FAR_AHEAD = "TOO_FAR_AHEAD"
    RATE_BELOW_FLOOR = "RATE_BELOW_FLOOR"
    OFFERING_OVERLAPS = "OFFERING_OVERLAPS"
    NO_PRIOR_UNIT_VALUE = "NO_PRIOR_UNIT_VALUE"
    FACTOR_IMPOSSIBLE = "FACTOR_IMPOSSIBLE"
    CHARGE_ABOVE_MAXIMUM = "CHARGE_ABOVE_MAXIMUM"
    DAY_OUT_OF_ORDER = "DAY_OUT_OF_ORDER"
    HELD_FOR_RELEASE = "HELD_FOR_RELEASE"
    NOTHING_HELD = "NOTHING_HELD"
    CLOSE_LATE = "CLOSE_LATE"
    CHARGE_NOT_RESET = "CHARGE_NOT_RESET"

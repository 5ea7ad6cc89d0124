"""Outcomes as one line each, to be read as they come. Pure."""

from rich.text import Text

from contracts_schema.figures import Leg
from contracts_schema.headers import DEAD_LETTER_PREFIX, REPEAT_MARK, header
from contracts_schema.outcomes import Acknowledgement, Alarm, Confirmation, DayCloseCompleted, Notice, Rejection
from contracts_schema.quotes import Quote
from contracts_schema.remittances import RemittanceNotice
from contracts_schema.types import plain
from services.runtime.cli.lines import Record
from services.runtime.cli.reading_outcomes import Outcome, outcome_of

_SHOWN = 80
STYLES = {
    "confirmations": "green",
    "rejections": "red",
    "notices": "cyan",
    "remittance-notices": "cyan",
    "acknowledgements": "dim",
    "quotes": "blue",
    "alarms": "bold red",
    "dead-letters": "magenta",
    "day-closes": "dim",
}
_WIDTH = len("acknowledgements")


def one_line(record: Record) -> Text:
    """What happened, to whom, by which numbers and codes; repeats say that they are."""
    outcome = outcome_of(record)
    told = _dead_letter(record) if outcome is None else _told(outcome)
    repeat = " [repeat]" if REPEAT_MARK in record.headers else ""
    who = "" if record.topic in {"alarms", "day-closes"} else f"{_decoded(record.key)} "
    line = Text(f"{record.topic:<{_WIDTH}} ", style=STYLES.get(record.topic, ""))
    return line.append(f"{who}{told}{repeat}", style="default")


def _told(outcome: Outcome) -> str:
    if isinstance(outcome, Confirmation):
        number = f"#{outcome.sequence} {outcome.trade_date}"
        return f"{number} {outcome.request_id or 'unasked'}: {_done(outcome, outcome.kind)}"
    if isinstance(outcome, Rejection):
        return f"#{outcome.sequence} {outcome.trade_date or 'no trade date'} {outcome.request_id}: {_refused(outcome)}"
    if isinstance(outcome, Notice):
        stated = outcome.statement
        value = {} if stated is None else {"as_of": stated.as_of, "value": plain(stated.value)}
        details = ", ".join(f"{name} {value}" for name, value in (outcome.details | value).items())
        return f"#{outcome.sequence} {outcome.date} {outcome.kind.replace('_', ' ')}: {details}"
    if isinstance(outcome, Acknowledgement | Quote):
        return f"{outcome.request_id}: {_not_done(outcome)}"
    return _of_nobody(outcome)


def _of_nobody(outcome: RemittanceNotice | Alarm | DayCloseCompleted) -> str:
    """What concerns no participant."""
    if isinstance(outcome, RemittanceNotice):
        return f"{outcome.date} {outcome.kind.replace('_', ' ')}: {_received(outcome)}"
    if isinstance(outcome, Alarm):
        place = "" if outcome.source_offset is None else f" offset {outcome.source_offset}"
        return f"{outcome.code.value} {outcome.topic}{place}: {outcome.message}"
    return f"partition {outcome.partition}: {outcome.date} closed, {outcome.settled} participants settled"


def _not_done(outcome: Acknowledgement | Quote) -> str:
    """That a request waits, or what it would do."""
    if isinstance(outcome, Acknowledgement):
        return f"waits for {outcome.waits_for}"
    if outcome.of is None:
        return f"would be refused, {_refused(outcome)}"
    return f"as of the close of {outcome.as_of_close}, {_done(outcome, outcome.of)}"


def _done(outcome: Confirmation | Quote, kind: str) -> str:
    kind = kind.removesuffix("_paid").replace("_", " ")
    if outcome.paid is not None and not outcome.legs:
        return f"{kind} paid {plain(outcome.paid)}"
    if outcome.paid is not None:
        legs = f": {_legs(outcome.legs)}" if outcome.legs else ""
        return f"{kind} paid {plain(outcome.paid)}{_mva(outcome)}{_off(outcome)}{legs}"
    if outcome.received is not None:
        return f"{kind} of {plain(outcome.received)}: {_legs(outcome.legs)}"
    legs = f": {_legs(outcome.legs)}" if outcome.legs else ""
    details = "".join(f" {name} {value}" for name, value in outcome.details.items())
    return f"{kind}{_mva(outcome)}{legs}{details}"


def _mva(outcome: Confirmation | Quote) -> str:
    if outcome.mva is None:
        return ""
    waived = outcome.mva.not_applied_by
    return f" (MVA {plain(outcome.mva.aggregate)}{'' if waived is None else f' does not count, {waived}'})"


def _off(outcome: Confirmation | Quote) -> str:
    """What came off, and the tax that was withheld."""
    off = [f"{charge.what.replace('_', ' ')} {plain(charge.amount)}" for charge in outcome.charges]
    off += [] if outcome.withheld is None else [f"withheld {plain(outcome.withheld)}"]
    return f" ({', '.join(off)})" if off else ""


def _legs(legs: tuple[Leg, ...]) -> str:
    return ", ".join(f"{_place(leg)} {'+' if leg.dollars >= 0 else ''}{plain(leg.dollars)}" for leg in legs)


def _place(leg: Leg) -> str:
    whose = "" if leg.account is None else f"{leg.account.value} "
    return whose + (leg.option if leg.term is None else f"{leg.option}/{leg.term}")


def _received(notice: RemittanceNotice) -> str:
    """Lines and dollars received, beside what their lines state."""
    counts = " or ".join(map(str, notice.counts)) or "any number"
    totals = " or ".join(map(plain, notice.totals)) or "any total"
    told = f"{notice.lines_received} lines of {counts}, {plain(notice.total_received)} of {totals}"
    return told + (f" ({', '.join(reason.value for reason in notice.reasons)})" if notice.reasons else "")


def _refused(outcome: Rejection | Quote) -> str:
    reasons = "; ".join(
        f"{reason.code.value}{f' in {reason.field}' if reason.field else ''} ({', '.join(reason.rules)})"
        for reason in outcome.reasons
    )
    return reasons + (f"; possible from {outcome.possible_from}" if outcome.possible_from is not None else "")


def _dead_letter(record: Record) -> str:
    marks = {
        name: _decoded(header(record.headers, DEAD_LETTER_PREFIX + name))
        for name in ("reason", "topic", "partition", "offset")
    }
    place = f"{marks['topic']}-{marks['partition']} offset {marks['offset']}"
    return f"{marks['reason']} {place}: {_decoded(record.value)[:_SHOWN]!r}"


def _decoded(data: bytes | None) -> str:
    return "-" if data is None else data.decode(errors="replace")

"""Outcomes as text: a confirmation as an actuary would write it out, a rejection with every reason. Pure."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from contracts_schema.figures import AnnuityUnitsLine, Charge, Leg, LimitLine, MvaBlock, Payment
from contracts_schema.outcomes import Acknowledgement, Confirmation, Counted, Notice, Rejection
from contracts_schema.quotes import Quote
from contracts_schema.rules import RULES
from contracts_schema.types import plain
from services.runtime.cli.explaining_mva import mva_lines
from services.runtime.cli.explaining_statements import statement_lines
from services.runtime.cli.formula import years_text

Explained = Confirmation | Rejection | Notice | Acknowledgement | Quote


def text(outcome: Explained) -> str:
    """An outcome explained, line by line, every rule with the clause behind it."""
    if isinstance(outcome, Confirmation):
        lines = _confirmation(outcome)
    elif isinstance(outcome, Rejection):
        lines = _rejection(outcome)
    elif isinstance(outcome, Notice):
        lines = _notice(outcome)
    elif isinstance(outcome, Quote):
        lines = _quote(outcome)
    else:
        lines = _acknowledgement(outcome)
    return "\n".join([*lines, *_notes(outcome.notes), *_section("Rules", _rules(outcome.rules))])


def _confirmation(outcome: Confirmation) -> Iterator[str]:
    kind = outcome.kind.replace("_", " ")
    asked = "answers no request" if outcome.request_id is None else f"request {outcome.request_id}"
    yield f"CONFIRMATION {outcome.outcome_id}: {kind}, {asked}"
    yield from _who(outcome)
    account = _of_accounts(outcome)
    sender = f"submitted by {outcome.submitted_by}, " if outcome.submitted_by is not None else ""
    yield f"{account}{sender}trade date {outcome.trade_date}, decided {outcome.decided_at}"
    yield from _figures(outcome)


def _of_accounts(outcome: Confirmation) -> str:
    if outcome.accounts is not None:
        return f"accounts {', '.join(outcome.accounts)} in this order, "
    return f"account {outcome.account.value}, " if outcome.account is not None else ""


def _figures(outcome: Confirmation | Quote) -> Iterator[str]:
    yield from _section("Details", (f"{name}: {value}" for name, value in outcome.details.items()))
    if outcome.received is not None:
        yield from _section("Received", [plain(outcome.received)])
    yield from _section("Charges", map(_charge, outcome.charges))
    yield from _section("Positions", (line for leg in outcome.legs for line in leg_lines(leg)))
    if outcome.mva is not None:
        yield from _section(f"Market value adjustment, Method {outcome.mva.method.title()}", mva_lines(outcome.mva))
    yield from _section("Annuity units", map(_annuity_units, outcome.annuity_units or ()))
    yield from _section("Result", _result(outcome))
    yield from _section("Payments", map(_payment, outcome.payments or ()))


def _who(outcome: Counted) -> Iterator[str]:
    yield f"contract {outcome.contract_id}, participant {outcome.participant_id}, outcome number {outcome.sequence}"


def leg_lines(leg: Leg) -> Iterator[str]:
    """One position: units × index = dollars, and what was there before and is there after."""
    yield _position(leg)
    index = f"{plain(leg.index)} (index of {leg.index_date})"
    yield f"  {plain(leg.units)} units × {index} = {plain(leg.dollars)} dollars"
    if leg.applied_since is not None:
        yield f"  applied while the rate declared from {leg.applied_since} was in effect, and earns it   (FIX-7)"
    if leg.bonus_since is not None:
        yield f"  earns more than the declared rate since {leg.bonus_since}   (FIX-4)"
    if leg.rounding:
        yield f"  rounding {plain(leg.rounding)}: what the value changed by beyond the dollars   (GEN-4)"
    yield f"  before {plain(leg.units_before)} units, value {plain(leg.value_before)}"
    yield f"  after  {plain(leg.units_after)} units, value {plain(leg.value_after)}"


def _position(leg: Leg) -> str:
    whose = "" if leg.account is None else f"{leg.account.value}: "
    if leg.lot is None:
        return f"{whose}{leg.option} ({leg.kind.replace('_', ' ')})"
    return f"{whose}{leg.option} lot {leg.lot}: term of {years_text(leg.term)}, matures {leg.maturity}"


def _charge(charge: Charge) -> str:
    return f"{charge.what.replace('_', ' ')}: {charge.basis} = {plain(charge.amount)}   ({', '.join(charge.rules)})"


def _payment(payment: Payment) -> str:
    """One payment of a withdrawal, by its day; whose it is where there are several accounts."""
    due = f"{payment.due} " + ("" if payment.account is None else f"{payment.account.value} ")
    if payment.number is None:
        return f"{due}{payment.what.replace('_', ' ')} {plain(payment.amount)}"
    assert payment.interest is not None, "an installment bears interest, if only zero"
    assert payment.left is not None, "an installment leaves something, if only zero"
    of_it = f"interest {plain(payment.interest)}, left {plain(payment.left)}"
    of_option = "" if payment.option is None else f" of {payment.option}"
    return f"{due}installment {payment.number}{of_option}: {plain(payment.amount)} ({of_it})"


def _annuity_units(line: AnnuityUnitsLine) -> str:
    value = f"{plain(line.unit_value)} (annuity unit value of {line.unit_value_date})"
    return f"{line.option}: {plain(line.units)} annuity units × {value} = {plain(line.dollars)} dollars   (INC-4)"


def _result(outcome: Confirmation | Quote) -> Iterator[str]:
    if outcome.gross is not None:
        yield f"value taken {plain(outcome.gross)}"
    if outcome.mva is not None:
        yield f"market value adjustment {_adjusted_by(outcome.mva)}"
    if outcome.guarantee is not None:
        yield f"death benefit guarantee {plain(outcome.guarantee)}: paid is the adjusted purchase total   (MVA-10)"
    if outcome.applied is not None:
        yield from _came_off(outcome)
        yield f"applied to the annuity {plain(outcome.applied)}"
    if outcome.paid is not None:
        yield from _paid(outcome, outcome.paid)
    if outcome.in_installments is not None:
        by_rule = {"WDL-8" if each.option is None else "WDL-6" for each in outcome.payments or () if each.number}
        yield f"owed in installments {plain(outcome.in_installments)}   ({', '.join(sorted(by_rule))})"
    if outcome.rounding:
        yield f"rounding of all positions {plain(outcome.rounding)}"
    if outcome.free_transfers_left is not None:
        yield f"free transfers left this year {outcome.free_transfers_left}"
    yield from (_limit(line, several=outcome.accounts is not None) for line in outcome.limits or ())
    if outcome.debits is not None and outcome.credits is not None:
        sign = "=" if outcome.debits == outcome.credits else "≠"
        yield f"debits {plain(outcome.debits)} {sign} credits {plain(outcome.credits)}   (GEN-7)"


def _limit(line: LimitLine, *, several: bool) -> str:
    """What a limit allowed, and what it leaves (LIM-7); whose it is where there are several accounts."""
    base, rules = f"{plain(line.base_value)} (value of {line.base_date})", ", ".join(line.rules)
    option = f"{line.account.value} {line.option}" if several else line.option
    left = "now without a limit" if line.left is None else f"{plain(line.left)} left"
    if line.percent is None or line.available is None:
        return f"{option} without a limit: {plain(line.taken)} of {base} taken; {left}   ({rules})"
    allowed = f"{plain(line.percent)}% of {base} − {plain(line.used)} used: {plain(line.available)} available"
    return f"limit of {option}: {allowed}, {plain(line.taken)} taken, {left}   ({rules})"


def _paid(outcome: Confirmation | Quote, paid: Decimal) -> Iterator[str]:
    """What came off, what was withheld of the rest, and what was paid (WDL-12, WDL-14)."""
    yield from _came_off(outcome)
    if outcome.payable is not None and outcome.withheld is not None:
        yield f"payable {plain(outcome.payable)}"
        yield f"tax withheld {plain(-outcome.withheld)}   (WDL-12)"
    yield f"paid {plain(paid)}"


def _came_off(outcome: Confirmation | Quote) -> Iterator[str]:
    """The charges on the value taken; a maintenance fee came first, and is no part of that."""
    off = [charge.amount for charge in outcome.charges if charge.what != "maintenance_fee"]
    if off:
        yield f"charges {plain(-sum(off, Decimal(0)))}"


def _adjusted_by(mva: MvaBlock) -> str:
    """The aggregate that counted (MVA-6)."""
    if mva.not_applied_by is None:
        return plain(mva.aggregate)
    return f"0.00: would be {plain(mva.aggregate)}, does not count   ({mva.not_applied_by})"


def _rejection(outcome: Rejection) -> Iterator[str]:
    yield f"REJECTION {outcome.outcome_id}: request {outcome.request_id} ({outcome.topic}); nothing moved"
    yield from _who(outcome)
    trade_date = f"trade date {outcome.trade_date}, " if outcome.trade_date is not None else ""
    yield f"{trade_date}decided {outcome.decided_at}"
    yield from _section("Reasons", _reasons(outcome))
    if outcome.possible_from is not None:
        yield f"The request as made would succeed from {outcome.possible_from} on."


def _reasons(outcome: Rejection | Quote) -> Iterator[str]:
    for number, reason in enumerate(outcome.reasons, start=1):
        where = f" in {reason.field}" if reason.field is not None else ""
        yield f"{number}. {reason.code.value}{where}: {reason.message}"
        yield from (f"   {name.replace('_', ' ')} {value}" for name, value in reason.numbers.items())
        yield from (f"   {line}" for line in _rules(reason.rules))
        if reason.possible_from is not None:
            yield f"   possible from {reason.possible_from} on"


def _notice(outcome: Notice) -> Iterator[str]:
    yield f"NOTICE {outcome.outcome_id}: {outcome.kind.replace('_', ' ')}"
    yield from _who(outcome)
    account = f"account {outcome.account.value}, " if outcome.account is not None else ""
    yield f"{account}{outcome.date}, decided {outcome.decided_at}"
    yield from _section("Details", (f"{name}: {value}" for name, value in outcome.details.items()))
    if outcome.statement is not None:
        yield from statement_lines(outcome.statement)


def _acknowledgement(outcome: Acknowledgement) -> Iterator[str]:
    yield f"ACKNOWLEDGEMENT: request {outcome.request_id} ({outcome.topic}) waits for {outcome.waits_for}"
    yield f"contract {outcome.contract_id}, participant {outcome.participant_id}"
    yield f"trade date {outcome.trade_date}, acknowledged {outcome.acknowledged_at}"


def _quote(outcome: Quote) -> Iterator[str]:
    """What would happen, or why it would not."""
    what = "would be refused" if outcome.of is None else outcome.of
    yield f"QUOTE {outcome.outcome_id}: {what}; nothing changed"
    yield f"contract {outcome.contract_id}, participant {outcome.participant_id}"
    close = f"as of the close of {outcome.as_of_close}, " if outcome.as_of_close is not None else ""
    yield f"{close}quoted {outcome.quoted_at}"
    yield from _figures(outcome)
    yield from _section("Reasons", _reasons(outcome))
    if outcome.possible_from is not None:
        yield f"The request as made would succeed from {outcome.possible_from} on."


def _notes(notes: tuple[str, ...]) -> Iterator[str]:
    yield from _section("Notes", notes)


def _rules(rules: tuple[str, ...]) -> Iterator[str]:
    for rule in rules:
        yield f"{rule}: {RULES.get(rule, 'a rule that this version does not know')}"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A heading and its lines, indented; nothing where there are none."""
    found = list(lines)
    if found:
        yield from ("", title, *(f"  {line}" for line in found))

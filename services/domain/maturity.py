"""What becomes of a guaranteed term that has matured: as elected, or reinvested by itself (MAT-2..6, GEN-8).

Its value is that of the maturity (MAT-5). New guaranteed terms are those of the deposit period open at the maturity,
and begin to earn on that day, whenever they are bought. Other options are bought at an index of the close that
decides, because that of the maturity could be known when the owner elects. Interest is not lost where Fixed Account 2
takes a value that nobody directs: it is bought at the index of the maturity, if that was a business day.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from contracts_schema.figures import Leg
from contracts_schema.options import FixedAccount2Option, GuaranteedOption, takes_money_on
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.reference import GuaranteedOffering, GuaranteedTerm
from contracts_schema.terms import ContractTerms
from contracts_schema.types import plain
from contracts_schema.values import Value, changed
from services.domain.allocation import Shares, closed_to, invest, rules_of, split
from services.domain.death_benefit import less_withdrawn
from services.domain.deferral import deferred, payments_by_day
from services.domain.deferred_payments import with_deferred
from services.domain.early_withdrawal import Leaving, matured_off
from services.domain.guaranteed import classification_of, new_lot, open_offering
from services.domain.loans import beyond_loans
from services.domain.numbers import ZERO
from services.domain.positions import move, move_lot, value_at
from services.domain.sources import View
from services.domain.state import Account, AllocationShare, Election, Lot, Participant, Reinvested
from services.domain.valuation import Valuation
from services.domain.verdicts import Done, cited


class Maturing(Value, frozen=True):
    """A matured lot at a close: the contract on that day, and the books that hold the lot."""

    at: Valuation
    participant: Participant
    account: Account
    option: GuaranteedOption
    lot: Lot

    @property
    def as_of(self) -> Valuation:
        """The contract with the values of the day of the maturity (MAT-5)."""
        return changed(self.at, day=self.lot.maturity)

    def emptied(self) -> tuple[Account, Leg, Decimal]:
        """The account without the lot, and what that was worth at its maturity; no adjustment (MVA-8)."""
        value = value_at(self.lot.units, self.as_of.lot_index(self.lot))
        account, leg = move_lot(self.account, self.as_of, self.option, self.lot, -value)
        return account, leg, value


def disposed(of: Maturing) -> Done | None:
    """What is done with a lot at a close on or after its maturity; None where its value stays, or where, on the day of
    the maturity, that is not to be decided yet.

    What is elected is done at once. It is the owner's whole wish or nothing: where a part of it cannot be had, the lot
    counts as one without instructions, and the confirmation says so.
    """
    election = of.lot.election
    if election is None:
        return _by_itself(of, {})
    if not election.shares and of.participant.aml_orders:
        return _blocked(of, election)
    refused = _refused(of, election.shares) if election.shares else [*_kept_for_loans(of)]
    if not refused:
        return _elected(of, election) if election.shares else _paid_out(of, election)
    why = ", ".join(found.code.value for found in refused)
    return _by_itself(of, {"election_not_followed": f"{election.request_id}: {why}"})


def _refused(of: Maturing, shares: Shares) -> list[Finding]:
    """What of the owner's shares cannot be had: guaranteed terms when it matured, other options now."""
    terms = tuple(share for share in shares if _is_guaranteed(of.at.terms, share))
    others = tuple(share for share in shares if share not in terms)
    return [*closed_to(of.as_of, terms), *closed_to(of.at, others)]


def _kept_for_loans(of: Maturing) -> Iterator[Finding]:
    """That a lot is not paid out, because its value must stay for a loan outstanding (WDL-9)."""
    return beyond_loans(of.at, of.participant, {of.account.type: of.emptied()[2]})


def _is_guaranteed(terms: ContractTerms, share: AllocationShare) -> bool:
    return isinstance(terms.option_named(share.option), GuaranteedOption)


def _elected(of: Maturing, election: Election) -> Done:
    """Into the options that the owner wants, by their percentages (MAT-2)."""
    account, out, value = of.emptied()
    legs = [out]
    for share, part in zip(election.shares, split(of.at.terms, election.shares, value), strict=True):
        at = of.as_of if _is_guaranteed(of.at.terms, share) else of.at
        account, bought = invest(account, at, (changed(share, percent=Decimal(100)),), part)
        legs += bought
    details = {"elected_by": election.request_id}
    return _done(of, account, _Outcome("maturity_transfer", ("MAT-2",), ("TRF-3",)), legs, details)


def _paid_out(of: Maturing, election: Election) -> Done:
    """Out of the contract (MAT-2): a withdrawal for what a death benefit guarantees (MVA-10), and for what comes off
    it, the early withdrawal charge and premium tax (WDL-4, DEP-1).
    """
    account, out, value = of.emptied()
    account = less_withdrawn(account, value, value + View(of.at, account).value())
    details = {"elected_by": election.request_id}
    if election.payee is not None:
        details["payee"] = election.payee
    off = matured_off(Leaving(of.at.terms, of.account, of.at.day), of.option, value)
    paid = value - sum((each.amount for each in off), ZERO)
    due = deferred(of.at).get("guaranteed")
    put_off = {} if due is None else {"payments": payments_by_day(of.at.day, {due: paid})}
    account = with_deferred(account, put_off.get("payments", ()), election.request_id, election.payee)
    rules = (*("WDL-14", *(rule for charge in off for rule in charge.rules)), *(("WDL-7",) if put_off else ()))
    done = _done(of, account, _Outcome("maturity_payment", ("MAT-2",), rules), [out], details)
    return changed(done, body={**done.body, "charges": off, "paid": paid, **put_off})


def _blocked(of: Maturing, election: Election) -> Done | None:
    """What was to be paid out to somebody blocked is not: the lot counts as one without instructions (DEP-9)."""
    why = f"{election.request_id}: {Reason.HELD_BY_AML_ORDER.value}"
    done = _by_itself(of, {"election_not_followed": why})
    return None if done is None else changed(done, rules=cited(*done.rules, "DEP-9"))


def _by_itself(of: Maturing, details: dict[str, str]) -> Done | None:
    """Without instructions: nothing on the day of the maturity, for until midnight they may come; then reinvested, if
    the contract does that (MAT-3, MAT-6).
    """
    if of.lot.maturity == of.at.day or of.option.at_maturity == "stays":
        return None
    if of.option.after_closing == "fixed_account_2" and not takes_money_on(of.option, of.lot.maturity):
        return _into_fixed_account_2(of, details)
    offering = open_offering(of.at.market.offerings.get(of.option.series, ()), of.lot.maturity)
    if offering is None:
        return None
    term = next_term(offering, of.lot.years, classified=of.option.classified)
    return None if term is None else _reinvested(of, offering, term, details)


def _reinvested(of: Maturing, offering: GuaranteedOffering, term: GuaranteedTerm, details: dict[str, str]) -> Done:
    """Into a new term that begins on the day of the maturity; it may be left once without adjustment (MAT-3, MAT-4)."""
    account, out, value = of.emptied()
    fresh = new_lot(account, of.option, offering, term, of.lot.maturity)
    fresh = changed(fresh, reinvested=Reinvested(of.lot.maturity, value))
    account, bought = move_lot(account, of.as_of, of.option, fresh, value)
    outcome = _Outcome("reinvested", ("MAT-3", "MAT-4", "NTC-3"), ("TRF-3",))
    return _done(of, account, outcome, [out, bought], details | _described(of.lot, fresh.lot, offering, term))


def _into_fixed_account_2(of: Maturing, details: dict[str, str]) -> Done | None:
    """Into Fixed Account 2, once the guaranteed option is closed; None where that takes nothing (GEN-8)."""
    fixed = next((each for each in of.at.terms.options if isinstance(each, FixedAccount2Option)), None)
    if fixed is None:
        return None
    at = of.as_of if of.at.market.knows_index(of.at.terms.contract_id, fixed.option, of.lot.maturity) else of.at
    if not takes_money_on(fixed, at.day):
        return None
    account, out, value = of.emptied()
    account, bought = move(account, at, fixed, value)
    return _done(of, account, _Outcome("reinvested", ("MAT-3", "GEN-8", "NTC-3"), ("TRF-3",)), [out, bought], details)


def next_term(offering: GuaranteedOffering, years: int, *, classified: bool) -> GuaranteedTerm | None:
    """The term that what matured is reinvested in, or None where nothing fits (MAT-3).

    Classified: the one of shortest maturity in the same classification. Otherwise the same length, else the longest
    that is shorter, else the shortest that is longer.
    """
    if classified:
        same = [term for term in offering.terms if classification_of(term.years) == classification_of(years)]
        return min(same, key=lambda term: (term.maturity, term.years), default=None)
    up_to = [term for term in offering.terms if term.years <= years]
    if up_to:
        return max(up_to, key=lambda term: term.years)
    return min(offering.terms, key=lambda term: term.years)


def rates_of(term: GuaranteedTerm) -> str:
    """The rates of a term for a reader: "0.05 through 2022-03-31, 0.0475 through 2024-03-31"."""
    return ", ".join(f"{plain(step.rate)} through {step.through}" for step in term.steps)


def _described(matured: Lot, name: str, offering: GuaranteedOffering, term: GuaranteedTerm) -> dict[str, str]:
    """The new term, as MAT-3 wants it confirmed, and how long it may be left without adjustment (MAT-4)."""
    year, month = divmod(matured.maturity.year * 12 + matured.maturity.month, 12)
    return {
        "new_lot": name,
        "new_term": str(term.years),
        "new_maturity": term.maturity.isoformat(),
        "new_rates": rates_of(term),
        "deposit_period": f"{offering.period_start} to {offering.period_end}",
        "free_of_adjustment": f"the first request, through the last business day of {year}-{month + 1:02}",
    }


class _Outcome(Value, frozen=True):
    """A kind of confirmation, and the rules that it stands on before and after those of every maturity."""

    kind: str
    first: tuple[str, ...]
    then: tuple[str, ...]


def _done(of: Maturing, account: Account, outcome: _Outcome, legs: list[Leg], details: dict[str, str]) -> Done:
    """The confirmation: the matured lot left by the first leg, the others came."""
    late = () if of.lot.maturity in of.at.market.days else ("MAT-5",)
    rules = cited(*outcome.first, *late, "MAT-6", "GAA-2", "MVA-8", *outcome.then, *rules_of(legs[1:]), "GEN-7")
    value = -legs[0].dollars
    matured = {
        "matured_lot": of.lot.lot,
        "matured_term": str(of.lot.years),
        "maturity": of.lot.maturity.isoformat(),
    }
    body: dict[str, Any] = {
        "account": account.type,
        "gross": value,
        "legs": tuple(legs),
        "rounding": sum((leg.rounding for leg in legs), ZERO),
        "debits": value,
        "credits": value,
        "details": matured | details,
    }
    return Done(of.participant.with_account(account), outcome.kind, rules, body)

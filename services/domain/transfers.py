"""Transfers between options of one Individual Account (TRF-1..6, LIM-1..5, GAA-4, GAA-6, WDL-2, WDL-3)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from contracts_schema.figures import Charge, Leg
from contracts_schema.options import FixedOption, FundOption, GuaranteedOption
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import TransferRequest
from contracts_schema.values import changed
from services.domain.allocation import allocation_defects, closed_to, invest, rules_of, shares_of
from services.domain.cases import Case, account_allowed, account_in, authorised, existing_account
from services.domain.choosing import choice_defects, chosen_lots, overlapping, rules_of_choice
from services.domain.destinations import destination_defects, too_little
from services.domain.guaranteed import classification_of
from services.domain.income_after import transfers_barred
from services.domain.limits import RULE_OF_KIND, Taking, limit_lines, over_limit, recorded
from services.domain.numbers import ZERO
from services.domain.positive import Draws, par_stands, waived
from services.domain.repurchases import bought_back, traded
from services.domain.selling import Sale, mva_block, mva_rules, sell
from services.domain.sources import View
from services.domain.state import Account
from services.domain.transfer_legs import LegDraw, draw_leg
from services.domain.verdicts import Done, Verdict, cited, finding
from services.domain.window import Attempt, drawn_with_windows

WITHOUT_CHARGE = {"fixed_account", "fixed_account_2"}
"""Kinds of options whose limited transfers are "without charge"; of the Fixed Plus Accounts the endorsement does not
say so (TRF-3).
"""


def transfer(case: Case[TransferRequest]) -> Verdict:
    """Decide a transfer on its trade date: all of it, or every reason why nothing moves."""
    refused = (
        *authorised(case),
        *account_allowed(case.terms, case.request.account),
        *existing_account(case.participant, case.request.account),
    )
    if refused:
        return refused
    view = View(case.at, account_in(case.participant, case.request.account))
    refused = (
        *_from_defects(case, view),
        *transfers_barred(case.terms, view.account, case.request.from_),
        *_to_defects(case),
        *_circular(case, view),
    )
    if refused:
        return refused
    return drawn_with_windows(view, lambda each: _attempt(case, Taking(each, "transfer", case.received)))


def _attempt(case: Case[TransferRequest], taking: Taking) -> Attempt:
    view = taking.view
    drawn = _drawn(case, view)
    only_positive = waived(case.terms, case.day) if _leaves_guaranteed(case) else None
    if only_positive is not None:
        at_par = _drawn(case, changed(view, at_par=True))
        short = [draw for each in drawn for draw in each.short]
        drawn = at_par if par_stands(_draws(drawn), _draws(at_par), short) else drawn
    sales = [sale for each in drawn for sale in each.sales]
    refused = (*(found for each in drawn for found in each.refused), *over_limit(taking, sales))
    if refused:
        return Attempt(refused)
    return Attempt(_moved(case, taking, sales, only_positive), [sale.draw for sale in sales])


def _drawn(case: Case[TransferRequest], view: View) -> list[LegDraw]:
    net = case.request.amount_type == "net"
    return [draw_leg(view, leg, f"from[{at}]", net=net) for at, leg in enumerate(case.request.from_)]


def _draws(drawn: list[LegDraw]) -> Draws:
    return [None if each.refused else [sale.draw for sale in each.sales] for each in drawn]


def _leaves_guaranteed(case: Case[TransferRequest]) -> bool:
    """Whether everything goes to funds and fixed options: only such transfers can have their adjustment waived."""
    options = [case.terms.option_named(share.option) for share in case.request.to]
    return not any(isinstance(option, GuaranteedOption) for option in options)


def _from_defects(case: Case[TransferRequest], view: View) -> Iterator[Finding]:
    for at, leg in enumerate(case.request.from_):
        where = f"from[{at}]"
        yield from choice_defects(case.terms, view.account, leg, where)
        option = case.terms.option_named(leg.option)
        if isinstance(option, FixedOption) and option.limit.window == "not_available":
            rule, name = RULE_OF_KIND[option.kind], option.kind.replace("_", " ").title()
            message = f"transfers out of {name} are limited by {rule}, which is not available yet"
            yield finding(Reason.NOT_AVAILABLE, rules=(rule,), message=message, where=where + ".option")
        if leg.units is not None and option is not None and not isinstance(option, FundOption):
            yield finding(Reason.UNITS_ONLY_OF_FUNDS, where=where + ".units", option=leg.option)
    yield from overlapping(case.request.from_)


def _to_defects(case: Case[TransferRequest]) -> Iterator[Finding]:
    shares = shares_of(case.request.to)
    yield from allocation_defects(case.terms, shares, "to")
    yield from destination_defects(case.terms, case.request)
    yield from closed_to(case.at, shares)


def _circular(case: Case[TransferRequest], view: View) -> Iterator[Finding]:
    """A transfer leads somewhere else: not into an option, or an unmatured guaranteed term, that it leaves; of a
    classified option not into the classification of one (GAA-5), whether GAA-4 would pass over that one today or not.
    """
    for leg in case.request.from_:
        classified = _is_classified(case, leg.option)
        lots = [lot for lot in chosen_lots(view.account, leg) if not lot.matured]
        left = {classification_of(lot.years) if classified else lot.years for lot in lots}
        for at, share in enumerate(case.request.to):
            if share.option != leg.option:
                continue
            if share.term is None:
                yield finding(Reason.SAME_OPTION, where=f"to[{at}]", option=share.option)
            elif (classification_of(share.term) if classified else share.term) in left:
                reason = Reason.SAME_CLASSIFICATION if classified else Reason.SAME_TERM
                yield finding(reason, where=f"to[{at}]", option=f"{share.option} {share.term}y")


def _is_classified(case: Case[TransferRequest], name: str) -> bool:
    option = case.terms.option_named(name)
    return isinstance(option, GuaranteedOption) and option.classified


def _moved(case: Case[TransferRequest], taking: Taking, sales: list[Sale], only_positive: str | None) -> Verdict:
    """Sell, take the fee off what arrives, and buy (TRF-6)."""
    account, sold = sell(taking.view, sales)
    arriving = sum((sale.draw.pays for sale in sales), ZERO)
    counting = _counting(taking.view, sales)
    fee, account, left = _fee(case, account, counting) if counting else (ZERO, account, _left(case, account))
    if fee >= arriving:
        return (finding(Reason.FEE_EXCEEDS_TRANSFER, arriving=arriving, fee=fee),)
    shares = shares_of(case.request.to)
    account, bought = invest(account, case.at, shares, arriving - fee)
    refused = (
        *too_little(case.terms, case.request, shares, arriving),
        *bought_back(case.terms, account, bought, case.day),
    )
    if refused:
        return refused
    account = traded(case.terms, recorded(taking, account, sales), (*sold, *bought), case.day)
    limits = limit_lines(taking, account, sales)
    reckoned = (*(rule for line in limits for rule in line.rules), *mva_rules(sales, only_positive))
    return Done(
        case.participant.with_account(account),
        "transfer",
        _rules(case, reckoned, bought, fee, counted=bool(counting)),
        _body(case, sales, sold, bought, fee)
        | {"free_transfers_left": left, "limits": limits or None, "mva": mva_block(sales, only_positive)},
    )


def _counting(view: View, sales: list[Sale]) -> str | None:
    """How the transfer counts toward the free ones: not if all of it is of terms at their maturity, or goes under the
    maturity value transfer provision, or is limited and without charge, unless limited ones are `counted`; but those
    pay no fee, as `charged` ones do beyond the free ones (TRF-3, TRF-6).
    """
    undecided = {lot.lot for lot in view.account.lots if lot.undecided}
    counting: str | None = None
    for draw in (sale.draw for sale in sales if sale.draw.taken):
        found, fixed = draw.holding.adjustment, view.at.terms.fixed.get(draw.holding.option)
        if fixed is not None and fixed.limit.limited and fixed.kind in WITHOUT_CHARGE:
            counting = counting or ("counted" if view.at.terms.transfers.limited == "counted" else None)
        elif found is None or not (found.rule == "MAT-4" or found.lot.lot in undecided):
            return "charged"
    return counting


def _left(case: Case[TransferRequest], account: Account) -> int:
    made = account.transfers if account.transfers_year == case.day.year else 0
    return max(0, case.terms.transfers.free_per_year - made)


def _fee(case: Case[TransferRequest], account: Account, counting: str) -> tuple[Decimal, Account, int]:
    """The fee of this transfer, the account with it counted, and the free ones left this calendar year (TRF-2)."""
    year, terms = case.day.year, case.terms.transfers
    made = account.transfers + 1 if account.transfers_year == year else 1
    fee = terms.fee if counting == "charged" and made > terms.free_per_year else ZERO
    return fee, changed(account, transfers_year=year, transfers=made), max(0, terms.free_per_year - made)


def _rules(
    case: Case[TransferRequest], reckoned: tuple[str, ...], bought: list[Leg], fee: Decimal, *, counted: bool
) -> tuple[str, ...]:
    dollars = case.request.amount_type == "net" and any(leg.amount is not None for leg in case.request.from_)
    of_dollars = ("TRF-6",) if fee or dollars else ()
    count = "TRF-2" if counted else "TRF-3"
    return cited("GEN-2", "TRF-1", count, *of_dollars, *_choice_rules(case), *reckoned, *rules_of(bought), "GEN-7")


def _choice_rules(case: Case[TransferRequest]) -> tuple[str, ...]:
    """Those of classifications, and of a transfer between them."""
    drawn, bought = {leg.option for leg in case.request.from_}, {share.option for share in case.request.to}
    between = any(_is_classified(case, name) for name in drawn & bought)
    return (*rules_of_choice(case.terms, drawn, case.request.from_), *(("GAA-5",) if between else ()))


def _body(
    case: Case[TransferRequest], sales: list[Sale], sold: list[Leg], bought: list[Leg], fee: Decimal
) -> dict[str, Any]:
    taken = sum((sale.draw.taken for sale in sales), ZERO)
    mva = sum((sale.draw.pays for sale in sales), ZERO) - taken
    arrived = sum((leg.dollars for leg in bought), ZERO)
    basis = f"beyond {case.terms.transfers.free_per_year} free transfers in {case.day.year}"
    charge = Charge(what="transfer_fee", amount=fee, basis=basis, rules=("TRF-2", "TRF-6"))
    return {
        "account": case.request.account,
        "gross": taken,
        "legs": (*sold, *bought),
        "charges": (charge,) if fee else (),
        "rounding": sum((leg.rounding for leg in (*sold, *bought)), ZERO),
        "debits": taken + max(mva, ZERO),
        "credits": arrived + fee + max(-mva, ZERO),
    }

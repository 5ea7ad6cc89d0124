"""Buying back a fund that was sold: a cap on transfers into it, where its terms say so (TRF-5).

What the documents leave to the company and the funds is decided so: only transfers count, on either side; days are
calendar days between trade dates, the last one included; while any sale is so near, everything bought since the first
such sale counts against the cap. What was moved before a fund had such terms is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import dropwhile

from contracts_schema.figures import Leg
from contracts_schema.limits import Repurchase
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.terms import ContractTerms
from contracts_schema.values import Value, changed
from services.domain.numbers import ZERO
from services.domain.state import Account
from services.domain.uses import Use, Uses, with_uses
from services.domain.verdicts import finding


class _Cap(Value, frozen=True):
    """A fund's cap, and the history of the fund, in its order."""

    terms: Repurchase
    uses: Uses

    def sales(self, day: date) -> list[Use]:
        """The sales that are near on a trade date."""
        return [use for use in self.uses if use.kind == "transfer" and day < self.ends(use)]

    def ends(self, sale: Use) -> date:
        """The first trade date on which a sale is not near any more."""
        return sale.day + timedelta(days=self.terms.days + 1)

    def bought(self, day: date) -> Decimal:
        """Dollars that transfers bought since the first sale that is near."""
        first = self.sales(day)[0]
        since = dropwhile(lambda use: use is not first, self.uses)
        return sum((use.amount for use in since if use.kind == "purchase"), ZERO)

    def allows(self, day: date, dollars: Decimal) -> bool:
        """Whether so many dollars may be bought on a trade date."""
        return not self.sales(day) or self.bought(day) + dollars <= self.terms.at_most


def bought_back(terms: ContractTerms, account: Account, bought: Sequence[Leg], day: date) -> Iterator[Finding]:
    """Funds of which a transfer would buy more than it may, soon after they were sold."""
    for leg in bought:
        option = terms.capped.get(leg.option)
        if option is None or option.repurchase is None:
            continue
        cap = _Cap(option.repurchase, tuple(use for use in account.uses if use.option == leg.option))
        if not cap.allows(day, leg.dollars):
            yield _capped(cap, leg, day)


def _capped(cap: _Cap, leg: Leg, day: date) -> Finding:
    sales, bought = cap.sales(day), cap.bought(day)
    return finding(
        Reason.REPURCHASE_CAPPED,
        possible_from=next(each for each in map(cap.ends, sales) if cap.allows(each, leg.dollars)),
        option=leg.option,
        requested=leg.dollars,
        days=cap.terms.days,
        at_most=cap.terms.at_most,
        sold_on=sales[-1].day,
        bought=bought,
        available=max(ZERO, cap.terms.at_most - bought),
        trade_date=day,
    )


def traded(terms: ContractTerms, account: Account, legs: Sequence[Leg], day: date) -> Account:
    """The account with a transfer's sales and purchases of capped funds in its history."""
    new = [
        Use(leg.option, day, abs(leg.dollars), "transfer" if leg.dollars < 0 else "purchase")
        for leg in legs
        if leg.option in terms.capped
    ]
    return changed(account, uses=with_uses(account.uses, new)) if new else account

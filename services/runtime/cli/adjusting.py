"""An adjustment reckoned outside any account, by the very functions that decide withdrawals."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts_schema.figures import MvaLine
from contracts_schema.options import MvaTerms
from services.domain.draws import Draw, Holding, draw_gross, draw_net
from services.domain.market import Market
from services.domain.mva import Adjustment, adjust, mva_factor
from services.domain.numbers import ZERO, exact, rounded
from services.domain.state import Lot
from services.runtime.cli.failures import CommandError
from services.runtime.cli.rates import SERIES, SPREADS

PLENTY = Decimal("999999999999.99")


@dataclass(frozen=True, slots=True)
class Given:
    """The yields of the deposit and of the withdrawal as fractions, x in days, and the places of the factor.

    Each side is one yield under Method Two, under Method One a Treasury rate and the spread over it.
    """

    deposit: tuple[Decimal, ...]
    current: tuple[Decimal, ...]
    days: int
    places: int = 4


@dataclass(frozen=True, slots=True)
class Term:
    """A lot of a guaranteed term: its deposit period, both days included, its day of deposit and its maturity."""

    years: int
    period_start: date
    period_end: date
    deposited: date
    maturity: date


@dataclass(frozen=True, slots=True)
class Amount:
    """Dollars: what the payee receives (net), or what is taken from the value (gross)."""

    dollars: Decimal
    gross: bool = False


@exact
def from_numbers(given: Given) -> Adjustment:
    """The adjustment for yields and days that are known."""
    unrounded = mva_factor(sum(given.deposit, ZERO), sum(given.current, ZERO), given.days)
    rule = "MVA-2" if len(given.deposit) == 1 else "MVA-1"
    return Adjustment(_lot(), rule, rounded(unrounded, given.places), unrounded)


@exact
def from_market(market: Market, term: Term, day: date, places: int = 4) -> Adjustment:
    """The adjustment of a lot on a trade date, from published yields: by Method One where the market has spreads.

    Raises `CommandError` where a yield is missing.
    """
    spreads = SPREADS if SPREADS in market.yields else None
    terms = MvaTerms(
        method="two" if spreads is None else "one",
        yield_source="constant_maturity",
        yield_series=SERIES,
        spread_series=spreads,
        factor_places=places,
    )
    found = adjust(market, terms, _lot(term), day, waived=False)
    if found is None:
        raise CommandError("The rates begin too late: a yield that the adjustment needs is not in them (MVA-4).")
    return found


@exact
def drawn(adjustment: Adjustment, amount: Amount) -> Draw:
    """What is taken and paid at the factor, where there is plenty."""
    source = (Holding("guaranteed", PLENTY, adjustment),)
    draws = draw_gross([source], amount.dollars) if amount.gross else draw_net([source], amount.dollars)
    if not draws:
        raise CommandError(f"{amount.dollars} is more than any account holds.")
    return draws[0]


@exact
def line_of(adjustment: Adjustment) -> MvaLine:
    """The adjustment as a confirmation would carry it, before anything is taken."""
    return adjustment.line(ZERO, ZERO)


def _lot(term: Term | None = None) -> Lot:
    of = term or Term(0, date.min, date.min, date.min, date.max)
    return Lot(
        lot="",
        option="guaranteed",
        offering="",
        years=of.years,
        deposited=of.deposited,
        period_start=of.period_start,
        period_end=of.period_end,
        maturity=of.maturity,
        steps=(),
        locked_through=of.period_end,
        after_maturity=ZERO,
        units=ZERO,
    )

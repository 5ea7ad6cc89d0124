"""What a contract's money can be in: funds, fixed options, guaranteed terms, and the terms of each."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contracts_schema.limits import FixedAccount2Limit, FixedAccountLimit, FixedPlusLimit, Limit, Repurchase
from contracts_schema.types import Day, Identifier, Message, MinimumRate

CLOSING_DATE = date(2013, 10, 1)
"""The closing date that the endorsement brackets (DEP-3)."""
OPENING_DATE = date(2014, 3, 17)
"""The day on which Fixed Account 2 was added to the contracts (GEN-8)."""


class FundOption(Message):
    """A fund of the Separate Account; its index is the unit value of the contract's charge class.

    `repurchase` caps what may be bought back by transfers soon after it was sold by one (TRF-5).
    """

    kind: Literal["fund"]
    option: Identifier
    fund: Identifier
    opens_on: Day | None = None
    closes_on: Day | None = None
    repurchase: Repurchase | None = None


class AnniversaryBonus(Message):
    """More than the declared rate by `bonus`, from the anniversary of the Individual Account's effective date that is
    `years` after it, and not before a day (FIX-4).
    """

    years: Annotated[int, Field(ge=1, le=100, strict=True)] = 10
    bonus: MinimumRate = Decimal("0.0025")
    not_before: Day = date(1994, 2, 1)


FixedKind = Literal["fixed_account", "fixed_plus_account", "fixed_plus_account_2", "fixed_account_2"]


class FixedOption(Message):
    """What every fixed option is: interest at the credited rate, never below its floors (FIX-6).

    A floor in force once is retained where `retained_minimum` says so. `rate_basis` `when_applied` is the
    supplement's alternative of FIX-7: money earns the rate declared when it was applied, and goes out in the
    `applied_order`. What the documents give to one kind, a date on which it opens or closes or an `anniversary`,
    published terms of that kind have without naming it, and say null where they have none. `limit` says how much of
    the option may be transferred, and where to (LIM-1..3).
    """

    floor_rule: ClassVar[str]
    """The rule by which the option has a floor of its own."""

    kind: FixedKind
    option: Identifier
    retained_minimum: MinimumRate | None = None
    rate_basis: Literal["portfolio", "when_applied"] = "portfolio"
    applied_order: Literal["oldest_first", "newest_first"] = "oldest_first"
    anniversary: AnniversaryBonus | None = None
    opens_on: Day | None = None
    closes_on: Day | None = None
    limit: Limit

    @property
    @abstractmethod
    def minimum(self) -> Decimal:
        """The annual rate that the contract guarantees."""


class FixedAccountOption(FixedOption):
    """The Fixed Account: no less than 4%, closed since 1 October 2013 (FIX-1, DEP-3)."""

    floor_rule: ClassVar[str] = "FIX-1"

    kind: Literal["fixed_account"]
    guaranteed_minimum: MinimumRate = Decimal("0.04")
    closes_on: Day | None = CLOSING_DATE
    limit: FixedAccountLimit = FixedAccountLimit()

    @property
    def minimum(self) -> Decimal:
        """The annual rate that the contract guarantees."""
        return self.guaranteed_minimum


class FixedPlusAccountOption(FixedOption):
    """The Fixed Plus Account: no less than 3%, a quarter percent more after ten years, closed since 1 October 2013
    (FIX-2, FIX-4, DEP-3).
    """

    floor_rule: ClassVar[str] = "FIX-2"

    kind: Literal["fixed_plus_account"]
    guaranteed_minimum: MinimumRate = Decimal("0.03")
    anniversary: AnniversaryBonus | None = AnniversaryBonus()
    closes_on: Day | None = CLOSING_DATE
    limit: FixedPlusLimit = FixedPlusLimit()

    @property
    def minimum(self) -> Decimal:
        """The annual rate that the contract guarantees."""
        return self.guaranteed_minimum


class FixedPlusAccount2Option(FixedOption):
    """Fixed Plus Account II: no less than 3% (FIX-2). The endorsement that closes the Fixed Plus Account and raises its
    rate after ten years does not name it: its terms have either only where they say so.
    """

    floor_rule: ClassVar[str] = "FIX-2"

    kind: Literal["fixed_plus_account_2"]
    guaranteed_minimum: MinimumRate = Decimal("0.03")
    limit: FixedPlusLimit = FixedPlusLimit()

    @property
    def minimum(self) -> Decimal:
        """The annual rate that the contract guarantees."""
        return self.guaranteed_minimum


class FixedAccount2Option(FixedOption):
    """Fixed Account 2: no less than the minimum of the calendar year, nor than the contract's (FIX-5).

    `contract_minimum` is the annual floor of the contract, 0.01 to 0.03 in the endorsement. It opened on 17 March 2014
    (GEN-8).
    """

    floor_rule: ClassVar[str] = "FIX-5"

    kind: Literal["fixed_account_2"]
    contract_minimum: MinimumRate
    opens_on: Day | None = OPENING_DATE
    limit: FixedAccount2Limit = FixedAccount2Limit()

    @property
    def minimum(self) -> Decimal:
        """The annual rate that the contract guarantees."""
        return self.contract_minimum


class MvaTerms(Message):
    """How the market value adjustment of a guaranteed option is reckoned (MVA-1..5, MVA-7..9).

    Weekdays are ISO numbers, Monday 1. `yield_source` says which yields Method Two takes: those of
    individual Treasury Notes, or constant-maturity rates interpolated. Method One takes constant-maturity
    Treasury rates and the corporate spreads of `spread_series`, on the first `yield_weeks` days of the
    month of deposit that are a `yield_weekday`, and on the last such day before the withdrawal.

    The aggregate counts only when positive on death (within six months of it, or always) and, where
    `positive_only_disability`, on disability within six months (MVA-7).

    Consecutive terms alike share the most favourable factor; so do several lots of one term, unless
    `equal_lots` leaves each lot of a term to itself (MVA-9).
    """

    method: Literal["one", "two"] = "two"
    yield_source: Literal["treasury_notes", "constant_maturity"] = "treasury_notes"
    yield_series: Identifier
    spread_series: Identifier | None = None
    yield_weekday: Annotated[int, Field(ge=1, le=7, strict=True)] = 5
    yield_weeks: Annotated[int, Field(ge=1, le=4, strict=True)] = 4
    count_from_weekday: Annotated[int, Field(ge=1, le=7, strict=True)] = 3
    factor_places: Annotated[int, Field(ge=2, le=12, strict=True)] = 4
    waived_for_systematic: bool = False
    positive_only_death: Literal["six_months", "always"] = "six_months"
    positive_only_disability: bool = False
    equal_lots: Literal["most_favourable", "each"] = "most_favourable"

    @model_validator(mode="after")
    def _series_of_the_method(self) -> MvaTerms:
        if (self.method == "one") != (self.spread_series is not None):
            raise PydanticCustomError("one_quantity", "Method One, and it alone, names a spread_series (MVA-1)")
        if self.method == "one" and self.yield_source != "constant_maturity":
            raise PydanticCustomError("invalid_value", "Method One takes constant-maturity rates (MVA-1)")
        return self

    @property
    def series(self) -> tuple[str, ...]:
        """The series of yields that the adjustment needs."""
        return (self.yield_series,) if self.spread_series is None else (self.yield_series, self.spread_series)


class GuaranteedOption(Message):
    """The Guaranteed Accumulation Account: lots of guaranteed terms of one series of offerings.

    What matures without instructions is reinvested (MAT-3), in Fixed Account 2 once the option is closed unless
    `after_closing` says otherwise (GEN-8); or it `stays`, as it did in release 0.1. Notice is given
    `maturity_notice_days` calendar days before a maturity (MAT-1), none where that is 0; a version that changes the
    0 reaches terms deposited from then on. Where there is a `rate_lock`, it covers external transfers received up to
    `rate_lock_days` days after its election (GAA-7).
    """

    kind: Literal["guaranteed"]
    option: Identifier
    series: Identifier
    mva: MvaTerms
    minimum_rate: MinimumRate = Decimal(0)
    lock_in_days: Annotated[int, Field(ge=0, le=366, strict=True)] = 90
    at_maturity: Literal["reinvest", "stays"] = "reinvest"
    after_closing: Literal["fixed_account_2", "reinvest"] = "fixed_account_2"
    maturity_notice_days: Annotated[int, Field(ge=0, le=366, strict=True)] = 18
    classified: bool = False
    rate_lock: bool = False
    rate_lock_days: Annotated[int, Field(ge=1, le=366, strict=True)] = 45
    opens_on: Day | None = None
    closes_on: Day | None = None


OptionOfKind = Annotated[
    FundOption
    | FixedAccountOption
    | FixedPlusAccountOption
    | FixedPlusAccount2Option
    | FixedAccount2Option
    | GuaranteedOption,
    Field(discriminator="kind"),
]
"""An option as terms publish it: its kind tells which it is."""

Option = FundOption | FixedOption | GuaranteedOption


def takes_money_on(option: Option, day: date) -> bool:
    """Whether an option is open to deposits and transfers on a day (GEN-8, DEP-3)."""
    return (option.opens_on is None or option.opens_on <= day) and (option.closes_on is None or day < option.closes_on)

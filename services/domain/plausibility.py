"""Values outside their bands: each holds the first close that it would count in, until a person releases it.

*Decision*: a unit value is compared when its day is next to close, for until then it is not known what it moved from.
Yields, declared rates, one-year minimums and guaranteed rates are looked at when they come, by the policy in force on
their own first day, and hold the close of the last business day before they would be carried into the books: a rate
for 1 July holds the close that credits 1 July. Until that close there is time, and nothing wrong is in force. An
offering is on the ledger log for ever once it is there: one outside its band is kept out of it until it is released,
and holds the last close after which it would come too late, so that none is lost unnoticed.
What a closed day has carried is final and never held. A band that is met exactly is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from contracts_schema.reference import GuaranteedOffering, MarketYields
from services.domain.bands import limits, option_band, outside, series_band, unit_value_band
from services.domain.close_control import is_released, policy_on
from services.domain.closing import Calendar, Reference, day_to_close
from services.domain.crediting import offered_since
from services.domain.numbers import exact, rounded
from services.domain.unit_values import unit_values_of

MOVED_PLACES = 4
OF_PRICES = {"first", "price", "shares"}
"""The ways of a unit value that came by a price, not by a value given for the class."""


@dataclass(frozen=True, slots=True)
class Held:
    """A value outside its band: `place` and `value` name it, `day` is the close it holds, `topic` where another goes.

    `numbers` are those compared.
    """

    place: tuple[str, ...]
    value: Decimal
    day: date
    topic: str
    rule: str
    message: str
    numbers: Mapping[str, str]

    @property
    def item(self) -> str:
        """The name under which it is released; ids hold no `|`."""
        return "|".join(self.place)


@exact
def held(state: Reference, calendar: Calendar, fund: str | None = None) -> list[Held]:
    """Everything outside its band that nobody has released; of one fund, its unit values only."""
    if not state.control.policies:
        return []
    found = [*_unit_values(state, calendar, fund)]
    if fund is None:
        for kind in (_declared, _minimums, _offered, _yields):
            found += kind(state, calendar)
    return [one for one in found if not is_released(state.control, one.item, one.value)]


def held_on(state: Reference, day: date, calendar: Calendar) -> list[Held]:
    """What holds the close of a day; nothing holds that of a day before the next."""
    return [one for one in held(state, calendar) if one.day == day]


def steps_held(state: Reference, offer: GuaranteedOffering, calendar: Calendar) -> list[Held]:
    """The guaranteed rates of an offering that are outside their band and not released."""
    return [one for one in _steps(state, offer, calendar) if not is_released(state.control, one.item, one.value)]


def _unit_values(state: Reference, calendar: Calendar, fund: str | None) -> Iterator[Held]:
    """FND-1: a unit value against that of the last closed day."""
    day = day_to_close(state, calendar)
    policy = None if day is None else policy_on(state.control, day)
    if day is None or policy is None or not policy.unit_values:
        return
    for value in unit_values_of(state, day, fund):
        band = unit_value_band(policy.unit_values, value.fund)
        prior = state.unit_values.get(f"{value.fund}|{value.charge_class}")
        if band is None or prior is None:
            continue
        moved = (value.unit_value - prior) * 100 / prior
        if abs(moved) > band.percent:
            shown = rounded(moved, MOVED_PLACES)
            yield Held(
                place=("unit_value", value.fund, value.charge_class, str(day)),
                value=value.unit_value,
                day=day,
                topic="fund-prices" if value.way in OF_PRICES else "fund-values",
                rule="FND-1",
                message=f"unit value {value.unit_value} of fund {value.fund} for charge class {value.charge_class} on "
                f"{day} is {shown:+}% from {prior} on {state.last_closed}; up to {band.percent}% is in the band",
                numbers={
                    "unit_value": str(value.unit_value),
                    "prior_unit_value": str(prior),
                    "moved_percent": str(shown),
                    "band_percent": str(band.percent),
                },
            )


def _yields(state: Reference, calendar: Calendar) -> Iterator[Held]:
    """MVA-4: each point that was published since the last closed day."""
    for day, of_day in state.yields.items():
        policy = policy_on(state.control, day)
        if policy is None or (state.last_closed is not None and day <= state.last_closed):
            continue
        for series, published in of_day.items():
            band = series_band(policy.yields, series)
            for name, percent in _points(published):
                how = outside(band, percent)
                if band is not None and how is not None:
                    yield Held(
                        place=("yield", series, str(day), name),
                        value=percent,
                        day=_carried(state, _on_or_after(day, calendar), calendar),
                        topic="market-yields",
                        rule="MVA-4",
                        message=f"yield {percent}% of {name} of series {series} on {day} is {how}%",
                        numbers={"percent": str(percent), **limits(band)},
                    )


def _points(published: MarketYields) -> Iterator[tuple[str, Decimal]]:
    for point in published.constant_maturity:
        yield f"{point.years}y", point.percent
    for note in published.notes:
        yield note.note, note.percent


def _declared(state: Reference, calendar: Calendar) -> Iterator[Held]:
    """FIX-6: declared rates that no closed day has carried."""
    for rate in state.declared:
        day = rate.effective_from
        policy = None if _is_carried(state, day) else policy_on(state.control, day)
        band = None if policy is None else option_band(policy.declared_rates, rate.contract_id, rate.option)
        how = outside(band, rate.rate)
        if band is not None and how is not None:
            yield Held(
                place=("declared_rate", rate.contract_id, rate.option, str(day)),
                value=rate.rate,
                day=_carried(state, day, calendar),
                topic="credited-rates",
                rule="FIX-6",
                message=f"declared rate {rate.rate} of {rate.contract_id}|{rate.option} from {day} on is {how}",
                numbers={"rate": str(rate.rate), **limits(band)},
            )


def _minimums(state: Reference, calendar: Calendar) -> Iterator[Held]:
    """FIX-5: one-year minimums, from the year's first day or the option's."""
    for key, rate in state.minimums.items():
        contract_id, option, year = key.split("|")
        first = date(int(year), 1, 1)
        day = max(first, offered_since(state, contract_id, option) or first)
        policy = None if _is_carried(state, day) else policy_on(state.control, day)
        band = None if policy is None else option_band(policy.one_year_minimums, contract_id, option)
        how = outside(band, rate)
        if band is not None and how is not None:
            yield Held(
                place=("one_year_minimum", contract_id, option, year),
                value=rate,
                day=_carried(state, day, calendar),
                topic="credited-rates",
                rule="FIX-5",
                message=f"one-year minimum {rate} of {contract_id}|{option} for {year} is {how}",
                numbers={"rate": str(rate), **limits(band)},
            )


def _offered(state: Reference, calendar: Calendar) -> Iterator[Held]:
    for offer in state.control.offerings:
        yield from _steps(state, offer, calendar)


def _steps(state: Reference, offer: GuaranteedOffering, calendar: Calendar) -> Iterator[Held]:
    """GAA-1: each guaranteed rate of an offering."""
    policy = policy_on(state.control, offer.period_start)
    band = None if policy is None else series_band(policy.guaranteed_rates, offer.series)
    for term in offer.terms:
        for step in term.steps:
            how = outside(band, step.rate)
            if band is not None and how is not None:
                name = f"rate {step.rate} through {step.through} of the {term.years}-year term"
                yield Held(
                    place=("guaranteed_rate", offer.series, offer.offering_id, str(term.years), str(step.through)),
                    value=step.rate,
                    day=_carried(state, offer.period_start - timedelta(days=1), calendar),
                    topic="guaranteed-offerings",
                    rule="GAA-1",
                    message=f"{name} of offering {offer.offering_id}, series {offer.series}, is {how}",
                    numbers={"rate": str(step.rate), **limits(band)},
                )


def _is_carried(state: Reference, day: date) -> bool:
    """Whether a closed day has carried what is in force from a day on."""
    return state.frozen is not None and day < state.frozen


def _carried(state: Reference, day: date, calendar: Calendar) -> date:
    """The close that carries what counts from a day on: of the last business day until then that is not closed yet."""
    while not calendar.is_business_day(day):
        day -= timedelta(days=1)
    coming = day_to_close(state, calendar)
    return day if coming is None else max(day, coming)


def _on_or_after(day: date, calendar: Calendar) -> date:
    while not calendar.is_business_day(day):
        day += timedelta(days=1)
    return day

"""The band of a policy that a value falls under: the one that names it most closely."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from contracts_schema.closing_orders import OptionBand, RateBand, SeriesBand, UnitValueBand, YieldBand


def unit_value_band(bands: Iterable[UnitValueBand], fund: str) -> UnitValueBand | None:
    """A fund's own band, else the one for all."""
    by_fund = {band.fund: band for band in bands}
    return by_fund.get(fund, by_fund.get(None))


def option_band(bands: Iterable[OptionBand], contract_id: str, option: str) -> OptionBand | None:
    """The band of a contract's option, else of the contract, else of options of that name, else of all."""
    by_name = {(band.contract_id, band.option): band for band in bands}
    for name in ((contract_id, option), (contract_id, None), (None, option), (None, None)):
        if name in by_name:
            return by_name[name]
    return None


def series_band(bands: Iterable[SeriesBand | YieldBand], series: str) -> SeriesBand | YieldBand | None:
    """A series' own band, else the one for all."""
    by_series = {band.series: band for band in bands}
    return by_series.get(series, by_series.get(None))


def outside(band: RateBand | None, value: Decimal) -> str | None:
    """How a value is outside its band, in words; None inside, both limits included, and without a band."""
    if band is None:
        return None
    if band.lowest is not None and value < band.lowest:
        return f"below the band's lowest, {band.lowest}"
    if band.highest is not None and value > band.highest:
        return f"above the band's highest, {band.highest}"
    return None


def limits(band: RateBand) -> dict[str, str]:
    """The band's limits, as numbers of an alarm."""
    found = {"lowest": band.lowest, "highest": band.highest}
    return {name: format(value, "f") for name, value in found.items() if value is not None}

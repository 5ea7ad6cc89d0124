"""GEN-5: whatever is closed when, and looked at how often, a dollar grows to the same."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contracts_schema.entries import DayClosedEntry, DayCreditedRates, DayRate, TermsEntry
from contracts_schema.terms import ContractTerms
from services.domain.folding import with_day, with_terms
from services.domain.market import Market
from tests.domain.books import fixed_account_2, terms

RATES = st.lists(st.sampled_from(["0.01", "0.02", "0.0375", "0.05"]), min_size=1, max_size=30)


@given(RATES, st.sets(st.integers(1, 29)))
def test_gen_5_an_index_does_not_depend_on_the_days_that_were_closed(rates: list[str], looked: set[int]) -> None:
    """One rate a day: closing on some of the days or on every one leads to the same index."""
    days = len(rates)
    every = list(range(days))
    some = [0, *sorted(day for day in looked if day < days)]
    assert index_after(rates, every) == index_after(rates, sorted(set(some)))


def index_after(rates: list[str], closes: list[int]) -> object:
    """The index after all the days, when only some are closed."""
    market, _ = with_terms(Market(), TermsEntry(terms=ContractTerms.model_validate(terms(fixed_account_2()))))
    start = date(2021, 1, 4)
    for here, there in zip(closes, [*closes[1:], len(rates)], strict=True):
        in_force = tuple(
            DayRate.model_validate(
                {"from_day": start + timedelta(days=at), "declared": rates[at], "one_year_minimum": "0"}
            )
            for at in range(here, there)
        )
        until = start + timedelta(days=there)
        entry = DayClosedEntry.model_validate(
            {
                "date": start + timedelta(days=here),
                "previous": market.head.last_closed,
                "closed_at": f"{start + timedelta(days=here)}T21:00:00+00:00",
                "next_business_days": (until,),
                "frozen_through": until,
                "credited_rates": (DayCreditedRates(contract_id="C1", option="FA2", rates=in_force),),
            }
        )
        market, _ = with_day(market, entry)
    return market.head.frozen_indexes["C1|FA2"]

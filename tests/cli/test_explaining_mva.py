"""The adjustment written out where it is more than Method Two's: rates and spreads, what does not count, equal terms.

The books are those of the domain's tests, which say where the numbers are from.
"""

from contracts_schema.outcomes import Confirmation
from services.runtime.cli.explaining import text
from services.runtime.cli.explaining_mva import mva_lines
from services.runtime.cli.one_line import one_line
from services.runtime.records import OutputRecord
from tests.domain.books import FUNDS, Book, Outcome, business_days, guaranteed, offering, shares, withdrawal, yields
from tests.domain.gaa import flat, gaa_terms, held, leg, percent_on, put, still, transferred, withdrawn

ONE = {"method": "one", "yield_source": "constant_maturity", "yield_series": "CMT", "spread_series": "CORP"}


def confirmation(outcome: Outcome) -> Confirmation:
    return Confirmation.model_validate_json(outcome.value)


def reckoning(outcome: Outcome) -> list[str]:
    """The lines of the adjustment."""
    block = confirmation(outcome).mva
    assert block is not None
    return list(mva_lines(block))


def by_method_one() -> Outcome:
    """$1,000 deposited on 3 February, at a rate of 3% and a spread of 1%; net $95.28 in March at 4.2% and 1.8%."""
    contract = gaa_terms(effective_from="2021-01-29", options=(*FUNDS, guaranteed(mva=ONE)))
    book = Book(contract, rates=False)
    book.publish("guaranteed-offerings", offering("FEB", "2021-02-01", "2021-02-26", still(3, "2023-09-23")))
    for day in business_days("2021-01-29", "2021-03-10"):
        if day == "2021-02-03":
            put(book, "put", day, "1000.00", option="GAA", term=3, percent="100")
        if day == "2021-03-10":
            book.withdraw(withdrawal("w", day, amount="95.28"))
        early = day < "2021-03-01"
        book.publish("market-yields", {**yields(day, *flat("1" if early else "1.8")), "series": "CORP"})
        book.close(day, flat("3" if early else "4.2"))
    return book.outcomes[-2]  # the last is the day's own


def test_method_one_with_every_rate_and_spread() -> None:
    """927 days from Wednesday 10 March, Appendix I's .9528."""
    outcome = by_method_one()
    assert reckoning(outcome) == METHOD_ONE
    assert "Market value adjustment, Method One" in text(confirmation(outcome)).splitlines()


METHOD_ONE = """\
lot GAA-1 of GAA: 3 years, deposited 2021-02-03, matures 2023-09-23
  x = days from Wednesday 2021-03-10 to 2023-09-23 = 927   (MVA-3)
  a, the Treasury rate of the month of deposit, is the mean of   (MVA-1, MVA-4)
    2021-02-05  0.03   CMT, published that day: 1y 3%, 10y 3%, at 3.000000y
    2021-02-12  0.03   CMT, published that day: 1y 3%, 10y 3%, at 3.000000y
    2021-02-19  0.03   CMT, published that day: 1y 3%, 10y 3%, at 3.000000y
    2021-02-26  0.03   CMT, published that day: 1y 3%, 10y 3%, at 3.000000y
    a = 0.03
  i, the spread over it, is the mean of   (MVA-1, MVA-4)
    2021-02-05  0.01   CORP, published that day: 1y 1%, 10y 1%, at 3.000000y
    2021-02-12  0.01   CORP, published that day: 1y 1%, 10y 1%, at 3.000000y
    2021-02-19  0.01   CORP, published that day: 1y 1%, 10y 1%, at 3.000000y
    2021-02-26  0.01   CORP, published that day: 1y 1%, 10y 1%, at 3.000000y
    i = 0.01
  b, the current Treasury rate for the remainder, is the mean of   (MVA-1, MVA-4)
    2021-03-05  0.042   CMT, published that day: 1y 4.2%, 10y 4.2%, at 2.539726y
    b = 0.042
  j, the spread over it, is the mean of   (MVA-1, MVA-4)
    2021-03-05  0.018   CORP, published that day: 1y 1.8%, 10y 1.8%, at 2.539726y
    j = 0.018
  factor = ((1 + a + i)/(1 + b + j)) ^ (x/365)   (MVA-1)
         = ((1 + 0.03 + 0.01)/(1 + 0.042 + 0.018)) ^ (927/365)
         = 0.9527743361050396 unrounded
  factor 0.9528   (MVA-5: rounded to 4 places before use)
  amount withdrawn 100.00, value taken before the adjustment
  100.00 × 0.9528 pays 95.28
  adjustment -4.72
aggregate MVA = -4.72   (MVA-6)""".splitlines()


def test_an_aggregate_that_does_not_count() -> None:
    """$500 of a lot at .9500 and of one at 1.0000 for lifetime income: 475 would be paid of the first."""
    book = held(old_3="1000.00", new_3="1000.00")
    outcome = withdrawn(book, amount="1000.00", reason="lifetime_income")
    found = reckoning(outcome)
    assert found[-2:] == [
        "aggregate MVA would be (-25.00) + 0.00 = -25.00   (MVA-6)",
        "it does not count: only a positive aggregate does here   (MVA-7)",
    ]
    assert "  500.00 × 0.9500 would pay 475.00" in found
    assert "  adjustment would be -25.00" in found
    result = text(confirmation(outcome)).splitlines()
    assert "  market value adjustment 0.00: would be -25.00, does not count   (MVA-7)" in result
    assert "  paid 1000.00" in result
    assert "  INC-1: GAA, Income Phase" in result


def test_a_waived_aggregate_on_one_line() -> None:
    contract = gaa_terms(mva_waivers=[{"from_day": "2021-04-28", "through": "2021-04-28"}])
    outcome = transferred(held(contract, old_3="1000.00"), [leg("GAA", all=True)], shares(F1="100"))
    record = OutputRecord(outcome.topic, 0, outcome.key.encode(), outcome.value, outcome.headers)
    assert "transfer (MVA -50.00 does not count, LIM-4): GAA/3 -1000.00, F1 +1000.00" in one_line(record).plain


def test_the_favoured_lot_of_equal_terms() -> None:
    """Alike from the first week (4%) and the second (8%): both at (1.08/1.06)^(983/365), 1.0516."""
    book = Book(gaa_terms())
    for name, start, end in (("A", "2021-01-04", "2021-01-08"), ("B", "2021-01-11", "2021-01-15")):
        book.publish("guaranteed-offerings", offering(name, start, end, still(3, "2024-01-06")))
    for day in business_days("2021-01-04", "2021-04-27"):
        if day in {"2021-01-05", "2021-01-12"}:
            put(book, f"put-{day}", day, "1000.00", option="GAA", term=3, percent="100")
        book.close(day, flat(percent_on(day)))
    found = reckoning(withdrawn(book, full=True))
    assert found[0] == "lot GAA-1 of GAA: 3 years, deposited 2021-01-05, matures 2024-01-06"
    assert found[1] == "  equal terms: the factor of lot GAA-2 is the most favourable and counts for all   (MVA-9)"
    assert found.count("  factor 1.0516   (MVA-5: rounded to 4 places before use)") == 2
    assert [line for line in found if "MVA-9" in line] == [found[1]]
    assert found[-1] == "aggregate MVA = 51.60 + 51.60 = 103.20   (MVA-6)"

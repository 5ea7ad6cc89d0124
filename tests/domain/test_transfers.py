"""TRF-1, TRF-6, GAA-6, WDL-2, WDL-3: what a transfer takes and what arrives, by hand to the cent.

The lots of `gaa.held`: old_2 at .9528, old_3 at .9500, mid_5 at 1.1000, new_3 and new_5 at 1.0000; prices are 10.
"""

from decimal import Decimal

from tests.domain.books import Book, Json, Outcome, offering, shares
from tests.domain.gaa import TRADE, drawn, flat, gaa_terms, held, leg, still, transferred

D = Decimal
TO_F1 = shares(F1="100")


def moved(outcome: Outcome) -> tuple[str, str, str]:
    """(value taken, aggregate adjustment, what arrived) of a transfer; it must balance."""
    message = outcome.message
    assert outcome.topic == "confirmations", message
    assert message["debits"] == message["credits"]
    bought = sum((D(each["dollars"]) for each in message["legs"] if D(each["dollars"]) > 0), D(0))
    return message["gross"], message["mva"]["aggregate"] if message["mva"] else "0.00", str(bought)


def test_trf_6_two_thousand_dollars_at_9528_with_a_fee() -> None:
    """The rule's own example: takes 2,099.08, arrives 1,990.00; the fee comes off the arrivals pro rata."""
    book = held(gaa_terms(transfers={"free_per_year": 0, "fee": "10.00"}), old_2="5000.00")
    outcome = transferred(book, [leg("GAA", 2, amount="2000.00")], shares(F1="60", FA2="40"))
    assert moved(outcome) == ("2099.08", "-99.08", "1990.00")
    assert outcome.dollars() == {"GAA": "-2099.08", "F1": "1194.00", "FA2": "796.00"}
    assert outcome.message["charges"] == [
        {
            "what": "transfer_fee",
            "amount": "10.00",
            "basis": "beyond 0 free transfers in 2021",
            "rules": ["TRF-2", "TRF-6"],
        }
    ]
    assert (outcome.message["debits"], outcome.message["free_transfers_left"]) == ("2099.08", 0)
    assert book.lots()[0].units == D("2900.920000")


def test_trf_6_without_a_fee_the_dollars_asked_for_arrive() -> None:
    book = held(old_2="5000.00")
    outcome = transferred(book, [leg("GAA", 2, amount="2000.00")], TO_F1)
    assert moved(outcome) == ("2099.08", "-99.08", "2000.00")
    assert drawn(outcome) == {"old_2": ("2099.08", "0.9528", "-99.08")}
    assert {"TRF-1", "TRF-2", "TRF-6", "MVA-2", "MVA-5", "MVA-6", "GEN-7"} <= set(outcome.message["rules"])
    assert (outcome.message["charges"], outcome.message["free_transfers_left"]) == ([], 11)
    assert book.units("F1") == D("200.000000")


def test_trf_6_a_positive_adjustment_takes_less() -> None:
    outcome = transferred(held(mid_5="5000.00"), [leg("GAA", 5, amount="1100.00")], TO_F1)
    assert moved(outcome) == ("1000.00", "100.00", "1100.00")
    assert (outcome.message["debits"], outcome.message["credits"]) == ("1100.00", "1100.00")


def test_wdl_3_gross_is_the_value_taken() -> None:
    outcome = transferred(held(old_3="5000.00"), [leg("GAA", 3, amount="1000.00")], TO_F1, amount_type="gross")
    assert moved(outcome) == ("1000.00", "-50.00", "950.00")
    assert "TRF-6" not in outcome.message["rules"], "it is about dollars that arrive"


def test_wdl_2_the_rules_own_example_moves_290() -> None:
    """Three-year old at .95, three-year new and five-year at 1.00, $1,000 each, gross $300: pro rata over durations."""
    book = held(old_3="1000.00", new_3="1000.00", new_5="1000.00")
    outcome = transferred(book, [leg("GAA", amount="300.00")], TO_F1, amount_type="gross")
    assert moved(outcome) == ("300.00", "-10.00", "290.00")
    assert drawn(outcome) == {"old_3": ("200.00", "0.9500", "-10.00"), "new_5": ("100.00", "1.0000", "0.00")}


def test_wdl_2_a_percentage_is_of_the_value_and_the_oldest_of_a_duration_goes_first() -> None:
    """60% of 3,000: 1,200 of the three-year terms, the old one first, and 600 of the five-year term."""
    book = held(old_3="1000.00", new_3="1000.00", new_5="1000.00")
    outcome = transferred(book, [leg("GAA", percent="60")], TO_F1)
    assert moved(outcome) == ("1800.00", "-50.00", "1750.00")
    assert drawn(outcome) == {
        "old_3": ("1000.00", "0.9500", "-50.00"),
        "new_3": ("200.00", "1.0000", "0.00"),
        "new_5": ("600.00", "1.0000", "0.00"),
    }


def test_gaa_6_a_chosen_duration_is_drawn_oldest_first() -> None:
    """Net 1,100 of the three-year terms: 1,000 × .95 = 950, then 150 of the new one."""
    book = held(old_3="1000.00", new_3="1000.00", new_5="1000.00")
    outcome = transferred(book, [leg("GAA", 3, amount="1100.00")], TO_F1)
    assert moved(outcome) == ("1150.00", "-50.00", "1100.00")
    assert [lot.units for lot in book.lots()] == [D("850.000000"), D("1000.000000")], "the old one is gone"


def test_wdl_3_all_of_everything_leaves_nothing() -> None:
    book = held(old_3="1000.00", mid_5="1000.00", F1="333.33")
    outcome = transferred(book, [leg("GAA", all=True), leg("F1", all=True)], shares(F2="100"))
    assert moved(outcome) == ("2333.33", "50.00", "2383.33")  # 950 + 1,100 + 333.33
    assert book.lots() == ()
    assert [position.option for position in book.account().positions] == ["F2"]


def test_trf_1_units_of_a_fund_leave_exactly() -> None:
    """12.345678 units at 10 are 123.46; the leg shows what rounding to the cent made of it."""
    book = held(F1="1000.00")
    outcome = transferred(book, [leg("F1", units="12.345678")], shares(F2="100"))
    sold, bought = outcome.message["legs"]
    assert (sold["units"], sold["dollars"], sold["rounding"]) == ("-12.345678", "-123.46", "0.00")
    assert (bought["units"], bought["dollars"]) == ("12.346000", "123.46")
    assert book.units("F1") == D("87.654322")


def test_trf_1_several_legs_into_several_options() -> None:
    """700 of F1, a quarter of F2's 800, net 95 of a lot at .95: 995 arrive, the odd cent in the largest share."""
    book = held(F1="1000.00", F2="800.00", old_3="500.00")
    legs = [leg("F1", amount="700.00"), leg("F2", percent="25"), leg("GAA", 3, amount="95.00")]
    outcome = transferred(book, legs, shares(FA2="33.3333", F3="66.6667"))
    assert moved(outcome) == ("1000.00", "-5.00", "995.00")
    assert outcome.dollars() == {"F1": "-700.00", "F2": "-200.00", "GAA": "-100.00", "FA2": "331.66", "F3": "663.34"}


def with_open_period(**dollars: str) -> Book:
    """A book with a deposit period in the week of 3 May, in which terms of 3 and 7 years are offered."""
    book = held(**dollars)
    offer = offering("MAY", "2021-05-03", "2021-05-07", still(3, "2024-05-31"), still(7, "2028-05-31"))
    book.publish("guaranteed-offerings", offer)
    book.close_through(TRADE, "2021-05-04", flat("6"))
    return book


def test_trf_1_from_one_guaranteed_term_into_another() -> None:
    """On Wednesday 5 May x of old_3 is 976: (1.04/1.06)^(976/365) = 0.950341 -> .9503."""
    book = with_open_period(old_3="1000.00")
    outcome = transferred(book, [leg("GAA", 3, all=True)], shares(GAA_7="100"), day="2021-05-05")
    assert moved(outcome) == ("1000.00", "-49.70", "950.30")
    (lot,) = book.lots()
    assert (lot.years, lot.maturity.isoformat(), lot.units) == (7, "2028-05-31", D("950.300000"))
    assert {"DEP-5", "GAA-1"} <= set(outcome.message["rules"])


def test_trf_1_from_a_fund_into_a_guaranteed_term() -> None:
    book = with_open_period(F1="1000.00")
    outcome = transferred(book, [leg("F1", amount="250.00")], shares(GAA_3="100"), day="2021-05-05")
    assert moved(outcome) == ("250.00", "0.00", "250.00")
    assert [(lot.years, lot.units) for lot in book.lots()] == [(3, D("250.000000"))]


def test_trf_1_there_and_back_changes_nothing() -> None:
    book = held(F1="1000.00", F2="500.00")
    for at, (source, target) in enumerate((("F1", "F2"), ("F2", "F1"))):
        outcome = transferred(book, [leg(source, amount="123.45")], shares(**{target: "100"}), day=f"2021-04-{28 + at}")
        assert moved(outcome) == ("123.45", "0.00", "123.45")
        assert outcome.message["rounding"] == "0.00"
    assert (book.units("F1"), book.units("F2")) == (D("100.000000"), D("50.000000"))


def test_the_confirmation_explains_each_lot() -> None:
    """Every letter of the formula, and where it is from (DESIGN: outcomes explain themselves)."""
    outcome = transferred(held(old_2="5000.00"), [leg("GAA", 2, amount="2000.00")], TO_F1)
    (line,) = outcome.message["mva"]["lines"]
    used: Json = {"series": "CMT", "basis": "1y 4%, 10y 4%, at 2.000000y", "rate": "0.040000000000"}
    assert {name: value for name, value in line.items() if value is not None} == {
        "lot": "GAA-1",
        "option": "GAA",
        "term": 2,
        "deposit_date": "2021-01-05",
        "maturity": "2023-11-11",
        "rule": "MVA-2",
        "count_from": "2021-04-28",
        "days": 927,
        "deposit_yield": "0.040000000000",
        "deposit_yields": [used | {"for_date": "2021-01-08", "published_on": "2021-01-08"}],
        "current_yield": "0.060000000000",
        "current_yields": [
            {
                "series": "CMT",
                "for_date": "2021-04-23",
                "published_on": "2021-04-23",
                "rate": "0.060000000000",
                "basis": "1y 6%, 10y 6%, at 2.539726y",
            }
        ],
        "factor_unrounded": "0.9527743361050396",
        "factor": "0.9528",
        "taken": "2099.08",
        "adjustment": "-99.08",
    }

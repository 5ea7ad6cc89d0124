"""GEN-1, FIX-5, FIX-6: what a day needs to close, what may be corrected until then, and what may come when."""

from tests.domain.books import (
    Book,
    Json,
    Outcome,
    at,
    declared,
    deposit,
    fixed_account_2,
    fund,
    fund_value,
    guaranteed,
    guaranteed_term,
    offering,
    one_year_minimum,
    only,
    shares,
    terms,
    yields,
)

CMT = ((3, "0.20"),)
FIRST_QUARTER = offering("G1", "2021-01-01", "2021-03-31", guaranteed_term(3, ("0.02", "2024-03-31")))


def running() -> Book:
    """A contract with a fund, Fixed Account 2 and the GAA; Monday is closed, Tuesday 5 January 2021 is frozen."""
    book = Book(terms(fund("F1"), fixed_account_2(contract_minimum="0.01"), guaranteed(minimum_rate="0.01")))
    book.publish("guaranteed-offerings", FIRST_QUARTER)
    book.close("2021-01-04", cmt=CMT)
    return book


def closes(outcomes: list[Outcome]) -> list[str]:
    """The days closed, by what the close confirmed."""
    return [outcome.message["trade_date"] for outcome in outcomes if outcome.topic == "confirmations"]


def test_gen_1_a_day_with_one_price_missing_holds() -> None:
    book = Book(terms(fund("F1"), fund("F2")))
    book.deposit(deposit("d1", "2021-01-04", "100.00", allocation=shares(F1="100")))
    assert book.publish("fund-values", fund_value("F1", "2021-01-04")) == []
    # The next day, complete, cannot overtake it: both close when the missing price comes.
    book.deposit(deposit("d2", "2021-01-05", "100.00", allocation=shares(F1="100")))
    for option in ("F1", "F2"):
        assert book.publish("fund-values", fund_value(option, "2021-01-05", "20.000000")) == []
    assert closes(book.publish("fund-values", fund_value("F2", "2021-01-04"))) == ["2021-01-04", "2021-01-05"]


def test_gen_1_a_day_without_rates_or_yields_holds() -> None:
    book = Book(terms(fund("F1"), fixed_account_2(), guaranteed()), rates=False)
    book.deposit(deposit("d1", "2021-01-04", "100.00", allocation=shares(F1="100")))
    everything: list[tuple[str, Json]] = [
        ("fund-values", fund_value("F1", "2021-01-04")),
        ("credited-rates", declared("0.02")),
        ("credited-rates", one_year_minimum("0.01")),
    ]
    for topic, message in everything:
        assert book.publish(topic, message) == []
    assert closes(book.publish("market-yields", yields("2021-01-04", (3, "0.20")))) == ["2021-01-04"]


def test_mva_4_an_authorised_not_published_lets_a_day_close() -> None:
    book = Book(terms(fund("F1"), guaranteed()), rates=False)
    book.deposit(deposit("d1", "2021-01-04", "100.00", allocation=shares(F1="100")))
    book.publish("fund-values", fund_value("F1", "2021-01-04"))
    silent = {"series": "CMT", "date": "2021-01-04", "not_published": {"authorised_by": "ops", "reason": "holiday"}}
    assert closes(book.publish("market-yields", silent)) == ["2021-01-04"]


def test_mva_4_yields_of_another_kind_do_not_make_a_day_complete() -> None:
    book = Book(terms(fund("F1"), guaranteed()), rates=False)
    book.deposit(deposit("d1", "2021-01-04", "100.00", allocation=shares(F1="100")))
    book.publish("fund-values", fund_value("F1", "2021-01-04"))
    note = {"note": "N1", "maturity": "2024-02-15", "percent": "0.2"}
    assert book.publish("market-yields", {"series": "CMT", "date": "2021-01-04", "notes": [note]}) == []


def test_fix_6_a_value_corrected_before_the_close_replaces() -> None:
    book = Book(terms(fund("F1"), fund("F2")))
    book.deposit(deposit("d1", "2021-01-04", "100.00", allocation=shares(F1="100")))
    book.publish("fund-values", fund_value("F1", "2021-01-04", "10.000000"))
    book.publish("fund-values", fund_value("F1", "2021-01-04", "12.500000"))
    confirmed = only(book.publish("fund-values", fund_value("F2", "2021-01-04")), "confirmations")
    assert confirmed.message["legs"][0]["units"] == "8.000000"


def test_fix_6_a_rate_corrected_before_its_day_replaces() -> None:
    book = running()
    book.publish("credited-rates", declared("0.05", "2021-01-06"))
    book.publish("credited-rates", declared("0.03", "2021-01-06"))
    book.close("2021-01-05", cmt=CMT)
    book.close("2021-01-06", cmt=CMT)
    book.deposit(deposit("d1", "2021-01-07", "1.00", allocation=shares(FA2="100")))
    leg = only(book.close("2021-01-07", cmt=CMT)).message["legs"][0]
    # Two days at 2%, one at 3%: 1.02^(2/365) x 1.03^(1/365) = 1.000108513435... x 1.000080986299 = 1.000189508521
    assert leg["index"] == "1.000189508521"


def test_fix_5_the_new_years_minimum_is_needed_for_the_last_close_of_the_year_and_in_time_until_then() -> None:
    book = Book(terms(fund("F1"), fixed_account_2()), rates=False)
    for message in (declared("0.02"), one_year_minimum("0.01")):
        book.publish("credited-rates", message)
    book.close_through("2021-01-04", "2021-12-30")
    book.deposit(deposit("d1", "2021-12-31", "100.00", allocation=shares(F1="100")))
    assert book.close("2021-12-31") == []  # 31 December 2021 is a Friday: it carries rates through 2 January
    assert closes(book.publish("credited-rates", one_year_minimum("0.02", 2022))) == ["2021-12-31"]
    late = only(book.publish("credited-rates", one_year_minimum("0.03", 2022)), "alarms")
    assert late.message["code"] == "EFFECTIVE_TOO_LATE"


def test_fix_5_a_contract_may_begin_in_mid_year() -> None:
    book = running()
    begins = terms(fund("F1"), fixed_account_2(), contract_id="C2", effective_from="2021-01-06")
    assert book.publish("contract-terms", begins) == []
    for message in (declared("0.02", "2021-01-06", contract_id="C2"), one_year_minimum("0.01", contract_id="C2")):
        assert book.publish("credited-rates", message) == []
    book.deposit(deposit("d1", "2021-01-06", "100.00", allocation=shares(FA2="100"), contract_id="C2"))
    book.close("2021-01-05", cmt=CMT)
    confirmed = only(book.close("2021-01-06", cmt=CMT), "confirmations")
    assert (confirmed.key, confirmed.message["legs"][0]["index"]) == ("C2|P1", "1.000000000000")
    changed = only(book.publish("credited-rates", one_year_minimum("0.02", contract_id="C2")), "alarms")
    assert changed.message["code"] == "EFFECTIVE_TOO_LATE"


def test_fix_6_rates_may_come_before_their_contract_is_known() -> None:
    book = Book()
    for message in (declared("0.02"), one_year_minimum("0.01"), one_year_minimum("0.02")):
        assert book.publish("credited-rates", message) == []
    below = only(book.publish("credited-rates", declared("0.0199", "2021-02-01")), "alarms")
    assert below.message["message"] == "declared 0.0199 for C1|FA2 is below the one-year minimum of 2021, 0.02"


def test_fix_6_a_retained_minimum_is_a_floor_for_declared_rates() -> None:
    book = Book(
        terms(fixed_account_2(contract_minimum="0.03")),
        terms(fixed_account_2(contract_minimum="0.01"), version=2, effective_from="2021-02-01"),
        rates=False,
    )
    below = only(book.publish("credited-rates", declared("0.02", "2021-03-01")), "alarms")
    assert below.message["message"] == "declared 0.02 for C1|FA2 is below the contract minimum, 0.03"
    assert book.publish("credited-rates", declared("0.03", "2021-03-01")) == []


def test_gen_6_the_first_business_day_closed_is_the_first_of_any_terms() -> None:
    book = Book(terms(fund("F1"), effective_from="2021-04-02"))  # Good Friday
    book.deposit(deposit("d1", at("2021-03-01"), "100.00", allocation=shares(F1="100")))
    assert closes(book.close("2021-04-05")) == ["2021-04-05"]


def test_an_offering_again_is_silently_nothing_and_the_next_period_is_taken() -> None:
    book = running()
    assert book.publish("guaranteed-offerings", FIRST_QUARTER) == []
    logged = len(book.log)
    following = offering("G2", "2021-04-01", "2021-06-30", guaranteed_term(3, ("0.02", "2024-06-30")))
    assert book.publish("guaranteed-offerings", following) == []
    assert len(book.log) == logged + 1


def test_fnd_1_a_value_may_be_a_year_ahead_and_not_a_day_more() -> None:
    book = running()  # Tuesday 5 January 2021 closes next; 366 days later it is Thursday 6 January 2022
    assert book.publish("fund-values", fund_value("F1", "2022-01-06")) == []
    assert only(book.publish("fund-values", fund_value("F1", "2022-01-07"))).message["code"] == "TOO_FAR_AHEAD"


def test_gaa_1_an_offering_at_the_minimum_is_taken() -> None:
    at_minimum = offering("G2", "2021-04-01", "2021-06-30", guaranteed_term(3, ("0.01", "2024-06-30")))
    assert running().publish("guaranteed-offerings", at_minimum) == []

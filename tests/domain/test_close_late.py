"""GEN-1: a day that is not closed some time after its close is told once, with what it waits for."""

from dataclasses import replace
from datetime import date

from services.domain.close_control import CloseControl
from services.domain.closing import Reference
from services.domain.lateness import late_through
from services.domain.readiness import PUBLISHED_ON, days_waiting, topic_of, waiting_for
from services.domain.referencing import close_through, told_late
from tests.domain.books import declared, fixed_account_2, fund, fund_value, guaranteed, one_year_minimum, terms, yields
from tests.domain.books_closing import CALENDAR, by_percent, policy, reference, utc

MONDAY, TUESDAY = date(2021, 1, 4), date(2021, 1, 5)
TERMS = ("contract-terms", terms(fund("F1"), fund("F2")))
POLICY = ("closing-orders", policy())
# The close at 16:00 in New York is at 21:00 UTC in winter, and two hours later it is 23:00.
JUST_BEFORE, AT_ONCE = utc("2021-01-04T22:59:59"), utc("2021-01-04T23:00:00")


def test_gen_1_a_day_is_late_two_hours_after_its_close_and_told_once() -> None:
    state = reference(TERMS, POLICY, ("fund-values", fund_value("F2", "2021-01-04")))
    assert told_late(state, JUST_BEFORE, CALENDAR).alarms == ()
    told = told_late(state, AT_ONCE, CALENDAR)
    (alarm,) = told.alarms
    assert (alarm.code, alarm.rules, alarm.date, alarm.topic) == ("CLOSE_LATE", ("GEN-1",), MONDAY, "closing-orders")
    assert alarm.message == (
        "2021-01-04 is not closed 120 minutes after the close at 2021-01-04T16:00:00-05:00; missing: unit value of "
        "fund F1 for charge class A"
    )
    assert alarm.missing == ("unit value of fund F1 for charge class A",)
    assert alarm.held is None
    assert told_late(told.state, utc("2021-01-05T22:59:59"), CALENDAR).alarms == ()


def test_gen_1_a_day_that_stays_open_is_told_again_when_the_next_is_late_too() -> None:
    state = told_late(reference(TERMS, POLICY), AT_ONCE, CALENDAR).state
    told = told_late(state, utc("2021-01-05T23:00:00"), CALENDAR)
    (alarm,) = told.alarms
    assert alarm.date == TUESDAY
    assert alarm.message.startswith(
        "2021-01-04 to 2021-01-05 are not closed 1560 minutes after the close at 2021-01-04T"
    )
    assert told_late(told.state, utc("2021-01-05T23:00:01"), CALENDAR).alarms == ()


def test_gen_1_days_that_are_late_together_are_told_together() -> None:
    told = told_late(reference(TERMS, POLICY), utc("2021-01-08T23:00:00"), CALENDAR)
    assert [alarm.date for alarm in told.alarms] == [date(2021, 1, 8)]


def test_gen_1_a_policy_says_when_a_day_is_late_and_an_early_close_is_earlier() -> None:
    state = reference(("contract-terms", terms(fund("F1"), effective_from="2021-11-26")))
    state = replace(state, control=reference(("closing-orders", policy(late_after_minutes=30))).control)
    # The Friday after Thanksgiving closes at 13:00 in New York, 18:00 UTC.
    assert late_through(state, utc("2021-11-26T18:29:59"), CALENDAR) is None
    assert late_through(state, utc("2021-11-26T18:30:00"), CALENDAR) == date(2021, 11, 26)


def test_gen_1_nobody_is_told_without_a_policy_nor_before_there_is_a_day_to_close() -> None:
    assert late_through(reference(TERMS), utc("2026-01-01T00:00:00"), CALENDAR) is None
    assert late_through(reference(POLICY), utc("2026-01-01T00:00:00"), CALENDAR) is None
    assert told_late(reference(TERMS), utc("2026-01-01T00:00:00"), CALENDAR).alarms == ()
    later = reference(TERMS, ("closing-orders", policy("2021-01-05")))
    assert late_through(later, AT_ONCE, CALENDAR) is None
    assert late_through(later, utc("2021-01-05T23:00:00"), CALENDAR) == TUESDAY


def closed_on_monday() -> Reference:
    """Monday closed at 10 dollars, days close by command, unit values may move 20%, Tuesday complete."""
    how = ("closing-orders", policy("2021-01-05", closes="by_command", unit_values=by_percent("20")))
    values = (("fund-values", fund_value(name, day)) for day in ("2021-01-04", "2021-01-05") for name in ("F1", "F2"))
    return close_through(reference(TERMS, how, *values), date(2021, 1, 31), CALENDAR).state


def test_gen_1_what_is_late_for_an_order_or_for_intake_says_so() -> None:
    state = closed_on_monday()
    (alarm,) = told_late(state, utc("2021-01-05T23:00:00"), CALENDAR).alarms
    assert alarm.message.endswith("; no order to close 2021-01-05 was given")
    ready = replace(state, control=replace(state.control, ordered=(TUESDAY,)))
    (alarm,) = told_late(ready, utc("2021-01-05T23:00:00"), CALENDAR).alarms
    assert alarm.message.endswith("all is there, but what was received before the close is not yet on the ledger log")
    assert waiting_for(ready, TUESDAY, CALENDAR).ready


def test_gen_1_what_is_held_is_named_when_it_is_late() -> None:
    state = closed_on_monday()
    of_day = dict(state.fund_values[TUESDAY])
    of_day["F1|A"] = of_day["F1|A"].model_copy(update={"unit_value": of_day["F1|A"].unit_value * 2})  # type: ignore[operator]
    state = replace(state, fund_values={**state.fund_values, TUESDAY: of_day})
    (alarm,) = told_late(state, utc("2021-01-05T23:00:00"), CALENDAR).alarms
    assert alarm.held == ("unit_value|F1|A|2021-01-05",)
    assert "held for release: unit_value|F1|A|2021-01-05; no order to close 2021-01-05 was given" in alarm.message


def test_gen_1_the_days_that_wait_are_the_business_days_since_the_last_close() -> None:
    state = closed_on_monday()
    assert days_waiting(state, date(2021, 1, 10), CALENDAR) == [date(2021, 1, day) for day in (5, 6, 7, 8)]
    assert days_waiting(state, MONDAY, CALENDAR) == []
    assert days_waiting(Reference(control=CloseControl()), MONDAY, CALENDAR) == []


def test_gen_1_whatever_is_missing_has_a_topic_to_publish_it_on() -> None:
    state = reference(("contract-terms", terms(fund("F1"), fixed_account_2(), guaranteed())))
    names = waiting_for(state, MONDAY, CALENDAR).missing
    assert [topic_of(name) for name in names] == ["fund-values", "credited-rates", "credited-rates", "market-yields"]
    others = ["price of fund F1", "charge schedule of charge class A"]
    assert [topic_of(name) for name in others] == ["fund-prices", "charge-classes"]
    assert set(map(topic_of, [*names, *others])) == set(PUBLISHED_ON.values())
    there = (
        ("fund-values", fund_value("F1", "2021-01-04")),
        ("credited-rates", declared("0.02")),
        ("credited-rates", one_year_minimum("0.01")),
        ("market-yields", yields("2021-01-04", (3, "0.2"))),
    )
    contract = ("contract-terms", terms(fund("F1"), fixed_account_2(), guaranteed()))
    assert waiting_for(reference(contract, *there), MONDAY, CALENDAR).missing == ()

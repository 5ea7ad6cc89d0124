"""The daily close as it is shown: what is missing, what is held, since when, what to do."""

import io
from datetime import datetime

from rich.console import Console

from services.domain.closing import Reference
from services.runtime.cli.close_status import close_status, plain_fields
from services.runtime.cli.close_view import close_view
from services.runtime.cli.one_line import one_line
from services.runtime.cli.status_view import status_view
from services.runtime.cli.statuses import PartitionStatus
from tests.domain import books
from tests.domain.books_closing import by_percent, closed_through, policy, reference, utc

TERMS = ("contract-terms", books.terms(books.fund("F1"), books.fund("F2")))
EVENING = utc("2021-01-05T22:14:00")  # 17:14 in New York: 1 h 14 min after Tuesday's close
POLICY = policy("2021-01-05", closes="by_command", late_after_minutes=60, unit_values=by_percent("20"))

SETTLING = (
    "The ledger has still 0 records to fold and 4 participants to settle: outcomes of closed days are on their way."
)


def shown(state: Reference, now: datetime = EVENING, *found: PartitionStatus) -> str:
    """The text as it is printed."""
    out = io.StringIO()
    Console(file=out, width=200, markup=False, soft_wrap=True).print(close_view(close_status(state, found, now)))
    return out.getvalue()


def value(fund: str, day: str, unit_value: str = "10.000000") -> tuple[str, books.Json]:
    return "fund-values", books.fund_value(fund, day, unit_value)


def held_on_tuesday() -> Reference:
    """Monday closed; of Tuesday F1 has moved 30%, F2 is missing, and days close by command."""
    monday = (value("F1", "2021-01-04"), value("F2", "2021-01-04"))
    return closed_through("2021-01-04", TERMS, ("closing-orders", POLICY), *monday, value("F1", "2021-01-05", "13.0"))


def test_a_day_that_waits_says_what_is_missing_what_is_held_since_when_and_what_to_do() -> None:
    item = "'unit_value|F1|A|2021-01-05' 13.000000 --authorised-by YOUR-NAME --reason 'WHY'"
    assert shown(held_on_tuesday()) == (
        "The last closed day is Monday 2021-01-04. A day closes when it is complete and somebody has ordered it "
        "(policy of 2021-01-05).\n"
        "\n"
        "Tuesday 2021-01-05 waits since 2021-01-05 16:00 New York, 1 h 14 min; LATE since 2021-01-05 17:00 New York\n"
        "  missing: unit value of fund F2 for charge class A\n"
        "  held: unit value 13.000000 of fund F1 for charge class A on 2021-01-05 is +30.0000% from 10.000000 on "
        "2021-01-04; up to 20% is in the band\n"
        "  no order to close it was given\n"
        "  -> publish on fund-values: unit value of fund F2 for charge class A\n"
        f"  -> if 13.000000 is right: annuity-ledger close release {item}\n"
        "  -> if it is wrong: publish the right one on fund-values, or take it back: annuity-ledger close discard "
        f"{item}\n"
        "  -> order it: annuity-ledger close order 2021-01-05 --authorised-by YOUR-NAME\n"
        "\n"
        "Next is Wednesday 2021-01-06, with the close at 2021-01-06 16:00 New York.\n"
        "  not there yet: unit value of fund F1 for charge class A\n"
        "  not there yet: unit value of fund F2 for charge class A\n"
    )


def test_the_same_as_fields() -> None:
    lags = (
        PartitionStatus("intake", 0, 5, {}, started=True),
        PartitionStatus("intake", 1, 2, {}, started=True),
        PartitionStatus("ledger", 0, 3, {}, started=True, note={"to_settle": 4}),
        PartitionStatus("reference", 0, 1, {}, started=True),
    )
    found = plain_fields(close_status(held_on_tuesday(), lags, EVENING))
    assert (found["last_closed"], found["closes"], found["policy_effective_from"]) == (
        "2021-01-04",
        "by_command",
        "2021-01-05",
    )
    assert (found["lags"], found["to_settle"]) == ({"reference": 1, "intake": 7, "ledger": 3}, 4)
    (waiting,) = found["waits"]
    assert (waiting["date"], waiting["closes_at"], waiting["late"], waiting["needs_order"]) == (
        "2021-01-05",
        "2021-01-05T16:00:00-05:00",
        True,
        True,
    )
    assert waiting["missing"] == [{"name": "unit value of fund F2 for charge class A", "topic": "fund-values"}]
    (held,) = waiting["held"]
    assert (held["item"], held["value"], held["rule"]) == ("unit_value|F1|A|2021-01-05", "13.000000", "FND-1")
    assert held["numbers"]["moved_percent"] == "30.0000"
    assert len(waiting["to_do"]) == 4
    assert found["coming"]["date"] == "2021-01-06"


def test_services_that_lag_behind_are_told_with_what_it_means() -> None:
    state = closed_through("2021-01-04", TERMS, value("F1", "2021-01-04"), value("F2", "2021-01-04"))
    lags = (
        PartitionStatus("intake", 0, 5, {}, started=True),
        PartitionStatus("ledger", 0, 0, {}, started=True, note={"to_settle": 4}),
        PartitionStatus("reference", 0, 1, {}, started=True),
    )
    found = shown(state, utc("2021-01-04T22:00:00"), *lags).splitlines()
    assert found == [
        "The last closed day is Monday 2021-01-04. A day closes by itself when it is complete.",
        "Reference has still 1 records to read: what is told below may be in them.",
        "Intake has still 5 records to read: a day closes after the requests received before its close.",
        SETTLING,
        "",
        "Nothing waits. Next is Tuesday 2021-01-05, with the close at 2021-01-05 16:00 New York.",
        "  not there yet: unit value of fund F1 for charge class A",
        "  not there yet: unit value of fund F2 for charge class A",
    ]


def test_a_day_that_is_complete_waits_for_intake_or_for_the_day_before() -> None:
    values = (value(fund, day) for day in ("2021-01-04", "2021-01-05") for fund in ("F1", "F2"))
    found = shown(reference(TERMS, *values))
    assert "No day is closed yet. " in found
    assert "  all is there: it closes as soon as what was received before the close is on the ledger log\n" in found
    assert "  all is there; it closes after 2021-01-04\n" in found
    assert "Monday 2021-01-04 waits since 2021-01-04 16:00 New York, 1 d 1 h; LATE since" in found
    assert (
        "Tuesday 2021-01-05 waits since 2021-01-05 16:00 New York, 1 h 14 min; late from 2021-01-05 18:00 New" in found
    )


def test_what_is_held_of_later_days_is_told_before_it_holds_anything() -> None:
    band = policy("2021-01-05", declared_rates=[{"highest": "0.05"}])
    state = closed_through(
        "2021-01-04",
        ("contract-terms", books.terms(books.fixed_account_2())),
        *(("credited-rates", message) for message in (books.declared("0.02"), books.one_year_minimum("0.01"))),
        ("closing-orders", band),
        ("credited-rates", books.declared("0.5", "2021-02-01")),
    )
    found = shown(state)
    assert "  held for the close of 2021-02-01: declared rate 0.5 of C1|FA2 from 2021-02-01 on is above" in found
    assert "  -> if 0.5 is right: annuity-ledger close release 'declared_rate|C1|FA2|2021-02-01' 0.5 " in found


def test_many_days_and_many_names_are_counted() -> None:
    many = ("contract-terms", books.terms(*(books.fund(f"F{at}") for at in range(20))))
    found = shown(reference(many), utc("2021-03-01T22:00:00"))
    assert "  missing: 8 more; --json lists all\n" in found
    # 4 January to 1 March are 8 weeks and a day, less two holidays: 39, of which 10 are shown.
    assert "29 more days wait, through Monday 2021-03-01.\n" in found


def test_without_terms_there_is_no_day_to_wait_for() -> None:
    assert shown(Reference()).endswith(
        "No contract's terms are known, so no day is waited for: publish them on contract-terms.\n"
    )


def test_the_services_status_points_to_the_close() -> None:
    note = {"last_closed": "2021-01-04", "next": "2021-01-05", "missing": [], "held": ["x", "y"], "needs_order": True}
    out = io.StringIO()
    reference_alone = PartitionStatus("reference", 0, 0, {}, started=True, note=note)
    Console(file=out, width=200, markup=False, soft_wrap=True).print(status_view([reference_alone]))
    assert out.getvalue().endswith(
        "next 2021-01-05; 2 held for release, an order to close is needed: see `annuity-ledger close status`\n"
    )


def test_an_alarm_about_the_close_in_one_line() -> None:
    book = books.Book(books.terms(books.fund("F1")))
    book.publish("closing-orders", policy(unit_values=by_percent("20")))
    book.close("2021-01-04")
    book.close("2021-01-05", F1="13.000000")
    (told,) = [one_line(record).plain for record in book.service.written if record.topic == "alarms"]
    assert told == (
        "alarms           HELD_FOR_RELEASE fund-values: unit value 13.000000 of fund F1 for charge class A on "
        "2021-01-05 is +30.0000% from 10.000000 on 2021-01-04; up to 20% is in the band: the close of 2021-01-05 waits "
        "until it is released, discarded or replaced"
    )

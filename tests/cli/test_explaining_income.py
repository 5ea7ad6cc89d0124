"""Annuity options, their units and payments, and loans: written out, as one line, and among a participant's books."""

from services.runtime.cli.explaining import text
from services.runtime.cli.one_line import one_line
from services.runtime.cli.participant_view import participant_view
from tests.cli.test_explaining_mva import confirmation
from tests.cli.test_explaining_withdrawals import explained, record_of, section
from tests.cli.test_views import books, shown
from tests.domain.books import business_days, shares
from tests.domain.books_charges import early
from tests.domain.books_income import asked_for, closed, counting, elected, election, paying
from tests.domain.books_loans import owing
from tests.domain.gaa import TRADE, held

MAY = "2021-05-28"


def test_an_election_in_annuity_units_and_its_payment() -> None:
    book = counting()
    told = {"payments": "variable", "funds": shares(F1="60", F2="40"), "first_payment": MAY}
    book.instruct(election("elect", TRADE, **told))
    outcome = asked_for(closed(book, TRADE), "elect")
    written = text(confirmation(outcome))
    assert section(written, "Annuity units") == [
        "F1: 2.959000 annuity units × 20.000000 (annuity unit value of 2021-04-28) = 59.18 dollars   (INC-4)",
        "F2: 4.930000 annuity units × 8.000000 (annuity unit value of 2021-04-28) = 39.44 dollars   (INC-4)",
    ]
    assert "applied to the annuity 10000.00" in section(written, "Result")
    for day in business_days("2021-04-29", "2021-05-27"):
        closed(book, day)
    (payment,) = closed(book, MAY)
    assert one_line(record_of(payment)).plain.endswith("unasked: income payment paid 98.62")
    view = shown(participant_view(*books(book.service, "P1")))
    units = "2.959000 annuity units of F1, 4.930000 annuity units of F2"
    assert (
        f"annuity elect of account pretax: 10000.00 applied, pays {units}; 1 of 120 paid, the next is due 2021-06-28"
    ) in view.splitlines()


def test_what_is_owed_and_what_is_paid_among_the_books() -> None:
    book = held({**paying(), "loans": {}}, F1="2000.00")
    owing(book, "300.00")
    elected(book, amount="1000.00", first_payment="2021-04-29")
    elected(book, "2021-04-29", amount="500.00", annuity="lifetime")
    view = shown(participant_view(*books(book.service, "P1"))).splitlines()
    assert "loan outstanding: 300.00 on 2021-04-27" in view
    first = f"annuity elect-{TRADE} of account pretax: 1000.00 applied, pays 9.84; 1 of 120 paid"
    assert f"{first}, the next is due 2021-05-29" in view
    assert "annuity elect-2021-04-29 of account pretax: 500.00 applied, lifetime" in view


def test_what_came_off_before_it_was_applied() -> None:
    """5% of 1,000.00."""
    book = held({**paying(), "early_withdrawal_charge": early("5")}, F1="1000.00")
    result = section(explained(elected(book, full=True)), "Result")
    assert result[:3] == ["value taken 1000.00", "charges -50.00", "applied to the annuity 950.00"]

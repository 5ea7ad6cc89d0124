"""A payroll remittance as deposit requests."""

import json
from pathlib import Path

import pytest

from services.runtime.cli.messages import BadLine, Item, Message
from services.runtime.cli.remittance import Defaults, read_remittance, shares_of
from tests.cli.scenario import REMITTANCE

SHORT = "line,participant_id,account,source,amount\n"
ALL_GIVEN = Defaults("C1", "R1", "acme", "2021-01-05T10:00:00-05:00")


def items(tmp_path: Path, text: str | bytes, defaults: Defaults = ALL_GIVEN) -> list[Item]:
    file = tmp_path / "r.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_remittance(file, defaults))


def requests(found: list[Item]) -> list[dict[str, object]]:
    assert all(isinstance(item, Message) and item.topic == "deposit-requests" for item in found), found
    return [json.loads(item.value or b"") for item in found if isinstance(item, Message)]


def test_a_row_is_a_deposit_request(tmp_path: Path) -> None:
    found = items(tmp_path, REMITTANCE, Defaults())
    first, second, third = requests(found)
    assert first == {
        "request_id": "R7-1",
        "contract_id": "C1",
        "participant_id": "dee",
        "submitted_by": "acme",
        "received_at": "2021-01-05T10:00:00-05:00",
        "account": "pretax",
        "amount": "120.00",
        "source": "salary_reduction",
        "remittance_id": "R7",
        "remittance_count": 3,
    }
    assert second["allocation"] == [{"option": "F1", "percent": "60"}, {"option": "GAA", "percent": "40", "term": 3}]
    assert third["amount"] == "1e3", "what is wrong with an amount is not publish's to mend"
    assert [item.key for item in found if isinstance(item, Message)] == ["C1|dee", "C1|eve", "C1|fay"]


def test_how_money_was_paid_and_who_may_catch_up(tmp_path: Path) -> None:
    header = SHORT.strip() + ",payment_form,payment_reason,source_of_funds,catch_up\n"
    rows = (
        "1,ann,pretax,salary_reduction,100.00,third_party_check,a gift,savings,True\n"
        "2,bob,pretax,salary_reduction,50.00,ach,,,false\n"
        "3,cem,pretax,salary_reduction,50.00,,,,yes\n"
    )
    first, second, third = requests(items(tmp_path, header + rows))
    assert first["payment_form"] == "third_party_check"
    assert (first["payment_reason"], first["source_of_funds"], first["catch_up"]) == ("a gift", "savings", True)
    assert (second["payment_form"], second["catch_up"], "payment_reason" in second) == ("ach", False, False)
    assert third["catch_up"] == "yes", "neither true nor false: the ledger's to refuse"


CONTROLLED = "line,participant_id,account,source,amount,remittance_count,remittance_total\n"


def figures(found: list[Item]) -> list[tuple[object, object]]:
    return [(each.get("remittance_count"), each.get("remittance_total")) for each in requests(found)]


def test_control_figures_are_those_of_the_files_rows(tmp_path: Path) -> None:
    # 100.00 + 50.5 + 0.01 = 150.51
    rows = "1,ann,pretax,employer,100.00\n2,bob,pretax,employer,50.5\n3,cem,pretax,employer,0.01\n"
    assert figures(items(tmp_path, SHORT + rows)) == [(3, "150.51")] * 3


def test_rows_that_cannot_be_sent_are_in_the_figures_so_that_they_are_missed(tmp_path: Path) -> None:
    rows = "1,ann,pretax,employer,100.00\n,bob,pretax,employer,50.00\n3,cem,pretax,employer,1.00,,\n"
    found = [item for item in items(tmp_path, SHORT + rows) if isinstance(item, Message)]
    assert figures(list(found)) == [(3, "151.00")]


def test_there_is_no_total_where_an_amount_cannot_be_read(tmp_path: Path) -> None:
    rows = "1,ann,pretax,employer,100.00\n2,bob,pretax,employer,\n"
    assert figures(items(tmp_path, SHORT + rows)) == [(2, None), (2, None)]


def test_each_remittance_and_submitter_has_figures_of_its_own(tmp_path: Path) -> None:
    header = "line,participant_id,account,source,amount,remittance_id,submitted_by\n"
    rows = "1,ann,pretax,employer,1.00,A,x\n2,bob,pretax,employer,2.00,B,x\n3,cem,pretax,employer,4.00,A,y\n"
    assert figures(items(tmp_path, header + rows)) == [(1, "1.00"), (1, "2.00"), (1, "4.00")]


def test_what_the_file_states_goes_first_as_it_stands(tmp_path: Path) -> None:
    rows = "1,ann,pretax,employer,1.00,12,99.50\n2,bob,pretax,employer,2.00,twelve,\n3,cem,pretax,employer,3.00,,\n"
    assert figures(items(tmp_path, CONTROLLED + rows)) == [(12, "99.50"), ("twelve", "6.00"), (3, "6.00")]


def test_a_file_that_breaks_off_has_no_figures(tmp_path: Path) -> None:
    found = items(tmp_path, SHORT + '1,ann,pretax,employer,5\n2,"bob')
    assert figures(found[:1]) == [(None, None)]
    assert isinstance(found[1], BadLine)


def test_options_fill_what_the_file_has_not(tmp_path: Path) -> None:
    header = "line,participant_id,account,source,amount,submitted_by,pay_period_start,pay_period_end\n"
    (request,) = requests(items(tmp_path, header + "9,ann,pretax,employer,5,bank,2021-01-01,2021-01-15\n"))
    assert request["request_id"] == "R1-9"
    assert request["contract_id"] == "C1"
    assert request["received_at"] == "2021-01-05T10:00:00-05:00"
    assert request["submitted_by"] == "bank", "the file's own goes first"
    assert request["pay_period"] == {"start": "2021-01-01", "end": "2021-01-15"}


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    assert items(tmp_path, REMITTANCE) == items(tmp_path, REMITTANCE)


def test_fields_that_are_empty_are_not_sent(tmp_path: Path) -> None:
    (request,) = requests(items(tmp_path, SHORT + "1,,pretax,employer,\n"))
    assert "participant_id" not in request
    assert "amount" not in request


def test_a_byte_order_mark_and_quotes_are_no_trouble(tmp_path: Path) -> None:
    (request,) = requests(items(tmp_path, b"\xef\xbb\xbf" + SHORT.encode() + b'1,"ann",pretax,employer,"1,000.00"\r\n'))
    assert request["participant_id"] == "ann"
    assert request["amount"] == "1,000.00"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (SHORT + ",ann,pretax,employer,5\n", 2, "no line, so there is no request id"),
        (SHORT + "1,ann,pretax,employer,5,6\n", 2, "more fields than the first line names"),
        ("line,participant_id\n1,ann\n", 1, "the first line lacks account, source, amount; nothing of this file"),
        ("", 1, "the first line lacks line, participant_id"),
        (SHORT + '1,"ann', 2, "no CSV, and nothing after it was read"),
        (SHORT.encode() + b"1,ann,pretax,employer,5\n2,\xff,pretax,employer,5\n", 3, "not UTF-8; nothing of this file"),
        ("allocation," + SHORT + "F1,1,ann,pretax,employer,5\n", 2, "allocation: 'F1' is not of the form"),
    ],
)
def test_what_no_request_can_be_made_from(tmp_path: Path, text: str | bytes, line: int, reason: str) -> None:
    (bad,) = items(tmp_path, text)
    assert isinstance(bad, BadLine)
    assert bad.place == f"{tmp_path / 'r.csv'}:{line}"
    assert bad.reason.startswith(reason)


def test_a_bad_row_does_not_keep_the_others(tmp_path: Path) -> None:
    found = items(tmp_path, SHORT + "1,ann,pretax,employer,5\n,bob,pretax,employer,5\n3,cem,pretax,employer,5\n")
    assert [type(item) for item in found] == [Message, BadLine, Message]


def test_columns_that_neither_file_nor_options_give_are_named(tmp_path: Path) -> None:
    (bad,) = items(tmp_path, SHORT, Defaults(contract_id="C1"))
    assert isinstance(bad, BadLine)
    assert "remittance_id (or --remittance), submitted_by (or --submitted-by), received_at (or --r" in bad.reason


def test_an_allocation() -> None:
    assert shares_of("F1:60; GAA/3:40;") == [
        {"option": "F1", "percent": "60"},
        {"option": "GAA", "percent": "40", "term": 3},
    ]


@pytest.mark.parametrize("text", ["F1", ":60", "F1:", "GAA/:40", "GAA/x:40", "/3:40"])
def test_what_is_no_allocation(text: str) -> None:
    with pytest.raises(ValueError, match="is not of the form OPTION:PERCENT or OPTION/TERM:PERCENT"):
        shares_of(text)

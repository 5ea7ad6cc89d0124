"""A participant's books and the services' progress, as they are shown."""

import io
from datetime import date
from decimal import Decimal

import pytest
from rich.console import Console, RenderableType

from contracts_schema.topics import TOPICS
from contracts_schema.values import changed
from services.domain.cycles import Payments
from services.domain.fee_dates import FeeDates
from services.domain.folding import market_of
from services.domain.installment_plans import InstallmentPlan, Payable
from services.domain.market import Market
from services.domain.particulars import AmlOrder, YearTotal
from services.domain.state import Participant
from services.intake import INTAKE
from services.reference import REFERENCE
from services.runtime.cli.participant_view import participant_view
from services.runtime.cli.replaying import InProcess
from services.runtime.cli.status_view import status_view
from services.runtime.cli.statuses import PartitionStatus, status_of, still_to_do
from services.runtime.cli.topic_table import retention, topic_table
from services.runtime.progress import Progress
from services.runtime.settings import Settings
from tests.cli.scenario import folded

D, DAY = Decimal, date(2021, 2, 5)


@pytest.fixture(scope="module")
def service() -> InProcess:
    return folded()


def shown(renderable: RenderableType) -> str:
    """The text, words apart by one space, a table's lines left out."""
    out = io.StringIO()
    Console(file=out, width=200, markup=False).print(renderable)
    return "\n".join(" ".join(line.replace("│", " ").split()) for line in out.getvalue().splitlines())


def books(service: InProcess, person: str) -> tuple[Market, Participant]:
    tables = service.ledger_partition.tables
    participant = tables["participants"].get(f"C1|{person}")
    assert isinstance(participant, Participant)
    return market_of(tables["market"].items()), participant


def test_positions_lots_allocation_and_sequence(service: InProcess) -> None:
    found = shown(participant_view(*books(service, "ann"))).splitlines()
    assert found[0] == "contract C1, participant ann: last sequence 4, values of 2021-01-29"
    assert "pretax F1 500.000000 10.000000 5000.00" in found
    assert "pretax FA2 2500.000000 1.001357264586 2503.39" in found
    assert "pretax GAA/3 403.537676 1.001357264586 404.09 GAA-1 2021-01-04 2023-08-12 after 2021-04-15" in found
    assert "account pretax: value 7907.48" in found
    assert "account pretax: opened 2021-01-04, allocation F1 50%, FA2 25%, GAA/3 25%" in found
    assert found[-1] == "nothing waits"


def test_what_waits_and_why(service: InProcess) -> None:
    assert (
        "waits: dee-w1 (withdrawal-requests), received 2021-02-10T15:00:00+00:00, acknowledged; decided at the close "
        "of 2021-02-10, or of the next day that closes"
    ) in shown(participant_view(*books(service, "dee")))


def test_who_is_blocked_and_what_is_held(service: InProcess) -> None:
    market, participant = books(service, "dee")
    day = date(2021, 2, 10)
    closed = tuple(changed(account, closed=day) for account in participant.accounts)
    blocked = changed(
        participant, accounts=closed, waiting=(), held=participant.waiting, aml_orders=(AmlOrder("OFAC-1", day),)
    )
    found = shown(participant_view(market, blocked))
    assert (
        "held: dee-w1 (withdrawal-requests), received 2021-02-10T15:00:00+00:00, until AML order OFAC-1 is lifted"
        in found
    )
    assert "blocked by AML order OFAC-1 since 2021-02-10" in found
    assert ", closed 2021-02-10, allocation" in found
    assert "nothing waits" not in found


def test_what_accounts_count_and_owe(service: InProcess) -> None:
    market, ann = books(service, "ann")
    (account,) = ann.accounts
    plan = InstallmentPlan("w1", DAY, date(2021, 3, 5), 60, D("5255.95"), D("0.02"), D("295239.52"), paid=1)
    account = changed(
        account,
        lump_sum=True,
        payments=Payments(credited=20, made=10),
        fee=FeeDates(due=date(2022, 1, 4)),
        annuitised=DAY,
        payable=Payable((plan,)),
    )
    ann = changed(ann, accounts=(account,), contributions=(YearTotal(2021, D("5000.00")),))
    found = shown(participant_view(market, ann))
    assert (
        "account pretax: opened 2021-01-04, for a lump sum, 30 payments counted, maintenance fee due 2022-01-04, "
        "annuity option elected 2021-02-05, allocation F1 50%"
    ) in found
    owed = "withdrawal w1 of account pretax: 295239.52 owed in installments at 0.02"
    assert f"{owed}, 1 of 60 paid, the next is due 2021-03-05" in found
    assert "salary reductions of 2021: 5000.00" in found


def test_before_any_day_is_closed_values_are_not_known(service: InProcess) -> None:
    _, participant = books(service, "ann")
    found = shown(participant_view(Market(), participant))
    assert "values of no closed day yet" in found
    assert "pretax F1 500.000000 ? ?" in found
    assert "value 0.00, and 3 whose value the last closed day does not tell" in found


def test_nothing_held(service: InProcess) -> None:
    market, participant = books(service, "ann")
    account = changed(participant.accounts[0], positions=(), lots=(), allocation=())
    found = shown(participant_view(market, changed(participant, accounts=(account,))))
    assert "nothing is held" in found
    assert "allocation none: deposits must name theirs" in found


BOUNDS = {
    "deposit-requests": (0, 10),
    "transfer-requests": (7, 9),
    "withdrawal-requests": (0, 0),
    "account-instructions": (0, 4),
}


def test_lag_is_what_is_there_and_not_read() -> None:
    progress = Progress(1, 4, {"deposit-requests": 8, "transfer-requests": 3, "account-instructions": 4})
    found = status_of(INTAKE, 2, BOUNDS, progress)
    assert found.lag_by_topic == {
        "deposit-requests": 2,
        "transfer-requests": 2,
        "withdrawal-requests": 0,
        "account-instructions": 0,
    }
    assert (found.lag, found.started) == (4, True)


def test_a_service_that_has_not_begun_lags_by_all_there_is() -> None:
    found = status_of(INTAKE, 0, BOUNDS, None)
    assert (found.lag, found.started) == (16, False)


def test_status_is_a_row_a_partition_and_a_line_for_reference() -> None:
    note = {"last_closed": "2021-01-29", "to_settle": 3}
    missing = {"last_closed": "2021-01-29", "next": "2021-02-01", "missing": [f"m{at}" for at in range(10)]}
    found = shown(
        status_view(
            [
                PartitionStatus("intake", 0, 5, {}, started=True),
                PartitionStatus("ledger", 0, 2, {}, started=True, note=note),
                PartitionStatus("intake", 1, 0, {}, started=False),
                PartitionStatus("ledger", 1, 0, {}, started=False),
                PartitionStatus("remittances", 0, 7, {}, started=True),
                PartitionStatus("remittances", 1, 0, {}, started=False),
                PartitionStatus(REFERENCE.name, 0, 1, {}, started=True, note=missing),
            ]
        )
    )
    assert "0 5 2 2021-01-29 3 7" in found
    assert "1 0 (nothing committed yet) 0 (nothing committed yet) none 0 0 (nothing committed yet)" in found
    assert (
        "reference: lag 1, last closed day 2021-01-29, next 2021-02-01; still missing: m0, m1, m2, m3, m4, m5" in found
    )
    assert "m7, and 2 more" in found


def test_the_ledger_at_rest_and_not() -> None:
    rest = PartitionStatus("ledger", 0, 0, {}, started=True, note={"to_settle": 0})
    busy = PartitionStatus("ledger", 1, 2, {}, started=True, note={"to_settle": 3})
    intake = PartitionStatus("intake", 0, 9, {}, started=True)
    assert still_to_do([rest, intake]) is None
    assert still_to_do([rest, busy]) == "The ledger has still 2 records to fold and 3 participants to settle"


def test_reference_that_has_committed_nothing() -> None:
    assert "reference: lag 0 (nothing committed yet)" in shown(
        status_view([PartitionStatus("reference", 0, 0, {}, started=False)])
    )


def test_the_table_of_topics() -> None:
    found = shown(topic_table(Settings(partitions=4, topic_prefix="t-"), TOPICS.values()))
    assert "t-deposit-requests 4 90 days none contract_id|participant_id senders deposits" in found
    assert "t-ledger-participants 4 forever last per key contract_id|participant_id ledger" in found
    assert retention(TOPICS["ledger-log"]) == "forever"

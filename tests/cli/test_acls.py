"""`annuity-ledger topics acls`: what each service may do, from the table of topics and the settings."""

import json

from contracts_schema.topics import REFERENCE_TOPICS, REQUEST_TOPICS, TOPICS
from services.runtime.access import PEOPLE, service_needs, service_topics
from services.runtime.cli.statuses import SERVICES
from services.runtime.settings import Settings
from tests.cli.running import annuity_ledger


def _listed(*arguments: str, prefix: str = "") -> list[dict[str, object]]:
    done = annuity_ledger("topics", "acls", "--json", *arguments, environment={"ANNUITY_LEDGER_TOPIC_PREFIX": prefix})
    assert done.code == 0
    return [json.loads(line) for line in done.out.splitlines()]


def test_remittances_may_do_this_and_nothing_else() -> None:
    found = _listed("--service", "remittances", prefix="t-")
    assert {(one["resource"], one["name"], *one["operations"], one["prefixed"]) for one in found} == {  # type: ignore[misc]
        ("Topic", "t-remittance-lines", "Read", "DescribeConfigs", False),
        ("Topic", "t-remittance-notices", "Write", "DescribeConfigs", False),
        ("Topic", "t-alarms", "Write", "DescribeConfigs", False),
        ("Topic", "t-remittances-state", "Read", "Write", "DescribeConfigs", False),
        ("Topic", "t-remittances-progress", "Read", "Write", "DescribeConfigs", False),
        ("Group", "t-remittances", "Read", False),
        ("Group", "t-remittances-progress", "Read", False),
        ("TransactionalId", "t-remittances-", "Write", True),
    }
    assert {one["principal"] for one in found} == {"User:remittances"}


def test_reference_looks_at_request_topics_and_does_not_read_them() -> None:
    may = {one["name"]: one["operations"] for one in _listed("--service", "reference")}
    assert {str(may[topic]) for topic in REQUEST_TOPICS} == {"['Describe', 'DescribeConfigs']"}
    assert may["intake-progress"] == ["Read", "DescribeConfigs"]
    assert may["dead-letters"] == ["Write", "DescribeConfigs"]
    assert {may[topic][0] for topic in REFERENCE_TOPICS} == {"Read"}  # type: ignore[index]
    assert "confirmations" not in may


def test_of_every_topic_its_writers_in_the_table_and_no_others_may_write_it() -> None:
    may_write: dict[str, set[str]] = {name: set() for name in TOPICS}
    for one in _listed():
        if one["resource"] == "Topic" and "Write" in one["operations"]:  # type: ignore[operator]
            may_write[str(one["name"])].add(str(one["role"]))
    assert may_write == {name: set(topic.writer.split(", ")) for name, topic in TOPICS.items()}


def test_every_topic_is_used_by_a_service_or_written_by_people() -> None:
    used = service_topics(SERVICES).keys()
    assert {name for name in TOPICS if name not in used} <= {
        name for name, topic in TOPICS.items() if topic.writer in PEOPLE
    }
    groups = [acl.name for spec in SERVICES for acl in service_needs(spec, Settings()) if acl.resource == "Group"]
    assert len(set(groups)) == 2 * len(SERVICES)


def test_commands_are_those_of_kafkas_own_tool() -> None:
    done = annuity_ledger("topics", "acls", "--service", "intake", "--principal", "User:CN=in", "--commands")
    assert done.code == 0
    first, last = done.out.splitlines()[0], done.out.splitlines()[-1]
    begin = 'kafka-acls.sh --bootstrap-server "$KAFKA_BOOTSTRAP_SERVERS" --command-config admin.properties --add '
    assert first == (
        f"{begin}--allow-principal 'User:CN=in' --operation Read --operation DescribeConfigs --topic 'deposit-requests'"
    )
    assert last == (
        f"{begin}--allow-principal 'User:CN=in' --operation Write --transactional-id 'intake-' "
        "--resource-pattern-type prefixed"
    )


def test_a_table_for_people() -> None:
    done = annuity_ledger("topics", "acls", "--service", "senders")
    assert done.code == 0
    assert "User:senders" in done.out
    assert "withdrawal-requests" in done.out


def test_what_makes_no_sense_is_refused() -> None:
    done = annuity_ledger("topics", "acls", "--principal", "User:x")
    assert (done.code, done.err) == (2, "A principal is that of one service: name it with --service.\n")
    done = annuity_ledger("topics", "acls", "--service", "payroll")
    assert done.code == 2
    assert "There is no payroll; there are intake, reference, ledger, remittances, senders, operations" in done.err

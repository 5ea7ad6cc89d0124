"""Style as a test: every client of Kafka is made with credentials, and no other place knows how."""

import ast
from pathlib import Path

from tests.test_style import ROOT, files, tree

CLIENTS = {"Producer", "Consumer", "AdminClient", "AIOKafkaConsumer", "AIOKafkaProducer", "AIOKafkaAdminClient"}
GIVEN = {"for_librdkafka", "for_aiokafka", "for_faust"}
READERS = {"new_consumer", "PartitionReader", "read_topic", "latest_by_key", "end_offsets", "partitions_of"}


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _product() -> list[Path]:
    return files("services", "contracts_schema", "deploy/demo")


def test_every_client_is_made_with_what_the_one_place_gives() -> None:
    made = [(path, node) for path in _product() for node in ast.walk(tree(path)) if _called(node) in CLIENTS]
    assert len(made) >= 6
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno}"  # type: ignore[attr-defined]
        for path, node in made
        if not GIVEN & {_called(inner) for inner in ast.walk(node)}
    ]
    assert bare == []


def test_nobody_reads_a_cluster_by_its_address_alone() -> None:
    """The address of a cluster does not say how to be let in."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in _product()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and _called(node) in READERS
        for argument in node.args
        if isinstance(argument, ast.Attribute) and argument.attr in {"cluster", "bootstrap_servers"}
    ]
    assert found == []

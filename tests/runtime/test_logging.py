"""What is logged, how, and how often."""

import json
import logging
import subprocess
import sys

from services.runtime.logging import _Sparing
from tests.runtime.harness import ROOT

SPEAK = """
import logging, structlog
from services.runtime.logging import configure_logging
from services.runtime.settings import Settings
configure_logging(Settings(log_format="{}"))
structlog.get_logger("services.ledger").info("settled", participant="GA-1|P-1", count=3)
structlog.get_logger("services.ledger").debug("unheard")
logging.getLogger("aiokafka").info("unheard")
for _ in range(3):
    logging.getLogger("aiokafka").warning("node %s is away", 1)
"""


def test_json_is_an_object_a_line_and_libraries_are_kept_short() -> None:
    lines = [json.loads(line) for line in _spoken("json").splitlines()]
    assert [line["event"] for line in lines] == ["settled", "node 1 is away"]
    assert lines[0]["participant"] == "GA-1|P-1"
    assert lines[0]["count"] == 3
    assert {line["level"] for line in lines} == {"info", "warning"}
    assert all(line["timestamp"].endswith("Z") for line in lines)


def test_columns_are_for_people() -> None:
    first, _ = _spoken("console").splitlines()
    assert "settled" in first
    assert "participant" in first
    assert not first.startswith("{")


def test_a_library_repeats_itself_only_after_a_while_and_the_product_may() -> None:
    sparing = _Sparing()
    passed = [sparing.filter(_said(name, at)) for name, at in [("faust", 0), ("faust", 9), ("faust", 11), ("mode", 11)]]
    assert passed == [True, False, True, True]
    assert all(sparing.filter(_said("services.runtime.processor", at)) for at in (20, 20))


def _said(name: str, at: float) -> logging.LogRecord:
    record = logging.LogRecord(name, logging.WARNING, "", 0, "away [%s]", (1,), None)
    record.created = 1_000 + at
    return record


def _spoken(log_format: str) -> str:
    command = [sys.executable, "-c", SPEAK.format(log_format)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stderr

"""A scenario's folder replayed as `annuity-ledger replay` does, and its outcomes beside those expected."""

import json
from collections.abc import Iterator
from functools import cache

from contracts_schema.topics import OUTCOME_TOPICS
from services.runtime.cli.messages import read_jsonl
from services.runtime.cli.replaying import InProcess
from services.runtime.cli.stamping import stamped
from services.runtime.records import InputRecord
from tests.domain.books import Json
from tests.scenarios.story import FOLDER

TOLD = (*OUTCOME_TOPICS, "alarms", "dead-letters")
HOLDERS = "contract-notices"


@cache
def outcomes(name: str) -> tuple[Json, ...]:
    """Everything a scenario brings about, in order, but that a request was received; `outcome` is the topic. Notices to
    contract holders are told of scenarios that expect any: every minimum of a coming year makes one.
    """
    return tuple(_outcomes(name))


def _outcomes(name: str) -> Iterator[Json]:
    service, told = InProcess(), (*TOLD, *{each["outcome"] for each in expected(name) if each["outcome"] == HOLDERS})
    for record in stamped(read_jsonl(FOLDER / name / "input.jsonl")):
        assert isinstance(record, InputRecord), record
        service.take(record)
        for written in service.drained():
            if written.topic in told and written.topic != "acknowledgements":
                yield {"outcome": written.topic, **json.loads(written.value or b"{}")}


def expected(name: str) -> list[Json]:
    """The lines of `expected.jsonl`: of each outcome what matters."""
    text = (FOLDER / name / "expected.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def differences(wanted: object, found: object, at: str = "") -> Iterator[str]:
    """Where what is found has not all that is wanted: more fields, and more rules, may be found than are named."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name, value in wanted.items():
            yield from differences(value, found.get(name), f"{at}.{name}")
    elif at.endswith(".rules") and isinstance(wanted, list) and isinstance(found, list):
        yield from (f"{at}: {rule} is not cited" for rule in wanted if rule not in found)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for number, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from differences(one, other, f"{at}[{number}]")
    elif wanted != found:
        yield f"{at}: {wanted!r} is expected, {found!r} was found"

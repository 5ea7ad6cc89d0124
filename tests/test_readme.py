"""The examples of the README, run."""

import json
import re
from pathlib import Path

from pydantic import TypeAdapter
from typer.core import TyperGroup
from typer.main import get_command

from contracts_schema.closing_orders import ClosingOrder
from contracts_schema.instructions import Instruction
from contracts_schema.terms import ContractTerms, UnbuiltTerms
from services.runtime.cli.app import app
from services.runtime.cli.messages import Message, read_line
from services.runtime.cli.replaying import InProcess
from services.runtime.cli.stamping import stamped

README = (Path(__file__).parent.parent / "README.md").read_text()


def _block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_the_request_of_the_readme_gets_its_confirmation() -> None:
    lines = [read_line(line.encode(), "README.md") for line in _block("jsonl").splitlines()]
    assert all(isinstance(line, Message) for line in lines)
    service = InProcess()
    for record in stamped(lines):
        service.take(record)  # type: ignore[arg-type]  # all are messages
    confirmed = [json.loads(r.value or b"") for r in service.drained() if r.topic == "confirmations"]
    assert [c["request_id"] for c in confirmed] == ["open-1", "PAY-2024-03-1"]
    assert confirmed[1] == json.loads(_block("json"))


def test_the_prices_of_the_readme_make_its_unit_values() -> None:
    # (511.90 + 1.25 - 512.34)/512.34 = 0.0015809814, less 3 x 0.0125/365 = 0.0001027397, is 0.0014782417
    first, prices = (block.splitlines() for block in re.findall(r"```jsonl\n(.*?)```", README, re.DOTALL))
    service = InProcess()
    for record in stamped(read_line(line.encode(), "README.md") for line in [*first[:-1], *prices]):
        service.take(record)  # type: ignore[arg-type]  # all are messages
    values = [json.loads(r.value or b"") for r in service.drained() if r.topic == "unit-values"]
    assert [(one["valuation_date"], one.get("net_investment_factor"), one["unit_value"]) for one in values] == [
        ("2024-03-01", None, "10.000000"),
        ("2024-03-04", "1.0014782", "10.014782"),
    ]


def test_the_policy_of_the_readme_is_one() -> None:
    blocks = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    orders = [ClosingOrder.model_validate_json(block).root for block in blocks if '"kind": "policy"' in block]
    assert [order.kind for order in orders] == ["policy"]


def test_the_readme_names_every_room() -> None:
    root = Path(__file__).parent.parent
    for room in re.findall(r"^\| `([a-z_/]+)/` \|", README, re.MULTILINE):
        assert (root / room).is_dir(), room


def test_the_readme_names_every_command() -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    assert group.commands.keys() <= set(re.findall(r"annuity-ledger ([a-z-]+)", README))


def test_the_readme_names_every_instruction() -> None:
    for kind in TypeAdapter(Instruction).json_schema()["discriminator"]["mapping"]:
        assert f"`{kind}`" in README, kind


def test_the_readme_names_every_term() -> None:
    for name in ContractTerms.model_fields.keys() - {"contract_id", "version", "effective_from", "title", "unbuilt"}:
        assert f"`{name}`" in README, name


def test_the_readme_names_what_is_not_built() -> None:
    for name in UnbuiltTerms.model_fields:
        assert f"`unbuilt.{name}`" in README, name

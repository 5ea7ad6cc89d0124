"""The examples of the README, run."""

import json
import re
from pathlib import Path

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


def test_the_readme_names_every_room() -> None:
    root = Path(__file__).parent.parent
    for room in re.findall(r"^\| `([a-z_/]+)/` \|", README, re.MULTILINE):
        assert (root / room).is_dir(), room

"""`annuity-ledger replay FILE…`: the whole service without a broker."""

import json
from pathlib import Path

from tests.cli import scenario
from tests.cli.running import annuity_ledger


def replayed(out: Path, *files: Path) -> dict[str, list[dict[str, object]]]:
    done = annuity_ledger("replay", *files, "--out", out)
    assert done.code == 0, done.err
    return {
        file.stem: [json.loads(line) for line in file.read_text().splitlines()] for file in sorted(out.glob("*.jsonl"))
    }


def all_lines(tmp_path: Path) -> Path:
    return scenario.written(tmp_path / "all.jsonl", [*scenario.reference(), *scenario.requests(), *scenario.days()])


def test_one_file_a_topic_with_everything_that_was_answered(tmp_path: Path) -> None:
    found = replayed(tmp_path / "out", all_lines(tmp_path))
    assert {line["key"] for line in found.pop("account-values")} >= {line["key"] for line in found["confirmations"]}
    assert {topic: len(lines) for topic, lines in found.items()} == {
        "acknowledgements": 10,
        "alarms": 1,
        "confirmations": 14,
        "contract-notices": 0,
        "contract-totals": 0,
        "day-closes": 19,
        "dead-letters": 1,
        "notices": 0,
        "quotes": 0,
        "rejections": 2,
        "remittance-notices": 0,
        "unit-values": 19,  # of one fund
    }
    assert found["dead-letters"][0]["value"] == "{broken"


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    file = all_lines(tmp_path)
    replayed(tmp_path / "one", file)
    replayed(tmp_path / "two", file)
    for one in (tmp_path / "one").iterdir():
        assert one.read_bytes() == (tmp_path / "two" / one.name).read_bytes()


def test_a_remittance_is_replayed_as_it_is_published(tmp_path: Path) -> None:
    remittance = tmp_path / "r.csv"
    remittance.write_text(scenario.REMITTANCE)
    first = scenario.written(tmp_path / "a.jsonl", [*scenario.reference(), *scenario.requests()])
    last = scenario.written(tmp_path / "b.jsonl", scenario.days())
    found = replayed(tmp_path / "out", first, remittance, last)
    ids = [line["value"]["request_id"] for line in found["confirmations"]]  # type: ignore[index]  # an object
    assert "R7-1" in ids
    assert "R7-2" in ids
    assert "R7-3" not in ids, "1e3 is no amount"


def test_bad_lines_are_named_and_the_others_replayed(tmp_path: Path) -> None:
    file = all_lines(tmp_path)
    file.write_text("nonsense\n" + file.read_text())
    done = annuity_ledger("replay", file, "--out", tmp_path / "out")
    assert done.code == 1
    assert f"{file}:1: no message: " in done.err
    assert "confirmations 14" in done.err

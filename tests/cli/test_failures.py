"""How commands end that cannot do their work: one line, what to do, an exit code."""

import socket
from pathlib import Path

import pytest

from tests.cli.running import annuity_ledger

AWAY = {"KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}


def calls(tmp_path: Path) -> list[tuple[object, ...]]:
    file = tmp_path / "a.jsonl"
    file.write_text("")
    return [
        ("topics",),
        ("publish", file),
        ("watch",),
        ("show", "ann", "--contract", "C1"),
        ("status",),
        ("explain", "r1"),
        ("replay", "--from", "ledger-log", "--out", tmp_path / "out"),
    ]


def test_no_broker_is_named(tmp_path: Path) -> None:
    for call in [*calls(tmp_path), ("worker", "all")]:
        done = annuity_ledger(*call)
        assert done.code == 3, call
        assert done.err.startswith(
            "No broker is named: KAFKA_BOOTSTRAP_SERVERS is not set. Start one with `annuity-led"
        )
        assert done.err.count("\n") == 1


@pytest.mark.parametrize("at", range(7))
def test_the_broker_is_away(tmp_path: Path, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.runtime.cli.cluster._TIMEOUT_S", 0.3)
    done = annuity_ledger(*calls(tmp_path)[at], environment=AWAY)
    assert done.code == 3
    assert done.err.startswith("No broker answers at 127.0.0.1:1. Start it")
    assert done.err.count("\n") == 1


def test_a_broker_whose_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = annuity_ledger("broker", "--port", port)
    assert (done.code, done.out) == (1, "")
    assert f"Port {port} of 127.0.0.1 is taken" in done.err


def test_settings_that_cannot_be_right() -> None:
    done = annuity_ledger("topics", environment={"ANNUITY_LEDGER_PARTITIONS": "none"})
    assert done.code == 2
    assert done.err.startswith("The environment's settings cannot be right: partitions: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("replay", "--out", "x"), "Name files to replay, or say --from ledger-log"),
        (("explain",), "Name a request, or --file with its outcome"),
    ],
)
def test_called_wrongly(arguments: tuple[str, ...], message: str) -> None:
    done = annuity_ledger(*arguments)
    assert done.code == 2
    assert message in done.err


def test_comparing_goes_with_the_book_only(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("")
    done = annuity_ledger("replay", file, "--compare", "--out", tmp_path / "out")
    assert done.code == 2
    assert "--compare goes with --from ledger-log" in done.err


def test_files_of_no_known_kind(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("")
    done = annuity_ledger("publish", file, environment=AWAY)
    assert done.code == 2
    assert "a file of messages is named .jsonl (JSON lines) or .csv (a remittance)" in done.err


def test_help_names_every_command_and_the_exit_codes() -> None:
    done = annuity_ledger("--help")
    assert done.code == 0
    for word in ("worker", "broker", "topics", "publish", "watch", "show", "status", "replay", "mva", "explain"):
        assert f" {word} " in done.out
    assert "Exit codes: 0 done;" in done.out

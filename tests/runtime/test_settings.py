"""Settings as the environment gives them."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.runtime.settings import Settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KAFKA_BOOTSTRAP_SERVERS", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("ANNUITY_LEDGER_CACHE_DIR", "ANNUITY_LEDGER_DATA_DIR", "ANNUITY_LEDGER_STORE"):
        monkeypatch.delenv(name, raising=False)


def test_defaults() -> None:
    settings = Settings()
    assert settings.bootstrap_servers is None
    assert settings.topic_prefix == ""
    assert settings.partitions == 12
    assert settings.session_timeout_s == 6
    assert settings.transaction_timeout_ms == 15_000
    assert settings.trusted_submitters == ()
    assert settings.cache_dir == Path.home() / ".cache" / "annuity-ledger"
    assert settings.store == "rocksdb"
    assert settings.data_dir == Path.home() / ".local" / "state" / "annuity-ledger"


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "a:9092,b:9092")
    monkeypatch.setenv("ANNUITY_LEDGER_PARTITIONS", "4")
    monkeypatch.setenv("ANNUITY_LEDGER_TRUSTED_SUBMITTERS", "payroll-a, payroll-b,")
    settings = Settings()
    assert settings.bootstrap_servers == "a:9092,b:9092"
    assert settings.partitions == 4
    assert settings.trusted_submitters == ("payroll-a", "payroll-b")


def test_a_variable_that_is_empty_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "")
    monkeypatch.setenv("ANNUITY_LEDGER_PARTITIONS", "")
    settings = Settings()
    assert settings.bootstrap_servers is None
    assert settings.partitions == 12


def test_code_may_give_what_the_environment_does_not() -> None:
    settings = Settings(bootstrap_servers="a:9092", trusted_submitters=("payroll",))
    assert settings.bootstrap_servers == "a:9092"
    assert settings.trusted_submitters == ("payroll",)


def test_the_cache_follows_the_base_directory_specification(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert Settings().cache_dir == tmp_path / "annuity-ledger"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/ignored")
    assert Settings().cache_dir == Path.home() / ".cache" / "annuity-ledger"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert Settings().data_dir == tmp_path / "annuity-ledger"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PARTITIONS", "0"),
        ("TOPIC_PREFIX", "no spaces"),
        ("SESSION_TIMEOUT_S", "-1"),
        ("LOG_LEVEL", "LOUD"),
        ("PARTITIONS", "many"),
    ],
)
def test_a_value_that_cannot_be_right_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"ANNUITY_LEDGER_{name}", value)
    with pytest.raises(ValidationError):
        Settings()

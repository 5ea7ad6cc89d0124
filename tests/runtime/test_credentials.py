"""Settings that say who a process is: what contradicts itself is refused, and what is secret is not shown."""

from pathlib import Path

import pytest
import trustme
from pydantic import ValidationError

from services.runtime.connecting import for_aiokafka, for_faust, for_librdkafka
from services.runtime.errors import NotLetInError
from services.runtime.settings import Settings
from tests.cli.running import annuity_ledger

SECRET = "Pa55-zqxw"  # noqa: S105 -- of nobody
SCRAM = {"KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT", "KAFKA_USERNAME": "ledger", "KAFKA_PASSWORD": SECRET}


@pytest.fixture
def ca(tmp_path: Path) -> str:
    """A file with an authority."""
    file = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(file))
    return str(file)


def made(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "a:9092,b:9092")
    for name, value in environment.items():
        monkeypatch.setenv(f"ANNUITY_LEDGER_{name}", value)
    return Settings()


def test_without_any_everybody_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = made(monkeypatch)
    plain = {"bootstrap.servers": "a:9092,b:9092", "security.protocol": "PLAINTEXT"}
    assert for_librdkafka(settings) == plain
    assert for_aiokafka(settings) == {"bootstrap_servers": "a:9092,b:9092", "security_protocol": "PLAINTEXT"}
    assert for_faust(settings) == {"broker": ["aiokafka://a:9092", "aiokafka://b:9092"]}
    assert for_librdkafka("a:1") == {"bootstrap.servers": "a:1"}
    assert for_aiokafka("a:1") == {"bootstrap_servers": "a:1"}


def test_all_three_libraries_are_given_the_same(monkeypatch: pytest.MonkeyPatch, ca: str) -> None:
    settings = made(monkeypatch, **SCRAM | {"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_CA_FILE": ca})
    assert for_librdkafka(settings) == {
        "bootstrap.servers": "a:9092,b:9092",
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "ledger",
        "sasl.password": SECRET,
        "ssl.ca.location": ca,
        "ssl.endpoint.identification.algorithm": "https",
        "enable.ssl.certificate.verification": True,
    }
    asked = for_aiokafka(settings)
    assert asked["ssl_context"].check_hostname
    assert asked["ssl_context"] is for_aiokafka(settings)["ssl_context"]
    assert (asked["sasl_mechanism"], asked["sasl_plain_username"]) == ("SCRAM-SHA-512", "ledger")
    assert asked["sasl_plain_password"] == SECRET
    member = for_faust(settings)["broker_credentials"]
    assert (member.mechanism.value, member.username, member.password) == ("SCRAM-SHA-512", "ledger", SECRET)
    assert member.protocol.value == "SASL_SSL"
    assert member.ssl_context is asked["ssl_context"]


def test_a_certificate_without_a_password_is_enough(monkeypatch: pytest.MonkeyPatch, ca: str, tmp_path: Path) -> None:
    own = trustme.CA().issue_cert("ledger@example.org")
    own.private_key_pem.write_to_path(str(tmp_path / "key"))
    own.cert_chain_pems[0].write_to_path(str(tmp_path / "certificate"))
    files = {"KAFKA_CERTIFICATE_FILE": str(tmp_path / "certificate"), "KAFKA_KEY_FILE": str(tmp_path / "key")}
    settings = made(monkeypatch, KAFKA_SECURITY_PROTOCOL="SSL", KAFKA_CA_FILE=ca, **files)
    assert for_librdkafka(settings)["ssl.key.location"] == str(tmp_path / "key")
    assert for_faust(settings)["broker_credentials"].protocol.value == "SSL"
    (tmp_path / "key").write_text("no key")
    with pytest.raises(NotLetInError, match="cannot be used"):
        for_aiokafka(settings)


def test_a_password_may_be_in_a_file_and_change_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(" with blanks \n")
    environment = {name: value for name, value in SCRAM.items() if name != "KAFKA_PASSWORD"}
    settings = made(monkeypatch, **environment, KAFKA_PASSWORD_FILE=str(file))
    assert settings.password() == " with blanks "
    file.write_text("another")
    assert settings.password() == "another"
    file.unlink()
    with pytest.raises(FileNotFoundError):
        for_librdkafka(settings)


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"KAFKA_PASSWORD": SECRET}, "a Kafka user or password is set"),
        ({"KAFKA_CA_FILE": "ca"}, "certificates are set"),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_SSL"}, "SASL needs KAFKA_USERNAME; SASL needs either KAFKA_PASSWORD_FILE"),
        (SCRAM | {"KAFKA_PASSWORD_FILE": "/nowhere"}, "KAFKA_PASSWORD_FILE /nowhere cannot be read: No such file"),
        (SCRAM | {"KAFKA_PASSWORD_FILE": "/dev/null"}, "either KAFKA_PASSWORD_FILE or KAFKA_PASSWORD"),
        (SCRAM | {"KAFKA_PASSWORD_FILE": "/dev/null"}, "KAFKA_PASSWORD_FILE /dev/null is empty"),
        ({"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_KEY_FILE": "/dev/null"}, "KAFKA_KEY_FILE go together"),
        (
            {
                "KAFKA_SECURITY_PROTOCOL": "SSL",
                "KAFKA_KEY_PASSWORD": SECRET,
                "KAFKA_KEY_PASSWORD_FILE": "/dev/null",
            },
            "given twice",
        ),
        (SCRAM | {"KAFKA_SECURITY_PROTOCOL": SECRET}, "Input should be 'PLAINTEXT', 'SSL'"),
        (SCRAM | {"KAFKA_SASL_MECHANISM": "PLAIN"}, "Input should be 'SCRAM-SHA-256' or 'SCRAM-SHA-512'"),
    ],
)
def test_what_contradicts_itself_is_refused_and_shows_no_secret(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], told: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        made(monkeypatch, **environment)
    assert told in str(refused.value)
    assert SECRET not in str(refused.value)
    given = {f"ANNUITY_LEDGER_{name}": value for name, value in environment.items()}
    done = annuity_ledger("topics", environment=given)
    assert done.code == 2
    assert told in done.err
    assert SECRET not in done.err + done.out


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = made(monkeypatch, **SCRAM)
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings)
    assert SECRET not in settings.model_dump_json()
    given = {f"ANNUITY_LEDGER_{name}": value for name, value in SCRAM.items()}
    for arguments in (("--help",), ("worker", "--help"), ("topics", "acls")):
        done = annuity_ledger(*arguments, environment=given)
        assert done.code == 0
        assert SECRET not in done.out + done.err

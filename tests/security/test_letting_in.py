"""TLS and SCRAM on a real broker: who belongs there is let in, and who does not is told so, once and clearly."""

import json
import time
from pathlib import Path

import pytest
from confluent_kafka import KafkaException

from services.runtime.reading import partitions_of
from tests.domain import books
from tests.pipeline.installation import Line
from tests.security.secured import SecuredBroker, password_of
from tests.security.services import SecuredInstallation

CONTRACT: list[Line] = [("contract-terms", books.terms(books.fund("F1")))]
PRICE: list[Line] = [("fund-values", books.fund_value("F1", "2021-01-04"))]
REQUESTS: list[Line] = [
    ("account-instructions", books.opening("open", "2021-01-04")),
    ("deposit-requests", books.deposit("in", "2021-01-04", "100.00", allocation=books.shares(F1="100"))),
]


def test_workers_and_commands_work_over_tls_and_scram(
    secured: SecuredBroker, topic_prefix: str, tmp_path: Path
) -> None:
    with SecuredInstallation(secured, topic_prefix, tmp_path) as service:
        assert service.run("admin", "topics").code == 0
        service.more = {"ANNUITY_LEDGER_KAFKA_SASL_MECHANISM": "SCRAM-SHA-256"}
        service.start("all")
        service.more = {}
        assert service.publish("admin", CONTRACT).code == 0
        service.wait_logged("terms")
        assert service.publish("admin", REQUESTS).code == 0
        assert service.publish("admin", PRICE).code == 0
        service.wait_closed("2021-01-04")
        assert service.run("admin", "status", "--json").code == 0
        assert "F1" in service.run("admin", "show", "P1", "--contract", "C1").out
        assert "in" in service.run("admin", "explain", "in").out
        watched = service.run("admin", "watch", "--from-beginning", "--until-idle", "1", "--json").out
        assert {json.loads(line)["topic"].removeprefix(topic_prefix) for line in watched.splitlines()} >= {
            "acknowledgements",
            "confirmations",
        }
        assert service.run("admin", "verify").code == 0
        assert service.run("admin", "close", "status").code == 0
        told = service.logged()
    assert password_of("admin") not in told
    assert "positions_not_mirrored" not in told


def _wrong(broker: SecuredBroker, what: str) -> dict[str, str]:
    if what == "password":
        return {"ANNUITY_LEDGER_KAFKA_PASSWORD_FILE": "", "ANNUITY_LEDGER_KAFKA_PASSWORD": "Gue55ed-zqxw"}
    if what == "user":
        return {"ANNUITY_LEDGER_KAFKA_USERNAME": "nobody"}
    if what == "authority":
        return {"ANNUITY_LEDGER_KAFKA_CA_FILE": str(broker.certificates.folder / "stranger.pem")}
    return {"KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap_servers}  # 127.0.0.1, for which there is no certificate


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("password", "does not let admin in: Authentication failed during authentication due to invalid credentials"),
        ("user", "does not let nobody in: Authentication failed during authentication due to invalid credentials"),
        ("authority", "No trust between this process and localhost:"),
        ("host", "No trust between this process and 127.0.0.1:"),
    ],
)
def test_who_is_not_let_in_is_told_why_and_is_not_kept_waiting(
    secured: SecuredBroker, topic_prefix: str, tmp_path: Path, what: str, told: str
) -> None:
    service = SecuredInstallation(secured, topic_prefix, tmp_path)
    service.more = _wrong(secured, what)
    began = time.monotonic()
    done = service.run("admin", "topics")
    assert (done.code, done.err.count("\n"), done.out) == (3, 1, "")
    assert told in done.err
    code, stopped, logged = service.failing("intake")
    assert time.monotonic() - began < 30
    assert (code, stopped["fault"]) == (1, "NotLetInError")
    assert told in stopped["reason"]
    for text in (done.err, logged):
        assert "zqxw" not in text
        assert "Traceback" not in text


async def test_a_client_that_says_nothing_of_credentials_is_not_let_in(
    secured: SecuredBroker, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.runtime.reading._TIMEOUT_S", 3.0)
    settings = secured.settings("admin", topic_prefix).model_copy(update={"kafka_security_protocol": "PLAINTEXT"})
    with pytest.raises(KafkaException, match="_TRANSPORT"):
        await partitions_of(settings, "confirmations")


async def test_a_client_may_have_a_certificate_of_its_own(secured: SecuredBroker, topic_prefix: str) -> None:
    folder = secured.certificates.folder
    files = {"kafka_certificate_file": folder / "client.pem", "kafka_key_file": folder / "client.key"}
    settings = secured.settings("admin", topic_prefix).model_copy(update=files)
    with pytest.raises(LookupError, match="there is no topic"):
        await partitions_of(settings, "confirmations")

"""Each service as a principal of its own that may do exactly what `topics acls` lists; the broker denies the rest."""

from pathlib import Path

import pytest

from services.intake import INTAKE
from services.ledger import LEDGER
from services.runtime.access import Acl, Operation, people_needs, service_needs
from services.runtime.cli.statuses import SERVICES
from services.runtime.errors import NotAllowedError
from services.runtime.records import OutputRecord
from services.runtime.transactions import TransactionalWriter
from tests.cli.letters import GOOD, came, written
from tests.domain import books
from tests.pipeline.installation import Line
from tests.security.secured import SecuredBroker
from tests.security.services import SecuredInstallation

CONTRACT: list[Line] = [("contract-terms", books.terms(books.fund("F1")))]
PRICE: list[Line] = [("fund-values", books.fund_value("F1", "2021-01-04"))]
DEPOSIT = books.deposit(
    "in",
    "2021-01-04",
    "100.00",
    allocation=books.shares(F1="100"),
    remittance_id="R1",
    remittance_count=1,
    remittance_total="100.00",
)


def _allow_all(service: SecuredInstallation) -> None:
    for spec in SERVICES:
        service.broker.allow(f"User:{spec.name}", service_needs(spec, service.settings))
    for role in ("senders", "operations"):
        service.broker.allow(f"User:{role}", people_needs(role, service.settings))


def test_a_day_closes_though_everybody_may_do_no_more_than_is_listed(
    secured: SecuredBroker, topic_prefix: str, tmp_path: Path
) -> None:
    with SecuredInstallation(secured, topic_prefix, tmp_path) as service:
        _allow_all(service)
        for spec in SERVICES:
            service.start_as(spec.name)
        assert service.publish("operations", CONTRACT).code == 0
        service.wait_logged("terms")
        requests: list[Line] = [
            ("account-instructions", books.opening("open", "2021-01-04")),
            ("deposit-requests", DEPOSIT),
        ]
        assert service.publish("senders", requests).code == 0
        assert service.publish("operations", PRICE).code == 0
        service.send([("deposit-requests", b"{bad"), ("fund-values", b"{bad")])
        service.wait_closed("2021-01-04")
        service.wait_read("remittances", ["remittance-lines"])
        assert [one["kind"] for one in service.messages("confirmations")] == ["account_opened", "deposit"]
        assert [one["kind"] for one in service.messages("remittance-notices")] == ["remittance_complete"]
        assert len(service.messages("alarms")) == 1
        assert len(service.read("dead-letters")) == 2
        told = service.logged()
    assert "positions_not_mirrored" not in told
    assert "uthoriz" not in told


def _without(needed: list[Acl], missing: str) -> Acl:
    """One permission of intake's, as it is named here."""
    resource, _, name = missing.partition(" ")
    if resource == "DescribeConfigs":
        return Acl("Topic", next(a.name for a in needed if a.name.endswith(name)), ("DescribeConfigs",))
    return next(acl for acl in needed if acl.resource == resource and acl.name.endswith(name))


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("Topic deposit-requests", "deposit-requests: is missing"),
        ("Topic ledger-log", "ledger-log: is missing"),
        ("DescribeConfigs dead-letters", "look at the configuration of topic"),
        ("Group intake", "GroupAuthorizationFailedError"),
        ("TransactionalId intake-", "Transactional Id authorization failed"),
    ],
)
def test_a_service_that_lacks_a_permission_says_which_and_ends(
    secured: SecuredBroker, topic_prefix: str, tmp_path: Path, missing: str, told: str
) -> None:
    service = SecuredInstallation(secured, topic_prefix, tmp_path)
    needed = service_needs(INTAKE, service.settings)
    secured.allow("User:intake", needed)
    secured.deny("User:intake", _without(needed, missing))
    service.user = "intake"
    code, stopped, logged = service.failing("intake")
    assert code == 1, logged
    assert told in stopped["reason"]


def test_a_service_whose_permission_to_read_or_write_is_taken_away_says_so_and_ends(
    secured: SecuredBroker, topic_prefix: str, tmp_path: Path
) -> None:
    """It may still describe: the topic is there for it, and only what it does with it is denied."""
    service = SecuredInstallation(secured, topic_prefix, tmp_path)
    needed = service_needs(INTAKE, service.settings)
    service.send([("deposit-requests", DEPOSIT)])
    taken: tuple[tuple[str, Operation, str], ...] = (
        ("ledger-log", "Write", "write to the topics of its transaction as transactional id"),
        ("deposit-requests", "Read", "read the topics of intake"),
    )
    for name, operation, told in taken:
        secured.allow("User:intake", [*needed, Acl("Topic", topic_prefix + name, ("Describe",))])
        secured.deny("User:intake", Acl("Topic", topic_prefix + name, (operation,)))
        service.user = "intake"
        code, stopped, logged = service.failing("intake")
        assert (code, stopped["fault"]) == (1, "NotAllowedError"), logged
        assert told in stopped["reason"]


def test_a_service_may_not_write_what_another_writes(secured: SecuredBroker, topic_prefix: str, tmp_path: Path) -> None:
    SecuredInstallation(secured, topic_prefix, tmp_path)
    settings = secured.settings("intake", topic_prefix)
    secured.allow("User:intake", service_needs(INTAKE, settings))
    ledgers = {acl.name for acl in service_needs(LEDGER, settings) if "Write" in acl.operations}
    assert topic_prefix + "confirmations" in ledgers
    writer = TransactionalWriter(settings, f"{topic_prefix}intake-0")
    writer.fence()
    with pytest.raises(NotAllowedError, match="Topic authorization failed"):
        writer.commit([OutputRecord("confirmations", 0, b"C1|P1", b"{}")])
    writer.close()
    other = TransactionalWriter(settings, f"{topic_prefix}ledger-0")
    with pytest.raises(NotAllowedError, match="ledger-0"):
        other.fence()
    other.close()


def test_who_redrives_may_do_so_and_who_only_looks_may_not(
    secured: SecuredBroker, topic_prefix: str, tmp_path: Path
) -> None:
    service = SecuredInstallation(secured, topic_prefix, tmp_path)
    for user, roles in (("redriving", ("senders", "operations", "redriving")), ("inspection", ("inspection",))):
        for role in roles:
            secured.allow(f"User:{user}", people_needs(role, service.settings))
    writer = TransactionalWriter(service.settings, f"{topic_prefix}intake-1")
    writer.fence()
    writer.commit([written(came(GOOD, partition=1))])
    writer.close()
    assert service.run("inspection", "dead-letters", "show", "dead-letters/1/0").code == 0
    looked = service.run("inspection", "dead-letters", "redrive", "dead-letters/1/0", "--by", "bob")
    assert looked.code == 1
    assert "does not allow this principal to redrive dead letters" in looked.err
    done = service.run("redriving", "dead-letters", "redrive", "dead-letters/1/0", "--by", "ann")
    assert (done.code, done.err) == (0, "redriven=1 refused=0\n"), done.err
    assert len(service.read("deposit-requests")) == 1

"""The embedded broker as a careful installation has it: TLS, SCRAM, access control lists, deny by default.

A second listener on 127.0.0.1 lets in everybody, as a superuser: it stands for the administrator's access.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

import trustme
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from services.runtime.access import Acl
from services.runtime.broker.embedded import EmbeddedBroker
from services.runtime.broker.installation import Installation as BrokerInstallation
from services.runtime.broker.ports import free_port
from services.runtime.settings import Settings

USERS = (
    *("admin", "intake", "reference", "ledger", "remittances", "senders", "operations"),
    *("redriving", "inspection", "stranger"),
)
_SASL_SSL = """
listeners=SASL_SSL://127.0.0.1:{port},PLAINTEXT://127.0.0.1:{inner},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=SASL_SSL://localhost:{port},PLAINTEXT://127.0.0.1:{inner}
listener.security.protocol.map=SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.quorum.voters=1@127.0.0.1:{controller}
sasl.enabled.mechanisms=SCRAM-SHA-256,SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config={scram}
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config={scram}
ssl.keystore.type=PEM
ssl.keystore.location={folder}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.pem
ssl.client.auth=requested
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:admin;User:ANONYMOUS
allow.everyone.if.no.acl.found=false
"""
_SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required;"


def password_of(user: str) -> str:
    """A password that no log may show."""
    return f"Pa55-{user}-zqxw"


@dataclass(frozen=True)
class Certificates:
    """Files of a CA, of the broker's certificate for `localhost` and of a client's own."""

    folder: Path

    @classmethod
    def made_in(cls, folder: Path) -> Self:
        """Make them all; `stranger.pem` is an authority that has signed nothing."""
        ca = trustme.CA()
        ca.cert_pem.write_to_path(str(folder / "ca.pem"))
        ca.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(folder / "broker.traditional"))
        client = ca.issue_cert("client@example.org")
        client.private_key_pem.write_to_path(str(folder / "client.key"))
        client.cert_chain_pems[0].write_to_path(str(folder / "client.pem"))
        trustme.CA().cert_pem.write_to_path(str(folder / "stranger.pem"))
        _as_pkcs8(folder / "broker.traditional", folder / "broker.pem")
        return cls(folder)


class SecuredBroker(EmbeddedBroker):
    """Clients are served at `servers`, certified as `localhost`; and at `inner` without asking."""

    def __init__(self, certificates: Certificates) -> None:
        super().__init__()
        self.certificates = certificates
        self.inner_port = free_port()

    @property
    def servers(self) -> str:
        """The secured listener, by the name that it is certified for."""
        return f"localhost:{self.bootstrap_servers.rpartition(':')[2]}"

    @property
    def inner(self) -> str:
        """The administrator's own."""
        return f"127.0.0.1:{self.inner_port}"

    def environment(self, user: str) -> dict[str, str]:
        """What a process needs to be let in as a user."""
        file = self.certificates.folder / f"{user}.password"
        file.write_text(password_of(user) + "\n")
        return {
            "KAFKA_BOOTSTRAP_SERVERS": self.servers,
            "ANNUITY_LEDGER_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "ANNUITY_LEDGER_KAFKA_USERNAME": user,
            "ANNUITY_LEDGER_KAFKA_PASSWORD_FILE": str(file),
            "ANNUITY_LEDGER_KAFKA_CA_FILE": str(self.certificates.folder / "ca.pem"),
        }

    def settings(self, user: str, prefix: str, partitions: int = 2) -> Settings:
        """The same as settings of this process."""
        names = {name.removeprefix("ANNUITY_LEDGER_").lower(): value for name, value in self.environment(user).items()}
        names.pop("kafka_bootstrap_servers")
        given = names | {"bootstrap_servers": self.servers, "topic_prefix": prefix, "partitions": str(partitions)}
        return Settings.model_validate(given)

    def allow(self, principal: str, needed: Sequence[Acl]) -> None:
        """Give a principal exactly these permissions, as `topics acls` lists them."""
        admin = self._admin()  # it must outlive what it was asked for
        for made in admin.create_acls(list(_bindings(principal, needed))).values():
            made.result()
        _wait(lambda: all(admin.describe_acls(_filter(one)).result() for one in _bindings(principal, needed)))

    def deny(self, principal: str, acl: Acl) -> None:
        """Take a permission away again."""
        filters = [_filter(binding) for binding in _bindings(principal, [acl])]
        admin = self._admin()
        for removed in admin.delete_acls(filters).values():
            assert len(removed.result()) == 1
        _wait(lambda: not any(admin.describe_acls(one).result() for one in filters))

    def _admin(self) -> AdminClient:
        return AdminClient({"bootstrap.servers": self.inner})

    def _install(self) -> BrokerInstallation:
        made = super()._install()
        given = {field.name: getattr(made, field.name) for field in fields(made)}
        return _Secured(**given, certificates=self.certificates.folder, inner_port=self.inner_port)


@dataclass(frozen=True, slots=True)
class _Secured(BrokerInstallation):
    certificates: Path
    inner_port: int

    def _configure(self, port: int) -> None:
        BrokerInstallation._configure(self, port)
        more = _SASL_SSL.format(
            port=port, inner=self.inner_port, controller=free_port(), scram=_SCRAM, folder=self.certificates
        )
        with (self.home / "server.properties").open("a") as file:  # of a name given twice the last counts
            file.write(more)

    def _format_arguments(self) -> list[str]:
        scram = [
            f"--add-scram=SCRAM-SHA-{bits}=[name={user},password={password_of(user)}]"
            for user in USERS
            for bits in ((256, 512) if user == "admin" else (512,))
        ]
        return [*BrokerInstallation._format_arguments(self), *scram]


def _wait(until: Callable[[], bool]) -> None:
    """Brokers learn of permissions a moment after the controller has taken them."""
    deadline = time.monotonic() + 20
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _bindings(principal: str, needed: Iterable[Acl]) -> Iterable[AclBinding]:
    kinds = {"Topic": ResourceType.TOPIC, "Group": ResourceType.GROUP, "TransactionalId": _TRANSACTIONAL_ID}
    operations = {
        "Read": AclOperation.READ,
        "Write": AclOperation.WRITE,
        "Create": AclOperation.CREATE,
        "Describe": AclOperation.DESCRIBE,
        "DescribeConfigs": AclOperation.DESCRIBE_CONFIGS,
    }
    for acl in needed:
        pattern = ResourcePatternType.PREFIXED if acl.prefixed else ResourcePatternType.LITERAL
        for operation in acl.operations:
            yield AclBinding(
                kinds[acl.resource],
                acl.name,
                pattern,
                principal,
                "*",
                operations[operation],
                AclPermissionType.ALLOW,
            )


_TRANSACTIONAL_ID = ResourceType.TRANSACTIONAL_ID


def _filter(binding: AclBinding) -> AclBindingFilter:
    return AclBindingFilter(
        binding.restype,
        binding.name,
        binding.resource_pattern_type,
        binding.principal,
        binding.host,
        binding.operation,
        binding.permission_type,
    )


def _as_pkcs8(traditional: Path, written: Path) -> None:
    """The key in the form that Java reads, and the certificate after it."""
    data = traditional.read_bytes()
    key = serialization.load_pem_private_key(data, None).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificates = x509.load_pem_x509_certificates(data)
    written.write_bytes(key + b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates))
    written.chmod(0o600)

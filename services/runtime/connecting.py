"""The one place that says how clients of Kafka connect: where to, and with what credentials.

There are three libraries, and each has its own names for the same: librdkafka writes and administers, aiokafka
reads, Faust (on aiokafka) is a member of groups. A client made without what is given here would work on a cluster that
lets everybody in and on no other.
"""

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
)
from confluent_kafka import KafkaError, KafkaException
from faust.auth import Credentials, SASLCredentials, SSLCredentials

from services.runtime.errors import NotAllowedError, NotLetInError
from services.runtime.settings import Settings

Cluster = Settings | str
"""A cluster as the settings say; or just its address, for one that lets everybody in."""


def for_librdkafka(cluster: Cluster) -> dict[str, Any]:
    """What the configuration of a `confluent_kafka` client begins with. Raises `NotLetInError` where the certificates
    cannot be used, `OSError` where a file has gone.
    """
    if isinstance(cluster, str):
        return {"bootstrap.servers": cluster}
    config: dict[str, Any] = {
        "bootstrap.servers": cluster.cluster,
        "security.protocol": cluster.kafka_security_protocol,
    }
    if cluster.uses_sasl:
        config |= {
            "sasl.mechanism": cluster.kafka_sasl_mechanism,
            "sasl.username": cluster.kafka_username,
            "sasl.password": cluster.password(),
        }
    return config | (_librdkafka_tls(cluster) if cluster.uses_tls else {})


def for_aiokafka(cluster: Cluster) -> dict[str, Any]:
    """The arguments of an aiokafka client. Raises as `for_librdkafka` does."""
    if isinstance(cluster, str):
        return {"bootstrap_servers": cluster}
    arguments: dict[str, Any] = {
        "bootstrap_servers": cluster.cluster,
        "security_protocol": cluster.kafka_security_protocol,
    }
    if cluster.uses_tls:
        arguments["ssl_context"] = _tls(cluster)
    if cluster.uses_sasl:
        arguments |= {
            "sasl_mechanism": cluster.kafka_sasl_mechanism,
            "sasl_plain_username": cluster.kafka_username,
            "sasl_plain_password": cluster.password(),
        }
    return arguments


def for_faust(settings: Settings) -> dict[str, Any]:
    """The same as options of a Faust app. Raises as `for_librdkafka` does."""
    options: dict[str, Any] = {"broker": [f"aiokafka://{server.strip()}" for server in settings.cluster.split(",")]}
    credentials = _for_faust(settings)
    return options if credentials is None else options | {"broker_credentials": credentials}


def client_log() -> logging.Logger:
    """Where a librdkafka client says what it has to say."""
    return logging.getLogger("librdkafka")


def refusal(settings: Settings, error: KafkaError) -> str | None:
    """Why the cluster and this process do not come together and will not, however often it is tried; None for anything
    that may pass.
    """
    code, reason = error.code(), error.str()
    if code in (KafkaError._AUTHENTICATION, KafkaError.SASL_AUTHENTICATION_FAILED):  # noqa: SLF001 -- public names
        return (
            f"The cluster {settings.cluster} does not let {settings.kafka_username} in: {_short(reason)}. Correct "
            "ANNUITY_LEDGER_KAFKA_USERNAME, its password, or ANNUITY_LEDGER_KAFKA_SASL_MECHANISM."
        )
    if code == KafkaError._SSL:  # noqa: SLF001 -- same
        return (
            f"No trust between this process and {settings.cluster}: {_short(reason)}. The broker's certificate must be "
            "signed by ANNUITY_LEDGER_KAFKA_CA_FILE and be made out to the host name that is connected to."
        )
    return None


DENIALS = frozenset(
    {
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.GROUP_AUTHORIZATION_FAILED,
        KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
        KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    }
)
_DENIED = (TopicAuthorizationFailedError, GroupAuthorizationFailedError, ClusterAuthorizationFailedError)


@contextmanager
def allowed(what: str) -> Iterator[None]:
    """Within it what the cluster denies is a `NotAllowedError` that says so, `what` being what was to be done."""
    try:
        yield
    except _DENIED as error:
        raise denied(what, type(error).__name__) from None
    except KafkaException as failure:
        if failure.args[0].code() in DENIALS:
            raise denied(what, failure.args[0].name()) from None
        raise


def denied(what: str, code: str) -> NotAllowedError:
    """The error that says what this process may not do."""
    return NotAllowedError(
        f"The cluster does not allow this principal to {what} ({code}). `annuity-ledger topics acls` lists what each "
        "service needs."
    )


def _short(reason: str) -> str:
    """What librdkafka says, without which connection it was and for how long."""
    found = reason.split("(after ", 1)[0].strip().rstrip(":. ")
    return found.rpartition("bootstrap: ")[2].removeprefix("SASL authentication error: ")


def _librdkafka_tls(settings: Settings) -> dict[str, Any]:
    _tls(settings)  # it says better what is wrong with a file
    files = {
        "ssl.ca.location": settings.kafka_ca_file,
        "ssl.certificate.location": settings.kafka_certificate_file,
        "ssl.key.location": settings.kafka_key_file,
        "ssl.key.password": settings.key_password(),
    }
    named = {name: str(value) for name, value in files.items() if value is not None}
    return {"ssl.endpoint.identification.algorithm": "https", "enable.ssl.certificate.verification": True, **named}


def _tls(settings: Settings) -> ssl.SSLContext:
    """One context for all clients, made anew when a file has changed: to load the system's authorities takes long."""
    files = (settings.kafka_ca_file, settings.kafka_certificate_file, settings.kafka_key_file)
    changed = tuple(file.stat().st_mtime_ns for file in files if file is not None)
    return _context(*files, settings.key_password(), changed)


@lru_cache(maxsize=1)
def _context(
    ca: Path | None, certificate: Path | None, key: Path | None, password: str | None, changed: tuple[int, ...]
) -> ssl.SSLContext:
    """Certificate and host name are checked, as Python does unless it is told not to."""
    del changed
    try:
        context = ssl.create_default_context(cafile=ca)
        if certificate is not None:
            # Without a password OpenSSL would ask for one at the terminal.
            context.load_cert_chain(certificate, key, lambda: password or "")
    except ssl.SSLError as error:
        raise NotLetInError(
            "The certificates that ANNUITY_LEDGER_KAFKA_CA_FILE, …_CERTIFICATE_FILE and …_KEY_FILE name cannot be "
            f"used: {error.reason or error.strerror}."
        ) from None
    return context


def _for_faust(settings: Settings) -> Credentials | None:
    context = _tls(settings) if settings.uses_tls else None
    if settings.uses_sasl:
        return SASLCredentials(
            username=settings.kafka_username,
            password=settings.password(),
            ssl_context=context,
            mechanism=settings.kafka_sasl_mechanism,
        )
    return None if context is None else SSLCredentials(context)

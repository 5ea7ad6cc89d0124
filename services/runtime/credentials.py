"""How a process shows the cluster who it is, and makes sure that the cluster is the right one.

Read from the environment with the other settings. What is secret is never shown: not in errors, logs or a `repr`.
"""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

_TLS = ("SSL", "SASL_SSL")
_SASL = ("SASL_PLAINTEXT", "SASL_SSL")


class CredentialSettings(BaseSettings):
    """What is needed to be let in; deploy/SECURITY.md says how to use it. Whatever contradicts the protocol is
    refused: whoever names a CA means TLS, and would not notice that there is none.
    """

    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    """As the brokers' listener has it. With TLS the broker's certificate and host name are always checked."""

    kafka_sasl_mechanism: Literal["SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    """How the password is proved; it never crosses the network itself."""

    kafka_username: str | None = Field(default=None, min_length=1)
    """The SCRAM user, which is the principal `User:NAME` of access control lists."""

    kafka_password: SecretStr | None = None
    """Its password; or the file that holds it, which does not show in a list of processes or an image's layers."""

    kafka_password_file: Path | None = None
    """Read whenever a client is made; a line break at its end is not part of the password."""

    kafka_ca_file: Path | None = None
    """The authorities that brokers' certificates must be signed by (PEM); None means those the system trusts."""

    kafka_certificate_file: Path | None = None
    """The client's own certificate with its chain (PEM), where brokers ask for one."""

    kafka_key_file: Path | None = None
    """The private key of that certificate (PEM)."""

    kafka_key_password: SecretStr | None = None
    """What the key is encrypted with, if it is; or the file that holds it."""

    kafka_key_password_file: Path | None = None
    """Read as `kafka_password_file` is."""

    @property
    def uses_tls(self) -> bool:
        """Whether what crosses the network is encrypted."""
        return self.kafka_security_protocol in _TLS

    @property
    def uses_sasl(self) -> bool:
        """Whether a user and a password are shown."""
        return self.kafka_security_protocol in _SASL

    def password(self) -> str | None:
        """The user's password; None without SASL. Raises `OSError` where its file has gone."""
        return _secret(self.kafka_password, self.kafka_password_file)

    def key_password(self) -> str | None:
        """The private key's password; None where it has none. Raises `OSError` where its file has gone."""
        return _secret(self.kafka_key_password, self.kafka_key_password_file)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        wrong = [*self._wrong_with_sasl(), *self._wrong_with_tls(), *self._unreadable()]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _wrong_with_sasl(self) -> list[str]:
        passwords = [given for given in (self.kafka_password, self.kafka_password_file) if given is not None]
        if not self.uses_sasl:
            if self.kafka_username is not None or passwords:
                return ["a Kafka user or password is set, but KAFKA_SECURITY_PROTOCOL is neither SASL_SSL nor SASL_…"]
            return []
        wrong = [] if self.kafka_username is not None else ["SASL needs KAFKA_USERNAME"]
        if len(passwords) != 1:
            wrong.append("SASL needs either KAFKA_PASSWORD_FILE or KAFKA_PASSWORD")
        return wrong

    def _wrong_with_tls(self) -> list[str]:
        files = (self.kafka_ca_file, self.kafka_certificate_file, self.kafka_key_file)
        passwords = (self.kafka_key_password, self.kafka_key_password_file)
        if not self.uses_tls:
            named = any(given is not None for given in (*files, *passwords))
            return ["certificates are set, but KAFKA_SECURITY_PROTOCOL is neither SASL_SSL nor SSL"] if named else []
        wrong = []
        if (self.kafka_certificate_file is None) != (self.kafka_key_file is None):
            wrong.append("KAFKA_CERTIFICATE_FILE and KAFKA_KEY_FILE go together")
        if None not in passwords:
            wrong.append("the key's password is given twice")
        return wrong

    def _unreadable(self) -> list[str]:
        """Files that are named and cannot be read, or hold no password where they should."""
        wrong = []
        for name in ("ca_file", "certificate_file", "key_file", "password_file", "key_password_file"):
            path: Path | None = getattr(self, f"kafka_{name}")
            try:
                if path is not None and not path.read_bytes().strip():
                    wrong.append(f"KAFKA_{name.upper()} {path} is empty")
            except OSError as error:
                wrong.append(f"KAFKA_{name.upper()} {path} cannot be read: {error.strerror}")
        return wrong


def _secret(given: SecretStr | None, file: Path | None) -> str | None:
    if given is not None:
        return given.get_secret_value()
    return None if file is None else file.read_text(encoding="utf-8").rstrip("\r\n")

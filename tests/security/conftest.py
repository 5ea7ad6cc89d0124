"""One secured broker for all tests of this folder: their topics, and the permissions on them, have prefixes apart."""

from collections.abc import Iterator

import pytest

from tests.security.secured import Certificates, SecuredBroker


@pytest.fixture(scope="session")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredBroker]:
    """A broker that wants TLS and SCRAM and allows nothing by itself."""
    with SecuredBroker(Certificates.made_in(tmp_path_factory.mktemp("certificates"))) as broker:
        yield broker

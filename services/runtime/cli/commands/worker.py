"""`annuity-ledger worker`."""

from enum import StrEnum
from typing import Annotated

import typer

from services.intake import INTAKE
from services.ledger import LEDGER
from services.reference import REFERENCE
from services.remittances import REMITTANCES
from services.runtime.access import service_topics
from services.runtime.cli.cluster import named_cluster
from services.runtime.service import ServiceSpec
from services.runtime.settings import Settings
from services.runtime.worker import run_worker


class Service(StrEnum):
    """What a worker can run."""

    INTAKE = "intake"
    REFERENCE = "reference"
    LEDGER = "ledger"
    REMITTANCES = "remittances"
    ALL = "all"


SPECS: dict[Service, tuple[ServiceSpec, ...]] = {
    Service.INTAKE: (INTAKE,),
    Service.REFERENCE: (REFERENCE,),
    Service.LEDGER: (LEDGER,),
    Service.REMITTANCES: (REMITTANCES,),
    Service.ALL: (INTAKE, REFERENCE, LEDGER, REMITTANCES),
}

ServiceName = Annotated[Service, typer.Argument(help="The service to run, or all four in one process.")]


def worker(service: ServiceName) -> None:
    """Run a service until SIGTERM or Ctrl-C. Start as many workers of each as you like: they share the partitions.

    A worker waits for a broker that is away. It refuses to start when the broker does not let it in, or topics that
    it uses are missing or differ from the table of topics, and stops with exit code 1
    when it cannot go on; its log says why.
    """
    settings = Settings()
    named_cluster(settings)
    raise typer.Exit(run_worker(SPECS[service], settings, service_topics(SPECS[service])))

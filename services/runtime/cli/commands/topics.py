"""`annuity-ledger topics`."""

from typing import Annotated

import msgspec
import typer

from contracts_schema.topics import TOPICS
from services.runtime.access import PEOPLE, Acl, people_needs, service_needs
from services.runtime.cli.cluster import answering_cluster
from services.runtime.cli.consoles import print_line, results, tell, tell_failure
from services.runtime.cli.failures import EXIT_CODES, WrongUseError
from services.runtime.cli.statuses import SERVICES
from services.runtime.cli.topic_table import acl_table, topic_table
from services.runtime.settings import Settings
from services.runtime.topics import create_topics, list_differences

topics = typer.Typer(name="topics", invoke_without_command=True, epilog=EXIT_CODES, add_completion=False)

Check = Annotated[bool, typer.Option("--check", help="Create nothing, only compare.")]
Role = Annotated[
    str | None,
    typer.Option(
        "--service", help="Only this service, or one of senders, operations, readers, redriving, inspection, setup."
    ),
]
Principal = Annotated[
    str | None, typer.Option(help="Who it is on the cluster; with --service. User:NAME of the service unless told.")
]
AsCommands = Annotated[bool, typer.Option("--commands", help="Lines that call Kafka's kafka-acls.sh.")]
AsJson = Annotated[bool, typer.Option("--json", help="A JSON object a line.")]


@topics.callback()
def topics_made(context: typer.Context, *, check: Check = False) -> None:
    """Create the topics that are missing, compare all with the table of topics, and list it.

    Exit code 1, with every difference and what to do about it, when what is there is not as the table says.
    """
    if context.invoked_subcommand is not None:
        return
    settings = Settings()
    answering_cluster(settings)
    made = [] if check else create_topics(settings, TOPICS)
    results.print(topic_table(settings, TOPICS.values()))
    if made:
        tell(f"Created: {', '.join(made)}.")
    differences = list_differences(settings, TOPICS)
    for difference in differences:
        tell_failure(f"{difference.topic} {difference.what}. {difference.remedy}")
    if differences:
        raise typer.Exit(1)
    tell(f"All {len(TOPICS)} topics are as the table says.")


@topics.command(epilog=EXIT_CODES)
def acls(
    service: Role = None, principal: Principal = None, *, as_commands: AsCommands = False, as_json: AsJson = False
) -> None:
    """List what each service must be allowed to do on the cluster, and no more; and what those around them must.

    It follows from the table of topics, what the services read and the settings. Needs no broker.
    """
    if principal is not None and service is None:
        raise WrongUseError("A principal is that of one service: name it with --service.")
    needs = {role: who for role, who in _needs(Settings()).items() if service in (None, role)}
    if not needs:
        raise WrongUseError(f"There is no {service}; there are {', '.join(_needs(Settings()))}.")
    named = {role: principal or f"User:{role}" for role in needs}
    if not as_commands and not as_json:
        results.print(acl_table(needs, named))
        return
    for role, needed in needs.items():
        for acl in needed:
            print_line(
                acl.command(named[role])
                if as_commands
                else msgspec.json.encode(acl.as_json(role, named[role])).decode()
            )


def _needs(settings: Settings) -> dict[str, list[Acl]]:
    return {spec.name: service_needs(spec, settings) for spec in SERVICES} | {
        role: people_needs(role, settings) for role in PEOPLE
    }

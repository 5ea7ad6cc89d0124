"""`annuity-ledger topics`."""

from typing import Annotated

import typer

from contracts_schema.topics import TOPICS
from services.runtime.cli.cluster import answering_cluster
from services.runtime.cli.consoles import results, tell, tell_failure
from services.runtime.cli.topic_table import topic_table
from services.runtime.settings import Settings
from services.runtime.topics import create_topics, list_differences

Check = Annotated[bool, typer.Option("--check", help="Create nothing, only compare.")]


def topics(*, check: Check = False) -> None:
    """Create the topics that are missing, compare all with the table of topics, and list it.

    Exit code 1, with every difference and what to do about it, when what is there is not as the table says.
    """
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

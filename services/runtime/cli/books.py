"""A participant's books and the market, read from the ledger's changelogs."""

from services.domain.folding import market_of
from services.domain.market import Market
from services.domain.state import Participant
from services.ledger.logic import MARKET, PARTICIPANTS
from services.runtime.cli.gathering import gathered
from services.runtime.partitioner import partition_of
from services.runtime.reading import latest_by_key
from services.runtime.settings import Settings


async def books_of(settings: Settings, contract: str, participant: str) -> tuple[Market, Participant | None]:
    """The market as the participant's partition knows it, and the books; None where the ledger has none."""
    key = f"{contract}|{participant}"
    number = partition_of(key, settings.partitions)
    prefix = settings.topic_prefix
    participants, rows = await gathered(
        latest_by_key(settings, table.changelog, prefix=prefix, partition=number) for table in (PARTICIPANTS, MARKET)
    )
    market = market_of((name.decode(), MARKET.decode(value)) for name, value in rows.items())
    found = participants.get(key.encode())
    return market, None if found is None else PARTICIPANTS.decode(found)

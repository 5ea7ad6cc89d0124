"""The AsyncAPI document before AsyncAPI's own parser."""

import json

import pytest

from contracts_schema.topics import TOPICS
from services.runtime.schemas.messages import is_state
from services.runtime.schemas.published import DOCUMENT, home
from tests.schemas.official import parse
from tests.schemas.validating import document

ERROR, WARNING = 0, 1


@pytest.mark.timeout(300)
def test_the_official_parser_finds_no_fault() -> None:
    read = parse((home() / DOCUMENT).read_bytes())
    assert [each for each in read["found"] if each["severity"] in (ERROR, WARNING)] == []
    assert sorted(read["messages"]) == sorted(document()["components"]["messages"])
    assert len(read["messages"]) == 35
    assert ["intake.receive.deposit-requests", "receive"] in read["operations"]
    assert ["ledger.send.confirmations", "send"] in read["operations"]


@pytest.mark.timeout(300)
def test_the_official_parser_finds_faults() -> None:
    broken = json.loads((home() / DOCUMENT).read_bytes())
    broken["operations"]["ledger.send.quotes"]["action"] = "shout"
    broken["components"]["messages"]["Quote"]["payload"] = {"$ref": "#/components/schemas/Nowhere"}
    found = {each["path"] for each in parse(json.dumps(broken).encode())["found"] if each["severity"] == ERROR}
    assert found == {"operations/ledger.send.quotes/action", "components/messages/Quote/payload/$ref"}


def test_every_topic_is_a_channel_and_all_but_state_has_messages_and_operations() -> None:
    channels, operations = document()["channels"], document()["operations"]
    assert [*channels] == [*TOPICS]
    used = {each["channel"]["$ref"].removeprefix("#/channels/") for each in operations.values()}
    public = {name for name, topic in TOPICS.items() if not is_state(topic)}
    assert used == public == {name for name, channel in channels.items() if channel["messages"]}
    assert all(channel["address"] == name for name, channel in channels.items())

"""What is checked in is what the models make; and it says what they do."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from contracts_schema import types
from contracts_schema.topics import TOPICS
from services.runtime.cli.commands.schemas import readers
from services.runtime.schemas.examples import Example, examples_of
from services.runtime.schemas.messages import PublishedMessage, Role, is_state, published_messages
from services.runtime.schemas.published import SCHEMA, drift, home, made, there, write
from tests.schemas.validating import document, header_validator, validator

MESSAGES = published_messages()
BY_NAME = {message.name: message for message in MESSAGES}
EXAMPLES = [(message, example) for message in MESSAGES for example in examples_of(message.slug)]
NAMES = [f"{message.name}-{example.name}" for message, example in EXAMPLES]


def test_what_is_checked_in_is_what_the_models_make() -> None:
    assert drift(there(home()), made(readers())) == []


def test_the_same_models_make_the_same_bytes() -> None:
    assert made(readers()) == made(readers())


def test_what_is_written_is_what_is_read_and_what_is_stale_goes(tmp_path: Path) -> None:
    contents = made(readers())
    (tmp_path / "README.md").write_text("by hand")
    (tmp_path / "long-gone.schema.json").write_text("{}")
    (tmp_path / "quote.schema.json").write_text("{}")
    assert write(tmp_path, contents) == sorted([*contents, "long-gone.schema.json"])
    assert there(tmp_path) == contents
    assert (tmp_path / "README.md").read_text() == "by hand"
    assert write(tmp_path, contents) == []


def test_there_is_a_schema_of_every_message_of_every_topic_that_is_not_state() -> None:
    published = {name.removesuffix(SCHEMA) for name in there(home()) if name.endswith(SCHEMA)}
    assert published == {message.slug for message in MESSAGES}
    assert len(published) == len(MESSAGES) == 34
    without = {name for name, topic in TOPICS.items() if topic.model is None and not is_state(topic)}
    assert without == {"dead-letters"}


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_each_schema_is_one(message: PublishedMessage) -> None:
    Draft202012Validator.check_schema(validator(message.name).schema)
    Draft202012Validator.check_schema(header_validator(message.name).schema)
    assert examples_of(message.slug), f"contracts_schema/examples/messages has no {message.slug}.json"


@pytest.mark.parametrize(("message", "example"), EXAMPLES, ids=NAMES)
def test_each_example_is_what_its_schema_says_and_its_model_reads(message: PublishedMessage, example: Example) -> None:
    assert [*validator(message.name).iter_errors(example.value)] == []
    assert [*header_validator(message.name).iter_errors(example.headers)] == []
    read = message.model.model_validate_json(json.dumps(example.value))
    if message.role is Role.WRITTEN:
        assert json.loads(read.model_dump_json(exclude_none=True)) == example.value


def test_of_a_request_the_schema_says_what_must_be_sent() -> None:
    schema = validator("DepositRequest").schema
    must = ["request_id", "contract_id", "participant_id", "submitted_by", "received_at", "account", "amount", "source"]
    assert schema["required"] == must
    assert schema["additionalProperties"] is True
    amount = schema["properties"]["amount"]
    assert amount["x-decimal"] == {"digits": 12, "places": 2, "zero": False, "negative": False}
    assert schema["properties"]["contract_id"]["maxLength"] == 128


def test_of_what_is_written_the_schema_says_what_is_always_there() -> None:
    schema = validator("Rejection").schema
    always = ["version", "outcome_id", "contract_id", "participant_id", "sequence", "decided_at", "rules", "notes"]
    assert schema["required"] == [*always, "kind", "request_id", "topic", "reasons"]
    assert "additionalProperties" not in schema
    assert "null" not in json.dumps(schema)
    assert schema["$defs"]["Finding"]["properties"]["code"] == {"$ref": "#/$defs/Reason"}
    assert "DUPLICATE_REQUEST_ID" in schema["$defs"]["Reason"]["x-extensible-enum"]


def test_what_operations_publish_is_closed() -> None:
    assert validator("FundValue").schema["additionalProperties"] is False
    schema = validator("ContractTerms").schema
    assert schema["properties"]["accounts_open_by_deposit"] == {"default": True, "type": "boolean"}


DECIMALS = {
    "Money": types.Money, "PositiveMoney": types.PositiveMoney, "Percent": types.Percent, "Rate": types.Rate,
    "MinimumRate": types.MinimumRate, "UnitValue": types.UnitValue, "Identifier": types.Identifier,
}  # fmt: skip
PLAIN = st.from_regex(r"-?[0-9]{0,14}(\.[0-9]{0,8})?", fullmatch=True)


@given(st.sampled_from(sorted(DECIMALS)), PLAIN | st.text(max_size=8))
def test_the_schema_of_a_decimal_takes_what_the_model_takes(name: str, text: str) -> None:
    adapter: TypeAdapter[object] = TypeAdapter(DECIMALS[name])
    if text.startswith("-") and not text.strip("-0."):
        return  # minus nothing, which is read as nothing, and nobody is told to send
    schema = Draft202012Validator(adapter.json_schema())
    try:
        adapter.validate_python(text)
    except ValidationError:
        assert not schema.is_valid(text)
    else:
        assert schema.is_valid(text)


def test_a_topic_says_who_writes_and_who_reads_it() -> None:
    log = document()["channels"]["ledger-log"]
    assert (log["x-writers"], log["x-readers"]) == (["intake", "reference"], ["ledger"])
    assert [*log["messages"]] == ["RequestEntry", "TermsEntry", "OfferingEntry", "DayClosedEntry"]
    assert (BY_NAME["RequestEntry"].writers, BY_NAME["TermsEntry"].writers) == (("intake",), ("reference",))
    confirmations = document()["channels"]["confirmations"]
    assert (confirmations["x-writers"], confirmations["x-readers"]) == (["ledger"], ["consumers"])
    assert confirmations["x-key"] == "contract_id|participant_id"
    requests = document()["channels"]["deposit-requests"]["bindings"]["kafka"]
    assert requests["partitions"] == 12
    assert requests["topicConfiguration"]["retention.ms"] == 90 * 24 * 60 * 60 * 1000
    assert document()["channels"]["ledger-requests"]["bindings"]["kafka"]["topicConfiguration"]["cleanup.policy"] == [
        "compact"
    ]

"""What is told of an exception: its kind, its place, and its text only where it holds nothing of a record."""

from decimal import Decimal, InvalidOperation

import pytest
from aiokafka.errors import TopicAuthorizationFailedError
from confluent_kafka import KafkaError, KafkaException
from pydantic import TypeAdapter, ValidationError

from contracts_schema.types import PositiveMoney
from services.runtime.codec import UnknownVersionError
from services.runtime.discretion import told, told_with_trace
from services.runtime.errors import LogicError


def _caught(value: object) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(dict[str, PositiveMoney]).validate_python(value)
    return caught.value


def test_of_a_message_the_fields_are_told_and_not_the_values() -> None:
    assert told(_caught({"amount": "1,00"})) == "ValidationError: amount not_a_number"
    assert told(_caught("1,00")) == "ValidationError: message dict_type"
    many = told(_caught({str(n): "1,00" for n in range(7)}))
    assert many.count("not_a_number") == 5
    assert many.endswith("; …")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (LogicError("ledger failed at offset 7"), "LogicError: ledger failed at offset 7"),
        (UnknownVersionError("state of version 2"), "UnknownVersionError: state of version 2"),
        (FileNotFoundError(2, "no such file"), "FileNotFoundError: [Errno 2] no such file"),
        (TimeoutError(), "TimeoutError"),
        (KeyError("C1|Ann"), "KeyError"),
        (ValueError("Ann"), "ValueError"),
        (AssertionError("Ann"), "AssertionError"),
    ],
)
def test_the_text_is_told_only_where_it_is_ours_or_a_brokers(error: Exception, text: str) -> None:
    assert told(error) == text


def test_what_a_broker_says_is_told() -> None:
    assert "_TRANSPORT" in told(KafkaException(KafkaError(KafkaError._TRANSPORT)))
    assert "TopicAuthorizationFailedError" in told(TopicAuthorizationFailedError("confirmations"))


def test_a_trace_has_places_and_causes_and_no_values() -> None:
    sent = "731946,28"
    with pytest.raises(LogicError) as caught:
        _fail(sent)
    text = told_with_trace(caught.value)
    assert text.index("InvalidOperation") < text.index("which led to") < text.index("LogicError: a bug")
    assert "in _fail" in text
    assert "Decimal(value)" in text
    assert sent not in text


def _fail(value: str) -> None:
    try:
        Decimal(value)
    except InvalidOperation as error:
        raise LogicError("a bug") from error


def test_what_was_hidden_stays_hidden() -> None:
    with pytest.raises(LogicError) as caught:
        _fail_alone()
    assert told_with_trace(caught.value).startswith("LogicError: a bug\n")


def _fail_alone() -> None:
    try:
        Decimal("Ann")
    except InvalidOperation:
        raise LogicError("a bug") from None

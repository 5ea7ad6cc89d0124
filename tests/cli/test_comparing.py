"""A replay compared with what is on the cluster."""

import pytest

from services.runtime.cli.comparing import COMPARED, Comparison, compare
from services.runtime.records import InputRecord, OutputRecord
from tests.cli.scenario import folded

HEADERS = (("ce_id", b"1"),)


def ours(key: bytes = b"C1|ann", value: bytes = b"{}", topic: str = "confirmations") -> OutputRecord:
    return OutputRecord(topic, 0, key, value, HEADERS)


def theirs(record: OutputRecord, **changes: object) -> InputRecord:
    fields = {"topic": record.topic, "key": record.key, "value": record.value, "headers": record.headers} | changes
    return InputRecord(partition=0, offset=0, timestamp_ms=0, **fields)  # type: ignore[arg-type]  # as the record has them


def test_the_same_outcomes_are_equal_whatever_the_order_between_participants() -> None:
    ann, bob, ack = ours(), ours(b"C1|bob"), ours(topic="acknowledgements")
    found = compare([ann, ack, bob], [theirs(bob), theirs(ann), theirs(ack)])
    assert found == Comparison(participants=2, outcomes=3, equal=3)
    assert found.holds
    assert str(found) == "participants=2 outcomes=3 equal=3 different=0"


@pytest.mark.parametrize(
    "changes",
    [{"value": b'{"a":1}'}, {"headers": ()}, {"headers": (("ce_id", b"2"),)}, {"headers": (*HEADERS, *HEADERS)}],
)
def test_a_byte_that_differs_is_a_difference(changes: dict[str, object]) -> None:
    found = compare([ours()], [theirs(ours(), **changes)])
    assert (found.equal, found.different, found.holds) == (0, 1, False)
    assert found.examples[0].startswith("confirmations C1|ann number 1\n  replayed:       {")


def test_the_order_within_a_participant_counts() -> None:
    first, second = ours(value=b"1"), ours(value=b"2")
    assert compare([first, second], [theirs(second), theirs(first)]).different == 2


def test_what_is_missing_or_too_many_is_a_difference() -> None:
    missing = compare([ours(), ours()], [theirs(ours())])
    assert (missing.outcomes, missing.equal, missing.different) == (2, 1, 1)
    assert missing.examples[0].endswith("on the cluster: nothing")
    assert compare([], [theirs(ours())]).examples[0].splitlines()[1] == "  replayed:       nothing"


def test_closes_are_compared_too_but_are_nobodys() -> None:
    close = ours(b"0", topic="day-closes")
    assert compare([close], [theirs(close)]) == Comparison(participants=0, outcomes=1, equal=1)


def test_nothing_proves_nothing() -> None:
    assert not compare([], []).holds


def test_comparisons_add_up_and_name_the_first_few() -> None:
    one = compare([ours(value=bytes([65 + at])) for at in range(4)], [])
    assert (one + one).different == 8
    assert len((one + one).examples) == 5


def test_folding_the_same_again_is_equal() -> None:
    first = [record for record in folded().written if record.topic in COMPARED]
    again = [record for record in folded().written if record.topic in COMPARED]
    found = compare(first, [theirs(record) for record in again])
    assert found.holds
    assert found.participants == 6
    assert found.outcomes > 40

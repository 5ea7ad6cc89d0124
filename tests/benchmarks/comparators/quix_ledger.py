"""The ledger's rules in Quix Streams, exactly once: `decide` and `account_values` for each request, its state under the
participant's key.

The market is folded into memory per partition and kept nowhere, and nothing is settled in the background: less work
than our worker does.
"""

import os
import tempfile
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from quixstreams import Application, State, message_context
from quixstreams.models import Serializer

from contracts_schema.entries import DayClosedEntry, RequestEntry, TermsEntry, read_entry
from services.domain.account_values import account_values
from services.domain.decide import decide
from services.domain.folding import with_day, with_offering, with_terms
from services.domain.market import Market
from services.domain.state import Answer, Emission, Participant
from services.runtime.codec import versioned

_PREFIX = os.environ["ANNUITY_LEDGER_TOPIC_PREFIX"]
_OUTCOMES = ("confirmations", "rejections", "notices", "acknowledgements", "account-values")
T = TypeVar("T")
_encode_participant, _decode_participant = versioned(Participant)
_encode_answer, _decode_answer = versioned(Answer)
_markets: dict[int, Market] = defaultdict(Market)


class EmissionValue(Serializer):  # type: ignore[misc]  # Quix Streams is not installed where types are checked
    """Writes an emission's value as it is."""

    def __call__(self, value: Emission, ctx: object) -> bytes:
        """The bytes of the outcome."""
        del ctx
        return value.value


def fold(value: bytes, state: State) -> list[Emission]:
    """Fold one entry of the log; what it brings about."""
    entry = read_entry(value)
    partition = message_context().partition
    if not isinstance(entry, RequestEntry):
        _markets[partition] = _with(_markets[partition], entry)
        return []

    def answer_of(key: str) -> Answer | None:
        return _row(state, "answer " + key, _decode_answer)

    step = decide(_markets[partition], _row(state, "books", _decode_participant), answer_of, entry)
    state.set_bytes("books", _encode_participant(step.participant))
    for key, answer in step.answers:
        state.set_bytes("answer " + key, _encode_answer(answer))
    values = [account_values(_markets[partition], step.participant, step.as_of)] if step.as_of is not None else []
    return [*step.emissions, *values]


def main() -> None:
    """Work until the process is ended."""
    app = Application(
        broker_address=os.environ["KAFKA_BOOTSTRAP_SERVERS"],
        consumer_group=_PREFIX + "quix",
        auto_offset_reset="earliest",
        processing_guarantee="exactly-once",
        state_dir=tempfile.mkdtemp(prefix="bench-quix-"),
    )
    raw: dict[str, Any] = {"key_deserializer": "bytes", "value_deserializer": "bytes"}
    topics = {
        name: app.topic(_PREFIX + name, key_serializer="bytes", value_serializer=EmissionValue()) for name in _OUTCOMES
    }
    emissions = app.dataframe(app.topic(_PREFIX + "ledger-log", **raw)).apply(fold, stateful=True, expand=True)
    emissions = emissions.set_headers(lambda emission, *_: list(emission.headers))
    emissions.to_topic(lambda emission, *_: topics[emission.topic], key=lambda emission: emission.key.encode())
    app.run()


def _with(market: Market, entry: object) -> Market:
    if isinstance(entry, DayClosedEntry):
        return with_day(market, entry)[0]
    if isinstance(entry, TermsEntry):
        return with_terms(market, entry)[0]
    return with_offering(market, entry)[0]  # type: ignore[arg-type]


def _row(state: State, key: str, decode: Callable[[bytes], T]) -> T | None:
    found = state.get_bytes(key)
    return None if found is None else decode(found)


if __name__ == "__main__":
    main()

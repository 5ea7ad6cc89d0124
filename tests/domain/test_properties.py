"""What holds of every history: nothing lost or made, a repeat does nothing, a replay is the same to the byte."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from contracts_schema.topics import REQUEST_TOPICS
from services.ledger.logic import PARTICIPANTS
from tests.domain.books import Book, Json, Outcome
from tests.domain.lives import Ledger, books, by_participant, interleaved, lived, refolded
from tests.strategies import Line, histories

D = Decimal
THOROUGH = settings(
    max_examples=400,
    phases=[Phase.generate],
    database=None,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
moderate = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def confirmed(book: Book) -> list[Json]:
    return [o.message for o in book.outcomes if o.topic == "confirmations" and not o.repeated]


def total(parts: Iterable[Json], name: str) -> Decimal:
    return sum((D(part[name]) for part in parts), D(0))


@moderate
@given(histories())
def test_gen_7_every_confirmation_balances(history: list[Line]) -> None:
    for message in confirmed(lived(history)):
        legs = message["legs"]
        mva = message["mva"]
        adjusted = D(mva["aggregate"]) if mva is not None and mva["applied"] else D(0)
        came = D(message["received"] or 0) + adjusted + D(message["guarantee"] or 0)
        came += D(message["paid"]) if message["kind"] == "income_payment" else 0  # of the annuity, not of the account
        went = D(message["paid"] or 0) + D(message["withheld"] or 0) + D(message["applied"] or 0)
        went += total(message["charges"], "amount")
        assert total(legs, "dollars") == came - went
        assert message["debits"] == message["credits"]
        for leg in legs:
            change = D(leg["value_after"]) - D(leg["value_before"])
            assert change == D(leg["dollars"]) + D(leg["rounding"])
            assert abs(D(leg["rounding"])) <= D("0.01")
            assert D(leg["units_after"]) == D(leg["units_before"]) + D(leg["units"]) >= 0
            exact = D(leg["units_after"]) * D(leg["index"])
            assert abs(D(leg["value_after"]) - exact) <= D("0.005")


@moderate
@given(histories())
def test_gen_7_what_is_held_is_what_was_confirmed(history: list[Line]) -> None:
    book = lived(history)
    posted: dict[tuple[str, str, str], Decimal] = defaultdict(D)
    for message in confirmed(book):
        for leg in message["legs"]:
            who = f"{message['contract_id']}|{message['participant_id']}|{leg['account'] or message['account']}"
            posted[who, leg["option"], leg["lot"] or leg["applied_since"] or ""] += D(leg["units"])
    held: dict[tuple[str, str, str], Decimal] = {}
    for key, participant in books(book).items():
        for account in participant.accounts:
            who = f"{key}|{account.type.value}"
            held |= {(who, position.option, ""): position.units for position in account.positions}
            held |= {(who, part.option, part.since.isoformat()): part.units for part in account.applied}
            held |= {(who, lot.option, lot.lot): lot.units for lot in account.lots}
    assert {place: units for place, units in posted.items() if units} == held


@moderate
@given(histories())
def test_every_request_has_one_answer_and_sequences_have_no_gaps(history: list[Line]) -> None:
    book = lived(history)
    sequences: dict[str, list[int]] = defaultdict(list)
    answered: dict[tuple[str, str], int] = defaultdict(int)
    for outcome in book.outcomes:
        if outcome.topic not in {"confirmations", "rejections", "notices", "quotes"} or outcome.repeated:
            continue
        if outcome.topic != "quotes":
            sequences[outcome.key].append(outcome.message["sequence"])
        request_id = outcome.message.get("request_id")  # none for what a maturity brings about
        codes = [reason["code"] for reason in outcome.message.get("reasons", [])]
        if request_id and "DUPLICATE_REQUEST_ID" not in codes[:1]:
            answered[outcome.key, request_id] += 1
    assert all(found == list(range(1, len(found) + 1)) for found in sequences.values())
    queued = [(key, (*participant.waiting, *participant.held)) for key, participant in books(book).items()]
    waiting = {(key, waiting.request_id) for key, requests in queued for waiting in requests}
    asked = {
        (f"{message['contract_id']}|{message['participant_id']}", message["request_id"])
        for topic, message in history
        if topic in REQUEST_TOPICS
    }
    assert set(answered) | waiting == asked
    assert all(count == 1 for count in answered.values())
    assert not waiting & answered.keys()


@moderate
@given(histories())
def test_publishing_everything_again_changes_nothing(history: list[Line]) -> None:
    book = lived(history)
    before = books(book)
    for topic, message in history:
        if topic in REQUEST_TOPICS:
            (outcome,) = book.publish(topic, message)
            assert outcome.repeated
    assert books(book) == before


@moderate
@given(histories())
def test_replaying_the_log_gives_the_same_bytes(history: list[Line]) -> None:
    book = lived(history)
    assert by_participant(refolded(book.log).written) == by_participant(book.service.written)


@moderate
@given(histories(), st.randoms(use_true_random=False))
def test_participants_do_not_depend_on_each_others_order(history: list[Line], chance: Random) -> None:
    book = lived(history)
    woven = interleaved(book.log, chance)
    assume(woven != book.log)
    assert by_participant(refolded(woven).written) == by_participant(book.service.written)


@moderate
@given(histories(), st.lists(st.booleans(), min_size=1))
def test_it_does_not_matter_when_a_close_is_settled(history: list[Line], settle: list[bool]) -> None:
    book = lived(history)
    ledger = Ledger()
    for at, record in enumerate(book.log):
        ledger.fold(record)
        if settle[at % len(settle)]:
            ledger.settle()
    ledger.settle()
    assert by_participant(ledger.written) == by_participant(book.service.written)
    assert dict(ledger.partition.tables["participants"].items()) == books(book)


@moderate
@given(histories())
def test_books_are_kept_as_they_are(history: list[Line]) -> None:
    for participant in books(lived(history)).values():
        assert PARTICIPANTS.decode(PARTICIPANTS.encode(participant)) == participant


class EnoughError(Exception):
    """Every kind has come up."""


def test_outcomes_of_the_example_are_many_and_of_all_kinds() -> None:
    """The properties above are about something: among some histories every kind of outcome comes up."""
    seen: set[str] = set()
    wanted = {"deposit", "transfer", "withdrawal", "account_opened", "allocation_changed", "request_cancelled"}
    wanted |= {"maturity_elected", "maturity_transfer", "maturity_payment", "reinvested", "quote"}
    wanted |= {"maturity_approaching", "matured_value_stays", "account_closed", "aml_hold_placed", "aml_hold_released"}
    wanted |= {"held_by_aml_order", "early_withdrawal_charge", "premium_tax", "withheld", "accounts"}
    wanted |= {"repeat", "rejection", "acknowledgement", "day_close_completed", "mva"}

    @THOROUGH
    @given(histories())
    def look(history: list[Line]) -> None:
        outcomes: list[Outcome] = lived(history).outcomes
        seen.update(o.message.get("kind", o.topic) for o in outcomes)
        seen.update("repeat" for o in outcomes if o.repeated)
        seen.update("mva" for o in outcomes if o.message.get("mva"))
        seen.update(charge["what"] for o in outcomes for charge in o.message.get("charges", []))
        seen.update(name for o in outcomes for name in ("withheld", "accounts") if o.message.get(name))
        if wanted <= seen:
            raise EnoughError

    with pytest.raises(EnoughError):
        look()
    assert wanted <= seen

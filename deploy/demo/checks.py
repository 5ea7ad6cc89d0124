"""What must hold at the end of the demo; each check raises `DemoFailedError` with what it found."""

import asyncio
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from contracts_schema.alarms import AlarmCode
from contracts_schema.headers import REPEAT, header
from deploy.demo.market import CONTRACT
from deploy.demo.stage import DemoFailedError, Stage
from deploy.demo.story import Told
from deploy.demo.witnesses import FREE_TRANSFER, MATURITIES, VALUES_AT_THE_END, WITHDRAWALS
from services.domain.folding import market_of
from services.domain.sources import View
from services.domain.state import Participant
from services.domain.valuation import Valuation
from services.ledger.logic import MARKET, PARTICIPANTS
from services.runtime.cli.comparing import Comparison, compare_with_cluster
from services.runtime.reading import latest_by_key

Json = dict[str, Any]


@dataclass
class Outcomes:
    """Everything that came out, and what it adds up to."""

    confirmations: list[Json] = field(default_factory=list)
    rejections: list[Json] = field(default_factory=list)
    notices: list[Json] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    dead_letters: int = 0
    alarms: list[str] = field(default_factory=list)
    negative_mva: int = 0
    positive_mva: int = 0
    free_of_mva: int = 0

    @property
    def answers(self) -> list[Json]:
        """Confirmations and rejections that answer a request: what a maturity brings about answers none."""
        return [outcome for outcome in (*self.confirmations, *self.rejections) if "request_id" in outcome]


def outcomes(stage: Stage) -> Outcomes:
    """Read and count the outcome topics."""
    found = Outcomes(dead_letters=len(stage.read("dead-letters")))
    kept = {"confirmations": found.confirmations, "rejections": found.rejections, "notices": found.notices}
    for topic, messages in kept.items():
        for record in stage.read(topic):
            if header(record.headers, REPEAT) is None:
                messages.append(json.loads(record.value or b""))
            else:
                found.repeats += 1
    found.alarms = [json.loads(record.value or b"")["code"] for record in stage.read("alarms")]
    for confirmation in found.confirmations:
        found.kinds[confirmation["kind"]] += 1
        aggregate = Decimal(confirmation.get("mva", {}).get("aggregate", "0"))
        found.negative_mva += aggregate < 0
        found.positive_mva += aggregate > 0
        lines = confirmation.get("mva", {}).get("lines", ())
        found.free_of_mva += any(line["rule"] == "MAT-4" for line in lines)
    for rejection in found.rejections:
        found.reasons.update({reason["code"] for reason in rejection["reasons"]})
    return found


def check_seen(found: Outcomes, told: Told) -> None:
    """The demo shows what it is for: adjustments both ways, maturities and what comes of them, rejections, repeats,
    dead letters, and every answer.
    """
    seen = {
        "negative adjustments": found.negative_mva,
        "positive adjustments": found.positive_mva,
        "maturities announced": sum(notice["kind"] == "maturity_approaching" for notice in found.notices),
        "automatic reinvestments": found.kinds["reinvested"],
        "maturities as elected": found.kinds["maturity_transfer"],
        "requests under the maturity value transfer provision": found.free_of_mva,
        "rejections": len(found.rejections),
        "repeats": found.repeats,
        "dead letters": found.dead_letters,
    }
    for what, count in seen.items():
        if not count:
            raise DemoFailedError(f"no {what} were seen")
    answered = len(found.answers) + found.repeats + found.dead_letters
    if answered != told.records:
        raise DemoFailedError(f"{told.records} records were sent, {answered} were answered")
    if found.alarms != [AlarmCode.RATE_BELOW_FLOOR]:
        raise DemoFailedError(f"one rate below its floor was published, the alarms are {found.alarms}")
    if found.repeats != told.twice:
        raise DemoFailedError(f"{told.twice} requests were sent twice, {found.repeats} repeats came")


def check_sequences(found: Outcomes) -> None:
    """Each participant's outcomes are numbered from 1 without gaps."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for outcome in (*found.confirmations, *found.rejections, *found.notices):
        numbers[outcome["participant_id"]].append(outcome["sequence"])
    for participant, sequence in numbers.items():
        if sorted(sequence) != list(range(1, len(sequence) + 1)):
            raise DemoFailedError(f"the outcomes of {participant} are numbered with gaps")


@dataclass(frozen=True, slots=True)
class Totals:
    """The plan's money over all four years."""

    received: Decimal
    paid: Decimal
    adjustments: Decimal
    fees: Decimal
    value: Decimal

    @property
    def earned(self) -> Decimal:
        """What funds and interest made of it."""
        return self.value - (self.received - self.paid + self.adjustments - self.fees)


def check_totals(found: Outcomes, kept: "Books") -> Totals:
    """Every confirmation balances, and the units on the books are those of the confirmations' legs."""
    units: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for confirmation in found.confirmations:
        if confirmation.get("debits") != confirmation.get("credits"):
            raise DemoFailedError(f"{confirmation['outcome_id']} does not balance")
        for leg in confirmation["legs"]:
            place = (confirmation["participant_id"], confirmation["account"], leg.get("lot", leg["option"]))
            units[place] += Decimal(leg["units"])
    held = {place: amount for participant in kept.participants for place, amount in _held(participant)}
    if {place: amount for place, amount in units.items() if amount} != held:
        raise DemoFailedError("the units on the books are not those of the confirmations")
    return Totals(
        received=_sum(found, "received"),
        paid=_sum(found, "paid"),
        adjustments=sum((Decimal(c.get("mva", {}).get("aggregate", "0")) for c in found.confirmations), Decimal(0)),
        fees=sum((Decimal(charge["amount"]) for c in found.confirmations for charge in c["charges"]), Decimal(0)),
        value=sum((kept.value(participant) for participant in kept.participants), Decimal(0)),
    )


def check_witnesses(found: Outcomes, kept: "Books") -> None:
    """What was worked out by hand for four participants is what was paid, what matured and what they have, to the
    cent.
    """
    by_hand = WITHDRAWALS | FREE_TRANSFER
    paid = {c["request_id"]: _witnessed(c) for c in found.confirmations if c.get("request_id") in by_hand}
    if paid != by_hand:
        raise DemoFailedError(f"witnesses were paid {paid}, by hand it is {by_hand}")
    matured = [(c["kind"], c["gross"]) for c in maturities(found, "DORA")]
    if matured != MATURITIES:
        raise DemoFailedError(f"what matured was {matured}, by hand it is {MATURITIES}")
    values = {p.participant_id: str(kept.value(p)) for p in kept.participants if p.participant_id in VALUES_AT_THE_END}
    if values != VALUES_AT_THE_END:
        raise DemoFailedError(f"witnesses have {values}, by hand it is {VALUES_AT_THE_END}")


def _witnessed(confirmation: Json) -> tuple[str, str, str, str]:
    line = confirmation["mva"]["lines"][0]
    paid = confirmation["paid"] if "paid" in confirmation else confirmation["credits"]
    return line["factor"], line["taken"], line["adjustment"], paid


def maturities(found: Outcomes, person: str) -> list[Json]:
    """The confirmations of what became of a participant's terms at maturity, in order."""
    return [c for c in found.confirmations if c["participant_id"] == person and "matured_lot" in c["details"]]


def check_replay(stage: Stage) -> Comparison:
    """The ledger log folded again in this process gives everybody the same outcomes, byte for byte."""
    compared = asyncio.run(compare_with_cluster(stage.settings))
    if not compared.holds:
        raise DemoFailedError("\n".join([f"the replay differs: {compared}", *compared.examples]))
    return compared


@dataclass(frozen=True, slots=True)
class Books:
    """Every participant's books as the ledger keeps them, and the values of the last closed day."""

    participants: list[Participant]
    at: Valuation

    def value(self, participant: Participant) -> Decimal:
        """What all of a participant's accounts are worth, before any adjustment."""
        return sum((View(self.at, account).value() for account in participant.accounts), Decimal("0.00"))


def books(stage: Stage) -> Books:
    """Read the ledger's tables from their changelogs."""
    participants = [PARTICIPANTS.decode(row) for row in _rows(stage, PARTICIPANTS.changelog).values()]
    market = market_of((key.decode(), MARKET.decode(row)) for key, row in _rows(stage, MARKET.changelog, 0).items())
    day = market.closed[-1]
    terms = market.terms_on(CONTRACT, day)
    assert terms is not None, "the demo's contract is in force"
    return Books(participants, Valuation(market, terms, day))


def _rows(stage: Stage, topic: str, partition: int | None = None) -> dict[bytes, bytes]:
    settings = stage.settings
    return asyncio.run(latest_by_key(settings, topic, prefix=settings.topic_prefix, partition=partition))


def _held(participant: Participant) -> list[tuple[tuple[str, str, str], Decimal]]:
    return [
        ((participant.participant_id, account.type.value, name), amount)
        for account in participant.accounts
        for name, amount in (
            *((position.option, position.units) for position in account.positions),
            *((lot.lot, lot.units) for lot in account.lots),
        )
    ]


def _sum(found: Outcomes, name: str) -> Decimal:
    return sum((Decimal(c.get(name, "0")) for c in found.confirmations), Decimal(0))

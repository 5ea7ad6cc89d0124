"""FND-4: totals told by several partitions, totals that contradict one another, and charges that cannot be set."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from contracts_schema.contract_notices import ContractTotal
from services.domain.charge_reviews import Review
from services.domain.closing import Reference
from services.domain.referencing import Folded, ReferenceRecord, fold
from services.runtime.calendar import ExchangeCalendar
from tests.domain.books import Book, Json, fund, only, terms
from tests.domain.books_reviews import TIERS, deposit, notices, review, reviewed, schedule
from tests.domain.test_charge_review import begun, charges, through_friday

FRIDAY = date(2021, 1, 8)


def under_way() -> Reference:
    """C1 and C2 are reviewed as of Friday; nothing of them was told yet."""
    book = begun(reviewed("C1"), reviewed("C2"))
    through_friday(book, "A-C2")
    found = Review(FRIDAY, "ACME", "457", ("C1", "C2"), ("C1", "C2"))
    before = {"A": 1, "A-C2": 1}
    schedules = {name: book.service._reference._state.charge_schedules[name][:count] for name, count in before.items()}
    return replace(book.service._reference._state, reviews={found.key: found}, charge_schedules=schedules)


def total(contract_id: str, partition: int, dollars: str, participants: int = 1, **more: object) -> bytes:
    message = ContractTotal(
        contract_id=contract_id,
        date=FRIDAY,
        closed_at=datetime.fromisoformat("2021-01-08T16:00:00-05:00"),
        partition=partition,
        partitions=2,
        total=Decimal(dollars),
        participants=participants,
        rules=("FND-4",),
    )
    return message.model_copy(update=more).written()


def told(state: Reference, *totals: bytes) -> Folded:
    """Totals taken in one after the other; what the last one brought about."""
    folded = Folded(state)
    for offset, value in enumerate(totals):
        folded = fold(folded.state, ReferenceRecord("contract-totals", 0, offset, value), ExchangeCalendar())
    return folded


def test_fnd_4_nothing_is_set_before_every_partition_has_told_of_every_contract() -> None:
    # 100.00 + 200.00 + 300.00 + 400.00 = 1,000.00 of 1 + 2 + 0 + 1 participants.
    first = total("C1", 0, "100.00"), total("C2", 1, "200.00", 2), total("C2", 0, "300.00", 0)
    before = told(under_way(), *first)
    assert (before.notices, before.alarms) == ((), ())
    after = told(before.state, total("C1", 1, "400.00"))
    assert [notice.contract_id for notice in after.notices] == ["C1", "C2"]
    found = {(str(n.charge.total), n.charge.participants, str(n.charge.new_charge)) for n in after.notices if n.charge}
    assert found == {("1000.00", 4, "0.0080")}
    versions = after.state.charge_schedules["A-C2"]
    assert [str(each.effective_from) for each in versions] == ["2021-01-01", "2021-02-07"]


def test_fnd_4_a_total_told_again_is_nothing_before_and_after_the_review() -> None:
    one, all_ = total("C1", 0, "100.00"), [total(name, at, "250.00") for name in ("C1", "C2") for at in (0, 1)]
    half = told(under_way(), one)
    again = told(half.state, one)
    assert again == Folded(half.state)
    done = told(under_way(), *all_)
    assert told(done.state, *all_) == Folded(done.state)


def test_fnd_4_another_total_of_the_same_partition_is_refused() -> None:
    done = told(under_way(), *(total(name, at, "250.00") for name in ("C1", "C2") for at in (0, 1)))
    for state in (told(under_way(), total("C1", 0, "250.00")).state, done.state):
        for other in (total("C1", 0, "250.01"), total("C1", 0, "250.00", 2)):
            refused = told(state, other)
            assert refused.state is state
            (alarm,) = refused.alarms
            assert (alarm.code, alarm.rules) == ("CONFLICTING_VALUE", ("FND-4",))
            assert "partition 0 told 250.00 before, of 1 participants" in alarm.message


def test_fnd_4_a_total_that_nobody_asked_for_is_refused() -> None:
    for value in (total("C3", 0, "1.00"), total("C1", 0, "1.00", date=date(2021, 1, 7))):
        (alarm,) = told(under_way(), value).alarms
        assert (alarm.code, alarm.rules) == ("CONFLICTING_VALUE", ("FND-4",))
        assert "no review of it is under way" in alarm.message


def test_fnd_4_partitions_that_do_not_agree_how_many_they_are() -> None:
    state = told(under_way(), total("C1", 0, "1.00")).state
    for value in (total("C1", 1, "1.00", partitions=3), total("C1", 2, "1.00"), total("C1", -1, "1.00")):
        (alarm,) = told(state, value).alarms
        assert alarm.code == "CONFLICTING_VALUE"
        assert "where others say otherwise" in alarm.message


def not_reset(book: Book, *classes: str) -> str:
    """Close through Friday; what the alarm says of charges that were not set."""
    written = through_friday(book, *classes)
    assert notices(written) == []
    alarm = only(written, "alarms").message
    assert (alarm["code"], alarm["rules"], alarm["topic"]) == ("CHARGE_NOT_RESET", ["FND-4"], "contract-totals")
    return str(alarm["message"])


def test_fnd_4_a_class_without_a_schedule_is_left_to_operations() -> None:
    assert not_reset(Book(reviewed(), rates=False)) == (
        "the review of C1 as of 2021-01-08 sets no charge: charge class A has no daily asset charge on 2021-02-07"
    )


def test_fnd_4_a_charge_above_the_maximum_is_left_to_operations() -> None:
    # The schedule comes after the terms: its maximum is 0.70%, and the tier says 0.80%.
    book = Book(reviewed(), rates=False)
    book.publish("charge-classes", schedule(charge="0.0070", maximum="0.0070"))
    book.deposit(deposit("d1", "2021-01-04", "1000.00"))
    assert "0.0080 is above its maximum, 0.0070" in not_reset(book)
    assert charges(book) == [("2021-01-01", "0.0070")]


def sharing(**more: object) -> Book:
    """C1 and C5 have one charge class; C5 is as the rest says."""
    return begun(reviewed("C1"), terms(fund("F1"), contract_id="C5", **more))


def test_fnd_4_a_class_shared_with_a_contract_that_is_not_reviewed_stays_as_it_is() -> None:
    assert "charge class A is also that of C5, which is not reviewed alike" in not_reset(sharing())


def test_fnd_4_a_class_shared_by_contracts_that_come_to_other_charges_stays_as_it_is() -> None:
    # With 1,000.00 C1 comes to 0.80%, C5 to 0.90%.
    tiers = [{"from_amount": "0.00", "daily_asset_charge": "0.0090"}]
    book = sharing(charge_review=review(tiers=tiers))
    book.deposit(deposit("d1", "2021-01-04", "1000.00"))
    messages = not_reset(book).split("; ")
    assert [message.split()[3] for message in messages] == ["C1", "C5"]
    assert charges(book) == [("2021-01-01", "0.0100")]


def test_fnd_4_a_class_shared_by_contracts_reviewed_alike_gets_one_new_schedule() -> None:
    book = sharing(charge_review=review(tiers=TIERS))
    book.deposit(deposit("d1", "2021-01-04", "1000.00"))
    told_of: list[Json] = notices(through_friday(book))
    assert [(n["contract_id"], n["charge"]["old_charge"], n["charge"]["new_charge"]) for n in told_of] == [
        ("C1", "0.0100", "0.0080"),
        ("C5", "0.0100", "0.0080"),
    ]
    assert charges(book) == [("2021-01-01", "0.0100"), ("2021-02-07", "0.0080")]

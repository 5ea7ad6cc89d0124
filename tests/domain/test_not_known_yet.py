"""A request that waits for a contract or participant nobody knows yet says so at once: the close may be a day away."""

from tests.domain.books import NEW_YEAR, Book, deposit, only, opening, shares, terms, transfer

ALLOCATION = shares(F1="100")


def test_gen_3_an_unknown_contract_is_named_in_the_acknowledgement() -> None:
    waits = only(Book(terms()).deposit(deposit("d", NEW_YEAR, "10.00", contract_id="C9", allocation=ALLOCATION)))
    assert waits.topic == "acknowledgements"
    assert waits.message["notes"] == ["contract C9 is not known yet; unknown at the close, the request is rejected"]


def test_gen_3_an_unknown_participant_is_named_in_the_acknowledgement() -> None:
    request = transfer("t", NEW_YEAR, [{"option": "F1", "all": True}], shares(F2="100"))
    waits = only(Book(terms()).transfer(request))
    assert waits.message["notes"] == ["participant P1 has no account yet"]


def test_gen_3_who_is_known_reads_no_note() -> None:
    book = Book(terms())
    book.instruct(opening("o", NEW_YEAR))
    assert only(book.deposit(deposit("d", NEW_YEAR, "10.00", allocation=ALLOCATION))).message["notes"] == []

"""Builders of fixed options of every kind, open unless told otherwise, and of contracts that have them."""

from tests.domain.books import Book, Json, declared, fund, terms


def fixed_account(**more: object) -> Json:
    return {"kind": "fixed_account", "option": "FA", "closes_on": None, **more}


def fixed_plus(**more: object) -> Json:
    return {"kind": "fixed_plus_account", "option": "FP", "closes_on": None, **more}


def fixed_plus_2(**more: object) -> Json:
    return {"kind": "fixed_plus_account_2", "option": "FP2", **more}


def fixed_book(*options: Json, first: str = "2021-01-04", rate: str = "0.05", **more: object) -> Book:
    """A contract with a fund F1 and options that credit a declared rate from the contract's first day on."""
    book = Book(terms(fund("F1"), *options, effective_from=first, **more), rates=False)
    for option in options:
        book.publish("credited-rates", declared(rate, first, option=option["option"]))
    return book

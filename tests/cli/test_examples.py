"""The example contracts: in order, complete, and every term that there is stated by one of them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from contracts_schema.rules import RULES
from contracts_schema.term_rules import RULES_OF_TERMS, rules_of_term
from contracts_schema.terms import ContractTerms, UnbuiltTerms
from services.runtime.cli.json_places import read_document
from tests.cli.running import annuity_ledger
from tests.domain.books import Book

FOLDER = Path(__file__).parent.parent.parent / "contracts_schema" / "examples"
EXAMPLES = sorted(FOLDER.glob("*.json"))
NAMES = [path.stem for path in EXAMPLES]


def test_there_are_five() -> None:
    assert NAMES == [
        "classified-gaa",
        "daily-asset-charge",
        "governmental-457b-roth",
        "producers-409a",
        "unclassified-gaa",
    ]
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}.json`" not in readme] == []


@pytest.mark.parametrize("path", EXAMPLES, ids=NAMES)
def test_each_is_in_order(path: Path) -> None:
    done = annuity_ledger("contract", "check", path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{path}: OK\n")


def test_the_service_takes_them_all() -> None:
    book = Book()
    for path in EXAMPLES:
        assert book.publish("contract-terms", json.loads(path.read_bytes())) == []
    assert len(book.log) == len(EXAMPLES)


@pytest.mark.parametrize("path", EXAMPLES, ids=NAMES)
def test_each_states_every_term_of_what_it_has(path: Path) -> None:
    assert list(unstated(ContractTerms.model_validate_json(path.read_bytes()))) == []


def test_every_term_that_there_is_is_stated_by_one() -> None:
    stated = {type(each) for path in EXAMPLES for each in parts(ContractTerms.model_validate_json(path.read_bytes()))}
    there_are = {model.__name__ for model in models(ContractTerms) - {UnbuiltTerms}}
    assert there_are - {model.__name__ for model in stated} == set()


def test_every_term_has_its_rules() -> None:
    found = {where: rules_of_term(where) for where in places(ContractTerms)}
    assert [".".join(where) for where, rules in found.items() if not rules] == []
    assert {rule for rules in found.values() for rule in rules} <= RULES.keys()


def test_rules_are_of_terms_that_there_are() -> None:
    assert RULES_OF_TERMS.keys() - {".".join(where) for where in places(ContractTerms)} == set()


def test_a_value_is_found_by_the_kinds_on_the_way_to_it() -> None:
    document = read_document((FOLDER / "classified-gaa.json").read_bytes())
    assert document.path_of(("options", 0, "fund", "fund")) == ("options", 0, "fund")
    assert document.path_of(("options", 3, "guaranteed", "mva", "method")) == ("options", 3, "mva", "method")


def unstated(part: BaseModel, at: str = "") -> Iterator[str]:
    """Fields that have their default without saying so, but for terms of rules that are not built."""
    for name in type(part).model_fields.keys() - {"unbuilt"}:
        if name not in part.model_fields_set:
            yield f"{at}{name}"
        for each in _each(getattr(part, name)):
            yield from unstated(each, f"{at}{name}.")


def parts(part: BaseModel) -> Iterator[BaseModel]:
    """A model and all that are in it."""
    yield part
    for name in type(part).model_fields:
        for each in _each(getattr(part, name)):
            yield from parts(each)


def models(model: type[BaseModel]) -> set[type[BaseModel]]:
    """A model and all that its fields may hold; not the base of others, which is none of its own."""
    found = {model}
    for field in model.model_fields.values():
        for each in _models_in(field.annotation):
            found |= models(each)
    return found


def places(model: type[BaseModel], at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where terms stand, as `RULES_OF_TERMS` names places; those of unbuilt rules are named by these alone."""
    for name, field in model.model_fields.items():
        inner = _models_in(field.annotation)
        if UnbuiltTerms in inner or name == "kind":
            continue
        yield (*at, name)
        if len(inner) == 1:
            yield from places(inner[0], (*at, name))
            continue
        for one in inner:
            for kind in _kinds_of(one):
                yield (*at, name, kind)
                yield from places(one, (*at, name, kind))


def _kinds_of(model: type[BaseModel]) -> tuple[str, ...]:
    """What tells the models of a union apart: their first field."""
    return get_args(model.model_fields[next(iter(model.model_fields))].annotation)


def _models_in(annotation: Any) -> list[type[BaseModel]]:  # noqa: ANN401 -- annotations are anything
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def _each(value: object) -> list[BaseModel]:
    several = value if isinstance(value, tuple) else (value,)
    return [each for each in several if isinstance(each, BaseModel)]

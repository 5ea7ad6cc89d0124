"""A file of contract terms, checked as the service would check it, with the line and column of all that is wrong."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as File

from contracts_schema.parsing import Fault, read_terms
from contracts_schema.reasons import Reason
from contracts_schema.term_rules import rules_of_term
from contracts_schema.terms import ContractTerms
from services.domain.availability import unavailable_in_terms
from services.runtime.cli.json_places import Document, NotJsonError, Path, Place, read_document

_CITED = re.compile(r" \(([A-Z]{3}-\d+(?:, [A-Z]{3}-\d+)*)\)$")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a file of terms: where, in which term, what, and of which rules it is."""

    file: File
    place: Place
    term: str
    reason: Reason
    message: str
    rules: tuple[str, ...]

    def __str__(self) -> str:
        where = f"{self.file}:{self.place.line}:{self.place.column}"
        term = f" {self.term}:" if self.term else ""
        return f"{where}:{term} {self.message} [{self.reason.value}; {', '.join(self.rules)}]"


def check_file(file: File) -> ContractTerms | list[Problem]:
    """The terms in the file; or every problem with it, in the order of its lines."""
    data = file.read_bytes()
    try:
        document = read_document(data)
    except NotJsonError as error:
        return [Problem(file, error.place, "", Reason.INVALID_VALUE, str(error), Reason.INVALID_VALUE.rules)]
    terms = read_terms(data)
    problems = list(_repeated(file, document))
    if isinstance(terms, ContractTerms):
        problems += _unbuilt(file, document, terms)
    else:
        problems += [_of_fault(file, document, fault) for fault in terms]
    problems.sort(key=lambda problem: (problem.place.line, problem.place.column))
    return problems or terms  # type: ignore[return-value]  # where there are no problems there are terms


def _repeated(file: File, document: Document) -> Iterator[Problem]:
    for path, place in document.repeated():
        message = "the term is said a second time, and only the last would count"
        yield Problem(file, place, _named(path), Reason.INVALID_VALUE, message, _rules(path, Reason.INVALID_VALUE))


def _of_fault(file: File, document: Document, fault: Fault) -> Problem:
    path = document.path_of(fault.at)
    missing = fault.at[-1:] if fault.reason is Reason.MISSING_FIELD else ()
    cited = _CITED.search(fault.message)
    rules = tuple(cited.group(1).split(", ")) if cited else _rules(fault.at, fault.reason)
    message = _CITED.sub("", fault.message)
    return Problem(file, document.place_of(path), _named((*path, *missing)), fault.reason, message, rules)


def _unbuilt(file: File, document: Document, terms: ContractTerms) -> Iterator[Problem]:
    for name, rule in unavailable_in_terms(terms):
        path = document.path_of(_path_of(name, terms))
        message = f"needs rule {rule}, which is not available in this version"
        yield Problem(file, document.place_of(path), _named(path), Reason.NOT_AVAILABLE, message, (rule,))


def _path_of(name: str, terms: ContractTerms) -> Path:
    """The path of a term as `unavailable_in_terms` names it: an option stands there by its name."""
    if not name.startswith("options."):
        return tuple(name.split("."))
    rest = name.removeprefix("options.")
    option = max((option for option in terms.rank if rest.startswith(f"{option}.")), key=len)
    return "options", terms.rank[option], *rest.removeprefix(f"{option}.").split(".")


def _rules(at: Path, reason: Reason) -> tuple[str, ...]:
    return rules_of_term(at) or reason.rules


def _named(path: Path) -> str:
    """`options[1].contract_minimum`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")

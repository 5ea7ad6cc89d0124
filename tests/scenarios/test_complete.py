"""No rule that is built is without a scenario whose outcome carries its id, nor without literal numbers."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache

import pytest

from contracts_schema.rules import RULES
from tests.domain.books import Json
from tests.scenarios.replayed import expected, outcomes
from tests.scenarios.story import FOLDER
from tests.scenarios.written import STORIES

COUNTS = {"GAA": 7, "MAT": 6, "MVA": 11, "ACC": 3, "DEP": 9, "FIX": 7, "TRF": 6, "LIM": 7, "WDL": 14, "INC": 4}
"""The groups of rules that are built whole, and how many each has."""
RULES_BUILT = (
    *(f"{group}-{number}" for group, count in COUNTS.items() for number in range(1, count + 1)),
    *("GEN-8", "NTC-1", "NTC-4", "NTC-5", "NTC-7", "FND-4"),
)
NOT_CARRIED = {
    "MVA-11": "Table A shows the formula's percentages, from the unrounded factor: no decision is made by it, every "
    "adjustment is by the rounded factor of MVA-5. Its every cell is a test of the formula (test_mva_factor.py).",
}
DOMAIN = FOLDER.parent / "domain"
FIGURE = re.compile(r"\d[\d.,-]*\d")


@pytest.mark.parametrize("rule", RULES_BUILT)
def test_every_rule_is_carried_by_an_outcome_of_a_scenario(rule: str) -> None:
    """By one that is expected to; that it does is compared again here."""
    told = {name for name in STORIES if rule in carried(outcomes(name))}
    wanted = {name for name in STORIES if rule in carried(expected(name))}
    assert wanted <= told
    assert bool(wanted) == (rule not in NOT_CARRIED)
    assert bool(told) == (rule not in NOT_CARRIED), NOT_CARRIED.get(rule)


@pytest.mark.parametrize("rule", RULES_BUILT)
def test_every_rule_is_named_by_a_test_with_literal_numbers(rule: str) -> None:
    assert [name for name, function in domain_tests() if names(function, rule) and has_figures(function)] != []


def test_every_rule_of_these_groups_that_is_known_is_looked_for() -> None:
    groups = {rule for rule in RULES if rule.partition("-")[0] in COUNTS}
    assert groups - {*RULES_BUILT} == set()
    assert {*RULES_BUILT} - RULES.keys() == set()


def test_a_rule_that_is_nowhere_is_missed() -> None:
    nowhere = f"MVA-{len(RULES)}"
    assert not any(nowhere in carried(outcomes(name)) for name in STORIES)
    assert not any(names(function, nowhere) for _, function in domain_tests())
    (first, second) = ast.parse("def test_mva_1_x(): assert f() == '2099.08'\ndef test_mva_11_y(): assert f()").body
    assert isinstance(first, ast.FunctionDef)
    assert isinstance(second, ast.FunctionDef)
    assert (names(first, "MVA-1"), has_figures(first)) == (True, True)
    assert (names(second, "MVA-1"), has_figures(second)) == (False, False)


def carried(told: Iterable[Json]) -> set[str]:
    """The ids in the `rules` of outcomes, of their reasons and adjustments, and in each line's `rule`."""
    return {rule for each in told for rule in _carried(each)}


def _carried(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value.get("rules") or ()
        yield from filter(None, [value.get("rule")])
        for each in value.values():
            yield from _carried(each)
    elif isinstance(value, list):
        for each in value:
            yield from _carried(each)


@cache
def domain_tests() -> tuple[tuple[str, ast.FunctionDef], ...]:
    """Every test of the domain, by file and name."""
    return tuple(
        (f"{path.name}: {node.name}", node)
        for path in sorted(DOMAIN.glob("test_*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def names(function: ast.FunctionDef, rule: str) -> bool:
    """Whether a test's name (`test_mva_9_…`) or docstring names a rule."""
    in_name = re.search(rf"_{rule.lower().replace('-', '_')}(?!\d)", function.name)
    return bool(in_name or re.search(rf"\b{rule}\b", ast.get_docstring(function) or ""))


def has_figures(function: ast.FunctionDef) -> bool:
    """Whether a test, or what it is called with, holds a figure of at least two digits; a docstring's do not count."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    constants = (node for part in (*function.decorator_list, *body) for node in ast.walk(part))
    return any(FIGURE.search(str(node.value)) for node in constants if isinstance(node, ast.Constant))

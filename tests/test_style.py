"""Style as a test: which way imports point, what the domain may not know, nothing dead, everything named by a test."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from contracts_schema.alarms import AlarmCode, DeadLetterReason
from contracts_schema.reasons import Reason
from contracts_schema.rules import RULES

ROOT = Path(__file__).parent.parent
RULE = re.compile(r"\b(?:GEN|ACC|DEP|FND|FIX|TRF|LIM|WDL|GAA|MAT|MVA|INC|NTC)-\d+\b")
SHELLS = ("services.intake", "services.reference", "services.ledger", "services.remittances")
COMMAND_LINE = "services.runtime.cli"
CLOCKS = {"now", "utcnow", "today", "fromtimestamp", "monotonic", "perf_counter", "time_ns"}
OUTSIDE_WORLD = {
    "asyncio", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets", "shelve", "socket",
    "sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def within(path: Path, folder: str) -> bool:
    return path.is_relative_to(ROOT / folder)


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    """Every module (or name in one) that a file imports, wherever it does so."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def under(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def is_standard(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names


def offences(folder: str, *allowed: str, third_party: bool = False) -> list[str]:
    """Imports of a folder's files that lead elsewhere than to what is allowed."""
    ours = ("services", "contracts_schema", "deploy", "tests")
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files(folder)
        for name in imports(path)
        if not under(name, *allowed) and not is_standard(name) and not (third_party and not under(name, *ours))
    ]


def test_the_schema_imports_nothing_of_the_services() -> None:
    found = offences("contracts_schema", "contracts_schema", "msgspec", "pydantic", "pydantic_core")
    assert [line for line in found if not line.startswith(FOR_TESTS)] == []


def test_what_is_for_tests_is_used_by_tests_and_examples_only() -> None:
    product = [path for path in files("services", "contracts_schema") if not within(path, FOR_TESTS)]
    assert [path for path in product for name in imports(path) if under(name, "contracts_schema.testing")] == []
    allowed = ("contracts_schema", "services")
    assert offences(FOR_TESTS, *allowed, third_party=True) == []


FOR_TESTS = "contracts_schema/testing"


def test_the_domain_imports_the_standard_library_and_the_schema_only() -> None:
    assert offences("services/domain", "services.domain", "contracts_schema") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_imports_the_rooms_below_it_and_no_other_shell(shell: str) -> None:
    below = ("contracts_schema", "services.domain", "services.runtime", shell)
    assert offences(shell.replace(".", "/"), *below, third_party=True) == []
    above = [name for path in files(shell.replace(".", "/")) for name in imports(path) if under(name, COMMAND_LINE)]
    assert above == []


def test_the_runtime_knows_no_rules_and_no_shell_but_for_the_command_line() -> None:
    found = offences("services/runtime", "services.runtime", "contracts_schema", third_party=True)
    assert [line for line in found if not line.startswith("services/runtime/cli/")] == []
    below = [path for path in files("services/runtime") if "cli" not in path.parts]
    assert [path for path in below for name in imports(path) if under(name, COMMAND_LINE)] == []


def test_the_domain_has_no_clock_no_chance_and_no_outside_world() -> None:
    found = []
    for path in files("services/domain"):
        found += [f"{path.name} imports {name}" for name in imports(path) if name.partition(".")[0] in OUTSIDE_WORLD]
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
                found.append(f"{path.name}:{node.lineno} reads a clock: {node.attr}")
            if isinstance(node, (ast.AsyncFunctionDef, ast.Await, ast.Global)):
                found.append(f"{path.name}:{node.lineno} waits, or keeps state of its own")
            if isinstance(node, ast.Name) and node.id in {"open", "print", "input", "hash", "id"}:
                found.append(f"{path.name}:{node.lineno} calls {node.id}")
    assert found == []


def test_gen_4_nothing_is_a_float() -> None:
    found = []
    for path in files("services/domain", "contracts_schema"):
        for node in ast.walk(tree(path)) if not within(path, FOR_TESTS) else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                found.append(f"{path.name}:{node.lineno} has the float {node.value}")
            if isinstance(node, ast.Name) and node.id in {"float", "round"}:
                found.append(f"{path.name}:{node.lineno} names {node.id}")
    assert found == []


def test_no_file_is_dead() -> None:
    sources = files("services", "contracts_schema")
    imported = {name for path in sources for name in imports(path)}
    reached = imported | {name.rpartition(".")[0] for name in imported}
    packages = {module_of(path) for path in sources if path.name == "__init__.py"}
    dead = {module_of(path) for path in sources} - reached - packages
    assert {name for name in dead if not is_run_by_name(name)} == set()


def is_run_by_name(module: str) -> bool:
    """Whether a module is run as one, or as a file: by the Makefile, by the project's scripts, by other code."""
    if module.endswith("__main__"):
        return True
    own = ROOT / (module.replace(".", "/") + ".py")
    run_from = ("Makefile", "pyproject.toml", "deploy/Dockerfile")
    callers = [*(ROOT / name for name in run_from), *(path for path in files("services") if path != own)]
    return any(re.search(rf"{module}\b|{own.name}\b", path.read_text(encoding="utf-8")) for path in callers)


def test_no_folder_holds_a_single_file_and_none_is_a_drawer() -> None:
    folders = {path.parent for path in files("services", "contracts_schema")}
    assert [folder for folder in folders if len([*folder.glob("*")]) < 2 and folder.name != "services"] == []
    assert [path for path in files("services", "contracts_schema") if path.stem in {"utils", "helpers", "misc"}] == []


def test_files_are_small() -> None:
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in files("services", "contracts_schema")
    }
    assert {path.name: length for path, length in lengths.items() if length > 300} == {}


def cited(*folders: str) -> set[str]:
    """Rule ids named in Python files, and in tables."""
    tables = [path for folder in folders for path in (ROOT / folder).rglob("*.csv")]
    return {rule for path in [*files(*folders), *tables] for rule in RULE.findall(path.read_text(encoding="utf-8"))}


def in_code() -> set[str]:
    rules = ROOT / "contracts_schema" / "rules.py"
    sources = [path for path in files("services", "contracts_schema") if path != rules]
    return {rule for path in sources for rule in RULE.findall(path.read_text(encoding="utf-8"))}


def in_tests() -> set[str]:
    """Rule ids that tests name, in text or in their own names: `test_mva_7_…` names MVA-7."""
    names = {
        f"{kind.upper()}-{number}"
        for path in files("tests")
        for kind, number in re.findall(r"(?:test|and)?_([a-z]{3})_(\d+)(?=_|\b)", path.read_text(encoding="utf-8"))
    }
    return cited("tests") | names


def test_every_rule_that_is_cited_is_known() -> None:
    assert in_code() - RULES.keys() == set()
    assert cited("tests") - RULES.keys() == set()


def test_every_rule_that_is_known_is_cited_by_code() -> None:
    assert RULES.keys() - in_code() == set()


def test_every_rule_that_code_cites_is_named_by_a_test() -> None:
    assert in_code() - in_tests() == set()


@pytest.mark.parametrize("codes", [Reason, AlarmCode, DeadLetterReason])
def test_every_code_is_used_and_shown_by_a_test(codes: type[Reason | AlarmCode | DeadLetterReason]) -> None:
    schema = (ROOT / "contracts_schema" / "parsing.py").read_text(encoding="utf-8")
    used = schema + "".join(path.read_text(encoding="utf-8") for path in files("services"))
    shown = "".join(
        path.read_text(encoding="utf-8") for path in [*files("tests"), *(ROOT / "tests").rglob("*.csv")] if path != THIS
    )
    assert [code.name for code in codes if not re.search(rf"{codes.__name__}\.{code.name}\b", used)] == []
    assert [code.name for code in codes if not re.search(rf"\b{code.name}\b", shown)] == []


THIS = Path(__file__)


def asserting() -> set[str]:
    """Functions of the tests that can fail: they assert, or expect an exception."""
    return {function.name for path in files("tests") for function in functions(path) if can_fail(function, set())}


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def can_fail(function: ast.AST, checks: set[str]) -> bool:
    for node in ast.walk(function):
        if isinstance(node, (ast.Assert, ast.Raise)):
            return True
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in checks or called in {"raises", "fail", "wait_for"}:
                return True
    return False


def test_every_test_can_fail() -> None:
    checks = asserting()
    found = [
        f"{path.relative_to(ROOT)}: {function.name}"
        for path in files("tests")
        if path.name.startswith("test_")
        for function in functions(path)
        if function.name.startswith("test_") and not can_fail(function, checks)
    ]
    assert found == []


def test_no_mocks_in_domain_tests() -> None:
    found = [path for path in files("tests/domain") for name in imports(path) if "mock" in name]
    assert found == []

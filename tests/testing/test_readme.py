"""The example in the testing module's README, run."""

import re
from pathlib import Path

from contracts_schema.testing import AnnuityLedger, AnnuityLedgerInProcess

README = (Path(__file__).parents[2] / "contracts_schema" / "testing" / "README.md").read_text(encoding="utf-8")


def test_the_example_of_the_readme_passes() -> None:
    found = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert found is not None
    names: dict[str, object] = {}
    exec(compile(found.group(1), "README.md", "exec"), names)  # noqa: S102 -- our own
    test = names["test_a_deposit_is_confirmed"]
    assert callable(test)
    ledger = AnnuityLedgerInProcess()
    test(ledger)
    assert len(ledger.confirmations("P1")) == 1


def test_the_readme_names_every_call() -> None:
    calls = {name for name in vars(AnnuityLedger) if not name.startswith("_")} - {"last_closed_day"}
    assert {name for name in calls if f"`{name}" not in README} == set()

"""`annuity-ledger close` on a real broker: a held day is shown, released and ordered, and closes."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cli.running import Done, annuity_ledger
from tests.domain import books
from tests.domain.books_closing import by_percent, policy
from tests.pipeline.installation import Installation

ITEM = "unit_value|F1|A|2021-01-05"
WHO = ("--authorised-by", "ann", "--reason", "checked with the fund")


def test_a_held_day_is_shown_released_and_ordered(bootstrap_servers: str, topic_prefix: str, tmp_path: Path) -> None:
    def run(*arguments: object) -> Done:
        return annuity_ledger("close", *arguments, environment=service.environment)

    def status() -> Any:  # noqa: ANN401 -- JSON
        return json.loads(run("status", "--json").out)

    def wait(until: Callable[[Any], bool]) -> Any:  # noqa: ANN401 -- same
        deadline = time.monotonic() + 60
        while not until(found := status()):
            assert time.monotonic() < deadline, found
            time.sleep(0.2)
        return found

    with Installation(bootstrap_servers, topic_prefix, tmp_path, 2) as service:
        assert status()["coming"] is None
        service.start("reference")
        service.send(
            [
                ("closing-orders", policy("2021-01-05", closes="by_command", unit_values=by_percent("20"))),
                ("contract-terms", books.terms(books.fund("F1"))),
                ("fund-values", books.fund_value("F1", "2021-01-04")),
                ("fund-values", books.fund_value("F1", "2021-01-05", "13.000000")),
            ]
        )
        found = wait(lambda found: found["last_closed"] == "2021-01-04" and found["lags"]["reference"] == 0)
        first = found["waits"][0]
        assert (first["date"], first["late"], first["missing"], first["needs_order"]) == ("2021-01-05", True, [], True)
        assert [one["item"] for one in first["held"]] == [ITEM]
        text = run("status").out
        assert "Tuesday 2021-01-05 waits since 2021-01-05 16:00 New York" in text
        assert f"-> if 13.000000 is right: annuity-ledger close release '{ITEM}' 13.000000" in text

        nothing = run("release", "unit_value|F1|A|2021-01-06", "13.000000", *WHO)
        assert nothing.code == 1
        assert nothing.err == f"Not sent: nothing named unit_value|F1|A|2021-01-06 is held. Held is {ITEM}.\n"
        assert run("order", "5 January", "--authorised-by", "ann").code == 2
        assert run("order", "2021-01-05", "--authorised-by", "Ann Other").err.startswith("Not sent: ")

        sent = run("release", ITEM, "13.000000", *WHO)
        assert (sent.code, sent.err) == (0, "Sent. `annuity-ledger close status` tells what became of it.\n")
        assert run("order", "2021-01-05", "--authorised-by", "ann").code == 0
        found = wait(lambda found: found["last_closed"] == "2021-01-05")
        assert found["waits"][0]["missing"] == [
            {"name": "unit value of fund F1 for charge class A", "topic": "fund-values"}
        ]
        codes = [alarm["code"] for alarm in service.messages("alarms")]
        assert sorted(codes) == ["CLOSE_LATE", "HELD_FOR_RELEASE"]

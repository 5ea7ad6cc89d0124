"""What the demo tells at its end."""

from rich.console import Console
from rich.table import Table

from contracts_schema.outcomes import Confirmation
from deploy.demo.checks import Json, Outcomes, Totals, maturities
from deploy.demo.witnesses import FREE_TRANSFER, VALUES_AT_THE_END, WITHDRAWALS
from services.runtime.cli.comparing import Comparison
from services.runtime.cli.explaining import text

EXPLAINED = "bruno-check"


def tell(console: Console, found: Outcomes, totals: Totals, compared: Comparison, seconds: float) -> None:
    """Counts by outcome and reason, a withdrawal, a maturity and a transfer after it explained, totals, witnesses, and
    the replay.
    """
    console.print(_counts(found))
    console.print(_reasons(found))
    console.rule("One withdrawal from the guaranteed account, explained")
    _explain(console, _answer(found, EXPLAINED))
    console.rule("A maturity: reinvested by itself, for nobody said otherwise")
    _explain(console, maturities(found, "DORA")[0])
    console.rule("A transfer under the maturity value transfer provision: nothing is adjusted")
    _explain(console, _answer(found, *FREE_TRANSFER))
    console.rule("Totals")
    console.print(_totals(totals))
    hand = ", ".join(f"{person} {value}" for person, value in VALUES_AT_THE_END.items())
    console.print(
        f"Worked out by hand and met to the cent: {hand}; withdrawals {', '.join(WITHDRAWALS)}; "
        f"the transfer {', '.join(FREE_TRANSFER)}; what matured of DORA's."
    )
    console.print(f"Replay of the ledger log, byte for byte per participant: {compared}")
    console.print(f"One worker was killed in mid-stream and replaced. {seconds:.0f} s in all.")


def _answer(found: Outcomes, request_id: str) -> Json:
    return next(answer for answer in found.answers if answer["request_id"] == request_id)


def _explain(console: Console, confirmation: Json) -> None:
    console.print(text(Confirmation.model_validate(confirmation)), markup=False, highlight=False)


def _counts(found: Outcomes) -> Table:
    table = Table("outcome", "count", title="What became of four years of requests")
    for kind, count in sorted(found.kinds.items()):
        table.add_row(f"confirmed: {kind}", f"{count:,}")
    table.add_row("rejected", f"{len(found.rejections):,}")
    table.add_row("answered again, the file having been sent twice", f"{found.repeats:,}")
    table.add_row("dead letters", f"{found.dead_letters:,}")
    table.add_row("alarms: a rate below its floor, refused", f"{len(found.alarms):,}")
    table.add_row("notices of maturities", f"{len(found.notices):,}")
    table.add_row("requests free of adjustment after a maturity", f"{found.free_of_mva:,}")
    table.add_row("negative / positive adjustments", f"{found.negative_mva:,} / {found.positive_mva:,}")
    return table


def _reasons(found: Outcomes) -> Table:
    table = Table("reason", "rules", "count", title="Why requests were rejected")
    for code, count in sorted(found.reasons.items()):
        rules = {
            rule
            for r in found.rejections
            for reason in r["reasons"]
            if reason["code"] == code
            for rule in reason["rules"]
        }
        table.add_row(code, ", ".join(sorted(rules)), f"{count:,}")
    return table


def _totals(totals: Totals) -> Table:
    table = Table("dollars", "", show_header=False)
    for name, amount in (
        ("received", totals.received),
        ("paid", -totals.paid),
        ("market value adjustments", totals.adjustments),
        ("fees", -totals.fees),
        ("earned by funds and interest", totals.earned),
        ("value at the last close", totals.value),
    ):
        table.add_row(name, f"{amount:,.2f}")
    return table

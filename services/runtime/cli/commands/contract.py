"""`annuity-ledger contract`."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from contracts_schema.terms import ContractTerms
from services.runtime.cli.checking_terms import check_file
from services.runtime.cli.consoles import print_line, tell_failure
from services.runtime.cli.failures import EXIT_CODES
from services.runtime.cli.terms_view import provided

contract = typer.Typer(
    name="contract", help="Terms of contracts, in files.", no_args_is_help=True, epilog=EXIT_CODES, add_completion=False
)

Files = Annotated[
    list[Path],
    typer.Argument(exists=True, dir_okay=False, readable=True, help="JSON: one version of a contract's terms each."),
]
AsLine = Annotated[bool, typer.Option("--as-line", help="Print the terms as lines for `publish` and `replay` instead.")]


@contract.command(epilog=EXIT_CODES)
def check(files: Files, *, as_line: AsLine = False) -> None:
    """Check terms as the service would before it takes them: each error with the line and column of the term it is
    in, the reason and the rules; terms of rules that are not built by name. Says of what is in order what the
    contract provides. Needs no broker.

    What only the service knows it says by an alarm: whether the version is the next one of its contract and not too
    late, and keeps what participants hold.
    """
    wrong = 0
    for file in files:
        found = check_file(file)
        if isinstance(found, ContractTerms):
            _tell(file, found, as_line=as_line)
        else:
            wrong += 1
            for problem in found:
                tell_failure(str(problem))
    if wrong:
        raise typer.Exit(1)


def _tell(file: Path, terms: ContractTerms, *, as_line: bool) -> None:
    if as_line:
        value = msgspec.json.format(file.read_bytes(), indent=-1).decode()
        print_line(f'{{"topic":"contract-terms","value":{value}}}')
        return
    print_line(f"{file}: OK")
    for line in provided(terms):
        print_line(f"  {line}")

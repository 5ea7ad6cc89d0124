"""Where things are printed: results on standard output, everything about the work itself on standard error."""

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

_WIDE = 180

# Ids may hold brackets, so nothing printed is read as markup. Tables in a file or a pipe are not squeezed into the 80
# columns that Rich takes where there is no terminal.
results = Console(markup=False, highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _WIDE)
messages = Console(stderr=True, markup=False, highlight=False, soft_wrap=True)


def tell(text: str) -> None:
    """A line about the work, as it stands."""
    messages.print(text)


def tell_failure(text: str) -> None:
    """A line about what went wrong."""
    messages.print(text, style="red")


def print_line(text: str) -> None:
    """A line of results, as it stands: nothing is wrapped, shortened or coloured."""
    results.print(text)


def new_progress() -> Progress:
    """A bar per task, on standard error where that is a terminal."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    return Progress(*columns, console=messages, disable=not messages.is_terminal)

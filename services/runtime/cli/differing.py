"""What exactly differs, in words: the participant, the record's place, the fields, and both as they stand."""

import msgspec

from contracts_schema.headers import header
from services.ledger import LEDGER
from services.runtime.cli.comparing import COMPARED
from services.runtime.cli.following import Difference, is_of_participant, participant_of
from services.runtime.cli.lines import Record

_SHOWN = 600
_NAMED = 8
_DECODERS = {table.changelog: table.decode for table in LEDGER.tables}
_JSON = (*COMPARED, "account-values")


def told(difference: Difference, replayed: Record | None, live: Record | None) -> str:
    """A difference for whoever has to look into it. Pure."""
    return "\n".join(
        (
            f"{_whose(difference.key)}: {_where(difference)} {_how(replayed, live)}",
            f"  replayed: {_shown(replayed)}",
            f"  live:     {_shown(live)}",
        )
    )


def fields_that_differ(ours: object, theirs: object, name: str = "value") -> list[str]:
    """The paths, such as `value.legs[0].units`, at which two plain structures differ. Pure."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        names = [*ours, *(key for key in theirs if key not in ours)]
        return [path for key in names for path in fields_that_differ(ours.get(key), theirs.get(key), f"{name}.{key}")]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = enumerate(zip(ours, theirs, strict=True))
        return [path for at, pair in pairs for path in fields_that_differ(*pair, f"{name}[{at}]")]
    return [] if ours == theirs else [name]


def _whose(key: bytes) -> str:
    if is_of_participant(key):
        return f"participant {participant_of(key).decode(errors='replace')}"
    return f"key {key.decode(errors='replace')}"


def _where(difference: Difference) -> str:
    where = f"{difference.topic}-{difference.partition}"
    if difference.offset is not None:
        where += f" offset {difference.offset}"
    if difference.number is not None:
        return f"{where} (number {difference.number} under its key)"
    return f"{where} (row {difference.key.decode(errors='replace')})"


def _how(replayed: Record | None, live: Record | None) -> str:
    if live is None:
        return "is missing" if replayed is not None else "differed, and was removed since"
    if replayed is None:
        return "is there, but the replay has none"
    fields = fields_that_differ(_plain(replayed), _plain(live))
    for name in dict.fromkeys(name for name, _ in (*replayed.headers, *live.headers)):
        if header(replayed.headers, name) != header(live.headers, name):
            fields.append(f"headers.{name}")
    return f"differs in {', '.join(fields[:_NAMED]) or 'its bytes alone'}"


def _plain(record: Record) -> object:
    """The value as names and values; as text where it is not what its topic holds."""
    value = record.value or b""
    try:
        if record.topic in _JSON:
            return msgspec.json.decode(value)
        return msgspec.to_builtins(_DECODERS[record.topic](value), builtin_types=(bytes,))
    except ValueError:
        return repr(value)


def _shown(record: Record | None) -> str:
    if record is None:
        return "nothing"
    if record.topic in _JSON:
        return (record.value or b"").decode(errors="replace")[:_SHOWN]
    return repr(_plain(record))[:_SHOWN]

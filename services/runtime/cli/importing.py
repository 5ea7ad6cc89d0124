"""Market data of files that others publish, as messages: each of a day, checked as the service would, oldest first.

What the service would refuse by its form is told with its line, before anything of it is sent; the other rows go. The
figures go as they stand in the file.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import msgspec
from pydantic import BaseModel, ValidationError

from contracts_schema.topics import TOPICS
from services.runtime.cli.messages import BadLine, Item, Message, key_of


class Dated(NamedTuple):
    """A message, the day that it is of, and what it is of: a fund, a series."""

    day: date
    of: str
    message: Message


def checked_message(topic: str, of: str, place: str, value: Mapping[str, object]) -> Dated | BadLine:
    """A row's fields as a message of a topic, or everything that is wrong with it."""
    model = TOPICS[topic].model
    assert model is not None, "what is imported has a model"
    try:
        day = _day_of(model.model_validate(value))
    except ValidationError as error:
        return BadLine(place, "; ".join(_problems(error)))
    written = msgspec.json.encode(value)
    return Dated(day, of, Message(place, topic, key_of(topic, written), written))


def oldest_first(found: Iterable[Dated | BadLine], since: date | None) -> list[Item]:
    """The messages of a day and later ones by ascending days, after the lines that are none. What stands twice in the
    files is no message the second time.
    """
    bad, seen = list[Item](), dict[tuple[str, date], Dated]()
    for each in found:
        if isinstance(each, BadLine):
            bad.append(each)
        elif (first := seen.setdefault((each.of, each.day), each)) is not each:
            reason = f"{each.of} of {each.day} stands twice, first at {first.message.place}"
            bad.append(BadLine(each.message.place, reason))
    wanted = (each for each in seen.values() if since is None or each.day >= since)
    return [*bad, *(each.message for each in sorted(wanted, key=lambda each: each.day))]


def _day_of(message: BaseModel) -> date:
    day = getattr(message, "valuation_date", None) or getattr(message, "date", None)
    assert isinstance(day, date), "what is imported is of a day"
    return day


def _problems(error: ValidationError) -> Iterator[str]:
    for each in error.errors(include_url=False, include_input=False):
        where = ".".join(map(str, each["loc"]))
        yield f"{where}: {each['msg']}" if where else each["msg"]

"""What became of a dead letter, and what it came of."""

from dataclasses import dataclass

from contracts_schema.redrives import DeadLetterRedriven
from services.runtime.cli.letters import letter_about
from services.runtime.cli.redrive_marks import marks_about, marks_of_chain
from services.runtime.dead_letters import DeadLetter, Place, place_in
from services.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class History:
    """Its mark, where it was redriven, and the dead letter that the redrive became in its turn, where it did; every
    mark of the chain of redrives that it is in, the first of them first.
    """

    mark: DeadLetterRedriven | None = None
    again: Place | None = None
    chain: tuple[DeadLetterRedriven, ...] = ()


async def history_of(settings: Settings, letter: DeadLetter) -> History:
    """A dead letter's history as the marks and the later dead letters of its partition tell it."""
    number, original = letter.place.partition, letter.original
    marks = await marks_about(settings, number, [original])
    mark = marks.redriven.get(str(original))
    chain = await marks_of_chain(settings, number, marks.first_of(original) or original) if marks.any else []
    redriven_as = None if mark is None else place_in(mark.redriven_as)
    again = None if redriven_as is None else await letter_about(settings, number, redriven_as, letter.place.offset)
    return History(mark, again, tuple(chain))

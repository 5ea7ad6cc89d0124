"""Whether changelogs and progress go together.

A changelog is only ever compacted: it begins at offset 0 for ever, and it never ends before the place that the last
progress names. One that does has lost records, and state built from the rest would be wrong without a sign of it.
"""

from collections.abc import Mapping

from services.runtime.errors import ChangelogLostError
from services.runtime.progress import Progress

_REMEDY = (
    "State that is not whole is not used. Restore the changelogs and the progress topic of this service from the same "
    "backup; or give a new installation another ANNUITY_LEDGER_TOPIC_PREFIX"
)


def check_ends(bounds: Mapping[str, tuple[int, int]], progress_topic: str, number: int, progress: Progress) -> None:
    """Raise `ChangelogLostError` unless each changelog, given with its first offset and its end, is whole."""
    for changelog, (begin, end) in bounds.items():
        known = progress.ends.get(changelog, 0)
        if begin > 0:
            raise ChangelogLostError(
                f"{changelog}-{number} begins at offset {begin} instead of 0: records were deleted. {_REMEDY}."
            )
        if end < known:
            raise ChangelogLostError(
                f"{changelog}-{number} ends at offset {end}, but {progress_topic}-{number} says that it reached "
                f"{known}: it was truncated or made anew. {_REMEDY}."
            )


def progress_lost(progress_topic: str, number: int) -> ChangelogLostError:
    """For changelogs that hold records while there is no progress to go with them."""
    return ChangelogLostError(
        f"{progress_topic}-{number} says nothing, but there is state in the changelogs: it was emptied or made anew. "
        f"{_REMEDY}."
    )

"""What ends a worker, named, so that whoever starts it again knows what to mend first.

Everything here is permanent: trying once more would end the same way. What passes by itself (a broker that is away,
a transaction that another owner fenced) is no error of these kinds: the processor drops its memory and starts anew.
"""


class WorkerError(Exception):
    """A worker cannot go on; it stops with nothing half done, and its message says what is wrong and what to do."""


class LogicError(WorkerError):
    """A service's own code raised: a bug. Nothing of the batch was committed; the cause is chained."""


class UndecodableStateError(WorkerError):
    """A changelog or progress record cannot be read, so the state cannot be rebuilt. The topic, partition and
    offset are named.
    """


class ChangelogLostError(WorkerError):
    """A changelog or the progress is not what the other says it is: records were deleted, or a topic was truncated or
    made anew, so the state cannot be rebuilt.
    """


class StoreError(WorkerError):
    """State cannot be kept where the settings say."""


class PositionOutOfRangeError(WorkerError):
    """The place to read on from is no longer, or not yet, in the log: records were deleted unread, or the log was
    truncated.
    """


class PartitionCountError(WorkerError):
    """The progress was written under another number of partitions; participants would be looked for in the wrong
    place.
    """


class OutputRefusedError(WorkerError):
    """The broker or the client will never take what a service wants written, such as a record that is too large."""


class TopicsDifferError(WorkerError):
    """Topics on the broker are not what the table of topics says. The message lists each difference and what to do
    about it.
    """


class NotLetInError(WorkerError):
    """The cluster and this process do not trust each other: a wrong password, an authority that is not known, a
    certificate for another host name.
    """


class NotAllowedError(WorkerError):
    """The cluster's access control lists do not let this process do what it has to. `annuity-ledger topics acls` lists
    what it needs.
    """


class MetricsAddressError(WorkerError):
    """Metrics are wanted at an address and port that this process cannot have."""


class MembershipLostError(WorkerError):
    """The consumer group's client broke down; only a fresh process can join again."""


class NotStateError(ValueError):
    """Bytes are not the state that was looked for. What is said of it tells nothing of what they hold."""


class StoreBrokenError(Exception):
    """A partition's database could not be read or written. It passes: the next life opens it again, or makes it anew
    from the changelogs.
    """

"""What the cluster shows to this process; and, where it does not let it in, why not, in one message and at once.

librdkafka tries again and again whatever the reason, for a password that is wrong may be right a moment later. At a
start that would be a worker that seems to wait for a broker that is there.
"""

import time
from collections.abc import Mapping

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, TopicMetadata  # type: ignore[attr-defined]

from services.runtime.connecting import client_log, for_librdkafka, refusal
from services.runtime.errors import NotLetInError
from services.runtime.settings import Settings

_LOOK_S = 0.5
_SURE = 2
"""So many refusals in a row are no accident of a broker that is just starting or ending."""


def new_admin(settings: Settings) -> AdminClient:
    """A client that administers."""
    return AdminClient(for_librdkafka(settings), logger=client_log())


def listed_topics(settings: Settings, timeout_s: float) -> Mapping[str, TopicMetadata]:
    """The topics that this process may know of. Blocks. Raises `NotLetInError`; `KafkaException` where no broker
    answers in time.
    """
    refusals: list[str] = []

    def heard(error: KafkaError) -> None:
        reason = refusal(settings, error)
        if reason is not None:
            refusals.append(reason)

    # Without a log of its own: what is wrong is told in one line.
    admin = AdminClient(for_librdkafka(settings) | {"error_cb": heard, "log_level": 0}, logger=client_log())
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            topics: Mapping[str, TopicMetadata] = admin.list_topics(timeout=min(_LOOK_S, timeout_s)).topics
        except KafkaException:
            admin.poll(0)
            if len(refusals) >= _SURE:
                raise NotLetInError(refusals[-1]) from None
            if time.monotonic() > deadline:
                raise
        else:
            return topics

"""The configuration files of the embedded broker: one node that is broker and controller, on 127.0.0.1 only."""

from pathlib import Path

STARTED = "Kafka Server started"
"""Kafka logs this once clients are served."""

# Paths are relative to the broker's working directory: a comma or a letter outside Latin-1 would not survive in here.
_SERVER = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs=log

# A topic exists because it was declared, never because somebody misspelt one.
auto.create.topics.enable=false
delete.topic.enable=true

# One node: nothing can be replicated, and few partitions of the internal topics start faster.
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1

# A group of one process need not wait for others; one that lost a worker shall notice soon.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000

# After a kill the controller refuses the node until its former self has expired: not so long as the usual 9 s.
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=1000

# Compaction within seconds, not a quarter of a minute. What is kept, and how long, is as everywhere else.
log.cleaner.backoff.ms=1000
"""

_LOGGING = f"""\
# Kafka's last words come after log4j's own hook would have silenced it.
shutdownHook=disable
rootLogger.level=INFO
rootLogger.appenderRefs=console
rootLogger.appenderRef.console.ref=console
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d{{ISO8601}} %-5p %m (%c{{1}})%n
# Hundreds of lines of settings at each start would hide what went wrong.
logger.config.name=org.apache.kafka.common.config
logger.config.level=WARN
logger.server.name=kafka.server.KafkaConfig
logger.server.level=WARN
# {STARTED!r} is waited for.
logger.raft.name=kafka.server.KafkaRaftServer
logger.raft.level=INFO
"""


def write_properties(home: Path, port: int, controller_port: int) -> None:
    """Write `server.properties` and `log4j2.properties` into `home`, the broker's working directory."""
    (home / "server.properties").write_text(
        _SERVER.format(port=port, controller_port=controller_port), encoding="ascii"
    )
    (home / "log4j2.properties").write_text(_LOGGING, encoding="ascii")

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * Count and sum in Kafka Streams, exactly_once_v2, one thread. State is in memory with a changelog, as our runtime's;
 * its cache is on, so that a key changed twice between commits is written once, as ours is.
 */
public final class Counting {
    private static final String TOTALS = "totals";

    public static void main(String[] arguments) throws Exception {
        String prefix = System.getenv("ANNUITY_LEDGER_TOPIC_PREFIX");
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, prefix + "streams");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, System.getenv("KAFKA_BOOTSTRAP_SERVERS"));
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, Files.createTempDirectory("bench-streams").toString());
        settings.put("auto.offset.reset", "earliest");
        KafkaStreams streams = new KafkaStreams(topology(prefix), settings);
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
        streams.start();
    }

    private static Topology topology(String prefix) {
        var bytes = Serdes.ByteArray();
        var text = Serdes.String();
        return new Topology()
            .addSource("in", text.deserializer(), bytes.deserializer(), prefix + "numbers")
            .addProcessor("count", Count::new, "in")
            .addStateStore(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(TOTALS), text, bytes).withCachingEnabled(),
                "count")
            .addSink("out", prefix + "counts", text.serializer(), bytes.serializer(), "count");
    }

    /** Folds numbers; a row is count and sum, eight bytes each. */
    private static final class Count implements Processor<String, byte[], String, byte[]> {
        private ProcessorContext<String, byte[]> context;
        private KeyValueStore<String, byte[]> totals;

        @Override
        public void init(ProcessorContext<String, byte[]> given) {
            context = given;
            totals = given.getStateStore(TOTALS);
        }

        @Override
        public void process(Record<String, byte[]> record) {
            long number = Long.parseLong(new String(record.value(), StandardCharsets.US_ASCII));
            byte[] row = totals.get(record.key());
            long count = 1;
            long sum = number;
            if (row != null) {
                ByteBuffer before = ByteBuffer.wrap(row);
                count += before.getLong();
                sum += before.getLong();
            }
            totals.put(record.key(), ByteBuffer.allocate(16).putLong(count).putLong(sum).array());
            byte[] output = (number + " " + count + " " + sum).getBytes(StandardCharsets.US_ASCII);
            context.forward(record.withValue(output));
        }
    }

    private Counting() {}
}

// SPDX-License-Identifier: Apache-2.0

import java.time.Duration;
import java.util.*;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.acl.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.*;
import org.apache.kafka.common.resource.*;
import org.apache.kafka.common.serialization.*;

/** Drives the official Java client; java_driver.py starts it and says what it prints. */
public class JavaClient {
    static final Map<String, String> settings = new HashMap<>();
    static final Set<String> learnt = new TreeSet<>();

    public static void main(String[] arguments) {
        for (int i = 0; i + 1 < arguments.length; i += 2) settings.put(arguments[i], arguments[i + 1]);
        for (String step : settings.get("steps").split(",")) {
            switch (step) {
                case "metadata" -> run(step, JavaClient::metadata);
                case "produce" -> run(step, () -> produce(
                    name("topic"), "plain", Map.of("enable.idempotence", "false")));
                case "produce-acks-0" -> run(step, () -> produce(
                    name("topic"), "acks0", Map.of("enable.idempotence", "false", "acks", "0")));
                case "idempotent" -> run(step, () -> produce(
                    name("topic"), "idempotent", Map.of("enable.idempotence", "true")));
                case "consume" -> run(step, () -> read(name("topic"), "plain", "plain", Map.of()));
                case "group" -> run(step, () -> group("classic"));
                case "group-consumer" -> run(step, () -> group("consumer"));
                case "transactions" -> run(step, JavaClient::transactions);
                case "read-committed" -> run(step, () -> read(
                    name("transactions"), "", "committed", Map.of("isolation.level", "read_committed")));
                case "admin" -> administrate();
                default -> throw new IllegalArgumentException(step);
            }
        }
        show(Map.of("client", "java " + org.apache.kafka.common.utils.AppInfoParser.getVersion()));
        show(Map.of("addresses", learnt));
    }

    // MARK: - Data

    static Map<String, Object> metadata() throws Exception {
        try (Admin admin = admin()) {
            Collection<Node> nodes = admin.describeCluster().nodes().get();
            learn(nodes);
            Map<String, Object> found = new TreeMap<>();
            found.put("brokers", nodes.size());
            found.put("topics", admin.listTopics().names().get().size());
            return found;
        }
    }

    static Map<String, Object> produce(String topic, String tag, Map<String, Object> more) throws Exception {
        try (Producer<String, String> producer = new KafkaProducer<>(configuration(more))) {
            List<java.util.concurrent.Future<RecordMetadata>> sent = new ArrayList<>();
            for (String value : values(tag)) sent.add(producer.send(new ProducerRecord<>(topic, value, value)));
            for (var each : sent) each.get();
            learnPartitions(producer.partitionsFor(topic));
            return Map.of("topic", topic, "count", sent.size());
        }
    }

    static Map<String, Object> read(String topic, String tag, String wanted, Map<String, Object> more) {
        try (Consumer<String, String> consumer = new KafkaConsumer<>(configuration(more))) {
            List<PartitionInfo> infos = consumer.partitionsFor(topic);
            learnPartitions(infos);
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo each : infos) partitions.add(new TopicPartition(topic, each.partition()));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<String> found = new ArrayList<>();
            long deadline = System.nanoTime() + 20_000_000_000L;
            while (System.nanoTime() < deadline
                && partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                for (var each : consumer.poll(Duration.ofMillis(500))) {
                    if (each.value().startsWith(tag)) found.add(each.value());
                }
            }
            Collections.sort(found);
            List<String> expected = values(wanted);
            Collections.sort(expected);
            expect(found.equals(expected), "read " + found.size() + " of " + expected.size() + " values");
            return Map.of("topic", topic, "count", found.size());
        }
    }

    /** Two members share a topic; one leaves, the other takes over and commits; the offsets are asked for. */
    static Map<String, Object> group(String protocol) throws Exception {
        String topic = name("topic"), group = name("group-" + protocol);
        Map<String, Object> conf = new HashMap<>(Map.of(
            "group.id", group, "group.protocol", protocol, "auto.offset.reset", "earliest",
            "enable.auto.commit", "false", "metadata.max.age.ms", "2000"));
        if (protocol.equals("classic")) {
            conf.putAll(Map.of("heartbeat.interval.ms", "500", "session.timeout.ms", "6000"));
        }
        Consumer<String, String> first = new KafkaConsumer<>(configuration(conf));
        try (first) {
            Consumer<String, String> second = new KafkaConsumer<>(configuration(conf));
            List<Integer> shares = new ArrayList<>();
            try (second) {
                first.subscribe(List.of(topic));
                second.subscribe(List.of(topic));
                waitUntil("both members have partitions", () -> {
                    first.poll(Duration.ofMillis(200));
                    second.poll(Duration.ofMillis(200));
                    return !first.assignment().isEmpty() && !second.assignment().isEmpty();
                });
                shares.add(first.assignment().size());
                shares.add(second.assignment().size());
            }
            int all = shares.get(0) + shares.get(1);
            waitUntil("the partitions are taken over", () -> {
                first.poll(Duration.ofMillis(200));
                return first.assignment().size() == all;
            });
            Map<TopicPartition, Long> ends = first.endOffsets(first.assignment());
            waitUntil("all is read", () -> {
                first.poll(Duration.ofMillis(200));
                return ends.keySet().stream().allMatch(each -> first.position(each) == ends.get(each));
            });
            first.commitSync();
            Map<String, Object> committed = new TreeMap<>();
            for (var each : first.committed(ends.keySet()).entrySet()) {
                committed.put(String.valueOf(each.getKey().partition()), each.getValue().offset());
                expect(each.getValue().offset() == ends.get(each.getKey()), "another offset than that committed");
            }
            return Map.of("group", group, "shares", shares, "committed", committed);
        }
    }

    static Map<String, Object> transactions() throws Exception {
        String topic = name("transactions");
        Map<String, Object> conf = Map.of("transactional.id", name("txn"), "max.block.ms", "20000");
        try (Producer<String, String> producer = new KafkaProducer<>(configuration(conf))) {
            producer.initTransactions();
            for (String end : List.of("committed", "aborted")) {
                producer.beginTransaction();
                for (String value : values(end)) producer.send(new ProducerRecord<>(topic, value));
                producer.flush();
                if (end.equals("committed")) producer.commitTransaction(); else producer.abortTransaction();
            }
        }
        return Map.of("topic", topic, "committed", values("").size(), "aborted", values("").size());
    }

    // MARK: - Administration

    static void administrate() {
        try (Admin admin = admin()) {
            topics(admin);
            cluster(admin);
            configs(admin);
            acls(admin);
            users(admin);
            groups(admin);
            call("DeleteTopics", () -> admin.deleteTopics(List.of(name("admin"), name("given"))).all().get());
        }
    }

    static void topics(Admin admin) {
        String topic = name("admin");
        TopicPartition partition = new TopicPartition(topic, 0);
        NewTopic wanted = new NewTopic(topic, 2, (short) 1).configs(Map.of("retention.ms", "3600000"));
        call("CreateTopics validate", () -> admin.createTopics(
            List.of(wanted), new CreateTopicsOptions().validateOnly(true)).all().get());
        call("CreateTopics", () -> admin.createTopics(List.of(wanted)).all().get());
        call("CreateTopics again", () -> admin.createTopics(List.of(wanted)).all().get());
        call("CreateTopics with replicas", () -> admin.createTopics(
            List.of(new NewTopic(name("given"), Map.of(0, List.of(1))))).all().get());
        call("DescribeTopicPartitions", () -> admin.describeTopics(List.of(topic)).allTopicNames().get());
        call("CreatePartitions", () -> admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).all().get());
        run("produce to it", () -> produce(topic, "admin", Map.of()));
        call("ListOffsets", () -> admin.listOffsets(Map.of(partition, OffsetSpec.latest())).all().get());
        call("DeleteRecords", () -> admin.deleteRecords(
            Map.of(partition, RecordsToDelete.beforeOffset(-1))).all().get());
        call("DescribeProducers", () -> admin.describeProducers(List.of(partition)).all().get());
        call("ElectLeaders", () -> admin.electLeaders(ElectionType.PREFERRED, Set.of(partition)).all().get());
        call("AlterPartitionReassignments", () -> admin.alterPartitionReassignments(
            Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(1))))).all().get());
        call("ListPartitionReassignments", () -> admin.listPartitionReassignments().reassignments().get());
    }

    static void cluster(Admin admin) {
        run("DescribeCluster", () -> {
            var found = admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true));
            learn(found.nodes().get());
            return Map.of("cluster", found.clusterId().get(), "nodes", found.nodes().get().size());
        });
        call("DescribeQuorum", () -> admin.describeMetadataQuorum().quorumInfo().get());
        call("DescribeFeatures", () -> admin.describeFeatures().featureMetadata().get());
        call("UpdateFeatures dry run", () -> admin.updateFeatures(
            Map.of("group.version", new FeatureUpdate((short) 1, FeatureUpdate.UpgradeType.UPGRADE)),
            new UpdateFeaturesOptions().validateOnly(true)).all().get());
        call("DescribeLogDirs", () -> admin.describeLogDirs(List.of(1)).allDescriptions().get().keySet());
        TopicPartitionReplica replica = new TopicPartitionReplica(name("admin"), 0, 1);
        call("AlterReplicaLogDirs", () -> admin.alterReplicaLogDirs(Map.of(replica, "/nowhere")).all().get());
        call("ListTransactions", () -> admin.listTransactions().all().get());
        call("DescribeTransactions", () -> admin.describeTransactions(List.of(name("txn"))).all().get());
        call("FenceProducers", () -> admin.fenceProducers(List.of(name("fenced"))).all().get());
        call("UnregisterBroker", () -> admin.unregisterBroker(4711).all().get());
    }

    static void configs(Admin admin) {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name("admin"));
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
        call("DescribeConfigs", () -> admin.describeConfigs(List.of(topic, broker)).all().get().keySet());
        Collection<AlterConfigOp> change =
            List.of(new AlterConfigOp(new ConfigEntry("retention.ms", "7200000"), AlterConfigOp.OpType.SET));
        call("IncrementalAlterConfigs validate", () -> admin.incrementalAlterConfigs(
            Map.of(topic, change), new AlterConfigsOptions().validateOnly(true)).all().get());
        call("IncrementalAlterConfigs", () -> admin.incrementalAlterConfigs(Map.of(topic, change)).all().get());
        ClientQuotaEntity entity = new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, name("user")));
        call("AlterClientQuotas", () -> admin.alterClientQuotas(List.of(new ClientQuotaAlteration(
            entity, List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 1e6))))).all().get());
        call("DescribeClientQuotas", () -> admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get());
    }

    static void acls(Admin admin) {
        AclBinding binding = new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, name("acl"), PatternType.PREFIXED),
            new AccessControlEntry("User:carol", "*", AclOperation.READ, AclPermissionType.ALLOW));
        call("CreateAcls", () -> admin.createAcls(List.of(binding)).all().get());
        call("DescribeAcls", () -> admin.describeAcls(AclBindingFilter.ANY).values().get());
        call("DeleteAcls", () -> admin.deleteAcls(List.of(binding.toFilter())).all().get());
    }

    static void users(Admin admin) {
        String user = name("user");
        ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
        call("AlterUserScramCredentials", () -> admin.alterUserScramCredentials(
            List.of(new UserScramCredentialUpsertion(user, info, "never-in-an-event"))).all().get());
        call("DescribeUserScramCredentials", () ->
            admin.describeUserScramCredentials(List.of(user)).all().get().keySet());
        call("AlterUserScramCredentials delete", () -> admin.alterUserScramCredentials(
            List.of(new UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_512))).all().get());
        byte[][] hmac = new byte[1][];
        call("CreateDelegationToken", () -> {
            hmac[0] = admin.createDelegationToken().delegationToken().get().hmac();
            return "a token";
        });
        call("DescribeDelegationToken", () -> {
            List<?> tokens = admin.describeDelegationToken().delegationTokens().get();
            // A token is known some time after it was made.
            for (int i = 0; i < 50 && hmac[0] != null && tokens.isEmpty(); i++) {
                Thread.sleep(100);
                tokens = admin.describeDelegationToken().delegationTokens().get();
            }
            return tokens.isEmpty() ? "none" : "some";
        });
        if (hmac[0] == null) return;
        call("RenewDelegationToken", () -> admin.renewDelegationToken(hmac[0]).expiryTimestamp().get());
        call("ExpireDelegationToken", () -> admin.expireDelegationToken(hmac[0]).expiryTimestamp().get());
    }

    static void groups(Admin admin) {
        String group = name("group-classic");
        TopicPartition partition = new TopicPartition(name("topic"), 0);
        call("ListGroups", () -> admin.listGroups().all().get());
        call("DescribeGroups", () -> admin.describeClassicGroups(List.of(group)).all().get());
        call("ConsumerGroupDescribe", () -> admin.describeConsumerGroups(List.of(name("group-consumer"))).all().get());
        call("OffsetFetch", () -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get());
        call("OffsetCommit", () -> admin.alterConsumerGroupOffsets(
            group, Map.of(partition, new OffsetAndMetadata(0))).all().get());
        call("OffsetDelete", () -> admin.deleteConsumerGroupOffsets(group, Set.of(partition)).all().get());
        call("DeleteGroups", () -> admin.deleteConsumerGroups(List.of(group)).all().get());
    }

    // MARK: - Helpers

    static Map<String, Object> configuration(Map<String, Object> more) {
        Map<String, Object> conf = new HashMap<>();
        conf.put("bootstrap.servers", settings.get("bootstrap"));
        conf.put("client.id", "java-" + settings.get("prefix"));
        conf.put("key.serializer", StringSerializer.class);
        conf.put("value.serializer", StringSerializer.class);
        conf.put("key.deserializer", StringDeserializer.class);
        conf.put("value.deserializer", StringDeserializer.class);
        conf.put("request.timeout.ms", "10000");
        conf.put("delivery.timeout.ms", "15000");
        conf.put("default.api.timeout.ms", "15000");
        conf.put("linger.ms", "0");
        if (!settings.getOrDefault("user", "").isEmpty()) {
            String mechanism = settings.get("mechanism");
            String module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
            conf.put("security.protocol", "SASL_PLAINTEXT");
            conf.put("sasl.mechanism", mechanism);
            conf.put("sasl.jaas.config", "org.apache.kafka.common.security." + module + " required username=\""
                + settings.get("user") + "\" password=\"" + System.getenv("KAFKA_PASSWORD") + "\";");
        }
        conf.putAll(more);
        return conf;
    }

    static Admin admin() {
        Map<String, Object> conf = configuration(Map.of());
        Set<String> others = Set.of("delivery.timeout.ms", "linger.ms");
        conf.keySet().removeIf(key -> key.contains("serializer") || others.contains(key));
        return Admin.create(conf);
    }

    static String name(String what) {
        return settings.get("prefix") + "-" + what;
    }

    static List<String> values(String tag) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(settings.get("messages")); i++) values.add(tag + " " + i);
        return values;
    }

    static void learn(Collection<Node> nodes) {
        for (Node node : nodes) if (node != null && node.port() >= 0) learnt.add(node.host() + ":" + node.port());
    }

    static void learnPartitions(List<PartitionInfo> partitions) {
        for (PartitionInfo each : partitions) {
            learn(Collections.singletonList(each.leader()));
            learn(Arrays.asList(each.replicas()));
        }
    }

    static void expect(boolean condition, String text) {
        if (!condition) throw new IllegalStateException(text);
    }

    static void waitUntil(String what, Callable<Boolean> isSo) throws Exception {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!isSo.call()) expect(System.nanoTime() < deadline, "it never came that " + what);
    }

    static void call(String name, Callable<Object> work) {
        run(name, () -> {
            String text = String.valueOf(work.call());
            return Map.of("result", text.substring(0, Math.min(200, text.length())));
        });
    }

    static void run(String name, Callable<Map<String, Object>> work) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("step", name);
        long start = System.nanoTime();
        try {
            Map<String, Object> found = work.call();
            fields.put("ok", true);
            fields.putAll(found);
        } catch (Exception thrown) {
            Throwable cause = thrown instanceof ExecutionException ? thrown.getCause() : thrown;
            fields.put("ok", false);
            Errors error = cause instanceof ApiException ? Errors.forException(cause) : Errors.UNKNOWN_SERVER_ERROR;
            boolean isAnswer = error != Errors.UNKNOWN_SERVER_ERROR;
            fields.put("error", isAnswer ? error.name() : cause.getClass().getSimpleName());
            fields.put("message", String.valueOf(cause.getMessage()));
        }
        fields.put("milliseconds", (System.nanoTime() - start) / 1_000_000);
        show(fields);
    }

    static void show(Map<String, ?> fields) {
        System.out.println(json(fields));
        System.out.flush();
    }

    static String json(Object value) {
        if (value instanceof Number || value instanceof Boolean) return value.toString();
        StringJoiner parts;
        if (value instanceof Map<?, ?> map) {
            parts = new StringJoiner(", ", "{", "}");
            map.forEach((key, each) -> parts.add(json(key.toString()) + ": " + json(each)));
            return parts.toString();
        }
        if (value instanceof Collection<?> list) {
            parts = new StringJoiner(", ", "[", "]");
            for (Object each : list) parts.add(json(each));
            return parts.toString();
        }
        StringBuilder text = new StringBuilder("\"");
        for (char each : String.valueOf(value).toCharArray()) {
            if (each == '"' || each == '\\') text.append('\\').append(each);
            else if (each < 0x20) text.append(String.format("\\u%04x", (int) each));
            else text.append(each);
        }
        return text.append('"').toString();
    }
}

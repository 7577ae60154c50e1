/* SPDX-License-Identifier: Apache-2.0
 *
 * librdkafka's mock cluster as a process of its own, for kafka.py.
 *
 *   kafka-broker PARTITIONS TOPIC...     prints its bootstrap servers; ends with standard input
 */

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char reason[512], byte;
    if (argc < 3) return fputs("usage: kafka-broker PARTITIONS TOPIC...\n", stderr), 2;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "3", reason, sizeof reason);
    rd_kafka_t *owner = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
    rd_kafka_mock_cluster_t *cluster = owner ? rd_kafka_mock_cluster_new(owner, 1) : NULL;
    if (!cluster) return fprintf(stderr, "kafka-broker: %s\n", reason), 1;
    for (int i = 2; i < argc; i++) rd_kafka_mock_topic_create(cluster, argv[i], atoi(argv[1]), 1);
    puts(rd_kafka_mock_cluster_bootstraps(cluster));
    fflush(stdout);
    while (read(0, &byte, 1) > 0) continue;
    return 0;
}
